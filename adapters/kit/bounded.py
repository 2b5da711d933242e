"""Limits: a map that keeps the newest, tasks that end with the adapter, and work done a few at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class RecentMap(OrderedDict[K, V], Generic[K, V]):
    """A dictionary of at most `most` entries; a new one drops the oldest."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        """Keep the entry, and drop the oldest if there are too many."""
        super().__setitem__(key, value)
        if len(self) > self._most:
            self.popitem(last=False)


class BackgroundTasks:
    """Tasks that nothing waits for, until the adapter closes."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None], name: str | None = None) -> None:
        """Begin, and return at once."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, grace: float) -> None:
        """Let them finish within `grace` wall seconds, and cancel the rest."""
        late = self._tasks
        if late and grace > 0:
            _, late = await asyncio.wait(late, timeout=grace)
        for task in (tasks := list(late)):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


class FewAtATime:
    """Runs `most` pieces of work at once and lets `waiting` be under way in all; any more are not begun."""

    def __init__(self, most: int, waiting: int) -> None:
        self._running = asyncio.Semaphore(most)
        self._waiting, self._under_way = waiting, 0

    async def run(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Do it when it is its turn. False: there was too much to do, and it was not begun."""
        if self._under_way >= self._waiting:
            return False
        self._under_way += 1
        try:
            async with self._running:
                await work()
        finally:
            self._under_way -= 1
        return True
