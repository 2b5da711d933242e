"""Queries on the numbers by which a program watches the bot. No texts, no ids and no names of people are read.

Each stays quick in a store of many years: it reads an index, or the chats of the last day.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.messages import Value
from bot.store import ledger
from bot.store.message_schema import messages, queue
from bot.store.post_states import OPEN_STATES
from bot.store.schema import chats, commands, outbox

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)

Count = dict[tuple[str, str], int]
"""How many there are, by place and by a state or verdict."""


class Figures(Value, frozen=True, kw_only=True):
    """The numbers at one moment. Seconds, and millionths of a US dollar.

    `posts` by place and state; `messages` by place and verdict, of chats of the last day; `late` by place: the most
    that a question of the last hour was, or still is, behind its time. `waiting` are messages that wait for a
    moderator, the first of them for `longest_wait`; `commands` those that nobody has taken; `spent` by place, in this
    month of UTC.
    """

    posts: Count
    messages: Count
    late: dict[str, float]
    waiting: int
    longest_wait: float
    commands: int
    spent: dict[str, int]
    live: int


def figures(connection: Connection, now: datetime) -> Figures:
    """All numbers at `now`."""
    waiting, oldest = connection.execute(select(func.count(), func.min(queue.c.at)).select_from(queue)).one()
    not_taken = select(func.count()).select_from(commands).where(commands.c.state == "waiting")
    live = select(func.count()).select_from(chats).where(chats.c.starts <= now, chats.c.ends > now)
    near = list(
        connection.scalars(select(chats.c.name).where(chats.c.starts <= now + _HOUR, chats.c.ends > now - _DAY))
    )
    return Figures(
        posts=_posts(connection),
        messages=_messages(connection, near),
        late=_late(connection, near, now),
        waiting=waiting,
        longest_wait=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        commands=connection.scalar(not_taken) or 0,
        spent=ledger.month_totals(connection, now),
        live=connection.scalar(live) or 0,
    )


def _posts(connection: Connection) -> Count:
    query = select(outbox.c.place, outbox.c.state, func.count()).group_by(outbox.c.place, outbox.c.state)
    return {(place, state): number for place, state, number in connection.execute(query)}


def _messages(connection: Connection, near: list[str]) -> Count:
    """Chat by chat, so that the index of a chat's messages is used, whatever the database thinks of long lists."""
    found: Counter[tuple[str, str]] = Counter()
    for chat in near:
        query = (
            select(messages.c.place, messages.c.verdict, func.count())
            .where(messages.c.chat == chat, messages.c.gone.is_(False))
            .group_by(messages.c.place, messages.c.verdict)
        )
        for place, verdict, number in connection.execute(query):
            found[place, verdict] += number
    return found


def _late(connection: Connection, near: list[str], now: datetime) -> dict[str, float]:
    found: dict[str, float] = {}
    counted = outbox.c.state.in_((*OPEN_STATES, "sent"))
    for chat in near:
        query = select(outbox.c.place, outbox.c.due, outbox.c.sent_at).where(
            outbox.c.chat == chat, outbox.c.kind == "question", counted, outbox.c.due.between(now - _HOUR, now)
        )
        for place, due, sent_at in connection.execute(query):
            late = max(((sent_at or now) - due).total_seconds(), 0.0)
            found[place] = max(found.get(place, 0.0), late)
    return found
