"""What is said to one person alone: in the private channel between them and the bot."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta

import discord

from adapters.discord import message_format
from adapters.discord.errors import NO_LETTERS
from adapters.discord.rest import Rest, made, number, snowflake_time
from adapters.discord.translation import concerning
from bot.errors import PlatformError
from bot.messages import Post, Receipt

_BEFORE = timedelta(seconds=60)
"""How much earlier than due a letter may be found: our clock and Discord's differ."""

_MOST = 1000
"""Private channels that are remembered; to ask again is harmless."""


class DirectMessages:
    """Sends and finds them. That somebody takes none is final for the letter, and nothing else."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._channels: OrderedDict[int, int] = OrderedDict()

    async def send(self, post: Post, person: str) -> Receipt:
        """Say it. It has no address, as nobody else can see it. Raises PlatformError."""
        try:
            return _receipt(await message_format.say(self._rest, post, await self._channel(person)))
        except PlatformError as error:
            raise concerning(error, NO_LETTERS) from error.__cause__

    async def find(self, post: Post, person: str) -> Receipt | None:
        """Look whether it is there. Raises PlatformError."""
        since = discord.utils.time_snowflake(post.due - _BEFORE)
        try:
            async for page in self._rest.history(await self._channel(person), since):
                for one in page:
                    if message_format.said(one, post, me=self._rest.me):
                        return _receipt(made(one))
        except PlatformError as error:
            raise concerning(error, NO_LETTERS) from error.__cause__
        return None

    async def _channel(self, person: str) -> int:
        id = number(person)
        if not id:
            raise PlatformError(NO_LETTERS, permanent=True)
        if id not in self._channels:
            self._channels[id] = int(made(await self._rest.call(self._rest.http.start_private_message(id))))
            if len(self._channels) > _MOST:
                self._channels.popitem(last=False)
        return self._channels[id]


def _receipt(id: str) -> Receipt:
    return Receipt(id=id, url=None, at=snowflake_time(int(id)))
