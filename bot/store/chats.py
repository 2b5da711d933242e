"""Queries on the chats themselves, and on single facts about the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from bot.chat import Chat
from bot.messages import Time, Value
from bot.store import upsert
from bot.store.schema import chats, events, meta, outbox

_chat = msgspec.json.Decoder(Chat).decode


class ChatState(Value, frozen=True, kw_only=True):
    """How a chat goes beyond its plan. `slow` is in seconds; `hosts` are (place, id) of those it was handed over to.

    `deputised` says that the moderators were asked to lead, at `asked_at`, so each may do what a host may;
    `steered` that the plan is no longer what the chat file makes of it. `drift` is how many seconds pacing moved
    each question, and `fixed` are those it leaves alone.
    """

    paused_at: Time | None = None
    cancelled: bool = False
    hold_all: bool = False
    slow: int | None = None
    hosts: tuple[tuple[str, str], ...] = ()
    deputised: bool = False
    steered: bool = False
    asked_at: Time | None = None
    drift: dict[str, float] = msgspec.field(default_factory=dict)
    fixed: tuple[str, ...] = ()


class StoredChat(Value, frozen=True, kw_only=True):
    """A chat in the store. `ends` is later than the chat's own where it had to shift.

    `written` is the chat as its file had it last; None where that was never noted.
    """

    chat: Chat
    ends: datetime
    state: ChatState = ChatState()
    written: Chat | None = None


def save_state(connection: Connection, name: str, state: ChatState) -> None:
    """Write down how a chat goes."""
    connection.execute(update(chats).where(chats.c.name == name).values(course=msgspec.json.encode(state).decode()))


def save_file_version(connection: Connection, written: Chat) -> None:
    """Remember a chat as its file has it."""
    row = msgspec.json.encode(written).decode()
    connection.execute(update(chats).where(chats.c.name == written.name).values(written=row))


def save_chat(connection: Connection, chat: Chat, ends: datetime) -> None:
    """Write a chat down, or bring it up to date. How it goes stays."""
    row = {
        "name": chat.name,
        "starts": chat.starts,
        "ends": ends,
        "definition": msgspec.json.encode(chat).decode(),
    }
    connection.execute(
        upsert.dialect_insert(connection, chats).values(row).on_conflict_do_update(index_elements=["name"], set_=row)
    )


def remove_chat(connection: Connection, name: str) -> None:
    """Forget a chat of which nothing was said or heard; its posts are forgotten too. Any other stays."""
    if connection.scalar(select(events.c.seq).where(events.c.chat == name).limit(1)) is None:
        connection.execute(delete(outbox).where(outbox.c.chat == name))
        connection.execute(delete(chats).where(chats.c.name == name))


_state = msgspec.json.Decoder(ChatState).decode


def all_chats(connection: Connection) -> list[StoredChat]:
    """Every chat, by its start."""
    rows = connection.execute(select(chats).order_by(chats.c.starts, chats.c.name))
    return [_stored_chat(row) for row in rows]


def find(connection: Connection, name: str) -> StoredChat | None:
    """One chat, or None. On PostgreSQL nobody else changes it until this transaction is over."""
    row = connection.execute(select(chats).where(chats.c.name == name).with_for_update()).first()
    return _stored_chat(row) if row else None


def _stored_chat(row: Row[Any]) -> StoredChat:
    return StoredChat(
        chat=_chat(row.definition),
        ends=row.ends,
        state=_state(row.course),
        written=_chat(row.written) if row.written else None,
    )


def get_fact(connection: Connection, key: str, make: Callable[[], str] | None = None) -> str | None:
    """A fact about this store; where it is not known yet, `make` it and remember it."""
    value = connection.scalar(select(meta.c.value).where(meta.c.key == key))
    if value is None and make is not None:
        value = make()
        set_fact(connection, key, value)
    return value


def set_fact(connection: Connection, key: str, value: str) -> None:
    """Remember a fact."""
    statement = upsert.dialect_insert(connection, meta).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
