"""The hour as a whole: each time the alarm rings, asks what is due now and lets each room do its part.

Everything it knows is in the store, so starting again is nothing special. It names no platform and decides nothing.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.errors import StoreError
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.scheduling.alarm import Alarm
from bot.scheduling.outage_notices import OutageNotices
from bot.scheduling.outbox import Outbox
from bot.scheduling.place_monitor import PlaceMonitor
from bot.scheduling.plan_sync import PlanSync
from bot.store import outbox as outbox_rows
from bot.store.database import Database

_log = structlog.get_logger()


class Scheduler:
    """Leads every chat on every place. `still` is held for a turn: no plan changes while posts are being claimed."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        plan_sync: PlanSync,
        outbox: Outbox,
        monitor: PlaceMonitor,
        outage_notices: OutageNotices,
        live_chats: LiveChats,
        notifications: Notifications,
    ) -> None:
        self._database = database
        self._clock = clock
        self._plan_sync = plan_sync
        self._outbox = outbox
        self._monitor = monitor
        self._outage_notices = outage_notices
        self._live_chats = live_chats
        self._notifications = notifications
        self.still = asyncio.Lock()
        self._alarm = Alarm(clock)
        self._changed = False
        self._ending = False
        self._states: dict[str, tuple[bool, bool]] = {}

    def look_again(self) -> None:
        """The chat files may have changed."""
        self._changed = True
        self.ring()

    def ring(self) -> None:
        """Something may be due that was not before."""
        self._alarm.notifications.set()

    def end(self) -> None:
        """Finish the turn under way and then stop: a turn that is cut off would leave claims that nobody knows of."""
        self._ending = True
        self.ring()

    async def run(self) -> None:
        """Lead until `end`."""
        self._alarm.start()
        self.ring()
        try:
            while True:
                await self._alarm.notifications.wait()
                self._alarm.notifications.clear()
                if self._ending:
                    return
                await self._turn()
        finally:
            self._alarm.stop()

    async def _turn(self) -> None:
        """One turn; what cannot be read or written now is tried again at the next."""
        try:
            async with self.still:
                await self.tend(self._clock.now())
        except (StoreError, OSError) as error:
            _log.warning("conductor.turn_failed", error=type(error).__name__)

    async def tend(self, now: datetime) -> None:
        """Do all that is to be done at `now`. Asking twice does no more than asking once."""
        if self._changed:
            await self._plan_sync.sync(now)
            self._changed = False
        for post in await self._database.write("outgoing", outbox_rows.skip_expired, now):
            _log.warning("conductor.too_late", chat=post.chat, key=post.key, place=post.place)
        await self._plan_sync.catch_up(now)
        await self._monitor.tend()
        await self._outage_notices.tend(now)
        at = await self._outbox.tend(now)
        if at is not None and at > now:
            self._alarm.set(at)
        self._announce(now)

    def _announce(self, now: datetime) -> None:
        """Ring for chats that have begun or ended since we last looked."""
        for name, live in self._live_chats.by_name.items():
            state = (now >= live.chat.starts, now >= live.ends)
            if self._states.get(name) != state:
                self._states[name] = state
                self._notifications.ring(name, "state")
