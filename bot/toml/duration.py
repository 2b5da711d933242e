"""Durations as people write them: `90s`, `10m`, `1h30m`. durationpy reads them; no other notation is accepted.

`Duration` and `Wait` are types for pydantic models; a `Wait` may be zero (`0s`).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

import durationpy
from pydantic import BeforeValidator, PlainSerializer

from bot.toml.validation import custom_error
from bot.translation import lazy

MAX_DURATION = timedelta(days=366)

# durationpy skips unknown text between two parts, and reads `mm` as months and `1.2.3` as an error of its own
_WRITTEN = re.compile(
    r"(?=.{1,40}$)(?:\d+w)?(?:\d+d)?(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m)?(?:\d+(?:\.\d+)?s)?", re.ASCII
)


def parse_duration(value: object) -> timedelta:
    """A duration above zero. Raises PydanticCustomError with a message for the person who wrote it."""
    length = parse_wait(value)
    if not length:
        raise custom_error(lazy("it must be longer than nothing"))
    return length


def parse_wait(value: object) -> timedelta:
    """A duration that may be zero, from text or a default in code. Raises PydanticCustomError."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        raise custom_error(lazy('write it like "10m"'))
    try:
        length = durationpy.from_str(value)
    except durationpy.DurationError:
        length = timedelta.max
    if length > MAX_DURATION:
        raise custom_error(lazy("that is longer than a year"))
    return timedelta(microseconds=length // timedelta(microseconds=1))


def format_duration(length: timedelta) -> str:
    """A duration as a person would write it: `1h30m`."""
    return str(durationpy.to_str(length)) if length else "0s"


_AS_WRITTEN = PlainSerializer(format_duration, when_used="json")

Duration = Annotated[timedelta, BeforeValidator(parse_duration), _AS_WRITTEN]
Wait = Annotated[timedelta, BeforeValidator(parse_wait), _AS_WRITTEN]
