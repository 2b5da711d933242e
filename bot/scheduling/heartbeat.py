"""The heartbeat: saves the time regularly, and stores a gap in the event log when it was not saved for too long.

A gap is time in which the bot did not listen: after a crash, a restart, or while the machine slept. It is stored only
for places that can't be read again afterwards; of all others `bot.listening` reads what was missed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.errors import StoreError
from bot.live.live_chats import LiveChats
from bot.messages import AnyEvent, Gap
from bot.store import chats, leases
from bot.store.database import Database

_INTERVAL = timedelta(seconds=1)
_IDLE_INTERVAL = timedelta(seconds=5)
"""The interval when no chat is open: `convenor status` tells by it that no bot is running."""
_BEFORE_OPENING = timedelta(minutes=1)
_MISSED_BEATS = 10
"""After this many missed heartbeats there is a gap even if the process went on: the machine slept."""

_log = structlog.get_logger()


class Heartbeat:
    """The heartbeat. `run` calls `start` once and then `tick`. `unreadable` are places that can't be read again."""

    def __init__(
        self,
        *,
        database: Database,
        live_chats: LiveChats,
        store_event: Callable[[AnyEvent], Awaitable[None]],
        clock: Clock,
        unreadable: frozenset[str],
    ) -> None:
        self._unreadable = unreadable
        self._database = database
        self._live_chats = live_chats
        self._store_event = store_event
        self._clock = clock
        self._speed = clock.speed
        self._interval = _INTERVAL * clock.speed
        self._last_tick = self._last_saved = clock.now()

    async def run(self) -> None:
        """Run until cancelled. It needs a task of its own: a disk that hangs must not delay posts that are due."""
        await self._start_until_stored()
        while True:
            await self._clock.sleep_until(self._clock.now() + self._interval)
            try:
                await self.tick(self._clock.now())
            except StoreError as error:
                _log.warning("heartbeat.store_failed", error=str(error))

    async def _start_until_stored(self) -> None:
        while True:
            try:
                await self.start(self._clock.now())
            except StoreError as error:
                _log.warning("heartbeat.store_failed", error=str(error))
                await self._clock.sleep_until(self._clock.now() + self._interval)
            else:
                return

    async def start(self, now: datetime) -> None:
        """Store the time between the last saved heartbeat and `now` as a gap, unless another process was there."""
        last = await self._database.read(chats.get_fact, chats.ALIVE)
        alone = not self._database.is_shared or not await self._database.read(
            leases.others_alive, self._database.process
        )
        if last is not None and alone:
            await self._store_gap(datetime.fromisoformat(last), now)
        await self._save(now)

    async def stop(self) -> None:
        """Save that the bot was stopped, and has not vanished; if the store takes it."""
        with suppress(StoreError):
            await self._database.write("pulse", chats.set_fact, chats.STOPPED, self._clock.now().isoformat())

    async def tick(self, now: datetime) -> None:
        """Save a heartbeat: at every tick while a chat is open, else every five seconds."""
        last, self._last_tick = self._last_tick, now
        if now - last > _MISSED_BEATS * self._interval:
            await self._store_gap(last, now)
        open_now = any(live.opens <= now + _BEFORE_OPENING and now < live.shuts for live in self._live_chats.near(now))
        if open_now or now - self._last_saved >= _IDLE_INTERVAL * self._speed:
            await self._save(now)

    async def _save(self, now: datetime) -> None:
        self._last_tick = self._last_saved = now
        await self._database.write("pulse", chats.set_fact, chats.ALIVE, now.isoformat())

    async def _store_gap(self, since: datetime, until: datetime) -> None:
        for live in self._live_chats.by_name.values():
            begin, end = max(since, live.opens), min(until, live.shuts)
            if begin >= end:
                continue
            _log.warning("heartbeat.gap", chat=live.chat.name, seconds=round((end - begin).total_seconds(), 1))
            for place in self._unreadable.intersection(live.places):
                await self._store_event(Gap(place=place, at=until, since=begin, until=end, chat=live.chat.name))
