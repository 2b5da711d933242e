"""The retries of a place's readings: when each that failed is tried again. Each source is judged by itself.

It reads nothing: the poller tells it how each reading ended.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.errors import PlatformError
from bot.messages import Value

_LONGEST_PAUSE = 60.0
"""Most seconds between two tries if the platform doesn't say how long to wait."""

_ASKED_PAUSE = 960.0
"""Most seconds that a platform may have us wait: X's limits last a quarter of an hour."""

_LONGEST_REFUSED_PAUSE = 300.0
"""The same for a reading that was refused for good: the operator may fix the cause, and one odd answer proves
little."""

Key = tuple[str, str]
"""A source and its subject."""


class Failure(Value, frozen=True, kw_only=True):
    """The last failure of a reading: how many there were in a row, when it is tried again, and the refusal, if any."""

    count: int
    again: datetime
    refusal: PlatformError | None


class ReadingRetries:
    """The readings of one place that failed. All pauses are in wall seconds."""

    def __init__(self) -> None:
        self._failures: dict[Key, Failure] = {}

    @property
    def due(self) -> dict[Key, datetime]:
        """When each is to be tried again."""
        return {key: one.again for key, one in self._failures.items()}

    @property
    def works(self) -> bool:
        """Whether nothing fails that may work again by itself: one source that works says nothing of another."""
        return all(one.refusal for one in self._failures.values())

    @property
    def refusal(self) -> PlatformError | None:
        """Why one of the readings is refused for good, as long as it is."""
        return next((one.refusal for one in self._failures.values() if one.refusal), None)

    def failed(self, key: Key, error: PlatformError, now: datetime, speed: float) -> float:
        """Note a failure. Returns the pause: what the platform says within bounds, else twice as long each time."""
        count = min(self._failures[key].count + 1, 10) if key in self._failures else 1
        # a lost place is opened again first, and may be back long before
        refusal = error if error.permanent and not error.lost else None
        pause = min(2.0**count, _LONGEST_REFUSED_PAUSE if refusal else _LONGEST_PAUSE)
        if error.retry_after is not None:
            pause = min(error.retry_after, _ASKED_PAUSE)
        self._failures[key] = Failure(count=count, again=now + timedelta(seconds=pause) * speed, refusal=refusal)
        return pause

    def worked(self, key: Key) -> None:
        """Note that a reading worked."""
        self._failures.pop(key, None)

    def keep(self, subjects: Collection[str]) -> None:
        """Forget the readings for other subjects: nobody reads them any more."""
        self._failures = {key: one for key, one in self._failures.items() if not key[1] or key[1] in subjects}
