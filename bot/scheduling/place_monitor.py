"""The place monitor opens each place and keeps its status: connected, posting without hearing, down, or lost.

Every call's result is recorded here, by operation: posting and hearing fail and recover separately. A problem becomes
one concern in plain words, in the log and in the database for `convenor status`. Places are independent of each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot import private_notices
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import Operation
from bot.ports.platform import Platform
from bot.store import place_status, planned_posts
from bot.store.database import Database
from bot.store.place_status import Concern, PlaceStatus
from bot.store.planned_posts import PlannedPost

_FIRST_REOPEN_PAUSE, _LONGEST_REOPEN_PAUSE = 10.0, 300.0
"""Seconds before a lost place is opened again: doubled from the one to the other while nothing works there.

One odd answer must not cost a chat five minutes; and a person may have fixed the problem at any time.
"""

_MAX_PAUSE = 60.0
"""The most seconds between two attempts to open a place that is only down."""

_TOLD: Mapping[Operation, Callable[[str, str], str]] = {
    "send": private_notices.posts_wait,
    "read": private_notices.answers_wait,
}
"""Operations whose failure is a concern at once, and how it is told."""

_OPEN_TIMEOUT = 30.0
"""Wall seconds."""

_log = structlog.get_logger()


class PlaceMonitor:
    """The status of all places.

    `on_changed` is called after any change, `on_recovered` with a place that is back and when its outage began and
    ended, `on_concern` with the chat of a new concern. `concern_notices` gives the private posts that tell of one.
    `looks_after` says whether this process listens there, and so saves its status and tells of its outages; each saves
    its own concerns.
    """

    def __init__(self, database: Database, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self._database = database
        self._platforms = platforms
        self._clock = clock
        now = clock.now()
        self._statuses = {place: PlaceStatus(place=place, state="connecting", since=now) for place in platforms}
        self._saved: dict[str, PlaceStatus] = {}
        self._unsaved_concerns: list[Concern | str] = []
        self._failures: dict[str, dict[Operation, PlatformError]] = {place: {} for place in platforms}
        self._told: dict[tuple[str, Operation], bool] = {}
        self._losses = dict.fromkeys(platforms, 0)
        self._lost = {place: asyncio.Event() for place in platforms}
        self._allowed: set[str] = set()
        self._hurry = {place: asyncio.Event() for place in platforms}
        self.looks_after: Callable[[str], bool] = lambda _place: True
        self.on_changed: Callable[[], None] = lambda: None
        self.on_concern: Callable[[str], None] = lambda _chat: None
        self.concern_notices: Callable[[Connection, Concern], Iterable[PlannedPost]] = lambda _connection, _concern: ()
        self.on_recovered: Callable[[str, datetime, datetime], None] = lambda _place, _since, _until: None

    def available(self, place: str) -> bool:
        """Whether calls to the place make sense."""
        return self._statuses[place].state in ("connected", "posting", "down")

    def statuses(self) -> Mapping[str, PlaceStatus]:
        """The status of every place."""
        return dict(self._statuses)

    def down_since(self, place: str) -> datetime | None:
        """The start of an outage in which no post gets through; None if there is none, or only hearing fails."""
        one = self._statuses[place]
        return one.since if one.state in ("down", "lost") else None

    def record_result(self, place: str, error: PlatformError | None, operation: Operation = "send") -> None:
        """Record that a call worked (`error` None) or failed. Only the operation that failed clears its error again.

        A permanent error about a single post says nothing about the place; one about a reading is a concern, while
        other readings work. Other errors of posting and reading become a concern, which ends when the operation works
        again.
        """
        failures = self._failures[place]
        if error is None:
            self._end_concern(place, operation)
            failures.pop(operation, None)
            failures.pop("open", None)
        elif error.lost:
            failures[operation] = error
            self._lost[place].set()
        elif error.permanent:
            if operation != "read":
                return
            self._begin_concern(place, operation, str(error))
            failures.pop(operation, None)
        elif operation not in failures or not failures[operation].lost:
            failures[operation] = error
            if tell := _TOLD.get(operation):
                called = self._platforms[place].traits.called or place
                self._begin_concern(place, operation, tell(called, str(error)))
        self._set_state(self._statuses[place], *_judged(failures))

    def _begin_concern(self, place: str, operation: Operation, text: str) -> None:
        if not self._told.get((place, operation)):
            self._told[place, operation] = True
            self.raise_concern(place, operation, text)

    def _end_concern(self, place: str, operation: Operation) -> None:
        """End the concern that this operation fails, even one of an earlier process."""
        if operation in _TOLD and self._told.get((place, operation), True):
            self._told[place, operation] = False
            self._unsaved_concerns.append(f"{place} {operation}")

    def listens_anew(self, place: str) -> None:
        """Note that this process now listens there, after another one: earlier failures to hear no longer count."""
        for operation in ("hear", "read"):
            self._failures[place].pop(operation, None)
        self._set_state(self._statuses[place], *_judged(self._failures[place]))
        self._saved.pop(place, None)

    def is_heard(self, place: str) -> bool:
        """Whether the place can be listened to from here, unless it needs a person: then it is the same for others."""
        return self._statuses[place].state not in ("down", "posting")

    def want(self, place: str) -> None:
        """Try to open a closed place now: a post there is due."""
        self._hurry[place].set()

    def allowed(self, place: str) -> None:
        """Note that the platform allows posts again: a place that was lost or down is opened again at once."""
        if self._statuses[place].state == "lost" or "open" in self._failures[place]:
            self._allowed.add(place)
            self._hurry[place].set()

    def _opened(self, place: str, *, allowed: bool) -> None:
        """Record that the place is open. If another operation had failed, it stays so until that works.

        `allowed`: a look has shown that posts are allowed again.
        """
        failures = self._failures[place]
        if allowed:
            failures.pop("send", None)
        failures.update({one: PlatformError(str(error)) for one, error in failures.items() if error.lost})
        self.record_result(place, None, "open")

    def raise_concern(self, place: str, what: str, text: str, chat: str | None = None) -> None:
        """Add a concern about a place for host and operator, once for each chat and `what`."""
        now = self._clock.now()
        key = f"{place} {what} {chat or ''}".rstrip()
        unsaved = [one for one in self._unsaved_concerns if key == (one.key if isinstance(one, Concern) else one)]
        if not unsaved or unsaved[-1] == key:  # new, or over since
            self._unsaved_concerns.append(Concern(key=key, at=now, place=place, chat=chat, text=text))
            self.on_changed()

    def settle_concern(self, place: str, what: str, chat: str | None = None) -> None:
        """Remove a concern that is over, about a whole place or a chat; if it comes again, it counts as new."""
        self._unsaved_concerns.append(f"{place} {what} {chat or ''}".rstrip())
        self.on_changed()

    async def keep_open(self, place: str, tried: asyncio.Event) -> None:
        """Open a place, and again whenever it was lost, until cancelled. `tried` is set after the first attempt.

        Raises SetupError if the fault is on this machine.
        """
        platform, tries = self._platforms[place], 0
        while True:
            tries += 1
            allowed = place in self._allowed
            self._allowed.discard(place)
            self._hurry[place].clear()
            try:
                async with asyncio.timeout(_OPEN_TIMEOUT):
                    await platform.open()
            except PlatformError as error:
                error.lost |= error.permanent  # a person has to do something before it lets us in
                self.record_result(place, error, "open")
                pause = self._reopen_pause(place) if error.lost else min(2.0 ** min(tries, 10), _MAX_PAUSE)
            except TimeoutError:
                self.record_result(place, PlatformError("It did not answer in time."), "open")
                pause = _MAX_PAUSE
            else:
                self._lost[place].clear()
                self._opened(place, allowed=allowed)
                tried.set()
                await self._lost[place].wait()
                tries, pause = 0, self._reopen_pause(place)
            tried.set()
            await self._pause(place, timedelta(seconds=pause))
            await platform.close()

    def _reopen_pause(self, place: str) -> float:
        """Seconds before a lost place is opened again."""
        self._losses[place] += 1
        return min(_FIRST_REOPEN_PAUSE * 2.0 ** min(self._losses[place] - 1, 10), _LONGEST_REOPEN_PAUSE)

    async def _pause(self, place: str, pause: timedelta) -> None:
        """Wait before a place is opened again: for so long, or until it is wanted or allowed."""
        until = self._clock.now() + pause * self._clock.speed
        waiting = {
            asyncio.create_task(self._clock.sleep_until(until)),
            asyncio.create_task(self._hurry[place].wait()),
        }
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    async def save_changes(self) -> None:
        """Save changed statuses and concerns."""
        statuses = ((place, now) for place, now in self._statuses.items() if self.looks_after(place))
        if changed := {place: now for place, now in statuses if self._saved.get(place) != now}:
            await self._database.write("outgoing", place_status.save_statuses, list(changed.values()))
            self._saved |= changed
        while self._unsaved_concerns:
            match self._unsaved_concerns[0]:
                case Concern() as one:
                    if await self._database.write("outgoing", self._add_concern, one):
                        _log.warning("place_status.concern", place=one.place, chat=one.chat, what=one.text)
                        self.on_concern(one.chat or "")
                case key:
                    await self._database.write("outgoing", place_status.remove_concern, key)
            self._unsaved_concerns.pop(0)

    def _add_concern(self, connection: Connection, one: Concern) -> bool:
        """Store a concern, and plan the notices of a new one. Returns whether it is new."""
        new = place_status.add_concern(connection, one)
        if new:
            planned_posts.save_plan(connection, self.concern_notices(connection, one))
        return new

    def _set_state(self, before: PlaceStatus, state: place_status.State, reason: str) -> None:
        if before.state == state:
            if before.reason != reason:
                self._statuses[before.place] = msgspec.structs.replace(before, reason=reason)
                self.on_changed()
            return
        now = self._clock.now()
        since = before.since if {before.state, state} == {"down", "lost"} else now
        self._statuses[before.place] = PlaceStatus(place=before.place, state=state, since=since, reason=reason)
        if state == "lost":
            self.raise_concern(before.place, "lost", reason)
        if state == "connected":
            self._losses[before.place] = 0
        if state in ("connected", "posting"):
            self._unsaved_concerns.append(f"{before.place} lost")  # in order: a concern that is over stays over
        if before.state in ("down", "lost") and state not in ("down", "lost"):
            self.on_recovered(before.place, before.since, now)
        _log.info("place_status.changed", place=before.place, state=state)
        self.on_changed()


def _judged(failures: Mapping[Operation, PlatformError]) -> tuple[place_status.State, str]:
    """The state of a place, and the reason, from the operations that fail there. A failure to post counts most."""
    if lost := [error for error in failures.values() if error.lost]:
        return "lost", str(lost[0])
    if posting := [failures[one] for one in ("open", "send") if one in failures]:
        return "down", str(posting[0])
    hearing = [*failures.values()]
    return ("posting", str(hearing[0])) if hearing else ("connected", "")
