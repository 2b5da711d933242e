"""Claims what is due on all places in one transaction, and finds claims again whose answers were lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.messages import Value
from bot.store import claims, outbox_queries
from bot.store.outbox import (
    MOST_CLAIMED,
    ClaimedPost,
    PostOutcome,
    claim,
    claim_ambiguous,
    claimed_posts,
    save_outcomes,
)
from bot.store.outbox_queries import NextTimes
from bot.store.schema import outbox

_LOOKUP_LEASE = timedelta(seconds=1)
"""The shortest time that a post to be looked up is held."""


_IN_A_ROW = 10
"""The most posts of a chat on a place that are claimed at once. More are claimed with the next tick."""


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


def next_times_and_overdue(
    connection: Connection, places: Collection[str], unconfirmed: datetime
) -> tuple[NextTimes, bool]:
    """The next times of these places together, and whether there are claims to give back. Nothing is written."""
    times = outbox_queries.next_times(connection, places)
    return outbox_queries.earliest(times.values()), claims.any_overdue(connection, unconfirmed)


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
    next_times = outbox_queries.next_times(connection, leases.keys())
    for place, (send, look_up) in next_times.items():
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
        next_times = outbox_queries.next_times(connection, leases.keys())
    return DuePosts(to_send=to_send, to_look_up=to_look_up, next_times=outbox_queries.earliest(next_times.values()))


def claimed_by(connection: Connection, holder: str, busy: Collection[int]) -> list[ClaimedPost]:
    """The posts that this process has claimed to send, besides those of which it knows."""
    mine = outbox.c.claim.startswith(f"{holder}-", autoescape=True), outbox.c.state == "sending"
    return claimed_posts(connection, select(outbox).where(*mine, outbox.c.id.not_in(list(busy))))
