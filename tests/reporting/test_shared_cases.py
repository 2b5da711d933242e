"""Marks and logs that were once filed wrongly, from a folder beside the repository. Skipped where it is missing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.authoring.loader import load
from bot.chat import Chat
from bot.messages import Author, Message, event_log
from bot.reporting.record import record

CASES = Path(__file__).parents[3] / "shared" / "cases"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases (shared/cases) are not on this machine")


def chat() -> Chat:
    loaded = load(CASES / "logs" / "marks-chat.toml").chat
    assert loaded is not None
    return loaded


def rows() -> list[tuple[str, str]]:
    path = CASES / "marks.tsv"
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return [(question, text.replace("\\n", "\n")) for question, text in (line.split("\t", 1) for line in lines if line)]


@pytest.mark.parametrize(("question", "text"), rows())
def test_a_text_said_under_the_fourth_question_is_filed_where_it_belongs(question: str, text: str) -> None:
    asked = chat()
    at = asked.questions[3].at + timedelta(minutes=1)
    [message] = record(asked, [Message(place="x", id="1", author=Author(id="5"), text=text, at=at)]).messages
    assert message.question == question


def test_marks_quotes_versions_and_typed_reposts_of_a_log_are_filed_where_they_belong() -> None:
    found = record(chat(), event_log.read(CASES / "logs" / "threads-quotes-edits.jsonl"))
    questions = {one.id: one.question for one in found.messages}
    expected = {"601": "q2", "701": "q3", "702": "q1", "703": "q1", "901": "q1"}
    assert {id: questions.get(id) for id in expected} == expected
    assert "704" not in questions
    assert [one.id for one in found.reposts] == ["704"]
