"""Hearing: keeps a connection to the gateway, says when it is up or down, and tells the Ear what comes.

The library resumes a session by itself; where it gives up, we begin a new one, after at most half a minute. Where
somebody has to act first we stop, and say so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from adapters.discord.channel_index import ChannelIndex
from adapters.discord.client import DiscordClient
from adapters.discord.interactions import Interactions
from adapters.discord.payloads import Home
from adapters.discord.private_commands import PrivateCommands
from adapters.discord.rest import number
from adapters.discord.settings import DiscordSettings
from adapters.discord.translation import to_error, to_events
from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.messages import AnyEvent, Message
from bot.ports.inbound import Listener

_log = structlog.get_logger()

_PATIENCE = 30.0
"""Wall seconds for the first connection."""

_SHORTEST, _LONGEST = 1.0, 30.0
"""Wall seconds before a new connection; doubled from the one to the other while it fails."""

_GRACE = 2.0
"""Wall seconds in which what was heard last may still be stored, when we close."""


class Gateway:
    """One connection at a time, from `open` to `close`; a `connection.Listener`."""

    def __init__(
        self,
        *,
        home: Home,
        server: DiscordSettings,
        clock: Clock,
        listener: Listener,
        commands: Interactions,
        private: PrivateCommands,
        whereabouts: ChannelIndex,
    ) -> None:
        self._home, self._server, self._clock, self._listener = home, server, clock, listener
        self._commands, self._private, self._whereabouts = commands, private, whereabouts
        self._line: DiscordClient | None = None
        self._first: asyncio.Future[None] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._pause = _SHORTEST
        self._registered = False

    async def open(self) -> None:
        """Connect, and return once everything is heard. Raises PlatformError."""
        self._first = asyncio.get_running_loop().create_future()
        self._keeping = asyncio.create_task(self._keep(), name=f"discord {self._home.place}")
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._first
        except TimeoutError as error:
            await self.close()
            raise PlatformError("Discord let us in, but did not begin to tell.") from error
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Hang up. What was heard is stored first, if that is quick."""
        keeping, self._keeping, self._line = self._keeping, None, None
        if keeping:
            keeping.cancel()
            await asyncio.wait([keeping])
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_GRACE)
            for task in late:
                task.cancel()

    def threads(self) -> set[int]:
        """The channel's threads that we know of."""
        return self._whereabouts.threads | (self._line.threads() if self._line else set())

    async def _keep(self) -> None:
        while True:
            error = await self._connect()
            self._lose(error)
            if error.lost:
                return
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, _LONGEST)

    async def _connect(self) -> PlatformError:
        """One connection, for as long as it lasts; and why it ended."""
        line = self._line = DiscordClient(self._server, self)
        try:
            await line.login(self._server.token)
            await line.connect(reconnect=False)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told
            return to_error(error, now=self._clock.now())
        finally:
            await line.close()
        return PlatformError("Discord closed the connection.")

    def _lose(self, error: PlatformError) -> None:
        if self._first and not self._first.done():
            self._first.set_exception(error)
        else:
            _log.warning("discord.down", place=self._home.place, lost=error.lost, reason=str(error))
            self._listener.down(error)

    # What the connection tells ----------------------------------------------------------------------------------

    def up(self, line: DiscordClient) -> None:
        """It stands. What was missed is read again by the core."""
        if line is not self._line:
            return
        self._pause = _SHORTEST
        if self._first and not self._first.done():
            self._first.set_result(None)
        self._listener.up()
        if not self._registered:
            self._registered = True
            self._begin(self._commands.register())

    def down(self, line: DiscordClient, error: PlatformError) -> None:
        """It broke, and may come back; before the first time, whoever opens waits for it, unless it is lost."""
        if line is not self._line or self._first is None:
            return
        if self._first.done():
            self._listener.down(error)
        elif error.lost:
            self._first.set_exception(error)

    def told(self, kind: str, payload: object) -> None:
        """Something happened somewhere; ours is what is in the channel and its threads, and what is said to the bot."""
        if not isinstance(payload, dict):
            return
        if kind == "INTERACTION_CREATE":
            self._begin(self._commands.called(payload))
            return
        if kind == "MESSAGE_CREATE" and payload.get("guild_id") is None:
            self._begin(self._private.told(payload))
            return
        where = number(payload.get("channel_id"))
        if where != self._home.channel and where not in self.threads():
            return
        for event in to_events(kind, payload, home=self._home, now=self._clock.now()):
            if isinstance(event, Message):
                self._whereabouts.note(number(event.id), where)
            self._begin(self._hear(event))

    async def _hear(self, event: AnyEvent) -> None:
        try:
            await self._listener.hear(event)
        except StoreError:
            _log.warning("discord.unheard", place=self._home.place, kind=type(event).__name__)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
