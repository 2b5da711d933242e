"""Live updates by server-sent events: each watched chat is read and rendered once, for all its watchers.

A chat that nobody watches costs nothing. New messages are sent rendered; after rarer changes the page is told to
reload the shared fragment. A watcher that can't keep up is told to reload as well, so that queues stay bounded.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator

from sse_starlette import ServerSentEvent

from adapters.room.page_model import PageModel, diff, read_page
from adapters.room.render import Renderer, anchor
from bot.clock import Clock
from bot.errors import ConvenorError
from bot.ports.views import ConversationView

QUEUE_SIZE = 20
"""Updates that a watcher may fall behind."""
MAX_WATCHERS, MAX_PER_ADDRESS = 2000, 50
DEBOUNCE = 0.25
"""Wall seconds between two readings of a chat, so that a burst of changes is one update."""
REREAD_AFTER = 15.0
"""Wall seconds after which a watched chat is read again without a wake-up: its state changes with time."""

RELOAD = ServerSentEvent(event="again", data="").encode()
DASHBOARD_CHANGED = ServerSentEvent(event="stirred", data="").encode()
"""Only for hosts and moderators: the plan, the queue or the places may have changed."""

Watcher = asyncio.Queue[bytes | None]
"""One open stream; None ends it."""


class TooManyWatchers(Exception):  # noqa: N818 - an outcome, not a failure
    """There is no capacity for another stream."""


class LiveUpdates:
    """The channels of all watched chats."""

    def __init__(self, conversation: ConversationView, clock: Clock, renderer: Renderer) -> None:
        self._conversation, self._clock, self._renderer = conversation, clock, renderer
        self._channels: dict[str, Channel] = {}
        self._per_address: Counter[str] = Counter()
        self._closed = False

    def check_capacity(self, address: str) -> None:
        """Raises TooManyWatchers if there is no capacity for another watcher from this address."""
        full = self._per_address.total() >= MAX_WATCHERS or self._per_address[address] >= MAX_PER_ADDRESS
        if self._closed or full:
            raise TooManyWatchers

    async def watch(self, chat: str, address: str, seen: str, *, staff: bool = False) -> AsyncIterator[bytes]:
        """Updates for one watcher, after `check_capacity`. `seen` is the version that their page shows.

        `staff` also get a signal when the dashboard may have changed.
        """
        channel = self._channels.get(chat) or Channel(chat, self._conversation, self._clock, self._renderer)
        self._channels[chat] = channel
        self._per_address[address] += 1
        watcher = channel.subscribe(seen, staff=staff)
        try:
            yield ServerSentEvent(comment="welcome", retry=3000).encode()
            while not self._closed and (update := await watcher.get()) is not None:
                yield update
        finally:
            channel.unsubscribe(watcher)
            if channel.is_empty:
                self._channels.pop(chat, None)
            self._per_address -= Counter([address])

    async def fragment(self, chat: str) -> str | None:
        """The parts of a chat's page that all readers share, as HTML; None if there is no such chat.

        Rendered once for each version while the chat is watched.
        """
        channel = self._channels.get(chat)
        if channel and channel.page:
            return channel.fragment()
        page = await read_page(self._conversation, chat, self._clock.now())
        return self._renderer.page("fragment.html", page=page) if page else None

    def open(self) -> None:
        """Accept watchers."""
        self._closed = False

    def close(self) -> None:
        """End all streams and accept no new ones."""
        self._closed = True
        for channel in self._channels.values():
            channel.close()


class Channel:
    """One watched chat: reads it after each wake-up, and sends the difference to all watchers."""

    def __init__(self, chat: str, conversation: ConversationView, clock: Clock, renderer: Renderer) -> None:
        self._chat, self._conversation, self._clock, self._renderer = chat, conversation, clock, renderer
        self._seen: dict[Watcher, str] = {}
        self._staff: set[Watcher] = set()
        self._fragment = ("", "")
        self._task: asyncio.Task[None] | None = None
        self.page: PageModel | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there are no watchers."""
        return not self._seen

    def subscribe(self, seen: str, *, staff: bool = False) -> Watcher:
        """A new watcher; told to reload if the version it has `seen` is out of date."""
        watcher = Watcher(QUEUE_SIZE)
        self._seen[watcher] = seen
        if staff:
            self._staff.add(watcher)
        if self.page and self.page.version != seen:
            watcher.put_nowait(RELOAD)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=f"room stream {self._chat}")
        return watcher

    def unsubscribe(self, watcher: Watcher) -> None:
        """Remove a watcher; after the last one the chat is no longer read."""
        self._seen.pop(watcher, None)
        self._staff.discard(watcher)
        if self.is_empty and self._task:
            self._task.cancel()

    def close(self) -> None:
        """End the stream of every watcher."""
        for watcher in self._seen:
            _enqueue(watcher, None)

    def fragment(self) -> str:
        """The shared parts as last read, rendered at most once for each version."""
        assert self.page is not None  # noqa: S101 - the caller has checked
        if self._fragment[0] != self.page.version:
            self._fragment = (self.page.version, self._renderer.page("fragment.html", page=self.page))
        return self._fragment[1]

    async def _run(self) -> None:
        while True:
            changes = self._conversation.changes(self._chat)
            wake_up = asyncio.ensure_future(anext(changes))
            try:
                await asyncio.sleep(0)  # the subscription begins before the first reading
                while not await self._step(wake_up):
                    if wake_up.done():
                        wake_up = asyncio.ensure_future(anext(changes))
            except ConvenorError:
                await asyncio.sleep(REREAD_AFTER)
            finally:
                await _cancel(wake_up, changes)

    async def _step(self, wake_up: asyncio.Future[str]) -> bool:
        """Read, send, and wait for the next wake-up. True if there will be no more."""
        await self._refresh()
        self._send(list(self._staff), DASHBOARD_CHANGED)
        await asyncio.sleep(DEBOUNCE)
        await asyncio.wait({wake_up}, timeout=REREAD_AFTER)
        return wake_up.done() and wake_up.exception() is not None

    async def _refresh(self) -> None:
        old, new = self.page, await read_page(self._conversation, self._chat, self._clock.now())
        if new is None:
            return
        self.page = new
        if old is None:
            self._send([one for one, seen in self._seen.items() if seen != new.version], RELOAD)
        elif old.frame_version != new.frame_version:
            self._send(list(self._seen), RELOAD)
        elif old.version != new.version:
            self._send(list(self._seen), self._update(old, new))

    def _update(self, old: PageModel, new: PageModel) -> bytes:
        changes = diff(old, new)
        update = {
            "messages": [
                {"question": one.question, "html": self._renderer.message(new, one)} for one in changes.changed
            ],
            "gone": [anchor(one) for one in changes.removed],
            "counts": {one.key: one.total for one in new.sections},
        }
        return ServerSentEvent(event="heard", id=new.version, data=json.dumps(update)).encode()

    def _send(self, watchers: list[Watcher], update: bytes) -> None:
        for watcher in watchers:
            _enqueue(watcher, update)


def _enqueue(watcher: Watcher, update: bytes | None) -> None:
    """Queue an update; a watcher whose queue is full loses the backlog and reloads instead."""
    if watcher.full():
        while not watcher.empty():
            watcher.get_nowait()
        update = update and RELOAD
    watcher.put_nowait(update)


async def _cancel(wake_up: asyncio.Future[str], changes: AsyncIterator[str]) -> None:
    wake_up.cancel()
    with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration, Exception):
        await wake_up
    aclose = getattr(changes, "aclose", None)
    if aclose:
        await aclose()
