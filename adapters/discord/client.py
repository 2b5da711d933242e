"""The library's client, connected to the address in the settings; it passes events on as JSON.

The library hard-wires Discord's address; here each client has its own. It also turns every event into objects; we need
only the JSON, and one that the library can't read must not end the connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Ratelimit, Route
from discord.state import ConnectionState

from adapters.discord.rate_limits import RateLimits
from adapters.discord.settings import DISCORD_API, DiscordSettings
from bot.errors import PlatformError

_BROKEN = "The connection to Discord broke."
_REMOVED = "The bot was removed from the server; invite it again."
_NO_CHANNEL = "The channel was deleted; set `channel` in the settings to another one."


class ClientEvents(Protocol):
    """Takes the state of the connection, and its events."""

    def up(self, client: DiscordClient) -> None:
        """The connection is up: events arrive from now on."""

    def down(self, client: DiscordClient, error: PlatformError) -> None:
        """The connection is down, for good or for now."""

    def on_event(self, kind: str, payload: object) -> None:
        """An event, by Discord's name for its kind, and its JSON."""


class Http(HTTPClient):
    """REST and gateway calls to the address in the settings, with its time limit for each request."""

    def __init__(self, settings: DiscordSettings, trace: aiohttp.TraceConfig | None = None) -> None:
        super().__init__(discord.utils.MISSING, proxy=settings.network.proxy or None, http_trace=trace)
        self._settings = settings
        self._api = settings.network.api_url.rstrip("/")
        self._limit = aiohttp.ClientTimeout(total=settings.network.timeout)
        # the core deals with longer waits; the library allows no limit below 30 s
        self.max_ratelimit_timeout = self._patience = settings.network.timeout / 2

    def get_ratelimit(self, key: str) -> Ratelimit:
        """As in the library, with our own rate limits."""
        if key not in self._buckets:
            self._buckets[key] = RateLimits(self._patience)
            self._try_clear_expired_ratelimits()
        return self._buckets[key]

    async def request(
        self,
        route: Route,
        *,
        files: Sequence[discord.File] | None = None,
        form: Iterable[dict[str, Any]] | None = None,
        **kwargs: Any,  # noqa: ANN401 - the library's own
    ) -> Any:  # noqa: ANN401 - JSON
        """As in the library, at our address."""
        route.url = self._api + route.url.removeprefix(Route.BASE)
        return await super().request(route, files=files, form=form, **{"timeout": self._limit, **kwargs})

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """As in the library, at our address."""
        return await super().ws_connect(str(await self._gateway(yarl.URL(url))), compress=compress)

    async def _gateway(self, url: yarl.URL) -> yarl.URL:
        if self._settings.network.gateway_url:
            return yarl.URL(self._settings.network.gateway_url).with_query(url.query)
        if self._api == DISCORD_API or url.host != DiscordWebSocket.DEFAULT_GATEWAY.host:
            return url
        on_event = await self.request(Route("GET", "/gateway"))
        return yarl.URL(on_event["url"]).with_query(url.query)


class _State(ConnectionState["DiscordClient"]):
    """Passes messages, reactions and interactions on as JSON, and keeps none."""

    tell: Any = staticmethod(lambda _kind, _payload: None)

    def parse_message_create(self, data: Any) -> None:  # noqa: ANN401 - JSON, here and below
        self.tell("MESSAGE_CREATE", data)

    def parse_message_update(self, data: Any) -> None:  # noqa: ANN401
        self.tell("MESSAGE_UPDATE", data)

    def parse_message_delete(self, data: Any) -> None:  # noqa: ANN401
        self.tell("MESSAGE_DELETE", data)

    def parse_message_delete_bulk(self, data: Any) -> None:  # noqa: ANN401
        self.tell("MESSAGE_DELETE_BULK", data)

    def parse_message_reaction_add(self, data: Any) -> None:  # noqa: ANN401
        self.tell("MESSAGE_REACTION_ADD", data)

    def parse_interaction_create(self, data: Any) -> None:  # noqa: ANN401
        self.tell("INTERACTION_CREATE", data)


class DiscordClient(discord.Client):
    """A client for the channel in the settings. Without a listener it makes calls, but can't connect."""

    def __init__(
        self, settings: DiscordSettings, listener: ClientEvents | None = None, trace: aiohttp.TraceConfig | None = None
    ) -> None:
        self._settings, self._listener, self.calls = settings, listener, Http(settings, trace)
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # there is no voice here
        intents = discord.Intents(
            guilds=True,
            guild_messages=True,
            guild_reactions=True,
            dm_messages=True,
            message_content=settings.features.message_content,
        )
        super().__init__(intents=intents, max_messages=None, guild_ready_timeout=1.0)

    def _get_state(self, **options: Any) -> ConnectionState[Any]:  # noqa: ANN401 - the library's own
        self.http = self.calls
        state = _State(dispatch=self.dispatch, handlers=self._handlers, hooks=self._hooks, http=self.calls, **options)
        if self._listener:
            state.tell = self._listener.on_event
        return state

    def threads(self) -> set[int]:
        """The channel's open threads, as far as Discord has reported them."""
        guild = self.get_guild(self._settings.guild)
        return {one.id for one in guild.threads if one.parent_id == self._settings.channel} if guild else set()

    # Events of the library --------------------------------------------------------------------------------------

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """The server is available: at the start, after a new session, and after an outage."""
        self._up(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was invited again."""
        self._up(guild)

    async def on_resumed(self) -> None:
        """The session was resumed; the events in between have arrived."""
        if self._listener:
            self._listener.up(self)

    async def on_disconnect(self) -> None:
        """The connection broke, until the session is resumed or replaced."""
        self._down(PlatformError(_BROKEN))

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Discord has an outage."""
        if guild.id == self._settings.guild:
            self._down(PlatformError("The server is not to be reached; Discord has an outage."))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from the server."""
        if guild.id == self._settings.guild:
            self._down(PlatformError(_REMOVED, lost=True))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted."""
        if channel.id == self._settings.channel:
            self._down(PlatformError(_NO_CHANNEL, lost=True))

    def _up(self, guild: discord.Guild) -> None:
        if guild.id != self._settings.guild or not self._listener:
            return
        if guild.get_channel(self._settings.channel) is None:
            self._listener.down(self, PlatformError(_NO_CHANNEL, lost=True))
        else:
            self._listener.up(self)

    def _down(self, error: PlatformError) -> None:
        if self._listener:
            self._listener.down(self, error)
