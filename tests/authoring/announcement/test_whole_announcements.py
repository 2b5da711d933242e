"""Whole announcements in the formats and habits of many communities, each with what is right about it beside it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.authoring.announcement.draft import draft
from bot.authoring.announcement.file_formats import read_announcement
from bot.authoring.announcement.found import Draft
from bot.authoring.chatfile import SeriesFile

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
FOLDER = Path(__file__).parents[2] / "announcements"
RIGHT = sorted(FOLDER.glob("*.json"))


@pytest.fixture(scope="module")
def read() -> list[tuple[str, dict[str, Any], Draft]]:
    """The name of each announcement, what is right about it, and what was read."""
    found = []
    for path in RIGHT:
        source = next(one for one in FOLDER.glob(f"{path.stem}.*") if one != path)
        made = draft(read_announcement(source.read_bytes(), source.name), SeriesFile(), NOW)
        found.append((path.stem, json.loads(path.read_text(encoding="utf-8")), made))
    return found


def asked(made: Draft) -> set[str]:
    return {one.field.split(".")[0] for one in made.doubts if not one.settled}


def plain(text: str) -> str:
    return " ".join(text.split())


def test_dates_and_questions_are_exact_or_asked(read: list[tuple[str, dict[str, Any], Draft]]) -> None:
    inexact = set()
    for name, right, made in read:
        if right["date"] != (str(made.day) if made.day else None):
            assert "starts" in asked(made), name
            inexact |= set() if "starts" in right["must_doubt"] else {name}
        if [plain(one) for one in right["questions"]] != [plain(one) for one in made.questions]:
            assert "questions" in asked(made), name
            inexact |= set() if "questions" in right["must_doubt"] else {name}
    assert len(read) == len(RIGHT) >= 40
    assert len(inexact) <= 2, inexact


def test_what_nobody_can_know_is_asked(read: list[tuple[str, dict[str, Any], Draft]]) -> None:
    for name, right, made in read:
        known = asked(made) | {one.field for one in made.doubts if one.field == "length"}
        assert set(right["must_doubt"]) <= known, name


def test_times_zones_and_lengths_are_exact_or_asked(read: list[tuple[str, dict[str, Any], Draft]]) -> None:
    same_clock = {"America/Toronto": "America/New_York"}
    for name, right, made in read:
        said = right["timezone"]
        assert made.zone in (said, same_clock.get(said)) or "timezone" in asked(made), name
        clock = f"{made.clock:%H:%M}" if made.clock else None
        assert clock == right["time"] or "starts" in asked(made), name
        minutes = f"{made.length.total_seconds() // 60:.0f}m" if made.length else None
        assert minutes == right["length"] or "length" in asked(made), name


def test_titles_hashtags_and_hosts_are_exact_or_asked(read: list[tuple[str, dict[str, Any], Draft]]) -> None:
    for name, right, made in read:
        title = plain(right["title"] or "").rstrip(".").casefold()
        assert made.title.rstrip(".").casefold() == title or "title" in asked(made), name
        assert made.hashtag == right["hashtag"] or "hashtag" in asked(made), name
        hosts = {(one["name"].casefold(), one["x"] or "") for one in right["hosts"]}
        assert {(one.name.casefold(), one.handle) for one in made.hosts} == hosts or "hosts" in asked(made), name
