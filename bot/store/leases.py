"""Leases: which process does what only one may do. PostgreSQL's clock says until when, not the machines'."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, and_, delete, or_, select, update

from bot.store.claims import database_now, database_time
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.schema import metadata

PLANNING = "duty"
"""The lease of the process that plans the chats and looks after them. The name is older than those of the others."""

_RELUCTANCE = timedelta(seconds=4)
"""How long a lease is left to others by a process that has given it up."""

_LONG_DEAD = timedelta(days=1)

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


class Renewal(NamedTuple):
    """The leases that a process has, and whether no other process uses this database."""

    mine: frozenset[str]
    alone: bool


def renew(
    connection: Connection,
    holder: str,
    length: timedelta,
    wanted: Collection[str],
    *,
    given_up: Collection[str] = (),
    reluctantly: Collection[str] = (),
) -> Renewal:
    """Say that a process is alive, give leases up, and renew the wanted ones, or take them where they are free.

    Some are taken `reluctantly`: if nobody else has wanted them for some seconds.
    """
    if given_up:
        _end(connection, holder, leases.c.name.in_(list(given_up)))
    mine = _take(connection, [f"{_ALIVE}{holder}", *wanted], holder, length, timedelta(0))
    mine |= _take(connection, reluctantly, holder, length, _RELUCTANCE)
    return Renewal(mine, not others_alive(connection, holder))


def end(connection: Connection, holder: str) -> None:
    """End all leases of a process, so that others can take over at once."""
    _end(connection, holder)


def others_alive(connection: Connection, holder: str) -> bool:
    """Whether another process uses this database."""
    alive = leases.c.name.startswith(_ALIVE), leases.c.until >= database_now(), leases.c.holder != holder
    return connection.scalar(select(leases.c.holder).where(*alive).limit(1)) is not None


def plans(connection: Connection, holder: str) -> bool:
    """Whether a process still has the lease for planning: asked before the end of what must not be written too late."""
    mine = leases.c.name == PLANNING, leases.c.holder == holder, leases.c.until >= database_now()
    return connection.scalar(select(leases.c.holder).where(*mine)) is not None


def forget_dead(connection: Connection) -> None:
    """Delete what is left of processes that died long ago."""
    connection.execute(
        delete(leases).where(leases.c.name.startswith(_ALIVE), leases.c.until < database_time(-_LONG_DEAD))
    )


def _end(connection: Connection, holder: str, *which: ColumnElement[bool]) -> None:
    over = database_time(-timedelta.resolution)
    connection.execute(update(leases).where(leases.c.holder == holder, *which).values(until=over))


def _take(
    connection: Connection, names: Collection[str], holder: str, length: timedelta, free_for: timedelta
) -> frozenset[str]:
    """Renew or take leases that have been free for so long. The one order keeps processes from blocking each other."""
    if not names:
        return frozenset()
    until = database_time(length)
    statement = dialect_insert(connection, leases).values(
        [{"name": name, "holder": holder, "until": until} for name in sorted(names)]
    )
    taken = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": statement.excluded.holder, "until": statement.excluded.until},
        where=or_(
            and_(leases.c.holder == holder, leases.c.until >= database_now()),
            leases.c.until < database_time(-free_for),
        ),
    ).returning(leases.c.name)
    return frozenset(connection.scalars(taken))
