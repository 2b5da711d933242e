"""Claims that several processes share on PostgreSQL: confirmed before the call, and given back if it was not made.

A claimed row has the token of its claim. The holder confirms the claim right before the call, and calls only if that
worked; so a claim that was not confirmed can be given back by any process without a look at the platform. A confirmed
one is held until `held_until`, by the clock of the database: the machines' clocks may differ. On SQLite one process
holds all claims, and nothing here is needed.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    Update,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.store.instant import Instant
from bot.store.lock_order import is_shared, posts_in_order
from bot.store.planned_posts import UNPLANNED_KINDS
from bot.store.schema import chats, outbox

_MICROSECOND = timedelta(microseconds=1)


def database_now() -> ColumnElement[int]:
    """This instant by PostgreSQL's clock, also inside a long transaction; in microseconds, as an Instant is stored."""
    return literal_column("(extract(epoch from clock_timestamp()) * 1000000)::bigint", BigInteger)


def database_time(after: timedelta) -> ColumnElement[int]:
    """The instant `after` from now by PostgreSQL's clock."""
    return database_now() + after // _MICROSECOND


def token(holder: str) -> str:
    """A new token for a claim of this process."""
    return f"{holder}-{secrets.token_hex(6)}"


def confirm(connection: Connection, claim: str, ids: Sequence[int], lease: timedelta) -> set[int]:
    """Confirm the claim of these rows right before the calls, which may take until `lease` from now, in wall time.

    Returns the rows whose claim still holds: one that was given back or taken over must not be sent. It works once.
    """
    # What was claimed is on the disk; if this is lost in a crash of the server, the claim is given back.
    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    values = {"ids": list(ids), "token": claim, "lease": lease // _MICROSECOND}
    return set(connection.scalars(_confirming(), values))


@cache
def _confirming() -> ReturningUpdate[int]:
    """Made once: it runs when a post is due."""
    asked = outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.claim == bindparam("token")
    mine = posts_in_order(_unconfirmed(), *asked)
    until = database_now() + bindparam("lease", type_=BigInteger)
    return update(outbox).where(mine).values(held_until=until).returning(outbox.c.id)


def give_back(connection: Connection, chat: str) -> None:
    """Give back the claims on a chat's posts that were not confirmed, whoever holds them, as if never claimed.

    They stay locked until the transaction ends, so nobody claims them before; so does the chat, which whoever plans it
    locks first, too, and what is left of its plan, which is then planned anew in any order.
    """
    if is_shared(connection):
        connection.execute(_locked_chat, {"which": chat})
        connection.execute(_locked_plan, {"which": chat})
        connection.execute(_giving_back("chat"), {"which": chat})


def give_back_overdue(connection: Connection, before: datetime) -> None:
    """Give back the claims on posts that were due `before` and not confirmed: their holder is dead, or cut off.

    Posts that are locked are left alone: the caller may have some itself, and somebody sees to these.
    """
    if is_shared(connection):
        connection.execute(_giving_back("overdue"), {"which": before})


def any_overdue(connection: Connection, before: datetime) -> bool:
    """Whether `give_back_overdue` would give anything back."""
    return is_shared(connection) and connection.scalar(_any_overdue, {"which": before}) is not None


def is_free(holder: str) -> ColumnElement[bool]:
    """Whether no other process than `holder` can be calling a platform with a row that was not just claimed.

    A row without a token was claimed by an earlier version.
    """
    mine = outbox.c.claim.startswith(f"{holder}-", autoescape=True)
    over = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= database_now())
    return and_(or_(outbox.c.claim.is_(None), ~_unconfirmed()), or_(outbox.c.claim.is_(None), mine, over))


def _unconfirmed() -> ColumnElement[bool]:
    return and_(outbox.c.state == "sending", outbox.c.claim.is_not(None), outbox.c.held_until.is_(None))


_locked_chat = select(chats.c.name).where(chats.c.name == bindparam("which")).with_for_update()
_locked_plan = (
    select(outbox.c.id)
    .where(
        outbox.c.chat == bindparam("which"),
        or_(
            _unconfirmed(),
            and_(outbox.c.state.in_(("planned", "paused", "retry", "skipped")), outbox.c.kind.not_in(UNPLANNED_KINDS)),
        ),
    )
    .order_by(outbox.c.id)
    .with_for_update()
)


@cache
def _giving_back(which: Literal["chat", "overdue"]) -> Update:
    """Give back what was not confirmed: of the chat `which`, or due before `which`. Made once: it runs each second."""
    of_chat = outbox.c.chat == bindparam("which", type_=Text)
    overdue = select(outbox.c.id).where(_unconfirmed(), outbox.c.attempted_at < bindparam("which", type_=Instant))
    free = outbox.c.id.in_(overdue.with_for_update(skip_locked=True).scalar_subquery())
    chosen = {"chat": posts_in_order(_unconfirmed(), of_chat), "overdue": free}[which]
    before = func.greatest(outbox.c.attempts - 1, 0)
    state = case((outbox.c.attempts > 1, "retry"), else_="planned")
    values = {"state": state, "attempts": before, "next_at": outbox.c.attempted_at, "claim": None}
    return update(outbox).where(chosen).values(values)


_any_overdue = (
    select(outbox.c.id).where(_unconfirmed(), outbox.c.attempted_at < bindparam("which", type_=Instant)).limit(1)
)
