"""Outputs: what was written outside the store, and where (transcripts, sites, backups), and which logs were imported.

Code that writes files with people's words or names remembers them here, so that `forget` can write them again without a
person. The files themselves are not read here.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Column, Connection, Table, Text, delete, select

from bot.messages import Value
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.schema import metadata

OutputKind = Literal["report", "series", "site", "export", "full export", "state", "backup", "imported log", "replay"]
"""A folder with a chat's transcript, a series' figures or many chats' pages; a file with a chat's event log, with the
platforms' ids of people if it is full, with what else is known of a chat, or with a copy of the store; or somebody's
own log, which was only read, or a folder with the transcript of one."""

outputs = Table(
    "outputs",
    metadata,
    Column("path", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("chat", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""Where something was written, and when last. `chat` is empty where it has more than one; of a series' figures it is
the series."""


class Output(Value, frozen=True, kw_only=True):
    """A folder or file that was written. `chat` is empty where it has more than one; `at` is in UTC."""

    path: Path
    kind: OutputKind
    chat: str
    at: datetime


def remember_output(connection: Connection, path: Path, kind: OutputKind, now: datetime, chat: str = "") -> None:
    """Remember that something was written to `path`, as an absolute path; in place of what was there before."""
    row = {"path": str(path.absolute()), "kind": kind, "chat": chat, "at": now}
    statement = dialect_insert(connection, outputs).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["path", "kind"], set_=row))


def known_outputs(connection: Connection, kind: OutputKind | None = None) -> list[Output]:
    """The outputs, all or of one kind, in the order of their paths."""
    query = select(outputs).order_by(outputs.c.path, outputs.c.kind)
    rows = connection.execute(query if kind is None else query.where(outputs.c.kind == kind))
    return [Output(path=Path(row.path), kind=row.kind, chat=row.chat, at=row.at) for row in rows]


def drop_output(connection: Connection, path: Path, kind: OutputKind) -> None:
    """Forget an output that no longer exists."""
    connection.execute(delete(outputs).where(outputs.c.path == str(path.absolute()), outputs.c.kind == kind))
