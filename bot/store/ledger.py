"""Queries on what calls cost. Sums only; what may be spent is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from bot.messages import Value
from bot.ports.inbound import Charge
from bot.store import upsert
from bot.store.schema import charges


class Spending(Value, frozen=True, kw_only=True):
    """What a place has cost, in millionths of a US dollar: for one chat, and in a month."""

    chat: int
    month: int


def add_charges(connection: Connection, paid: Iterable[tuple[str, Charge]]) -> None:
    """Enter charges, each with its place. The same thing on the same day in UTC is entered once."""
    rows = [
        {
            "place": place,
            "day": f"{one.at.astimezone(UTC):%Y-%m-%d}",
            "what": one.what,
            "resource": one.resource,
            "chat": one.chat,
            "micros": one.micros,
        }
        for place, one in paid
    ]
    if rows:
        connection.execute(upsert.dialect_insert(connection, charges).on_conflict_do_nothing(), rows)


def get_spending(connection: Connection, place: str, chat: str | None, now: datetime) -> Spending:
    """What a place has cost for a chat, and in the month of `now`, as it is in UTC. What is of no chat has no sum."""
    total = select(func.coalesce(func.sum(charges.c.micros), 0)).where(charges.c.place == place)
    month = total.where(charges.c.day.startswith(f"{now.astimezone(UTC):%Y-%m}-"))
    return Spending(
        chat=int(connection.scalar(total.where(charges.c.chat == chat)) or 0) if chat is not None else 0,
        month=int(connection.scalar(month) or 0),
    )


def month_totals(connection: Connection, now: datetime) -> dict[str, int]:
    """What each place has cost in the month of `now`."""
    query = (
        select(charges.c.place, func.sum(charges.c.micros))
        .where(charges.c.day.startswith(f"{now.astimezone(UTC):%Y-%m}-"))
        .group_by(charges.c.place)
    )
    return {place: int(micros) for place, micros in connection.execute(query)}


def chat_totals(connection: Connection, chat: str) -> dict[str, int]:
    """What each place has cost for a chat, in millionths of a US dollar."""
    query = select(charges.c.place, func.sum(charges.c.micros)).where(charges.c.chat == chat).group_by(charges.c.place)
    return {place: int(micros) for place, micros in connection.execute(query)}
