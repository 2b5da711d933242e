"""An instant in a table: whole microseconds since 1970 UTC, exact, ordered, and the same in every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(value: datetime) -> int:
    """An instant as it is stored. A naive one raises TypeError."""
    return (value - _EPOCH) // _MICROSECOND


def instant(stored: int) -> datetime:
    """The instant that is stored as this number, in UTC."""
    return _EPOCH + stored * _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970 UTC. A naive one raises TypeError."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 -- the library's signature
        """To the database."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 -- the library's signature
        """From the database, in UTC."""
        return None if value is None else instant(value)
