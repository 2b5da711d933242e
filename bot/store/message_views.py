"""Queries on messages as places show them. They are asked for with every message, so each is put together only once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BigInteger, Connection, Row, and_, bindparam, func, or_, select, text, type_coerce

from bot.messages import Author
from bot.ports.views import MessageView
from bot.store.instant import instant
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
_raw = (  # instants as they are stored: most rows are only compared
    messages.c.place,
    messages.c.id,
    messages.c.author,
    messages.c.text,
    type_coerce(messages.c.at, BigInteger).label("at"),
    messages.c.question,
    messages.c.reason,
    messages.c.reply_to,
    messages.c.reply_place,
    messages.c.url,
    type_coerce(messages.c.edited, BigInteger).label("edited"),
    messages.c.also,
    messages.c.highlighted,
    messages.c.taken_out,
)
_newest = (
    _shown.with_only_columns(*_raw)
    .where(messages.c.chat == bindparam("in"), messages.c.at < bindparam("until"))
    .order_by(messages.c.at.desc(), func.length(messages.c.id).desc(), messages.c.id.desc())  # ids count upwards
    .limit(bindparam("most"))
)
_newest_under = (
    _newest.where(messages.c.question == bindparam("key")),
    _newest.where(text("also != ''"), messages.c.also.contains(bindparam("named"))),  # as its index has it
)


class ReadMessage(NamedTuple):
    """A message as it was read, and the row of which it was made."""

    row: tuple[object, ...]
    view: MessageView


def shown_under(
    connection: Connection, chat: str, question: str, before: datetime | None, limit: int
) -> list[MessageView]:
    """The newest shown messages under a question, oldest first; also those that belong to another and name it."""
    return [one.view for one in read_again(connection, chat, question, before, limit, {})]


def read_again(
    connection: Connection,
    chat: str,
    question: str,
    before: datetime | None,
    limit: int,
    known: Mapping[tuple[object, ...], ReadMessage],
) -> list[ReadMessage]:
    """The same. `known` are messages by place and id as they were read before, under this question.

    Of most of a hundred nothing has changed since then, and they are the same values again.
    """
    values = {"in": chat, "key": question, "named": f" {question} ", "until": before or _EVER, "most": limit}
    found: list[ReadMessage] = []
    for query in _newest_under:
        for row in reversed(connection.execute(query, values).all()):
            values_now = tuple(row)
            old = known.get(values_now[:2])
            same = old if old is not None and values_now == old.row else None
            found.append(same or ReadMessage(values_now, _raw_view(row).under(question)))
    return sorted(found, key=lambda one: one.view.at)[-limit:]


def read_each_again(
    connection: Connection,
    chat: str,
    before: datetime | None,
    limit: int,
    known: Mapping[str, Mapping[tuple[object, ...], ReadMessage]],
) -> dict[str, list[ReadMessage]]:
    """The same for each question of which something is `known`, if only nothing."""
    return {key: read_again(connection, chat, key, before, limit, of_key) for key, of_key in known.items()}


def hidden_messages(connection: Connection, place: str, chat: str, author: str) -> list[MessageView]:
    """The messages of one author in a chat that are held or dropped, or that they took out."""
    return [_view(row) for row in connection.execute(_hidden, {"on": place, "in": chat, "by": author})]


def find(connection: Connection, place: str, id: str, chat: str = "") -> MessageView | None:
    """One shown message, or None; with `chat` only if it is of that chat."""
    row = connection.execute(_one, {"on": place, "id": id}).first()
    return _view(row) if row and (not chat or row.chat == chat) else None


def _view(row: Row[Any]) -> MessageView:
    return _made(row, row.at, row.edited)


def _raw_view(row: Row[Any]) -> MessageView:
    return _made(row, instant(row.at), None if row.edited is None else instant(row.edited))


def _made(row: Row[Any], at: datetime, edited: datetime | None) -> MessageView:
    return MessageView(
        place=row.place,
        id=row.id,
        author=_author(row.author),
        text=row.text,
        at=at,
        question=row.question,
        reason=row.reason,
        reply_to=row.reply_to,
        reply_place=row.reply_place,
        url=row.url,
        edited=edited,
        also=tuple(row.also.split()),
        highlighted=row.highlighted,
        taken_out=row.taken_out,
    )
