"""What a place may still spend: the budget against the ledger, with what the questions will cost set aside.

Says when nothing is left, once. The sums are `bot.live.costs`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.live import costs
from bot.live.costs import Allowance
from bot.ports.platform import Source, Traits
from bot.store import ledger, outbox_queries
from bot.store.database import Database

_MANY = 1_000_000
"""Where nothing costs anything."""

Spent = Callable[[str, str | None, str], None]
"""Told that a place has nothing left to read with: the place, the chat, and which cap it was."""


class ReadingBudget:
    """One place's purse."""

    def __init__(self, place: str, traits: Traits, database: Database, empty: Spent) -> None:
        self._place = place
        self._traits = traits
        self._database = database
        self._empty = empty

    async def allowed(self, source: Source, chat: str | None, now: datetime) -> Allowance | None:
        """How to go on reading a source for a chat; None where nothing may be spent on it any more."""
        limits = self._traits.costs.budget
        if limits is None or not source.micros:
            return costs.allowance(source, None, chat=0, month=0, reserved=0)
        spent, reserved = await self._database.read(self._look, chat, now)
        found = costs.allowance(source, limits, chat=spent.chat, month=spent.month, reserved=reserved)
        if found is None:
            month = limits.month - spent.month < limits.chat - spent.chat
            self._empty(self._place, chat, "month" if month else "chat")
        return found

    async def names(self, chat: str, now: datetime) -> int:
        """How many people of a chat may still be asked for by name."""
        spent, _ = await self._database.read(self._look, chat, now)
        return costs.names(self._traits.costs.budget, chat=spent.chat, month=spent.month)

    async def looks(self, chat: str, now: datetime) -> int:
        """How many messages of a chat may still be asked after."""
        limits = self._traits.costs.budget
        if limits is None or not limits.look:
            return _MANY
        spent, reserved = await self._database.read(self._look, chat, now)
        left = min(limits.chat - spent.chat, limits.month - spent.month) - reserved
        return max(left // limits.look, 0)

    def _look(self, connection: Connection, chat: str | None, now: datetime) -> tuple[ledger.Spending, int]:
        coming = outbox_queries.unsent_texts(connection, self._place, chat)
        price = self._traits.costs.price
        reserved = sum(price(text) for text in coming) if price else 0
        return ledger.get_spending(connection, self._place, chat, now), reserved
