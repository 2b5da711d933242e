"""Counts the parts of payloads that are not as the platform publishes them. They are left out, and logged."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock

_log = structlog.get_logger()

_INTERVAL = timedelta(minutes=5)
"""The shortest time between two lines about one part."""


class OddParts:
    """The odd parts on one place. The log has the name of a part and how often it came, never its value."""

    def __init__(self, place: str, clock: Clock) -> None:
        self._place, self._clock = place, clock
        self._counts: Counter[str] = Counter()
        self._logged: dict[str, datetime] = {}

    def note(self, name: str) -> None:
        """Count a part. The first is logged at once, later ones together."""
        self._counts[name] += 1
        now = self._clock.now()
        if name not in self._logged or now - self._logged[name] >= _INTERVAL:
            self._logged[name] = now
            self._tell(name)

    def close(self) -> None:
        """Log what was counted since."""
        for name in list(self._counts):
            self._tell(name)

    def _tell(self, name: str) -> None:
        if count := self._counts.pop(name, 0):
            _log.warning("payload.odd_part", place=self._place, part=name, count=count)
