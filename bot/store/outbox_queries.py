"""Queries on the outbox besides claims: its rows, overdue chats, skipping late posts, and moderation actions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)

from bot.messages import ActionKind, Image, Post, Value
from bot.store.instant import Instant
from bot.store.lock_order import posts_in_order
from bot.store.outbox import post_of
from bot.store.post_states import OPEN_STATES, SIDE_KINDS, State
from bot.store.schema import outbox

_OTHER, _LATER, _ELSEWHERE = outbox.alias(), outbox.alias(), outbox.alias()
"""More rows in the same query. Made once: each has all columns anew."""

_RETRY_WINDOW = timedelta(minutes=20)
"""No pause between two attempts is longer, so an overdue post is due within it."""

_STILL_OPEN = "state IN ('planned', 'paused', 'retry')"
"""Rows that can expire, written as in the migration: the condition of the index `outbox_open`."""

# Asked for every second, so they are put together only once.

_BEFORE, _SOON = bindparam("before", type_=Instant), bindparam("soon", type_=Instant)
_HERE = outbox.c.place.in_(bindparam("places", expanding=True))

_OVERDUE = (
    outbox.c.due < _BEFORE,
    outbox.c.next_at < bindparam("tried_by", type_=Instant),
    outbox.c.state == "planned",
    outbox.c.place.in_(bindparam("reachable", expanding=True)),
    outbox.c.kind.not_in(SIDE_KINDS),
    ~select(_OTHER.c.id)
    .where(
        _OTHER.c.chat == outbox.c.chat,
        _OTHER.c.place == outbox.c.place,
        _OTHER.c.state.in_(("sending", "retry", "ambiguous")),
    )
    .exists(),
)
_overdue = select(outbox.c.chat).distinct().where(*_OVERDUE)

_EXPIRED = text(_STILL_OPEN), outbox.c.expires <= bindparam("now", type_=Instant)
_PASSED = (
    _HERE,
    outbox.c.state.in_(("planned", "retry")),
    outbox.c.next_at <= _SOON,
    outbox.c.due <= _BEFORE,
    outbox.c.kind.in_(("welcome", "rules", "question")),
    select(_LATER.c.id)
    .where(
        _LATER.c.chat == outbox.c.chat,
        _LATER.c.place == outbox.c.place,
        _LATER.c.due > outbox.c.due,
        _LATER.c.due <= _BEFORE,
        _LATER.c.kind.in_(("question", "closing")),
        select(_ELSEWHERE.c.id)
        .where(_ELSEWHERE.c.chat == _LATER.c.chat, _ELSEWHERE.c.key == _LATER.c.key, _ELSEWHERE.c.state == "sent")
        .exists(),
    )
    .exists(),
)
_outdated = union_all(  # the overdue chats, and an empty name if there is something to skip
    select(literal("")).where(or_(*(select(outbox.c.id).where(*which).exists() for which in (_EXPIRED, _PASSED)))),
    _overdue,
)


def overdue_chats(connection: Connection, places: Collection[str], before: datetime) -> set[str]:
    """The chats with an untried post on one of these places that was due `before`.

    A post that waits for another being sent is not overdue: the place is slow, but the bot was not away.
    """
    return set(connection.scalars(_overdue, _values_of_overdue(places, before)))


def calendar_places(connection: Connection, chat: str) -> set[str]:
    """The places whose calendar has, or may have, an entry for a chat."""
    query = select(outbox.c.place).where(outbox.c.chat == chat, outbox.c.kind == "calendar", outbox.c.attempts > 0)
    return set(connection.scalars(query))


def has_begun(connection: Connection, chat: str) -> bool:
    """Whether any post of a chat was tried, apart from reminders and calendar entries, which come before it."""
    tried = outbox.c.chat == chat, outbox.c.attempts > 0, outbox.c.kind.in_(("welcome", "rules", "question", "closing"))
    return connection.scalar(select(outbox.c.id).where(*tried).limit(1)) is not None


def unsent_texts(connection: Connection, place: str, chat: str | None) -> list[str]:
    """The texts of a chat that are not sent to a place yet."""
    query = select(outbox.c.text).where(outbox.c.place == place, outbox.c.chat == chat, outbox.c.state.in_(OPEN_STATES))
    return list(connection.scalars(query))


def due_ids(connection: Connection, place: str, now: datetime, until: datetime) -> set[int]:
    """The rows of a place, in the order of a chat's posts, that are due by `until`, not expired, and never tried."""
    query = select(outbox.c.id).where(
        outbox.c.place == place,
        outbox.c.state == "planned",
        outbox.c.next_at <= until,
        outbox.c.expires > now,
        outbox.c.kind.not_in(SIDE_KINDS),
    )
    return set(connection.scalars(query))


class OutboxRow(Value, frozen=True, kw_only=True):
    """A row of the outbox."""

    post: Post
    state: State
    next_at: datetime
    attempts: int
    receipt: str | None
    url: str | None
    sent_at: datetime | None
    error: str | None


class Upcoming(NamedTuple):
    """A planned post: when it is due, and its kind."""

    at: datetime
    kind: str


def planned_times(
    connection: Connection, places: Collection[str], chats: Collection[str] | None = None
) -> dict[str, tuple[Upcoming, ...]]:
    """When the planned posts of some chats, or of all, are due on these places, in order of time."""
    query = select(outbox.c.chat, outbox.c.due, outbox.c.kind, outbox.c.place, outbox.c.state)
    # by chat alone, or SQLite goes through all planned posts of these places
    wanted = outbox.c.state == "planned" if chats is None else outbox.c.chat.in_(list(chats))
    found: dict[str, list[Upcoming]] = defaultdict(list)
    for chat, due, kind, place, state in connection.execute(query.where(wanted).order_by(outbox.c.due)):
        if state == "planned" and place in places:
            found[chat].append(Upcoming(due, kind))
    return {chat: tuple(due) for chat, due in found.items()}


def sent_images(connection: Connection) -> dict[tuple[str, str], Image]:
    """The images of posts that are out, by place and the platform's id."""
    rows = connection.execute(select(outbox).where(outbox.c.image.is_not(None), outbox.c.receipt.is_not(None)))
    return {(row.place, row.receipt): image for row in rows if (image := post_of(row).image)}


def rows_by_chat(connection: Connection, chats: Collection[str], *, lock: bool = False) -> dict[str, list[OutboxRow]]:
    """Every row of these chats, in order of its due time. With `lock` no other process claims one meanwhile."""
    found: dict[str, list[OutboxRow]] = defaultdict(list)
    for row in _rows(connection, select(outbox).where(outbox.c.chat.in_(list(chats))), lock=lock):
        found[row.post.chat].append(row)
    return found


def outbox_rows(connection: Connection, chat: str | None = None) -> list[OutboxRow]:
    """Every row of one chat or of all, in order of its due time."""
    query = select(outbox)
    return _rows(connection, query if chat is None else query.where(outbox.c.chat == chat))


def _rows(connection: Connection, query: Select[Any], *, lock: bool = False) -> list[OutboxRow]:
    """The rows in order of their due time; they are locked in the order of their ids, as everywhere."""
    order = [outbox.c.id] if lock else [outbox.c.due, outbox.c.id]
    found = connection.execute((query.with_for_update() if lock else query).order_by(*order))
    rows = [
        OutboxRow(
            post=post_of(row),
            state=row.state,
            next_at=row.next_at,
            attempts=row.attempts,
            receipt=row.receipt,
            url=row.url,
            sent_at=row.sent_at,
            error=row.error,
        )
        for row in found
    ]
    return sorted(rows, key=lambda row: row.post.due) if lock else rows


def outdated(
    connection: Connection, places: Collection[str], reachable: Collection[str], now: datetime, before: datetime
) -> tuple[bool, set[str]]:
    """Whether `skip_outdated` has anything to do, and the overdue chats in the reachable places."""
    values = {"now": now, **_passing(places, now, before), **_values_of_overdue(reachable, before)}
    found = set(connection.scalars(_outdated, values))
    return "" in found, found - {""}


def skip_outdated(
    connection: Connection, places: Collection[str], now: datetime, before: datetime
) -> tuple[list[Post], list[Post]]:
    """Skip expired posts, then those that were passed over. Returns both."""
    return skip_expired(connection, now), skip_superseded(connection, places, now, before)


def skip_expired(connection: Connection, now: datetime) -> list[Post]:
    """Skip expired posts and return them. A post that may have been sent is not touched."""
    skipped = update(outbox).where(posts_in_order(*_EXPIRED)).values(state="skipped", error="its time was over")
    return [post_of(row) for row in connection.execute(skipped.returning(*outbox.c), {"now": now})]


def skip_superseded(connection: Connection, places: Collection[str], now: datetime, before: datetime) -> list[Post]:
    """Skip questions due `before` that a place missed while a later one was asked on another place. Returns them.

    A post that may have been sent is not touched.
    """
    why = "the chat went on elsewhere while this place could not be reached"
    skipped = update(outbox).where(posts_in_order(*_PASSED)).values(state="skipped", error=why)
    rows = connection.execute(skipped.returning(*outbox.c), _passing(places, now, before))
    return [post_of(row) for row in rows]


def _values_of_overdue(reachable: Collection[str], before: datetime) -> dict[str, object]:
    """The values for `_OVERDUE`."""
    return {"reachable": list(reachable), "before": before, "tried_by": before + _RETRY_WINDOW}


def _passing(places: Collection[str], now: datetime, before: datetime) -> dict[str, object]:
    """The values for `_PASSED`."""
    return {"places": list(places), "before": before, "soon": now + _RETRY_WINDOW}


class TakenAction(Value, frozen=True, kw_only=True):
    """A moderation action on a message: its row in the outbox, and the row's state."""

    row: int
    kind: ActionKind
    state: State


def actions_on(connection: Connection, chat: str, place: str, message: str) -> list[TakenAction]:
    """All moderation actions that were planned for a message, the latest last."""
    keys = [outbox.c.key.startswith(f"{kind}-{message}", autoescape=True) for kind in ("hide", "show", "delete")]
    query = select(outbox).where(outbox.c.chat == chat, outbox.c.place == place, outbox.c.kind == "measure", or_(*keys))
    posts = [(row.id, post_of(row), row.state) for row in connection.execute(query.order_by(outbox.c.id))]
    return [
        TakenAction(row=row, kind=post.action.kind, state=state)
        for row, post, state in posts
        if post.action is not None and post.action.message == message
    ]


def cancel_action(connection: Connection, row: int) -> bool:
    """Skip a moderation action that was not tried yet. Returns whether that was in time."""
    untried = outbox.c.id == row, outbox.c.state == "planned", outbox.c.attempts == 0
    skipped = update(outbox).where(*untried).values(state="skipped", error="decided otherwise meanwhile")
    return connection.execute(skipped).rowcount > 0
