"""The dates of a series: at their hour across clock changes and year ends, with breaks and days out of turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.authoring.chatfile import BreakTable, SeriesFile
from bot.authoring.fields import WEEKDAYS
from bot.authoring.loader import load, load_series
from bot.authoring.series_calendar import series_calendar
from bot.authoring.series_dates import off_series, series_dates
from bot.chat import Chat

THURSDAY = datetime(2027, 1, 7, 18, 30)  # noqa: DTZ001 -- a wall clock, as the file has it
CHAT = 'title = "A"\nstarts = {}\n[[questions]]\ntext = "What helps?"\n'
OTALK = 'hashtag = "#A"\ntimezone = "Europe/London"\nweekday = "Tuesday"\ntime = 20:00:00\n'


def series(**values: object) -> SeriesFile:
    return SeriesFile.model_validate({"weekday": "tuesday", "time": time(20), "timezone": "Europe/London"} | values)


def days(values: SeriesFile, since: date, count: int) -> list[str]:
    return [str(one.day) for one in islice(series_dates(values, since), count)]


def test_across_the_clock_changes_and_the_year_end_a_series_keeps_its_hour() -> None:
    found = list(islice(series_dates(series(), date(2026, 3, 24)), 2))
    assert [one.starts for one in found] == [
        datetime(2026, 3, 24, 20, tzinfo=UTC),
        datetime(2026, 3, 31, 19, tzinfo=UTC),
    ]
    assert days(series(), date(2026, 12, 23), 2) == ["2026-12-29", "2027-01-05"]


@given(
    zone=st.sampled_from(
        ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Europe/Dublin"]
    ),
    since=st.dates(date(2010, 1, 1), date(2060, 1, 1)),
    clock=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    weekday=st.sampled_from(WEEKDAYS),
)
def test_every_date_is_on_its_weekday_at_its_hour_or_says_why_not(
    zone: str, since: date, clock: time, weekday: str
) -> None:
    values = series(timezone=zone, time=clock, weekday=weekday)
    found = list(islice(series_dates(values, since), 60))
    assert all(after.day - before.day == timedelta(weeks=1) for before, after in pairwise(found))
    assert since <= found[0].day < since + timedelta(weeks=1)
    for one in found:
        assert WEEKDAYS[one.day.weekday()] == weekday
        if one.starts is None:
            assert "does not exist" in one.why or "comes twice" in one.why
        else:
            local = one.starts.astimezone(ZoneInfo(zone))
            assert (local.date(), local.time()) == (one.day, clock)
            assert off_series(local.replace(tzinfo=None), values) is None


@pytest.mark.parametrize(
    ("repeats", "expected"),
    [
        ("weekly", ["2027-01-05", "2027-01-12", "2027-01-19"]),
        ("Fortnightly", ["2027-01-12", "2027-01-26", "2027-02-09"]),
        ("first", ["2027-01-05", "2027-02-02", "2027-03-02"]),
        ("the first and third of the month", ["2027-01-05", "2027-01-19", "2027-02-02"]),
        ("last", ["2027-01-26", "2027-02-23", "2027-03-30"]),
    ],
)
def test_how_often(repeats: str, expected: list[str]) -> None:
    assert days(series(repeats=repeats, since=date(2026, 9, 8)), date(2027, 1, 1), 3) == expected


def test_breaks_days_out_of_turn_and_an_end() -> None:
    pause = BreakTable.model_validate({"from": date(2026, 12, 20), "to": date(2027, 1, 5), "reason": "Christmas"})
    values = series(breaks=[pause], extra=[date(2026, 12, 22), THURSDAY], until=date(2027, 1, 12))
    found = list(series_dates(values, date(2026, 12, 16)))
    assert [(str(one.day), one.is_break) for one in found] == [
        ("2026-12-22", False), ("2026-12-29", True), ("2027-01-05", True), ("2027-01-07", False), ("2027-01-12", False),
    ]  # fmt: skip
    assert found[1].why == "Christmas"
    assert found[3].starts == datetime(2027, 1, 7, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "more", "doubt"),
    [
        ("2027-01-05T20:00:00", "", ""),
        ("2027-01-06T20:00:00", "", "is on a Wednesday, and the series is on Tuesdays"),
        ("2027-01-05T19:00:00", "", "is at 19:00, and the series is at 20:00"),
        ("2027-01-12T20:00:00", 'repeats = "first"\n', "dates around then are 5 January 2027 and 2 February 2027."),
        ("2027-01-06T20:00:00", "extra = [2027-01-06]\n", ""),
        ("2027-01-06T18:00:00", "extra = [2027-01-06T18:00:00]\n", ""),
        ("2027-01-05T20:00:00", "breaks = [{from = 2026-12-20, to = 2027-01-05, reason = 'a'}]\n", "of the series (a)"),
        ("2027-01-05T20:00:00", "since = 2027-02-02\n", "no chat then; its dates around then are 2 February"),
        ("2027-01-05T20:00:00", "until = 2026-02-03\n", "no chat then; its dates around then are 3 February 2026."),
    ],
)  # fmt: skip
def test_a_chat_on_another_day_asks(tmp_path: Path, starts: str, more: str, doubt: str) -> None:
    (tmp_path / "series.toml").write_text(OTALK + more)
    (tmp_path / "a.toml").write_text(CHAT.format(starts))
    loaded = load(tmp_path / "a.toml")
    assert loaded.chat is not None
    assert [one.severity for one in loaded.problems] == ["warning"] * bool(doubt)
    assert all(doubt in one.message for one in loaded.problems)


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ('repeats = "sometimes"', 'write "weekly", "fortnightly", or weeks of the month'),
        ('repeats = "fortnightly"', "write the first date: since = 2027-01-05"),
        ("since = 2027-01-05T20:00:00", "write a date without quotes, like 2027-01-05"),
        ("breaks = [{from = 2027-01-05, to = 2027-01-01}]", "'to' is before 'from'"),
        ("breaks = [{to = 2027-01-01}]", "'from' is missing"),
        ('extra = ["Thursday"]', "write a date and time without quotes"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, line: str, mistake: str) -> None:
    (tmp_path / "series.toml").write_text(f"{OTALK}{line}\n")
    (problem,) = load_series(tmp_path / "series.toml")
    assert (problem.line, problem.severity) == (5, "error")
    assert mistake in problem.message


def test_the_calendar_has_what_is_planned_called_off_and_free(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text(f"{OTALK}breaks = [{{from = 2027-01-12}}]\n")
    starts = {"on": "2027-01-05T20:00:00", "off": "2027-01-19T20:00:00", "other": "2027-01-07T20:00:00"}
    chats: list[Chat] = []
    for name, start in starts.items():
        (tmp_path / f"{name}.toml").write_text(CHAT.format(start))
        chat = load(tmp_path / f"{name}.toml").chat
        assert chat
        chats.append(chat)
    off = next(one.name for one in chats if one.name.endswith("off"))
    now = datetime(2027, 1, 1, tzinfo=UTC)
    found = series_calendar(
        series(breaks=[BreakTable.model_validate({"from": date(2027, 1, 12)})]), chats, {off}, now=now, count=4
    )
    shown = [(one.day.day, one.state, one.title, one.note) for one in found]
    assert shown == [
        (5, "planned", "A", ""),
        (7, "planned", "A", "not one of the series' dates"),
        (12, "break", "", ""),
        (19, "free", "", ""),
        (19, "called off", "A", ""),
        (26, "free", "", ""),
    ]


def test_a_chat_of_today_that_has_begun_is_not_ahead() -> None:
    now = datetime(2027, 1, 5, 20, 30, tzinfo=UTC)
    (first,) = series_calendar(series(), [], (), now=now, count=1)
    assert str(first.day) == "2027-01-12"
    until = takewhile(lambda one: one.day < date(2027, 2, 1), series_dates(series(), date(2027, 1, 1)))
    assert len(list(until)) == 4
