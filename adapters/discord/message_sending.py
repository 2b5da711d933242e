"""Messages for everybody, in the channel or a thread of it, and looking whether they are there already.

A thread that takes no message is no reason to keep a question back: it goes to the channel, and the host is told. In a
forum, "to the channel" means a new post, which is a thread itself.
"""

from __future__ import annotations

from adapters.discord import message_form
from adapters.discord.errors import CLOSED_TO_US, THREAD_ARCHIVED, UNKNOWN_CHANNEL, code_of, of_the_channel
from adapters.discord.forum_posts import ForumPosts
from adapters.discord.location import ChannelIndex, Location
from adapters.discord.message_form import Sent
from adapters.discord.rest import Json, Rest, number, snowflake_time
from adapters.discord.settings import DiscordSettings
from adapters.discord.threads_and_pins import ThreadsAndPins
from bot.errors import PlatformError
from bot.messages import Post, Receipt
from bot.ports.inbound import Listener

_OPENING = frozenset({"welcome", "rules", "question", "notice", "closing"})
"""Kinds of post that open a chat, and so get its thread; posts before or besides the chat do not."""

_IN_THE_CHANNEL = "The chat goes on in the channel, as its thread takes no messages of the bot. {why}"
_IN_A_NEW_POST = "The chat goes on in a new post of the forum, as the old one takes no messages of the bot. {why}"
_WITHOUT_PICTURE = "{key} went out on Discord with the description of its picture, without the picture. {why}"


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
        listener: Listener,
        forum: ForumPosts | None = None,
    ) -> None:
        self._forum = forum
        self._location, self._settings, self._rest = location, settings, rest
        self._channels, self._threads, self._listener = channels, threads, listener

    async def send(self, post: Post) -> Receipt:
        """Post it. Raises PlatformError, `lost` only where the bot can't see the channel or write in it."""
        where = self._where(post)
        try:
            where, sent = await self._send(post, where)
        except PlatformError as error:
            if where == self._location.channel or code_of(error) not in CLOSED_TO_US:
                raise
            where, sent = await self._send_past(post, where, error)
        if sent.why:
            text = _WITHOUT_PICTURE.format(key=post.key.upper(), why=sent.why)
            self._listener.concern(f"picture-{post.key}", text, post.chat)
        return await self._settle(post, where, sent.id)

    async def find(self, post: Post) -> Receipt | None:
        """Look where it would be since it was due, and open its thread if it needs one. Raises PlatformError."""
        for where in dict.fromkeys((self._where(post), self._location.channel)):
            try:
                found = await self._find(post, where)
            except PlatformError as error:
                if where == self._location.channel or code_of(error) not in CLOSED_TO_US:
                    raise
            else:
                if found:
                    return await self._settle(post, self._thread_of(found, where), str(found["id"]))
        return None

    def _where(self, post: Post) -> int:
        """The thread of a post; the channel, if it is for that, or for a new post in the forum."""
        channel, opening = self._location.channel, number(post.opening)
        threads, forum = self._settings.features.threads, self._settings.features.forum
        if post.kind == "receipt" or (self._forum and post.part > 1):
            known = self._channels.of(number(post.reply_to))
        elif self._forum:
            known = 0 if forum == "question" and post.kind == "question" and not post.repeats else opening
        else:
            known = opening if threads == "chat" else 0
        where = known or (opening if self._forum and post.part > 1 else 0) or channel
        return self._channels.moved.get(where, where)

    async def _send_past(self, post: Post, thread: int, refused: PlatformError) -> tuple[int, Sent]:
        """Send a post whose thread refused it: to the thread, once it is open again, else to the channel."""
        if await self._reopened(post, thread, code_of(refused)):
            try:
                return await self._send(post, thread)
            except PlatformError as error:
                if code_of(error) not in CLOSED_TO_US:
                    raise
        where, sent = await self._send(post, self._location.channel)
        if self._forum and post.kind != "receipt":
            self._channels.moved[thread] = where
        text = _IN_A_NEW_POST if self._forum else _IN_THE_CHANNEL
        self._listener.concern("thread", text.format(why=CLOSED_TO_US[code_of(refused)]), post.chat)
        return where, sent

    async def _reopened(self, post: Post, thread: int, code: int) -> bool:
        """Open a thread that is gone or was never there, or that sleeps, if the bot may."""
        if code == UNKNOWN_CHANNEL and not self._forum:
            return await self._threads.open(self._location.channel, thread, post.chat)
        return code == THREAD_ARCHIVED and await self._threads.wake(thread)

    async def _send(self, post: Post, where: int) -> tuple[int, Sent]:
        """Send to a thread or the channel, and return where the message is. In the channel the place may be lost."""
        reply_to = post.reply_to if post.part == 1 else None
        in_channel, role = where == self._location.channel, self._role(post)
        try:
            if in_channel and self._forum:
                made = await self._forum.make(post, role=role)
                return int(made.id), made
            return where, await message_form.send(self._rest, post, where, reply_to=reply_to, role=role)
        except PlatformError as error:
            if in_channel:
                raise of_the_channel(error) from error.__cause__
            raise

    async def _find(self, post: Post, where: int) -> Json | None:
        if where == self._location.channel and self._forum:
            return await self._forum.find(post)
        return await message_form.find(self._rest, post, where)

    def _thread_of(self, found: Json, where: int) -> int:
        """Where a message was found: one with which a post of the forum begins is in the post."""
        return number(found.get("id")) if where == self._location.channel and self._forum else where

    def _role(self, post: Post) -> int:
        """The role to ping: with the first question, once. The server's everybody is never pinged."""
        first = post.kind == "question" and post.key == "q1" and post.part == 1 and not post.repeats
        role = self._settings.features.announce_role
        return role if first and role != self._location.guild else 0

    async def _settle(self, post: Post, where: int, id: str) -> Receipt:
        self._channels.note(int(id), where)
        if self._opens_thread(post):
            await self._threads.open(where, int(id), post.text, chat=post.chat)
        alone = self._forum and self._settings.features.forum == "question"
        if self._settings.features.pin and post.kind == "question" and post.part == 1 and not alone:
            self._threads.pin(where, int(id), chat=post.chat)
        return Receipt(id=id, url=self._location.url(id, where), at=snowflake_time(int(id)))

    def _opens_thread(self, post: Post) -> bool:
        if post.part > 1 or self._forum:
            return False
        if self._settings.features.threads == "question":
            return post.kind == "question"
        return self._settings.features.threads == "chat" and post.opening is None and post.kind in _OPENING
