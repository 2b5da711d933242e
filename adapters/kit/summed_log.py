"""A log line that may be wanted thousands of times: written at once the first time, then once a minute with `times`."""

from __future__ import annotations

import time

import structlog

_SUMMED_FOR = 60.0
"""Seconds."""

_log = structlog.get_logger()


class SummedLog:
    """Writes one event as a warning. What came since the last line is told with the next."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._told, self._times = float("-inf"), 0

    def warn(self, **fields: str) -> None:
        """Count the event, and write it if it was not written lately; `fields` are those of the last one."""
        self._times += 1
        now = time.monotonic()
        if now - self._told >= _SUMMED_FOR:
            _log.warning(self._event, times=self._times, **fields)
            self._told, self._times = now, 0
