"""The connection to the gateway: reports its state and its events to the Listener.

The library resumes a session by itself; if it gives up, we begin a new one, after at most half a minute. If a person
has to act first, we stop and report that.
"""

from __future__ import annotations

import structlog

from adapters.discord.client import DiscordClient
from adapters.discord.errors import to_error
from adapters.discord.interactions import Interactions
from adapters.discord.location import ChannelIndex, Location
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
"""Wall seconds in which the last events may still be stored when we close."""


class Gateway:
    """One connection at a time, from `open` to `close`; implements `client.ClientEvents`."""

    def __init__(
        self,
        *,
        location: Location,
        settings: DiscordSettings,
        clock: Clock,
        listener: Listener,
        commands: Interactions,
        private: PrivateCommands,
        channels: ChannelIndex,
    ) -> None:
        self._location, self._settings, self._clock, self._listener = location, settings, clock, listener
        self._commands, self._private, self._channels = commands, private, channels
        self._client: DiscordClient | None = None
        self._connection = Reconnection(
            place=location.place,
            name="Discord",
            listener=listener,
            connect=self._connect,
            to_error=lambda error: to_error(error, now=clock.now()),
        )
        self._tasks = BackgroundTasks()
        self._registered = False

    async def open(self) -> None:
        """Connect, and return once events arrive. Raises PlatformError."""
        await self._connection.open()

    async def close(self) -> None:
        """Disconnect. Events that have arrived are stored first, if that is quick."""
        self._client = None
        await self._connection.close()
        await self._tasks.close(_GRACE)

    def threads(self) -> set[int]:
        """The known threads of the channel."""
        return self._channels.threads | (self._client.threads() if self._client else set())

    async def _connect(self) -> None:
        """One connection, for as long as it lasts."""
        client = self._client = DiscordClient(self._settings, self)
        try:
            await client.login(self._settings.token)
            await client.connect(reconnect=False)
        finally:
            await client.close()

    # Events of the client ---------------------------------------------------------------------------------------

    def up(self, client: DiscordClient) -> None:
        """The connection is up. The core reads the missed messages."""
        if client is not self._client:
            return
        self._connection.up()
        if not self._registered:
            self._registered = True
            self._tasks.start(self._commands.register())

    def down(self, client: DiscordClient, error: PlatformError) -> None:
        """The connection broke, and may come back. `open` keeps waiting for a first one unless the place is lost."""
        if client is self._client:
            self._connection.down(error)

    def on_event(self, kind: str, payload: object) -> None:
        """Handle an event in the channel or its threads, or one addressed to the bot; ignore all others."""
        if not isinstance(payload, dict):
            return
        if kind == "INTERACTION_CREATE":
            self._tasks.start(self._commands.on_interaction(payload))
            return
        if kind == "MESSAGE_CREATE" and payload.get("guild_id") is None:
            self._tasks.start(self._private.on_message(payload))
            return
        where = number(payload.get("channel_id"))
        if where != self._location.channel and where not in self.threads():
            return
        for event in to_events(kind, payload, location=self._location, now=self._clock.now()):
            if isinstance(event, Message):
                self._channels.note(number(event.id), where)
            self._tasks.start(self._hear(event))

    async def _hear(self, event: AnyEvent) -> None:
        try:
            await self._listener.hear(event)
        except StoreError:
            _log.warning("discord.event_not_stored", place=self._location.place, kind=type(event).__name__)
