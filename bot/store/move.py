"""The whole store copied into another, empty one, of whatever kind: all rows of all tables, compared, or none at all.

The tables are those that the databases have, so that a new one is carried without a word here. The old store is read as
it is at one moment, and not written to. Whether a bot uses either is not looked for here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, MetaData, Row, Table, func, inspect, select
from sqlalchemy.exc import DataError, DBAPIError

from bot.errors import StoreError
from bot.messages import Value
from bot.store.database import Database
from bot.store.engine import file_of, make_engine

NOT_CARRIED = frozenset({"alembic_version", "leases"})
"""The version of the tables, which the new store has itself; and which process does what just now, when none runs."""

_BATCH = 500
"""Rows that are written at once."""

_encode = msgspec.json.Encoder().encode

Progress = Callable[[str, int, int], None]
"""Called with a table, how many of its rows are done, and how many it has."""


class MovedTable(Value, frozen=True, kw_only=True):
    """A table that was carried: how many rows it has in both stores, and a checksum over them, in any order."""

    table: str
    rows: int
    checksum: str


def move(source: str, target: str, progress: Progress = lambda _table, _done, _all: None) -> tuple[MovedTable, ...]:
    """Carry everything from one store into another, and compare. Raises StoreError; then the new one is as it was."""
    fresh = _missing(target)
    try:
        for url in (source, target):
            Database(url).close()  # which makes the tables, and brings old ones up to date
        with ExitStack() as stack:
            old, new = _connected(stack, source, reading=True), _connected(stack, target, reading=False)
            return _carry(old, new, progress)
    except BaseException as error:
        for one in [fresh.with_name(fresh.name + end) for end in ("", "-wal", "-shm")] if fresh else []:
            one.unlink(missing_ok=True)
        if isinstance(error, DBAPIError):
            raise StoreError(_reason(error)) from error
        raise


def _carry(old: Connection, new: Connection, progress: Progress) -> tuple[MovedTable, ...]:
    before, after = _tables(old), _tables(new)
    if before.keys() != after.keys():
        others = ", ".join(sorted(before.keys() ^ after.keys()))
        raise StoreError(f"Only one of the stores has these tables: {others}. Use a database for Convenor alone.")
    _refuse_rows(new, after.values())
    moved = [_carry_table(old, new, before[name], after[name], progress) for name in sorted(before)]
    for one in moved:
        found = _summed(_rows(new, after[one.table]), one.table)
        if found != one:
            raise StoreError(
                f"The table {one.table} is not the same in the new store: {found.rows} of {one.rows} rows. It is left"
                " empty, and the old store is as it was. Try again; if it happens again, please report it."
            )
    return tuple(moved)


def _carry_table(old: Connection, new: Connection, table: Table, copy: Table, progress: Progress) -> MovedTable:
    count = old.scalar(select(func.count()).select_from(table)) or 0
    batch, done = list[dict[str, Any]](), 0

    def written() -> Iterator[Row[Any]]:
        nonlocal done
        for row in _rows(old, table):
            yield row
            batch.append(dict(row._mapping))  # noqa: SLF001 -- the library's public way to a row's names
            if len(batch) == _BATCH:
                new.execute(copy.insert(), batch)
                done += len(batch)
                batch.clear()
                progress(table.name, done, count)

    summed = _summed(written(), table.name)
    if batch:
        new.execute(copy.insert(), batch)
    progress(table.name, summed.rows, count)
    _count_on(new, copy)
    return summed


def _summed(rows: Iterable[Row[Any]], name: str) -> MovedTable:
    """The number of rows and their checksum: databases have different ideas of order, so the rows' own are added up."""
    count = total = 0
    for row in rows:
        values = sorted((str(key), _plain(value)) for key, value in row._mapping.items())  # noqa: SLF001 -- as above
        total += int.from_bytes(hashlib.sha256(_encode(values)).digest())
        count += 1
    return MovedTable(table=str(name), rows=count, checksum=f"{total % (1 << 256):064x}")


def _plain(value: object) -> object:
    """A value as both databases give it: one has no type for true and false."""
    return int(value) if isinstance(value, bool) else value


def _rows(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    yield from connection.execute(query, execution_options={"yield_per": _BATCH})


def _tables(connection: Connection) -> Mapping[str, Table]:
    """The tables as this database has them."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {table.name: table for table in metadata.tables.values() if table.name not in NOT_CARRIED}


def _refuse_rows(new: Connection, tables: Iterable[Table]) -> None:
    counts = {table.name: new.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    used = [f"{name} ({count})" for name, count in sorted(counts.items()) if count]
    if used:
        raise StoreError(f"The new store is not empty. It has rows in {', '.join(used)}. Give an empty one.")


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that were carried; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in inspect(connection).get_columns(table.name):
        if column.get("autoincrement"):
            sequence = func.pg_get_serial_sequence(table.name, column["name"])
            top = select(func.coalesce(func.max(table.c[column["name"]]), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, top, False)))  # noqa: FBT003 -- PostgreSQL's own argument


def _connected(stack: ExitStack, url: str, *, reading: bool) -> Connection:
    """A connection in one transaction, which ends with the block."""
    engine = make_engine(url, patient=True)
    stack.callback(engine.dispose)
    if reading and engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return stack.enter_context(engine.execution_options(reading=reading).begin())


def _missing(url: str) -> Path | None:
    """The file of an SQLite store that is still to be made."""
    engine = make_engine(url)
    with suppress(Exception):
        engine.dispose()
    path = file_of(engine)
    return path if path is not None and not path.exists() else None


def _reason(error: DBAPIError) -> str:
    """A database's error without any value."""
    kind = type(error.orig).__name__
    if isinstance(error, DataError):
        return f"The new store does not take a value of the old one: {kind}. Nothing was moved; please report it."
    return f"A store did not take it: {kind}. Nothing was moved; look whether both can be reached and have room."
