"""Chats whose file is gone though people were told of them: they are held as they were planned, until called off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from bot.chat import Chat
from bot.store import chats, outbox_queries


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
