"""Scrubbing: what was deleted from the tables goes from the disk as well, as far as a database lets it.

SQLite overwrites what is deleted, in its file. Its write-ahead log keeps older pages until it is cut off, and pages
that were freed by older versions of this program may have old words: the file is written anew without them. PostgreSQL
keeps deleted rows in a table's file until that is written anew, and samples of them in its statistics. Old segments of
its write-ahead log are kept under new names, to be written over later: going through all of them writes over them now.
What a server archives or keeps for others, and copies of either database, are beyond this: see docs/privacy.md.
"""

from __future__ import annotations

import sqlite3
import time

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.store.engine import BUSY, make_engine

_TRIES, _PAUSE = 50, 0.1
"""Attempts to cut the log off, and wall seconds between them: somebody may be reading."""

_MOST_SEGMENTS = 64
"""Segments of PostgreSQL's log that are written over at most, 16 MiB each: as many as it keeps if nobody set more."""

_SEGMENTS = "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
_NEXT_SEGMENT = "SELECT pg_logical_emit_message(false, 'convenor', ''), pg_switch_wal()"
"""The rest of the segment that is left becomes zeros. Without a record in it the server would stay where it is."""

_BY_ADMINISTRATORS = ("VACUUM (FULL) pg_statistic", "SELECT pg_switch_wal()", "CHECKPOINT")
"""What only some of PostgreSQL's users may do; without it the server does it later, by itself."""


def scrub(engine: Engine, *, whole: bool) -> None:
    """Scrub a database. Raises DBAPIError, or StoreError if the disk is full or somebody reads all the time."""
    if engine.dialect.name == "sqlite":
        _scrub_sqlite(engine, whole=whole)
    elif whole:
        _scrub_postgresql(engine)


def _scrub_sqlite(engine: Engine, *, whole: bool) -> None:
    raw = engine.raw_connection()  # outside of a transaction, which the engine would begin
    try:
        cursor = raw.cursor()
        if whole:
            cursor.execute("VACUUM")
        cursor.execute("PRAGMA busy_timeout=0")  # else it would keep all writers waiting while it waits for a reader
        for _ in range(_TRIES):
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(_PAUSE)
    except sqlite3.Error as error:  # the driver's own, as the statements went around the engine
        raise StoreError(f"The store could not be scrubbed: {error}.") from error
    finally:
        raw.cursor().execute(f"PRAGMA busy_timeout={BUSY * 1000:.0f}")
        raw.close()
    raise StoreError("The store's log cannot be cut off: another program reads it without an end.")


def _scrub_postgresql(engine: Engine) -> None:
    from bot.store import tables  # noqa: PLC0415 -- their modules need the database, and that needs this one

    patient = make_engine(engine.url.render_as_string(hide_password=False), patient=True)
    try:
        with patient.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            there = set(inspect(connection).get_table_names())
            for table in sorted(there & {one.name for one in tables.ALL}):
                connection.execute(text(f'VACUUM (FULL, ANALYZE) "{table}"'))
            for statement in _BY_ADMINISTRATORS:
                _try(connection, statement)
            for _ in range(min(_try(connection, _SEGMENTS), _MOST_SEGMENTS)):
                _try(connection, _NEXT_SEGMENT)
    finally:
        patient.dispose()


def _try(connection: Connection, statement: str) -> int:
    """Run a statement. Returns the number that it gives, if it gives one."""
    try:
        found = connection.execute(text(statement))
        value = found.scalar() if found.returns_rows else None
    except DBAPIError:
        return 0  # not allowed to this user: named in docs/privacy.md
    return value if isinstance(value, int) else 0
