"""Queries on resyncs: when a chat's record is compared with what a platform still has, and what came of it.

A row for each chat, place and step. What is due is asked of these rows, so a restart is nothing special: a comparison
goes on after the last message that was asked about. What follows from one is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Boolean, Column, Connection, Index, Integer, Row, Table, Text, delete, select

from bot.messages import AnyEvent, MessageWithheld, Value
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.message_schema import events
from bot.store.schema import metadata

State = Literal["waiting", "doubtful", "done", "failed"]
"""`doubtful`: so much is gone at once that the platform is asked again later before it is believed."""

OPEN: tuple[State, ...] = ("waiting", "doubtful")

resyncs = Table(
    "resyncs",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("next_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("sure", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("position", Text, nullable=False),
    Column("tally", Text, nullable=False),
    Index("resyncs_next", "place", "state", "next_at"),
)
"""`position` is the id of the last message that was asked about, `tally` what was found so far, as JSON."""

_event: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


class Tally(Value, frozen=True, kw_only=True):
    """The results so far: of `total` messages, `asked` have been asked about.

    `deleted` and `withheld` are ids, `back` are those that were withheld before and are shown again. `edited` counts
    new edits, `unanswered` messages of which the platform said nothing, `unpaid` those for which no money was left.
    `micros` is the cost in millionths of a US dollar, `error` why the last attempt failed.
    """

    total: int = 0
    asked: int = 0
    deleted: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    edited: int = 0
    unanswered: int = 0
    unpaid: int = 0
    micros: int = 0
    error: str = ""

    @property
    def gone(self) -> int:
        """How many messages would be taken out."""
        return len(self.deleted) + len(self.withheld)


class ResyncRow(Value, frozen=True, kw_only=True):
    """One comparison. `sure`: a person said that whatever is gone is to be believed at once."""

    chat: str
    place: str
    step: str
    next_at: datetime
    state: State = "waiting"
    sure: bool = False
    attempts: int = 0
    position: str = ""
    tally: Tally = Tally()


def plan(connection: Connection, rows: Iterable[ResyncRow]) -> None:
    """Insert comparisons. One that is there already stays as it is."""
    values = [_values(one) for one in rows]
    if values:
        connection.execute(dialect_insert(connection, resyncs).on_conflict_do_nothing(), values)


def save(connection: Connection, row: ResyncRow) -> None:
    """Save how far a comparison has come, if it was not withdrawn."""
    here = resyncs.c.chat == row.chat, resyncs.c.place == row.place, resyncs.c.step == row.step
    connection.execute(resyncs.update().where(*here).values(_values(row)))


def withdraw(connection: Connection, chat: str, step: str) -> None:
    """Delete the comparisons of a step that have not begun."""
    here = resyncs.c.chat == chat, resyncs.c.step == step, resyncs.c.position == "", resyncs.c.attempts == 0
    connection.execute(delete(resyncs).where(*here, resyncs.c.state == "waiting"))


def due(connection: Connection, place: str, now: datetime) -> ResyncRow | None:
    """The comparison on a place that has been due for longest, if any is."""
    wanted = resyncs.c.place == place, resyncs.c.state.in_(OPEN), resyncs.c.next_at <= now
    found = connection.execute(select(resyncs).where(*wanted).order_by(resyncs.c.next_at, resyncs.c.chat).limit(1))
    row = found.first()
    return _row(row) if row else None


def of_chat(connection: Connection, chat: str, step: str | None = None) -> list[ResyncRow]:
    """The comparisons of a chat, all of them or those of one step, by place."""
    query = select(resyncs).where(resyncs.c.chat == chat).order_by(resyncs.c.place, resyncs.c.next_at, resyncs.c.step)
    return [_row(one) for one in connection.execute(query if step is None else query.where(resyncs.c.step == step))]


def withheld_ids(connection: Connection, place: str, chat: str) -> set[str]:
    """The messages of a chat that their platform withheld when it was asked last."""
    here = events.c.place == place, events.c.chat == chat, events.c.type == "withheld"
    told = (_event.decode(raw) for raw in connection.scalars(select(events.c.raw).where(*here)))
    latest: dict[str, MessageWithheld] = {}
    for one in told:
        if isinstance(one, MessageWithheld):
            latest[one.id] = max(latest.get(one.id, one), one, key=lambda event: event.at)
    return {id for id, one in latest.items() if one.on}


def _values(row: ResyncRow) -> dict[str, Any]:
    return {
        "chat": row.chat,
        "place": row.place,
        "step": row.step,
        "next_at": row.next_at,
        "state": row.state,
        "sure": row.sure,
        "attempts": row.attempts,
        "position": row.position,
        "tally": msgspec.json.encode(row.tally).decode(),
    }


def _row(row: Row[Any]) -> ResyncRow:
    tally = msgspec.json.decode(row.tally, type=Tally)
    return ResyncRow(**{**row._mapping, "tally": tally})  # noqa: SLF001 -- the library's public way to a row's names
