"""The database: opens it, has its tables migrated, and runs queries in threads, off the event loop.

A query is a plain function of a connection. Outgoing and incoming writes have a thread each, so that a question that is
due never queues behind a long batch of incoming messages. What a query means is not known here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from threading import Condition
from types import TracebackType
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StoreError
from bot.store.upgrade import upgrade

P = ParamSpec("P")
T = TypeVar("T")
Lane = Literal["outgoing", "incoming"]

_BUSY = 30
"""Seconds that a writer waits for the lock of another process before it gives up."""


class WriteQueue:
    """A fair lock for writing to SQLite within one process, as a context manager: first come, first served.

    SQLite takes one write at a time, and a connection that finds it locked sleeps and retries, ever longer. Under load
    incoming batches then overtook outgoing posts, and a command took seconds. One executor thread for all writes would
    be fair as well, but every write would then stand behind the whole backlog of incoming batches; here it waits only
    for the write under way. The lock is not reentrant, and other processes are not known here. `tickets` counts the
    threads that ever asked, `served` those that are done.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self.tickets = 0
        self.served = 0

    def __enter__(self) -> None:
        with self._changed:
            ticket, self.tickets = self.tickets, self.tickets + 1
            self._changed.wait_for(lambda: self.served == ticket)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self.served += 1
            self._changed.notify_all()


class Database:
    """An open database. Lane `outgoing` writes posts, `incoming` writes events; `read` uses threads of its own."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._reader = self._engine.execution_options(reading=True)
        self._write_lock: AbstractContextManager[object] = (
            WriteQueue() if self._engine.dialect.name == "sqlite" else nullcontext()
        )
        self._lanes = {
            lane: ThreadPoolExecutor(threads, thread_name_prefix=f"store-{lane}")
            for lane, threads in (("outgoing", 1), ("incoming", 1), ("reading", 4))
        }
        try:
            upgrade(self._engine)
        except StoreError:
            self.close()
            raise
        except DBAPIError as error:
            self.close()
            raise StoreError(_why_not_opened(url, error)) from error

    def write_sync(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query in this thread, in one transaction, for code without an event loop.

        Raises StoreError when the database refuses it.
        """
        with self._write_lock:
            return self._run(self._engine, query, *args, **kwargs)

    def read_sync(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a read-only query in this thread; it waits for no write. Raises StoreError."""
        return self._run(self._reader, query, *args, **kwargs)

    async def write(
        self, lane: Lane, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query in its lane's thread, in one transaction. Raises StoreError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._lanes[lane], partial(self.write_sync, query, *args, **kwargs))

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a read-only query in a thread. Raises StoreError."""
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
            # The kind of error only: some drivers' messages contain values.
            invalid = isinstance(error, DataError | IntegrityError)
            raise StoreError(f"The store did not take it: {type(error.orig).__name__}.", invalid=invalid) from None

    def close(self) -> None:
        """Close the database after the queries under way have finished."""
        for lane in self._lanes.values():
            lane.shutdown()
        self._engine.dispose()


def dialect_insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert in the database's dialect, with `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


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
    """Make a SQLite connection safe for many threads and for a crash: WAL, and every commit synced to disk."""
    connection.isolation_level = None  # `_begin` begins transactions
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY * 1000}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that first reads and then writes could fail half way."""
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")


def _why_not_opened(url: str, error: Exception) -> str:
    """The reason why it could not be opened, and the remedy; never with the password in the url."""
    where = url.rpartition("@")[2].partition("?")[0]
    if isinstance(error, OperationalError):
        return f"The store at {where} cannot be opened: is the folder there and writable, is the server up?"
    return f"The store at {where} is not one of Convenor's, or it is damaged. Move it away or set another url."
