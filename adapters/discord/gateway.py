"""Hearing: keeps a connection to the gateway, says when it is up or down, and tells the Ear what comes.

The library resumes a session by itself; where it gives up, we begin a new one, after at most half a minute. Where
somebody has to act first we stop, and say so.
"""

from __future__ import annotations

import structlog

from adapters.discord.channel_index import ChannelIndex
from adapters.discord.client import DiscordClient
from adapters.discord.errors import to_error
from adapters.discord.interactions import Interactions
from adapters.discord.payloads import Home
from adapters.discord.private_commands import PrivateCommands
from adapters.discord.rest import number
from adapters.discord.settings import DiscordSettings
from adapters.discord.translation import to_events
from adapters.kit.bounded import BackgroundTasks
from adapters.kit.connection import Reconnection
from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.messages import AnyEvent, Message
from bot.ports.inbound import Listener

_log = structlog.get_logger()

_GRACE = 2.0
"""Wall seconds in which what was heard last may still be stored, when we close."""


class Gateway:
    """One connection at a time, from `open` to `close`; a `connection.Listener`."""

    def __init__(
        self,
        *,
        home: Home,
        settings: DiscordSettings,
        clock: Clock,
        listener: Listener,
        commands: Interactions,
        private: PrivateCommands,
        channels: ChannelIndex,
    ) -> None:
        self._home, self._settings, self._clock, self._listener = home, settings, clock, listener
        self._commands, self._private, self._channels = commands, private, channels
        self._line: DiscordClient | None = None
        self._connection = Reconnection(
            place=home.place,
            name="Discord",
            listener=listener,
            connect=self._connect,
            to_error=lambda error: to_error(error, now=clock.now()),
        )
        self._tasks = BackgroundTasks()
        self._registered = False

    async def open(self) -> None:
        """Connect, and return once everything is heard. Raises PlatformError."""
        await self._connection.open()

    async def close(self) -> None:
        """Hang up. What was heard is stored first, if that is quick."""
        self._line = None
        await self._connection.close()
        await self._tasks.close(_GRACE)

    def threads(self) -> set[int]:
        """The channel's threads that we know of."""
        return self._channels.threads | (self._line.threads() if self._line else set())

    async def _connect(self) -> None:
        """One connection, for as long as it lasts."""
        line = self._line = DiscordClient(self._settings, self)
        try:
            await line.login(self._settings.token)
            await line.connect(reconnect=False)
        finally:
            await line.close()

    # What the connection tells ----------------------------------------------------------------------------------

    def up(self, line: DiscordClient) -> None:
        """It stands. What was missed is read again by the core."""
        if line is not self._line:
            return
        self._connection.up()
        if not self._registered:
            self._registered = True
            self._tasks.start(self._commands.register())

    def down(self, line: DiscordClient, error: PlatformError) -> None:
        """It broke, and may come back; before the first time, whoever opens waits for it, unless it is lost."""
        if line is self._line:
            self._connection.down(error)

    def told(self, kind: str, payload: object) -> None:
        """Something happened somewhere; ours is what is in the channel and its threads, and what is said to the bot."""
        if not isinstance(payload, dict):
            return
        if kind == "INTERACTION_CREATE":
            self._tasks.start(self._commands.called(payload))
            return
        if kind == "MESSAGE_CREATE" and payload.get("guild_id") is None:
            self._tasks.start(self._private.told(payload))
            return
        where = number(payload.get("channel_id"))
        if where != self._home.channel and where not in self.threads():
            return
        for event in to_events(kind, payload, home=self._home, now=self._clock.now()):
            if isinstance(event, Message):
                self._channels.note(number(event.id), where)
            self._tasks.start(self._hear(event))

    async def _hear(self, event: AnyEvent) -> None:
        try:
            await self._listener.hear(event)
        except StoreError:
            _log.warning("discord.unheard", place=self._home.place, kind=type(event).__name__)
