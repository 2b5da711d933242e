"""Saying: which channel or thread a post belongs in, sending it, and looking whether it is there already."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
from discord.http import handle_message_parameters

from adapters.discord.payloads import Home
from adapters.discord.refusals import UNKNOWN_CHANNEL
from adapters.discord.rest import Json, Rest, made, number, snowflake_time
from adapters.discord.server import Server
from adapters.discord.tending import Tending
from adapters.discord.translation import code_of
from adapters.discord.whereabouts import Whereabouts
from bot.errors import PlatformError
from bot.messages import Image, Post, Receipt

_BEFORE = timedelta(seconds=60)
"""How much earlier than due a post may be found: our clock and Discord's differ."""

_ALT = 1024
"""Characters of a picture's description."""

_ASIDE = frozenset({"reminder", "receipt"})
"""Kinds of post that begin no chat."""


class Posting:
    """Messages, each in its place, with its thread and pin."""

    def __init__(self, *, home: Home, server: Server, rest: Rest, whereabouts: Whereabouts, tending: Tending) -> None:
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
                        if self._is(one, post):
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
        more: dict[str, Any] = {"file": _file(post.image)} if post.image else {}
        if number(post.reply_to) and post.part == 1:
            more["message_reference"] = {"message_id": post.reply_to, "fail_if_not_exists": False}
        mentions = discord.AllowedMentions.none()
        form = handle_message_parameters(content=post.text, nonce=post.nonce, allowed_mentions=mentions, **more)
        with form:
            return made(await self._rest.call(self._rest.http.send_message(where, params=form)))

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
        return self._server.threads == "chat" and post.opening is None and post.kind not in _ASIDE

    def _is(self, one: Json, post: Post) -> bool:
        author = one.get("author")
        if not isinstance(author, dict) or number(author.get("id")) != self._rest.me:
            return False
        if one.get("nonce") is not None:
            return str(one["nonce"]) == post.nonce
        # Discord takes white space off both ends
        return str(one.get("content")) == post.text.strip()


def _file(image: Image) -> discord.File:
    try:
        return discord.File(image.path, description=image.alt[:_ALT])
    except OSError as error:
        name = Path(image.path).name
        raise PlatformError(f"The picture '{name}' cannot be read ({error.strerror}).", permanent=True) from error
