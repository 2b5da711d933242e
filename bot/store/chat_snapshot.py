"""A snapshot of a chat: everything that a store knows of it besides its events, to be carried into another store.

Its plan and state, also whether it was called off and how its record is published; the private links to it, of whose
keys only digests are known, so that they work on; who is muted in it; and its file, if that is in the store, with that
of its series and the pictures of its questions.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Table, or_, select

from bot.chat import Chat
from bot.messages import Time, Value
from bot.ports.chat_files import series_of
from bot.store import chats
from bot.store.chat_pictures import chat_pictures, digest_of
from bot.store.chat_texts import chat_texts
from bot.store.chats import ChatState
from bot.store.database import dialect_insert
from bot.store.message_schema import muted
from bot.store.schema import links

T = TypeVar("T", bound=Value)


class LinkRow(Value, frozen=True, kw_only=True):
    """A private link, without its key. `scope` is the chat or its series, as `kind` says."""

    id: str
    scope: str
    kind: str
    name: str
    role: str
    digest: str
    made: Time
    revoked: Time | None = None


class MutedRow(Value, frozen=True, kw_only=True):
    """A person who is muted in the chat, until a time or to its end."""

    place: str
    author_id: str
    chat: str
    until: Time | None = None


class FileRow(Value, frozen=True, kw_only=True):
    """A version of a chat file in the store. Without a text the file was removed."""

    name: str
    version: int
    at: Time
    by: str
    text: str | None = None


class PictureRow(Value, frozen=True, kw_only=True):
    """A picture of a chat file in the store."""

    series: str
    file: str
    digest: str
    number: int
    data: bytes


class ChatSnapshot(Value, frozen=True, kw_only=True):
    """A chat as it is now (`definition`), as its file had it (`written`), and all the rows that belong to it."""

    definition: Chat
    ends: Time
    state: ChatState = ChatState()
    written: Chat | None = None
    links: tuple[LinkRow, ...] = ()
    muted: tuple[MutedRow, ...] = ()
    files: tuple[FileRow, ...] = ()
    pictures: tuple[PictureRow, ...] = ()


def read_snapshot(connection: Connection, name: str) -> ChatSnapshot | None:
    """Read the snapshot of a chat; None if the store doesn't know it."""
    stored = chats.find(connection, name)
    if stored is None:
        return None
    scopes = [name, name.partition("/")[0]]
    files = {name, series_of(name), *([stored.written.name] if stored.written else [])}
    written = _rows(connection, chat_texts, FileRow, chat_texts.c.name.in_(sorted(files)))
    pictures = _rows(connection, chat_pictures, PictureRow, chat_pictures.c.series == scopes[1])
    planned = [one for each in (stored.chat, stored.written) if each for one in each.questions]
    texts = [one.text for one in written if one.text]
    digests = {digest_of(one.image.path) for one in planned if one.image}
    return ChatSnapshot(
        definition=stored.chat,
        ends=stored.ends,
        state=stored.state,
        written=stored.written,
        links=_rows(connection, links, LinkRow, links.c.scope.in_(scopes)),
        muted=_rows(connection, muted, MutedRow, muted.c.chat == name),
        files=written,
        pictures=tuple(one for one in pictures if one.digest in digests or any(one.file in text for text in texts)),
    )


def store_snapshot(connection: Connection, snapshot: ChatSnapshot) -> None:
    """Store a snapshot. What is known here already stays: a chat's state, if it has one, and rows with the same key."""
    name = snapshot.definition.name
    stored = chats.find(connection, name)
    if stored is None or stored.state == ChatState():
        chats.save_plans(connection, [(snapshot.definition, snapshot.ends, snapshot.state, snapshot.written)])
    all_rows: tuple[tuple[Table, tuple[Value, ...]], ...] = (
        (links, snapshot.links),
        (muted, snapshot.muted),
        (chat_texts, snapshot.files),
        (chat_pictures, snapshot.pictures),
    )
    for table, rows in all_rows:
        if rows:
            values = [msgspec.structs.asdict(one) for one in rows]
            connection.execute(dialect_insert(connection, table).on_conflict_do_nothing(), values)


def _rows(connection: Connection, table: Table, kind: type[T], condition: Any) -> tuple[T, ...]:  # noqa: ANN401 -- SQL
    query = select(table).where(or_(condition)).order_by(*table.primary_key.columns)
    return tuple(kind(**row._mapping) for row in connection.execute(query))  # noqa: SLF001 -- SQLAlchemy's own name
