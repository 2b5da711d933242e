"""The duty: of the processes that share a store, one listens on the platforms, plans and looks after the chats.

It holds a lease in the store, by the database's clock, and takes care that it stops before the lease ends: so two are
never on duty at once, and another one takes over within some seconds of a kill, a standstill or a cut. On SQLite the
one process is always on duty. What belongs to the duty is not known here.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.errors import StoreError
from bot.store import leases
from bot.store.database import Database

_LEASE = timedelta(seconds=9)
"""By the database's clock."""

_RENEWAL = 1.0
"""Wall seconds between two attempts to renew the lease, or to take it over."""

_log = structlog.get_logger()


class Duty:
    """The duty, as one process has it or not. `run` keeps it; `changed` is set by every change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._until = 0.0
        self._was = False
        self._changed = asyncio.Condition()

    @property
    def is_mine(self) -> bool:
        """Whether this process is on duty at this moment, by the monotonic clock, which no standstill stops."""
        return not self._database.is_shared or asyncio.get_running_loop().time() < self._until

    async def renew(self) -> None:
        """Take the duty if it is free, or renew it. Raises StoreError; then it lasts until the lease ends."""
        if not self._database.is_shared:
            return
        begun = asyncio.get_running_loop().time()
        mine = await self._database.write("pulse", leases.renew, self._database.process, _LEASE)
        self._until = begun + _LEASE.total_seconds() if mine else 0.0

    async def run(self) -> None:
        """Renew or take over until cancelled."""
        while True:
            renewal = asyncio.create_task(self._try_to_renew())
            # A store that hangs must not keep this process from noticing that its lease is over.
            while not renewal.done():
                await asyncio.wait({renewal}, timeout=_RENEWAL)
                await self._tell()
            await asyncio.sleep(_RENEWAL)

    async def end(self) -> None:
        """Give the duty up, so that another process can take it at once."""
        if self._database.is_shared:
            self._until = 0.0
            try:
                await self._database.write("pulse", leases.end, self._database.process)
            except StoreError as error:
                _log.warning("duty.not_given_up", error=str(error))

    async def begins(self) -> None:
        """Wait until this process is on duty."""
        await self._wait_for(mine=True)

    async def ends(self) -> None:
        """Wait until this process is not on duty any more."""
        await self._wait_for(mine=False)

    async def _wait_for(self, *, mine: bool) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.is_mine is mine)

    async def _try_to_renew(self) -> None:
        try:
            await self.renew()
        except StoreError as error:
            _log.warning("duty.not_renewed", error=str(error))

    async def _tell(self) -> None:
        if self.is_mine is not self._was:
            self._was = self.is_mine
            _log.info("duty.taken" if self._was else "duty.lost")
        async with self._changed:
            self._changed.notify_all()
