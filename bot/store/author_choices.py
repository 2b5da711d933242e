"""Queries on what participants decide about the record: people who want to be in it again, and messages taken out.

Who asked to be left out is in `messages`. A message that its author deleted on its platform never comes back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select, update

from bot.messages import AnyEvent, Returned
from bot.store import moderation_queue
from bot.store.lock_order import lock_messages_of
from bot.store.message_rows import Ident
from bot.store.message_schema import absent, events, messages, stands

_event = msgspec.json.Decoder[AnyEvent](AnyEvent).decode

_is_deleted = exists(
    select(events.c.seq).where(
        events.c.place == messages.c.place, events.c.type == "deleted", events.c.identity == messages.c.id
    )
)
_is_absent = exists(
    select(absent.c.place).where(absent.c.place == messages.c.place, absent.c.author_id == messages.c.author_id)
)


def bring_back(connection: Connection, people: Iterable[Ident], idents: Iterable[Ident]) -> Counter[Ident]:
    """Leave these people out no more, and show these messages again. Returns as the two below."""
    shown = include_people(connection, people)
    shown.update(put_back(connection, idents))  # adding the two would drop the zeros
    return shown


def include_people(connection: Connection, people: Iterable[Ident]) -> Counter[Ident]:
    """Leave people out no more, and show their messages again that they didn't delete or take out one by one.

    Returns by how much the count of each (chat, question) changes.
    """
    shown, people = Counter[Ident](), sorted(people)
    lock_messages_of(connection, people)
    for place, author in people:
        connection.execute(delete(absent).where(absent.c.place == place, absent.c.author_id == author))
        shown.update(_show(connection, and_(messages.c.place == place, messages.c.author_id == author)))
    return shown


def put_back(connection: Connection, idents: Iterable[Ident]) -> Counter[Ident]:
    """Show messages again that their authors had taken out, unless the authors are left out. Returns as above."""
    shown: Counter[Ident] = Counter()
    for place, id in sorted(idents):
        here = and_(messages.c.place == place, messages.c.id == id)
        connection.execute(update(messages).where(here).values(taken_out=False))
        shown.update(_show(connection, and_(here, ~_is_absent)))
    return shown


def said_yes(connection: Connection, chat: str, place: str, author: str) -> bool:
    """Whether the latest of a person's own events of choice in a chat is that they want to be in its record.

    Messages that say so are not looked at, nor choices elsewhere.
    """
    here = events.c.chat == chat, events.c.place == place, events.c.type.in_(("returned", "withdrawn"))
    theirs = events.c.identity.startswith(f"{author} ", autoescape=True)
    latest = connection.scalar(select(events.c.raw).where(*here, theirs).order_by(events.c.seq.desc()).limit(1))
    return latest is not None and isinstance(_event(latest), Returned)


def _show(connection: Connection, which: ColumnElement[bool]) -> Counter[Ident]:
    columns = (messages.c.place, messages.c.id, messages.c.at, messages.c.chat, messages.c.question, messages.c.also)
    elsewhere = messages.c.withheld == False, ~_is_deleted  # noqa: E712 -- a column
    gone = messages.c.gone == True, messages.c.taken_out == False, *elsewhere  # noqa: E712 -- columns
    rows = connection.execute(
        update(messages)
        .where(which, *gone)
        .values(gone=False)
        .returning(*columns, messages.c.verdict, messages.c.merged, stands.label("stands"))
    )
    shown: Counter[Ident] = Counter()
    for row in rows.all():
        if row.chat and row.verdict == "hold":  # it left the queue with its author
            moderation_queue.enqueue(connection, row.chat, row.place, row.id, row.at)
        if _counts(row):
            shown[row.chat, row.question] += 1
            shown.update(dict.fromkeys(((row.chat, other) for other in row.also.split()), 0))
    return shown


def _counts(row: Any) -> bool:  # noqa: ANN401 -- a row
    return bool(row.chat and row.verdict == "keep" and row.stands and not row.merged)
