from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.live.attribution import Parent, QuestionTimeline, attribute, marked_question

START = datetime(2020, 10, 13, 19, 0, tzinfo=UTC)
KEYS = frozenset({"q1", "q2", "q3", "q4", "q5", "q6"})
FLOOR = QuestionTimeline(
    asked=((START + timedelta(minutes=10), "q1"), (START + timedelta(minutes=20), "q2")),
    ends=START + timedelta(hours=1),
    keys=KEYS,
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("A2", "q2"),
        ("a2: Teams", "q2"),
        ("A2. Teams", "q2"),
        ("Q2 ", "q2"),
        ("q2 Teams", "q2"),
        ("(A2) Teams", "q2"),
        ("[A2] Teams", "q2"),
        ("A2- Teams", "q2"),
        ("A2-Teams", "q2"),
        ("A2, Teams", "q2"),
        ("A2\nTeams", "q2"),
        ("<@1000> A2 hello", "q2"),
        ("<@!1000>, <@&77> A2 hello", "q2"),
        ("A2/A3 Teams", "q2"),
        ("A02 Teams", "q2"),
        ("  A2 Teams", "q2"),
        ("@OTalk_ A2 Teams", "q2"),
        ("@OTalk_ @pretend_b: A2 Teams", "q2"),
        ("#OTalk A2 Teams", "q2"),
        ("https://example.org/x A2 Teams", "q2"),
        ("A9 Teams", None),
        ("A0 Teams", None),
        ("A22 Teams", None),
        ("A2Z of groups", None),
        ("a quick one", None),
        ("Question 2", None),
        ("I meant A2", None),
        ("AA2", None),
        ("", None),
        ("A2\u2014Teams", "q2"),
    ],
)
def test_a_mark_at_the_beginning_names_its_question(text: str, key: str | None) -> None:
    assert marked_question(text, KEYS) == key


def test_a_paper_size_is_taken_for_a_mark_where_there_is_such_a_question() -> None:
    """Known: `A4 paper` reads as an answer to the fourth question. A host can move it."""
    assert marked_question("A4 paper is what we print on", KEYS) == "q4"
    assert marked_question("A4 paper is what we print on", frozenset({"q1", "q2", "q3"})) is None


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
