"""A quick look whether anything changed of which the published records are made. Reads no texts of people."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, func, select

from bot.messages import Value
from bot.store.chats import was_published
from bot.store.erasures import erasures
from bot.store.message_schema import absent, events, people
from bot.store.schema import chats


class RecordVersions(Value, frozen=True, kw_only=True):
    """Texts that differ once what they stand for has, and now and then though nothing has.

    `chats` has one for each chat that was published, by name; `people` is for people's choices and erasures, `names`
    for their names, in all chats.
    """

    chats: dict[str, str]
    people: str
    names: str


def record_versions(connection: Connection) -> RecordVersions:
    """What the published records are made of, as it stands in the store, whichever process wrote it."""
    columns = (chats.c.name, chats.c.definition, chats.c.course, chats.c.ends)
    published = {row.name: tuple(row) for row in connection.execute(select(*columns).where(was_published))}
    counts = select(events.c.chat, func.count(), func.max(events.c.seq)).group_by(events.c.chat)
    heard = {row.chat: tuple(row) for row in connection.execute(counts) if row.chat in published} if published else {}
    left_out = connection.execute(select(absent.c.place, absent.c.author_id).order_by(*absent.primary_key)).all()
    erased = connection.execute(select(erasures.c.id, erasures.c.stage).order_by(erasures.c.id)).all()
    return RecordVersions(
        chats={name: _digest(row, heard.get(name)) for name, row in sorted(published.items())},
        people=_digest(left_out, erased),
        names=_digest(connection.execute(select(func.count(), func.max(people.c.at))).all()),
    )


def records_version(connection: Connection) -> str:
    """All of it as one text. Empty if no chat was published."""
    found = record_versions(connection)
    return _digest(found.chats, found.people, found.names) if found.chats else ""


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
