"""Changes to the plans of chats, and how they are saved: many in one transaction, all or none.

`plan_sync` and `planning` decide what changes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.chat import Chat
from bot.messages import Value
from bot.ports.platform import Traits
from bot.scheduling import planning
from bot.store import chats, outbox_queries, planned_posts
from bot.store.chats import ChatState
from bot.store.planned_posts import PlannedPost


class PlanChange(Value, frozen=True, kw_only=True):
    """A change to the plan of one chat: the chat as it will be, its end and state, and its posts.

    `written` is the chat as its file has it, if that was read. Other posts that were not tried are skipped: with any
    key, or with `only` these. `is_new`: nothing of this chat was planned before.
    """

    chat: Chat
    ends: datetime
    state: ChatState
    planned: list[PlannedPost]
    written: Chat | None = None
    only: frozenset[str] | None = None
    is_new: bool = False


def write_changes(
    connection: Connection, changes: Sequence[PlanChange], places: Collection[str]
) -> dict[str, tuple[datetime, ...]]:
    """Save chats and their posts, all or nothing. Returns the times of their posts to come.

    Other untried posts are skipped, of all keys or of `only` some.
    """
    chats.save_plans(connection, [(one.chat, one.ends, one.state, one.written) for one in changes])
    planned_posts.save_plan(connection, [post for one in changes for post in one.planned])
    for one in changes:
        name = one.chat.name
        if not one.is_new:
            keep = {(planned.post.key, planned.post.place, planned.post.part) for planned in one.planned}
            planned_posts.skip_unplanned(connection, name, keep, only=one.only)
        if one.state.paused_at is not None:
            questions = {planned.post.key for planned in one.planned if planned.post.kind == "question"}
            planned_posts.pause_posts(connection, name, questions)
    return outbox_queries.planned_times(connection, places, [one.chat.name for one in changes])


def write_removals(connection: Connection, gone: Sequence[tuple[Chat, dict[str, Traits]]], now: datetime) -> None:
    """Remove chats, each with the places that it was on: their posts, and what entered them in a calendar."""
    for chat, traits in gone:
        entered = outbox_queries.calendar_places(connection, chat.name)
        places = {place: one for place, one in traits.items() if place in entered}
        planned_posts.skip_unplanned(connection, chat.name, ())
        planned_posts.save_plan(connection, planning.cancelled_calendar_posts(chat, places, now))
        chats.remove_chat(connection, chat.name)
