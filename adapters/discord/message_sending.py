"""Saying: which channel or thread a post belongs in, sending it, and looking whether it is there already."""

from __future__ import annotations

from datetime import timedelta

import discord

from adapters.discord import message_format
from adapters.discord.channel_index import ChannelIndex
from adapters.discord.errors import UNKNOWN_CHANNEL
from adapters.discord.payloads import Home
from adapters.discord.rest import Rest, number, snowflake_time
from adapters.discord.settings import DiscordSettings
from adapters.discord.threads_and_pins import ThreadsAndPins
from adapters.discord.translation import code_of
from bot.errors import PlatformError
from bot.messages import Post, Receipt

_BEFORE = timedelta(seconds=60)
"""How much earlier than due a post may be found: our clock and Discord's differ."""

_OPENING = frozenset({"welcome", "rules", "question", "notice", "closing"})
"""Kinds of post that may be a chat's first, and so get its thread; what comes before or besides the chat does not."""


class MessageSending:
    """Messages, each in its place, with its thread and pin."""

    def __init__(
        self, *, home: Home, server: DiscordSettings, rest: Rest, whereabouts: ChannelIndex, tending: ThreadsAndPins
    ) -> None:
        self._home, self._server, self._rest = home, server, rest
        self._whereabouts, self._tending = whereabouts, tending

    async def send(self, post: Post) -> Receipt:
        """Say it. Raises PlatformError."""
        where = self._where(post)
        try:
            id = await self._say(post, where)
        except PlatformError as error:
            if where == self._home.channel or code_of(error) != UNKNOWN_CHANNEL:
                raise
            # the chat's thread was never opened, or was deleted
            opened = await self._tending.thread(self._home.channel, where, post.chat)
            where = where if opened else self._home.channel
            id = await self._say(post, where)
        return await self._settle(post, where, id)

    async def find(self, post: Post) -> Receipt | None:
        """Look where it would be since it was due, and open what should hang on it. Raises PlatformError."""
        since = discord.utils.time_snowflake(post.due - _BEFORE)
        for where in dict.fromkeys((self._where(post), self._home.channel)):
            try:
                async for page in self._rest.history(where, since):
                    for one in page:
                        if message_format.said(one, post, me=self._rest.me):
                            return await self._settle(post, where, str(one["id"]))
            except PlatformError as error:
                if where == self._home.channel or code_of(error) != UNKNOWN_CHANNEL:
                    raise
        return None

    def _where(self, post: Post) -> int:
        if post.kind == "receipt":
            return self._whereabouts.of(number(post.reply_to)) or self._home.channel
        if self._server.threads == "chat" and number(post.opening):
            return number(post.opening)
        return self._home.channel

    async def _say(self, post: Post, where: int) -> str:
        return await message_format.say(self._rest, post, where, reply_to=post.reply_to if post.part == 1 else None)

    async def _settle(self, post: Post, where: int, id: str) -> Receipt:
        self._whereabouts.note(int(id), where)
        if self._opens_thread(post):
            await self._tending.thread(where, int(id), post.text)
        if self._server.pin and post.kind == "question" and post.part == 1:
            self._tending.pin(where, int(id))
        return Receipt(id=id, url=self._home.url(id, where), at=snowflake_time(int(id)))

    def _opens_thread(self, post: Post) -> bool:
        if post.part > 1:
            return False
        if self._server.threads == "question":
            return post.kind == "question"
        return self._server.threads == "chat" and post.opening is None and post.kind in _OPENING
