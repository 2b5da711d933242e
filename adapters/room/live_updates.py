"""Live updates by server-sent events: each watched chat is read and rendered once, for all its watchers.

A chat that nobody watches costs nothing. The work for a chat is done in `live_channel`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.kit.bounded import RecentMap
from adapters.room.chat_pages import ChatPages
from adapters.room.event_stream import Watcher
from adapters.room.live_channel import Channel
from adapters.room.page_model import PageModel
from adapters.room.render import Renderer
from bot.ports.views import ConversationView

MAX_WATCHERS, MAX_PER_ADDRESS = 2000, 50
_MAX_FRAGMENTS = 5
"""Chats whose shared parts are kept as rendered."""


class TooManyWatchers(Exception):  # noqa: N818 - an outcome, not a failure
    """There is no capacity for another stream."""


class LiveUpdates:
    """The channels of all watched chats."""

    def __init__(self, conversation: ConversationView, chat_pages: ChatPages, renderer: Renderer) -> None:
        self._conversation, self._pages, self._renderer = conversation, chat_pages, renderer
        self._channels: dict[str, Channel] = {}
        self._fragments: RecentMap[str, tuple[PageModel, bytes]] = RecentMap(_MAX_FRAGMENTS)
        self._per_address: Counter[str] = Counter()
        self._closed = False

    def check_capacity(self, address: str) -> None:
        """Raises TooManyWatchers if there is no capacity for another watcher from this address."""
        full = self._per_address.total() >= MAX_WATCHERS or self._per_address[address] >= MAX_PER_ADDRESS
        if self._closed or full:
            raise TooManyWatchers

    @contextmanager
    def watching(
        self, page: PageModel, address: str, watcher: Watcher, seen: str, *, staff: bool = False
    ) -> Iterator[None]:
        """Send updates to a watcher during the block, after `check_capacity`. `seen` is the version that they have.

        `staff` also get a signal when the dashboard may have changed.
        """
        chat = page.chat_view.chat
        channel = self._channels.get(chat) or Channel(page, self._conversation, self._pages, self._renderer)
        self._channels[chat] = channel
        self._per_address[address] += 1
        try:
            channel.subscribe(watcher, seen, staff=staff)
            if self._closed:
                watcher.end()
            yield
        finally:
            channel.unsubscribe(watcher)
            if channel.is_empty:
                self._channels.pop(chat, None)
            self._per_address -= Counter([address])

    async def fragment(self, chat: str) -> bytes | None:
        """The parts of a chat's page that all readers share, as HTML; None if there is no such chat.

        Rendered once for each version.
        """
        page = await self._pages.read(chat)
        if page is None:
            return None
        known = self._fragments.pop(chat, None)
        if known is None or known[0] is not page:
            known = page, self._renderer.conversation("fragment.html", page)
        self._fragments[chat] = known  # so that it is the newest
        return known[1]

    def open(self) -> None:
        """Accept watchers."""
        self._closed = False

    def close(self) -> None:
        """End all streams and accept no new ones."""
        self._closed = True
        for channel in self._channels.values():
            channel.close()
