"""The database that is lent to test after test is as new each time."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest
from psycopg import Connection, sql

from bot.store import schema
from tests.store.lent_database import LentDatabase
from tests.store.postgres_server import Server

EVENT = "INSERT INTO events (place, type, identity, raw) VALUES ('x', 'message', '1', '{}') RETURNING seq"
VERSION = "SELECT version_num FROM alembic_version"


@pytest.fixture
def lender(postgres: Server, postgres_url: str) -> LentDatabase:
    return LentDatabase(postgres, postgres_url.partition("@/")[2].partition("?")[0])


def connected(url: str) -> closing[Connection]:
    return closing(psycopg.connect(url.replace("+psycopg", ""), autocommit=True))


def test_it_is_emptied_and_counts_from_one_again(lender: LentDatabase) -> None:
    for _ in range(3):
        with lender.lent() as url, connected(url) as link:
            assert link.execute(EVENT).fetchone() == (1,)
    with lender.lent() as url, connected(url) as link:
        for table in schema.metadata.tables:
            assert link.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall() == []


def test_who_outlives_a_test_does_not_get_into_the_next(lender: LentDatabase) -> None:
    with lender.lent() as url:
        left = connected(url)
    with left as link, lender.lent():
        with pytest.raises(psycopg.OperationalError):
            link.execute(EVENT)
        with pytest.raises(psycopg.OperationalError):
            connected(url)


@pytest.mark.parametrize("change", ["ALTER TABLE chats RENAME TO away", "UPDATE alembic_version SET version_num = 'x'"])
def test_changed_tables_are_not_lent_again(lender: LentDatabase, change: str) -> None:
    with lender.lent() as url, connected(url) as link:
        before = link.execute(VERSION).fetchone()
        link.execute(change.encode())
    with lender.lent() as url, connected(url) as link:
        assert link.execute(VERSION).fetchone() == before
        assert link.execute("SELECT * FROM chats").fetchall() == []
