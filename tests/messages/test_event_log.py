from __future__ import annotations

import io
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import InputError, SetupError
from bot.messages import (
    AnyEvent,
    Author,
    Command,
    Deleted,
    Edited,
    Gap,
    Joined,
    Message,
    Posted,
    Reaction,
    Repost,
    Withdrawn,
    event_log,
)

GOOD: dict[str, Any] = {
    "type": "message",
    "place": "x",
    "id": "1",
    "author": {"id": "77", "handle": "@pretend_a", "name": "Pretend participant A", "followers": 120},
    "text": "A1 we use Teams #OTalk",
    "at": "2020-10-13T19:12:00Z",
    "reply_to": None,
    "url": "https://example.org/1",
}
LINE = json.dumps(GOOD).encode()


def decode(content: bytes) -> list[AnyEvent]:
    return event_log.decode(io.BytesIO(content), "log.jsonl")


def refused(content: bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        decode(content)
    return [str(problem) for problem in caught.value.problems]


def without(name: str) -> bytes:
    return json.dumps({key: value for key, value in GOOD.items() if key != name}).encode()


def changed(**values: object) -> bytes:
    return json.dumps(GOOD | values).encode()


def test_the_line_of_the_design_is_read_and_written_as_it_stands() -> None:
    events = decode(LINE)
    assert [json.loads(line) for line in event_log.lines(events)] == [GOOD]
    assert [list(json.loads(line)) for line in event_log.lines(events)] == [list(GOOD)]


def test_a_chat_is_written_only_where_there_is_one() -> None:
    [event] = decode(changed(chat="pretend/chat"))
    assert json.loads(next(event_log.lines([event])))["chat"] == "pretend/chat"


def test_times_are_written_in_utc() -> None:
    [event] = decode(changed(at="2020-10-13T20:12:00+01:00"))
    assert json.loads(next(event_log.lines([event])))["at"] == "2020-10-13T19:12:00Z"


@pytest.mark.parametrize("content", [b"", b"\n \r\n\t\n", b"\xef\xbb\xbf"])
def test_nothing_is_no_events(content: bytes) -> None:
    assert decode(content) == []


def test_a_byte_order_mark_and_windows_lines_do_no_harm() -> None:
    assert decode(b"\xef\xbb\xbf" + LINE + b"\r\n\r\n" + LINE) == decode(LINE) * 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (without("type"), ["1:1", "'type' is missing; it must be one of message, edited"]),
        (without("text"), ["1:1", "'text' is missing; it must be text."]),
        (without("at"), ["'at' is missing; it must be a time with its zone, like \"2020-10-13T19:12:00Z\"."]),
        (changed(author={}), ["'author.id' is missing; it must be text of 1 to 200 characters"]),
        (changed(author={"id": 77}), ["'author.id' is a number; it must be text"]),
        (changed(author="Pretend"), ["'author' is text; it must be an object"]),
        (changed(author={"id": "7", "followers": -1}), ["'author.followers' is too small; it must be a whole number"]),
        (changed(author={"id": "7", "followers": 10**40}), ["'author.followers' is too large"]),
        (changed(author={"id": "7", "followers": 1.5}), ["'author.followers' is a number with a fraction"]),
        (changed(id=""), ["'id' is empty"]),
        (changed(id="x" * 201), ["'id' is too long"]),
        (changed(id=1), ["'id' is a number; it must be text of 1 to 200 characters, like \"1029\"."]),
        (changed(place=None), ["'place' is null"]),
        (changed(at="2020-10-13T19:12:00"), ["'at' has no zone; it must be a time with its zone"]),
        (changed(at="yesterday"), ["'at' is not a time"]),
        (changed(at=5), ["'at' is a number"]),
        (changed(at="0001-01-01T00:00:00+14:00"), ["'at' is in the year 1; it must be between 1970 and 9998."]),
        (changed(at="9999-12-31T23:00:00-14:00"), ["'at' is in the year 9999"]),
        (changed(type="mesage"), ["'type' is 'mesage' (did you mean 'message'?); it must be one of"]),
        (changed(type="xyzzy"), ["'type' is 'xyzzy'; it must be one of"]),
        (changed(type=5), ["'type'"]),
        (changed(type="Pretend words of a participant"), ["'type' is not understood; it must be one of"]),
        (changed(reply_to=5), ["'reply_to' is a number; it must be text, like \"1029\", or null."]),
        (changed(media=None), ["'media' is null; it must be a list, like"]),
        (changed(media=[None]), ["'media[0]' is null; it must be an object, like"]),
        (
            changed(media=[{"kind": "hologram"}]),
            ["'media[0].kind' is not understood; it must be one of pict"],
        ),
        (changed(versions="1"), ["'versions' is text; it must be a list of ids."]),
        (b"[]", ["the line must be one object in braces"]),
        (b"null", ["the line must be one object in braces"]),
        (b"hello", ["the line is not JSON"]),
        (b'{"type": "message", place: 5}', ["1:21", "the line is not JSON"]),
        (LINE + LINE, ["trailing characters"]),
        (LINE.replace(b"120", b"NaN"), ["the line is not JSON"]),
        (LINE[:-1] + b',"x":' + b"[" * 100_000, ["nested too deeply"]),
        (LINE[:60], ["the line is cut off; remove it or export again."]),
        (LINE.replace(b"Teams", b"T\xe2\x82"), ["the line is not UTF-8; save the file as UTF-8."]),
        (LINE[: LINE.index(b"Teams")] + b"\xe2\x82", ["the line is cut off"]),
        (LINE.replace(b"Teams", b"\\ud800"), ["the line is not JSON"]),
        (LINE.decode().encode("utf-16"), ["the file is UTF-16; save it as UTF-8."]),
        (b" " * (1 << 20) + LINE, ["longer than 1 MiB"]),
    ],
)
def test_a_bad_line_is_told_in_plain_words(content: bytes, words: list[str]) -> None:
    problem = refused(content)[0]
    assert problem.startswith("log.jsonl:1:")
    for word in words:
        assert word in problem


def test_the_column_is_where_the_value_stands() -> None:
    [problem] = refused(LINE.replace(b'"77"', b"77"))
    assert problem.startswith(f"log.jsonl:1:{LINE.index(b'77')}:")


def test_every_bad_line_is_told_at_once_with_its_number() -> None:
    problems = refused(b"\n".join([LINE, b"no", b"", LINE, without("id"), LINE[:50]]))
    assert [problem.split(":")[1] for problem in problems] == ["2", "5", "6"]


def test_after_fifty_the_rest_are_counted() -> None:
    problems = refused(b"no\n" * 60)
    assert len(problems) == event_log.SHOWN + 1
    assert problems[-1].endswith("and 10 more lines with mistakes.")


def test_a_line_that_is_too_long_does_not_hide_the_next() -> None:
    problems = refused(b"x" * (3 << 20) + b"\nno\n")
    assert [problem.split(":")[1] for problem in problems] == ["1", "2"]


@pytest.mark.parametrize(
    "content", [changed(text=5, url="secret words"), b'{"text":"secret words"', b'{"text":"secret words"}']
)
def test_no_problem_repeats_what_was_said(content: bytes) -> None:
    assert "secret" not in "".join(refused(content))


def test_where_a_key_stands_twice_the_last_counts() -> None:
    [event] = decode(LINE[:-1] + b',"place":"room"}')
    assert event.place == "room"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"nowhere\.jsonl cannot be read"):
        event_log.read(tmp_path / "nowhere.jsonl")
    with pytest.raises(SetupError, match="cannot be read"):
        event_log.read(tmp_path)


@given(st.binary() | st.lists(st.sampled_from([LINE, b"\n", b"{", b'"', b"\xff", b"[", b"\\"])).map(b"".join))
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        decode(content)
    except InputError as error:
        assert error.problems  # noqa: PT017 - either outcome is right


@given(st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_damage_to_a_good_line_is_read_or_refused(data: st.DataObject) -> None:
    line = bytearray(LINE)
    for _ in range(data.draw(st.integers(1, 4))):
        line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(line))
    except InputError as error:
        assert error.problems  # noqa: PT017 - either outcome is right


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
texts = st.text(st.characters(exclude_categories=["Cs"]))
times = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    datetime(2200, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
authors = st.builds(Author, id=names, handle=texts, name=texts, followers=st.none() | st.integers(0, 10**9))
maybe = st.none() | texts
common: dict[str, Any] = {"place": names, "at": times}
events: st.SearchStrategy[AnyEvent] = st.one_of(
    st.builds(Message, **common, id=names, author=authors, text=texts, reply_to=maybe, url=maybe, chat=maybe),
    st.builds(Edited, **common, id=names, text=texts),
    st.builds(Deleted, **common, id=names),
    st.builds(Posted, **common, id=names, key=texts, text=texts, kind=texts, url=maybe, chat=maybe),
    st.builds(Reaction, **common, id=names, author=authors, emoji=texts),
    st.builds(Repost, **common, id=names, author=authors, of=maybe),
    st.builds(Joined, **common, author=authors, chat=maybe),
    st.builds(Withdrawn, **common, author=authors),
    st.builds(Command, **common, id=names, author=authors, text=texts, chat=maybe),
    st.builds(Gap, **common, since=times, until=times, chat=maybe),
)


@given(st.lists(events))
def test_what_is_written_is_read_again(drawn: list[AnyEvent]) -> None:
    file = io.BytesIO()
    event_log.write(drawn, file)
    content = file.getvalue()
    assert decode(content) == drawn
    assert b"".join(event_log.lines(decode(content))) == content
