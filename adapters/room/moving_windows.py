"""Moving windows: how often each caller did something lately. In memory; time is an argument.

The `limits` library reads the limits. Its own windows clear all callers' counts after each one that is counted, with a
change of thread for each: with 200 people that took longer than everything else about a post.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable

from limits import RateLimitItem

from adapters.kit.bounded import RecentMap


class MovingWindows:
    """The windows of at most `most` callers, those who came last."""

    def __init__(self, most: int) -> None:
        self._times: RecentMap[Hashable, deque[float]] = RecentMap(most)

    def spend(self, limit: RateLimitItem, caller: Hashable, now: float) -> float | None:
        """Count one more of a caller, unless that is over the limit; then the seconds to wait, else None."""
        times = self._times.pop(caller, None) or deque[float]()
        self._times[caller] = times  # so that it is the newest
        window = limit.get_expiry()
        while times and times[0] <= now - window:
            times.popleft()
        if len(times) >= limit.amount:
            return times[0] + window - now
        times.append(now)
        return None
