"""How each place is: connected, down for a while, or lost until somebody puts something right. It also opens them.

Everyone who deals with a place says here what came of it. What is wrong is told once, in plain words: to the log, and
to the store for `convenor status`. Other places go on whatever becomes of one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Operation
from bot.ports.platform import Platform
from bot.store import place_status
from bot.store.database import Database
from bot.store.place_status import Concern, PlaceStatus

_AGAIN = timedelta(minutes=5)
"""A place that could not be opened is tried again after this: what was wrong may have been put right."""

_DOUBT = timedelta(seconds=10)
"""A place that was open and then lost is tried after this: one odd answer must not cost a chat five minutes. But only
once in so long."""

_LONGEST = timedelta(minutes=1)
"""Most time between two tries of a place that is only down."""

_OPENING = 30.0
"""Wall seconds that opening a place may take."""

_log = structlog.get_logger()


class PlaceMonitor:
    """All places. `keep` opens one and opens it again; `noticed` is told how each call went."""

    def __init__(self, database: Database, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self._database = database
        self._platforms = platforms
        self._clock = clock
        now = clock.now()
        self._conditions = {place: PlaceStatus(place=place, state="connecting", since=now) for place in platforms}
        self._written: dict[str, PlaceStatus] = {}
        self._news: list[Concern | str] = []
        self._causes: dict[str, Operation] = {}
        self._unread: set[str] = set()
        self._fell = {place: asyncio.Event() for place in platforms}
        self.changed: Callable[[], None] = lambda: None
        self.returned: Callable[[str, datetime], None] = lambda _place, _since: None

    def available(self, place: str) -> bool:
        """Whether it makes sense to try anything there."""
        return self._conditions[place].state in ("connected", "down")

    def conditions(self) -> Mapping[str, PlaceStatus]:
        """How every place is now."""
        return dict(self._conditions)

    def down_since(self, place: str) -> datetime | None:
        """Since when no post gets through; None where posts do, though nothing may be heard, or where nobody tried."""
        one = self._conditions[place]
        silent = one.state in ("down", "lost") and self._causes.get(place, "send") in ("open", "send")
        return one.since if silent else None

    def wrong(self, place: str) -> str:
        """Why nothing gets through there; empty where it does."""
        return "" if self._conditions[place].state == "connected" else self._conditions[place].reason or "Not yet."

    def noticed(self, place: str, error: PlatformError | None, operation: Operation = "send") -> None:
        """Something there worked, or did not. What did not work has to work again before the place is said to be back.

        An error about a single post says nothing about the place; a reading that is refused for good is told.
        """
        before = self._conditions[place]
        if error is None:
            if operation == "read" and place in self._unread:
                self._unread.discard(place)
                self._news.append(f"{place} read")
            if self._causes.get(place, operation) in (operation, "open"):
                self._causes.pop(place, None)
                self._become(before, "connected", "")
        elif error.lost:
            self._causes[place] = operation
            self._become(before, "lost", str(error))
            self._fell[place].set()
        elif error.permanent and operation == "read":
            self._unread.add(place)
            self.tell(place, "read", str(error))
        elif not error.permanent and before.state != "lost":
            self._causes.setdefault(place, operation)
            self._become(before, "down", str(error))

    def _opened(self, place: str) -> None:
        """It can be tried again. Where something else was refused, that is still to be seen."""
        before = self._conditions[place]
        if self._causes.get(place, "open") == "open":
            self.noticed(place, None, "open")
        elif before.state == "lost":
            self._become(before, "down", before.reason)

    def tell(self, place: str, what: str, text: str, chat: str | None = None) -> None:
        """Tell the host and the operator something about a place, once for each chat and `what`."""
        now = self._clock.now()
        key = f"{place} {what} {chat or ''}".rstrip()
        waiting = [one for one in self._news if key == (one.key if isinstance(one, Concern) else one)]
        if not waiting or waiting[-1] == key:  # not told yet, or over since
            self._news.append(Concern(key=key, at=now, place=place, chat=chat, text=text))
            self.changed()

    async def keep(self, place: str, tried: asyncio.Event) -> None:
        """Open a place, and open it again whenever it was lost, until cancelled. `tried` is set after the first try.

        Raises SetupError where our own machine is at fault.
        """
        platform, tries = self._platforms[place], 0
        opened = self._clock.now() - _AGAIN * self._clock.speed
        while True:
            tries += 1
            try:
                async with asyncio.timeout(_OPENING):
                    await platform.open()
            except PlatformError as error:
                self.noticed(place, error, "open")
                pause = _AGAIN if error.lost else min(timedelta(seconds=2.0 ** min(tries, 10)), _LONGEST)
            except TimeoutError:
                self.noticed(place, PlatformError("It did not answer in time."), "open")
                pause = _LONGEST
            else:
                self._fell[place].clear()
                self._opened(place)
                tried.set()
                again, opened = self._clock.now() - opened < _AGAIN * self._clock.speed, self._clock.now()
                await self._fell[place].wait()
                tries, pause = 0, _AGAIN if again else _DOUBT
            tried.set()
            await self._clock.sleep_until(self._clock.now() + pause * self._clock.speed)
            await platform.close()

    async def tend(self) -> None:
        """Write down what has changed."""
        for place, now in self._conditions.items():
            if self._written.get(place) != now:
                await self._database.write("outgoing", place_status.save_status, now)
                self._written[place] = now
        while self._news:
            match self._news[0]:
                case Concern() as one:
                    if await self._database.write("outgoing", place_status.add_concern, one):
                        _log.warning("presence.concern", place=one.place, chat=one.chat, what=one.text)
                case key:
                    await self._database.write("outgoing", place_status.remove_concern, key)
            self._news.pop(0)

    def _become(self, before: PlaceStatus, state: place_status.State, reason: str) -> None:
        if before.state == state:
            return
        now = self._clock.now()
        since = before.since if {before.state, state} == {"down", "lost"} else now
        self._conditions[before.place] = PlaceStatus(place=before.place, state=state, since=since, reason=reason)
        if state == "lost":
            self.tell(before.place, "lost", reason)
        if state == "connected":
            self._news.append(f"{before.place} lost")  # in the order of what happened: a concern that is over stays so
            if before.state in ("down", "lost"):
                self.returned(before.place, before.since)
        _log.info("presence.changed", place=before.place, state=state)
        self.changed()
