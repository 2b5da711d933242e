"""The library's client, connected to the address in the settings; it passes events on as JSON.

The library hard-wires Discord's address; here each client has its own. It also turns every event into objects; we need
only the JSON, and one that the library can't read must not end the connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any, Protocol

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Ratelimit, Route, json_or_text
from discord.state import ConnectionState

from adapters.discord.rate_limits import RateLimits
from adapters.discord.settings import DISCORD_API, DiscordNetwork
from adapters.kit.late_requests import punctual

_log = structlog.get_logger()


class ClientEvents(Protocol):
    """Takes what Discord tells a client, and that the connection broke."""

    def on_event(self, client: DiscordClient, kind: str, payload: object) -> None:
        """An event, by Discord's name for its kind, and its JSON."""

    def on_break(self, client: DiscordClient) -> None:
        """The connection broke, until the session is resumed or replaced."""


_MADE_ANEW = frozenset({("POST", "/channels/{channel_id}/threads"), ("POST", "/guilds/{guild_id}/scheduled-events")})
"""Calls that make one more each time: a post in a forum, a scheduled event. All others are harmless twice."""


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Raise a failure of Discord's own before the library tries again: the call may have been carried out."""
    response = await send(request)
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise discord.DiscordServerError(response, await json_or_text(response))
    return response


async def _with_a_time(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Raise a 429 that names no time to wait: the library takes it for granted."""
    response = await send(request)
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        said = await json_or_text(response)
        if isinstance(said, dict) and not isinstance(said.get("retry_after"), int | float):
            raise discord.HTTPException(response, said)
    return response


class Http(HTTPClient):
    """REST and gateway calls to the address in the settings, with its time limit for each request."""

    def __init__(self, network: DiscordNetwork, trace: aiohttp.TraceConfig | None = None) -> None:
        super().__init__(discord.utils.MISSING, proxy=network.proxy or None, http_trace=trace or punctual())
        self._network = network
        self._api = network.api_url.rstrip("/")
        self._limit = aiohttp.ClientTimeout(total=network.timeout)
        # the core deals with longer waits; the library allows no limit below 30 s
        self.max_ratelimit_timeout = self._patience = network.timeout / 2

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
        """As in the library, at our address; what Discord would make twice is not tried again after a failure."""
        route.url = self._api + route.url.removeprefix(Route.BASE)
        checks = (_with_a_time, _once) if (route.method, route.path) in _MADE_ANEW else (_with_a_time,)
        options = {"timeout": self._limit, "middlewares": checks, **kwargs}
        try:
            return await super().request(route, files=files, form=form, **options)
        except asyncio.CancelledError:
            self._global_over.set()  # the library lets all calls wait for this one, even if it is called off
            raise

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """As in the library, at our address."""
        return await super().ws_connect(str(await self._gateway(yarl.URL(url))), compress=compress)

    async def _gateway(self, url: yarl.URL) -> yarl.URL:
        if self._network.gateway_url:
            return yarl.URL(self._network.gateway_url).with_query(url.query)
        if self._api == DISCORD_API or url.host != DiscordWebSocket.DEFAULT_GATEWAY.host:
            return url
        on_event = await self.request(Route("GET", "/gateway"))
        return yarl.URL(on_event["url"]).with_query(url.query)


_ONLY_JSON = frozenset(
    {
        *("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "MESSAGE_REACTION_ADD"),
        "INTERACTION_CREATE",
    }
)
"""Events that are passed on as JSON, and kept nowhere."""

_ALSO_JSON = frozenset(
    {
        *("READY", "RESUMED", "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "GUILD_MEMBER_UPDATE"),
        *("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_UPDATE", "THREAD_DELETE"),
        *("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"),
    }
)
"""Events that the library reads first, as it keeps the servers' channels and threads."""


class DiscordClient(discord.Client):
    """A client for one bot. Without `events` it makes calls, but can't connect.

    `message_content`: ask for the text of every message.
    """

    def __init__(
        self,
        network: DiscordNetwork,
        events: ClientEvents | None = None,
        *,
        message_content: bool = False,
        trace: aiohttp.TraceConfig | None = None,
    ) -> None:
        self._events, self.calls = events, Http(network, trace)
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # there is no voice here
        intents = discord.Intents(
            guilds=True,
            guild_messages=True,
            guild_reactions=True,
            dm_messages=True,
            message_content=message_content,
        )
        super().__init__(intents=intents, max_messages=None, guild_ready_timeout=1.0)

    def _get_state(self, **options: Any) -> ConnectionState[Any]:  # noqa: ANN401 - the library's own
        self.http = self.calls
        state = ConnectionState[Any](
            dispatch=self.dispatch, handlers=self._handlers, hooks=self._hooks, http=self.calls, **options
        )
        for kind in _ONLY_JSON:
            state.parsers[kind] = self._reader(kind)
        for kind in _ALSO_JSON:
            state.parsers[kind] = self._reader(kind, state.parsers.get(kind))
        return state

    def _reader(self, kind: str, read: Callable[[Any], None] | None = None) -> Callable[[Any], None]:
        """Passes events of a kind on, after the library has read them."""

        def passed_on(payload: Any) -> None:  # noqa: ANN401 - JSON
            try:
                if read:
                    read(payload)
            except Exception as error:  # noqa: BLE001 - one that the library can't read must not end the connection
                _log.warning("discord.event_unread", kind=kind, error=type(error).__name__)
            if self._events:
                self._events.on_event(self, kind, payload)

        return passed_on

    @property
    def may_read_all(self) -> bool:
        """Whether Discord lets this application ask for the text of every message."""
        flags = self.application.flags if self.application else discord.ApplicationFlags()
        return flags.gateway_message_content or flags.gateway_message_content_limited

    async def refresh(self) -> None:
        """Ask Discord anew what the application may do. Raises the library's errors."""
        self._application = await self.application_info()

    def threads(self, server: int, channel: int) -> set[int]:
        """A channel's open threads, as far as Discord has reported them; of a forum's, only the bot's own."""
        guild, me = self.get_guild(server), self.user.id if self.user else 0
        if guild is None:
            return set()
        ours = isinstance(guild.get_channel(channel), discord.ForumChannel)
        return {one.id for one in guild.threads if one.parent_id == channel and (one.owner_id == me or not ours)}

    def name_of(self, server: int, mark: str) -> str | None:
        """The name of a server's channel (`<#100>`) or role (`<@&77>`), as far as Discord has reported it."""
        guild, id = self.get_guild(server), int(mark.strip("<@&#>"))
        if guild is None:
            return None
        if mark.startswith("<#"):
            channel = guild.get_channel_or_thread(id)
            return f"#{channel.name}" if channel else None
        role = guild.get_role(id)
        return f"@{role.name.lstrip('@')}" if role else None

    async def on_disconnect(self) -> None:
        """The connection broke, until the session is resumed or replaced."""
        if self._events:
            self._events.on_break(self)
