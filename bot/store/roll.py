"""Queries on the chats themselves, and on single facts about the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, select

from bot.chat import Chat
from bot.messages import Value
from bot.store import upsert
from bot.store.schema import chats, events, meta, outbox

_chat = msgspec.json.Decoder(Chat).decode


class Enrolled(Value, frozen=True, kw_only=True):
    """A chat in the store. `ends` is later than the chat's own where it had to shift."""

    chat: Chat
    ends: datetime


def enrol(connection: Connection, chat: Chat, ends: datetime) -> None:
    """Write a chat down, or bring it up to date."""
    row = {
        "name": chat.name,
        "starts": chat.starts,
        "ends": ends,
        "definition": msgspec.json.encode(chat).decode(),
    }
    connection.execute(
        upsert.insert(connection, chats).values(row).on_conflict_do_update(index_elements=["name"], set_=row)
    )


def strike(connection: Connection, name: str) -> None:
    """Forget a chat of which nothing was said or heard; its posts are forgotten too. Any other stays."""
    if connection.scalar(select(events.c.seq).where(events.c.chat == name).limit(1)) is None:
        connection.execute(delete(outbox).where(outbox.c.chat == name))
        connection.execute(delete(chats).where(chats.c.name == name))


def enrolled(connection: Connection) -> list[Enrolled]:
    """Every chat, by its start."""
    rows = connection.execute(select(chats).order_by(chats.c.starts, chats.c.name))
    return [Enrolled(chat=_chat(row.definition), ends=row.ends) for row in rows]


def fact(connection: Connection, key: str, make: Callable[[], str] | None = None) -> str | None:
    """A fact about this store; where it is not known yet, `make` it and remember it."""
    value = connection.scalar(select(meta.c.value).where(meta.c.key == key))
    if value is None and make is not None:
        value = make()
        learn(connection, key, value)
    return value


def learn(connection: Connection, key: str, value: str) -> None:
    """Remember a fact."""
    statement = upsert.insert(connection, meta).values(key=key, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
