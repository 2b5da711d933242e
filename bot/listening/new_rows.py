"""The rows of messages that are new to the store. Pure."""

from __future__ import annotations

from datetime import datetime

from bot.messages import Author, Message
from bot.store.message_rows import MessageRow

_NO_NUL = str.maketrans({"\0": "\ufffd"})


def storable(text: str) -> str:
    """The text without NULs: PostgreSQL can't store them. The raw event has them escaped."""
    return text.translate(_NO_NUL) if "\0" in text else text


def new_row(event: Message, chat: str | None, text: str, author: Author, *, gone: bool) -> MessageRow:
    """The row of a message, before it is attributed. `gone`: its author is left out."""
    return MessageRow(
        place=event.place,
        id=event.id,
        chat=chat,
        question="",
        reason="floor",
        at=event.at,
        author=author,
        text=storable(text),
        reply_to=event.reply_to,
        reply_place=event.reply_place,
        url=event.url,
        gone=gone,
    )


def placeholder(place: str, id: str, at: datetime) -> MessageRow:
    """The row of a message of which only an edit, a deletion or a decision came so far, at this time."""
    return MessageRow(
        place=place,
        id=id,
        chat=None,
        question="",
        reason="floor",
        at=at,
        author=None,
        text="",
        reply_to=None,
        reply_place=None,
        url=None,
    )
