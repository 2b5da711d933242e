"""The calls we make, as raw JSON. Every failure is a PlatformError with Discord's own behind it; we retry nothing.

The library itself tries again after some of Discord's own failures, for as long as the caller waits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from typing import Any, TypeVar

import discord

from adapters.discord.client import DiscordClient, Http
from adapters.discord.errors import to_error
from adapters.discord.settings import DiscordSettings
from bot.clock import Clock
from bot.errors import PlatformError

Json = dict[str, Any]
T = TypeVar("T")

PAGE = 100
"""The most messages in one answer."""

_WRITABLE = {0, 5}
"""Kinds of channel in which people write and threads are opened: text and announcement."""


class Rest:
    """Logged in from `open` to `close`; it may be opened again."""

    def __init__(self, settings: DiscordSettings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._line: DiscordClient | None = None
        self.me = self.application = 0
        self.channel_name = ""

    @property
    def http(self) -> Http:
        """For a call, inside `call`. Raises PlatformError where we are not logged in."""
        if self._line is None:
            raise PlatformError("Not connected to Discord.")
        return self._line.calls

    async def open(self) -> None:
        """Log in and look at the channel. Raises PlatformError, `lost` where somebody has to act."""
        await self.close()
        line = self._line = DiscordClient(self._settings)
        try:
            await self.call(line.login(self._settings.token))
            self.me = line.user.id if line.user else 0
            self.application = line.application_id or self.me
            self._look(mapping(await self.call(self.http.get_channel(self._settings.channel))))
        except BaseException:
            await self.close()
            raise

    def _look(self, channel: Json) -> None:
        if str(channel.get("guild_id")) != str(self._settings.guild):
            raise PlatformError("The channel is not in that server; put `guild` and `channel` right.", lost=True)
        if channel.get("type") not in _WRITABLE:
            raise PlatformError("`channel` must be the id of an ordinary text channel.", lost=True)
        self.channel_name = str(channel.get("name") or "")

    async def close(self) -> None:
        """Log out; harmless before `open`."""
        line, self._line = self._line, None
        if line:
            await line.close()

    async def call(self, asked: Awaitable[T]) -> T:
        """What was asked for. Raises PlatformError."""
        try:
            return await asked
        except Exception as error:
            raise to_error(error, now=self._clock.now()) from error

    async def history(self, where: int, after: int) -> AsyncIterator[list[Json]]:
        """Pages of what was said in a channel or thread since a snowflake, oldest first. Raises PlatformError."""
        full = True
        while full:
            page = await self.page(where, after)
            full = len(page) == PAGE
            after = max([after, *(number(one.get("id")) for one in page)])
            yield page

    async def page(self, where: int, after: int) -> list[Json]:
        """The first of these."""
        page = mappings(await self.call(self.http.logs_from(where, PAGE, after=after)))
        return sorted(page, key=lambda one: number(one.get("id")))


def number(id: object) -> int:
    """A snowflake as a whole number; 0 for what is none."""
    with suppress(ValueError):
        return int(str(id)) if str(id).isascii() else 0
    return 0


def mapping(answer: object) -> Json:
    """An answer that must be an object. Raises PlatformError: what was asked for may be done, but we do not know."""
    if not isinstance(answer, dict):
        raise PlatformError("Discord answered with something unexpected.", ambiguous=True)
    return answer


def mappings(answer: object) -> list[Json]:
    """An answer that must be a list of objects. Raises PlatformError."""
    if not isinstance(answer, list):
        raise PlatformError("Discord answered with something unexpected.", ambiguous=True)
    return [mapping(one) for one in answer]


def made(answer: object) -> str:
    """The id of what was made, or is there. Raises PlatformError."""
    id = mapping(answer).get("id")
    if not number(id):
        raise PlatformError("Discord answered with something unexpected.", ambiguous=True)
    return str(id)


snowflake_time = discord.utils.snowflake_time
