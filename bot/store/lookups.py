"""Look-ups of many rows in one query: through the index, and with one parameter however many they are.

SQLite reads the whole table for `(place, id) IN (VALUES …)`, so each place is asked for by itself. And SQLAlchemy takes
longer to write a thousand parameters than the database to find a thousand rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Row, Select, Text, any_, bindparam, func, select

from bot.store.message_rows import Ident


def one_of(connection: Connection, column: Column[str], values: Collection[str]) -> ColumnElement[bool]:
    """Whether a column has one of these values."""
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(values), ARRAY(Text), unique=True))
    listed = msgspec.json.encode(list(values)).decode()
    if "\\u0000" in listed:  # at which SQLite ends a text from JSON
        return column.in_(list(values))
    return column.in_(select(func.json_each(listed).table_valued("value").c.value))


def rows_of(
    connection: Connection, query: Select[Any], place: Column[str], id: Column[str], idents: Iterable[Ident]
) -> Iterator[Row[Any]]:
    """The rows of a query whose columns `place` and `id` are one of these pairs."""
    ids: dict[str, list[str]] = {}
    for here, one in idents:
        ids.setdefault(here, []).append(one)
    for here, wanted in ids.items():
        yield from connection.execute(query.where(place == here, one_of(connection, id, wanted)))
