"""The alarm clock: says when to look again, and nothing else. APScheduler, as a date job and a safety net.

A job carries no meaning: it only sets an event. What is due is asked of the store. So a job that is late, lost or
doubled changes nothing.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock

_NET = 1.0
"""Seconds between two looks when no alarm rings."""


class Alarm:
    """Rings `bell` at a set instant, and once a second in any case."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})
        self.notifications = asyncio.Event()

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.add_job(self._ring, "interval", seconds=_NET, id="net")
        self._scheduler.start()

    def set(self, at: datetime) -> None:
        """Ring at `at` on our clock; replaces what was set before."""
        wall = datetime.now(UTC) + max(at - self._clock.now(), timedelta(0)) / self._clock.speed
        self._scheduler.add_job(self._ring, "date", run_date=wall, id="next", replace_existing=True)

    def stop(self) -> None:
        """Ring no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _ring(self) -> None:
        self.notifications.set()
