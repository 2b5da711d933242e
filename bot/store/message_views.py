"""Queries on messages as places show them. They are asked for with every message, so each is put together only once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, text

from bot.messages import Author
from bot.ports.views import MessageView
from bot.store.message_schema import messages, stands

_author = msgspec.json.Decoder(Author).decode

_EVER = datetime.max.replace(tzinfo=UTC)

_present = select(messages).where(messages.c.gone == False, messages.c.author_id != "", stands)  # noqa: E712 -- a column
_shown = _present.where(messages.c.verdict == "keep")
_one = _shown.where(messages.c.place == bindparam("on"), messages.c.id == bindparam("id"))
_hidden = select(messages).where(
    messages.c.place == bindparam("on"),
    messages.c.chat == bindparam("in"),
    messages.c.author_id == bindparam("by"),
    stands,
    or_(and_(messages.c.gone == False, messages.c.verdict != "keep"), messages.c.taken_out == True),  # noqa: E712
)
_newest = (
    _shown.where(messages.c.chat == bindparam("in"), messages.c.at < bindparam("until"))
    .order_by(messages.c.at.desc(), func.length(messages.c.id).desc(), messages.c.id.desc())  # ids count upwards
    .limit(bindparam("most"))
)
_newest_under = (
    _newest.where(messages.c.question == bindparam("key")),
    _newest.where(text("also != ''"), messages.c.also.contains(bindparam("named"))),  # as its index has it
)


def shown_under(
    connection: Connection, chat: str, question: str, before: datetime | None, limit: int
) -> list[MessageView]:
    """The newest shown messages under a question, oldest first; also those that belong to another and name it."""
    values = {"in": chat, "key": question, "named": f" {question} ", "until": before or _EVER, "most": limit}
    found: list[MessageView] = []
    for query in _newest_under:
        newest = connection.execute(query, values).all()
        found += [_view(row).under(question) for row in reversed(newest)]
    return sorted(found, key=lambda one: one.at)[-limit:]


def hidden_messages(connection: Connection, place: str, chat: str, author: str) -> list[MessageView]:
    """The messages of one author in a chat that are held or dropped, or that they took out."""
    return [_view(row) for row in connection.execute(_hidden, {"on": place, "in": chat, "by": author})]


def find(connection: Connection, place: str, id: str, chat: str = "") -> MessageView | None:
    """One shown message, or None; with `chat` only if it is of that chat."""
    row = connection.execute(_one, {"on": place, "id": id}).first()
    return _view(row) if row and (not chat or row.chat == chat) else None


def _view(row: Row[Any]) -> MessageView:
    return MessageView(
        place=row.place,
        id=row.id,
        author=_author(row.author),
        text=row.text,
        at=row.at,
        question=row.question,
        reason=row.reason,
        reply_to=row.reply_to,
        reply_place=row.reply_place,
        url=row.url,
        edited=row.edited,
        also=tuple(row.also.split()),
        highlighted=row.highlighted,
        taken_out=row.taken_out,
    )
