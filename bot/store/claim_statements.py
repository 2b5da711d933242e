"""The statements that claim posts. Each is made once, with parameters: making one takes longer than running it."""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.store import claims, post_parts
from bot.store.instant import Instant
from bot.store.post_states import OPEN_STATES, SIDE_KINDS
from bot.store.schema import outbox


@cache
def due_claim(*, shared: bool) -> ReturningUpdate[Any]:
    """Claim what is due at a place, with the parameters that `outbox.claim` gives. `shared`: by several processes."""
    now = bindparam("now", type_=Instant)
    attempt = case((outbox.c.next_at > now, outbox.c.next_at), else_=now)
    wanted = (
        select(outbox.c.id)
        .where(
            outbox.c.place == bindparam("here"),
            outbox.c.state.in_(("planned", "retry")),
            outbox.c.next_at <= bindparam("horizon", type_=Instant),
            outbox.c.expires > now,
            ~_blocked_by_earlier(bindparam("since", type_=Instant), bindparam("mine", type_=Text)),
            post_parts.follows_a_sent_part(),
        )
        .order_by(outbox.c.next_at, outbox.c.id)
    )
    values: dict[str, Any] = {"state": "sending", "attempts": outbox.c.attempts + 1, "attempted_at": attempt}
    values["held_until"] = None
    values["next_at"] = type_coerce(attempt, BigInteger) + bindparam("lease", type_=BigInteger)
    return _claim_of(wanted, values, shared=shared)


def _blocked_by_earlier(since: ColumnElement[datetime], mine: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an earlier row of the same chat and place must be sent first, besides those with claims like `mine`.

    SQLite would look through all that is open at the place, for each row, if it could find the place in an index.
    """
    other = outbox.alias()
    return (
        select(other.c.id)
        .where(
            other.c.chat == outbox.c.chat,
            other.c.place.concat("") == outbox.c.place,
            other.c.state.in_(OPEN_STATES),
            other.c.kind.not_in(SIDE_KINDS),
            outbox.c.kind.not_in(SIDE_KINDS),
            or_(other.c.due < outbox.c.due, and_(other.c.due == outbox.c.due, other.c.id < outbox.c.id)),
            other.c.due > since,
            or_(other.c.state != "sending", other.c.claim.is_(None), other.c.claim.not_like(mine)),
        )
        .exists()
    )


@lru_cache
def ambiguous_claim(holder: str | None) -> ReturningUpdate[Any]:
    """Claim what is in doubt at a place, for this one of several processes; None: there are no others."""
    wanted = (
        select(outbox.c.id)
        .where(
            outbox.c.place == bindparam("here"),
            outbox.c.state.in_(("sending", "ambiguous")),
            outbox.c.next_at <= bindparam("now", type_=Instant),
            outbox.c.id.not_in(bindparam("busy", expanding=True)),
        )
        .order_by(outbox.c.next_at, outbox.c.id)
    )
    if holder is not None:
        wanted = wanted.where(claims.is_free(holder))
    values = {"state": "ambiguous", "next_at": bindparam("again", type_=Instant)}
    return _claim_of(wanted, values, shared=holder is not None)


def _claim_of(wanted: Select[int], values: dict[str, Any], *, shared: bool) -> ReturningUpdate[Any]:
    wanted = wanted.limit(bindparam("most"))
    if shared:
        wanted = wanted.with_for_update(skip_locked=True)
    chosen = outbox.c.id.in_(wanted.scalar_subquery())
    return update(outbox).where(chosen).values(values | {"claim": bindparam("token")}).returning(*outbox.c)
