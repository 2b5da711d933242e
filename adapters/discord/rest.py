"""REST calls, with raw JSON. Every failure is a PlatformError, with Discord's own as its cause; we retry nothing.

The library itself retries after some of Discord's failures, for as long as the caller waits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import discord

from adapters.discord.client import DiscordClient, Http
from adapters.discord.errors import to_error
from adapters.discord.settings import DiscordSettings
from bot.clock import Clock
from bot.errors import PlatformError

Json = dict[str, Any]
T = TypeVar("T")

PAGE = 100
"""The most messages in one response."""

_PATIENCE = timedelta(seconds=30)
"""How late a post may be because of its picture."""

TEXT, ANNOUNCEMENT, FORUM = 0, 5, 15
"""Types of channel that a chat can be in. In a forum people write only in its posts."""

NO_CHANNEL = "`channel` must be the id of a text channel, an announcement channel or a forum."


class Logins(Protocol):
    """A bot whose client may be used by many, each from `log_in` to `log_out`."""

    async def log_in(self) -> DiscordClient:
        """The client, logged in."""

    async def log_out(self) -> None:
        """End one use of the client."""


class Rest:
    """The calls of one place through its bot's client, from `open` to `close`; it may be opened again."""

    def __init__(self, settings: DiscordSettings, clock: Clock, logins: Logins) -> None:
        self._settings, self._clock, self._logins = settings, clock, logins
        self._client: DiscordClient | None = None
        self.me = self.application = 0
        self.channel_name = ""
        self.forum: Json | None = None
        """The channel as Discord describes it, if it is a forum."""

    @property
    def client(self) -> DiscordClient:
        """The library's client. Raises PlatformError if we are not logged in."""
        if self._client is None:
            raise PlatformError("Not connected to Discord.")
        return self._client

    @property
    def http(self) -> Http:
        """The HTTP client, for use inside `call`. Raises PlatformError if we are not logged in."""
        return self.client.calls

    async def open(self) -> None:
        """Log in. Raises PlatformError, `lost` if a person has to act."""
        await self.close()
        self._settings.check()
        client = self._client = await self.call(self._logins.log_in())
        self.me = client.user.id if client.user else 0
        self.application = client.application_id or self.me

    async def look(self) -> None:
        """Fetch the channel. Raises PlatformError, `lost` if a person has to act."""
        self._look(mapping(await self.call(self.http.get_channel(self._settings.channel))))

    def _look(self, channel: Json) -> None:
        if str(channel.get("guild_id")) != str(self._settings.guild):
            raise PlatformError("The channel is not in that server; put `guild` and `channel` right.", lost=True)
        if channel.get("type") not in {TEXT, ANNOUNCEMENT, FORUM}:
            raise PlatformError(NO_CHANNEL, lost=True)
        self.forum = channel if channel.get("type") == FORUM else None
        self.channel_name = str(channel.get("name") or "")

    async def close(self) -> None:
        """Log out; harmless before `open`."""
        client, self._client = self._client, None
        if client:
            await self._logins.log_out()

    async def call(self, asked: Awaitable[T]) -> T:
        """Await a call of the library's. Raises PlatformError."""
        try:
            return await asked
        except Exception as error:
            raise to_error(error, now=self._clock.now()) from error

    def picture_limit(self, due: datetime) -> float | None:
        """Seconds that a picture may take: if the post is late, half of a call, so that its words can follow."""
        return self._settings.network.timeout / 2 if self._clock.now() - due >= _PATIENCE else None

    async def history(self, where: int, after: int) -> AsyncIterator[list[Json]]:
        """Pages of the messages in a channel or thread since a snowflake, oldest first. Raises PlatformError."""
        full = True
        while full:
            page = await self.page(where, after)
            full = len(page) == PAGE
            after = max([after, *(number(one.get("id")) for one in page)])
            yield page

    async def page(self, where: int, after: int) -> list[Json]:
        """The first page. Raises PlatformError."""
        page = mappings(await self.call(self.http.logs_from(where, PAGE, after=after)))
        return sorted(page, key=lambda one: number(one.get("id")))


def number(id: object) -> int:
    """A snowflake as a whole number; 0 for anything else."""
    with suppress(ValueError):
        return int(str(id)) if str(id).isascii() else 0
    return 0


def mapping(answer: object) -> Json:
    """A response that must be an object. Raises PlatformError, as the call may have been carried out or not."""
    if not isinstance(answer, dict):
        raise PlatformError("Discord answered with something unexpected.", ambiguous=True)
    return answer


def mappings(answer: object) -> list[Json]:
    """A response that must be a list of objects. Raises PlatformError."""
    if not isinstance(answer, list):
        raise PlatformError("Discord answered with something unexpected.", ambiguous=True)
    return [mapping(one) for one in answer]


def id_of(answer: object) -> str:
    """The id in a response. Raises PlatformError."""
    id = mapping(answer).get("id")
    if not number(id):
        raise PlatformError("Discord answered with something unexpected.", ambiguous=True)
    return str(id)


snowflake_time = discord.utils.snowflake_time
