"""Moves the rest of a chat that fell behind, in one transaction: decided on what the database has then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.ports.platform import Traits
from bot.scheduling import planning
from bot.scheduling.file_plans import places_of
from bot.scheduling.plan_changes import PlanChange, write_changes
from bot.store import chats, outbox_queries
from bot.store.outbox_queries import Upcoming


def move_late(
    connection: Connection,
    name: str,
    now: datetime,
    *,
    places: Mapping[str, Traits],
    late: timedelta,
    slack: timedelta,
) -> tuple[PlanChange, dict[str, tuple[Upcoming, ...]]] | None:
    """Move the rest of a chat. Returns what changed and the times of its posts to come; None: nothing is to be moved.

    `late` and `slack` are as in `planning.move_late_slots`. On PostgreSQL the chat stays locked: no command of another
    process changes its plan meanwhile.
    """
    stored = chats.find(connection, name)
    if stored is None:
        return None
    chat = stored.chat
    rows = [row for row in outbox_queries.rows_by_chat(connection, [name], lock=True)[name] if row.post.place in places]
    move = planning.move_late_slots(chat, rows, ends=stored.ends, now=now, grace=late, slack=slack)
    if move is None:
        return None
    slots = [*move.slots, move.notice] if move.notice else list(move.slots)
    planned = planning.plan_posts(chat, slots, places_of(chat, places), ends=move.ends, slack=slack)
    only = frozenset(one.post.key for one in planned)
    change = PlanChange(chat=chat, ends=move.ends, state=stored.state, planned=planned, only=only)
    return change, write_changes(connection, [change], list(places))
