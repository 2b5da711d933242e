"""Time zones as hosts write them, and starts that are unlikely: each is doubted or explained, and none is guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.authoring.loader import Loaded, load
from bot.authoring.timezones import known_timezones, timezone_mistake
from bot.authoring.zone_names import meaning_of
from bot.authoring.zone_words import FIXED

JULY, JANUARY = "2027-07-13T20:30:00", "2027-01-12T20:30:00"


def loaded(folder: Path, starts: str, zone: str, now: datetime | None = None) -> Loaded:
    path = folder / "c.toml"
    text = f'title = "T"\nstarts = {starts}\ntimezone = "{zone}"\n[[questions]]\ntext = "Who?"\n'
    path.write_text(text, encoding="utf-8")
    return load(path, now=now)


def doubts(found: Loaded) -> list[str]:
    assert found.chat, found.problems
    return [f"{one.line}:{one.column}: {one.message}" for one in found.problems]


@pytest.mark.parametrize(
    ("written", "places"),
    [
        *((name, ["Europe/London"]) for name in ("BST", "bst", "B.S.T.", "UK", "UK time", "Scotland", "England")),
        *((name, ["Europe/London"]) for name in ("Wales", "london", "London time", "GMT/BST", "London, UK")),
        *((name, ["Europe/Dublin"]) for name in ("Ireland", "Irish time", "Dublin")),
        *((name, ["America/New_York"]) for name in ("ET", "est", "EDT", "Eastern", "US Eastern Time", "new york")),
        *((name, ["America/Los_Angeles"]) for name in ("Pacific", "PT", "PDT")),
        *((name, ["Europe/Berlin"]) for name in ("Deutschland", "Germany")),
        *((name, ["Pacific/Auckland"]) for name in ("New Zealand", "NZST", "nz")),
        ("Singapore time", ["Asia/Singapore"]),
        ("Zürich", ["Europe/Zurich"]),
        ("Japan time", ["Asia/Tokyo"]),
        ("utc", ["UTC"]),
        ("AEST (Sydney)", ["Australia/Sydney"]),
        *((name, ["Europe/London"]) for name in ("BST (UTC+1)", "Europe/Scotland", "UK/London", "N. Ireland")),
        *((name, ["Asia/Kolkata"]) for name in ("Asia/Bombay", "Asia/Delhi", "Indian Standard Time")),
        ("CEST", ["Europe/Berlin", "Europe/Paris", "Europe/Madrid"]),
        ("IST", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
        ("CST", ["America/Chicago", "Asia/Shanghai", "America/Havana"]),
        ("AEST", ["Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane"]),
        ("Georgia", ["Asia/Tbilisi", "America/New_York"]),
        ("PST", ["America/Los_Angeles", "Asia/Manila"]),
        ("USA", ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"]),
    ],
)
def test_a_common_name_leads_to_its_place_or_to_a_question(written: str, places: list[str]) -> None:
    message = timezone_mistake(written)
    assert message
    assert re.findall(r"[\"']((?:\w+/[\w/]+|UTC))[\"']", message.replace(f"'{written}'", "")) == places


@pytest.mark.parametrize(
    "written",
    ["Mars", "Londn", "XST", "BTS", "B", "New Yrok", "Bishkeck", "now", "", "UK/Ireland", "US/East"],
)
def test_no_place_is_guessed_from_a_spelling(written: str) -> None:
    assert "name a place on the same clock" in (timezone_mistake(written) or "")


def test_a_letter_in_the_name_of_a_zone_may_be_wrong() -> None:
    for written in ("Europe/Londn", "europe/london"):
        assert timezone_mistake(written) == f"'{written}' is not a known time zone; did you mean 'Europe/London'?"


def test_every_place_that_is_named_is_a_zone() -> None:
    names = ("gmt", "cet", "est", "mst", "ast", "ict", "canada", "mexico", "russia", "europe", "indonesia", "central")
    found = [known for name in names if (known := meaning_of(name))]
    assert len(found) == len(names)
    assert {place for one in found for place in one.places} | {*FIXED.values()} <= known_timezones()


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("EST", 'at 20:30 EST the clocks in New York show 21:30 (EDT). Write "America/New_York"'),
        ("GMT", 'at 20:30 GMT the clocks in London show 21:30 (BST). Write "Europe/London"'),
        ("Etc/GMT", 'Write "Europe/London"'),
        ("MST", 'Write "America/Denver"'),
        ("CET", "is read as the clock of Brussels, which shows summer time (CEST) then"),
        ("EET", "is read as the clock of Athens"),
    ],
)
def test_an_abbreviation_is_doubted_in_summer_only(tmp_path: Path, zone: str, words: str) -> None:
    (doubt,) = doubts(loaded(tmp_path, JULY, zone))
    assert doubt.startswith(f"3:12: '{zone}' ")
    assert words in doubt
    assert doubts(loaded(tmp_path, JANUARY, zone)) == []


@pytest.mark.parametrize("zone", ["UTC", "HST", "Asia/Tokyo", "EST5EDT", "Africa/Abidjan", "Europe/London"])
def test_other_zones_are_not_doubted(tmp_path: Path, zone: str) -> None:
    assert doubts(loaded(tmp_path, JULY, zone)) == []


def test_a_chat_that_is_over_is_doubted_and_stays_a_chat(tmp_path: Path) -> None:
    zone, start = "Europe/London", "2025-12-09T20:00:00"
    (doubt,) = doubts(loaded(tmp_path, start, zone, datetime(2026, 11, 29, tzinfo=UTC)))
    assert doubt.startswith("2:10: 'starts' is on 9 December 2025, so the chat is over; is the year right?")
    assert doubts(loaded(tmp_path, start, zone, datetime(2025, 12, 9, 20, 59, tzinfo=UTC))) == []
    assert len(doubts(loaded(tmp_path, start, zone, datetime(2025, 12, 9, 21, 0, tzinfo=UTC)))) == 1
    assert doubts(loaded(tmp_path, start, zone)) == []


@pytest.mark.parametrize(
    ("written", "starts"),
    [
        ("2027-07-13T20:30", datetime(2027, 7, 13, 19, 30, tzinfo=UTC)),
        ("2027-07-13 20:30  # in the evening", datetime(2027, 7, 13, 19, 30, tzinfo=UTC)),
        ("2027-10-31T01:30+00:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        ("2027-10-31T01:30Z", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_start_needs_no_seconds(tmp_path: Path, written: str, starts: datetime) -> None:
    found = loaded(tmp_path, written, "Europe/London")
    assert doubts(found) == []
    assert found.chat
    assert found.chat.starts == starts
    assert loaded(tmp_path, written.replace("20:30", "25:30").replace("01:30", "01:70"), "Europe/London").chat is None


def test_neither_does_the_time_of_a_series(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text("time = 20:30\n", encoding="utf-8")
    found = loaded(tmp_path, "2027-07-13", "Europe/London")
    assert found.chat
    assert found.chat.starts == datetime(2027, 7, 13, 19, 30, tzinfo=UTC)


def test_a_text_about_a_time_stays_as_it_is(tmp_path: Path) -> None:
    path, at = tmp_path / "c.toml", "starts = 2027-07-13T20:30"
    text = f"title = 'T'\n{at}\ntimezone = 'UTC'\nwelcome = '''\nHello\n{at}\n'''\n"
    path.write_text(text + '[[questions]]\ntext = "Who?"\n', encoding="utf-8")
    chat = load(path).chat
    assert chat
    assert chat.welcome == "Hello\nstarts = 2027-07-13T20:30"
