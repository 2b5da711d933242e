"""When a chat begins, roughly, by a glance at its file: which of thousands to read first. Nothing is checked here."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.authoring.chat_folder import SERIES

_HEAD = 4096
"""Bytes of a file in which the start is looked for."""

_STARTS = re.compile(rb"^\s*starts\s*=\s*[\"']?(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d))?", re.MULTILINE)
_TIMEZONE = re.compile(rb"^\s*timezone\s*=\s*[\"']([^\"'\n]+)[\"']", re.MULTILINE)
_EVENING = b"20:00"


def rough_start(path: Path) -> datetime | None:
    """The start that a chat file names, in UTC; None if none is found. A date alone stands for its evening."""
    own = _head(path)
    found = _STARTS.search(own)
    if found is None:
        return None
    zone = _TIMEZONE.search(own) or _TIMEZONE.search(_head(path.with_name(SERIES)))
    try:
        wall = datetime.fromisoformat(f"{found[1].decode()}T{(found[2] or _EVENING).decode()}")
        return wall.replace(tzinfo=ZoneInfo(zone[1].decode()) if zone else UTC).astimezone(UTC)
    except (ValueError, KeyError, OSError, OverflowError):  # no such date, no such zone
        return None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""
