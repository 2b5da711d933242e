"""The outcomes of calls, until they are saved: together with the next claims, or else alone a little later."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.errors import StoreError
from bot.scheduling.claims import Claims
from bot.scheduling.outbox_callbacks import OutboxCallbacks
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import PostOutcome

_MAX_BATCH = 1000
"""Most outcomes saved in one transaction."""

_GRACE = 1.0
"""Wall seconds in which the scheduler may save outcomes together with the next claims, before they are saved alone."""

_log = structlog.get_logger()


class Outcomes:
    """Keeps outcomes until saving them has worked, so neither an error nor a stop loses one."""

    def __init__(self, database: Database, claims: Claims, callbacks: OutboxCallbacks) -> None:
        self._database, self._claims, self._callbacks = database, claims, callbacks
        self._unsaved: list[PostOutcome] = []
        self._ready = asyncio.Event()
        self._saved_soon = False
        self._lock = asyncio.Lock()

    def add(self, outcome: PostOutcome) -> None:
        """Keep an outcome, to be saved soon."""
        self._unsaved.append(outcome)
        self._claims.order.over(outcome)
        self._ready.set()
        self._saved_soon = self._callbacks.on_answered()

    async def run(self) -> None:
        """Save outcomes until cancelled, unless `save_and_claim` does so at once. A save that failed is retried."""
        while True:
            await self._ready.wait()
            if self._saved_soon:
                await asyncio.sleep(_GRACE)
            self._ready.clear()
            if not await self.save():
                await asyncio.sleep(_GRACE)
                self._ready.set()

    async def save(self) -> bool:
        """Save all outcomes. Returns whether that has worked."""
        async with self._lock:
            while self._unsaved:
                batch = self._unsaved[:_MAX_BATCH]
                try:
                    await self._database.write("outgoing", outbox.save_outcomes, batch)
                except StoreError as error:
                    _log.warning("outbox.save_failed", rows=len(batch), error=str(error))
                    return False
                self._claims.settle(batch)
                self._saved(batch)
        return True

    async def save_and_claim(self, places: Sequence[str], now: datetime) -> datetime | None:
        """Save outcomes, and claim what is due soon on these places, in one transaction. Returns when to call again."""
        async with self._lock:
            batch = self._unsaved[:_MAX_BATCH]
            try:
                at = await self._claims.claim_due(places, now, batch)
            except StoreError as error:
                if not error.invalid or not batch:
                    raise
                return await self._claims.claim_due(places, now)  # `run` tells what is wrong with an outcome
            self._saved(batch)
        return at

    def _saved(self, batch: Sequence[PostOutcome]) -> None:
        del self._unsaved[: len(batch)]
        for posted in (one.posted for one in batch if one.posted is not None):
            _log.info("outbox.sent", chat=posted.chat, key=posted.key, place=posted.place, at=posted.at.isoformat())
        if batch:
            self._callbacks.on_saved()
