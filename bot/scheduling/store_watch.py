"""The store watch tells of a store that takes or gives nothing: in the log at once, for `status` once it is back."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.scheduling.place_monitor import PlaceMonitor
from bot.store.database import Database

_INTERVAL = timedelta(seconds=1)

_REPEAT = timedelta(minutes=1)
"""How often a trouble that goes on is told again in the log."""

_WORTH_TELLING = timedelta(seconds=2)
"""A shorter trouble is in the log only. It counts from when it was noticed, after some seconds of silence."""

_PLACE = "store"
"""The place of these concerns."""

_log = structlog.get_logger()


class StoreWatch:
    """Watches the store from outside: it asks the database object only, never the database."""

    def __init__(self, database: Database, monitor: PlaceMonitor, clock: Clock) -> None:
        self._database = database
        self._monitor = monitor
        self._clock = clock
        self._since: datetime | None = None
        self._told = clock.now()
        self._text = ""

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now() + _INTERVAL * self._clock.speed)
            self.look(self._clock.now())

    def look(self, now: datetime) -> None:
        """Tell what has changed."""
        text = self._database.trouble()
        if text is None:
            if self._since is not None:
                self._over(self._since, now)
        elif self._since is None or now - self._told >= _REPEAT * self._clock.speed:
            self._since, self._told = self._since or now, now
            self._text = text
            _log.error("store.trouble", what=text, since=self._since.isoformat())

    def _over(self, since: datetime, now: datetime) -> None:
        self._since = None
        _log.warning("store.back", seconds=round((now - since).total_seconds(), 1))
        if now - since >= _WORTH_TELLING * self._clock.speed:
            told = _was_silent(since, now, self._text)
            self._monitor.raise_concern(_PLACE, f"{since:%Y-%m-%dT%H:%M:%S}", told)


def _was_silent(since: datetime, until: datetime, reason: str) -> str:
    """The notice to the operator that the store took nothing for a while. Times are in UTC."""
    when = f"from {since:%H:%M:%S} to {until:%H:%M:%S} UTC"
    return f"The store took nothing {when}: posts may have come late, and people were asked to send again. {reason}"
