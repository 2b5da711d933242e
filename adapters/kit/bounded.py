"""Bounded memory: a map that keeps the newest entries, and tasks that end with the adapter."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
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
