"""The chats as they are now, kept in memory: only what has changed since the last request is read again.

A page holds everything that was stored before it was asked for. Requests that come while a chat is read share the next
reading. Nothing about one reader is kept here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from adapters.kit.bounded import RecentMap
from adapters.room.first_view import MAX_SHOWN
from adapters.room.page_model import PageModel, split_into_sections
from bot.clock import Clock
from bot.ports.views import ChatView, ConversationView, MessageView, PostView

MAX_AGE = 5.0
"""Wall seconds after which all is read again: another process may have changed the store, as `convenor forget` does."""
_MAX_CHATS = 20
"""Chats that are kept; those read last."""


class ChatPages:
    """The page models of all chats."""

    def __init__(self, conversation: ConversationView, clock: Clock) -> None:
        self._conversation, self._clock = conversation, clock
        self._readings: RecentMap[str, Reading] = RecentMap(_MAX_CHATS)

    async def read(self, chat: str) -> PageModel | None:
        """The chat as it is now, or None if there is none. The same value as before if nothing has changed.

        Raises StoreError.
        """
        chat_view = await self._conversation.chat_view(chat)
        if chat_view is None:
            self._readings.pop(chat, None)
            return None
        reading = self._readings.pop(chat, None) or Reading(chat, self._conversation)
        self._readings[chat] = reading  # so that it is the newest
        await reading.update()
        chat_view = await self._conversation.chat_view(chat) or chat_view  # from here on nothing waits
        posts, counts = tuple(await self._conversation.posts(chat)), dict(await self._conversation.counts(chat))
        is_open = chat_view.opens <= self._clock.now() < chat_view.shuts
        return reading.page(chat_view, posts, counts, is_open=is_open)

    def last(self, chat: str) -> PageModel | None:
        """The page as it was read last; None if it wasn't, or not lately."""
        reading = self._readings.get(chat)
        return reading.last if reading else None


class Reading:
    """One chat's messages as last read, and the page made of them."""

    def __init__(self, chat: str, conversation: ConversationView) -> None:
        self._chat, self._conversation = chat, conversation
        self._messages: dict[str, tuple[MessageView, ...]] = {}
        self._versions: dict[str, int] = {}
        self._expires = 0.0
        self._under_way: asyncio.Task[None] | None = None
        self._made_of: object = None
        self.last: PageModel | None = None

    async def update(self) -> None:
        """Read what has changed up to now. All who wait for a reading get its error."""
        wanted = dict(self._conversation.versions(self._chat))
        while not self._has(wanted):
            if self._under_way is None or self._under_way.done():
                self._under_way = asyncio.create_task(self._read(), name=f"room reading {self._chat}")
                self._under_way.add_done_callback(self._ended)
            await asyncio.shield(self._under_way)

    def page(
        self, chat_view: ChatView, posts: tuple[PostView, ...], counts: Mapping[str, int], *, is_open: bool
    ) -> PageModel:
        """The page. Sections that have not changed are the same values as before."""
        made_of = chat_view, is_open, posts, counts, self._messages
        if self.last is None or self._made_of != made_of:
            known = self.last.sections if self.last else ()
            sections = split_into_sections(posts, self._messages, counts, known, live=chat_view.state == "live")
            self.last = PageModel(chat_view=chat_view, sections=sections, open=is_open)
            self._made_of = made_of
        return self.last

    def _has(self, versions: Mapping[str, int]) -> bool:
        return not self._is_old and all(self._versions.get(key, 0) >= number for key, number in versions.items())

    async def _read(self) -> None:
        """Read the sections that may have changed, or all after `MAX_AGE`."""
        versions = dict(self._conversation.versions(self._chat))
        everywhere = self._is_old or versions.get("") != self._versions.get("")
        before, keys = self._messages, list(await self._conversation.counts(self._chat))
        wanted = {
            key for key in keys if key not in before or everywhere or versions.get(key) != self._versions.get(key)
        }
        read = await self._conversation.newest(self._chat, sorted(wanted), MAX_SHOWN) if wanted else {}
        now = before | {key: tuple(some) for key, some in read.items()}
        self._messages = {key: before[key] if before.get(key) == now[key] else now[key] for key in keys if key in now}
        self._versions = versions
        if everywhere:
            self._expires = asyncio.get_running_loop().time() + MAX_AGE

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way = None
        if not task.cancelled():
            task.exception()  # whoever waited for it has it; nobody may have

    @property
    def _is_old(self) -> bool:
        return asyncio.get_running_loop().time() >= self._expires
