"""Queries on announcements that were pasted into the team's page and are not read yet: one for each link and series."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, Integer, Table, Text, delete, select, update

from bot.ports.pasted_texts import PastedText
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.schema import metadata

LONGEST = timedelta(days=90)
"""How long a text is kept after it was last changed."""

pasted_texts = Table(
    "pasted_texts",
    metadata,
    Column("series", Text, primary_key=True),
    Column("link", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)
"""A row for each text; `link` is the id of a private link."""


def find(connection: Connection, series: str, link: str, now: datetime) -> PastedText | None:
    """The text of a link for a series."""
    row = connection.execute(select(pasted_texts).where(*_key(series, link))).first()
    return PastedText(**row._mapping) if row and row.at > now - LONGEST else None  # noqa: SLF001 -- SQLAlchemy's own name


def save(connection: Connection, pasted: PastedText, now: datetime) -> int | None:
    """Save a text. Returns its new revision; None if somebody else was faster.

    The first revision is any number, so that a text that was removed and another one are not taken for each other.
    """
    values = {"text": pasted.text, "day": pasted.day, "at": now}
    if pasted.revision:
        statement = update(pasted_texts).where(*_revision(pasted)).values(revision=pasted.revision + 1, **values)
        return connection.execute(statement.returning(pasted_texts.c.revision)).scalar()
    connection.execute(delete(pasted_texts).where(*_key(pasted.series, pasted.link), *_expired(now)))
    row = {"series": pasted.series, "link": pasted.link, "revision": 1 + secrets.randbelow(10**8), **values}
    added = dialect_insert(connection, pasted_texts).values(row).on_conflict_do_nothing()
    return connection.execute(added.returning(pasted_texts.c.revision)).scalar()


def remove(connection: Connection, pasted: PastedText) -> bool:
    """Remove a text; False if another was kept meanwhile, or none is there."""
    removed = delete(pasted_texts).where(*_revision(pasted)).returning(pasted_texts.c.link)
    return connection.execute(removed).first() is not None


def expired(connection: Connection, now: datetime) -> bool:
    """Whether there is a text that has been kept for long enough."""
    return connection.execute(select(pasted_texts.c.link).where(*_expired(now)).limit(1)).first() is not None


def expire(connection: Connection, now: datetime) -> None:
    """Remove the texts that have been kept for long enough."""
    connection.execute(delete(pasted_texts).where(*_expired(now)))


def _key(series: str, link: str) -> tuple[ColumnElement[bool], ...]:
    return pasted_texts.c.series == series, pasted_texts.c.link == link


def _revision(pasted: PastedText) -> tuple[ColumnElement[bool], ...]:
    return *_key(pasted.series, pasted.link), pasted_texts.c.revision == pasted.revision


def _expired(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (pasted_texts.c.at <= now - LONGEST,)
