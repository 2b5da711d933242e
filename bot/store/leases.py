"""Leases: which process does what only one may do. PostgreSQL's clock says until when, not the machines'."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Column, Connection, Table, Text, and_, collate, delete, or_, select, update

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

    Some are taken `reluctantly`: if nobody has had them for some seconds, be it this process after a lost answer.
    """
    names = sorted({f"{_ALIVE}{holder}", *wanted, *given_up, *reluctantly})
    name, is_mine = leases.c.name, and_(leases.c.holder == holder, leases.c.until >= database_now())
    until, over = database_time(length), database_time(-timedelta.resolution)
    # One statement, in the order of the names: two processes that lock rows in different orders could block each other.
    statement = dialect_insert(connection, leases).values(
        [{"name": one, "holder": holder, "until": over if one in given_up else until} for one in names]
    )
    taken = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": statement.excluded.holder, "until": statement.excluded.until},
        where=or_(
            and_(is_mine, name.not_in(list(reluctantly))),
            and_(leases.c.until < database_now(), name.not_in([*given_up, *reluctantly])),
            and_(leases.c.until < database_time(-_RELUCTANCE), name.in_(list(reluctantly))),
        ),
    ).returning(name)
    mine = frozenset(connection.scalars(taken)).difference(given_up)
    return Renewal(mine, not others_alive(connection, holder))


def end(connection: Connection, holder: str) -> None:
    """End all leases of a process, so that others can take over at once."""
    is_mine = leases.c.holder == holder
    in_order = select(leases.c.name).where(is_mine).order_by(collate(leases.c.name, "C"))  # that of `renew`
    connection.execute(in_order.with_for_update())
    connection.execute(update(leases).where(is_mine).values(until=database_time(-timedelta.resolution)))


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
