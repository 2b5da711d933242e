"""Queries on how the saying goes: every row as it stands, what is overdue, when to look again. They change nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.messages import Post, Value
from bot.store.outbox import OPEN_STATES, SIDE_KINDS, State, post_of
from bot.store.schema import outbox


def overdue_chats(connection: Connection, places: Collection[str], before: datetime) -> set[str]:
    """The chats with a post on one of these places that nobody tried although it was due `before`.

    A post that waits for one under way is not overdue: it is the place that is slow, and not we who were away.
    """
    other = outbox.alias()
    under_way = (
        select(other.c.id)
        .where(
            other.c.chat == outbox.c.chat,
            other.c.place == outbox.c.place,
            other.c.state.in_(("sending", "retry", "ambiguous")),
        )
        .exists()
    )
    query = select(outbox.c.chat).distinct()
    late = (
        outbox.c.due < before,
        outbox.c.state == "planned",
        outbox.c.place.in_(list(places)),
        outbox.c.kind.not_in(SIDE_KINDS),
    )
    return set(connection.scalars(query.where(*late, ~under_way)))


def calendar_places(connection: Connection, chat: str) -> set[str]:
    """The places in whose calendar a chat was entered, or may have been."""
    query = select(outbox.c.place).where(outbox.c.chat == chat, outbox.c.kind == "calendar", outbox.c.attempts > 0)
    return set(connection.scalars(query))


def unsent_texts(connection: Connection, place: str, chat: str | None) -> list[str]:
    """The texts that a place is still to be told in a chat."""
    query = select(outbox.c.text).where(outbox.c.place == place, outbox.c.chat == chat, outbox.c.state.in_(OPEN_STATES))
    return list(connection.scalars(query))


def next_times(connection: Connection, places: Collection[str]) -> tuple[datetime | None, datetime | None]:
    """When the earliest row of these places is to be said, and when the earliest in doubt is to be looked for."""
    earliest = select(func.min(outbox.c.next_at)).where(outbox.c.place.in_(list(places)))
    say = connection.scalar(earliest.where(outbox.c.state.in_(("planned", "retry"))))
    look = connection.scalar(earliest.where(outbox.c.state.in_(("sending", "ambiguous"))))
    return say, look


class OutboxRow(Value, frozen=True, kw_only=True):
    """A row as it stands, for people who ask how things are, and for starting again."""

    post: Post
    state: State
    next_at: datetime
    attempts: int
    receipt: str | None
    url: str | None
    sent_at: datetime | None
    error: str | None


def outbox_rows(connection: Connection, chat: str | None = None) -> list[OutboxRow]:
    """Every row of a chat (or of all), by its hour."""
    query = select(outbox).order_by(outbox.c.due, outbox.c.id)
    if chat is not None:
        query = query.where(outbox.c.chat == chat)
    return [
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
        for row in connection.execute(query)
    ]
