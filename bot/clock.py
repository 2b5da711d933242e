"""The clocks: the wall's, and a rehearsal's, which runs faster. Only here and in the alarm the machine is asked."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

_NAP = 60.0
"""Longest single sleep, in wall seconds: after a suspended machine wakes, or its clock is set, we notice this soon."""


class Clock(Protocol):
    """The only thing that knows what time it is."""

    @property
    def speed(self) -> float:
        """How many seconds of this clock pass in one second of the wall's. 1 except in a rehearsal."""

    def now(self) -> datetime:
        """This instant, UTC."""

    async def sleep_until(self, at: datetime) -> None:
        """Come back when this clock reads `at` or later; at once if it does already."""


def clock_time(local: datetime, *, seconds: bool = False) -> str:
    """A local time of day, `20:12`; with its zone, `01:12 GMT`, in the hour that comes twice in an autumn night."""
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    twice = local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()
    return f"{time} {local:%Z}" if twice else time


class WallClock:
    """The machine's clock, in UTC."""

    speed = 1.0

    def now(self) -> datetime:
        """This instant, UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, at: datetime) -> None:
        """Come back when the clock reads `at` or later."""
        while (left := (at - self.now()) / timedelta(seconds=self.speed)) > 0:  # noqa: ASYNC110 -- the sleep is the point
            await asyncio.sleep(min(left, _NAP))


class FastClock(WallClock):
    """A rehearsal's clock: reads `starts` when made, and from then on runs `speed` times as fast as the wall's."""

    def __init__(self, starts: datetime, speed: float) -> None:
        self.speed = speed
        self._starts = starts
        self._made = super().now()

    def now(self) -> datetime:
        """This instant in the rehearsed hour, UTC."""
        return self._starts + (super().now() - self._made) * self.speed
