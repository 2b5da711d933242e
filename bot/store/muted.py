"""Queries on people who are not heard: muted in one chat, or banned from all. What follows, others decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, tuple_

from bot.store import upsert
from bot.store.message_rows import Ident
from bot.store.schema import muted

ActiveMutes = Mapping[tuple[str, str, str], datetime | None]
"""Until when somebody is not heard, by place, their id and chat; None: for good, or to the end of the chat."""


_FEW = 200
"""So many rows are read more quickly than many people are named."""


def mute(connection: Connection, place: str, author: str, chat: str, until: datetime | None) -> None:
    """Hear somebody no more in a chat until then, or to its end; with an empty chat, in none and for good."""
    row = {"place": place, "author_id": author, "chat": chat, "until": until}
    statement = upsert.dialect_insert(connection, muted).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["place", "author_id", "chat"], set_=row))


def unmute(connection: Connection, place: str, author: str, chat: str) -> bool:
    """Hear somebody again, in this chat and in all. Returns whether they were muted or banned."""
    theirs = muted.c.place == place, muted.c.author_id == author, muted.c.chat.in_((chat, ""))
    return connection.execute(delete(muted).where(*theirs)).rowcount > 0


def active_mutes(connection: Connection, idents: Collection[Ident], now: datetime) -> ActiveMutes:
    """Which of these people are not heard at `now`, and where."""
    if not idents:
        return {}
    query = select(muted).where(or_(muted.c.until.is_(None), muted.c.until > now))
    rows = connection.execute(query.limit(_FEW + 1)).all()
    if len(rows) > _FEW:
        theirs = tuple_(muted.c.place, muted.c.author_id).in_(list(idents))
        rows = connection.execute(query.where(theirs)).all()
    wanted = set(idents)
    return {(row.place, row.author_id, row.chat): row.until for row in rows if (row.place, row.author_id) in wanted}


def mutes_of(connection: Connection, place: str, author: str) -> tuple[tuple[str, datetime | None], ...]:
    """In which chats somebody is not heard, until when; with an empty chat, in none."""
    query = select(muted.c.chat, muted.c.until).where(muted.c.place == place, muted.c.author_id == author)
    return tuple((row.chat, row.until) for row in connection.execute(query.order_by(muted.c.chat)))


def restore_mutes(
    connection: Connection, place: str, author: str, before: Iterable[tuple[str, datetime | None]]
) -> None:
    """Make it as it was before, as `of` told."""
    connection.execute(delete(muted).where(muted.c.place == place, muted.c.author_id == author))
    for chat, until in before:
        mute(connection, place, author, chat, until)
