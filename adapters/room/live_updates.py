"""Live updates by server-sent events: each watched chat is read and rendered once, for all its watchers.

A chat that nobody watches costs nothing. The work for a chat is done in `live_channel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.kit.bounded import RecentMap
from adapters.room.chat_pages import ChatPages
from adapters.room.connections import open_files
from adapters.room.event_stream import Watcher
from adapters.room.live_channel import Channel
from adapters.room.page_model import PageModel
from adapters.room.render import Renderer
from adapters.room.stream_seats import MAX_WATCHERS, Reader, Seat, StreamSeats, TooManyWatchers
from bot.ports.views import ConversationView

_MAX_FRAGMENTS = 5
"""Chats whose shared parts are kept as rendered."""


class LiveUpdates:
    """The channels of all watched chats."""

    def __init__(self, conversation: ConversationView, chat_pages: ChatPages, renderer: Renderer) -> None:
        self._conversation, self._pages, self._renderer = conversation, chat_pages, renderer
        self._channels: dict[str, Channel] = {}
        self._fragments: RecentMap[str, tuple[PageModel, bytes]] = RecentMap(_MAX_FRAGMENTS)
        self._seats = StreamSeats()
        self._closed = False

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return len(self._seats)

    @contextmanager
    def seat(self, reader: Reader) -> Iterator[Seat]:
        """A seat for a stream, for the time of the block. Raises TooManyWatchers, also when the room is closed."""
        if self._closed:
            raise TooManyWatchers
        with self._seats.seat(reader) as seat:
            yield seat

    @contextmanager
    def watching(
        self, page: PageModel, watcher: Watcher, seat: Seat, seen: str, *, staff: bool = False
    ) -> Iterator[None]:
        """Send updates to a watcher on its seat during the block. `seen` is the version that they have.

        `staff` also get a signal when the dashboard may have changed.
        """
        chat = page.chat_view.chat
        channel = self._channels.get(chat) or Channel(page, self._conversation, self._pages, self._renderer)
        self._channels[chat] = channel
        seat.give_up = watcher.end
        try:
            channel.subscribe(watcher, seen, staff=staff)
            if self._closed or seat.is_taken_back:
                watcher.end()
            yield
        finally:
            channel.unsubscribe(watcher)
            if channel.is_empty:
                self._channels.pop(chat, None)

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
        """Accept watchers, and leave some of the connections that there may be to everything else."""
        self._seats = StreamSeats(min(MAX_WATCHERS, open_files(raised=True).visitors * 3 // 4))
        self._closed = False

    def close(self) -> None:
        """End all streams and accept no new ones."""
        self._closed = True
        for channel in self._channels.values():
            channel.close()
