"""Rate limits for each session and each network address. A refusal says when to try again; nobody is blocked for good.

The counts are in memory, in moving windows of wall time. The `limits` library keeps them.
"""

from __future__ import annotations

import math

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from adapters.room.network_address import address
from bot.clock import Clock

_BAD_LINKS = "20/minute"
"""How many private links that don't work an address may try."""


class TooManyRequests(Exception):  # noqa: N818 - an outcome, not a failure
    """A limit was reached. `seconds` until the next try, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Wait {seconds} seconds.")
        self.seconds = seconds


class RateLimits:
    """Counts what sessions and addresses do. The limits read "12/minute"."""

    def __init__(self, per_person: str, per_address: str, clock: Clock) -> None:
        self._clock = clock
        self._per_session, self._per_address = parse(per_person), parse(per_address)
        self._bad_links = parse(_BAD_LINKS)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def count_post(self, session: str, request: Request) -> None:
        """Count one message that is posted or edited. Raises TooManyRequests."""
        await self._count(self._per_session, "person", session)
        await self._count(self._per_address, "address", address(request))

    async def count_join(self, request: Request) -> None:
        """Count one user who joins. Raises TooManyRequests."""
        await self._count(self._per_address, "join", address(request))

    async def count_bad_link(self, request: Request) -> None:
        """Count one private link that doesn't work. Raises TooManyRequests."""
        await self._count(self._bad_links, "link", address(request))

    async def _count(self, limit: RateLimitItem, kind: str, key: str) -> None:
        if not await self._limiter.hit(limit, kind, key):
            until, _ = await self._limiter.get_window_stats(limit, kind, key)
            # a rehearsal's clock is in another year; then the wait is the whole window
            left = math.ceil(until - self._clock.now().timestamp())
            raise TooManyRequests(max(1, min(left, limit.get_expiry())))
