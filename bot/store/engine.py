"""Engines for SQLite and PostgreSQL: how a connection is made, and how long one may keep silent.

A connection to PostgreSQL that does not answer in time is closed, so no thread waits for it without end; the pool then
makes new ones. The server gives up earlier, so that it is mostly known what came of a statement.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StoreError

RV = TypeVar("RV")

BUSY = 10.0
"""Seconds that a writer waits for the lock of another process, or for a free connection, before it gives up."""

_SILENCE = 8.0
"""Seconds that PostgreSQL may take for the answer to a statement; then its connection is closed."""

_PING = 3.0
"""Seconds for the answer to the question whether a connection is alive, before each transaction."""

_PARAMETERS = {
    "connect_timeout": "4",
    "tcp_user_timeout": "8000",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "application_name": "convenor",
    "options": "-c statement_timeout=6s -c lock_timeout=4s -c idle_in_transaction_session_timeout=30s",
}
"""libpq's parameters, unless the url has others: seconds, but milliseconds for `tcp_user_timeout`."""


class _Connection(psycopg.Connection[Any]):
    """A connection that is closed when the server does not answer within `silence` seconds."""

    silence: float | None = _PING

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, self.silence if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 -- the only name of it, documented at `Connection.wait`
            self.pgconn.finish()
            raise


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
        _limit(engine, patient=patient)
    return engine


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database, as an absolute path; None for other databases."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name).absolute() if name and name != ":memory:" else None


def _limit(engine: Engine, *, patient: bool) -> None:
    """Give PostgreSQL's connections their limits: the short one for a ping, the long one for all else."""
    parameters = _PARAMETERS if not patient else {**_PARAMETERS, "options": ""}

    def connect(_dialect: object, _entry: object, args: list[Any], named: dict[str, Any]) -> _Connection:
        return _Connection.connect(*args, **{**parameters, **named})

    def taken(connection: _Connection, _entry: object, _proxy: object) -> None:
        connection.silence = None if patient else _SILENCE

    def given_back(connection: _Connection | None, _entry: object) -> None:
        if connection is not None:
            connection.silence = _PING

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given_back)


def _prepare(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ANN401, ARG001 -- the driver's own connection
    """Make a SQLite connection safe for many threads and for a crash: WAL, and every commit synced to disk."""
    connection.isolation_level = None  # `_begin` begins transactions
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY * 1000:.0f}"):
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
