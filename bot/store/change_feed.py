"""Tells what other processes changed in a database on PostgreSQL, by its notifications; triggers send them.

It has a connection of its own, which is made again when it breaks or keeps silent. What came meanwhile is not known
then, only that something may have. A pooler that hands connections on for each transaction passes no notification on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import structlog

from bot.store.database import Database
from bot.store.postgresql import PARAMETERS

_PING = 4.0
"""Wall seconds without a notification after which the connection is tried."""

_SILENCE = 3.0
"""Wall seconds within which the server has to answer."""

_PAUSE = 1.0
"""Wall seconds before another connection is made."""

_log = structlog.get_logger()


class ChangeFeed:
    """Listens while `run` runs.

    `changed` is called with the kind of each change by another process, and the name of its chat or place; `*` stands
    for more than a few. `missed` is called when there may have been others that are not known. `listening` is set once
    the first connection listens.
    """

    def __init__(self, database: Database, changed: Callable[[str, str], None], missed: Callable[[], None]) -> None:
        self._database, self._changed, self._missed = database, changed, missed
        self.listening = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError, TimeoutError) as error:
                _log.warning("change_feed.broken", error=type(error).__name__)
            await asyncio.sleep(_PAUSE)

    async def _listen(self) -> None:
        async with asyncio.timeout(_SILENCE):
            named = PARAMETERS | self._database.connect_parameters()
            connection = await psycopg.AsyncConnection.connect(**named, autocommit=True)
        try:
            async with asyncio.timeout(_SILENCE):
                await connection.execute("LISTEN convenor")
            if self.listening.is_set():
                self._missed()
            self.listening.set()
            while True:
                async for note in connection.notifies(timeout=_PING):
                    sender, kind, which = note.payload.split(" ", 2)
                    if sender != self._database.process:
                        self._changed(kind, which)
                async with asyncio.timeout(_SILENCE):
                    await connection.execute("SELECT 1")
        finally:
            await connection.close()
