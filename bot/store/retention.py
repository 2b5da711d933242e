"""Queries on retention: which chats ended so long ago that something of them is to go, and what stays in its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, get_args

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Table, Text, delete, select, update

from bot.messages import AnyEvent, Author
from bot.messages.keyed_ids import NOBODY
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.lock_order import lock_rows, posts_in_order
from bot.store.message_rows import Ident
from bot.store.message_schema import events, messages, people, queue
from bot.store.messages import append_events
from bot.store.schema import chats, commands, metadata, outbox

What = Literal["held", "events", "accounts"]
"""What is deleted: words that were held or dropped, all that is not published, or the platforms' ids of accounts."""


class DueChat(NamedTuple):
    """A chat of which something is to be deleted some time after its end."""

    name: str
    ends: datetime


retention = Table(
    "retention",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""What was deleted of a chat already, and when."""

_event = msgspec.json.Decoder[AnyEvent](AnyEvent).decode
_author = msgspec.json.Decoder(Author).decode

_NOTHING: Mapping[str, object] = {
    "author_id": NOBODY,
    "author": msgspec.json.encode(Author(id=NOBODY)).decode(),
    "text": "",
    "url": None,
    "gone": True,
}
"""What stays of a message that is not shown: its place among the others."""


def due_chats(connection: Connection, what: What, before: datetime, limit: int) -> list[str]:
    """Chats that ended before an instant and still have it, the oldest first."""
    done = select(retention.c.chat).where(retention.c.what == what)
    query = select(chats.c.name).where(chats.c.ends < before, chats.c.name.not_in(done))
    return list(connection.scalars(query.order_by(chats.c.ends, chats.c.name).limit(limit)))


def next_chats(connection: Connection) -> dict[What, DueChat]:
    """The chat of which something is deleted next; nothing where there is none."""
    found: dict[What, DueChat] = {}
    for what in get_args(What):
        done = select(retention.c.chat).where(retention.c.what == what)
        query = select(chats.c.name, chats.c.ends).where(chats.c.name.not_in(done))
        if row := connection.execute(query.order_by(chats.c.ends, chats.c.name).limit(1)).first():
            found[what] = DueChat(row.name, row.ends)
    return found


def held_messages(connection: Connection, chat: str) -> frozenset[Ident]:
    """The messages of a chat that are held or were dropped."""
    query = select(messages.c.place, messages.c.id).where(messages.c.chat == chat, messages.c.verdict != "keep")
    return frozenset((row.place, row.id) for row in connection.execute(query))


def blank(
    connection: Connection, chat: str, kept: Sequence[AnyEvent], blanked: Collection[Ident], now: datetime
) -> None:
    """Keep just these events of a chat, and nothing of these messages but that they are gone.

    Nor what people were told in private about the chat: it may quote them.
    """
    _lock(connection, chat)
    connection.execute(delete(events).where(events.c.chat == chat))
    append_events(connection, [(chat, one) for one in kept])
    connection.execute(delete(queue).where(queue.c.chat == chat))
    for place, id in sorted(blanked):
        here = messages.c.place == place, messages.c.id == id
        connection.execute(update(messages).where(*here).values(_NOTHING))
    _unword(connection, outbox.c.chat == chat)
    _note(connection, chat, "held", now)


def _unword(connection: Connection, which: ColumnElement[bool]) -> int:
    """Delete the words of posts to single people; that they were sent stays, so that none is sent again."""
    worded = posts_in_order(outbox.c.to.is_not(None), outbox.c.state != "sending", outbox.c.text != "", which)
    return connection.execute(update(outbox).where(worded).values(text="", error=None)).rowcount


def expire_private_posts(connection: Connection, before: datetime) -> int:
    """Delete the words of posts to single people that were due before an instant, of every chat and of none.

    Returns how many there were.
    """
    return _unword(connection, outbox.c.due < before)


def expire_commands(connection: Connection, before: datetime) -> int:
    """Delete commands of before an instant that belong to no chat, here and in the event log. Returns their number."""
    given = select(events.c.seq, events.c.raw).where(events.c.chat.is_(None), events.c.type == "command")
    old = [row.seq for row in connection.execute(given) if _event(row.raw).at < before]
    for seq in old:
        connection.execute(delete(events).where(events.c.seq == seq))
    nowhere = commands.c.chat.is_(None), commands.c.state != "waiting", commands.c.at < before
    return max(len(old), connection.execute(delete(commands).where(*nowhere)).rowcount)


def _lock(connection: Connection, chat: str) -> None:
    """Lock a chat and its messages, before anything else of it: so do commands, and whoever hears of a message."""
    lock_rows(connection, chats, chats.c.name == chat)
    lock_rows(connection, messages, messages.c.chat == chat)


def _note(connection: Connection, chat: str, what: What, now: datetime) -> None:
    done = {"chat": chat, "what": what, "at": now}
    connection.execute(dialect_insert(connection, retention).on_conflict_do_nothing(), done)


def keep_only(
    connection: Connection,
    chat: str,
    kept: Sequence[AnyEvent],
    *,
    what: What,
    shown: frozenset[Ident],
    account: Callable[[str], str],
    now: datetime,
) -> None:
    """Keep just these events of a chat, and the words of the messages that are `shown`.

    `account` gives the id that an account has from now on.
    """
    _lock(connection, chat)
    connection.execute(delete(events).where(events.c.chat == chat))
    append_events(connection, [(chat, one) for one in kept])
    connection.execute(delete(commands).where(commands.c.chat == chat, commands.c.state != "waiting"))
    connection.execute(delete(queue).where(queue.c.chat == chat))
    for row in connection.execute(select(messages).where(messages.c.chat == chat, messages.c.author_id != "")).all():
        here = messages.c.place == row.place, messages.c.id == row.id
        connection.execute(update(messages).where(*here).values(_values(row, shown, account)))
    if what == "accounts":
        wrote = select(messages.c.id).where(
            messages.c.place == people.c.place, messages.c.author_id == people.c.author_id
        )
        connection.execute(delete(people).where(~wrote.exists()))  # names that no message needs any more
    _note(connection, chat, what, now)


def _values(row: object, shown: frozenset[Ident], account: Callable[[str], str]) -> dict[str, object]:
    values = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 -- SQLAlchemy's own name for it
    if (values["place"], values["id"]) not in shown:
        return dict(_NOTHING)
    author = _author(values["author"])
    author = msgspec.structs.replace(author, id=account(author.id))
    return {"author_id": author.id, "author": msgspec.json.encode(author).decode()}
