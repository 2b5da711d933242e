"""Queries on who wrote in which chat of a series. Ids only, and they go no further than a count."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from bot.messages.keyed_ids import is_keyed
from bot.store.message_rows import Ident
from bot.store.message_schema import messages, stands
from bot.store.schema import chats


def returning_writers(connection: Connection, series: str = "") -> dict[str, frozenset[Ident] | None]:
    """For each chat, those of its writers of whom a message is kept in an earlier one of its series.

    None where nobody can say any more, because the ids of its accounts were deleted. Of one series or of all. Of chats
    that begin at the same time, the one whose name comes first counts as earlier.
    """
    wrote = _writers(connection)
    found: dict[str, frozenset[Ident] | None] = {}
    seen: dict[str, set[Ident]] = defaultdict(set)
    for (name,) in connection.execute(select(chats.c.name).order_by(chats.c.starts, chats.c.name)):
        its_series, writers = name.partition("/")[0], wrote.get(name, set())
        if series in {"", its_series}:
            is_known = not any(is_keyed(id) for _, id in writers)
            found[name] = frozenset(writers & seen[its_series]) if is_known else None
            seen[its_series] |= writers
    return found


def _writers(connection: Connection) -> dict[str, set[Ident]]:
    """The people with a message that stands, by chat."""
    query = (
        select(messages.c.chat, messages.c.place, messages.c.author_id)
        .where(messages.c.gone.is_(False), messages.c.verdict == "keep", messages.c.author_id != "", stands)
        .distinct()
    )
    found: dict[str, set[Ident]] = defaultdict(set)
    for chat, place, author in connection.execute(query):
        found[chat].add((place, author))
    return found
