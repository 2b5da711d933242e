"""What the bot says because of one message, as posts: to whoever called it, to an author alone, to a moderator alone.

Pure. Whether it may be said, and to whom, others decide.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import wording
from bot.chat import Chat
from bot.messages import Message, Post
from bot.store.planned_posts import PlannedPost, nonce

_WORTH = timedelta(hours=1)
"""How long after a message its receipt is still worth posting."""

_CALM = timedelta(minutes=4)
"""So long after a message was held everybody is reminded, so that nobody is pointed at."""


def receipt(message: Message, chat: str) -> PlannedPost:
    """The receipt for a message that asked the bot to leave its author out."""
    text = wording.left_out_receipt(message.id[-6:])
    return answer(chat, f"receipt-{message.id}", message.place, text, message.at, reply_to=message.id)


def answer(
    chat: str, key: str, place: str, text: str, at: datetime, *, reply_to: str | None = None, to: str | None = None
) -> PlannedPost:
    """What somebody is owed: below what they said, or with `to` for them alone."""
    post = Post(
        chat=chat,
        key=key,
        place=place,
        kind="receipt",
        text=text,
        nonce=nonce(chat, key, place, 1),
        due=at,
        reply_to=reply_to,
        to=to,
    )
    return PlannedPost(post=post, expires=at + _WORTH)


def waits(chat: str, place: str, message: str, author: str, at: datetime) -> PlannedPost:
    """For an author alone: the guard held their message."""
    key = f"waits-{message}"
    return answer(chat, key, place, wording.held_notice(), at, reply_to=message, to=author)


def flagged(chat: str, number: int, why: str, url: str | None, person: tuple[str, str], at: datetime) -> PlannedPost:
    """For a moderator alone, by place and id: a message waits."""
    key = f"flagged-{number}-{person[1]}"
    return answer(chat, key, person[0], wording.moderator_notice(number, why, url), at, to=person[1])


def reminder(chat: Chat, place: str, at: datetime) -> PlannedPost:
    """For everybody, a while after a message was held."""
    key, due = "notice-confidentiality", at + _CALM
    post = Post(
        chat=chat.name,
        key=key,
        place=place,
        kind="notice",
        text=wording.confidentiality_reminder(due.astimezone(ZoneInfo(chat.timezone)), chat.hashtag),
        nonce=nonce(chat.name, key, place, 1),
        due=due,
    )
    return PlannedPost(post=post, expires=due + _CALM)
