"""Moves a chat that has not begun to another start: the chat, and who is told in which words. Pure.

Only those are told who were told of the chat before. Its name, and so its address and its private links, stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from bot import wording
from bot.chat import ADVANCE_KINDS, Chat, Slot, at_start
from bot.messages import Value
from bot.store.outbox_queries import OutboxRow

_replace = msgspec.structs.replace

_TELLING = (*ADVANCE_KINDS, "notice")
"""Kinds of posts before the start after which people know of a chat."""

PREFIX = "moved-"
"""Begins the keys of the posts that tell of a move."""


class Move(Value, frozen=True, kw_only=True):
    """A chat at its new start, and the post that tells the `places` of it, which were told before; None: there is none.

    `was` is the start before.
    """

    chat: Chat
    was: datetime
    notice: Slot | None = None
    places: frozenset[str] = frozenset()


def told_places(rows: Iterable[OutboxRow]) -> frozenset[str]:
    """The places where people were told of a chat, or may have been."""
    told = (
        row for row in rows if row.post.kind in _TELLING and row.attempts and row.state not in ("failed", "skipped")
    )
    return frozenset(row.post.place for row in told)


def move_chat(chat: Chat, rows: Sequence[OutboxRow], starts: datetime, now: datetime) -> Move:
    """The chat at another start; its questions keep their distances from it. `rows` are all of its posts."""
    return told_of_move(at_start(chat, starts), chat.starts, rows, now)


def told_of_move(chat: Chat, was: datetime, rows: Sequence[OutboxRow], now: datetime) -> Move:
    """A chat that `was` to start at another time, and who is told of that."""
    places = told_places(rows)
    if not places or was == chat.starts:
        return Move(chat=chat, was=was)
    chat = _replace(chat, moved=chat.moved + 1)
    notice = Slot(key=f"{PREFIX}{chat.moved}", kind="announcement", at=now, text=wording.moved(chat, was))
    return Move(chat=chat, was=was, notice=notice, places=places)


def posts_that_stay(rows: Iterable[OutboxRow]) -> frozenset[tuple[str, str, int]]:
    """The posts about a move that are not tried yet, which a new plan at the same start leaves as they are."""
    return frozenset((row.post.key, row.post.place, row.post.part) for row in rows if row.post.key.startswith(PREFIX))
