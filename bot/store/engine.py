"""Engines for SQLite and PostgreSQL, and how SQLite's connections are made; `postgresql.py` has the other's limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StoreError

BUSY = 10.0
"""Seconds that a writer waits for the lock of another process, or for a free connection, before it gives up."""


def make_engine(url: str, *, patient: bool = False) -> Engine:
    """An engine; the plain `postgresql://` takes psycopg 3. A `patient` one waits for each answer without end.

    Raises StoreError if the url is not one.
    """
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        engine = create_engine(url, pool_size=8, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError('The store\'s url is not one; write it like "sqlite:///convenor.db".') from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    else:
        from bot.store.postgresql import limit  # noqa: PLC0415 -- psycopg takes a tenth of the time of a short verb

        limit(engine, patient=patient)
    return engine


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database, as an absolute path; None for other databases."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name).absolute() if name and name != ":memory:" else None


def missing_file(url: str) -> Path | None:
    """The file of an SQLite store that is not there; None if it is, for other databases, and for what is no url."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    path = Path(str(parsed.database)).absolute()
    return None if path.exists() else path


def _prepare(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ANN401, ARG001 -- the driver's own connection
    """Make a SQLite connection safe for many threads and for a crash: WAL, and every commit synced to disk.

    What is deleted is overwritten with zeros (`secure_delete`), so that nothing of it stays in the file.
    """
    connection.isolation_level = None  # `_begin` begins transactions
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY * 1000:.0f}", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that first reads and then writes could fail half way.

    A write that need not be lasting is not synced to disk: a power cut may take it back, a crash does not.
    """
    options = connection.get_execution_options()
    reading, syncing = options.get("reading", False), "FULL" if options.get("lasting", True) else "NORMAL"
    if not reading and connection.info.get("synchronous", "FULL") != syncing:
        connection.exec_driver_sql(f"PRAGMA synchronous={syncing}")
        connection.info["synchronous"] = syncing
    connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")
