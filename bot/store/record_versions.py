"""A quick look whether anything changed of which the published records are made. Reads no texts of people."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, func, select

from bot.store.chats import was_published
from bot.store.erasures import erasures
from bot.store.message_schema import absent, events, people
from bot.store.schema import chats


def records_version(connection: Connection) -> str:
    """A text that differs once a published record does, and now and then though none does. Empty if there is none."""
    columns = (chats.c.name, chats.c.definition, chats.c.course, chats.c.ends)
    published = [tuple(row) for row in connection.execute(select(*columns).where(was_published).order_by(chats.c.name))]
    if not published:
        return ""
    names = {row[0] for row in published}
    counts = select(events.c.chat, func.count(), func.max(events.c.seq)).group_by(events.c.chat)
    heard = [tuple(row) for row in connection.execute(counts.order_by(events.c.chat)) if row[0] in names]
    others = [
        [tuple(row) for row in connection.execute(query)]
        for query in (
            select(func.count()).select_from(absent),
            select(func.count(), func.max(people.c.at)),
            select(erasures.c.id, erasures.c.stage).order_by(erasures.c.id),
        )
    ]
    return hashlib.sha256(repr((published, heard, others)).encode()).hexdigest()
