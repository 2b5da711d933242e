from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from bot.live.attribution import Ident, Parent, QuestionTimeline, Reason, attribute, references
from bot.messages import Author, Message

START = datetime(2020, 10, 13, 19, 0, tzinfo=UTC)
FLOOR = QuestionTimeline(
    asked=((START + timedelta(minutes=10), "q1"), (START + timedelta(minutes=20), "q2")),
    ends=START + timedelta(hours=1),
    keys=frozenset({"q1", "q2", "q3", "q4", "q5", "q6"}),
    texts={"which groups do you run": "q3", "who helps": "q4"},
)
KNOWN = {
    "asked-1": Parent(question="q1", is_question=True),
    "answer-1": Parent(question="q1", is_question=False),
    "asked-2": Parent(question="q2", is_question=True),
    "answer-2": Parent(question="q2", is_question=False),
}


def attributed(
    text: str,
    *,
    minutes: float = 15,
    floor: QuestionTimeline = FLOOR,
    known: Mapping[str, Parent] = KNOWN,
    **more: Any,  # noqa: ANN401 -- fields of Message
) -> tuple[tuple[str, ...], Reason]:
    """The questions and the reason. `known` has the known messages by id or by address."""
    at = START + timedelta(minutes=minutes)
    message = Message(place="x", id="new", author=Author(id="a"), text=text, at=at)
    message = msgspec.structs.replace(message, **more)

    def parent(ident: Ident) -> Parent | None:
        return known.get(ident[1]) if ident[0] == "x" else None

    return attribute(references(message, floor), "x", at, floor, parent=parent, address=known.get)


@pytest.mark.parametrize(
    ("minutes", "question"), [(0, "before"), (9.99, "before"), (10, "q1"), (20, "q2"), (59.99, "q2"), (60, "after")]
)
def test_without_anything_else_the_question_on_the_floor_counts(minutes: float, question: str) -> None:
    assert attributed("Teams", minutes=minutes) == ((question,), "floor")


def test_each_rule_wins_over_all_that_follow() -> None:
    text, link = "> Who helps?\nTeams", "https://x.com/kate/status/answer-2"
    everything: dict[str, Any] = {"reply_to": "asked-1", "quotes": "asked-2", "conversation": "answer-1"}
    assert attributed(f"A5 {text} {link}", **everything) == (("q5",), "mark")
    assert attributed(f"{text} {link}", **everything) == (("q1",), "reply")
    del everything["reply_to"]
    assert attributed(f"{text} {link}", **everything) == (("q2",), "quote")
    del everything["quotes"]
    assert attributed(f"{text} {link}", **everything) == (("q4",), "quote")
    assert attributed(f"Teams {link}", **everything) == (("q2",), "quote")
    assert attributed("Teams", minutes=25, **everything) == (("q1",), "thread")


def test_a_reply_below_a_question_is_of_its_thread() -> None:
    assert attributed("Teams", minutes=25, reply_to="answer-1") == (("q1",), "thread")
    assert attributed("Teams", reply_to="never-heard") == (("q1",), "floor")


@pytest.mark.parametrize("question", ["before", "after", "welcome", "q9"])
def test_a_reference_to_what_is_no_question_decides_nothing(question: str) -> None:
    known = {"it": Parent(question=question, is_question=True), "answer-2": KNOWN["answer-2"]}
    assert attributed("A2 Teams", known=known, reply_to="it") == (("q2",), "mark")
    assert attributed("Teams", known=known, reply_to="it", quotes="it", conversation="it") == (("q1",), "floor")
    assert attributed("Teams", known=known, reply_to="it", quotes="answer-2") == (("q2",), "quote")


def test_several_questions_come_from_marks_alone() -> None:
    assert attributed("A1/2 Teams", reply_to="asked-1") == (("q1", "q2"), "mark")


def test_a_message_is_not_in_its_own_thread() -> None:
    known = {"new": Parent(question="q2", is_question=False)}
    assert attributed("Teams", known=known, conversation="new") == (("q1",), "floor")


def test_a_floor_without_questions_is_before_until_the_end() -> None:
    empty = QuestionTimeline(asked=(), ends=START, keys=frozenset())
    assert attributed("A1", minutes=-1, floor=empty) == (("before",), "floor")
    assert attributed("A1", minutes=0, floor=empty) == (("after",), "floor")
