from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import AnyEvent, MessageHighlighted, MessageMoved, MessagesMerged, SummaryWritten
from bot.reporting.event_fold import fold_events
from bot.reporting.numbers import count_numbers
from bot.reporting.record import Decisions, Record, hidden_messages, record
from bot.reporting.redaction import redact
from tests.reporting.sample_events import at, chat, deleted, said


def moved(id: str, question: str | None, minutes: float = 80) -> MessageMoved:
    return MessageMoved(place="x", id=id, question=question, at=at(minutes))


def merged(id: str, into: str | None, minutes: float = 80, place: str = "x") -> MessagesMerged:
    return MessagesMerged(place=place, id=id, into=into, into_place="x", at=at(minutes))


def marked(id: str, minutes: float = 80, *, on: bool = True) -> MessageHighlighted:
    return MessageHighlighted(place="x", id=id, on=on, at=at(minutes))


def told(*events: AnyEvent) -> Record:
    return record(chat(), events)


def questions(*events: AnyEvent) -> dict[str, tuple[str, str]]:
    return {one.id: (one.question, one.reason) for one in told(*events).messages}


def test_a_moved_message_takes_the_replies_to_it_along() -> None:
    events = (said("2"), said("3", reply_to="2"), said("4"), moved("2", "q3"), moved("4", "q99"))
    assert questions(*events) == {"2": ("q3", "corrected"), "3": ("q3", "thread"), "4": ("before", "floor")}


def test_the_later_correction_counts_and_none_puts_a_message_back() -> None:
    events = (said("1", "A2 We do", minutes=12), moved("1", "q3", 80), moved("1", "q1", 81))
    assert questions(*events) == {"1": ("q1", "corrected")}
    assert questions(*events, moved("1", None, 82)) == {"1": ("q2", "mark")}


def test_a_message_with_several_questions_is_only_where_it_was_moved() -> None:
    (message,) = told(said("1", "A1 and A2: both", minutes=30), moved("1", "q3")).messages
    assert message.questions == ("q3",)


def test_a_copy_counts_once_and_replies_to_it_keep_their_question() -> None:
    events = (
        said("1", "A2 We do", 21),
        said("9", "A2 We do", 22, place="discord"),
        said("5", "Me too", 33, place="discord", reply_to="9"),
        merged("9", "1", place="discord"),
    )
    found = told(*events)
    assert [(one.id, one.question) for one in found.messages] == [("1", "q2"), ("5", "q2")]
    assert found.copies == {("x", "1"): (("discord", "9"),)}
    assert count_numbers(found).posts == 2


def test_the_copy_stands_once_the_original_is_gone() -> None:
    events = (said("1", minutes=21), said("2", minutes=22), merged("2", "1"))
    assert [one.id for one in told(*events, deleted("1")).messages] == ["2"]
    assert [one.id for one in told(*events, merged("2", None, 81)).messages] == ["1", "2"]


def test_of_messages_merged_in_a_circle_or_into_nothing_the_first_stands() -> None:
    said_thrice = (said("1", minutes=21), said("2", minutes=22), said("3", minutes=23))
    circle = (merged("1", "2"), merged("2", "3"), merged("3", "1"))
    assert [one.id for one in told(*said_thrice, *circle).messages] == ["1"]
    assert [one.id for one in told(*said_thrice, merged("3", "unknown"), merged("2", "2")).messages] == ["1", "2", "3"]


def test_a_chain_leads_to_the_last_original() -> None:
    said_thrice = (said("1", minutes=21), said("2", minutes=22), said("3", minutes=23))
    assert [one.id for one in told(*said_thrice, merged("1", "2"), merged("2", "3")).messages] == ["3"]


def test_highlights_are_in_order_of_time_and_a_copys_mark_goes_to_its_original() -> None:
    events = (said("2", minutes=22), said("1", minutes=21), said("3", minutes=23), merged("3", "1"))
    assert told(*events, marked("2"), marked("3")).highlights == (("x", "1"), ("x", "2"))
    assert told(*events, marked("2"), marked("2", 81, on=False), deleted("1"), marked("1")).highlights == ()


def test_the_latest_summary_counts_and_an_empty_one_takes_it_away() -> None:
    first, second = (SummaryWritten(place="room", at=at(minutes), text=f"# {minutes}") for minutes in (80, 90))
    assert told(second, first).summary == "# 90"
    assert told(second, SummaryWritten(place="room", at=at(91), text=" \n")).summary is None
    assert told(SummaryWritten(place="room", at=at(80), text="other", chat="an/other")).summary is None


CORRECTIONS: tuple[AnyEvent, ...] = (
    *(moved(id, question, minutes) for id, question, minutes in (("1", "q1", 70), ("1", None, 71), ("2", "q3", 72))),
    *(
        merged(id, into, minutes)
        for id, into, minutes in (("2", "1", 70), ("3", "2", 71), ("1", "3", 72), ("2", None, 73))
    ),
    *(marked(id) for id in "123"),
    SummaryWritten(place="room", at=at(80), text="Well *done*"),
    deleted("1"),
    deleted("3"),
)


@given(st.sets(st.sampled_from(CORRECTIONS)).flatmap(lambda some: st.permutations(sorted(some, key=repr))))
def test_order_makes_no_difference_and_the_published_log_gives_the_same_record(some: list[AnyEvent]) -> None:
    people = [said(str(n), f"A{n} Hello", minutes=20 + n, reply_to=str(n - 1), who="ABC"[n - 1]) for n in (1, 2, 3)]
    events = [*people, *some]
    fold = fold_events(chat(), events)
    assert told(*reversed([*events, *events])) == told(*events)
    published = redact(fold, hidden_messages(fold, Decisions()))
    again, whole = told(*published), told(*events)
    assert (again.messages, again.highlights, again.summary) == (whole.messages, whole.highlights, whole.summary)
    assert again.copies == whole.copies
