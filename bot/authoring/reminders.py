"""Reminders: how long before its start a chat is announced. Pure.

Days and weeks are those of the calendar (`7d` is seven days before at the same hour by the clock, also if the clocks
change in between); hours and minutes are time that passes (`168h`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import PlainValidator

from bot.toml.duration import parse_duration

_DAYS = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?", re.ASCII)


@dataclass(frozen=True)
class Before:
    """A time before the start: days by the calendar, and `rest` before that."""

    days: int
    rest: timedelta

    @property
    def length(self) -> timedelta:
        """How long it is with days of 24 hours."""
        return timedelta(days=self.days) + self.rest

    def of(self, starts: datetime, timezone: str) -> timedelta:
        """How long it is before this start. An hour that clocks skip is taken as the one after it."""
        zone = ZoneInfo(timezone)
        local = (starts.astimezone(zone) - timedelta(days=self.days)).replace(fold=0)
        return starts.astimezone(UTC) - local.astimezone(UTC) + self.rest


def parse_before(value: object) -> Before:
    """A time before the start, written as a duration. Raises PydanticCustomError for what is none."""
    length = parse_duration(value)
    found = _DAYS.match(value) if isinstance(value, str) else None
    days = int(found[1] or 0) * 7 + int(found[2] or 0) if found else 0
    return Before(days, length - timedelta(days=days))


Reminder = Annotated[Before, PlainValidator(parse_before)]
