"""Leases: which process does what only one may do. PostgreSQL's clock says until when, not the machines'."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Column, Connection, Table, Text, or_, select, update

from bot.store.claims import database_now, database_time
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.schema import metadata

DUTY = "duty"
"""The lease of the process that listens on the platforms, plans, and looks after the chats."""

_ALIVE = "alive "
"""Begins the name of the lease that says that a process is alive."""

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
)
"""Who may do something, and until when. Used on PostgreSQL only."""


def renew(connection: Connection, holder: str, length: timedelta) -> bool:
    """Say that a process is alive, and take the duty if it is free or renew it. Returns whether it has the duty."""
    _take(connection, f"{_ALIVE}{holder}", holder, length)
    return _take(connection, DUTY, holder, length)


def end(connection: Connection, holder: str) -> None:
    """End all leases of a process, so that others can take over at once."""
    connection.execute(
        update(leases).where(leases.c.holder == holder).values(until=database_time(-timedelta.resolution))
    )


def others_alive(connection: Connection, holder: str) -> bool:
    """Whether another process uses this database."""
    alive = leases.c.name.startswith(_ALIVE), leases.c.until >= database_now(), leases.c.holder != holder
    return connection.scalar(select(leases.c.holder).where(*alive).limit(1)) is not None


def has_duty(connection: Connection, holder: str) -> bool:
    """Whether a process has the duty, as it is in this transaction: for what must not be written too late."""
    mine = leases.c.name == DUTY, leases.c.holder == holder, leases.c.until >= database_now()
    return connection.scalar(select(leases.c.holder).where(*mine).with_for_update(read=True)) is not None


def _take(connection: Connection, name: str, holder: str, length: timedelta) -> bool:
    values = {"holder": holder, "until": database_time(length)}
    statement = dialect_insert(connection, leases).values({"name": name, **values})
    taken = statement.on_conflict_do_update(
        index_elements=["name"],
        set_=values,
        where=or_(leases.c.holder == holder, leases.c.until < database_now()),
    ).returning(leases.c.holder)
    return connection.scalar(taken) is not None
