from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import AnyEvent, Gap, MessagesMerged
from bot.reporting.contents import contents_of
from bot.reporting.conversation import Item, Thread
from bot.reporting.record import record
from tests.reporting.sample_events import asked, at, chat, deleted, said

ASKED = (asked("q1", 10), asked("q2", 20), asked("q3", 30), asked("closing", 60))


def shown(items: tuple[Item, ...]) -> list[str]:
    """`1(2 3)` for a message with two below it, `gap` for a gap."""
    return [_thread(one) if isinstance(one, Thread) else "gap" for one in items]


def _thread(one: Thread) -> str:
    below = " ".join(each.id for each in one.replies)
    return f"{one.message.id}({below})" if below else one.message.id


def in_time(question: str, *events: AnyEvent) -> list[str]:
    return shown(contents_of(record(chat(), [*ASKED, *events])).parts[question].in_time)


def late(question: str, *events: AnyEvent) -> list[str]:
    return shown(contents_of(record(chat(), [*ASKED, *events])).parts[question].late)


def test_answers_to_answers_stand_below_the_first_however_deep() -> None:
    events = (
        said("1", minutes=11),
        said("2", minutes=12, reply_to="1"),
        said("3", minutes=13),
        said("4", minutes=14, reply_to="2"),
    )
    assert in_time("q1", *events) == ["1(2 4)", "3"]


def test_a_reply_to_another_question_or_to_a_hidden_message_begins_a_thread() -> None:
    elsewhere = (said("1", minutes=11), said("2", "A2 and for the next one", minutes=22, reply_to="1"))
    assert in_time("q2", *elsewhere) == ["2"]
    assert in_time("q1", said("1", minutes=11), said("2", minutes=12, reply_to="1"), deleted("1")) == ["2"]


def test_a_reply_to_a_copy_stands_below_the_message_that_stands_for_it() -> None:
    events = (
        said("1", minutes=11),
        said("2", minutes=11, place="room"),
        said("3", minutes=12, place="room", reply_to="2"),
        MessagesMerged(place="room", id="2", into="1", into_place="x", at=at(70)),
    )
    assert in_time("q1", *events) == ["1(3)"]


def test_a_reply_to_a_version_of_a_message_stands_below_the_message() -> None:
    versions = (said("1", minutes=11, versions=("1b",)), said("1b", "edited", 12))
    assert in_time("q1", *versions, said("2", minutes=13, reply_to="1b")) == ["1(2)"]


def test_a_circle_of_replies_is_cut_at_its_earliest() -> None:
    circle = (
        said("1", minutes=11, reply_to="3"),
        said("2", minutes=12, reply_to="1"),
        said("3", minutes=13, reply_to="2"),
    )
    assert in_time("q1", *circle, said("4", minutes=14, reply_to="4")) == ["1(2 3)", "4"]


def test_an_answer_after_the_next_question_or_after_the_end_is_late() -> None:
    events = (said("1", "A1 in time", 19), said("2", "A1 late", 21), said("3", minutes=22, reply_to="1"))
    assert in_time("q1", *events) == ["1(3)"]
    assert late("q1", *events) == ["2"]
    assert late("q3", said("4", "A3 late", 61)) == ["4"]
    assert late("after", said("5", minutes=62)) == []


def test_a_gap_stands_where_it_was() -> None:
    gap = Gap(place="x", at=at(14), since=at(12), until=at(14))
    assert in_time("q1", said("1", minutes=11), gap, said("2", minutes=15)) == ["1", "gap", "2"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=9, unique_by=lambda one: one[0]))
def test_every_message_of_a_section_is_in_it_once(replies: list[tuple[int, int]]) -> None:
    events = [said(f"{one}", minutes=10 + one, reply_to=f"{other}") for one, other in replies]
    part = contents_of(record(chat(), [*ASKED[:1], *events])).parts["q1"]
    items = [one for one in (*part.in_time, *part.late) if isinstance(one, Thread)]
    found = [each.id for one in items for each in (one.message, *one.replies)]
    assert sorted(found) == sorted(one.id for one in part.messages) == sorted(f"{one}" for one, _ in replies)


@pytest.mark.parametrize("count", [3000])
def test_a_long_chain_of_replies_is_one_thread(count: int) -> None:
    events = [said(f"{one}", minutes=11 + one / count, reply_to=f"{one - 1}") for one in range(count)]
    assert len(in_time("q1", *events)) == 1
