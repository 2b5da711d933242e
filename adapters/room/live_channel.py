"""The live updates of one chat: read after each wake-up, rendered once, and sent to all watchers.

New messages are sent rendered; after rarer changes the page is told to reload the shared fragment. Whoever connects
again gets the updates since the version that they have, if they are still known, and else reloads.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator

import structlog
from sse_starlette import ServerSentEvent

from adapters.kit.bounded import RecentMap
from adapters.room.chat_pages import ChatPages
from adapters.room.event_stream import Update, Watcher
from adapters.room.page_model import PageModel, diff
from adapters.room.render import Renderer, anchor
from bot.errors import ConvenorError
from bot.ports.views import ConversationView

_log = structlog.get_logger()

DEBOUNCE, LONGEST_DEBOUNCE = 0.1, 0.3
"""Wall seconds between two readings of a chat, so that a burst of changes is one update: the more who read, the more
connections an update is written to, and the longer it waits for the next change."""
_PER_WATCHER = 0.0015
"""Wall seconds between two readings for each watcher: twice what writing to them takes on a slow machine."""
REREAD_AFTER = 15.0
"""Wall seconds after which a watched chat is read again without a wake-up: its state changes with time. Also between
two beats; a page misses three before it connects again."""
_RETRY_AFTER = 2.0
"""Wall seconds after which it is read again when the store did not answer."""
_KNOWN_UPDATES = 50
"""Updates that are kept for whoever connects again: at most some seconds of a busy chat, minutes of a calm one."""

RELOAD = Update.of(ServerSentEvent(event="again", data=""))
DASHBOARD_CHANGED = Update.of(ServerSentEvent(event="stirred", data=""))
"""Only for hosts and moderators: the plan, the queue or the places may have changed."""


class Channel:
    """One watched chat."""

    def __init__(
        self, page: PageModel, conversation: ConversationView, chat_pages: ChatPages, renderer: Renderer
    ) -> None:
        self._chat, self._conversation, self._pages = page.chat_view.chat, conversation, chat_pages
        self._renderer = renderer
        self._watchers: dict[Watcher, bool] = {}
        self._updates: RecentMap[str, tuple[Update, str]] = RecentMap(_KNOWN_UPDATES)
        self._beat_at = 0.0
        self._task: asyncio.Task[None] | None = None
        self.page = page

    @property
    def is_empty(self) -> bool:
        """Whether there are no watchers."""
        return not self._watchers

    def subscribe(self, watcher: Watcher, seen: str, *, staff: bool = False) -> None:
        """Add a watcher whose page shows the version `seen`. `staff` also get `DASHBOARD_CHANGED`."""
        self._take()
        for update in self._missed(seen):
            watcher.send(update)
        self._watchers[watcher] = staff
        watcher.send(self._beat())
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=f"room stream {self._chat}")

    def unsubscribe(self, watcher: Watcher) -> None:
        """Remove a watcher; after the last one the chat is no longer read."""
        self._watchers.pop(watcher, None)
        if self.is_empty and self._task:
            self._task.cancel()

    def close(self) -> None:
        """End the stream of every watcher."""
        for watcher in self._watchers:
            watcher.end()

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
                await asyncio.sleep(_RETRY_AFTER)
            finally:
                await _unsubscribe(wake_up, changes)

    async def _step(self, wake_up: asyncio.Future[str]) -> bool:
        """Read, send, and wait for the next wake-up. True if there will be no more."""
        await self._pages.read(self._chat)
        self._take()
        self._send(DASHBOARD_CHANGED, staff_only=True)
        await asyncio.sleep(debounce(len(self._watchers)))
        await asyncio.wait({wake_up}, timeout=REREAD_AFTER)
        now = asyncio.get_running_loop().time()
        if now - self._beat_at >= REREAD_AFTER:
            self._beat_at = now
            self._send(self._beat())
        return wake_up.done() and wake_up.exception() is not None

    def _take(self) -> None:
        """Take over the page as anybody read it last, and send the difference."""
        old, new = self.page, self._pages.last(self._chat) or self.page
        self.page = new
        if old.frame_version != new.frame_version:
            self._updates.clear()
            self._send(RELOAD)
            if new.chat_view.concealed:
                self._end_public()
        elif old.version != new.version:
            update = self._update(old, new)
            self._updates.pop(old.version, None)
            self._updates[old.version] = update, new.version
            self._send(update)

    def _beat(self) -> Update:
        """Tells a page that the connection lives, for one that has gone mute ends without a word; and how many read.

        Readers are counted and not named: there is nothing else that we know of them.
        """
        readers = sum(not is_staff for is_staff in self._watchers.values())
        return Update.of(ServerSentEvent(event="beat", data=json.dumps({"here": readers})))

    def _missed(self, seen: str) -> list[Update]:
        """The updates from the version `seen` to the current one; to reload, where they are not known."""
        missed: list[Update] = []
        while seen != self.page.version:
            if seen not in self._updates or len(missed) >= _KNOWN_UPDATES:
                return [RELOAD]
            update, seen = self._updates[seen]
            missed.append(update)
        return missed

    def _update(self, old: PageModel, new: PageModel) -> Update:
        changes = diff(old, new)
        update = {
            "messages": [
                {"question": new.home(one.question), "html": self._renderer.message(one, new)}
                for one in changes.changed
            ],
            "gone": [anchor(one) for one in changes.removed],
            "counts": {one.key: one.total for one in new.sections},
        }
        return Update.of(ServerSentEvent(event="heard", id=new.version, data=json.dumps(update)))

    def _end_public(self) -> None:
        """End the streams of all who do not lead the chat."""
        for watcher, is_staff in self._watchers.items():
            if not is_staff:
                watcher.end()

    def _send(self, update: Update, *, staff_only: bool = False) -> None:
        for watcher, is_staff in self._watchers.items():
            if is_staff or not staff_only:
                watcher.send(update)


def debounce(watchers: int) -> float:
    """The wall seconds between two readings of a chat with so many watchers."""
    return min(max(DEBOUNCE, watchers * _PER_WATCHER), LONGEST_DEBOUNCE)


async def _unsubscribe(wake_up: asyncio.Future[str], changes: AsyncIterator[str]) -> None:
    """End a subscription. If it broke, that is logged, and a while passes before the next."""
    if wake_up.cancel():
        await asyncio.wait({wake_up})  # which ends it; the caller's own cancellation gets through
    elif not wake_up.cancelled() and (error := wake_up.exception()) and not isinstance(error, StopAsyncIteration):
        _log.warning("room.subscription_failed", error=type(error).__name__)
        await asyncio.sleep(_RETRY_AFTER)
    elif isinstance(changes, AsyncGenerator):
        await changes.aclose()
