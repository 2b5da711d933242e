from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.live.attribution import Parent, QuestionTimeline, attribute

START = datetime(2020, 10, 13, 19, 0, tzinfo=UTC)
KEYS = frozenset({"q1", "q2", "q3", "q4", "q5", "q6"})
FLOOR = QuestionTimeline(
    asked=((START + timedelta(minutes=10), "q1"), (START + timedelta(minutes=20), "q2")),
    ends=START + timedelta(hours=1),
    keys=KEYS,
)


@pytest.mark.parametrize(
    ("minutes", "question"), [(0, "before"), (9.99, "before"), (10, "q1"), (20, "q2"), (59.99, "q2"), (60, "after")]
)
def test_without_reply_or_mark_the_question_on_the_floor_counts(minutes: float, question: str) -> None:
    assert attribute("Teams", START + timedelta(minutes=minutes), None, FLOOR) == (question, "floor")


def test_a_reply_to_the_question_wins_over_the_mark() -> None:
    asked = Parent(question="q1", is_question=True)
    assert attribute("A2 Teams", START, asked, FLOOR) == ("q1", "reply")


def test_a_reply_in_its_thread_is_of_the_thread() -> None:
    assert attribute("Teams", START, Parent(question="q1", is_question=False), FLOOR) == ("q1", "thread")


@pytest.mark.parametrize("question", ["before", "after", "welcome", "q9"])
def test_a_reply_to_what_is_no_question_is_read_by_mark_and_floor(question: str) -> None:
    parent = Parent(question=question, is_question=True)
    moment = START + timedelta(minutes=15)
    assert attribute("A2 Teams", moment, parent, FLOOR) == ("q2", "mark")
    assert attribute("Teams", moment, parent, FLOOR) == ("q1", "floor")


def test_a_floor_without_questions_is_before_until_the_end() -> None:
    empty = QuestionTimeline(asked=(), ends=START, keys=frozenset())
    assert attribute("A1", START - timedelta(minutes=1), None, empty) == ("before", "floor")
    assert attribute("A1", START, None, empty) == ("after", "floor")
