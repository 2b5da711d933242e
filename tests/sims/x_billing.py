"""What the pretend X charges and how often it may be asked. Prices of August 2026, in thousandths of a dollar.

Reads cost once a resource and UTC day, as the pricing page promises; writes cost every time. Reading the mentions and
posts of one's own account is an "owned read"; the same post found by search or looked up by id is an ordinary one.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from tests.sims.x_problems import no_credits, too_many

PRICES = {"post": 15, "post with link": 200, "post read": 5, "own read": 1, "user read": 10, "media metadata": 5}
PRICES |= {"media read": 5, "direct message read": 10, "direct message": 15, "content managed": 5}
_ONCE = {
    "post read": "post",
    "own read": "post",
    "user read": "user",
    "media read": "media",
    "direct message read": "direct",
}
"""What is charged once a day, and as what: a post read dearly after it was read cheaply costs nothing more."""

WINDOW = 15 * 60
"""Seconds in which a limit counts."""

LIMITS = {
    "post": 100,
    "delete": 50,
    "hide": 50,
    "mentions": 300,
    "search": 300,
    "posts_of": 900,
    "posts": 900,
    "quotes": 75,
    "users": 900,
    "me": 75,
    "upload": 500,
    "metadata": 500,
    "direct messages": 15,
    "direct messages with": 15,
    "write": 15,
}
"""Requests by one account in a window."""


class Billing:
    """The bill of all accounts together. `credit` is what may be spent, in thousandths; None is without end."""

    def __init__(self, credit: int | None) -> None:
        self.credit = credit
        self.lines: list[dict[str, Any]] = []
        self.spent = 0
        self.spent_without_dedup = 0
        self.reads: dict[str, Counter[str]] = {}
        self._paid: set[tuple[str, str, str]] = set()

    def check(self) -> None:
        if self.credit is not None and self.spent >= self.credit:
            raise no_credits()

    def charge(self, what: str, resource: str, now: float) -> None:
        price = PRICES[what]
        self.spent_without_dedup += price
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        once = (day, _ONCE.get(what, ""), resource)
        if once in self._paid:
            return
        if what in _ONCE:
            self._paid.add(once)
        self.spent += price
        self.lines.append({"what": what, "units": 1, "usd": price / 1000, "resource": resource, "day": day})

    def count(self, where: str, **several: int) -> None:
        self.reads.setdefault(where, Counter()).update(requests=1, **several)

    def truth(self) -> dict[str, Any]:
        return {
            "charges": self.lines,
            "spent_usd": self.spent / 1000,
            "spent_usd_without_dedup": self.spent_without_dedup / 1000,
            "reads": self.reads,
        }


class Limits:
    """Counts requests by account and kind. `told` replaces a limit, or a limit and its window in seconds."""

    def __init__(self, told: dict[str, int | list[float]]) -> None:
        self._limits = {kind: _limit(told.get(kind, usual)) for kind, usual in LIMITS.items()}
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def change(self, told: dict[str, int | list[float]]) -> None:
        """New limits, counted from now."""
        self._limits |= {kind: _limit(one) for kind, one in told.items()}
        self._windows = {key: window for key, window in self._windows.items() if key[1] not in told}

    def take(self, account: str, kind: str) -> dict[str, str]:
        """Count a request and give the headers of its answer."""
        most, seconds = self._limits[kind]
        now = time.time()
        ends, used = self._windows.get((account, kind), (0.0, 0))
        if now >= ends:
            ends, used = now + seconds, 0
        self._windows[account, kind] = (ends, used + 1)
        return {
            "x-rate-limit-limit": str(most),
            "x-rate-limit-remaining": str(max(0, most - used - 1)),
            "x-rate-limit-reset": str(math.ceil(ends)),
        }

    def check(self, account: str, kind: str) -> None:
        """Refuse, if the request that was just counted is one too many."""
        if self._windows[account, kind][1] > self._limits[kind][0]:
            raise too_many()


def _limit(told: int | list[float]) -> tuple[int, float]:
    return (told, WINDOW) if isinstance(told, int) else (int(told[0]), told[1])
