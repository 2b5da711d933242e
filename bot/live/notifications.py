"""Tells whoever watches a chat that it changed. Says that something changed, never what: the watcher reads again."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator


class Notifications:
    """Wake-ups for each chat. Wake-ups are joined while a watcher is busy, so a slow one costs nothing."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[_Watcher]] = defaultdict(set)

    def ring(self, chat: str, what: str) -> None:
        """Wake everyone who watches this chat."""
        for watcher in self._watchers.get(chat, ()):
            watcher.tell(what)

    async def changes(self, chat: str) -> AsyncIterator[str]:
        """The name of what changed, once for each change or joined changes, until the caller stops."""
        watcher = _Watcher()
        self._watchers[chat].add(watcher)
        try:
            while True:
                for what in await watcher.told():
                    yield what
        finally:
            self._watchers[chat].discard(watcher)
            if not self._watchers[chat]:
                del self._watchers[chat]


class _Watcher:
    def __init__(self) -> None:
        self._news: dict[str, None] = {}
        self._any = asyncio.Event()

    def tell(self, what: str) -> None:
        self._news[what] = None
        self._any.set()

    async def told(self) -> list[str]:
        await self._any.wait()
        news, self._news = list(self._news), {}
        self._any.clear()
        return news
