"""Times, places and names as English text, for the page and for Markdown. Pure.

Times are in the chat's own zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import clock_time
from bot.live.attribution import AFTER, BEFORE
from bot.local_dates import short_date, spoken_date, zone_initials
from bot.messages import Author
from bot.reporting.record import Record
from bot.reporting.rounding import divide_rounded
from bot.translation import ENGLISH, _, language, ngettext, pending

_UNIT = 1000
_SIXTY = 60
_FIXED = "\N{NO-BREAK SPACE}"
_SECTIONS = {BEFORE: pending("Before the first question"), AFTER: pending("After the end")}


class LocalTimes:
    """Times in a chat's own zone. The date is given only if it is not the chat's."""

    def __init__(self, record: Record) -> None:
        self._zone = ZoneInfo(record.chat.timezone)
        self._starts = self.local(record.chat.starts)
        self._ends = self.local(record.ends)
        self._known: dict[int, str] = {}

    def local(self, at: datetime) -> datetime:
        """The time in the chat's zone."""
        return at.astimezone(self._zone)

    def time(self, at: datetime) -> str:
        """`20:12`, or `12 Oct 2020, 20:12` on another day. In the hour that comes twice it names its zone."""
        minute = int(at.timestamp()) // _SIXTY
        if minute not in self._known:
            self._known[minute] = self._time(self.local(at))
        return self._known[minute]

    def _time(self, here: datetime) -> str:
        day = "" if here.date() == self._starts.date() else f"{short_date(here)}, "
        return f"{day}{clock_time(here)}"

    def span(self) -> str:
        """`Tuesday 13 October 2020, 20:00-21:00 BST (Europe/London)`."""
        starts, ends = f"{self._starts:%H:%M}", self.time(self._ends).removesuffix(f" {self._ends:%Z}")
        if self._starts.utcoffset() != self._ends.utcoffset():  # the clocks change meanwhile
            starts = f"{starts} {zone_initials(self._starts)}"
        return f"{self.day()}, {starts}\N{EN DASH}{ends} {zone_initials(self._ends)} ({self._zone.key})"

    def day(self) -> str:
        """`Tuesday 13 October 2020`."""
        return spoken_date(self._starts)


def place_label(place: str) -> str:
    """A place's name for readers."""
    return _("Room") if place == "room" else place[:1].upper() + place[1:]


def on_place(place: str) -> str:
    """`on X`, but `in the room`."""
    return _("in the room") if place == "room" else _("on {place}").format(place=place_label(place))


def display_name(author: Author) -> str:
    """A person's name, else the handle, else the platform's id."""
    return author.name.strip() or author.handle.strip() or author.id.strip() or _("Someone")


def section_label(key: str) -> str:
    """`Q1`, or what stands above the messages before the first question or after the end."""
    return _(_SECTIONS[key]) if key in _SECTIONS else key.upper()


def counted(count: int, text: str) -> str:
    """A text with the number of things in it: `1,204 posts` for `{count} posts`."""
    return text.format(count=grouped(count))


def listed(names: Sequence[str]) -> str:
    """`Kate`, `Kate and Sam`, `Kate, Sam and Ann`."""
    *others, last = names or ("",)
    return _("{names} and {last}").format(names=", ".join(others), last=last) if others else last


def named(names: Sequence[str], most: int) -> str:
    """The names, and how many others there are if they are more than `most`: `Kate, Sam and 2 others`."""
    if len(names) <= most:
        return listed(names)
    others = len(names) - most + 1
    return listed([*names[: most - 1], counted(others, ngettext("{count} other", "{count} others", others))])


def gap_note(place: str, since: str, until: str) -> str:
    """The note for a gap."""
    said = _("Nothing was heard {on_place} from {since} to {until}.")
    return said.format(on_place=on_place(place), since=since, until=until)


def grouped(count: int) -> str:
    """A whole number with its thousands apart: `1,234`."""
    if language() == ENGLISH:
        return f"{count:,}"
    from babel.numbers import format_decimal  # noqa: PLC0415 -- most communities speak English

    return format_decimal(count, locale=language())


def short_number(count: int | None) -> str:
    """A number in the usual short form: `950`, `270.128K`, `1.235M`; `n/a` for None. It is only usual in English."""
    if count is None:
        return _("n/a")
    if language() != ENGLISH:
        return grouped(count)
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
    parts = {_("h"): hours, _("min"): minutes, _("s"): 0 if hours else seconds % _SIXTY}
    return " ".join(f"{count}{_FIXED}{unit}" for unit, count in parts.items() if count) or f"0{_FIXED}{_('s')}"
