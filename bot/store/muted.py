"""Queries on muted people: in one chat, or banned from all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, or_, select

from bot.store.database import dialect_insert
from bot.store.lookups import LookUp
from bot.store.message_rows import Ident
from bot.store.message_schema import muted

ActiveMutes = Mapping[tuple[str, str, str], datetime | None]
"""When a mute ends, by place, author and chat; None: never, or with the chat."""

_FEW = 200
"""Up to this many mutes are all read, which is quicker than a query that lists many people."""

_active = select(muted).where(or_(muted.c.until.is_(None), muted.c.until > bindparam("now")))
_some_active, _active_of = _active.limit(_FEW + 1), LookUp(_active, muted.c.place, muted.c.author_id)


def mute(connection: Connection, place: str, author: str, chat: str, until: datetime | None) -> None:
    """Mute an author in a chat until `until`, or to its end if None; with an empty chat, ban them from all."""
    row = {"place": place, "author_id": author, "chat": chat, "until": until}
    statement = dialect_insert(connection, muted).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["place", "author_id", "chat"], set_=row))


def unmute(connection: Connection, place: str, author: str, chat: str) -> bool:
    """Lift an author's mute in this chat and their ban. Returns whether there was one."""
    theirs = muted.c.place == place, muted.c.author_id == author, muted.c.chat.in_((chat, ""))
    return connection.execute(delete(muted).where(*theirs)).rowcount > 0


def active_mutes(connection: Connection, idents: Collection[Ident], now: datetime) -> ActiveMutes:
    """The mutes and bans of these people that hold at `now`."""
    if not idents:
        return {}
    rows = connection.execute(_some_active, {"now": now}).all()
    if len(rows) > _FEW:
        rows = list(_active_of.rows(connection, idents, now=now))
    wanted = set(idents)
    return {(row.place, row.author_id, row.chat): row.until for row in rows if (row.place, row.author_id) in wanted}


def mutes_of(connection: Connection, place: str, author: str) -> tuple[tuple[str, datetime | None], ...]:
    """An author's mutes as (chat, until); the chat is empty for a ban."""
    query = select(muted.c.chat, muted.c.until).where(muted.c.place == place, muted.c.author_id == author)
    return tuple((row.chat, row.until) for row in connection.execute(query.order_by(muted.c.chat)))


def restore_mutes(
    connection: Connection, place: str, author: str, before: Iterable[tuple[str, datetime | None]]
) -> None:
    """Restore an author's mutes as `mutes_of` returned them."""
    connection.execute(delete(muted).where(muted.c.place == place, muted.c.author_id == author))
    for chat, until in before:
        mute(connection, place, author, chat, until)
