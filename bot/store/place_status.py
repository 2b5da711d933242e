"""Queries on the status of places, and on concerns: problems that a host or operator should know of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, select

from bot.messages import Value
from bot.store.database import dialect_insert
from bot.store.schema import concerns, places

State = Literal["connecting", "connected", "posting", "down", "lost"]
"""`posting`: posts go out, but nothing is heard. `down` is retried; `lost` needs a person to fix something first."""


class PlaceStatus(Value, frozen=True, kw_only=True):
    """The state of a place, since when, and the reason."""

    place: str
    state: State
    since: datetime
    reason: str = ""


class Concern(Value, frozen=True, kw_only=True):
    """A problem in plain words for a host or an operator. The same problem has the same `key`."""

    key: str
    at: datetime
    place: str
    chat: str | None = None
    text: str


def save_statuses(connection: Connection, statuses: Iterable[PlaceStatus]) -> None:
    """Insert or update the status of places."""
    for one in sorted(statuses, key=lambda one: one.place):
        row = {"name": one.place, "state": one.state, "since": one.since, "reason": one.reason}
        statement = dialect_insert(connection, places).values(row)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))


def all_statuses(connection: Connection) -> list[PlaceStatus]:
    """The saved status of every place."""
    rows = connection.execute(select(places).order_by(places.c.name))
    return [PlaceStatus(place=row.name, state=row.state, since=row.since, reason=row.reason) for row in rows]


def add_concern(connection: Connection, concern: Concern) -> bool:
    """Insert a concern; one with the same key stays as it is. Returns whether it was new."""
    row = {
        "key": concern.key,
        "at": concern.at,
        "place": concern.place,
        "chat": concern.chat,
        "text": concern.text,
    }
    inserted = dialect_insert(connection, concerns).values(row).on_conflict_do_nothing().returning(concerns.c.key)
    return connection.scalar(inserted) is not None


def remove_concern(connection: Connection, key: str) -> None:
    """Delete a concern that is over; if it comes again, it counts as new."""
    connection.execute(delete(concerns).where(concerns.c.key == key))


def concerns_since(connection: Connection, since: datetime) -> list[Concern]:
    """Concerns since `since`, the latest last."""
    rows = connection.execute(select(concerns).where(concerns.c.at >= since).order_by(concerns.c.at))
    return [_concern(row) for row in rows]


def concerns_at(connection: Connection, place: str) -> list[Concern]:
    """The concerns about a place, the latest last."""
    rows = connection.execute(select(concerns).where(concerns.c.place == place).order_by(concerns.c.at))
    return [_concern(row) for row in rows]


def concerns_of(connection: Connection, chat: str) -> list[Concern]:
    """The concerns about a chat, the latest last."""
    rows = connection.execute(select(concerns).where(concerns.c.chat == chat).order_by(concerns.c.at))
    return [_concern(row) for row in rows]


def _concern(row: Row[Any]) -> Concern:
    return Concern(key=row.key, at=row.at, place=row.place, chat=row.chat, text=row.text)
