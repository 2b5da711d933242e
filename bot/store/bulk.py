"""Writes of many rows at once. SQLAlchemy writes the statement, once; the driver takes the rows as they are.

Through SQLAlchemy each row costs as much again as the database takes for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Update

_SIGNS = {"postgresql": "format", "sqlite": "qmark"}
"""How each database's driver marks the place of a value."""


class BulkWrite:
    """An insert or update of many rows.

    A row has the values of these `columns`, in their order and as the driver takes them: no type converts them. The
    values of a condition come last. `statement` makes the statement for a connection.
    """

    def __init__(self, statement: Callable[[Connection], Insert | Update], columns: Sequence[str]) -> None:
        self._statement = statement
        self._columns = tuple(columns)
        self._written: dict[str, str] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write these rows in one call, if there are any."""
        if rows:
            name = connection.dialect.name
            text = self._written.get(name) or self._written.setdefault(name, self._text(connection))
            connection.exec_driver_sql(text, list(rows))

    def _text(self, connection: Connection) -> str:
        """The statement as the driver takes it."""
        dialect = type(connection.dialect)(paramstyle=_SIGNS[connection.dialect.name])  # type: ignore[call-arg]
        compiled = self._statement(connection).compile(dialect=dialect, column_keys=self._columns)
        order = tuple(compiled.positiontup or ())
        if order[: len(self._columns)] != self._columns:
            raise ValueError(f"the values have to come in the order {order}")
        return str(compiled)
