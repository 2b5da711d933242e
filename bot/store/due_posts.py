"""Says when posts are due, claims those of all places in one transaction, and finds claims whose answers were lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, literal, select, true, union_all

from bot.messages import Value
from bot.store import claims
from bot.store.outbox import (
    MOST_CLAIMED,
    ClaimedPost,
    PostOutcome,
    claim,
    claim_ambiguous,
    claimed_posts,
    save_outcomes,
)
from bot.store.schema import outbox

_LOOKUP_LEASE = timedelta(seconds=1)
"""The shortest time that a post to be looked up is held."""

_IN_A_ROW = 10
"""The most posts of a chat on a place that are claimed at once. More are claimed with the next tick."""

_TO_SEND, _TO_LOOK_UP = ("planned", "retry"), ("sending", "ambiguous")
"""The states in which a row is sent, or looked up, at its next time."""


class NextTimes(NamedTuple):
    """When the next row is to be sent, and when the next ambiguous one is to be looked up; None if there is none."""

    send: datetime | None = None
    look_up: datetime | None = None


class DuePosts(Value, frozen=True, kw_only=True):
    """Claimed posts: those to send, and those to look up first. `next_times` are those of all places together."""

    to_send: list[ClaimedPost]
    to_look_up: list[ClaimedPost]
    next_times: NextTimes


class ClaimTimes(Value, frozen=True, kw_only=True):
    """The times of a claim of the posts due by `until`. `patience` is how long a post waits for the one before it.

    Claims of posts that were due before `unconfirmed`, and were not confirmed since, are given back.
    """

    now: datetime
    until: datetime
    patience: timedelta
    unconfirmed: datetime


def next_times(connection: Connection, places: Collection[str]) -> dict[str, NextTimes]:
    """The next times of these places that have any, in the same order."""
    found: dict[str, NextTimes] = {}
    for place, state, at in connection.execute(_earliest(tuple(places))) if places else ():
        if at is not None:
            known = found.get(place, NextTimes())
            found[place] = _first([known, NextTimes(send=at) if state in _TO_SEND else NextTimes(look_up=at)])
    return {place: found[place] for place in places if place in found}


@cache
def _earliest(places: tuple[str, ...]) -> Select[Any]:
    """The earliest row of each place and state, which the index gives at once.

    It is one subquery for all of them: PostgreSQL takes three times as long to plan one for each as to run them.
    """
    here = union_all(*(select(literal(place).label("place")) for place in places)).subquery()
    states = union_all(*(select(literal(state).label("state")) for state in (*_TO_SEND, *_TO_LOOK_UP))).subquery()
    at = select(func.min(outbox.c.next_at)).where(outbox.c.place == here.c.place, outbox.c.state == states.c.state)
    return select(here.c.place, states.c.state, at.scalar_subquery()).select_from(here.join(states, true()))


def _first(times: Collection[NextTimes]) -> NextTimes:
    """The next times of several places together."""
    sends, look_ups = [one.send for one in times if one.send], [one.look_up for one in times if one.look_up]
    return NextTimes(min(sends, default=None), min(look_ups, default=None))


def next_times_and_overdue(
    connection: Connection, places: Collection[str], unconfirmed: datetime
) -> tuple[NextTimes, bool]:
    """The next times of these places together, and whether there are claims to give back. Nothing is written."""
    return _first(next_times(connection, places).values()), claims.any_overdue(connection, unconfirmed)


def claim_due(
    connection: Connection,
    leases: Mapping[str, timedelta],
    times: ClaimTimes,
    *,
    holder: str,
    busy: Collection[int],
    outcomes: Sequence[PostOutcome] = (),
    ahead: bool = False,
) -> DuePosts:
    """Claim what is due on all these places, each with its lease, in one transaction: no place waits for another.

    Outcomes are saved first: others may wait for these posts. With `ahead` the posts that follow in the same chats are
    claimed as well, which the holder sends in their order.
    """
    if outcomes:
        save_outcomes(connection, outcomes)
    claims.give_back_overdue(connection, times.unconfirmed)
    to_send, to_look_up = list[ClaimedPost](), list[ClaimedPost]()
    times_of = next_times(connection, leases.keys())
    for place, (send, look_up) in times_of.items():
        for _ in range(_IN_A_ROW if ahead else 1) if send and send <= times.until else ():
            found = claim(
                connection,
                place,
                now=times.now,
                until=times.until,
                lease=leases[place],
                patience=times.patience,
                holder=holder,
                ahead=ahead,
            )
            to_send += found
            if len(found) not in range(1, MOST_CLAIMED):
                break  # there are no more, or too many for one transaction
        if look_up and look_up <= times.now:
            longer = max(leases[place], _LOOKUP_LEASE)
            held = [*busy, *(item.id for item in to_send)]
            to_look_up += claim_ambiguous(connection, place, now=times.now, lease=longer, busy=held, holder=holder)
    if to_send or to_look_up:
        times_of = next_times(connection, leases.keys())
    return DuePosts(to_send=to_send, to_look_up=to_look_up, next_times=_first(times_of.values()))


def claimed_by(connection: Connection, holder: str, busy: Collection[int]) -> list[ClaimedPost]:
    """The posts that this process has claimed to send, besides those of which it knows."""
    mine = outbox.c.claim.startswith(f"{holder}-", autoescape=True), outbox.c.state == "sending"
    return claimed_posts(connection, select(outbox).where(*mine, outbox.c.id.not_in(list(busy))))
