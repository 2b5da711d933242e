"""A log line that comes again and again is written once a minute, and says how often it came."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from adapters.kit.summed_log import SummedLog


def test_nothing_that_came_is_lost_from_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("adapters.kit.summed_log.time.monotonic", lambda: now)
    summed = SummedLog("room.wrong_link")
    with capture_logs() as logged:
        for second in range(121):
            now = float(second)
            summed.warn()
            summed.warn()
    assert [one["times"] for one in logged] == [1, 120, 120]
