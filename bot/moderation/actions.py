"""What is to be done to a message on its platform, as posts for the outbox: each change of mind once.

Whether the platform lets it be done, the caller knows.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.live.live_chats import LiveChats
from bot.messages import ActionKind, PlatformAction, Post
from bot.store import outbox_queries, planned_posts
from bot.store.planned_posts import PlannedPost, nonce

_WORTH = timedelta(days=1)
"""How long a measure is still worth taking."""

_OPPOSITE: dict[ActionKind, ActionKind] = {"hide": "show", "show": "hide"}


def under_ours(live_chats: LiveChats, place: str, parent: tuple[str, str], conversation: str | None) -> bool:
    """Whether a message hangs under a post of the bot's own: there a platform may let us hide it."""
    return (parent[0] == place and live_chats.ours(*parent)) or live_chats.ours(place, conversation or "")


def ask(connection: Connection, chat: str, place: str, message: str, kind: ActionKind, now: datetime) -> bool:
    """Plan to hide a message, or to show it again. Returns whether there is something to be done.

    What is so already, or is to be so, is not planned again; what nobody tried yet is taken back instead of undone.
    A message that was never hidden need not be shown.
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
    """The measure as a post. `number` counts how often this deed was planned for this message."""
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
    return PlannedPost(post=post, expires=now + _WORTH)


def _number(connection: Connection, chat: str, place: str, message: str, kind: ActionKind) -> int:
    return 1 + sum(one.kind == kind for one in outbox_queries.actions_on(connection, chat, place, message))
