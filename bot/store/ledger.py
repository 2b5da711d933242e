"""Queries on the cost of API calls, in millionths of a US dollar. Caps are not known here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from bot.messages import Value
from bot.ports.inbound import Charge
from bot.store.database import dialect_insert
from bot.store.schema import charges


class Spending(Value, frozen=True, kw_only=True):
    """The cost of a place for one chat, and in one month, in millionths of a US dollar."""

    chat: int
    month: int


def add_charges(connection: Connection, charged: Iterable[tuple[str, Charge]]) -> None:
    """Insert charges, each with its place. The same resource is charged once a day, in UTC."""
    rows = [
        {
            "place": place,
            "day": f"{one.at.astimezone(UTC):%Y-%m-%d}",
            "what": one.what,
            "resource": one.resource,
            "chat": one.chat,
            "micros": one.micros,
        }
        for place, one in charged
    ]
    if rows:
        rows.sort(key=lambda row: [row[one.name] or "" for one in charges.primary_key.columns])
        connection.execute(dialect_insert(connection, charges).on_conflict_do_nothing(), rows)


def get_spending(connection: Connection, place: str, chat: str | None, now: datetime) -> Spending:
    """The cost of a place for a chat, 0 without one, and in the month of `now`, in UTC."""
    total = select(func.coalesce(func.sum(charges.c.micros), 0)).where(charges.c.place == place)
    month = total.where(charges.c.day.startswith(f"{now.astimezone(UTC):%Y-%m}-"))
    return Spending(
        chat=int(connection.scalar(total.where(charges.c.chat == chat)) or 0) if chat is not None else 0,
        month=int(connection.scalar(month) or 0),
    )


def month_totals(connection: Connection, now: datetime) -> dict[str, int]:
    """The cost of each place in the month of `now`, in UTC."""
    query = (
        select(charges.c.place, func.sum(charges.c.micros))
        .where(charges.c.day.startswith(f"{now.astimezone(UTC):%Y-%m}-"))
        .group_by(charges.c.place)
    )
    return {place: int(micros) for place, micros in connection.execute(query)}


def counts_by_day(connection: Connection, place: str, kinds: Collection[str], since: date) -> dict[date, int]:
    """The number of charges of these kinds on a place, by day of UTC, from `since` on."""
    query = (
        select(charges.c.day, func.count())
        .where(charges.c.place == place, charges.c.what.in_(list(kinds)), charges.c.day >= since.isoformat())
        .group_by(charges.c.day)
    )
    return {date.fromisoformat(day): int(count) for day, count in connection.execute(query)}


def chat_totals(connection: Connection, chat: str) -> dict[str, int]:
    """The cost of each place for a chat."""
    query = select(charges.c.place, func.sum(charges.c.micros)).where(charges.c.chat == chat).group_by(charges.c.place)
    return {place: int(micros) for place, micros in connection.execute(query)}
