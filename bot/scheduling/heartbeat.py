"""Leaves signs of life in the store, and writes a gap into the event log where there was none for too long.

A gap is time in which nobody listened: after a crash, a restart, or a machine that slept. It only tells, and only of
places that are `deaf` afterwards: what was missed on a platform that can be read again, `bot.listening` reads.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.errors import StoreError
from bot.live.live_chats import LiveChats
from bot.messages import AnyEvent, Gap
from bot.store import chats
from bot.store.database import Database

_ALIVE = "alive"
_PULSE = timedelta(seconds=1)
_IDLE = timedelta(minutes=1)
_MISSED = 10
"""This many pulses without a sign of life are a gap even if the process went on: the machine slept."""

_log = structlog.get_logger()


class Heartbeat:
    """The heartbeat. `run` is its whole life; `open` and `tend` are its two motions."""

    def __init__(
        self,
        *,
        database: Database,
        live_chats: LiveChats,
        store_event: Callable[[AnyEvent], Awaitable[None]],
        clock: Clock,
        deaf: frozenset[str],
    ) -> None:
        self._deaf = deaf
        self._database = database
        self._live_chats = live_chats
        self._store_event = store_event
        self._clock = clock
        self._speed = clock.speed
        self._heartbeat = _PULSE * clock.speed
        self._tended = self._beaten = clock.now()

    async def run(self) -> None:
        """Beat until cancelled. It has its own task: a disk that hangs must not hold up what is due."""
        await self._begin()
        while True:
            await self._clock.sleep_until(self._clock.now() + self._heartbeat)
            try:
                await self.tend(self._clock.now())
            except StoreError as error:
                _log.warning("pulse.store_failed", error=str(error))

    async def _begin(self) -> None:
        while True:
            try:
                await self.open(self._clock.now())
            except StoreError as error:
                _log.warning("pulse.store_failed", error=str(error))
                await self._clock.sleep_until(self._clock.now() + self._heartbeat)
            else:
                return

    async def open(self, now: datetime) -> None:
        """Start again: what lies between the last sign of life and now is a gap."""
        last = await self._database.read(chats.get_fact, _ALIVE)
        if last is not None:
            await self._gap(datetime.fromisoformat(last), now)
        await self._beat(now)

    async def tend(self, now: datetime) -> None:
        """Write a sign of life each time while a chat is open, once a minute otherwise."""
        tended, self._tended = self._tended, now
        if now - tended > _MISSED * self._heartbeat:
            await self._gap(tended, now)
        open_now = any(live.opens <= now + _IDLE and now < live.shuts for live in self._live_chats.by_name.values())
        if open_now or now - self._beaten >= _IDLE * self._speed:
            await self._beat(now)

    async def _beat(self, now: datetime) -> None:
        self._tended = self._beaten = now
        await self._database.write("incoming", chats.set_fact, _ALIVE, now.isoformat())

    async def _gap(self, since: datetime, until: datetime) -> None:
        for live in self._live_chats.by_name.values():
            begin, end = max(since, live.opens), min(until, live.shuts)
            if begin >= end:
                continue
            _log.warning("pulse.gap", chat=live.chat.name, seconds=round((end - begin).total_seconds(), 1))
            for place in self._deaf.intersection(live.places):
                await self._store_event(Gap(place=place, at=until, since=begin, until=end, chat=live.chat.name))
