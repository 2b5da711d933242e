"""Queries on what was done to messages on their platforms. What should be done, others decide."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select, update

from bot.messages import ActionKind, Value
from bot.store.outbox import State, post_of
from bot.store.schema import outbox


class TakenAction(Value, frozen=True, kw_only=True):
    """One measure: a row of the outbox, and what became of it."""

    row: int
    kind: ActionKind
    state: State


def actions_on(connection: Connection, chat: str, place: str, message: str) -> list[TakenAction]:
    """Every measure that was planned for a message, the latest last."""
    keys = [outbox.c.key.startswith(f"{kind}-{message}", autoescape=True) for kind in ("hide", "show", "delete")]
    query = select(outbox).where(outbox.c.chat == chat, outbox.c.place == place, outbox.c.kind == "measure", or_(*keys))
    posts = [(row.id, post_of(row), row.state) for row in connection.execute(query.order_by(outbox.c.id))]
    return [
        TakenAction(row=row, kind=post.action.kind, state=state)
        for row, post, state in posts
        if post.action is not None and post.action.message == message
    ]


def cancel_action(connection: Connection, row: int) -> bool:
    """Leave a measure undone that nobody tried yet. Returns whether that was in time."""
    still = outbox.c.id == row, outbox.c.state == "planned", outbox.c.attempts == 0
    changed = update(outbox).where(*still).values(state="skipped", error="decided otherwise meanwhile")
    return connection.execute(changed).rowcount > 0
