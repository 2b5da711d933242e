"""The shares of an address, or of a whole room, in what may be posted: nobody who already spoke is silenced by others.

A hospital's people share one address, and a hostile one among them can make as many sessions as they like. So once half
of what an address may post is used, each session gets an equal share; and when all is used, those who spoke first still
have a share of their own, and a session that said nothing for a while may say one thing. Pure: time is an argument.
"""

from __future__ import annotations

from collections import Counter, deque

SEAT_KEPT = 3600.0
"""Seconds after their last message in which people keep their share."""


class Shares:
    """The messages of one address, or of one room. `limit` in `window` seconds; `own` is a speaker's share of them.

    So many people can have a share that all shares together are the limit. In all at most three times the limit is
    let through: once for everybody, once for those shares, once for first messages.
    """

    def __init__(self, limit: int, window: float, own: int) -> None:
        self._limit, self._window, self._own = limit, window, own
        self._seats = max(1, limit // own)
        self._spoken: deque[tuple[float, str]] = deque()
        self._count: Counter[str] = Counter()
        self._speakers: dict[str, float] = {}

    def spend(self, session: str, now: float) -> float | None:
        """Count a message that a session wants to post; seconds to wait if it may not, else None."""
        self._forget(now)
        if not self._may(session):
            return max(1.0, self._spoken[0][0] + self._window - now)
        self._spoken.append((now, session))
        self._count[session] += 1
        if session in self._speakers or len(self._speakers) < self._seats:
            self._speakers[session] = now
        return None

    def _may(self, session: str) -> bool:
        used, mine = len(self._spoken), self._count[session]
        if used < self._limit / 2 or (session in self._speakers and mine < self._own):
            return True
        if used < self._limit:
            others = len(self._count) + (mine == 0)
            return mine < max(1, self._limit // others)
        return mine == 0 and used < 2 * self._limit

    def _forget(self, now: float) -> None:
        while self._spoken and self._spoken[0][0] <= now - self._window:
            session = self._spoken.popleft()[1]
            self._count[session] -= 1
            if not self._count[session]:
                del self._count[session]
        for session in [one for one, last in self._speakers.items() if last <= now - SEAT_KEPT]:
            del self._speakers[session]
