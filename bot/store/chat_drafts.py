"""Queries on the drafts of the team's page. A published one is kept with its source for a while, but is not open."""

from __future__ import annotations

import secrets
from datetime import datetime

import msgspec
from sqlalchemy import Boolean, Column, Connection, Integer, Row, Table, Text, delete, insert, select, update

from bot.ports.team_drafts import Draft
from bot.store.instant import Instant
from bot.store.schema import metadata

chat_drafts = Table(
    "chat_drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("series", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
)
"""A row for each draft, whose `definition` is the whole of it as JSON."""

_decode = msgspec.json.Decoder(Draft).decode


def add(connection: Connection, draft: Draft, at: datetime, by: str) -> str:
    """Add a draft. Returns its id."""
    id = secrets.token_hex(8)
    connection.execute(insert(chat_drafts).values(id=id, revision=1, **_columns(draft, at, by)))
    return id


def find(connection: Connection, series: str, id: str) -> Draft | None:
    """An open draft of a series."""
    of_series = (chat_drafts.c.series == series) & (chat_drafts.c.id == id) & chat_drafts.c.done.is_(False)
    row = connection.execute(select(chat_drafts).where(of_series)).first()
    return _draft(row) if row else None


def open_drafts(connection: Connection, series: str) -> list[Draft]:
    """The open drafts of a series, the one that was changed last first."""
    query = select(chat_drafts).where(chat_drafts.c.series == series, chat_drafts.c.done.is_(False))
    return [_draft(row) for row in connection.execute(query.order_by(chat_drafts.c.at.desc()))]


def save(connection: Connection, draft: Draft, at: datetime, by: str) -> bool:
    """Save a draft as its next revision; False if somebody else was faster, or it is not there any more."""
    seen = (chat_drafts.c.id == draft.id) & (chat_drafts.c.revision == draft.revision) & chat_drafts.c.done.is_(False)
    statement = update(chat_drafts).where(seen).values(revision=draft.revision + 1, **_columns(draft, at, by))
    return connection.execute(statement.returning(chat_drafts.c.id)).first() is not None


def remove(connection: Connection, id: str) -> None:
    """Remove a draft."""
    connection.execute(delete(chat_drafts).where(chat_drafts.c.id == id))


def expire_published(connection: Connection, before: datetime) -> int:
    """Remove the drafts that were published before an instant: their files say all that counts. Returns how many."""
    return connection.execute(delete(chat_drafts).where(chat_drafts.c.done, chat_drafts.c.at < before)).rowcount


def _columns(draft: Draft, at: datetime, by: str) -> dict[str, object]:
    definition = msgspec.json.encode(draft).decode()
    return {
        "series": draft.series, "file": draft.file, "definition": definition, "done": draft.done, "at": at, "by": by
    }  # fmt: skip


def _draft(row: Row[tuple[object, ...]]) -> Draft:
    own = {"id": row.id, "revision": row.revision, "at": row.at, "by": row.by}
    return msgspec.structs.replace(_decode(row.definition), **own)
