"""Queries on the parts of a split post: they follow each other, so none is sent after one that was refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from bot.store.lock_order import posts_in_order
from bot.store.planned_posts import nonce
from bot.store.schema import outbox

_UNSENT = ("planned", "paused", "retry")
"""States of a later part that has not been sent and is not under way."""

_OWN_STATE = ("id", "receipt", "url", "sent_at", "attempted_at", "image", "claim", "held_until")
"""Columns that a new part doesn't share with the one before it."""

_GAP = timedelta(milliseconds=1)
"""Between the due times of two parts."""


def follows_a_sent_part() -> ColumnElement[bool]:
    """Whether a row may be sent as to its parts: it is the first, or the one before it is out. Edits follow nothing."""
    before = outbox.alias()
    sent = select(before.c.id).where(
        before.c.chat == outbox.c.chat,
        before.c.key == outbox.c.key,
        before.c.place == outbox.c.place,
        before.c.part == outbox.c.part - 1,
        before.c.state == "sent",
    )
    return or_(outbox.c.part == 1, outbox.c.kind == "edit", sent.exists())


def skip_later_parts(connection: Connection, ids: Sequence[int]) -> None:
    """Skip the parts after these rows, which were refused."""
    for refused in connection.execute(select(outbox).where(outbox.c.id.in_(ids), outbox.c.kind != "edit")):
        reason = f"part {refused.part} of it was refused"
        connection.execute(update(outbox).where(posts_in_order(_after(refused))).values(state="skipped", error=reason))


def cut_anew(connection: Connection, id: int, texts: Sequence[str]) -> None:
    """Give a row the first of these texts, and put the others between it and the parts after it."""
    columns = outbox.c
    mine = connection.execute(select(outbox).where(columns.id == id)).one()
    later = connection.execute(select(outbox).where(_after(mine)).order_by(columns.part)).all()
    rows, wanted = [mine, *later], [*texts, *(row.text for row in later)]
    for row, text in zip(rows, wanted, strict=False):
        connection.execute(update(outbox).where(columns.id == row.id).values(text=text))
    last = rows[-1]
    for number, text in enumerate(wanted[len(rows) :], 1):
        part = last.part + number
        as_before = dict(zip(columns.keys(), last, strict=True))
        values = {name: value for name, value in as_before.items() if name not in _OWN_STATE}
        values |= {"part": part, "text": text, "nonce": nonce(last.chat, last.key, last.place, part)}
        values |= {"state": "planned", "attempts": 0, "error": None, "due": last.due + number * _GAP}
        connection.execute(insert(outbox).values(values))


def _after(row: Row[tuple[object, ...]]) -> ColumnElement[bool]:
    """The parts of the same post after a row that were not sent."""
    same = (outbox.c.chat == row.chat, outbox.c.key == row.key, outbox.c.place == row.place)
    return and_(*same, outbox.c.part > row.part, outbox.c.state.in_(_UNSENT))
