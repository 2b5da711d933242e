"""A rehearsal's clock: fast, but never faster than the work.

On a busy machine a clock that simply ran would leave the work behind: answers would come minutes after their time, and
replies before what they reply to. So this one stands still while somebody holds it, and while nobody lets it go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.clock import WallClock

_LONGEST = timedelta(seconds=0.2)
"""How long it goes on by itself after a step, in wall time: whoever steps late has a busy machine."""

_NAP = 0.01, 1.0
"""Wall seconds of the shortest and the longest sleep of a sleeper."""


class RehearsalClock(WallClock):
    """Reads `starts` until the first `step`; then runs `speed` times as fast as the wall's, while it is stepped."""

    def __init__(self, starts: datetime, speed: float) -> None:
        self.speed = speed
        self._time = starts
        self._stepped: datetime | None = None
        self._holders = 0

    def now(self) -> datetime:
        """This instant in the rehearsed hour, UTC."""
        if self._stepped is None:
            return self._time
        passed = min(max(super().now() - self._stepped, timedelta(0)), _LONGEST)
        return self._time + passed * self.speed

    async def sleep_until(self, at: datetime) -> None:
        """Come back when the clock reads `at` or later."""
        shortest, longest = _NAP
        while (left := (at - self.now()) / timedelta(seconds=self.speed)) > 0:  # noqa: ASYNC110 -- the sleep is the point
            await asyncio.sleep(min(left if self._stepped else max(left, shortest), longest))

    def step(self) -> None:
        """Let it run for a moment, unless it is held. To be called several times a second."""
        self._time = self.now()
        self._stepped = None if self._holders else super().now()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let it stand still during the block."""
        self._holders += 1
        self.step()
        try:
            yield
        finally:
            self._holders -= 1
            self.step()
