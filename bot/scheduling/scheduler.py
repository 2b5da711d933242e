"""The scheduler: whenever its timer wakes it, it asks the database what is due and lets each part do its work.

The timer is APScheduler, which no other module knows. A job carries no meaning: it only sets an event, so a late, lost
or doubled job changes nothing, and a restart is nothing special. The scheduler names no platform.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.errors import StoreError
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.scheduling.outage_notices import OutageNotices
from bot.scheduling.outbox import Outbox
from bot.scheduling.place_monitor import PlaceMonitor
from bot.scheduling.plan_sync import PlanSync

_POLL = 1.0
"""Wall seconds between two ticks if nothing is due: the safety net."""

_log = structlog.get_logger()


class Timer:
    """Sets the event `due` at an instant, and once a second in any case."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True},
            executors={"default": DebugExecutor()},  # at once, in the loop: no task that a stop could cancel and lament
        )
        self.due = asyncio.Event()

    def start(self) -> None:
        """Start polling."""
        self._scheduler.add_job(self.due.set, "interval", seconds=_POLL, id="poll")
        self._scheduler.start()

    def set(self, at: datetime) -> None:
        """Fire at `at` by our clock, instead of what was set before."""
        wall = datetime.now(UTC) + max(at - self._clock.now(), timedelta(0)) / self._clock.speed
        self._scheduler.add_job(self.due.set, "date", run_date=wall, id="next", replace_existing=True)

    def stop(self) -> None:
        """Fire no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def wait(self) -> None:
        """Until it is due. APScheduler sleeps by the time of day: where that is set back, this does not wait for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(2 * _POLL):
                await self.due.wait()
        self.due.clear()


class Turns(NamedTuple):
    """How many turns the scheduler has made, and the wall seconds that they took together."""

    number: int = 0
    seconds: float = 0.0

    def with_one_more(self, seconds: float) -> Turns:
        """The same after a turn that took so long."""
        return Turns(self.number + 1, self.seconds + seconds)


class Scheduler:
    """Runs every chat on every place. `lock` is held during a tick: no plan changes while posts are being claimed.

    `on_duty` says whether this process changes plans; posts are sent by each.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        plan_sync: PlanSync,
        outbox: Outbox,
        monitor: PlaceMonitor,
        outage_notices: OutageNotices,
        live_chats: LiveChats,
        notifications: Notifications,
    ) -> None:
        self._clock = clock
        self._plan_sync = plan_sync
        self._outbox = outbox
        self._monitor = monitor
        self._outage_notices = outage_notices
        self._live_chats = live_chats
        self._notifications = notifications
        self.lock = plan_sync.lock
        self._timer = Timer(clock)
        self._files_changed = asyncio.Event()
        self._not_planned = False
        self._stopping = False
        self._turned = time.monotonic()
        self.turns = Turns()
        self.on_duty: Callable[[], bool] = lambda: True
        self._phases: dict[str, tuple[bool, bool]] = {}

    @property
    def is_planned(self) -> bool:
        """Whether the chat files were read that may have something to post within the hour, or all."""
        return not self._plan_sync.files.pressing

    @property
    def reading(self) -> str:
        """How many chat files are still to be read, in words; empty if none is."""
        return self._plan_sync.files.reading.told

    def idle_for(self) -> float:
        """How many seconds ago the last turn ended in which everything could be done."""
        return time.monotonic() - self._turned

    def reload(self) -> None:
        """Have the chat files read, at once but beside the ticks."""
        self._files_changed.set()

    def wake(self) -> None:
        """Tick at once: something may have become due."""
        self._timer.due.set()

    def stop(self) -> None:
        """Finish the tick under way and then stop: a tick that is cancelled would leave claims that nobody knows of."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Tick until `stop` is called."""
        self._timer.start()
        self.wake()
        try:
            while True:
                await self._timer.wait()
                if self._stopping:
                    return
                await self._try_tick()
        finally:
            self._timer.stop()

    async def follow_files(self) -> None:
        """Read the chat files whenever `reload` was called, until cancelled. What fails is retried a second later."""
        while True:
            await self._files_changed.wait()
            try:
                await self.sync_files()
            except (StoreError, OSError) as error:
                _log.warning("scheduler.files_not_read", error=type(error).__name__)
                self._files_changed.set()
                await asyncio.sleep(_POLL)

    async def sync_files(self) -> None:
        """Read and plan new and changed chat files, if `reload` was called. A call meanwhile counts as well."""
        while self._files_changed.is_set():
            self._files_changed.clear()
            self._not_planned = not self.on_duty()
            sync = self._plan_sync.read_files() if self._not_planned else self._plan_sync.sync(self._clock.now())
            if await sync:
                self._files_changed.set()
            self.wake()

    async def _try_tick(self) -> None:
        """Tick; what can't be read or written now is retried at the next tick."""
        begun = time.monotonic()
        try:
            async with self.lock:
                await self.tick(self._clock.now())
            self._turned = time.monotonic()
            self.turns = self.turns.with_one_more(self._turned - begun)
        except (StoreError, OSError) as error:
            _log.warning("scheduler.tick_failed", error=type(error).__name__)

    async def tick(self, now: datetime) -> None:
        """Do everything that is due at `now`. It is idempotent."""
        if self.on_duty():
            if self._not_planned:  # the duty may have lapsed for a moment only, and no other process had it meanwhile
                self.reload()
            await self._plan_sync.catch_up(now)
        await self._monitor.save_changes()
        await self._outage_notices.plan_notices(now)
        at = await self._outbox.claim_due(now)
        if at is not None and at > now:
            self._timer.set(at)
        self._notify_phases(now)

    def _notify_phases(self, now: datetime) -> None:
        """Notify the readers of chats that have begun or ended since the last tick."""
        phases = {live.chat.name: (now >= live.chat.starts, now >= live.ends) for live in self._live_chats.near(now)}
        for name, phase in phases.items():
            if self._phases.get(name) != phase:
                self._notifications.notify(name, "state")
        self._phases = phases
