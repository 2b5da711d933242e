"""Queries on who is in a chat: those who joined or wrote, and when they last did."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from bot.messages import AnyEvent, Author, Joined, Value
from bot.store import people
from bot.store.message_rows import Ident
from bot.store.message_schema import events, messages

_ALL = 1000
"""People who joined that are looked through."""

_author = msgspec.json.Decoder(Author).decode
_event: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


class Participant(Value, frozen=True, kw_only=True):
    """A person in a chat, under their latest name. `at` is when they last wrote, or else joined."""

    place: str
    author: Author
    at: datetime


def latest(connection: Connection, chat: str, limit: int) -> list[Participant]:
    """The people who joined or wrote last, latest first. Who asked to be left out, or took all back, isn't there."""
    wrote = {(one.place, one.author.id): one for one in _writers(connection, chat, limit)}
    came = {(one.place, one.author.id): one for one in joined(connection, chat, limit)}
    left_out = _left_out(connection)
    known = [one for key, one in (came | wrote).items() if key not in left_out]
    return sorted(known, key=lambda one: one.at, reverse=True)[:limit]


def joined(connection: Connection, chat: str, limit: int) -> list[Participant]:
    """The people who joined last, each as they did so last."""
    query = select(events.c.raw).where(events.c.chat == chat, events.c.type == "joined")
    found: dict[tuple[str, str], Participant] = {}
    for raw in connection.scalars(query.order_by(events.c.seq.desc()).limit(limit)):
        event = _event.decode(raw)
        if isinstance(event, Joined):
            one = Participant(place=event.place, author=event.author, at=event.at)
            found.setdefault((one.place, one.author.id), one)
    return list(found.values())


def names(connection: Connection, chat: str, idents: Collection[Ident]) -> list[str]:
    """The names of people in a chat, as they are shown; for those who only joined, the name they joined with."""
    known = people.latest_authors(connection, idents)
    if len(known) < len(set(idents)):
        came = joined(connection, chat, _ALL)
        known = {(one.place, one.author.id): one.author for one in came} | known
    return [known[one].shown if one in known else one[1] for one in idents]


def _left_out(connection: Connection) -> set[tuple[str, str]]:
    query = select(events.c.place, events.c.identity).where(events.c.type == "withdrawn")
    return {(row.place, row.identity) for row in connection.execute(query)}


def _writers(connection: Connection, chat: str, limit: int) -> list[Participant]:
    last = func.max(messages.c.at)
    theirs = messages.c.chat == chat, messages.c.author_id != "", messages.c.gone == False  # noqa: E712 -- a column
    who = (
        select(messages.c.place, messages.c.author_id, last.label("last"))
        .where(*theirs)
        .group_by(messages.c.place, messages.c.author_id)
        .order_by(last.desc())
        .limit(limit)
        .subquery()
    )
    same = (messages.c.place == who.c.place) & (messages.c.author_id == who.c.author_id) & (messages.c.at == who.c.last)
    query = select(messages.c.place, messages.c.author, messages.c.at).join(who, same).where(messages.c.chat == chat)
    return [Participant(place=row.place, author=_author(row.author), at=row.at) for row in connection.execute(query)]
