"""Queries that claim posts and save their outcomes. Each is one small transaction.

Claims are guarded, so that several processes can share a database: PostgreSQL skips locked rows, SQLite takes the write
lock first. The transitions between states are decided in `bot.scheduling.post_transitions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Executable,
    Row,
    bindparam,
    case,
    literal,
    select,
    update,
)

from bot.messages import CalendarEntry, Edited, Image, PlatformAction, Post, Posted, Value
from bot.store import claim_statements, claims, post_parts
from bot.store.instant import Instant
from bot.store.lock_order import is_shared
from bot.store.messages import append_events
from bot.store.post_states import OPENING_KINDS, State
from bot.store.schema import outbox

MOST_CLAIMED = 1000
"""The most rows of a place that are claimed in one statement."""

# Made once, as they are needed for every post: to make one takes longer than to run it.

_sent_posts = (
    select(outbox.c.chat, outbox.c.place, outbox.c.key, outbox.c.part, outbox.c.kind, outbox.c.receipt)
    .where(outbox.c.state == "sent", outbox.c.chat.in_(bindparam("chats", expanding=True)))
    .order_by(outbox.c.sent_at.desc())
)
_held_rows = (
    select(outbox.c.id, outbox.c.state, outbox.c.claim)
    .where(outbox.c.id.in_(bindparam("rows", expanding=True)))
    .order_by(outbox.c.id)
    .with_for_update()
)
_outcome = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("state", "next_at", "attempts", "error", "receipt", "url", "sent_at", "claim")
        }
    )
)


class ClaimedPost(Value, frozen=True, kw_only=True):
    """A claimed row: the post, the attempts so far, and the token of the claim."""

    id: int
    post: Post
    expires: datetime
    attempts: int
    attempted_at: datetime
    claim: str | None = None


class PostOutcome(Value, frozen=True, kw_only=True):
    """The new state of a row, and when it is due again. `edited` is an edited post, with its chat.

    It counts only while the `claim` holds; None: whatever claim there is. With `cut_anew` its text is replaced by
    several, of which it gets the first.
    """

    id: int
    state: State
    next_at: datetime
    attempts: int
    error: str | None = None
    receipt: str | None = None
    url: str | None = None
    sent_at: datetime | None = None
    posted: Posted | None = None
    edited: tuple[str, Edited] | None = None
    cut_anew: tuple[str, ...] = ()
    claim: str | None = None


def claim(  # noqa: PLR0913 -- the times are each of its own
    connection: Connection,
    place: str,
    *,
    now: datetime,
    until: datetime,
    lease: timedelta,
    patience: timedelta,
    holder: str = "",
    ahead: bool = False,
    limit: int = MOST_CLAIMED,
) -> list[ClaimedPost]:
    """Claim the rows of a place that are due by `until`, and record the attempt before it is made.

    The attempt's time is `now` or the row's due time, whichever is later; the lease ends `lease` after it.
    A row waits for an unfinished earlier row of its chat, unless that one is overdue by more than `patience`; a part of
    a split post waits until the one before it is sent, however long. `holder` is the process that claims. With `ahead`
    a row doesn't wait for those that the holder has claimed already: it keeps to their order itself.
    """
    mine = f"{holder}-%" if ahead else ""
    times = {
        "now": now,
        "horizon": until,
        "since": now - patience,
        "mine": mine,
        "lease": lease // timedelta(microseconds=1),
    }
    statement = claim_statements.due_claim(shared=is_shared(connection))
    return claimed_posts(connection, statement, {"here": place, "most": limit, "token": claims.token(holder)} | times)


def claim_ambiguous(
    connection: Connection,
    place: str,
    *,
    now: datetime,
    lease: timedelta,
    busy: Iterable[int],
    holder: str = "",
    limit: int = 100,
) -> list[ClaimedPost]:
    """Claim rows that never got an answer and whose lease is over. `busy` are rows that this process still holds.

    `holder` is this process; the lease of another one is over by the clock of the database.
    """
    statement = claim_statements.ambiguous_claim(holder if is_shared(connection) else None)
    which = {"here": place, "now": now, "busy": list(busy), "most": limit}
    return claimed_posts(connection, statement, {"again": now + lease, "token": claims.token(holder)} | which)


def shorten_leases(connection: Connection, place: str, until: datetime) -> None:
    """Let a dead process's claims on a place end by `until`, or when the post is due: it must not be sent before."""
    time = case((outbox.c.attempted_at > until, outbox.c.attempted_at), else_=literal(until, Instant))
    held = outbox.c.place == place, outbox.c.state == "sending", outbox.c.next_at > time
    connection.execute(update(outbox).where(*held).values(next_at=time))


def claimed_posts(
    connection: Connection, query: Executable, values: Mapping[str, object] | None = None
) -> list[ClaimedPost]:
    """The posts of rows claimed by this query with these values, with their parents, in the order of their attempts."""
    items = [_claimed_post(row) for row in connection.execute(query, values)]
    return _with_parents(connection, sorted(items, key=lambda item: (item.attempted_at, item.id)))


def _claimed_post(row: Row[Any]) -> ClaimedPost:
    return ClaimedPost(
        id=row.id,
        post=post_of(row),
        expires=row.expires,
        attempts=row.attempts,
        attempted_at=row.attempted_at,
        claim=row.claim,
    )


def _with_parents(connection: Connection, items: list[ClaimedPost]) -> list[ClaimedPost]:
    """The posts with their parents: the part before each, and the chat's first post on its place."""
    chats = list({item.post.chat for item in items})
    rows = connection.execute(_sent_posts, {"chats": chats}).all() if items else ()
    parts = {(row.chat, row.place, row.key, row.part): row.receipt for row in rows}
    openings = {(row.chat, row.place): row.receipt for row in rows if row.kind in OPENING_KINDS and row.part == 1}
    return [msgspec.structs.replace(item, post=_with_parent(item.post, parts, openings)) for item in items]


def _with_parent(post: Post, parts: dict[tuple[str, str, str, int], str], openings: dict[tuple[str, str], str]) -> Post:
    before = post.reply_to or parts.get((post.chat, post.place, post.key, post.part - 1))
    return msgspec.structs.replace(post, reply_to=before, opening=openings.get((post.chat, post.place)))


def post_of(row: Row[Any]) -> Post:
    """The post of a row, as planned."""
    return Post(
        chat=row.chat,
        key=row.key,
        place=row.place,
        part=row.part,
        kind=row.kind,
        text=row.text,
        image=msgspec.json.decode(row.image, type=Image) if row.image else None,
        calendar_entry=msgspec.json.decode(row.meeting, type=CalendarEntry) if row.meeting else None,
        reply_to=row.reply_to,
        repeats=row.repeats,
        to=row.to,
        edits=row.amends,
        action=msgspec.json.decode(row.measure, type=PlatformAction) if row.measure else None,
        nonce=row.nonce,
        due=row.due,
    )


def save_outcomes(connection: Connection, outcomes: Sequence[PostOutcome]) -> None:
    """Save the outcomes of claimed rows, and append the bot's own posts to the event log, all or nothing.

    The parts after one that failed are skipped. An outcome whose claim was taken over meanwhile is dropped, unless the
    post was sent.
    """
    outcomes = _valid(connection, outcomes)
    if not outcomes:
        return
    connection.execute(
        _outcome,
        [
            {
                "row": one.id,
                "new_state": one.state,
                "new_next_at": one.next_at,
                "new_attempts": one.attempts,
                "new_error": one.error,
                "new_receipt": one.receipt,
                "new_url": one.url,
                "new_sent_at": one.sent_at,
                "new_claim": one.claim if one.state == "ambiguous" else None,
            }
            for one in outcomes
        ],
    )
    if refused := [one.id for one in outcomes if one.state == "failed"]:
        post_parts.skip_later_parts(connection, refused)
    for one in outcomes:
        if one.cut_anew:
            post_parts.cut_anew(connection, one.id, one.cut_anew)
    append_events(connection, [(one.posted.chat, one.posted) for one in outcomes if one.posted])
    append_events(connection, [one.edited for one in outcomes if one.edited])


def _valid(connection: Connection, outcomes: Sequence[PostOutcome]) -> list[PostOutcome]:
    """The outcomes whose claims still hold, or that are the first to report a post as sent. The rows are locked."""
    rows = {row.id: row for row in connection.execute(_held_rows, {"rows": [one.id for one in outcomes]})}

    def holds(one: PostOutcome) -> bool:
        row = rows.get(one.id)
        if row is None:
            return False
        return one.claim in (None, row.claim) or (one.state == "sent" and row.state != "sent")

    return [one for one in outcomes if holds(one)]
