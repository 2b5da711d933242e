"""Queries on earlier messages of a chat and of its authors, and on what people were called before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, or_, select

from bot.messages import AnyEvent, Command
from bot.store.lookups import LookUp
from bot.store.message_rows import Ident, MessageRow, row_of
from bot.store.message_schema import events, messages, stands
from bot.store.schema import commands

_event = msgspec.json.Decoder[AnyEvent](AnyEvent).decode
_command = msgspec.json.Decoder(Command).decode

_approved = LookUp(
    select(messages.c.place, messages.c.author_id)
    .where(messages.c.verdict == "keep", messages.c.gone == False)  # noqa: E712 -- a column
    .distinct(),
    messages.c.place,
    messages.c.author_id,
)


def recent_messages(connection: Connection, chat: str, limit: int = 2000) -> list[MessageRow]:
    """The newest messages of a chat that were not deleted, oldest first."""
    present = messages.c.chat == chat, messages.c.gone == False, messages.c.author_id != ""  # noqa: E712 -- a column
    rows = connection.execute(select(messages).where(*present).order_by(messages.c.at.desc()).limit(limit)).all()
    return [row_of(row) for row in reversed(rows)]


def known_authors(connection: Connection, people: Collection[Ident]) -> set[Ident]:
    """The people among these with an approved message in any chat."""
    if not people:
        return set()
    return {(row.place, row.author_id) for row in _approved.rows(connection, people)}


def message_times(connection: Connection, chat: str, since: datetime) -> list[tuple[str, datetime]]:
    """Question and time of each approved message of a chat since `since`."""
    query = select(messages.c.question, messages.c.at).where(messages.c.chat == chat, messages.c.at >= since)
    approved = messages.c.author_id != "", messages.c.verdict == "keep", stands
    return [(row.question, row.at) for row in connection.execute(query.where(*approved))]


def who_was_called(
    connection: Connection, wanted: str, field: Literal["handle", "name"] = "handle", *, chat: str | None = None
) -> dict[Ident, datetime]:
    """The accounts that had this handle (with or without its @) or name at some time, and when they last did.

    With `chat` as far as that chat and the platforms' own answers about accounts tell. Letters other than a to z have
    to be written as they were.
    """
    folded = _folded(wanted)
    written = [_json(one) for one in ((folded, f"@{folded}") if field == "handle" else (wanted.strip(),))]
    found: dict[Ident, datetime] = {}
    for table, decode in ((events, _event), (commands, _command)):
        query = select(table.c.raw).where(
            or_(*(table.c.raw.icontains(f'"{field}":{one}', autoescape=True) for one in written))
        )
        if chat is not None:
            named = [events.c.type == "named"] if table is events else []
            query = query.where(or_(table.c.chat == chat, *named))
        for raw in connection.scalars(query):
            event = decode(raw)
            author = getattr(event, "author", None)
            if author is not None and author.id and _folded(getattr(author, field)) == folded:
                ident = (event.place, author.id)
                found[ident] = max(found.get(ident, event.at), event.at)
    return found


def _folded(called: str) -> str:
    return called.strip().lstrip("@").casefold()


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode()
