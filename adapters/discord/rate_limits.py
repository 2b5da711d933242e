"""Discord's rate limits, from its headers. We wait if the wait is short, and report a long one.

The library's own class doesn't do. It holds a good response back until the limit's window ends, so that a post that is
out looks like a lost answer; and when told to give up on long waits, it gives up while calls are left.
"""

from __future__ import annotations

import asyncio
from types import TracebackType

import discord
from discord.http import Ratelimit


class RateLimits(Ratelimit):
    """One limit, shared by all calls that Discord counts together. `patience` in wall seconds."""

    __slots__ = ("_patience",)

    def __init__(self, patience: float) -> None:
        super().__init__(None)
        self._patience = patience

    async def acquire(self) -> None:
        """Take one call. Raises RateLimited, with nothing sent, if the wait would be too long."""
        self._last_request = self._loop.time()
        while (wait := self._wait()) is not None:
            if wait > self._patience:
                raise discord.RateLimited(wait)
            await asyncio.sleep(wait)
        self.remaining -= 1
        self.outgoing += 1

    def _wait(self) -> float | None:
        """Seconds until a call is free; None if one is. The limit is unknown before the first response."""
        if self.expires is not None and self._loop.time() >= self.expires:
            self.reset()  # type: ignore[no-untyped-call]
        return self.expires - self._loop.time() if self.expires is not None and self.remaining <= 0 else None

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.outgoing -= 1
