"""Queries on corrections: the latest of a message or a chat, and what refers to a message that was moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, or_, select

from bot.messages import AnyEvent, Correction, SummaryWritten
from bot.store.message_rows import Ident, MessageRow, row_of
from bot.store.message_schema import events, messages

_event: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)

Subject = tuple[str, Ident]
"""The type of a correction, and the message that it is about."""


def subject_of(event: Correction) -> Subject:
    """The type of a correction, and its message."""
    return str(event.__struct_config__.tag), (event.place, event.id)


def latest_of(connection: Connection, subjects: Iterable[Subject]) -> dict[Subject, datetime]:
    """When each of these was corrected last."""
    found: dict[Subject, datetime] = {}
    for tag, (place, id) in subjects:
        here = events.c.place == place, events.c.type == tag, events.c.identity.startswith(f"{id} ", autoescape=True)
        told = map(_event.decode, connection.scalars(select(events.c.raw).where(*here)))
        times = [one.at for one in told if isinstance(one, Correction) and one.id == id]
        if times:
            found[tag, (place, id)] = max(times)
    return found


def summary_of(connection: Connection, chat: str) -> SummaryWritten | None:
    """The latest summary of a chat, which may be an empty one."""
    query = select(events.c.raw).where(events.c.chat == chat, events.c.type == "summary")
    told = [one for raw in connection.scalars(query) if isinstance(one := _event.decode(raw), SummaryWritten)]
    return max(told, key=lambda one: (one.at, msgspec.json.encode(one)), default=None)


def referring_rows(connection: Connection, chats: Collection[str]) -> list[MessageRow]:
    """The messages in these chats that refer to others."""
    refers = or_(messages.c.reply_to.is_not(None), messages.c.refers != "")
    query = select(messages).where(messages.c.chat.in_(list(chats)), messages.c.author_id != "", refers)
    return [row_of(row) for row in connection.execute(query)]
