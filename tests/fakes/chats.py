"""A plain chat to test with: one hour from noon, three questions at ten past, twenty past and half past."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat import Chat, Question
from tests.fakes.clock import NOON


def a_chat(*, starts: datetime = NOON, questions: int = 3, name: str = "a/b") -> Chat:
    return Chat(
        name=name,
        title="A plain chat",
        hashtag="#plain",
        starts=starts,
        length=timedelta(hours=1),
        timezone="Europe/London",
        questions=tuple(
            Question(key=f"q{n}", text=f"Question {n}?", at=starts + timedelta(minutes=10 * n))
            for n in range(1, questions + 1)
        ),
        welcome="Welcome.",
        rules="This is recorded.",
        closing="Thank you.",
    )
