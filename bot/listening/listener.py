"""The listener of a place: its adapter's way into the inbox. It adds the reading position, and decides nothing.

A platform that pushes events has one source that is read only after a gap. Pushed events move that source's position
only while nothing was missed, else the gap would be forgotten before it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.errors import PlatformError, StoreError
from bot.listening.inbox import Inbox, PositionMark
from bot.messages import AnyEvent, Message, Operation
from bot.ports.inbound import Charge
from bot.ports.platform import Traits

RecordResult = Callable[[str, PlatformError | None, Operation], None]
"""Records the result of an operation on a place: None where it works, else the error."""

RaiseConcern = Callable[[str, str, str, str | None], None]
"""Tells host and operator of a problem: the place, what it is about, the text, the chat."""


def position_mark(place: str, source: str, at: datetime, subject: str = "") -> PositionMark:
    """The mark that a source of a place was read up to `at`, by the platform's clock."""
    return position_name(place, source, subject), at.astimezone(UTC).isoformat()


def position_name(place: str, source: str, subject: str = "") -> str:
    """The name of a source's position in the store."""
    return f"{place} {source} {subject}".rstrip()


class PlaceListener:
    """Implements `bot.ports.inbound.Listener` for one place.

    `behind` says that something may have been missed; call `caught_up` once it has been read. `accounts` collects the
    ids of the bot's own accounts. `reconnected` is called after each gap, `raise_concern` and `settle_concern`
    with a problem of which host and operator have to know, and `allowed` where posts are allowed again.
    """

    def __init__(self, place: str, inbox: Inbox, record_result: RecordResult) -> None:
        self.behind = True
        self.accounts: set[str] = set()
        self.reconnected: Callable[[], None] = lambda: None
        self.raise_concern: RaiseConcern = lambda *_: None
        self.settle_concern: Callable[[str, str], None] = lambda _place, _what: None
        self.allowed: Callable[[str], None] = lambda _place: None
        self._place = place
        self._inbox = inbox
        self._record_result = record_result
        self._push_source: str | None = None
        self._gaps = 0
        self._up = False

    def use_push_source(self, traits: Traits) -> None:
        """Take note of the source whose events are pushed, if the platform has one."""
        self._push_source = next((source.name for source in traits.sources if source.every is None), None)

    async def hear(self, event: AnyEvent) -> None:
        """Return once the event is stored. Raises StoreError."""
        mark = None
        if self._push_source is not None and not self.behind and isinstance(event, Message):
            mark = position_mark(self._place, self._push_source, event.at)
        try:
            await self._inbox.hear(event, mark)
        except StoreError as error:
            if not error.invalid:
                self._begin_gap()
            raise

    async def paid(self, *charges: Charge) -> None:
        """Return once the charges are in the ledger, or kept for later."""
        await self._inbox.paid(self._place, charges)

    def up(self, account: str = "") -> None:
        """The adapter is connected, as this account."""
        self._up = True
        if account:
            self.accounts.add(account)
        self._begin_gap()
        self._record_result(self._place, None, "hear")

    def concern(self, what: str, text: str, chat: str | None = None) -> None:
        """Something did not work that host and operator should know of."""
        self.raise_concern(self._place, what, text, chat)

    def down(self, error: PlatformError) -> None:
        """The adapter lost its connection."""
        self._up = False
        self.behind = True
        self._gaps += 1
        self._record_result(self._place, error, "hear")

    def settled(self, what: str) -> None:
        """A concern about the place is over."""
        self.settle_concern(self._place, what)

    def may_post(self, error: PlatformError | None) -> None:
        """A look showed that posts are allowed, or why not."""
        if error is None:
            self.allowed(self._place)
        else:
            self._record_result(self._place, error, "send")

    @property
    def gaps(self) -> int:
        """The number of gaps so far, in which something may have been missed."""
        return self._gaps

    def caught_up(self, gaps: int) -> None:
        """All gaps up to this number were read. While the connection is down, the next has begun already."""
        self.behind = gaps != self._gaps or not self._up

    def _begin_gap(self) -> None:
        self.behind = True
        self._gaps += 1
        self.reconnected()
