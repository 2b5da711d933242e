"""The database: opens it, has its tables migrated, and runs queries in threads, off the event loop.

A query is a plain function of a connection. Each lane of writes has a thread, so that a question that is due never
queues behind a long batch of incoming messages. Every wait has a limit: after a StoreError a write may have happened
all the same, so every write must be safe to repeat. On PostgreSQL one that lost to another transaction is run once more
at once. The meaning of a query is not known here.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from bot.errors import StoreError
from bot.store.engine import BUSY, file_of, make_engine
from bot.store.lanes import Lane, LaneThreads, WriteQueue, waits, works
from bot.store.scrubbing import scrub
from bot.store.store_file import StoreFile, make_private
from bot.store.upgrade import upgrade

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

P = ParamSpec("P")
T = TypeVar("T")

_PATIENCE = 12.0
"""Seconds that a call may take: longer than PostgreSQL's limits, whose errors say more."""

_READING: dict[str, dict[str, Any]] = {"sqlite": {"reading": True}, "postgresql": {"isolation_level": "AUTOCOMMIT"}}
"""How a connection reads. On PostgreSQL a transaction would cost two round trips, and each statement in it would see
what was committed before that statement all the same."""

_LOST = {"40P01", "23505"}
"""PostgreSQL's codes for a transaction that it took back because of another one: each waited for the other, or that one
was faster to insert a row. Run again, a query finds what the other did."""

_THREADS: dict[str, int] = {"claims": 1, "outgoing": 1, "incoming": 1, "pulse": 1, "reading": 4}


class Database:
    """An open database. Each lane writes in a thread of its own; `read` has several."""

    def __init__(self, url: str) -> None:
        self.process = secrets.token_hex(4)
        """A name for this process among those that share the database."""
        self._engine = make_engine(url)
        event.listen(self._engine, "before_cursor_execute", lambda *_: waits())
        event.listen(self._engine, "after_cursor_execute", lambda *_: works())
        event.listen(self._engine, "commit", lambda *_: waits())
        self._reader = self._engine.execution_options(**_READING[self._engine.dialect.name])
        self._pulse = self._engine.execution_options(lasting=False)
        if self.is_shared:
            event.listen(self._engine, "connect", self._introduce)
        self._queue = WriteQueue() if self._engine.dialect.name == "sqlite" else None
        self._lanes = {lane: LaneThreads(lane, threads, _PATIENCE) for lane, threads in _THREADS.items()}
        self._refused: dict[bool, tuple[float, str]] = {}
        self._file: StoreFile | None = None
        path = file_of(self._engine)
        if path is not None:
            make_private(path)
        try:
            self._upgrade(url)
        except StoreError:
            self.close()
            raise
        except DBAPIError as error:
            self.close()
            raise StoreError(_why_not_opened(url, error)) from error
        if path is not None:
            file = self._file = StoreFile(path)
            event.listen(self._engine, "do_connect", lambda *_: file.check())  # else a new file would be made
            event.listen(self._engine, "connect", lambda *_: file.check())

    def trouble(self, silent: float = 4.0) -> str | None:
        """Why the store does not work just now, in words for an operator; None if it works.

        No answer for `silent` seconds is trouble; a slow disk may take two or three. This makes no query of its own:
        other code reads every second.
        """
        if self._file is not None and self._file.trouble is not None:
            return self._file.trouble
        longest = max(lane.longest() for lane in self._lanes.values())
        refused = min(self._refused.values(), default=None)
        if refused is not None:
            return f"{refused[1]} That began {time.monotonic() - refused[0]:.0f} s ago."
        return f"The store has not answered for {longest:.0f} s." if longest > silent else None

    def trouble_for_people(self) -> str | None:
        """The same, in words for a person who waits: for them, two seconds are long."""
        return self.trouble(silent=2.0)

    @property
    def waiting(self) -> int:
        """How many writes wait for another write of this process."""
        return self._queue.length if self._queue is not None else 0

    @property
    def is_shared(self) -> bool:
        """Whether several processes may use this database at once: PostgreSQL, not SQLite."""
        return self._engine.dialect.name == "postgresql"

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database; None for PostgreSQL."""
        return file_of(self._engine)

    def mark_file(self) -> None:
        """Mark an SQLite file as that of this process, so that it is noticed if another program writes over it."""
        if self._file is not None:
            self._file.mark()

    def connect_parameters(self) -> dict[str, Any]:
        """The parameters of the driver for another connection to the same database."""
        _, named = self._engine.dialect.create_connect_args(self._engine.url)
        return dict(named)

    def write_sync(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query in this thread, in one transaction, for code without an event loop.

        Raises StoreError when the database refuses it.
        """
        return self._write("outgoing", query, *args, **kwargs)

    def read_sync(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a read-only query in this thread; it waits for no write. Raises StoreError.

        On PostgreSQL each statement sees what was committed before it; on SQLite all see the same.
        """
        return self._run(self._reader, query, *args, **kwargs)

    async def write(
        self, lane: Lane, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query in its lane's thread, in one transaction. Raises StoreError; it may have been written."""
        return await self._lanes[lane].run(partial(self._write, lane, query, *args, **kwargs))

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a read-only query in a thread. Raises StoreError."""
        return await self._lanes["reading"].run(partial(self.read_sync, query, *args, **kwargs))

    def _write(
        self, lane: Lane, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        turn: AbstractContextManager[None] = nullcontext() if self._queue is None else self._queue.turn(lane, BUSY)
        works()  # those before it, whose own time counts
        with turn:
            return self._run(self._pulse if lane == "pulse" else self._engine, query, *args, **kwargs)

    def _run(
        self,
        engine: Engine,
        query: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        began, writing = time.monotonic(), engine is not self._reader
        waits()

        def transact() -> T:
            with engine.begin() as connection:
                result = query(connection, *args, **kwargs)
                if self._file is not None:
                    self._file.check() if writing else self._file.look()
            return result

        try:
            try:
                result = transact()
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _LOST or time.monotonic() - began > _PATIENCE:
                    raise  # by then nobody waits, and others are at work with what the query knows
                result = transact()
        except (DBAPIError, NoFreeConnection) as error:
            # The kind of error only: some drivers' messages contain values.
            kind = type(error.orig if isinstance(error, DBAPIError) else error).__name__
            invalid = isinstance(error, DataError | IntegrityError)
            text = f"The store did not take it: {kind}."
            if not invalid:
                self._refused.setdefault(writing, (began, text))
            raise StoreError(text, invalid=invalid) from None
        self._refused.pop(writing, None)
        return result

    def _upgrade(self, url: str) -> None:
        """Migrate the tables, however long that takes."""
        engine = make_engine(url, patient=True) if self.is_shared else self._engine  # SQLite has no limits to lift
        try:
            upgrade(engine)
        finally:
            engine.dispose()

    def _introduce(self, connection: Any, _entry: object) -> None:  # noqa: ANN401 -- the driver's own
        """Tell PostgreSQL which process this is: its notifications to the others say so."""
        connection.execute(f"SET convenor.process = '{self.process}'")
        connection.commit()

    def scrub(self, *, whole: bool = True) -> None:
        """Remove deleted data from the disk. Unless `whole`, only as far as it blocks nobody.

        Raises StoreError; then call it again later.
        """
        turn = self._queue.turn("outgoing", BUSY) if self._queue is not None and whole else nullcontext()
        works()
        try:
            with turn:
                scrub(self._engine, whole=whole)
        except DBAPIError as error:
            raise StoreError(f"The store could not be scrubbed: {type(error.orig).__name__}.") from None

    def close(self) -> None:
        """Close the database once running queries have finished, but don't wait for one that hangs."""
        for lane in self._lanes.values():
            lane.close()
        self._engine.dispose()
        if self._file is not None:
            self._file.close()


def dialect_insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert in the database's dialect, with `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- a short verb on SQLite does without it

        return postgresql.insert(table)
    return sqlite.insert(table)


def _why_not_opened(url: str, error: Exception) -> str:
    """Why it could not be opened, and the remedy; without the password in the URL."""
    where = url.rpartition("@")[2].partition("?")[0]
    if isinstance(error, OperationalError):
        return f"The store at {where} cannot be opened: is the folder there and writable, is the server up?"
    return f"The store at {where} is not one of Convenor's, or it is damaged. Move it away or set another url."
