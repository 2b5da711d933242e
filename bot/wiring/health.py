"""The health of the whole bot: whether the store answers, the scheduler turns, and each place works.

What it finds is kept for a second, so that anybody may ask as often as they like. It mends nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import StoreError
from bot.ports.health import Health
from bot.scheduling.place_monitor import PlaceMonitor
from bot.scheduling.scheduler import Scheduler
from bot.store import chats
from bot.store.database import Database
from bot.store.place_status import PlaceStatus

_KEPT = 1.0
"""Seconds for which an answer is given again."""

_PATIENCE = 2.0
"""Seconds that the store has to answer."""

_LONGEST_TURN = 10.0
"""Seconds without a whole turn of the scheduler: it turns once a second, and a slow disk delays it a little."""

_PASSING = timedelta(seconds=30)
"""A place that is not well for less than this may come back by itself."""


class HealthWatch:
    """Looks at the parts of a bot. `started` is set once it has begun, and cleared when it stops."""

    def __init__(self, database: Database, scheduler: Scheduler, monitor: PlaceMonitor, clock: Clock) -> None:
        self._database, self._scheduler, self._monitor, self._clock = database, scheduler, monitor, clock
        self._looking: asyncio.Task[Health] | None = None
        self._known: tuple[float, Health] | None = None
        self._was_ready = False
        self.started = False

    async def look(self) -> Health:
        """The health, as it was found within the last second. Those who ask at once get the same answer."""
        if self._known and time.monotonic() - self._known[0] < _KEPT:
            return self._known[1]
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> Health:
        store, now = await self._store(), self._clock.now()
        statuses = self._monitor.statuses().values()
        scheduler = "ok" if self._scheduler.idle_for() < _LONGEST_TURN or not self.started else "not turning"
        well = store == "ok" and scheduler == "ok" and not any(self._is_unwell(one, now) for one in statuses)
        parts = ("store", store), ("scheduler", scheduler), *_places(statuses)
        self._was_ready = self.started and (self._was_ready or self._scheduler.is_planned)
        health = Health(is_well=well, is_ready=self._was_ready, parts=parts, reading=self._scheduler.reading)
        self._known = time.monotonic(), health
        return health

    async def _store(self) -> str:
        """Whether the store answers. A call under way that hangs counts, even where others come through."""
        if self._database.trouble() is not None:
            return "in trouble"
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._database.read(chats.get_fact, chats.ALIVE, None)
        except (StoreError, TimeoutError):
            return "no answer"
        return "ok" if self._database.trouble() is None else "in trouble"  # the answer may have shown it

    def _is_unwell(self, one: PlaceStatus, now: datetime) -> bool:
        """Whether hosting on a place is impaired: it needs a person, or it does not come back by itself."""
        passing = now - one.since < _PASSING * self._clock.speed
        return one.state == "lost" or (one.state != "connected" and not passing)


def _places(statuses: Iterable[PlaceStatus]) -> Iterator[tuple[str, str]]:
    for one in statuses:
        yield f"place {one.place}", f"{one.state} since {one.since:%Y-%m-%dT%H:%M:%SZ}"
