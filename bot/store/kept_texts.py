"""Queries on what people who plan or lead chats have half written: a row for each form, owner, and series or chat."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Integer, Table, Text, delete, select, update

from bot.ports.kept_texts import KeptText
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.schema import metadata

LONGEST = timedelta(days=90)
"""How long a form is kept after it was last changed."""

kept_texts = Table(
    "kept_texts",
    metadata,
    Column("about", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("form", Text, primary_key=True),
    Column("definition", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)
"""`definition` is an object of the fields as JSON."""

_fields = msgspec.json.Decoder(dict[str, str]).decode


def of_owner(connection: Connection, about: str, owner: str, now: datetime) -> dict[str, KeptText]:
    """The forms of somebody about a series or a chat, by name."""
    kept = kept_texts.c
    rows = connection.execute(select(kept_texts).where(kept.about == about, kept.owner == owner, ~_expired(now)))
    return {
        row.form: KeptText(
            about=about, owner=owner, form=row.form, fields=_fields(row.definition), revision=row.revision, at=row.at
        )
        for row in rows
    }


def save(connection: Connection, text: KeptText, now: datetime) -> int | None:
    """Save a form. Returns its new revision; None if somebody else was faster.

    The first revision is any number, so that a form that was removed and another one are not taken for each other.
    """
    values = {"definition": msgspec.json.encode(text.fields).decode(), "at": now}
    if text.revision:
        statement = update(kept_texts).where(_revision(text)).values(revision=text.revision + 1, **values)
        return connection.execute(statement.returning(kept_texts.c.revision)).scalar()
    key = {"about": text.about, "owner": text.owner, "form": text.form}
    connection.execute(delete(kept_texts).where(_key(**key), _expired(now)))
    row = {**key, "revision": 1 + secrets.randbelow(10**8), **values}
    added = dialect_insert(connection, kept_texts).values(row).on_conflict_do_nothing()
    return connection.execute(added.returning(kept_texts.c.revision)).scalar()


def remove_revision(connection: Connection, text: KeptText) -> bool:
    """Remove a form; False if another was kept meanwhile, or none is there."""
    removed = delete(kept_texts).where(_revision(text)).returning(kept_texts.c.form)
    return connection.execute(removed).first() is not None


def remove(connection: Connection, about: str, owner: str, form: str) -> None:
    """Remove a form."""
    connection.execute(delete(kept_texts).where(_key(about, owner, form)))


def expire(connection: Connection, now: datetime) -> int:
    """Remove the forms that have been kept for long enough. Returns how many there were."""
    return connection.execute(delete(kept_texts).where(_expired(now))).rowcount


def _key(about: str, owner: str, form: str) -> ColumnElement[bool]:
    return (kept_texts.c.about == about) & (kept_texts.c.owner == owner) & (kept_texts.c.form == form)


def _revision(text: KeptText) -> ColumnElement[bool]:
    return _key(text.about, text.owner, text.form) & (kept_texts.c.revision == text.revision)


def _expired(now: datetime) -> ColumnElement[bool]:
    return kept_texts.c.at <= now - LONGEST
