"""Chats of which a command changed what their file says: moved to another start, or called off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from bot.chat import Chat, at_start
from bot.store import chats
from bot.store.chats import StoredChat

MovedStarts = Mapping[tuple[str, datetime], datetime]
"""When chats start by name and the start that their file has: a file that has another since counts again."""


class KeptPlans(NamedTuple):
    """What the bot keeps of the chats of a series besides their files: the starts of some, and who is called off."""

    moved: MovedStarts
    called_off: Collection[str]


def kept_plans(stored: Mapping[str, StoredChat]) -> KeptPlans:
    """The same for chats by their names."""
    return KeptPlans(moved_starts(stored.values()), {name for name, one in stored.items() if one.state.cancelled})


def moved_starts(stored: Iterable[StoredChat]) -> MovedStarts:
    """The starts that the bot keeps and that are not those of the files as it read them last."""
    return {
        (one.written.name, one.written.starts): one.chat.starts
        for one in stored
        if one.written and one.written.starts != one.chat.starts
    }


def moved_in(connection: Connection, series: str) -> MovedStarts:
    """The same for the chats of a series."""
    return moved_starts(chats.of_series(connection, series).values())


def as_kept(chat: Chat, moved: MovedStarts) -> Chat:
    """A chat as read from its file, at the start that the bot keeps for it."""
    return at_start(chat, moved.get((chat.name, chat.starts), chat.starts))
