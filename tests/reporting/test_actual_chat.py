"""The record made from a log and a chat file that was edited during the hour."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from bot.messages import Edited, Posted
from bot.reporting.actual_chat import Key, actual_chat
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

A, B, C, NEW = "Who are you?", "What gets in the way?", "Who pays for it where you work?", "How do you measure it?"


def posted(number: int, text: str) -> Posted:
    at = NOON + timedelta(minutes=10 * number)
    key, text = f"q{number}", f"Q{number}. {text} #plain"
    return Posted(place="x", id=f"p{number}", chat="a/b", key=key, kind="question", text=text, at=at)


def told(file: list[str], hour: list[str], edits: dict[Key, Edited] | None = None) -> dict[str, str]:
    """The questions by their keys, as the record has them."""
    chat = a_chat(questions=len(file))
    questions = (msgspec.structs.replace(one, text=text) for one, text in zip(chat.questions, file, strict=True))
    chat = msgspec.structs.replace(chat, questions=tuple(questions))
    found = actual_chat(chat, [posted(number, text) for number, text in enumerate(hour, 1)], edits or {})
    return {one.key: one.text for one in found.questions}


@pytest.mark.parametrize(
    ("file", "hour", "record"),
    [
        pytest.param([A, B, C], [A, B, C], [A, B, C], id="as planned"),
        pytest.param([A, B, C], [A, B], [A, B, C], id="one was not asked"),
        pytest.param([NEW, A, B, C], [A, NEW, B, C], [A, NEW, B, C], id="one put before all"),
        pytest.param([B, A, C], [A, B, C], [A, B, C], id="two changed places"),
        pytest.param([A, C], [A, B, C], [A, B, C], id="one taken out after it was asked"),
        pytest.param([NEW, A, B, C], [A, B], [A, B, NEW, C], id="two not asked"),
        pytest.param([A, "Something else entirely", C], [A, B, C], [A, "Something else entirely", C], id="reworded"),
    ],
)
def test_the_numbers_are_those_under_which_people_saw_the_questions(
    file: list[str], hour: list[str], record: list[str]
) -> None:
    assert told(file, hour) == {f"q{number}": text for number, text in enumerate(record, 1)}


def test_a_question_that_was_reworded_after_it_was_posted_keeps_its_number() -> None:
    edit = Edited(
        place="x", id="p1", text="Q1. Where do you come from, and why? #plain", at=NOON + timedelta(minutes=11)
    )
    words = "Where do you come from, and why?"
    assert told([words, B, C], [A, B, C], {("x", "p1"): edit}) == {"q1": words, "q2": B, "q3": C}
