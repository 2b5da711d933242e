"""How times, places and figures are said to a reader. Pure.

English, on the clock of the chat's own zone. Nothing here knows whether it is written to a page or to Markdown.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.messages import Author
from bot.reporting.numbers import RULES, Tally, whole
from bot.reporting.record import Record

FIGURES = {
    "posts": "Posts",
    "participants": "Participants",
    "posts_per_hour": "Average posts per hour",
    "posts_per_participant": "Average posts per participant",
    "impressions": "Impressions",
    "views": "Views",
    "window_minutes": "Minutes counted",
}

_UNIT = 1000


class Hours:
    """The clock of one chat. A day is named only where it is not the day of the chat."""

    def __init__(self, record: Record) -> None:
        self._zone = ZoneInfo(record.chat.timezone)
        self._starts = self.local(record.chat.starts)
        self._ends = self.local(record.ends)

    def local(self, at: datetime) -> datetime:
        """The same instant on this clock."""
        return at.astimezone(self._zone)

    def say(self, at: datetime) -> str:
        """`20:12`, or `12 Oct 2020, 20:12` on another day."""
        here = self.local(at)
        day = "" if here.date() == self._starts.date() else f"{here.day} {here:%b %Y}, "
        return f"{day}{here:%H:%M}"

    def span(self) -> str:
        """`Tuesday 13 October 2020, 20:00-21:00 BST (Europe/London)`."""
        return (
            f"{self.day()}, {self._starts:%H:%M}\N{EN DASH}{self.say(self._ends)} {self._starts:%Z} ({self._zone.key})"
        )

    def day(self) -> str:
        """`Tuesday 13 October 2020`."""
        return f"{self._starts:%A} {self._starts.day} {self._starts:%B %Y}"


def label(place: str) -> str:
    """A place's name as a reader knows it."""
    return place[:1].upper() + place[1:]


def where(place: str) -> str:
    """`on X`; our own room is something to be in."""
    return "in the room" if place == "room" else f"on {label(place)}"


def called(author: Author) -> str:
    """A person's name, else the handle, else what the platform knows them by."""
    return author.name.strip() or author.handle.strip() or author.id.strip() or "Someone"


def silence(place: str, since: str, until: str) -> str:
    """What to say about a gap."""
    return f"Nothing was heard {where(place)} from {since} to {until}."


def figures(tally: Tally) -> list[tuple[str, str, str]]:
    """Each figure as its name, its value as people write it, and its rule."""
    values = {
        **{name: f"{count:,}" for name in FIGURES if isinstance(count := getattr(tally, name), int)},
        "impressions": short(tally.impressions),
    }
    return [(title, values[name], RULES[name]) for name, title in FIGURES.items() if name in values]


def short(count: int | None) -> str:
    """Impressions as people know them: `950`, `270.128K`, `1.235M`; `n/a` where there are none."""
    if count is None:
        return "n/a"
    if count < _UNIT:
        return f"{count}"
    rest = count
    for unit in "KM":
        if rest < _UNIT * _UNIT:
            return f"{rest // _UNIT}.{rest % _UNIT:03}{unit}"
        rest = whole(rest, _UNIT)
    return f"{rest // _UNIT:,}.{rest % _UNIT:03}B"
