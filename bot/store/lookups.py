"""Look-ups of many rows in one query: through the index, and with one parameter however many they are.

SQLite reads the whole table for `(place, id) IN (VALUES …)`, so each place is asked for by itself. And SQLAlchemy takes
longer to write a thousand parameters than the database to find a thousand rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    any_,
    bindparam,
    collate,
    func,
    select,
)

from bot.store.message_rows import Ident


class ListQuery:
    """A query for the rows in which a column is one of some values.

    It is put together once for each database: for a few rows that takes longer than to find them. With `lock` they are
    locked until the transaction ends, in the order of these values.
    """

    def __init__(self, query: Select[Any], column: Column[str], *, lock: bool = False) -> None:
        self._query, self._column, self._lock = query, column, lock
        self._made: dict[str, Select[Any]] = {}

    def rows(self, connection: Connection, wanted: Collection[str], **values: object) -> Iterator[Row[Any]]:
        """The rows with these values. `values` are for the query's own parameters."""
        name = connection.dialect.name
        if name not in self._made:
            made = self._query.where(_is_one(name, self._column))
            if self._lock and name == "postgresql":
                made = made.order_by(collate(self._column, "C")).with_for_update()
            self._made[name] = made
        listed = _listed(name, wanted)
        query = self._made[name] if listed is not None else self._query.where(self._column.in_(wanted))
        yield from connection.execute(query, {"of_ids": listed, **values})


class LookUp:
    """A query for the rows whose columns `place` and `id` are one of some pairs; with `lock` they are locked, too."""

    def __init__(self, query: Select[Any], place: Column[str], id: Column[str], *, lock: bool = False) -> None:
        self._of_place = ListQuery(query.where(place == bindparam("of_place")), id, lock=lock)

    def rows(self, connection: Connection, idents: Iterable[Ident], **values: object) -> Iterator[Row[Any]]:
        """The rows of these pairs. `values` are for the query's own parameters."""
        ids: dict[str, list[str]] = {}
        for here, one in idents:
            ids.setdefault(here, []).append(one)
        for here, wanted in sorted(ids.items()):
            yield from self._of_place.rows(connection, wanted, of_place=here, **values)


def one_of(connection: Connection, column: Column[str], values: Collection[str]) -> ColumnElement[bool]:
    """Whether a column has one of these values."""
    listed = _listed(connection.dialect.name, values)
    return column.in_(list(values)) if listed is None else _is_one(connection.dialect.name, column, listed)


def _is_one(dialect: str, column: Column[str], listed: list[str] | str | None = None) -> ColumnElement[bool]:
    """Whether a column has one of the values of the parameter `of_ids`."""
    if dialect == "postgresql":
        return column == any_(bindparam("of_ids", listed, ARRAY(Text)))
    return column.in_(select(func.json_each(bindparam("of_ids", listed, Text)).table_valued("value").c.value))


def _listed(dialect: str, values: Collection[str]) -> list[str] | str | None:
    """The values as that parameter; None if SQLite can't take them."""
    if dialect == "postgresql":
        return list(values)
    listed = msgspec.json.encode(list(values)).decode()
    return None if "\\u0000" in listed else listed  # at which SQLite ends a text from JSON
