from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import AnyEvent, Author, Command, Joined, Message, Named, Reaction, Repost
from bot.messages.event_log import lines
from bot.reporting.event_fold import fold_events
from bot.reporting.record import Decisions, hidden_messages, record, record_from
from bot.reporting.redaction import ANONYMOUS, redact
from tests.reporting.sample_events import asked, at, chat, deleted, edited, person, ruled, said, withdrew
from tests.reporting.test_record import some


def published(events: list[AnyEvent], rulings: Decisions | None = None) -> list[AnyEvent]:
    log = fold_events(chat(), events)
    return redact(log, hidden_messages(log, rulings or Decisions()))


def written(events: list[AnyEvent], rulings: Decisions | None = None) -> str:
    return b"".join(lines(published(events, rulings))).decode()


def test_nothing_remains_of_people_who_were_left_out() -> None:
    out: list[AnyEvent] = [
        said("1", "A1 my very words", 5, "B", url="https://example.org/B"),
        edited("1", "my other words", 6),
        said("2", "leave me out", 7, "B"),
        withdrew("B"),
        Joined(place="x", author=person("B"), at=at(1)),
        Repost(place="x", author=person("B"), at=at(1), id="7"),
    ]
    text = written([*out, said("3", "Hello", who="C")])
    for word in ("words", "pretend_B", "participant B", "id-B", "example", "leave", "withdrawn"):
        assert word not in text
    assert "Hello" in text


def test_nothing_remains_of_people_who_joined_and_posted_nothing() -> None:
    patient = Author(id="r77", handle="@pretend_77", name="NHS 943 476 5919")
    events: list[AnyEvent] = [
        Joined(place="room", author=patient, at=at(1)),
        Reaction(place="room", author=patient, at=at(2), id="1", emoji="+"),
        Repost(place="room", author=patient, at=at(3), id="from-r77", of="1"),
        Named(place="room", author=patient, at=at(4)),
        said("1", place="room"),
    ]
    text = written(events)
    assert "NHS" not in text
    assert "77" not in text
    assert "joined" not in text
    assert "reaction" not in text
    assert [(one.at, one.of, one.author) for one in record(chat(), published(events)).reposts] == [
        (at(3), "1", ANONYMOUS)
    ]


def test_nothing_remains_of_people_whose_messages_are_all_unpublished() -> None:
    patient = Author(id="id-B", name="NHS 943 476 5919")
    events: list[AnyEvent] = [Joined(place="x", author=patient, at=at(1)), said("1", who="B"), ruled("1", "hold", 6)]
    text = written(events)
    assert "NHS" not in text
    assert "id-B" not in text


def test_an_earlier_name_of_an_author_is_not_published() -> None:
    earlier = Author(id="id-A", name="NHS 943 476 5919", followers=7)
    events: list[AnyEvent] = [Joined(place="x", author=earlier, at=at(1)), said("1")]
    assert "NHS" not in written(events)
    assert Joined(place="x", author=Author(id="id-A", followers=7), at=at(1)) in published(events)
    assert record(chat(), published(events)).followers == record(chat(), events).followers


def test_reposts_of_two_strangers_at_once_are_two() -> None:
    events: list[AnyEvent] = [
        Repost(place="x", author=person(who), at=at(3), id=f"from-{who}", of="1") for who in ("A", "B")
    ]
    assert len(record(chat(), published(events)).reposts) == 2


def test_nothing_remains_of_deleted_held_and_earlier_texts() -> None:
    events: list[AnyEvent] = [
        said("1", "gone words"),
        deleted("1"),
        said("2", "held words"),
        said("3", "old words"),
        edited("3", "new", 9),
    ]
    text = written(events, Decisions(held=frozenset({("x", "2")})))
    assert "words" not in text
    assert "new" in text


def test_only_the_outcome_of_a_command_is_published_and_nothing_of_other_chats() -> None:
    command = Command(
        place="x",
        id="1",
        author=person("A"),
        at=at(1),
        text="mute @pretend_B",
        outcome="done",
        before="heard",
        after="muted",
        receipt="@pretend_B is muted.",
        about="x/7",
    )
    events: list[AnyEvent] = [command, said("2", chat="another")]
    [told] = published(events)
    assert told == Command(place="x", id="c000001", author=ANONYMOUS, at=at(1), outcome="done")
    assert "pretend" not in written(events)


def test_nothing_remains_of_messages_that_a_decision_removed() -> None:
    events: list[AnyEvent] = [
        asked("q1", 10),
        said("1", "A1 held words", 11),
        ruled("1", "hold", 11),
        said("2", "A1 dropped words", 12),
        ruled("2", "drop", 12),
        said("3", "kept", 13),
        ruled("3", "hold", 13),
        ruled("3", "keep", 14),
        said("4", "an answer to it", 15, reply_to="1"),
    ]
    text = written(events)
    assert "words" not in text
    assert "ruled" not in text
    assert "hold" not in text
    assert [one.text for one in record(chat(), published(events)).messages] == ["kept", "an answer to it"]
    assert record(chat(), published(events)).messages == record(chat(), events).messages


def test_the_new_text_of_a_question_is_published() -> None:
    events: list[AnyEvent] = [asked("q1", 10, text="Q1. Who?"), edited("bot-q1", "Q1. Who helps? #OTalk", 12)]
    assert record(chat(), published(events)).chat.questions[0].text == "Who helps?"


def test_a_reply_to_a_hidden_message_keeps_its_question_when_the_log_is_replayed() -> None:
    events: list[AnyEvent] = [
        asked("q1", 10),
        said("1", "A2 secret", 15),
        said("2", minutes=16, reply_to="1"),
        deleted("1"),
    ]
    assert record(chat(), published(events)).messages == record(chat(), events).messages
    assert record(chat(), events).messages[0].question == "q2"


def refers_back(event: AnyEvent) -> bool:
    """Whether a message refers to earlier ones only. People can't do otherwise; a circle may be cut elsewhere."""
    above = (event.reply_to, event.quotes, event.conversation) if isinstance(event, Message) else ()
    numbers = [int(id.removeprefix("v")) for id in above if id and id.removeprefix("v").isdigit()]
    return not numbers or max(numbers) < int(event.identity)


@given(st.integers(0, 10**6))
def test_the_published_log_gives_the_same_record_and_itself(number: int) -> None:
    events = [event for event in some(number) if refers_back(event)]
    again, first = record_from(fold_events(chat(), published(events)), Decisions()), record(chat(), events)
    assert again.messages == first.messages
    assert (again.gaps, again.asked, again.ends) == (first.gaps, first.asked, first.ends)
    assert [(one.place, one.at, one.of) for one in again.reposts] == [(r.place, r.at, r.of) for r in first.reposts]
    assert published(published(events)) == published(events)
