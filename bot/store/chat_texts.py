"""Queries on chat files that are written in the store itself: every version of each is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, Integer, Select, Table, Text, func, select, tuple_

from bot.ports.chat_files import FileChange
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.schema import metadata

chat_texts = Table(
    "chat_texts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("text", Text),
)
"""A row for each version of a file; the highest is the one that counts. Without a text the file was removed."""


def newest(connection: Connection) -> dict[str, int]:
    """The version of each file that there is."""
    latest = select(chat_texts.c.name, func.max(chat_texts.c.version)).group_by(chat_texts.c.name)
    there = select(chat_texts.c.name, chat_texts.c.version).where(
        tuple_(chat_texts.c.name, chat_texts.c.version).in_(latest), chat_texts.c.text.is_not(None)
    )
    return {row.name: row.version for row in connection.execute(there)}


def stamp(connection: Connection) -> int:
    """A number that changes with every version that is written: none is ever deleted."""
    return connection.scalar(select(func.count()).select_from(chat_texts)) or 0


def _newest_first(name: str) -> Select[int, str | None]:
    columns = chat_texts.c.version, chat_texts.c.text
    return select(*columns).where(chat_texts.c.name == name).order_by(chat_texts.c.version.desc()).limit(1)


def find(connection: Connection, name: str, version: int | None = None) -> tuple[int, str] | None:
    """A version and its text, the newest unless one is named; None if there is no text."""
    query = _newest_first(name)
    if version is not None:
        query = query.where(chat_texts.c.version == version)
    row = connection.execute(query).first()
    return None if row is None or row.text is None else (row.version, row.text)


def add(connection: Connection, name: str, text: str | None, at: datetime, by: str, *, seen: int | None) -> int | None:
    """Add a version, if the one that was `seen` is still the newest (None: there is no text). Returns its number.

    None if it is not: somebody else was faster.
    """
    last = connection.execute(_newest_first(name)).first()  # once: between two looks somebody may write
    if (last.version if last and last.text is not None else None) != seen:
        return None
    row = {"name": name, "version": last.version + 1 if last else 1, "at": at, "by": by, "text": text}
    added = dialect_insert(connection, chat_texts).values(row).on_conflict_do_nothing().returning(chat_texts.c.version)
    number: int | None = connection.scalar(added)
    return number


def newest_texts(connection: Connection, series: str) -> dict[str, str]:
    """The text of each file of a series, its own included."""
    names = [name for name in newest(connection) if name.partition("/")[0] == series]
    return {name: found[1] for name in names if (found := find(connection, name))}


def history(connection: Connection, name: str) -> tuple[FileChange, ...]:
    """All versions of a file, the oldest first."""
    columns = chat_texts.c.version, chat_texts.c.at, chat_texts.c.by, chat_texts.c.text.is_(None).label("gone")
    rows = connection.execute(select(*columns).where(chat_texts.c.name == name).order_by(chat_texts.c.version))
    return tuple(FileChange(version=str(row.version), at=row.at, by=row.by, gone=bool(row.gone)) for row in rows)
