"""One place's ear: what its adapter is given to tell things to. It adds the reading position, and decides nothing.

A platform that tells things by itself has one source that is read only after a gap. What it tells moves that source's
position only while nothing was missed: else the gap would be forgotten before it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.errors import PlatformError, StoreError
from bot.listening.inbox import Inbox, PositionMark
from bot.messages import AnyEvent, Message, Operation
from bot.ports.inbound import Charge
from bot.ports.platform import Traits

ReportStatus = Callable[[str, PlatformError | None, Operation], None]
"""Reports how an operation went on a place: None where it works, else the error."""


def position_mark(place: str, source: str, at: datetime, subject: str = "") -> PositionMark:
    """How far a source of a place was read: everything up to `at`, by the platform's clock."""
    return position_name(place, source, subject), at.astimezone(UTC).isoformat()


def position_name(place: str, source: str, subject: str = "") -> str:
    """What a source's position is called in the store."""
    return f"{place} {source} {subject}".rstrip()


class PlaceListener:
    """Implements `bot.ports.platform.Ear` for one place.

    `behind` says that something may have been missed; `caught_up` is called once it has been read.
    """

    def __init__(self, place: str, inbox: Inbox, noticed: ReportStatus) -> None:
        self.behind = True
        self.accounts: set[str] = set()
        self.returned: Callable[[], None] = lambda: None
        self._place = place
        self._inbox = inbox
        self._noticed = noticed
        self._told: str | None = None
        self._gaps = 0
        self._up = False

    def speaks_up(self, traits: Traits) -> None:
        """Take note of the source whose news come by themselves, if the platform has one."""
        self._told = next((source.name for source in traits.sources if source.every is None), None)

    async def hear(self, event: AnyEvent) -> None:
        """Return once the event is stored."""
        moves = self._told is not None and not self.behind and isinstance(event, Message)
        try:
            await self._inbox.hear(
                event, position_mark(self._place, self._told, event.at) if moves and self._told else None
            )
        except StoreError as error:
            if not error.invalid:
                self._miss()
            raise

    async def paid(self, *charges: Charge) -> None:
        """Return once the charges are in the ledger, or kept for later."""
        await self._inbox.paid(self._place, charges)

    def up(self, account: str = "") -> None:
        """The connection stands."""
        self._up = True
        if account:
            self.accounts.add(account)
        self._miss()
        self._noticed(self._place, None, "hear")

    def down(self, error: PlatformError) -> None:
        """The connection is gone."""
        self._up = False
        self.behind = True
        self._gaps += 1
        self._noticed(self._place, error, "hear")

    @property
    def gaps(self) -> int:
        """How often something may have been missed so far."""
        return self._gaps

    def caught_up(self, gaps: int) -> None:
        """All up to the gap with this number was read; while the connection is down the next gap has begun already."""
        self.behind = gaps != self._gaps or not self._up

    def _miss(self) -> None:
        self.behind = True
        self._gaps += 1
        self.returned()
