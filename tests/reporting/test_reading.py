"""Messages in the record as they read: names for ids, media in words, and nothing of what was taken back."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from bot.messages import AnyEvent, Author, Edited, Media, Message, Reaction, Withdrawn, event_log
from bot.ports.views import MessageView
from bot.reporting.event_fold import fold_events
from bot.reporting.files import write
from bot.reporting.numbers import count_numbers
from bot.reporting.rankings import rankings_of
from bot.reporting.record import Decisions, Record, hidden_messages, record
from bot.reporting.redaction import redact
from tests.reporting.sample_events import asked, at, chat, deleted, edited, said, withdrew

CASES = Path(__file__).parents[3] / "shared" / "cases" / "logs"
MAP = Media(kind="picture", text="a mind map of groups")


def person(id: str, handle: str = "", name: str = "") -> Author:
    return Author(id=id, handle=handle, name=name)


def discord(id: str, text: str, who: str = "5", **more: Any) -> Message:  # noqa: ANN401 -- as in Message
    author = more.pop("author", person(who, f"@pretend_{who}"))
    return said(id, text, place="discord", author=author, **more)


def heard(*events: AnyEvent) -> dict[str, MessageView]:
    return {one.id: one for one in record(chat(), events).messages}


def texts(*events: AnyEvent) -> dict[str, str]:
    return {id: one.text for id, one in heard(*events).items()}


def published(*events: AnyEvent) -> list[AnyEvent]:
    fold = fold_events(chat(), events)
    return redact(fold, hidden_messages(fold, Decisions()))


def again(*events: AnyEvent) -> Record:
    """The record made again from the published log."""
    return record(chat(), published(*events))


# Names ------------------------------------------------------------------------------------------------------------


def test_ids_read_as_names_that_came_along_or_are_known_from_the_log() -> None:
    events = [
        discord("1", "<@5> <@6> <@7>", "6", names={"<@5>": "@pretend_kate"}),
        discord("2", "Hello", "7", author=person("7", name="Lee")),
    ]
    assert texts(*events)["1"] == "@pretend_kate @pretend_6 @Lee"
    assert texts(*reversed(events))["1"] == "@pretend_kate @pretend_6 @Lee"


def test_who_was_left_out_is_not_named_by_id() -> None:
    events: list[AnyEvent] = [
        discord("1", "thanks <@5>", "6", names={"<@5>": "@pretend_5"}),
        discord("2", "Hello"),
        Withdrawn(place="discord", author=person("5"), at=at(50)),
    ]
    assert texts(*events) == {"1": "thanks @someone"}
    assert [one.text for one in again(*events).messages] == ["thanks @someone"]
    assert b"pretend_5" not in b"".join(event_log.lines(published(*events)))


def test_who_has_no_message_in_the_record_is_named_only_where_a_name_came_along() -> None:
    events: list[AnyEvent] = [
        discord("1", "<@5> <@7> <@8>", "6", names={"<@7>": "@pretend_7"}),
        discord("2", "Hello"),
        deleted("2", place="discord"),
        discord("3", "Hi", "8"),
        Reaction(place="discord", id="3", author=person("8", "@pretend_later"), at=at(30)),
    ]
    assert texts(*events)["1"] == "@someone @pretend_7 @pretend_8"
    assert [one.text for one in again(*events).messages] == [one.text for one in record(chat(), events).messages]


def test_a_link_to_a_post_names_its_author_if_the_log_knows_them() -> None:
    events: list[AnyEvent] = [
        said("11", "A1 one", who="A", versions=("12",)),
        said("13", "see https://x.com/i/status/12", who="B"),
    ]
    assert texts(*events)["13"] == "see post by @pretend_A"
    assert texts(*events, withdrew("A"))["13"] == "see a post on X"


def test_a_person_mentioned_by_id_counts_as_mentioned_and_a_role_does_not() -> None:
    events = [
        discord("1", "<@5> <@&77>", "6", names={"<@5>": "@pretend_5", "<@&77>": "@Helpers"}),
        discord("2", "@pretend_5 yes", "7"),
    ]
    ranked = {one.title: one for one in rankings_of(record(chat(), events))}["Most mentioned"]
    assert [(one.name, one.count) for one in ranked.people] == [("@pretend_5", 2)]


# Media ------------------------------------------------------------------------------------------------------------


def test_a_picture_reads_as_one_and_counts_once() -> None:
    made = record(chat(), [discord("1", "", media=(MAP,)), discord("2", "A1 Look", media=(MAP,)), said("3", "")])
    assert {one.id: one.text for one in made.messages} == {
        "1": "picture: a mind map of groups",
        "2": "A1 Look\npicture: a mind map of groups",
        "3": "picture or other attachment",
    }
    assert count_numbers(made).posts == 3


def test_all_outputs_show_it(tmp_path: Path) -> None:
    files = write(tmp_path, chat(), [asked("q1", 10), said("1", "<@5> ||x||", place="discord", media=(MAP,))])
    for path in (files.html, files.markdown, files.transcript):
        text = path.read_text(encoding="utf-8").replace("\\[", "[").replace("\\]", "]")
        assert "picture: a mind map of groups" in text
        assert "@someone [spoiler: x]" in text
        assert "<@5>" not in text
        assert "&lt;@5" not in text
    log = event_log.read(files.events)
    assert [one.text for one in log if isinstance(one, Message)] == ["<@5> ||x||"], "the log keeps the original"


# Taken back -------------------------------------------------------------------------------------------------------


def test_an_emptied_message_keeps_its_picture_and_no_words() -> None:
    events: list[AnyEvent] = [
        discord("1", "A1 secret words", media=(MAP,)),
        Edited(place="discord", id="1", text="", at=at(6)),
        Edited(place="discord", id="1", text="A1 other words", at=at(5.5), media=(MAP,)),
    ]
    for order in permutations(events):
        assert texts(*order) == {"1": "picture: a mind map of groups"}
        assert [one.text for one in again(*order).messages] == ["picture: a mind map of groups"]
        assert b"words" not in b"".join(event_log.lines(published(*order)))


def test_the_latest_that_is_said_about_media_counts() -> None:
    message = discord("1", "words", media=(MAP,))
    taken_off = Edited(place="discord", id="1", text="words", at=at(6), media=())
    later = Edited(place="discord", id="1", text="others", at=at(7))
    events: list[AnyEvent] = [message, taken_off, later]
    for order in permutations(events):
        assert texts(*order) == {"1": "others"}


def test_a_message_of_which_nothing_is_left_is_gone_until_there_are_words_again() -> None:
    message, reply = discord("1", "A2 secret words", media=(MAP,)), discord("2", "yes", reply_to="1", minutes=6)
    for nothing in ("", " \u200b\n", "\u3164"):
        emptied = Edited(place="discord", id="1", text=nothing, at=at(6), media=())
        assert texts(message, reply, emptied) == {"2": "yes"}
    log = published(message, reply, emptied)
    assert b"secret" not in b"".join(event_log.lines(log))
    assert b"mind map" not in b"".join(event_log.lines(log))
    back = Edited(place="discord", id="1", text="A2 again", at=at(7))
    assert texts(message, reply, emptied, back)["1"] == "A2 again"


def test_emptied_without_a_word_about_media_reads_as_something_unknown() -> None:
    assert texts(discord("1", "secret"), edited("1", "", 6, "discord")) == {"1": "picture or other attachment"}


def test_a_deleted_message_leaves_no_description_behind() -> None:
    log = published(discord("1", "<@5>", media=(MAP,), names={"<@5>": "@pretend_5"}), deleted("1", place="discord"))
    assert b"mind map" not in b"".join(event_log.lines(log))
    assert b"pretend_5" not in b"".join(event_log.lines(log))


# The shared cases -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases (shared/cases) are not on this machine")
def test_the_shared_case_reads_as_names_and_pictures() -> None:
    made = record(chat(), event_log.read(CASES / "discord-markup.jsonl"))
    found = {one.id: one for one in made.messages}
    assert found["d1"].text == (
        "@someone A1 we do :ot: 13 October 2023, 21:00 #channel @kate @role [spoiler: secret] bold code\n"
        "\u201cquote\u201d\n\u2022 list"
    )
    assert found["1"].text == "picture or other attachment"
    assert found["1"].author.handle == "@pic"
    assert found["2"].text == "@RepBot"
    assert [found[id].author.handle for id in "34"] == ["@new", "@new"]
