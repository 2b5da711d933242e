"""Queries on earlier messages of a chat and of its authors, and on what people were called before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Select, or_, select

from bot.messages import AnyEvent
from bot.store.lookups import LookUp
from bot.store.message_rows import Ident, MessageRow, row_of
from bot.store.message_schema import events, messages, stands
from bot.store.schema import commands

_event = msgspec.json.Decoder[AnyEvent](AnyEvent).decode

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
    connection: Connection, wanted: str, field: Literal["handle", "name"] = "handle"
) -> dict[Ident, datetime]:
    """The accounts that had this handle (with or without its @) or name at some time, and when they last did.

    It looks through everything. Letters other than a to z have to be written as they were.
    """
    return _called(connection, wanted, field, [select(events.c.raw), select(commands.c.raw)])


def who_had_handle(connection: Connection, wanted: str, *, chat: str, places: Collection[str]) -> Collection[Ident]:
    """The same for a handle, as far as one chat tells, and the platforms' own answers about accounts on these places.

    It takes no longer where there are many chats.
    """
    named = events.c.place.in_(sorted(places)), events.c.type == "named"
    heard = select(events.c.raw).where(events.c.chat == chat)
    return _called(connection, wanted, "handle", [heard, select(events.c.raw).where(*named)])


def _called(
    connection: Connection, wanted: str, field: Literal["handle", "name"], queries: Iterable[Select[Any]]
) -> dict[Ident, datetime]:
    folded = _folded(wanted)
    written = [_json(one) for one in ((folded, f"@{folded}") if field == "handle" else (wanted.strip(),))]
    found: dict[Ident, datetime] = {}
    for query in queries:
        raw = query.selected_columns[0]
        has = or_(*(raw.icontains(f'"{field}":{one}', autoescape=True) for one in written))
        for line in connection.scalars(query.where(has)):
            event = _event(line)
            author = getattr(event, "author", None)
            if author is not None and author.id and _folded(getattr(author, field)) == folded:
                ident = (event.place, author.id)
                found[ident] = max(found.get(ident, event.at), event.at)
    return found


def _folded(called: str) -> str:
    return called.strip().lstrip("@").casefold()


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode()
