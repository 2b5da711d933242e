"""Scrubbing: what was deleted from the tables goes from the disk as well, as far as a database lets it.

SQLite overwrites what is deleted, in its file. Its write-ahead log keeps older pages until it is cut off, and pages
that were freed by older versions of this program may have old words: the file is written anew without them. PostgreSQL
keeps deleted rows in a table's file until that is written anew, and samples of them in its statistics. Its own
write-ahead log, and copies of either database, are beyond this: docs/privacy.md says what to do with them.
"""

from __future__ import annotations

import time

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.store.engine import make_engine
from bot.store.schema import metadata

_TRIES, _PAUSE = 50, 0.1
"""Attempts to cut the log off, and wall seconds between them: somebody may be reading."""

_BY_ADMINISTRATORS = ("VACUUM (FULL) pg_statistic", "SELECT pg_switch_wal()", "CHECKPOINT")
"""What only some of PostgreSQL's users may do; without it the server does it later, by itself."""


def scrub(engine: Engine, *, whole: bool) -> None:
    """Scrub a database. Raises DBAPIError, or StoreError if somebody reads all the time."""
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
        for _ in range(_TRIES):
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(_PAUSE)
    finally:
        raw.close()
    raise StoreError("The store's log cannot be cut off: another program reads it without an end.")


def _scrub_postgresql(engine: Engine) -> None:
    patient = make_engine(engine.url.render_as_string(hide_password=False), patient=True)
    try:
        with patient.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            there = set(inspect(connection).get_table_names())
            for table in sorted(metadata.tables.keys() & there):
                connection.execute(text(f'VACUUM (FULL, ANALYZE) "{table}"'))
            for statement in _BY_ADMINISTRATORS:
                _try(connection, statement)
    finally:
        patient.dispose()


def _try(connection: Connection, statement: str) -> None:
    try:
        connection.execute(text(statement))
    except DBAPIError:
        return  # not allowed to this user: named in docs/privacy.md
