"""Chats that the bot keeps otherwise than their files say: moved to another start, called off, or without a file.

A chat whose file is gone though people were told of it is held as it was planned, until it is called off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from bot.chat import Chat, at_start
from bot.store import chats, outbox_queries
from bot.store.chats import StoredChat

MovedStarts = Mapping[tuple[str, datetime], datetime]
"""When chats start by name and the start that their file has: a file that has another since counts again."""


class KeptPlans(NamedTuple):
    """A series' plans that differ from its files: the starts of moved chats, and those of chats that are called off."""

    moved: MovedStarts
    called_off: Mapping[str, datetime]

    def start_of(self, chat: Chat) -> datetime:
        """The start that counts for a chat as read from its file; one that is called off keeps its own."""
        return self.called_off.get(chat.name) or self.moved.get((chat.name, chat.starts), chat.starts)


def kept_plans(stored: Mapping[str, StoredChat]) -> KeptPlans:
    """The plans that the bot keeps for these chats, by their names."""
    called_off = {name: one.chat.starts for name, one in stored.items() if one.state.cancelled}
    return KeptPlans(_moved_starts(stored.values()), called_off)


def plans_of_series(connection: Connection, series: str) -> KeptPlans:
    """The plans that the bot keeps for the chats of a series."""
    return kept_plans(chats.of_series(connection, series))


def as_kept(chat: Chat, plans: KeptPlans) -> Chat:
    """A chat as read from its file, at the start that the bot keeps for it."""
    return at_start(chat, plans.start_of(chat))


def _moved_starts(stored: Iterable[StoredChat]) -> MovedStarts:
    """The starts that the bot keeps and that are not those of the files as it read them last."""
    return {
        (one.written.name, one.written.starts): one.chat.starts
        for one in stored
        if one.written and one.written.starts != one.chat.starts
    }


def without_file(
    connection: Connection, series: str, files: Collection[str], places: Collection[str], now: datetime
) -> dict[str, tuple[Chat, ...]]:
    """The chats of a series ahead that are planned on these places and have none of these files, by their own file."""
    found = defaultdict[str, list[Chat]](list)
    for one in chats.of_series(connection, series).values():
        file = (one.written or one.chat).file
        if file not in files and not one.state.cancelled and one.chat.starts > now:
            found[file].append(one.chat)
    names = [chat.name for each in found.values() for chat in each]
    planned = outbox_queries.planned_times(connection, places, names) if names else {}
    left = {file: tuple(one for one in each if one.name in planned) for file, each in found.items()}
    return {file: each for file, each in left.items() if each}
