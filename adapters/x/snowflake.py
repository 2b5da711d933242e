"""Times from X's ids: the upper bits of a snowflake are milliseconds. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime.fromtimestamp(1288834974.657, UTC)
_SHIFT = 22
_SECOND = timedelta(seconds=1)


def time_of(id: str) -> datetime:
    """The time of the post with this id, UTC, to the millisecond. Raises ValueError if it isn't digits."""
    return _EPOCH + timedelta(milliseconds=int(id) >> _SHIFT)


def exact_time(id: str, told: datetime | None) -> datetime:
    """The time to the millisecond, from the id; X itself reports seconds, which leave the order of events open."""
    made = time_of(id)
    return made if told is None or told <= made < told + _SECOND else told


def id_before(at: datetime) -> str:
    """The largest id below those of all posts made at `at` or later, since X reads posts after an id."""
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    return str(max(1, (milliseconds << _SHIFT) - 1))
