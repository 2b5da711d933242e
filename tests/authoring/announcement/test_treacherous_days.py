"""A day or a clock that can't be read off the words alone is a doubt, never taken in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.authoring.announcement.draft import draft
from bot.authoring.announcement.file_formats import read_announcement
from bot.authoring.announcement.found import Draft
from bot.authoring.chatfile import SeriesFile

NOW = datetime(2026, 11, 30, tzinfo=UTC)
POST = "Pretend talk: splints\nHosted by Cas Pretend\n{}\nQ1 What helps?\nQ2 And why?\n"


def found(line: str) -> Draft:
    return draft(read_announcement(POST.format(line).encode()), SeriesFile(), NOW)


def doubted(made: Draft) -> set[str]:
    """The fields of start and zone that are asked about."""
    return {one.field for one in made.doubts if one.field in ("starts", "timezone") and not one.settled}


@pytest.mark.parametrize(
    "line",
    [
        "No chat on Tuesday 12 January 2027. We are back a week later, 8-9pm London",
        "Usually on Tuesday 12 January 2027, but this time it is a week later, 8-9pm London",
        "Tuesday 12 January 2027 is cancelled, new date to be announced, 8-9pm London",
        "The chat of Tuesday 12 January 2027 is postponed to the following Tuesday, 8-9pm London",
        "Mary spoke at the congress on 3 March 2027. Our chat is on the Tuesday after, 8pm London",
        "The chat is two days after World OT Day (27 October 2027), 8pm London",
        "This chat moved from Tuesday 12 January 2027, 8pm London",
        "Sunday 31 October 2027, 1:30 am UK time",  # comes twice
        "Sunday 28 March 2027, 1:30 am UK time",  # does not come
    ],
)
def test_a_day_counted_from_another_or_called_off_is_doubted(line: str) -> None:
    assert "starts" in doubted(found(line))


@pytest.mark.parametrize("zone", ["(GMT+1)", "GMT-5", "(UTC+2)", "UTC +05:30"])
def test_a_distance_from_greenwich_is_no_zone(zone: str) -> None:
    made = found(f"Tuesday 12 January 2027, 8pm {zone}")
    assert made.zone is None
    assert "timezone" in doubted(made)


@pytest.mark.parametrize(
    "line",
    [
        "Tuesday 12 January 2027, 8-9pm London",
        "Join us on Tuesday 12 January 2027, 8pm London. Bring a cup of tea and a friend.",
        "Tuesday 12 January 2027, 8pm GMT",
    ],
)
def test_a_plain_day_is_not(line: str) -> None:
    made = found(line)
    assert (made.day, doubted(made)) == (date(2027, 1, 12), set())


def test_a_short_question_that_goes_on_in_the_next_line_is_whole() -> None:
    text = "Chat 12 January 2027 8pm London\n1. Who?\n2.What do you miss\nwhen the clinic is closed?\n"
    text += "(3) Who in town does rehab\nwithout knowing it?\n"
    made = draft(read_announcement(text.encode()), SeriesFile(), NOW)
    assert made.questions == (
        "Who?",
        "What do you miss when the clinic is closed?",
        "Who in town does rehab without knowing it?",
    )
