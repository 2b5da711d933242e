"""Rows of messages: written and found as they are, whatever the ids, and no table is read as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import Connection, select
from sqlalchemy.dialects import sqlite

from bot.messages import Author
from bot.store import messages
from bot.store.database import Database
from bot.store.lookups import LookUp, one_of
from bot.store.message_rows import Ident, MessageRow
from bot.store.message_schema import messages as table

ODD_IDS = ["1", "it's", '"', "\\u0000", "%s", "?", "{}", "\u0661", "\U0001f600", "a b", "\n"]
AT = datetime(2020, 10, 13, 19, 0, tzinfo=UTC)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    with closing(Database(store_url)) as database:
        yield database


def a_row(place: str, id: str) -> MessageRow:
    author = Author(id="1", name="Pretend participant A")
    return MessageRow(
        place=place,
        id=id,
        chat=None,
        question="",
        reason="floor",
        at=AT,
        author=author,
        text="words",
        reply_to=None,
        reply_place=None,
        url=None,
    )


def test_finds_every_odd_id_on_its_own_place_alone(database: Database) -> None:
    there = {("x", id) for id in ODD_IDS} | {("room", "1")}
    database.write_sync(messages.save_rows, [a_row(*one) for one in sorted(there)], [])
    asked = [*there, ("room", "it's"), ("discord", "1"), ("x", "nothing")]
    assert database.read_sync(messages.get_rows, asked).keys() == there
    assert database.read_sync(messages.existing_ids, ["x"], [*ODD_IDS, "nothing"]) == set(ODD_IDS)


def test_a_row_comes_back_as_it_was_written_and_as_it_was_changed(database: Database) -> None:
    whole = MessageRow(
        place="x",
        id="1",
        chat="pretend/hour",
        question="q1",
        reason="reply",
        at=AT,
        author=Author(id="2", handle="@pretend_b", name="Pretend participant B", followers=3),
        text="words",
        reply_to="4",
        reply_place="room",
        url="https://example.org/1",
        edited=datetime.max.replace(tzinfo=UTC),
        gone=True,
        verdict="hold",
        refers="{}",
    )
    database.write_sync(messages.save_rows, [whole, a_row("x", "2")], [])
    assert database.read_sync(messages.get_rows, [("x", "1")]) == {("x", "1"): whole}
    changed = msgspec.structs.replace(whole, question="q2", reason="mark", edited=AT, gone=False, url=None)
    database.write_sync(messages.save_rows, [], [changed])
    assert database.read_sync(messages.get_rows, [("x", "1"), ("x", "2")]) == {
        ("x", "1"): changed,
        ("x", "2"): a_row("x", "2"),
    }


def test_each_value_in_which_messages_seldom_differ_is_written(database: Database) -> None:
    values: dict[str, object] = {"reply_place": "room", "edited": AT, "moved": "q2", "merged": "x/9"}
    values |= {"highlighted": True, "taken_out": True, "withheld": True}
    values |= {"also": ("q2", "q3"), "verdict": "hold", "gone": True, "chat": "pretend/hour", "refers": "{}"}
    rows = [msgspec.structs.replace(a_row("x", name), **{name: value}) for name, value in values.items()]
    database.write_sync(messages.save_rows, rows, [])
    assert database.read_sync(messages.get_rows, [("x", name) for name in values]) == {
        ("x", one.id): one for one in rows
    }


def test_of_messages_with_one_address_the_first_by_place_and_id_is_found(database: Database) -> None:
    at = {("x", "2"): "https://a.test/1", ("x", "1"): "https://a.test/1", ("y", "0"): "https://a.test/1"}
    at |= {("x", "3"): "https://a.test/3"}
    rows = [msgspec.structs.replace(a_row(*ident), url=url) for ident, url in at.items()]
    database.write_sync(messages.save_rows, rows, [])
    both = {"https://a.test/1": ("x", "1"), "https://a.test/3": ("x", "3")}
    assert database.read_sync(messages.idents_at, [*both, "https://a.test/9"]) == both
    assert database.read_sync(messages.idents_at, ["https://a.test/3"]) == {"https://a.test/3": ("x", "3")}
    assert database.read_sync(messages.idents_at, []) == {}


def test_an_id_with_a_nul_is_another_than_its_beginning(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        database.write_sync(messages.save_rows, [a_row("x", "a"), a_row("x", "a\0b")], [])
        assert database.read_sync(messages.get_rows, [("x", "a\0b")]).keys() == {("x", "a\0b")}


def test_more_ids_than_a_statement_may_have_parameters(database: Database) -> None:
    database.write_sync(messages.save_rows, [a_row("x", "7")], [])
    many: list[Ident] = [("x", str(number)) for number in range(70_000)]
    assert database.read_sync(messages.get_rows, many).keys() == {("x", "7")}


def test_no_table_is_read_as_a_whole(sqlite_url: str) -> None:
    def plan(connection: Connection) -> list[str]:
        query = select(table).where(table.c.place == "x", one_of(connection, table.c.id, ["1", "2"]))
        text = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
        rows = list(LookUp(select(table), table.c.place, table.c.id).rows(connection, [("x", "1")]))
        assert rows == []
        return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]

    with closing(Database(sqlite_url)) as database:
        steps = database.read_sync(plan)
    assert any(step.startswith("SEARCH messages USING INDEX") for step in steps)
    assert not any(step.startswith("SCAN messages") for step in steps)
