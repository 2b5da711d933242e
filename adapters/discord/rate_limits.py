"""How fast we may call: Discord's own limits, from its headers. A short wait is waited, a long one is told.

The library's way will not do. It keeps a good answer back until the limit's window ends, so that a post that is out
looks like one that never was answered; and told to give up on long waits, it gives up while calls are left.
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
        """Take one call. Raises RateLimited, with nothing sent, where that would take too long."""
        self._last_request = self._loop.time()
        while (wait := self._wait()) is not None:
            if wait > self._patience:
                raise discord.RateLimited(wait)
            await asyncio.sleep(wait)
        self.remaining -= 1
        self.outgoing += 1

    def _wait(self) -> float | None:
        """Seconds until a call is free; None for now. Before the first answer the limit is not known."""
        if self.expires is not None and self._loop.time() >= self.expires:
            self.reset()  # type: ignore[no-untyped-call]
        return self.expires - self._loop.time() if self.expires is not None and self.remaining <= 0 else None

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.outgoing -= 1
