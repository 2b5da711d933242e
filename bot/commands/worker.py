"""Executes the commands that wait in the store: those from messages, private messages and the shell.

They are executed in the order in which they came, and their replies are planned as posts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.commands import execution, queries, replies
from bot.commands.context import CommandEnvironment, CommandResult
from bot.commands.service import CommandService
from bot.errors import StoreError, cause_of
from bot.live.consent import is_privacy_request, is_stop_request, privacy_request
from bot.live.receipts import privacy_answer
from bot.messages import Command
from bot.store import commands
from bot.store.commands import CommandRow
from bot.store.database import Database
from bot.translation import _, pending

_POLL_INTERVAL = 1.0
"""Wall seconds between two checks for commands that another process put into the store."""

_BATCH = 200
"""Commands that are read at once."""

_BROKEN = pending("Something went wrong with that, and nothing was changed. Please say it another way.")

_log = structlog.get_logger()


class CommandWorker:
    """Executes waiting commands for as long as `run` runs. `reply_planned` is called when a reply may be planned."""

    def __init__(self, database: Database, service: CommandService, environment: CommandEnvironment) -> None:
        self._database, self._service, self._environment = database, service, environment
        self._woken = asyncio.Event()
        self.reply_planned: Callable[[], None] = _do_nothing

    def wake(self) -> None:
        """A command may wait in the store. Must be called on the event loop."""
        self._woken.set()

    async def run(self) -> None:
        """Execute what waits until cancelled: at once after `wake`, else within a second."""
        while True:
            # not `wait_for`: before Python 3.12 it may swallow a cancellation, and then this would never end
            with suppress(TimeoutError):
                async with asyncio.timeout(_POLL_INTERVAL):
                    await self._woken.wait()
            self._woken.clear()
            try:
                while await self.run_once():
                    pass
                await self._service.executor.retry_refresh()  # last, so that it doesn't delay a command
            except Exception as error:  # noqa: BLE001 -- the commands are tried again; a chat goes on whatever is wrong
                _log.warning("command_worker.failed", error=cause_of(error))

    async def run_once(self) -> bool:
        """Execute a batch, oldest first. Returns whether there may be more. Raises StoreError."""
        waiting = await self._database.read(commands.waiting, _BATCH)
        allowed, denied = [], []
        for row in waiting:
            resolved = self._service.resolve(row.command)
            if self._service.is_denied(resolved):
                denied.append(resolved.command)
            else:
                allowed.append(row)
        if denied:
            await self._database.write("outgoing", _deny_all, denied)
        for row in allowed:
            await self._try(row)
        return len(waiting) == _BATCH

    async def _try(self, row: CommandRow) -> None:
        try:
            await self._execute(row.command)
            self.reply_planned()
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 -- one command that fails must not stop those after it
            _log.error("command_worker.command_failed", place=row.command.place, error=type(error).__name__)
            await self._database.write("outgoing", _save_failure, row)

    async def _execute(self, command: Command) -> None:
        if is_privacy_request(command.text):
            await self._do_as_asked(command)
            return
        public = self._replies_in_public(command)
        # resolved only now: a command before it may have changed roles
        await self._service.execute(self._service.resolve(command), public=public, posted=True)

    async def _do_as_asked(self, command: Command) -> None:
        """Do what a person asks for about themselves. What is held on them is told to nobody else."""
        public, now = self._replies_in_public(command), self._service.now()
        if public and privacy_request(command.text) == "hold":
            said = privacy_answer("hold")
        else:
            said = await self._service.about_self([command])
        await self._database.write("outgoing", _save_opt_out, self._environment, command, said, now, public=public)

    def _replies_in_public(self, command: Command) -> bool:
        """Whether others read the reply. A place with private messages replies privately."""
        traits = self._environment.places.get(command.place)
        return command.public and not (traits is not None and traits.features.private)


def _do_nothing() -> None:
    pass


def _save_opt_out(
    connection: Connection,
    environment: CommandEnvironment,
    command: Command,
    said: str,
    now: datetime,
    *,
    public: bool,
) -> None:
    """Store what a person asked for in private, and plan the reply, unless they want no messages at all."""
    result = CommandResult(receipt=said)
    executed = execution.save_result(connection, command, result, queries.PRIVACY)
    if not is_stop_request(command.text):
        replies.plan_reply(connection, environment, executed, now, public=public)


def _save_failure(connection: Connection, row: CommandRow) -> None:
    known = commands.find(connection, row.command.place, row.command.id, lock=True)
    if known is None or known.outcome is not None:
        return  # it was executed, and its own receipt stands
    execution.save_result(connection, row.command, CommandResult(receipt=_(_BROKEN), outcome="refused"))


def _deny_all(connection: Connection, denied: Sequence[Command]) -> None:
    """In one transaction, so that a thousand of them delay nobody."""
    for command in denied:
        execution.deny(connection, command)
