"""The bot's connection to the gateway: tells each of its places what concerns it, and hands commands to the right one.

The library resumes a session by itself; if it gives up, we begin a new one, after at most half a minute. If a person
has to act first, we stop and report that.
"""

from __future__ import annotations

from typing import Protocol

import aiohttp
import discord

from adapters.discord.addressees import Addressee
from adapters.discord.buttons import Buttons
from adapters.discord.client import DiscordClient
from adapters.discord.errors import GATEWAY_BLOCKED, LET_THROUGH, to_error
from adapters.discord.hearing import Hearing
from adapters.discord.interactions import Interactions
from adapters.discord.private_commands import PrivateCommands
from adapters.discord.rest import Json, number
from adapters.discord.settings import DiscordNetwork
from adapters.kit.bounded import BackgroundTasks
from adapters.kit.connection import Reconnection
from bot.clock import Clock
from bot.errors import PlatformError

_GRACE = 2.0
"""Wall seconds in which the last commands may still be answered when the last place closes."""

_BROKEN = "The connection to Discord broke."
_OUTAGE = "The server is not to be reached; Discord has an outage."
_REMOVED = "The bot was removed from the server; invite it again."


class GatewayAccount(Protocol):
    """The bot that connects: its token, the way to Discord, and whether it asks for the text of every message."""

    @property
    def token(self) -> str:
        """The bot's token."""

    @property
    def network(self) -> DiscordNetwork:
        """How Discord is reached."""

    @property
    def reads_all(self) -> bool:
        """Whether the text of every message is asked for."""


class Gateway:
    """One connection at a time, while it has places; implements `client.ClientEvents`."""

    def __init__(self, account: GatewayAccount, clock: Clock) -> None:
        self._account = account
        self._places: dict[str, Hearing] = {}
        self._servers: set[int] = set()
        self._stands = False
        self._client: DiscordClient | None = None
        self._connection = Reconnection(
            place="discord",
            name="Discord",
            listener=self,
            connect=self._connect,
            to_error=lambda error: to_error(error, now=clock.now()),
        )
        buttons = Buttons()
        self._interactions = Interactions(places=self._addressees, buttons=buttons)
        self._private = PrivateCommands(places=self._addressees, buttons=buttons)
        self._tasks = BackgroundTasks()

    async def add(self, place: Hearing) -> None:
        """Let a place hear; the first one connects. Returns at once, whether or not the gateway can be reached."""
        self._places[place.name] = place
        if self._client and self._account.reads_all and not self._client.intents.message_content:
            await self._connection.close()  # Discord has to be asked anew for more
            self._client = None
        self._connection.start()
        if self._stands and place.server in self._servers:
            self._let_hear(place)

    async def remove(self, place: Hearing) -> None:
        """Let a place hear no more; the last one disconnects."""
        if self._places.get(place.name) is not place:
            return
        del self._places[place.name]
        if not self._places:
            self._client = None
            self._servers.clear()
            await self._connection.close()
        if not self._places:  # none has opened meanwhile
            await self._tasks.close(_GRACE)

    def threads(self, server: int, channel: int) -> set[int]:
        """The open threads of a channel, as far as Discord has reported them."""
        return self._client.threads(server, channel) if self._client else set()

    def name_of(self, server: int, mark: str) -> str | None:
        """The name of a server's channel or role, by the characters that mention it, as far as it is known."""
        return self._client.name_of(server, mark) if self._client else None

    async def _connect(self) -> None:
        """One connection, for as long as it lasts."""
        network, content = self._account.network, self._account.reads_all
        client = self._client = DiscordClient(network, self, message_content=content)
        self._servers.clear()
        self._stands = False
        try:
            await client.login(self._account.token)
            await client.connect(reconnect=False)
        except (aiohttp.ClientError, OSError, discord.GatewayNotFound) as error:
            raise PlatformError(f"{GATEWAY_BLOCKED} {LET_THROUGH}") from error
        finally:
            self._stands = False
            await client.close()

    def _addressees(self) -> list[Addressee]:
        return [one.addressee for one in self._places.values()]

    def _let_hear(self, place: Hearing) -> None:
        place.up()
        self._tasks.start(self._interactions.register(place.server))

    # The state of the connection --------------------------------------------------------------------------------

    def up(self, account: str = "") -> None:
        """The connection stands; its servers follow."""

    def down(self, error: PlatformError) -> None:
        """The connection broke or could not be made: no place hears."""
        for place in list(self._places.values()):
            place.down(error)

    # Events of the client ---------------------------------------------------------------------------------------

    def on_break(self, client: DiscordClient) -> None:
        """The connection broke, and may come back."""
        if client is self._client and self._stands:
            self._stands = False
            self._connection.down(PlatformError(_BROKEN))

    def on_event(self, client: DiscordClient | None, kind: str, payload: object) -> None:
        """Hand an event to the places that it concerns, or a command to the right one."""
        if client is not self._client or not isinstance(payload, dict):
            return
        if kind == "INTERACTION_CREATE":
            self._tasks.start(self._interactions.on_interaction(payload))
        elif kind == "MESSAGE_CREATE" and payload.get("guild_id") is None:
            self._tasks.start(self._private.on_message(payload))
        elif kind in ("READY", "RESUMED", "GUILD_CREATE", "GUILD_DELETE"):
            self._on_servers(kind, payload)
        else:
            whole = client is not None and client.intents.message_content
            for place in list(self._places.values()):
                place.on_event(kind, payload, whole=whole)

    def _on_servers(self, kind: str, payload: Json) -> None:
        """The session began or was resumed, or a server came or went."""
        if kind in ("READY", "RESUMED"):
            self._stands = True
            self._connection.up()
        server, away = number(payload.get("id")), payload.get("unavailable") is True
        if kind == "GUILD_CREATE" and not away:
            self._servers.add(server)
        elif kind == "GUILD_DELETE":
            self._servers.discard(server)
        for place in list(self._places.values()):
            if kind == "GUILD_DELETE" and place.server == server:
                place.down(PlatformError(_OUTAGE) if away else PlatformError(_REMOVED, lost=True))
            elif place.server in self._servers and (kind == "RESUMED" or place.server == server):
                self._let_hear(place)
