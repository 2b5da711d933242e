"""The reading budget of a place: what is left of its budget after spending, with the price of unsent posts reserved.

Questions come first, so their price is reserved before anything is read. It reports once when nothing is left.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.messages import Value
from bot.ports.platform import Budget, Source, Traits
from bot.store import ledger, outbox_queries
from bot.store.database import Database

_UNLIMITED = 1_000_000
"""The number of checks where they cost nothing."""

_NEAR_CAP = 4
"""With less than one part in so many left, the cap is near."""

_SLOWER = 4.0
"""The factor between two readings near the cap."""

ReportUsedUp = Callable[[str, str | None, str], None]
"""Reports that a place has nothing left for reading: the place, the chat, and which cap it was, `chat` or `month`."""


class Allowance(Value, frozen=True, kw_only=True):
    """The allowance for one reading: at most `most` messages at a time, and `pace` times the usual pause."""

    most: int
    pace: float = 1.0


def allowance(source: Source, budget: Budget | None, *, chat: int, month: int, reserved: int) -> Allowance | None:
    """The allowance for a source after `chat` and `month` were spent; None where nothing is left for it. Pure.

    `reserved` is the price of the posts still to be sent. All are in millionths of a US dollar.
    """
    fewest, most = source.page
    if budget is None or not source.micros:
        return Allowance(most=most)
    left = min(budget.chat - chat, budget.month - month) - reserved
    if left < fewest * source.micros:
        return None
    near = left * _NEAR_CAP < min(budget.chat, budget.month)
    return Allowance(most=min(most, left // source.micros), pace=_SLOWER if near else 1.0)


class ReadingBudget:
    """The reading budget of one place."""

    def __init__(self, place: str, traits: Traits, database: Database, report_used_up: ReportUsedUp) -> None:
        self._place = place
        self._costs = traits.costs
        self._database = database
        self._report_used_up = report_used_up

    async def allowance(self, source: Source, chat: str | None, now: datetime) -> Allowance | None:
        """The allowance for reading a source for a chat; None where nothing is left for it."""
        budget = self._costs.budget
        if budget is None or not source.micros:
            return allowance(source, None, chat=0, month=0, reserved=0)
        spent, reserved = await self._database.read(self._spending, chat, now)
        found = allowance(source, budget, chat=spent.chat, month=spent.month, reserved=reserved)
        if found is None:
            month = budget.month - spent.month < budget.chat - spent.chat
            self._report_used_up(self._place, chat, "month" if month else "chat")
        return found

    async def names_left(self, chat: str, now: datetime) -> int:
        """The number of people in a chat whose names may still be asked for."""
        spent, _ = await self._database.read(self._spending, chat, now)
        return self._costs.budget.names_left(chat=spent.chat, month=spent.month) if self._costs.budget else 0

    async def checks_left(self, chat: str, now: datetime) -> int:
        """The number of messages in a chat that may still be checked for deletion."""
        budget = self._costs.budget
        if budget is None or not budget.look:
            return _UNLIMITED
        spent, reserved = await self._database.read(self._spending, chat, now)
        left = min(budget.chat - spent.chat, budget.month - spent.month) - reserved
        return max(left // budget.look, 0)

    def _spending(self, connection: Connection, chat: str | None, now: datetime) -> tuple[ledger.Spending, int]:
        """The spending of this place so far, and the price of its unsent posts."""
        unsent = outbox_queries.unsent_texts(connection, self._place, chat)
        price = self._costs.price
        reserved = sum(price(text) for text in unsent) if price else 0
        return ledger.get_spending(connection, self._place, chat, now), reserved
