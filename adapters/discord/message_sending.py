"""Sending messages, to the channel, its threads or one person alone, and looking whether they are there already.

Nobody is pinged.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
from discord.http import handle_message_parameters

from adapters.discord.errors import NO_DIRECT_MESSAGES, UNKNOWN_CHANNEL, code_of, for_this_post
from adapters.discord.location import ChannelIndex, Location
from adapters.discord.rest import Json, Rest, id_of, number, snowflake_time
from adapters.discord.settings import DiscordSettings
from adapters.discord.threads_and_pins import ThreadsAndPins
from adapters.kit.bounded import RecentMap
from adapters.kit.lookup import earliest, find_own
from bot.errors import PlatformError
from bot.messages import Image, Post, Receipt

_ALT = 1024
"""Characters of a picture's description."""

_MOST = 1000
"""The most private channels that are remembered; asking again is harmless."""

_OPENING = frozenset({"welcome", "rules", "question", "notice", "closing"})
"""Kinds of post that open a chat, and so get its thread; posts before or besides the chat do not."""


class MessageSending:
    """Messages for everybody, each in its channel or thread, with its own thread and pin."""

    def __init__(
        self,
        *,
        location: Location,
        settings: DiscordSettings,
        rest: Rest,
        channels: ChannelIndex,
        threads: ThreadsAndPins,
    ) -> None:
        self._location, self._settings, self._rest = location, settings, rest
        self._channels, self._threads = channels, threads

    async def send(self, post: Post) -> Receipt:
        """Post it. Raises PlatformError."""
        where = self._where(post)
        try:
            id = await self._send(post, where)
        except PlatformError as error:
            if where == self._location.channel or code_of(error) != UNKNOWN_CHANNEL:
                raise
            # the chat's thread was never opened, or was deleted
            opened = await self._threads.open(self._location.channel, where, post.chat)
            where = where if opened else self._location.channel
            id = await self._send(post, where)
        return await self._settle(post, where, id)

    async def find(self, post: Post) -> Receipt | None:
        """Look where it would be since it was due, and open its thread if it needs one. Raises PlatformError."""
        for where in dict.fromkeys((self._where(post), self._location.channel)):
            try:
                found = await _find(self._rest, post, where)
            except PlatformError as error:
                if where == self._location.channel or code_of(error) != UNKNOWN_CHANNEL:
                    raise
            else:
                if found:
                    return await self._settle(post, where, str(found["id"]))
        return None

    def _where(self, post: Post) -> int:
        if post.kind == "receipt":
            return self._channels.of(number(post.reply_to)) or self._location.channel
        if self._settings.features.threads == "chat" and number(post.opening):
            return number(post.opening)
        return self._location.channel

    async def _send(self, post: Post, where: int) -> str:
        return await _send(self._rest, post, where, reply_to=post.reply_to if post.part == 1 else None)

    async def _settle(self, post: Post, where: int, id: str) -> Receipt:
        self._channels.note(int(id), where)
        if self._opens_thread(post):
            await self._threads.open(where, int(id), post.text)
        if self._settings.features.pin and post.kind == "question" and post.part == 1:
            self._threads.pin(where, int(id))
        return Receipt(id=id, url=self._location.url(id, where), at=snowflake_time(int(id)))

    def _opens_thread(self, post: Post) -> bool:
        if post.part > 1:
            return False
        if self._settings.features.threads == "question":
            return post.kind == "question"
        return self._settings.features.threads == "chat" and post.opening is None and post.kind in _OPENING


class DirectMessages:
    """Messages to one person alone. If a person takes none, that is final for the message, and for nothing else."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._channels: RecentMap[int, int] = RecentMap(_MOST)

    async def send(self, post: Post, person: str) -> Receipt:
        """Write to a person. The receipt has no address, as nobody else can see it. Raises PlatformError."""
        try:
            return _private_receipt(await _send(self._rest, post, await self._channel(person)))
        except PlatformError as error:
            raise for_this_post(error, NO_DIRECT_MESSAGES) from error.__cause__

    async def find(self, post: Post, person: str) -> Receipt | None:
        """Look whether it is there. Raises PlatformError."""
        try:
            found = await _find(self._rest, post, await self._channel(person))
        except PlatformError as error:
            raise for_this_post(error, NO_DIRECT_MESSAGES) from error.__cause__
        return _private_receipt(id_of(found)) if found else None

    async def _channel(self, person: str) -> int:
        id = number(person)
        if not id:
            raise PlatformError(NO_DIRECT_MESSAGES, permanent=True)
        if id not in self._channels:
            self._channels[id] = int(id_of(await self._rest.call(self._rest.http.start_private_message(id))))
        return self._channels[id]


async def _send(rest: Rest, post: Post, where: int, *, reply_to: str | None = None) -> str:
    """Send to a channel, thread or private channel, and return the message's id. Raises PlatformError."""
    more: dict[str, Any] = {"file": _file(post.image)} if post.image else {}
    if number(reply_to):
        more["message_reference"] = {"message_id": reply_to, "fail_if_not_exists": False}
    mentions = discord.AllowedMentions.none()
    form = handle_message_parameters(content=post.text, nonce=post.nonce, allowed_mentions=mentions, **more)
    with form:
        return id_of(await rest.call(rest.http.send_message(where, params=form)))


async def _find(rest: Rest, post: Post, where: int) -> Json | None:
    """The message that is this post, in a channel, thread or private channel. Raises PlatformError."""
    pages: AsyncIterator[list[Json]] = rest.history(where, discord.utils.time_snowflake(earliest(post)))
    return await find_own(pages, lambda message: _same(message, post, me=rest.me))


def _same(message: Json, post: Post, *, me: int) -> bool:
    author = message.get("author")
    if not isinstance(author, dict) or number(author.get("id")) != me:
        return False
    if message.get("nonce") is not None:
        return str(message["nonce"]) == post.nonce
    # Discord strips white space
    return str(message.get("content")) == post.text.strip()


def _private_receipt(id: str) -> Receipt:
    return Receipt(id=id, url=None, at=snowflake_time(int(id)))


def _file(image: Image) -> discord.File:
    try:
        return discord.File(image.path, description=image.alt[:_ALT])
    except OSError as error:
        name = Path(image.path).name
        raise PlatformError(f"The picture '{name}' cannot be read ({error.strerror}).", permanent=True) from error
