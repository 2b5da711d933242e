"""When a chat posts first and begins, roughly, by a glance at its file: which of thousands to read first.

Nothing is checked here.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from bot.toml.duration import parse_duration

_HEAD = 4096
"""Bytes of a file in which the start is looked for."""

_STARTS = re.compile(rb"^\s*starts\s*=\s*[\"']?(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d))?", re.MULTILINE)
_TIMEZONE = re.compile(rb"^\s*timezone\s*=\s*[\"']([^\"'\n]+)[\"']", re.MULTILINE)
_REMINDERS = re.compile(rb"^\s*reminders\s*=\s*\[([^\]]*)\]", re.MULTILINE)
_ANNOUNCEMENT = re.compile(rb"^\s*announcement\s*=([^\n]*)", re.MULTILINE)
_QUOTED = re.compile(r"[\"']([^\"'\n]*)[\"']")
_EVENING = b"20:00"


def rough_times(own: bytes, series: bytes = b"") -> tuple[datetime, datetime] | None:
    """The time of the first post and the start that a chat file names, in UTC; None if no start is found.

    A date alone stands for its evening. `series` is the file that it shares with others.
    """
    own, series = own[:_HEAD], series[:_HEAD]
    found = _STARTS.search(own)
    if found is None:
        return None
    zone = _TIMEZONE.search(own) or _TIMEZONE.search(series)
    ahead = [one.search(own) or one.search(series) for one in (_REMINDERS, _ANNOUNCEMENT)]
    try:
        wall = datetime.fromisoformat(f"{found[1].decode()}T{(found[2] or _EVENING).decode()}")
        starts = wall.replace(tzinfo=ZoneInfo(zone[1].decode()) if zone else UTC).astimezone(UTC)
        return starts - _longest(b" ".join(one[1] for one in ahead if one)), starts
    except (ValueError, KeyError, OSError, OverflowError):  # no such date, no such zone
        return None


def _longest(written: bytes) -> timedelta:
    """The longest of these times before the start; what is none is left out."""
    found = [timedelta(0)]
    for one in _QUOTED.findall(written.decode(errors="replace")):
        with suppress(PydanticCustomError):
            found.append(parse_duration(one))
    return max(found)
