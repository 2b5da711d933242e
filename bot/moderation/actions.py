"""Actions on messages: plans to hide a message on its platform, or to show it again, as posts for the outbox.

Each change of mind is planned once. Whether the platform allows an action, the caller knows.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.live.live_chats import LiveChats
from bot.messages import ActionKind, PlatformAction, Post
from bot.store import outbox_queries, planned_posts
from bot.store.planned_posts import PlannedPost, nonce

_EXPIRES_AFTER = timedelta(days=1)

_OPPOSITE: dict[ActionKind, ActionKind] = {"hide": "show", "show": "hide"}


def under_own_post(live_chats: LiveChats, place: str, parent: tuple[str, str], conversation: str | None) -> bool:
    """Whether a message is a reply to one of the bot's own posts: those are what a platform may let us hide."""
    return (parent[0] == place and live_chats.is_own_post(*parent)) or live_chats.is_own_post(place, conversation or "")


def plan(connection: Connection, chat: str, place: str, message: str, kind: ActionKind, now: datetime) -> bool:
    """Plan to hide a message, or to show it again. Returns whether there is anything to do.

    An action that is done or planned already is not planned again. The opposite of an action that was not tried yet
    cancels it instead. A message that was never hidden need not be shown.
    """
    before = [
        one
        for one in outbox_queries.actions_on(connection, chat, place, message)
        if one.state not in ("failed", "skipped")
    ]
    last = before[-1] if before else None
    if (last is None and kind == "show") or (last is not None and last.kind != _OPPOSITE.get(kind)):
        return False
    if last is not None and outbox_queries.cancel_action(connection, last.row):
        return False
    planned_posts.save_plan(
        connection, [draft(chat, place, message, kind, now, _number(connection, chat, place, message, kind))]
    )
    return True


def draft(chat: str, place: str, message: str, kind: ActionKind, now: datetime, number: int = 1) -> PlannedPost:
    """The action as a post. `number` counts how often this action was planned for this message."""
    key = f"{kind}-{message}" if number == 1 else f"{kind}-{message}-{number}"
    post = Post(
        chat=chat,
        key=key,
        place=place,
        kind="measure",
        text="",
        nonce=nonce(chat, key, place, 1),
        due=now,
        action=PlatformAction(kind=kind, message=message),
    )
    return PlannedPost(post=post, expires=now + _EXPIRES_AFTER)


def _number(connection: Connection, chat: str, place: str, message: str, kind: ActionKind) -> int:
    return 1 + sum(one.kind == kind for one in outbox_queries.actions_on(connection, chat, place, message))
