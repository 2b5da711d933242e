"""How long a connection to PostgreSQL may keep silent.

One that does not answer in time is closed, so no thread waits for it without end; the pool then makes new ones. The
server gives up earlier, so that it is mostly known what came of a statement.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

RV = TypeVar("RV")

_SILENCE = 8.0
"""Seconds that PostgreSQL may take for the answer to a statement; then its connection is closed."""

_PING = 3.0
"""Seconds for the answer to the question whether a connection is alive, before each transaction."""

PARAMETERS = {
    "connect_timeout": "4",
    "tcp_user_timeout": "8000",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "application_name": "convenor",
    "options": "-c statement_timeout=6s -c lock_timeout=4s -c idle_in_transaction_session_timeout=30s",
}
"""libpq's parameters, unless the url has others: seconds, but milliseconds for `tcp_user_timeout`."""


class _Connection(psycopg.Connection[Any]):
    """A connection that is closed when the server does not answer within `silence` seconds."""

    silence: float | None = _PING

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, self.silence if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 -- the only name of it, documented at `Connection.wait`
            self.pgconn.finish()
            raise


def limit(engine: Engine, *, patient: bool) -> None:
    """Give PostgreSQL's connections their limits: the short one for a ping, the long one for all else."""
    parameters = PARAMETERS if not patient else {**PARAMETERS, "options": ""}

    def connect(_dialect: object, _entry: object, args: list[Any], named: dict[str, Any]) -> _Connection:
        return _Connection.connect(*args, **{**parameters, **named})

    def taken(connection: _Connection, _entry: object, _proxy: object) -> None:
        connection.silence = None if patient else _SILENCE

    def given_back(connection: _Connection | None, _entry: object) -> None:
        if connection is not None:
            connection.silence = _PING

    def streamed(_connection: object, cursor: psycopg.Cursor[Any], *_more: object) -> None:
        """Rows that are fetched bit by bit need a transaction, also in a read, which else makes none; it ends there."""
        if isinstance(cursor, psycopg.ServerCursor):
            connection = cursor.connection
            if connection.autocommit and connection.info.transaction_status == TransactionStatus.IDLE:
                connection.execute("BEGIN")

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given_back)
    event.listen(engine, "before_cursor_execute", streamed)
