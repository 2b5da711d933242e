"""Queries on how each place is, and on what people have to be told about it. For `status` and the hosts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, select

from bot.messages import Value
from bot.store import upsert
from bot.store.schema import concerns, places

State = Literal["connecting", "connected", "down", "lost"]
"""`down` is tried again by itself; `lost` needs somebody to put something right."""


class PlaceStatus(Value, frozen=True, kw_only=True):
    """How a place is, since when, and why."""

    place: str
    state: State
    since: datetime
    reason: str = ""


class Concern(Value, frozen=True, kw_only=True):
    """Something a host or operator has to be told, in plain words. `key` says what makes it the same thing again."""

    key: str
    at: datetime
    place: str
    chat: str | None = None
    text: str


def save_status(connection: Connection, condition: PlaceStatus) -> None:
    """Write down how a place is."""
    row = {
        "name": condition.place,
        "state": condition.state,
        "since": condition.since,
        "reason": condition.reason,
    }
    statement = upsert.dialect_insert(connection, places).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))


def all_statuses(connection: Connection) -> list[PlaceStatus]:
    """How every place was, when it was last written down."""
    rows = connection.execute(select(places).order_by(places.c.name))
    return [PlaceStatus(place=row.name, state=row.state, since=row.since, reason=row.reason) for row in rows]


def add_concern(connection: Connection, concern: Concern) -> bool:
    """Keep a concern; one that is known already stays as it is. Returns whether it was new."""
    row = {
        "key": concern.key,
        "at": concern.at,
        "place": concern.place,
        "chat": concern.chat,
        "text": concern.text,
    }
    made = upsert.dialect_insert(connection, concerns).values(row).on_conflict_do_nothing().returning(concerns.c.key)
    return connection.scalar(made) is not None


def remove_concern(connection: Connection, key: str) -> None:
    """A concern is over; should it come again, it is told again."""
    connection.execute(delete(concerns).where(concerns.c.key == key))


def concerns_since(connection: Connection, since: datetime) -> list[Concern]:
    """Concerns since a moment, the latest last."""
    rows = connection.execute(select(concerns).where(concerns.c.at >= since).order_by(concerns.c.at))
    return [Concern(key=row.key, at=row.at, place=row.place, chat=row.chat, text=row.text) for row in rows]
