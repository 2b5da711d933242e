"""The database: opening it, bringing its tables up to date, and running queries off the event loop.

Queries are plain functions of a connection. Each lane is a thread of its own, so that a long batch of heard messages
never stands in front of a question that is due. Nothing here knows what the queries mean.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib.resources import as_file, files
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StoreError
from bot.store.write_queue import WriteQueue

P = ParamSpec("P")
T = TypeVar("T")
Lane = Literal["outgoing", "incoming"]

_BUSY = 30
"""Seconds a writer waits for another to finish before it gives up."""

_UPGRADE_LOCK = 0x436F6E76
"""PostgreSQL's advisory lock while tables are brought up to date: any constant, the same for every worker."""


class Database:
    """One open store. `outward` writes what is said, `inward` what is heard; `reading` only reads."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._reader = self._engine.execution_options(reading=True)
        self._turns: AbstractContextManager[object] = (
            WriteQueue() if self._engine.dialect.name == "sqlite" else nullcontext()
        )
        self._lanes = {
            lane: ThreadPoolExecutor(threads, thread_name_prefix=f"store-{lane}")
            for lane, threads in (("outgoing", 1), ("incoming", 1), ("reading", 4))
        }
        try:
            _upgrade(self._engine)
        except (DBAPIError, CommandError) as error:
            self.close()
            raise StoreError(_opening(url, error)) from error

    def write_sync(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query here and now, in one transaction; for code that has no event loop.

        Raises StoreError when the database does not take it.
        """
        with self._turns:
            return self._run(self._engine, query, *args, **kwargs)

    def read_sync(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for a query that only reads: it stands in nobody's way."""
        return self._run(self._reader, query, *args, **kwargs)

    async def write(
        self, lane: Lane, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query in its lane's thread, in one transaction."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._lanes[lane], partial(self.write_sync, query, *args, **kwargs))

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that only reads."""
        loop = asyncio.get_running_loop()
        work = partial(self.read_sync, query, *args, **kwargs)
        return await loop.run_in_executor(self._lanes["reading"], work)

    def _run(
        self,
        engine: Engine,
        query: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        try:
            with engine.begin() as connection:
                return query(connection, *args, **kwargs)
        except DBAPIError as error:
            # Only the kind of error: the words of some drivers carry values.
            invalid = isinstance(error, DataError | IntegrityError)
            raise StoreError(f"The store did not take it: {type(error.orig).__name__}.", invalid=invalid) from None

    def close(self) -> None:
        """Let go of it. What was begun is finished first."""
        for lane in self._lanes.values():
            lane.shutdown()
        self._engine.dispose()


def _engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL; the plain `postgresql://` takes psycopg 3."""
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        engine = create_engine(url, pool_size=8, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError('The store\'s url is not one; write it like "sqlite:///convenor.db".') from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ANN401, ARG001 -- the driver's own connection
    """Make a SQLite connection safe for many threads and a sudden end: WAL, every commit on the disk."""
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY * 1000}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that turns from reading to writing could fail half way."""
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")


def _upgrade(engine: Engine) -> None:
    """Bring the tables up to date, in one transaction."""
    with as_file(files("bot.store") / "migrations") as folder, engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _opening(url: str, error: Exception) -> str:
    """Why it could not be opened, and the remedy; never with the password in the url."""
    if isinstance(error, CommandError):
        return "The store was written by a newer Convenor. Update this one, or use another store."
    where = url.rpartition("@")[2].partition("?")[0]
    if isinstance(error, OperationalError):
        return f"The store at {where} cannot be opened: is the folder there and writable, is the server up?"
    return f"The store at {where} is not one of Convenor's, or it is damaged. Move it away or set another url."
