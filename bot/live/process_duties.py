"""The duties: of the processes that share a store, one plans and helps the chats, and one listens on each place.

Each duty is a lease in the store, by the database's clock. Its holder takes care to stop before the lease ends: so two
never have one duty at once, and another process takes it over within some seconds of a kill, a standstill or a cut.
Two may listen on two places, unless these share a connection. Whoever can't reach a place leaves listening to others.
On SQLite the one process has all duties. What belongs to a duty is not known here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog

from bot.errors import StoreError
from bot.store import leases
from bot.store.database import Database
from bot.store.leases import PLANNING

_LEASE = timedelta(seconds=9)
"""By the database's clock."""

_RENEWAL = 1.0
"""Wall seconds between two attempts to renew the leases, or to take them over."""

_PATIENCE = 5
"""Renewals in a row with which a connection can't be had, before listening is left to others."""

_REST = 300.0
"""Wall seconds after that in which it is left to them, if they want it: in an outage for all it must not go around."""

_log = structlog.get_logger()


class Duties:
    """The duties, as one process has them or not: planning, and listening by each of the `connections`.

    `run` keeps them. `reachable` says whether a connection can be had from here.
    """

    def __init__(self, database: Database, connections: Iterable[str] = ()) -> None:
        self._database = database
        self._connections = {listening(one): one for one in connections}
        self._until = dict.fromkeys([PLANNING, *self._connections], 0.0)
        self._was = dict.fromkeys(self._until, False)
        self._failed = dict.fromkeys(self._connections, 0)
        self._resting = dict.fromkeys(self._connections, 0.0)
        self._alone = True
        self._changed = asyncio.Condition()
        self.reachable: Callable[[str], bool] = lambda _connection: True
        self.term = 0
        """How often this process has begun to plan: in between, another may have planned."""

    @property
    def plans(self) -> bool:
        """Whether this process plans at this moment."""
        return self.has(PLANNING)

    def listens(self, connection: str) -> bool:
        """Whether this process listens by a connection at this moment."""
        return self.has(listening(connection))

    def has(self, duty: str) -> bool:
        """Whether this process has a duty at this moment, by the monotonic clock, which no standstill stops."""
        return not self._database.is_shared or _now() < self._until[duty]

    async def renew(self) -> None:
        """Renew the leases, and take those that are free. Raises StoreError; then they last until they end."""
        if not self._database.is_shared:
            return
        given_up = self._unreachable()
        begun, planned = _now(), self.plans
        resting = {one for one, until in self._resting.items() if begun < until and not self.has(one)}
        self._until |= dict.fromkeys(given_up, 0.0)
        found = await self._database.write(
            "pulse",
            leases.renew,
            self._database.process,
            _LEASE,
            [one for one in self._until if one not in resting | given_up],
            given_up=given_up,
            reluctantly=resting,
        )
        self._alone = found.alone
        self._until = {one: begun + _LEASE.total_seconds() if one in found.mine else 0.0 for one in self._until}
        self.term += self.plans and not planned

    def _unreachable(self) -> set[str]:
        """The duties to listen that can't be done from here, and are left to others; none twice in a while."""
        found = set()
        for duty, connection in self._connections.items():
            failed = self.has(duty) and not self.reachable(connection) and _now() >= self._resting[duty]
            self._failed[duty] = self._failed[duty] + 1 if failed else 0
            if self._failed[duty] > _PATIENCE and not self._alone:
                _log.warning("duty.left_to_others", duty=duty)
                self._resting[duty] = _now() + _REST
                found.add(duty)
        return found

    async def run(self) -> None:
        """Renew or take over until cancelled."""
        while True:
            renewal = asyncio.create_task(self._try_to_renew())
            # A store that hangs must not keep this process from noticing that its leases are over.
            while not renewal.done():
                await asyncio.wait({renewal}, timeout=_RENEWAL)
                await self._tell()
            await asyncio.sleep(_RENEWAL)

    async def end(self) -> None:
        """Give all duties up, so that another process can take them at once."""
        if self._database.is_shared:
            self._until = dict.fromkeys(self._until, 0.0)
            try:
                await self._database.write("pulse", leases.end, self._database.process)
            except StoreError as error:
                _log.warning("duty.not_given_up", error=str(error))

    async def begins(self, duty: str) -> None:
        """Wait until this process has a duty."""
        await self._wait_for(duty, mine=True)

    async def ends(self, duty: str) -> None:
        """Wait until this process has it no more."""
        await self._wait_for(duty, mine=False)

    async def _wait_for(self, duty: str, *, mine: bool) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.has(duty) is mine)

    async def _try_to_renew(self) -> None:
        try:
            await self.renew()
        except StoreError as error:
            _log.warning("duty.not_renewed", error=str(error))

    async def _tell(self) -> None:
        for duty, was in self._was.items():
            if self.has(duty) is not was:
                self._was[duty] = not was
                _log.info("duty.lost" if was else "duty.taken", duty=duty)
        async with self._changed:
            self._changed.notify_all()


def listening(connection: str) -> str:
    """The duty to listen by a connection: that of one place, or of all that share it."""
    return f"listening {connection}"


def _now() -> float:
    return asyncio.get_running_loop().time()
