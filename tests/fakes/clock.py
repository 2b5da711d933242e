"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


class HandClock:
    """Whoever sleeps is woken, in order, when the hand links."""

    speed = 1.0

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._sleepers: list[tuple[datetime, asyncio.Event]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, at: datetime) -> None:
        if at > self._now:
            woken = asyncio.Event()
            self._sleepers.append((at, woken))
            await woken.wait()

    def move(self, *, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        for at, woken in sorted(self._sleepers, key=lambda sleeper: sleeper[0]):
            if at <= self._now:
                woken.set()
        self._sleepers = [(at, woken) for at, woken in self._sleepers if at > self._now]
