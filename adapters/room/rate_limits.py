"""How fast one person or one address may post. A refusal says when to go on; nobody is blocked for good.

Counts are kept in memory and fall away when their window has passed. The limits library measures in wall time.
"""

from __future__ import annotations

import ipaddress
import math

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from bot.clock import Clock

_KNOCKS = "20/minute"
"""How often an address may try links that are good for nothing."""

_HOME = 64
"""Bits of an IPv6 address that tell one household from another (RFC 6177)."""


class TooFast(Exception):  # noqa: N818 - a verdict
    """Too fast. `seconds` until they may go on, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Wait {seconds} seconds.")
        self.seconds = seconds


class RateLimits:
    """Moving windows, as "12/minute", for people and for addresses."""

    def __init__(self, per_person: str, per_address: str, clock: Clock) -> None:
        self._clock = clock
        self._person, self._address = parse(per_person), parse(per_address)
        self._knocks = parse(_KNOCKS)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    async def post(self, person: str, request: Request) -> None:
        """Count one thing said, changed or taken back. Raises Hurried."""
        await self._count(self._person, "person", person)
        await self._count(self._address, "address", address(request))

    async def join(self, request: Request) -> None:
        """Count one joining. Raises Hurried."""
        await self._count(self._address, "join", address(request))

    async def knock(self, request: Request) -> None:
        """See whether an address may try another link. Counts nothing. Raises Hurried."""
        if not await self._windows.test(self._knocks, "knock", address(request)):
            raise TooFast(self._knocks.get_expiry())

    async def failed(self, request: Request) -> None:
        """Count one link that was good for nothing."""
        await self._windows.hit(self._knocks, "knock", address(request))

    async def _count(self, limit: RateLimitItem, kind: str, who: str) -> None:
        if not await self._windows.hit(limit, kind, who):
            until, _ = await self._windows.get_window_stats(limit, kind, who)
            # a rehearsal's clock is in another year; the window is then the answer
            left = math.ceil(until - self._clock.now().timestamp())
            raise TooFast(max(1, min(left, limit.get_expiry())))


def address(request: Request) -> str:
    """Who is calling, as far as a network can tell: an IPv4 address, or the household's part of an IPv6 one."""
    host = request.client.host if request.client else ""
    try:
        given = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(given, ipaddress.IPv6Address):
        return str(given.ipv4_mapped or ipaddress.ip_network((given, _HOME), strict=False))
    return host
