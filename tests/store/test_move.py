"""A store with rows of every kind, moved into an empty one of the other kind, and of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from sqlalchemy import Boolean, Connection, LargeBinary, Table, insert, inspect, select, text

import bot.store
from bot.errors import StoreError
from bot.store import chats, commands
from bot.store.database import Database
from bot.store.engine import make_engine
from bot.store.instant import Instant
from bot.store.move import MovedTable, move
from bot.store.schema import metadata
from tests.commands.running_bot import running_bot
from tests.store.postgres_server import Server

WORDS = ("plain", "", "quote ' \" \\ \u2014 \u202eback", "\U0001f469\u200d\U0001f469 naïve\n\r\t", "A2: we do", "null")


def value_of(column: Any, number: int) -> object:  # noqa: ANN401 -- the library's
    """A value that a column may have; another one in every row."""
    if column.nullable and number % 3 == 0:
        return None
    if isinstance(column.type, Instant):
        return datetime(2026, 3, 3, 12, tzinfo=UTC) + timedelta(days=number * 999, microseconds=number)
    if isinstance(column.type, LargeBinary):
        return bytes([number % 256, 0, 255])
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if column.type.python_type is int:
        return number * (2**40 if "BIGINT" in str(column.type) else 1000) + 1
    return f"{number} {WORDS[number % len(WORDS)]}"


def carried_tables() -> list[Table]:
    """All tables of the schema but the one for leases. A new table is among them by itself."""
    for module in iter_modules(bot.store.__path__):
        import_module(f"bot.store.{module.name}")
    return [table for table in metadata.sorted_tables if table.name != "leases"]


def fill(connection: Connection, rows: int) -> None:
    for table in carried_tables():
        given = [{one.key: value_of(one, number) for one in table.columns} for number in range(1, rows + 1)]
        connection.execute(insert(table), given)


def rows_of(url: str) -> dict[str, list[Any]]:
    """All rows of all tables of the schema, by its own types."""
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            return {
                one.name: sorted(tuple(row) for row in connection.execute(select(one)).all())
                for one in carried_tables()
            }
    except TypeError:  # None can't be compared
        with engine.begin() as connection:
            return {one.name: sorted(map(repr, connection.execute(select(one)).all())) for one in carried_tables()}
    finally:
        engine.dispose()


def filled(url: str, rows: int = 7) -> str:
    with closing(Database(url)) as database:
        database.write_sync(fill, rows)
    return url


@pytest.fixture
def other_url(request: pytest.FixtureRequest, tmp_path: Path, store_url: str) -> Iterator[str]:
    """An empty store of the other kind than `store_url`: without tables yet."""
    if not store_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database("moved") as url:
        yield url


def test_every_row_of_every_table_is_carried_both_ways(store_url: str, other_url: str, tmp_path: Path) -> None:
    before = rows_of(filled(store_url))
    moved = move(store_url, other_url)
    assert rows_of(other_url) == before == rows_of(store_url)
    assert {one.table: one.rows for one in moved} == {name: len(rows) for name, rows in before.items()}
    assert all(before.values())
    again = f"sqlite:///{tmp_path / 'third.db'}"
    assert move(other_url, again) == moved, "the checksums are those of the rows, whatever the database"


def test_all_tables_of_a_database_are_in_the_schema_and_so_in_the_test_above(store_url: str) -> None:
    engine = make_engine(store_url)
    there = set(inspect(engine).get_table_names())
    engine.dispose()
    assert there == {one.name for one in carried_tables()} | {"alembic_version", "leases"}


def test_a_store_with_anything_in_it_is_refused_and_nothing_is_changed(store_url: str, other_url: str) -> None:
    filled(store_url)
    with closing(Database(other_url)) as database:
        database.write_sync(chats.set_fact, "secret", "kept")
    with pytest.raises(StoreError, match=r"not empty\. It has rows in meta \(1\)"):
        move(store_url, other_url)
    with closing(Database(other_url)) as database:
        assert database.read_sync(chats.get_fact, "secret") == "kept"
        assert database.read_sync(chats.all_chats) == []


def test_a_row_that_is_not_the_same_afterwards_leaves_the_new_store_empty(sqlite_url: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'other.db'}"
    before = rows_of(filled(sqlite_url))
    Database(target).close()
    change = "UPDATE people SET author = author || '!' WHERE place = new.place AND author_id = new.author_id"
    engine = make_engine(target)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TRIGGER odd AFTER INSERT ON people BEGIN {change}; END"))
    engine.dispose()
    with pytest.raises(StoreError, match="The table people is not the same in the new store"):
        move(sqlite_url, target)
    assert not any(rows_of(target).values())
    assert rows_of(sqlite_url) == before


def test_a_store_that_cannot_be_carried_leaves_no_file_behind(sqlite_url: str, tmp_path: Path) -> None:
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id TEXT PRIMARY KEY)"))
    engine.dispose()
    with pytest.raises(StoreError, match="Only one of the stores has these tables: somebody_elses"):
        move(sqlite_url, f"sqlite:///{tmp_path / 'other.db'}")
    assert not (tmp_path / "other.db").exists()


def test_progress_is_told_up_to_the_last_row(sqlite_url: str, tmp_path: Path) -> None:
    filled(sqlite_url, 1201)
    told: list[tuple[str, int, int]] = []
    (*_, last) = move(sqlite_url, f"sqlite:///{tmp_path / 'other.db'}", lambda *one: told.append(one))
    assert isinstance(last, MovedTable)
    assert [(done, count) for table, done, count in told if table == "events"] == [
        *((done, 1201) for done in (500, 1000)),
        (1201, 1201),
    ]


async def test_a_chat_goes_on_in_the_new_store_where_it_was(store_url: str, other_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("We use paper")
        await bot.command("pause")
    move(store_url, other_url)
    async with running_bot(other_url, clock=bot.clock, platforms=bot.platforms) as later:
        assert later.posted_keys("x").count("q1") == 1
        assert await later.convenor.conversation("room").counts("a/b") == {"q1": 1}
        assert (await later.command("resume", id="new")).done
        known = later.convenor.database.read_sync(commands.recent, "a/b", 10)
        assert [one.name for one in known] == ["resume", "pause"], "new rows are numbered after those that were carried"
