"""Posts in a forum: each a thread that begins with its message, and both have one id.

Without a nonce, Discord takes a second post as readily as the first; so one whose answer was lost is looked for.
"""

from __future__ import annotations

import discord

from adapters.discord import message_form
from adapters.discord.errors import BAD_FORM, CLOSED_TO_US, NEEDS_TAG, UNKNOWN_MESSAGE, code_of
from adapters.discord.history import History
from adapters.discord.message_form import Sent
from adapters.discord.rest import Json, Rest, mapping, mappings, number
from adapters.discord.threads_and_pins import DAY, title
from adapters.kit.lost_answers import earliest
from bot.errors import PlatformError
from bot.messages import Post

REQUIRE_TAG = 1 << 4
"""A forum's flag: each post needs a tag."""


class ForumPosts:
    """Makes and finds posts in the place's channel, which is a forum."""

    def __init__(self, *, rest: Rest, history: History, channel: int) -> None:
        self._rest, self._history, self._channel = rest, history, channel

    async def make(self, post: Post, *, role: int) -> Sent:
        """Make a post, under the first tag if the forum wants one. Raises PlatformError."""
        try:
            return await self._make(post, role)
        except PlatformError as error:
            if code_of(error) not in {NEEDS_TAG, BAD_FORM}:
                raise
            await self._rest.look()  # the tags have changed
            return await self._make(post, role)

    async def _make(self, post: Post, role: int) -> Sent:
        heading: Json = {"name": title(post.text), "auto_archive_duration": DAY, "applied_tags": self._tags()}
        return await message_form.post_in_forum(self._rest, post, self._channel, heading, role=role)

    def _tags(self) -> list[str]:
        tag = first_tag(self._rest.forum or {})
        return [tag["id"]] if tag else []

    async def find(self, post: Post) -> Json | None:
        """The message with which the post begins, made since it was due. Raises PlatformError."""
        since = discord.utils.time_snowflake(earliest(post))
        for thread in sorted(await self._history.all_threads()):
            if thread < since:
                continue
            first = await self._first_message(thread)
            if first and message_form.is_same(first, post, me=self._rest.me):
                return first
        return None

    async def _first_message(self, thread: int) -> Json | None:
        try:
            return mapping(await self._rest.call(self._rest.http.get_message(thread, thread)))
        except PlatformError as error:
            if code_of(error) == UNKNOWN_MESSAGE or code_of(error) in CLOSED_TO_US:
                return None
            raise


def first_tag(forum: Json) -> Json | None:
    """The tag for the bot's posts, if the forum wants one: the first that everybody may use."""
    if not int(forum.get("flags") or 0) & REQUIRE_TAG:
        return None
    tags = [one for one in mappings(forum.get("available_tags") or []) if number(one.get("id"))]
    return next((one for one in tags if not one.get("moderated")), tags[0] if tags else None)
