"""Times before the start of a chat at which people are told of it. Pure.

Days and weeks are those of the calendar (`7d` is seven days before at the same hour by the clock, also if the clocks
change in between); hours and minutes are time that passes (`168h`).
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import PlainValidator

from bot.chat import Before, DaysBefore
from bot.toml.duration import parse_duration

_DAYS = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?", re.ASCII)


def parse_before(value: object) -> Before:
    """A time before the start, written as a duration. Raises PydanticCustomError for what is none."""
    length = parse_duration(value)
    found = _DAYS.match(value) if isinstance(value, str) else None
    days = int(found[1] or 0) * 7 + int(found[2] or 0) if found else 0
    whole = DaysBefore(days=days)
    return DaysBefore(days=days, rest=length - whole.length) if days else length


BeforeStart = Annotated[Before, PlainValidator(parse_before)]
