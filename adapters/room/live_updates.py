"""Live updates: one reader and one rendering for each chat, shared by everybody who watches it.

A chat that nobody watches costs nothing. A message that is new goes out whole, rendered once; anything
rarer goes out as "look again", and the page fetches the shared fragment. A watcher too slow to follow is told to look
again as well, so that no queue grows.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator

from sse_starlette import ServerSentEvent

from adapters.room.page_model import PageModel, change, read
from adapters.room.render import Renderer, anchor
from bot.clock import Clock
from bot.errors import ConvenorError
from bot.ports.views import ConversationView

AT_ONCE = 20
"""Updates a watcher may fall behind."""
ALL, EACH = 2000, 50
"""Watchers in all, and from one address."""
BREATH = 0.25
"""Wall seconds between two readings of one chat: a burst becomes one update."""
TICK = 15.0
"""Wall seconds after which a watched chat is read again though nothing woke us: its state changes with time."""

AGAIN = ServerSentEvent(event="again", data="").encode()
STIRRED = ServerSentEvent(event="stirred", data="").encode()
"""For whoever leads the chat, and for nobody else: something may have changed in the plan, the queue or the places."""

Watcher = asyncio.Queue[bytes | None]


class Full(Exception):  # noqa: N818 - a verdict
    """Too many people are watching just now."""


class LiveUpdates:
    """Every chat that somebody watches."""

    def __init__(self, conversation: ConversationView, clock: Clock, renderer: Renderer) -> None:
        self._conversation, self._clock, self._renderer = conversation, clock, renderer
        self._channels: dict[str, Channel] = {}
        self._addresses: Counter[str] = Counter()
        self._closed = False

    def admit(self, address: str) -> None:
        """See whether there is room for one more watcher. Raises Full."""
        if self._closed or self._addresses.total() >= ALL or self._addresses[address] >= EACH:
            raise Full

    async def watch(self, chat: str, address: str, seen: str, *, leads: bool = False) -> AsyncIterator[bytes]:
        """Updates for one watcher who has been admitted. `seen` is the stamp of what their page shows.

        Whoever `leads` is told each time that something stirred, too.
        """
        channel = self._channels.get(chat) or Channel(chat, self._conversation, self._clock, self._renderer)
        self._channels[chat] = channel
        self._addresses[address] += 1
        watcher = channel.enter(seen, leads=leads)
        try:
            yield ServerSentEvent(comment="welcome", retry=3000).encode()
            while not self._closed and (update := await watcher.get()) is not None:
                yield update
        finally:
            channel.leave(watcher)
            if channel.empty:
                self._channels.pop(chat, None)
            self._addresses -= Counter([address])

    async def fragment(self, chat: str) -> str | None:
        """The chat's shared parts as HTML, rendered once for all who ask while it is watched; None if there is none."""
        channel = self._channels.get(chat)
        if channel and channel.talk:
            return channel.fragment()
        talk = await read(self._conversation, chat, self._clock.now())
        return self._renderer.page("fragment.html", talk=talk) if talk else None

    def open(self) -> None:
        """Let people in."""
        self._closed = False

    def close(self) -> None:
        """Send everybody home, and let nobody in."""
        self._closed = True
        for channel in self._channels.values():
            channel.close()


class Channel:
    """One chat that is being watched: it reads when woken, and hands each update to all."""

    def __init__(self, chat: str, conversation: ConversationView, clock: Clock, renderer: Renderer) -> None:
        self._chat, self._conversation, self._clock, self._renderer = chat, conversation, clock, renderer
        self._watchers: dict[Watcher, str] = {}
        self._leaders: set[Watcher] = set()
        self._fragment = ("", "")
        self._task: asyncio.Task[None] | None = None
        self.talk: PageModel | None = None

    @property
    def empty(self) -> bool:
        """Nobody watches."""
        return not self._watchers

    def enter(self, seen: str, *, leads: bool = False) -> Watcher:
        """A new watcher; told to look again if the page has fallen behind already."""
        watcher = Watcher(AT_ONCE)
        self._watchers[watcher] = seen
        if leads:
            self._leaders.add(watcher)
        if self.talk and self.talk.stamp != seen:
            watcher.put_nowait(AGAIN)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._follow(), name=f"room stream {self._chat}")
        return watcher

    def leave(self, watcher: Watcher) -> None:
        """One watcher fewer; the last one puts out the light."""
        self._watchers.pop(watcher, None)
        self._leaders.discard(watcher)
        if self.empty and self._task:
            self._task.cancel()

    def close(self) -> None:
        """End every watcher's stream."""
        for watcher in self._watchers:
            _hand(watcher, None)

    def fragment(self) -> str:
        """The shared parts of what was read last, rendered at most once for each stamp."""
        assert self.talk is not None  # noqa: S101 - the caller has looked
        if self._fragment[0] != self.talk.stamp:
            self._fragment = (self.talk.stamp, self._renderer.page("fragment.html", talk=self.talk))
        return self._fragment[1]

    async def _follow(self) -> None:
        while True:
            wakes = self._conversation.changes(self._chat)
            wake = asyncio.ensure_future(anext(wakes))
            try:
                await asyncio.sleep(0)  # the subscription begins before the first reading
                while not await self._step(wake):
                    if wake.done():
                        wake = asyncio.ensure_future(anext(wakes))
            except ConvenorError:
                await asyncio.sleep(TICK)
            finally:
                await _stop(wake, wakes)

    async def _step(self, wake: asyncio.Future[str]) -> bool:
        """Read, tell, and wait for the next wake-up. True if there will be no more."""
        await self._look()
        self._tell(list(self._leaders), STIRRED)
        await asyncio.sleep(BREATH)
        await asyncio.wait({wake}, timeout=TICK)
        return wake.done() and wake.exception() is not None

    async def _look(self) -> None:
        old, new = self.talk, await read(self._conversation, self._chat, self._clock.now())
        if new is None:
            return
        self.talk = new
        if old is None:
            behind = [one for one, seen in self._watchers.items() if seen != new.stamp]
            self._tell(behind, AGAIN)
        elif old.frame != new.frame:
            self._tell(list(self._watchers), AGAIN)
        elif old.stamp != new.stamp:
            self._tell(list(self._watchers), self._update(old, new))

    def _update(self, old: PageModel, new: PageModel) -> bytes:
        what = change(old, new)
        update = {
            "messages": [{"question": one.question, "html": self._renderer.message(new, one)} for one in what.fresh],
            "gone": [anchor(one) for one in what.gone],
            "counts": {one.key: one.total for one in new.sections},
        }
        return ServerSentEvent(event="heard", id=new.stamp, data=json.dumps(update)).encode()

    def _tell(self, watchers: list[Watcher], update: bytes) -> None:
        for watcher in watchers:
            _hand(watcher, update)


def _hand(watcher: Watcher, update: bytes | None) -> None:
    """Give a watcher an update; one who cannot keep up loses the backlog and looks again instead."""
    if watcher.full():
        while not watcher.empty():
            watcher.get_nowait()
        update = update and AGAIN
    watcher.put_nowait(update)


async def _stop(wake: asyncio.Future[str], wakes: AsyncIterator[str]) -> None:
    wake.cancel()
    with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration, Exception):
        await wake
    aclose = getattr(wakes, "aclose", None)
    if aclose:
        await aclose()
