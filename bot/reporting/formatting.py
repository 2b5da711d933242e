"""Times, places, names and figures as English text, for the page and for Markdown. Pure.

Times are in the chat's own zone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import clock_time
from bot.messages import Author
from bot.reporting.numbers import Figures, divide_rounded, rules
from bot.reporting.record import Record

LABELS = {
    "posts": "Posts",
    "participants": "Participants",
    "posts_per_hour": "Average posts per hour",
    "posts_per_participant": "Average posts per participant",
    "impressions": "Impressions",
    "views": "Views",
    "window_minutes": "Minutes counted",
}

_UNIT = 1000


class LocalTimes:
    """Times in a chat's own zone. The date is given only if it is not the chat's."""

    def __init__(self, record: Record) -> None:
        self._zone = ZoneInfo(record.chat.timezone)
        self._starts = self.local(record.chat.starts)
        self._ends = self.local(record.ends)

    def local(self, at: datetime) -> datetime:
        """The time in the chat's zone."""
        return at.astimezone(self._zone)

    def time(self, at: datetime) -> str:
        """`20:12`, or `12 Oct 2020, 20:12` on another day. In the hour that comes twice it names its zone."""
        here = self.local(at)
        day = "" if here.date() == self._starts.date() else f"{here.day} {here:%b %Y}, "
        return f"{day}{clock_time(here)}"

    def span(self) -> str:
        """`Tuesday 13 October 2020, 20:00-21:00 BST (Europe/London)`."""
        starts, ends = f"{self._starts:%H:%M}", self.time(self._ends).removesuffix(f" {self._ends:%Z}")
        if self._starts.utcoffset() != self._ends.utcoffset():  # the clocks change meanwhile
            starts = f"{starts} {self._starts:%Z}"
        return f"{self.day()}, {starts}\N{EN DASH}{ends} {self._ends:%Z} ({self._zone.key})"

    def day(self) -> str:
        """`Tuesday 13 October 2020`."""
        return f"{self._starts:%A} {self._starts.day} {self._starts:%B %Y}"


def place_label(place: str) -> str:
    """A place's name for readers."""
    return place[:1].upper() + place[1:]


def on_place(place: str) -> str:
    """`on X`, but `in the room`."""
    return "in the room" if place == "room" else f"on {place_label(place)}"


def display_name(author: Author) -> str:
    """A person's name, else the handle, else the platform's id."""
    return author.name.strip() or author.handle.strip() or author.id.strip() or "Someone"


def gap_note(place: str, since: str, until: str) -> str:
    """The note for a gap."""
    return f"Nothing was heard {on_place(place)} from {since} to {until}."


def figures(numbers: Figures, window: timedelta) -> list[tuple[str, str, str]]:
    """The label, the formatted value and the rule of each figure. Posts count until `window` after the end."""
    printed = rules(window)
    values = {
        **{name: f"{count:,}" for name in LABELS if isinstance(count := getattr(numbers, name), int)},
        "impressions": short_number(numbers.impressions),
    }
    return [(label, values[name], printed[name]) for name, label in LABELS.items() if name in values]


def short_number(count: int | None) -> str:
    """A number in the usual short form: `950`, `270.128K`, `1.235M`; `n/a` for None."""
    if count is None:
        return "n/a"
    if count < _UNIT:
        return f"{count}"
    rest = count
    for unit in "KM":
        if rest < _UNIT * _UNIT:
            return f"{rest // _UNIT}.{rest % _UNIT:03}{unit}"
        rest = divide_rounded(rest, _UNIT)
    return f"{rest // _UNIT:,}.{rest % _UNIT:03}B"
