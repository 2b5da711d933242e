"""Queries on the moderation queue: the messages that wait for a moderator, and why.

The reasons are deleted with the row, and with them the posts about it. Numbers count from 1 in each chat and are never
reused, not even for the same message after an edit: `approve 3` means one message as it was listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Integer, Row, Text, and_, cast, delete, func, select

from bot.messages import Value
from bot.store import planned_posts
from bot.store.database import dialect_insert
from bot.store.message_rows import Ident
from bot.store.message_schema import messages, queue
from bot.store.schema import meta

_encode = msgspec.json.Encoder().encode


class StoredReason(Value, frozen=True, kw_only=True):
    """Why a message waits: the kind of reason, and the characters of the text that it is about."""

    kind: str
    start: int | None = None
    end: int | None = None


_reasons = msgspec.json.Decoder(tuple[StoredReason, ...]).decode


class QueueEntry(Value, frozen=True, kw_only=True):
    """A message in the queue, since `at`."""

    chat: str
    number: int
    place: str
    id: str
    at: datetime
    reasons: tuple[StoredReason, ...]


class QueuedMessage(Value, frozen=True, kw_only=True):
    """A message to put into the queue."""

    chat: str
    place: str
    id: str
    at: datetime
    reasons: tuple[StoredReason, ...] = ()


def enqueue(
    connection: Connection, chat: str, place: str, id: str, at: datetime, reasons: Iterable[StoredReason] = ()
) -> int:
    """Put a message into the queue. Returns its number; a message already there keeps its number and reasons."""
    known = find_by_message(connection, place, id)
    if known is not None:
        return known.number
    one = QueuedMessage(chat=chat, place=place, id=id, at=at, reasons=tuple(reasons))
    return enqueue_all(connection, [one])[0]


def enqueue_all(connection: Connection, added: Sequence[QueuedMessage]) -> list[int]:
    """Put messages into the queue that are not there yet. Returns their numbers."""
    wanted = Counter(one.chat for one in added)
    following = {chat: iter(_next_numbers(connection, chat, count)) for chat, count in sorted(wanted.items())}
    numbers = [next(following[one.chat]) for one in added]
    rows = [
        {
            "chat": one.chat,
            "number": number,
            "place": one.place,
            "id": one.id,
            "at": one.at,
            "reasons": _encode(one.reasons).decode(),
        }
        for one, number in zip(added, numbers, strict=True)
    ]
    if rows:
        connection.execute(dialect_insert(connection, queue).on_conflict_do_nothing(), rows)
    return numbers


def _next_numbers(connection: Connection, chat: str, count: int) -> range:
    """The next numbers of a chat, unique even if two processes ask at once."""
    statement = dialect_insert(connection, meta).values(key=f"queued {chat}", value=str(count))
    more = cast(cast(meta.c.value, Integer) + count, Text)
    counted = statement.on_conflict_do_update(index_elements=["key"], set_={"value": more}).returning(meta.c.value)
    last = int(connection.execute(counted).scalar_one())
    return range(last - count + 1, last + 1)


def waiting_counts(connection: Connection) -> dict[str, int]:
    """The number of waiting messages by chat; chats without any are left out."""
    rows = connection.execute(select(queue.c.chat, func.count()).group_by(queue.c.chat))
    return {chat: number for chat, number in rows}  # noqa: C416 -- a row is no pair to the type checker


def queue_entries(connection: Connection, chat: str) -> list[QueueEntry]:
    """The queue of a chat, in the order in which messages came into it."""
    return [_entry(row) for row in connection.execute(select(queue).where(queue.c.chat == chat).order_by("number"))]


def find(connection: Connection, chat: str, number: int) -> QueueEntry | None:
    """The entry with this number, or None."""
    return _first(connection, queue.c.chat == chat, queue.c.number == number)


def find_by_message(connection: Connection, place: str, id: str) -> QueueEntry | None:
    """The entry for this message, or None."""
    return _first(connection, queue.c.place == place, queue.c.id == id)


def remove_message(connection: Connection, place: str, id: str) -> QueueEntry | None:
    """Take a message out of the queue and delete the posts about it to its author and the team. Returns its entry."""
    entry = find_by_message(connection, place, id)
    if entry is not None:
        remove_entry(connection, entry)
        planned_posts.delete_posts(connection, entry.chat, f"waits-{id}", place)
    return entry


def remove_entry(connection: Connection, entry: QueueEntry) -> set[Ident]:
    """Delete an entry and the posts to the team about it.

    Returns the members of the team whose post was not sent yet.
    """
    connection.execute(delete(queue).where(queue.c.chat == entry.chat, queue.c.number == entry.number))
    planned_posts.delete_posts(connection, entry.chat, "held-%")
    return planned_posts.delete_posts(connection, entry.chat, f"flagged-{entry.number}-%")


_SAME = and_(messages.c.place == queue.c.place, messages.c.id == queue.c.id)


def remove_people(connection: Connection, people: Iterable[Ident]) -> set[str]:
    """Take all messages of these people out of the queue. Returns the chats that had any."""
    chats: set[str] = set()
    for place, author in people:
        query = select(queue.c.id).join(messages, _SAME).where(queue.c.place == place, messages.c.author_id == author)
        entries = [remove_message(connection, place, id) for id in connection.scalars(query).all()]
        chats |= {entry.chat for entry in entries if entry is not None}
    return chats


def _first(connection: Connection, *where: Any) -> QueueEntry | None:  # noqa: ANN401 -- the library's own conditions
    row = connection.execute(select(queue).where(*where)).first()
    return _entry(row) if row else None


def _entry(row: Row[Any]) -> QueueEntry:
    return QueueEntry(
        chat=row.chat, number=row.number, place=row.place, id=row.id, at=row.at, reasons=_reasons(row.reasons)
    )
