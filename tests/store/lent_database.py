"""One PostgreSQL database for test after test: emptied in between, which takes a fiftieth of the time of a new copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count

import psycopg
from psycopg import sql

from tests.store.postgres_server import Server

_GONE = 10_000
"""Milliseconds that a connection has to end when it is told to."""

_GROWN = 4 << 20
"""Bytes that a database may have grown: what was deleted is still in its files, and slows down whoever looks there."""

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"

_SHAPE = """
SELECT (SELECT string_agg(version_num, ',') FROM alembic_version),
    (SELECT string_agg(attrelid::regclass || attname, ',' ORDER BY attrelid, attnum) FROM pg_attribute
        WHERE attrelid >= 16384 AND NOT attisdropped),
    (SELECT string_agg(tgname, ',' ORDER BY oid) FROM pg_trigger)
"""
"""The version, all columns and indexes with their tables, and the triggers."""


class LentDatabase:
    """Lent to one test at a time, with the tables of `like`, all of them empty.

    Each time it has another name: a thread or process that outlives its test and connects again finds nothing. It is
    copied anew if its tables were changed, if it has grown, or if somebody stays connected.
    """

    def __init__(self, server: Server, like: str) -> None:
        self._server, self._like = server, like
        self._names = (f"{like}_{number}" for number in count(1))
        self._free: str | None = None
        with self._inside(like) as link:
            self._tables = [name for (name,) in link.execute(_TABLES)]
            self._shape = link.execute(_SHAPE).fetchone()
            self._largest = _size(link) + _GROWN

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The SQLAlchemy URL, until the test is over."""
        name = next(self._names)
        with closing(psycopg.connect(self._server.address, autocommit=True)) as link:
            if self._free is None:
                self._server.create(link, name, self._like)
            else:
                link.execute(_named("ALTER DATABASE {} RENAME TO {}", self._free, name))
            self._free = None
            try:
                yield self._server.url(name)
            finally:
                link.execute(
                    "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE datname = %s", [_GONE, name]
                )
                if self._emptied(name):
                    self._free = name
                else:
                    link.execute(_named("DROP DATABASE {} WITH (FORCE)", name))

    def _emptied(self, name: str) -> bool:
        """Whether it is now as it was at first."""
        with self._inside(name) as link:
            if link.execute(_SHAPE).fetchone() != self._shape:
                return False
            link.execute("SET session_replication_role = replica")  # no trigger tells anybody
            for table in self._tables:
                link.execute(_named("DELETE FROM {}", table))
            link.execute("SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences")
            return _size(link) < self._largest and _alone(link)

    def _inside(self, name: str) -> closing[psycopg.Connection]:
        return closing(psycopg.connect(self._server.address, dbname=name, autocommit=True))


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def _size(link: psycopg.Connection) -> int:
    found = link.execute("SELECT pg_database_size(current_database())").fetchone()
    assert found
    return int(found[0])


def _alone(link: psycopg.Connection) -> bool:
    others = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return link.execute(others).fetchone() is None
