"""The tray: commands that wait in the store, because they came in a message, in a direct message, or from a shell.

They are picked up in the order in which they came and brought to the desk; their answers are planned as posts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.commands import execution, replies
from bot.commands.context import CommandEnvironment, CommandResult
from bot.commands.service import CommandService, granted
from bot.errors import StoreError
from bot.live.consent import is_privacy_request, is_stop_request
from bot.messages import Command
from bot.store import commands
from bot.store.commands import CommandRow
from bot.store.database import Database

_GLANCE = 1.0
"""Wall seconds between two looks for what another process put into the store."""

_AT_ONCE = 200
"""Commands that are carried out before somebody else has a turn."""

_BROKEN = "Something went wrong with that, and nothing was changed. Please say it another way."

_log = structlog.get_logger()


class CommandWorker:
    """`run` is its whole life; `tend` its one motion. `answered` is told that an answer may be planned."""

    def __init__(self, database: Database, service: CommandService, environment: CommandEnvironment) -> None:
        self._database, self._service, self._environment = database, service, environment
        self._waits = asyncio.Event()
        self.answered: Callable[[], None] = _nothing

    def wake(self) -> None:
        """A command may wait in the store. Must be called on the event loop."""
        self._waits.set()

    async def run(self) -> None:
        """Carry out what waits until cancelled: at once where we are told, else within a second."""
        while True:
            # not `wait_for`: before Python 3.12 it may swallow a cancellation, and then this would never end
            with suppress(TimeoutError):
                async with asyncio.timeout(_GLANCE):
                    await self._waits.wait()
            self._waits.clear()
            try:
                while await self.tend():
                    pass
                await self._service.mend()  # last, so that it stands in no command's way
            except Exception as error:  # noqa: BLE001 -- what waits is tried again; a chat goes on whatever is wrong here
                _log.warning("tray.failed", error=type(error).__name__)

    async def tend(self) -> bool:
        """Carry out what waits, oldest first. Returns whether there may be more. Raises StoreError."""
        waiting = await self._database.read(commands.waiting, _AT_ONCE)
        found = [(entry, self._service.denied(entry.command)) for entry in waiting]
        idle = [said for _, said in found if said is not None]
        if idle:
            await self._database.write("outgoing", _deny, idle)
        for entry, said in found:
            if said is None:
                await self._try(entry)
        return len(waiting) == _AT_ONCE

    async def _try(self, entry: CommandRow) -> None:
        try:
            await self._take(entry)
            self.answered()
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 -- one odd command must not stop those after it
            _log.error("tray.broken", place=entry.command.place, error=type(error).__name__)
            await self._database.write("outgoing", _give_up, entry)

    async def _take(self, entry: CommandRow) -> None:
        command = entry.command
        if is_privacy_request(command.text):
            await self._service.leave(command)
            await self._database.write("outgoing", _granted, self._environment, entry, self._service.now())
            return
        # who can be answered alone is answered alone
        public = command.public and not self._environment.places[command.place].features.private
        await self._service.carry(command, public=public, posted=True)


def _nothing() -> None:
    pass


def _granted(connection: Connection, environment: CommandEnvironment, entry: CommandRow, now: datetime) -> None:
    """Somebody wished something in private; that is done, and they are told, unless they wish to be told nothing."""
    carried = execution.settled(connection, entry.command, CommandResult(receipt=granted(entry.command.text)))
    if not is_stop_request(entry.command.text):
        replies.plan(connection, environment, carried, now, public=False)


def _give_up(connection: Connection, entry: CommandRow) -> None:
    known = commands.find(connection, entry.command.place, entry.command.id, lock=True)
    if known is None or known.outcome is not None:
        return  # it was carried out, and its own receipt stands
    execution.settled(connection, entry.command, CommandResult(receipt=_BROKEN, outcome="refused"))


def _deny(connection: Connection, denied: Sequence[Command]) -> None:
    """Those who may not: all at once, so that a thousand of them stand in nobody's way."""
    for said in denied:
        execution.deny(connection, said)
