"""MessageRow, a row of `messages` as a mutable value, and its conversions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from bot.messages import Author, Verdict
from bot.ports.views import MessageView
from bot.store.instant import microseconds
from bot.store.message_schema import REPOST, messages

_author = msgspec.json.Decoder(Author).decode
_encode = msgspec.json.Encoder().encode

Ident = tuple[str, str]
"""A place, and the id of a message or an account there."""


class MessageRow(msgspec.Struct, kw_only=True, gc=False):
    """A message's row while a batch changes it. `author` is None if only its edit or deletion came so far.

    `text` is as it reads; it is empty if nothing is left of the message. `refers` is what it refers to, as JSON that
    the store does not interpret. `also` are the questions that it answers besides `question`, where it is counted.
    `moved` is the question to which a host moved it. `merged` is the message of which it is a copy, as `place/id`.
    `taken_out`: its author wants it out of the record. `withheld`: its platform hides it for now. In both cases it is
    `gone`, too.
    """

    place: str
    id: str
    chat: str | None
    question: str
    reason: str
    at: datetime
    author: Author | None
    text: str
    reply_to: str | None
    reply_place: str | None
    url: str | None
    edited: datetime | None = None
    gone: bool = False
    verdict: Verdict = "keep"
    refers: str = ""
    also: tuple[str, ...] = ()
    moved: str = ""
    merged: str = ""
    highlighted: bool = False
    taken_out: bool = False
    withheld: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is shown under its question and counted there."""
        shown = (
            self.author is not None
            and not self.gone
            and self.verdict == "keep"
            and bool(self.text)
            and self.reason != REPOST
            and not self.merged
        )
        return self.chat is not None and shown


def row_of(row: Row[Any]) -> MessageRow:
    """A row of `messages` as a value."""
    return MessageRow(
        place=row.place,
        id=row.id,
        chat=row.chat,
        question=row.question,
        reason=row.reason,
        at=row.at,
        author=_author(row.author) if row.author_id else None,
        text=row.text,
        reply_to=row.reply_to,
        reply_place=row.reply_place,
        url=row.url,
        edited=row.edited,
        gone=row.gone,
        verdict=row.verdict,
        refers=row.refers,
        also=tuple(row.also.split()),
        moved=row.moved,
        merged=row.merged,
        highlighted=row.highlighted,
        taken_out=row.taken_out,
        withheld=row.withheld,
    )


VALUES = tuple(one.name for one in messages.columns if one.name not in {"place", "id"})
"""The columns of `messages` beside the two that tell which message it is."""

_LATER = frozenset({"reply_place", "edited", "moved", "merged", "highlighted", "taken_out", "withheld"})
FIRST_VALUES = tuple(name for name in VALUES if name not in _LATER)
"""Those in which messages differ that are as they were heard. The table has the values of the others."""


def is_as_heard(one: MessageRow) -> bool:
    """Whether a message is as it was heard, and replies to none on another place: as nearly all new ones."""
    return not (
        one.reply_place or one.edited or one.moved or one.merged or one.highlighted or one.taken_out or one.withheld
    )


def first_values_of(one: MessageRow) -> tuple[Any, ...]:
    """The values for `FIRST_VALUES`, in the driver's form.

    They are few because SQLite's driver looks up anew how to write each None and each truth value.
    """
    author = one.author
    return (
        one.chat,
        one.question,
        one.reason,
        microseconds(one.at),
        author.id if author else "",
        _encode(author).decode() if author else "",
        one.text,
        one.reply_to,
        one.url,
        one.gone,
        one.verdict,
        one.refers,
        f" {' '.join(one.also)} " if one.also else "",
    )


def values_of(one: MessageRow) -> tuple[Any, ...]:
    """The values for `VALUES`, in the driver's form."""
    *first, url, gone, verdict, refers, also = first_values_of(one)
    return (
        *first,
        one.reply_place,
        url,
        microseconds(one.edited) if one.edited else None,
        gone,
        verdict,
        refers,
        also,
        one.moved,
        one.merged,
        one.highlighted,
        one.taken_out,
        one.withheld,
    )


def view_of(one: MessageRow, author: Author) -> MessageView:
    """The message as a place may show it."""
    return MessageView(
        place=one.place,
        id=one.id,
        author=author,
        text=one.text,
        at=one.at,
        question=one.question,
        reason=one.reason,
        reply_to=one.reply_to,
        reply_place=one.reply_place,
        url=one.url,
        edited=one.edited,
        also=one.also,
        highlighted=one.highlighted,
    )
