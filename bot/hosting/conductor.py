"""The hour as a whole: each time the alarm rings, asks what is due now and lets each room do its part.

Everything it knows is in the store, so starting again is nothing special. It names no platform and decides nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.errors import StoreError
from bot.hosting.agenda import Agenda
from bot.hosting.alarm import Alarm
from bot.hosting.outbox import Outbox
from bot.hosting.pulse import Pulse
from bot.listening.bell import Bell
from bot.listening.floors import Floors
from bot.port import Clock
from bot.store import outgoing
from bot.store.database import Database

_SHORTEST = timedelta(milliseconds=100)
"""Least time to the next alarm: a row that stays overdue must not make us spin. The net rings each second anyway."""

_log = structlog.get_logger()


class Conductor:
    """Leads every chat on every place."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        pulse: Pulse,
        floors: Floors,
        bell: Bell,
    ) -> None:
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._outbox = outbox
        self._pulse = pulse
        self._floors = floors
        self._bell = bell
        self._alarm = Alarm(clock)
        self._changed = False
        self._states: dict[str, tuple[bool, bool]] = {}

    def look_again(self) -> None:
        """The chat files may have changed."""
        self._changed = True
        self._alarm.bell.set()

    async def run(self) -> None:
        """Lead until cancelled."""
        self._alarm.start()
        self._alarm.bell.set()
        try:
            await self._pulse.open(self._clock.now())
            while True:
                await self._alarm.bell.wait()
                self._alarm.bell.clear()
                await self._turn()
        finally:
            self._alarm.stop()

    async def _turn(self) -> None:
        """One turn; a store that fails now is asked again at the next."""
        try:
            await self.tend(self._clock.now())
        except StoreError as error:
            _log.warning("conductor.store_failed", error=str(error))

    async def tend(self, now: datetime) -> None:
        """Do all that is to be done at `now`. Asking twice does no more than asking once."""
        if self._changed:
            self._changed = False
            await self._agenda.sync(now)
        for post in await self._database.write("outward", outgoing.expire, now):
            _log.warning("conductor.too_late", chat=post.chat, key=post.key, place=post.place)
        await self._agenda.catch_up(now)
        at = await self._outbox.tend(now)
        if at is not None:
            self._alarm.set(max(at, now + _SHORTEST * self._clock.speed))
        await self._pulse.tend(now)
        self._announce(now)

    def _announce(self, now: datetime) -> None:
        """Ring for chats that have begun or ended since we last looked."""
        for name, hall in self._floors.halls.items():
            state = (now >= hall.chat.starts, now >= hall.ends)
            if self._states.get(name) != state:
                self._states[name] = state
                self._bell.ring(name, "state")
