"""Times, places and names as English text, for the page and for Markdown. Pure.

Times are in the chat's own zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import clock_time
from bot.live.attribution import AFTER, BEFORE
from bot.messages import Author
from bot.reporting.record import Record
from bot.reporting.rounding import divide_rounded

_UNIT = 1000
_SIXTY = 60
_FIXED = "\N{NO-BREAK SPACE}"
_SECTIONS = {BEFORE: "Before the first question", AFTER: "After the end"}


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


def section_label(key: str) -> str:
    """`Q1`, or what stands above the messages before the first question or after the end."""
    return _SECTIONS.get(key) or key.upper()


def counted(count: int, one: str, many: str = "") -> str:
    """`1 post`, `1,204 posts`; `many` where an `s` is not enough."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def listed(names: Sequence[str]) -> str:
    """`Kate`, `Kate and Sam`, `Kate, Sam and Ann`."""
    *others, last = names or ("",)
    return f"{', '.join(others)} and {last}" if others else last


def named(names: Sequence[str], most: int) -> str:
    """The names, and how many others there are if they are more than `most`: `Kate, Sam and 2 others`."""
    return listed(names if len(names) <= most else [*names[: most - 1], counted(len(names) - most + 1, "other")])


def gap_note(place: str, since: str, until: str) -> str:
    """The note for a gap."""
    return f"Nothing was heard {on_place(place)} from {since} to {until}."


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


def duration(seconds: int) -> str:
    """A length of time: `40 s`, `2 min 5 s`, `1 h 5 min`. A number and its unit stay on one line."""
    hours, minutes = divmod(seconds // _SIXTY, _SIXTY)
    parts = {"h": hours, "min": minutes, "s": 0 if hours else seconds % _SIXTY}
    return " ".join(f"{count}{_FIXED}{unit}" for unit, count in parts.items() if count) or f"0{_FIXED}s"
