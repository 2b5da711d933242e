"""The clocks: the wall clock, and a rehearsal's, which runs faster. Nothing else but timers asks the machine.

`clock_time` and `to_utc` convert between UTC and what clocks in a zone show.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.translation import LazyText, lazy

_STEP = timedelta(minutes=1)

_NAP = 60.0
"""Longest single sleep, in wall seconds: after a suspended machine wakes, or its clock is set, we notice this soon."""


_SECOND = 1_000_000_000
_SLEW = 2 * _SECOND
"""Nanoseconds. A smaller difference is followed at once: clocks are kept right in small steps."""

_DOUBT = 60 * _SECOND
"""Nanoseconds for which a larger step has to last before it counts."""

_FINE = LazyText(str)
"""No message."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """The only source of the time of day."""

    @property
    def speed(self) -> float:
        """Seconds of this clock in one second of the wall clock: 1, except in a rehearsal."""

    def now(self) -> datetime:
        """This instant, UTC."""

    async def sleep_until(self, at: datetime) -> None:
        """Return when this clock reads `at` or later; at once if it already does."""


def clock_time(local: datetime, *, seconds: bool = False) -> str:
    """A local time of day, `20:12`; with its zone, `01:12 GMT`, in the hour that comes twice in an autumn night."""
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    twice = local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()
    return f"{time} {local:%Z}" if twice else time


def to_utc(wall: datetime, zone: str) -> tuple[datetime | None, LazyText]:
    """The time in UTC at which clocks in `zone` show `wall`, and a message: None and the mistake, or an empty message.

    A `wall` with an offset counts only if the zone has that offset at the time.
    """
    timezone = ZoneInfo(zone)
    naive = wall.replace(tzinfo=None)
    both = [naive.replace(tzinfo=timezone, fold=0), naive.replace(tzinfo=timezone, fold=1)]
    existing = [one for one in both if one.astimezone(UTC).astimezone(timezone).replace(tzinfo=None) == naive]
    if not existing:
        return None, lazy(
            "{time} on {day} does not exist in {zone}: the clocks go forward. The next time that does is {next}.",
            **_hour(naive, zone),
            next=_next_existing(naive, timezone).isoformat(),
        )
    if wall.tzinfo:
        same = [one for one in existing if one.utcoffset() == wall.utcoffset()]
        return (same[0].astimezone(UTC), _FINE) if same else (None, _wrong_offset(existing[0], zone))
    if existing[0].utcoffset() != existing[-1].utcoffset():
        first, second = (one.isoformat() for one in existing)
        return None, lazy(
            "{time} on {day} comes twice in {zone}: the clocks go back. Say which by its offset: {first} is the first, "
            "{second} the second.",
            **_hour(naive, zone),
            first=first,
            second=second,
        )
    return existing[0].astimezone(UTC), _FINE


def _hour(naive: datetime, zone: str) -> dict[str, str]:
    return {"time": f"{naive:%H:%M}", "day": f"{naive:%Y-%m-%d}", "zone": zone}


def _wrong_offset(existing: datetime, zone: str) -> LazyText:
    right = existing.replace(tzinfo=None).isoformat()
    return lazy("'starts' has another offset than {zone} has then; write {right}.", zone=zone, right=right)


def _next_existing(naive: datetime, timezone: ZoneInfo) -> datetime:
    """The first whole minute after `naive` that exists. No zone ever skipped more than a day."""
    moment = naive.replace(second=0, microsecond=0)
    while moment.replace(tzinfo=timezone).astimezone(UTC).astimezone(timezone).replace(tzinfo=None) != moment:
        moment += _STEP
    return moment


class SteadyTime:
    """The machine's time of day, which may be set wrongly and back: a step counts once it has lasted a minute.

    Until then, time goes on as before. Otherwise a clock set forward for a moment would skip questions for good. `wall`
    and `steady` give nanoseconds: since 1970, and since any instant, by a clock that nobody can set.
    """

    def __init__(self, wall: Callable[[], int], steady: Callable[[], int]) -> None:
        self._wall, self._steady = wall, steady
        self._offset = wall() - steady()
        self._stepped: tuple[int, int] | None = None

    def now(self) -> datetime:
        """This instant, UTC."""
        steady = self._steady()
        offset = self._wall() - steady
        if abs(offset - self._offset) < _SLEW:
            self._offset, self._stepped = offset, None
        elif self._stepped is None or abs(offset - self._stepped[0]) >= _SLEW:
            self._stepped = offset, steady
            import structlog  # noqa: PLC0415 -- it takes a sixth of the time of a short verb, and clocks are seldom set

            structlog.get_logger().warning(
                "clock.stepped", seconds=(offset - self._offset) // _SECOND, counts_after=_DOUBT // _SECOND
            )
        elif steady - self._stepped[1] >= _DOUBT:
            self._offset, self._stepped = offset, None
        return _EPOCH + timedelta(microseconds=(steady + self._offset) // 1000)


def _wall_time() -> int:
    """Nanoseconds since 1970 by the machine's clock, which may be set."""
    return time.time_ns()


def _steady_time() -> int:
    """Nanoseconds by a clock that nobody can set; if the machine has such a clock, it also runs during sleep."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class WallClock:
    """The machine's clock, in UTC. All wall clocks of a process show the same time."""

    speed = 1.0
    _machine = SteadyTime(_wall_time, _steady_time)

    def now(self) -> datetime:
        """This instant, UTC."""
        return self._machine.now()

    async def sleep_until(self, at: datetime) -> None:
        """Return when the clock reads `at` or later."""
        while (left := (at - self.now()) / timedelta(seconds=self.speed)) > 0:  # noqa: ASYNC110 -- the sleep is the point
            await asyncio.sleep(min(left, _NAP))


class FastClock(WallClock):
    """A rehearsal's clock: begins at `starts` and runs `speed` times as fast as the wall clock."""

    def __init__(self, starts: datetime, speed: float) -> None:
        self.speed = speed
        self._starts = starts
        self._made = super().now()

    def now(self) -> datetime:
        """This instant in the rehearsed hour, UTC."""
        return self._starts + (super().now() - self._made) * self.speed
