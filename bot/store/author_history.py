"""Queries on earlier messages of a chat and of its authors, for the moderation of new ones."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from bot.store.lookups import LookUp
from bot.store.message_rows import Ident, MessageRow, row_of
from bot.store.message_schema import messages, stands

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
