"""The order in which PostgreSQL's rows are locked: two transactions with different ones could wait for each other.

A chat comes first, then the posts of its plan, then its commands and messages, then other posts. Of several rows of a
table, the one whose key is least by the values of its characters comes first: that is also how Python sorts texts. On
SQLite one transaction writes at a time, and nothing here locks anything.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, TextClause, collate, literal, select, tuple_

from bot.store.message_schema import messages
from bot.store.schema import outbox


def is_shared(connection: Connection) -> bool:
    """Whether several processes may use this database at once."""
    return connection.dialect.name == "postgresql"


def lock_rows(connection: Connection, table: Table, *chosen: ColumnElement[bool]) -> None:
    """Lock the chosen rows until the transaction ends."""
    if is_shared(connection):
        rows = select(literal(1)).select_from(table).where(*chosen).order_by(*by_key(table))
        connection.execute(rows.with_for_update())


def lock_messages_of(connection: Connection, people: Collection[tuple[str, str]]) -> None:
    """Lock all messages of these people, given by place and id."""
    if people:
        lock_rows(connection, messages, tuple_(messages.c.place, messages.c.author_id).in_(people))


def by_key(table: Table) -> list[ColumnElement[Any]]:
    """A table's primary key, to sort by. Only PostgreSQL knows the collation."""
    return [collate(one, "C") if isinstance(one.type, Text) else one for one in table.primary_key.columns]


def posts_in_order(*chosen: ColumnElement[bool] | TextClause) -> ColumnElement[bool]:
    """The condition that a post is one of the chosen; they are locked in the order of their ids, whatever is done."""
    rows = select(outbox.c.id).where(*chosen).order_by(outbox.c.id).with_for_update()
    return outbox.c.id.in_(rows.scalar_subquery())
