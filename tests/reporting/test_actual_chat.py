"""A chat that a command started early starts early in the record too, from the file as from the store."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from bot.chat import Chat
from bot.messages import AnyEvent
from bot.reporting.numbers import count_numbers
from bot.reporting.record import record
from tests.reporting.sample_events import asked, at, chat, said


def moved(minutes: float) -> Chat:
    """The chat as the store has it after a command started it."""
    by = timedelta(minutes=minutes)
    questions = tuple(msgspec.structs.replace(one, at=one.at + by) for one in chat().questions)
    return chat(starts=chat().starts + by, questions=questions)


def test_an_early_welcome_moves_the_start_the_end_and_the_questions() -> None:
    events: list[AnyEvent] = [
        asked("welcome", -5 + 1.5 / 60),
        asked("welcome", -4, id="2", place="room"),
        said("1", minutes=-3),
    ]
    found = record(chat(), events)
    begun = at(-5) + timedelta(seconds=1)
    assert (found.chat.starts, found.ends) == (begun, begun + timedelta(hours=1))
    assert found.asked[0] == (begun + timedelta(minutes=10), "q1")
    assert count_numbers(found).posts == 1


@pytest.mark.parametrize("minutes", [-0.15, -0.1, 0, 2])
def test_a_welcome_on_time_or_late_moves_nothing(minutes: float) -> None:
    assert record(chat(), [asked("welcome", minutes)]).chat == chat()


def test_another_post_before_the_start_moves_nothing() -> None:
    assert record(chat(), [asked("reminder-1h", -60), asked("notice", -5)]).chat == chat()


@pytest.mark.parametrize("late", [0.1, 0.9, 1.7, 30])
def test_the_store_and_the_file_agree(late: float) -> None:
    start = -5 + 0.4 / 60
    welcome = asked("welcome", start + late / 60)
    events: list[AnyEvent] = [welcome, said("1", minutes=-4), said("2", minutes=6)]
    assert record(moved(start), events) == record(chat(), events)


def test_a_moved_start_without_a_welcome_stays() -> None:
    assert record(moved(-4.99), []).chat == moved(-4.99)
