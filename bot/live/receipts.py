"""Receipts and notices, as posts: answers to people who mention the bot, and notices about held messages. Pure.

Whether they may be posted, and to whom, is decided elsewhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

from bot import private_notices, wording
from bot.chat import Chat
from bot.messages import Message, Post
from bot.store.planned_posts import PlannedPost, nonce
from bot.translation import _

_EXPIRES_AFTER = timedelta(hours=1)
"""The time after a message in which its receipt may be posted."""

_REMINDER_DELAY = timedelta(minutes=4)
"""The time between a held message and the reminder to everybody, so that nobody is pointed at."""


def privacy_answer(request: str, number: str = "") -> str:
    """The answer to what somebody asked about the record, by `Request` of `bot.live.consent`.

    `not yours`: it was not about a message of theirs. `number` makes each differ: platforms refuse the same text twice.
    """
    said = {
        "leave": _('Done: nothing of yours will be in our transcript. "put me back" undoes that.'),
        "return": _("Done: what you write here is in our transcript (again)."),
        "take out": _('Done: that post will not be in our transcript. "put this back", as a reply to it, undoes that.'),
        "put back": _("Done: that post is in our transcript again."),
        "not yours": _("To leave out one post of yours, or put it back, reply to it. Only its author can do that."),
        "stop": _("Done: I will not write to you again."),
        "hold": _("I tell you that in private: send me the same words in a direct message."),
        "forget": _('I erase all that I hold on you, for good, if you write "forget me yes" to me.'),
        "forget yes": _("It is begun: all that I hold on you is being erased. What you write from now on is new."),
    }[request]
    return said + (_(" (Receipt {number})").format(number=number) if number else "")


def privacy_receipt(message: Message, chat: str, request: str, *, private: bool) -> PlannedPost:
    """The receipt for a message that asked the bot for something about the record, or could not.

    `private`: its author alone reads it; else it is a reply below the message.
    """
    text, to = privacy_answer(request, message.id[-6:]), message.author.id if private else None
    return receipt(chat, f"receipt-{message.id}", message.place, text, message.at, reply_to=message.id, to=to)


def receipt(
    chat: str, key: str, place: str, text: str, at: datetime, *, reply_to: str | None = None, to: str | None = None
) -> PlannedPost:
    """A receipt: a reply to the message, or with `to` a private post for one person."""
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
    return PlannedPost(post=post, expires=at + _EXPIRES_AFTER)


def held_notice(chat: str, place: str, message: str, author: str, at: datetime) -> PlannedPost:
    """A private notice to an author: the guard held their message."""
    key = f"waits-{message}"
    return receipt(chat, key, place, private_notices.held_notice(), at, reply_to=message, to=author)


def moderator_notice(
    chat: str, number: int, why: str, url: str | None, person: tuple[str, str], at: datetime
) -> PlannedPost:
    """A private notice to a moderator, by place and id: a message waits for a decision."""
    key = f"flagged-{number}-{person[1]}"
    return receipt(chat, key, person[0], private_notices.moderator_notice(number, why, url), at, to=person[1])


def concern_notice(chat: str, about: str, text: str, person: tuple[str, str], at: datetime) -> PlannedPost:
    """A private notice to someone who leads, by place and id: something did not work. `about` is the concern's key."""
    key = f"concern-{blake2b(about.encode(), digest_size=6).hexdigest()}-{person[1]}"
    return receipt(chat, key, person[0], private_notices.concern_notice(text), at, to=person[1])


def confidentiality_reminder(chat: Chat, place: str, at: datetime) -> PlannedPost:
    """A reminder to everybody, a while after a message was held."""
    key, due = "notice-confidentiality", at + _REMINDER_DELAY
    post = Post(
        chat=chat.name,
        key=key,
        place=place,
        kind="notice",
        text=wording.confidentiality_reminder(chat, due),
        nonce=nonce(chat.name, key, place, 1),
        due=due,
    )
    return PlannedPost(post=post, expires=due + _REMINDER_DELAY)
