"""Times in a night in which the clocks go back, or forward, and the window of the numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bot.chat import Chat
from bot.clock import clock_time
from bot.messages import Author, Message
from bot.reporting.contents import contents_of
from bot.reporting.figure_tables import figures
from bot.reporting.formatting import LocalTimes
from bot.reporting.markdown import markdown
from bot.reporting.numbers import count_numbers, rules
from bot.reporting.record import record
from tests.reporting.sample_events import chat

DASH = "\N{EN DASH}"


def held(starts: datetime, length: timedelta, window: timedelta = timedelta(minutes=15)) -> Chat:
    return msgspec.structs.replace(
        chat(starts=starts), length=length, window=window, timezone="Europe/London", questions=()
    )


def said(id: str, at: datetime) -> Message:
    return Message(place="x", id=id, author=Author(id=id), text="Hello", at=at)


def test_the_hour_that_comes_twice_names_its_zone() -> None:
    autumn = record(
        held(datetime(2027, 10, 30, 23, 30, tzinfo=UTC), timedelta(hours=2)),
        [said("1", datetime(2027, 10, 31, 0, 40, tzinfo=UTC)), said("2", datetime(2027, 10, 31, 1, 20, tzinfo=UTC))],
    )
    times = LocalTimes(autumn)
    assert times.span() == f"Sunday 31 October 2027, 00:30 BST{DASH}01:30 GMT (Europe/London)"
    assert [times.time(one.at) for one in autumn.messages] == ["01:40 BST", "01:20 GMT"]
    assert times.time(datetime(2027, 10, 30, 23, 40, tzinfo=UTC)) == "00:40"
    document = "".join(markdown(contents_of(autumn)))
    assert "01:40 BST" in document
    assert "01:20 GMT" in document


def test_a_chat_across_a_spring_night_names_both_zones() -> None:
    spring = record(held(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), timedelta(hours=1)), [])
    assert LocalTimes(spring).span() == f"Sunday 28 March 2027, 00:30 GMT{DASH}02:30 BST (Europe/London)"


def test_other_times_name_none() -> None:
    assert clock_time(datetime(2027, 7, 13, 20, 12, tzinfo=UTC)) == "20:12"
    assert clock_time(datetime(2027, 7, 13, 20, 12, 5, tzinfo=UTC), seconds=True) == "20:12:05"


def test_a_time_with_seconds_names_its_zone_too() -> None:
    twice = datetime(2027, 10, 31, 1, 26, 40, tzinfo=ZoneInfo("Europe/London"))
    assert [clock_time(twice.replace(fold=fold), seconds=True) for fold in (0, 1)] == ["01:26:40 BST", "01:26:40 GMT"]
    usual = record(held(datetime(2027, 7, 13, 19, tzinfo=UTC), timedelta(hours=1)), [])
    assert LocalTimes(usual).span() == f"Tuesday 13 July 2027, 20:00{DASH}21:00 BST (Europe/London)"
    both = record(held(datetime(2027, 10, 31, 0, 0, tzinfo=UTC), timedelta(minutes=45)), [])
    assert LocalTimes(both).span() == f"Sunday 31 October 2027, 01:00{DASH}01:45 BST (Europe/London)"


@pytest.mark.parametrize(
    ("window", "minutes", "words", "posts"),
    [
        (timedelta(minutes=15), 75, "from the start to 15 minutes after the end", 2),
        (timedelta(0), 60, "from the start to the end", 1),
        (timedelta(hours=1), 120, "from the start to 1 hour after the end", 3),
        (timedelta(minutes=90), 150, "from the start to 90 minutes after the end", 3),
    ],
)
def test_the_window_is_the_chats(window: timedelta, minutes: int, words: str, posts: int) -> None:
    starts = datetime(2027, 7, 13, 19, tzinfo=UTC)
    messages = [said(f"{n}", starts + timedelta(minutes=n)) for n in (30, 70, 110)]
    made = record(held(starts, timedelta(hours=1), window), messages)
    numbers = count_numbers(made)
    assert (numbers.window_minutes, numbers.posts) == (minutes, posts)
    assert ("Minutes counted", f"{minutes}", words) in figures(made, numbers)
    assert rules(window)["window_minutes"] == words
