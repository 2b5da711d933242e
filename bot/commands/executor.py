"""Carries commands out, one at a time: each in one transaction, and then what follows from it is shown.

Whose command it is, and whether it is one, was decided before; what it changes is decided in `execution`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands import execution, replies
from bot.commands.context import CommandContext, CommandEnvironment, CommandResult, ResolvedCommand
from bot.commands.execution import ExecutedCommand
from bot.errors import StoreError
from bot.messages import AnyEvent, Command
from bot.messages.keyed_ids import logged_id
from bot.store import claims
from bot.store.commands import OWN_PLACE, own_command
from bot.store.database import Database

_OURS = (OWN_PLACE, "shell")
"""Where no participant gives commands: the log may have who did."""

_log = structlog.get_logger()


class CommandExecutor:
    """Its callables, and `lock`, are set once the rest of the bot is built.

    `lock` is held while a command is executed. `release_claims` releases the outbox's claims on a chat's next posts.
    `refresh` is called for a chat whose plan or record may have changed, with the changes of the counts under its
    questions. `corrected` is called for each correction of a record that is stored, so that replies follow.
    """

    def __init__(self, database: Database, clock: Clock, environment: CommandEnvironment) -> None:
        self._database, self._clock, self._environment = database, clock, environment
        self._to_refresh: set[str] = set()
        self.lock = asyncio.Lock()
        self.release_claims: Callable[[str], Awaitable[None]] = _release_nothing
        self.refresh: Callable[[str, Sequence[tuple[str, int]]], Awaitable[None]] = _refresh_nothing
        self.corrected: Callable[[AnyEvent], Awaitable[None]] = _follow_nothing

    async def execute(
        self, resolved: ResolvedCommand, *, posted: bool = False, public: bool = False
    ) -> ExecutedCommand:
        """Execute one command at a time: meanwhile nothing is claimed or planned. Raises StoreError.

        With `posted` the reply is planned as a post, `public` where others read it.
        """
        chat = resolved.live.chat.name if resolved.live else ""
        async with self.lock:
            now = self._clock.now()
            if chat and resolved.role != "participant":
                await self.release_claims(chat)
            try:
                executed = await self._database.write("outgoing", self._transact, resolved, now, posted, public=public)
            except StoreError:
                self._to_refresh |= {chat} - {""}  # it may be done all the same
                raise
            await self._refresh_and_log(chat, executed)
        return executed

    async def execute_own(
        self, chat: str, text: str, decide: Callable[[Connection, CommandContext], CommandResult]
    ) -> None:
        """Execute a decision of the bot itself about a chat; it is logged like any command. Raises StoreError."""
        async with self.lock:
            now = self._clock.now()
            await self.release_claims(chat)
            own = own_command(chat, now, text)
            try:
                executed = await self._database.write("outgoing", self._transact_own, own, now, decide)
            except StoreError:
                self._to_refresh.add(chat)  # as above
                raise
            await self._refresh_and_log(chat, executed)

    async def retry_refresh(self) -> None:
        """Refresh the chats for which it failed when they were changed."""
        for chat in list(self._to_refresh):
            await self.refresh(chat, ())
            self._to_refresh.discard(chat)

    async def _refresh_and_log(self, chat: str, executed: ExecutedCommand) -> None:
        """Refresh a changed chat, and log the command. If refreshing fails, the command is done all the same."""
        if executed.repeated:
            return
        if chat and executed.result.outcome == "done":
            try:
                await self.refresh(chat, executed.result.count_changes)
                for event in executed.result.events:
                    await self.corrected(event)
            except Exception as error:  # noqa: BLE001 -- nobody may be told that a command failed which is done
                _log.warning("commands.refresh_failed", chat=chat, error=type(error).__name__)
                self._to_refresh.add(chat)
        command = executed.command
        log = _log.warning if command.outcome == "denied" else _log.info
        by = command.author.id if command.place in _OURS else logged_id(command.author.id, command.chat)
        what = {"name": executed.name, "outcome": command.outcome}
        log("commands.answered", place=command.place, chat=command.chat, by=by, **what)

    def _transact(
        self,
        connection: Connection,
        resolved: ResolvedCommand,
        now: datetime,
        posted: bool,  # noqa: FBT001 -- it is passed on by position, in a thread
        *,
        public: bool,
    ) -> ExecutedCommand:
        if resolved.live and resolved.role != "participant":
            claims.give_back(connection, resolved.live.chat.name)
        executed = execution.execute(connection, self._environment, resolved, now, public=public)
        if posted and not executed.repeated:
            replies.plan_reply(connection, self._environment, executed, now, public=public)
        return executed

    def _transact_own(
        self,
        connection: Connection,
        own: Command,
        now: datetime,
        decide: Callable[[Connection, CommandContext], CommandResult],
    ) -> ExecutedCommand:
        claims.give_back(connection, own.chat or "")
        return execution.execute_own(connection, self._environment, own, now, decide)


async def _release_nothing(_chat: str) -> None:
    pass


async def _follow_nothing(_event: AnyEvent) -> None:
    pass


async def _refresh_nothing(_chat: str, _count_changes: Sequence[tuple[str, int]]) -> None:
    pass
