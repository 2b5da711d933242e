"""Notifications that a chat changed. They say only that something changed; the subscriber reads it again."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping


class Notifications:
    """Wakes the subscribers of each chat. Changes are merged while a subscriber is busy."""

    def __init__(self) -> None:
        self._subscribers: dict[str, set[_Subscriber]] = defaultdict(set)
        self._versions: dict[str, Counter[str]] = defaultdict(Counter)

    def notify(self, chat: str, change: str, questions: Iterable[str] = ("",)) -> None:
        """Wake all subscribers of a chat. For `heard`, `questions` are those whose messages changed; "" means any."""
        if change == "heard":
            self._versions[chat].update(questions)
        for subscriber in self._subscribers.get(chat, ()):
            subscriber.notify(change)

    def versions(self, chat: str) -> Mapping[str, int]:
        """For each question of a chat, how often its messages have changed; "" is for any question."""
        return self._versions.get(chat, {})

    async def changes(self, chat: str) -> AsyncIterator[str]:
        """Subscribe to a chat: yields the name of each change, until the caller stops."""
        subscriber = _Subscriber()
        self._subscribers[chat].add(subscriber)
        try:
            while True:
                for change in await subscriber.changes():
                    yield change
        finally:
            self._subscribers[chat].discard(subscriber)
            if not self._subscribers[chat]:
                del self._subscribers[chat]


class _Subscriber:
    def __init__(self) -> None:
        self._changes: dict[str, None] = {}
        self._any = asyncio.Event()

    def notify(self, change: str) -> None:
        self._changes[change] = None
        self._any.set()

    async def changes(self) -> list[str]:
        await self._any.wait()
        changes, self._changes = list(self._changes), {}
        self._any.clear()
        return changes
