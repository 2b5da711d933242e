"""X's ids tell the time: a snowflake's upper bits are milliseconds. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime.fromtimestamp(1288834974.657, UTC)
_SHIFT = 22
_SECOND = timedelta(seconds=1)


def time_of(id: str) -> datetime:
    """When the post with this id was made, UTC, to the millisecond. Raises ValueError if it is not digits."""
    return _EPOCH + timedelta(milliseconds=int(id) >> _SHIFT)


def exact(id: str, told: datetime | None) -> datetime:
    """When something was made. X tells the second; the id knows the millisecond, which tells before from after."""
    made = time_of(id)
    return made if told is None or told <= made < told + _SECOND else told


def before(at: datetime) -> str:
    """The largest id that is older than every post made at `at` or later: X reads what is newer than an id."""
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    return str(max(1, (milliseconds << _SHIFT) - 1))
