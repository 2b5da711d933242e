"""From Discord's words to ours: what happened, and what went wrong. Pure; what is malformed or not for us is nothing.

Only what people write is told: no system notice, no bot, no webhook, nothing that was only passed on, and nothing
without text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import msgspec

from adapters.discord import payloads
from adapters.discord.payloads import Home
from bot.messages import AnyEvent, Author, Deleted, Edited, Message, Reaction

_WRITTEN = frozenset({0, 19})
"""Kinds of message that people write: plain, and a reply. All others are Discord's own notices."""

_MENTION = re.compile(r"<@!?(\d+)>")


def to_events(kind: str, payload: object, *, home: Home, now: datetime) -> tuple[AnyEvent, ...]:
    """What an event of the gateway tells. `now` is for what Discord gives no time for."""
    try:
        return _READERS[kind](payload, home, now) if kind in _READERS else ()
    except (msgspec.ValidationError, ValueError, TypeError):
        return ()


def to_messages(payload: object, *, home: Home) -> tuple[AnyEvent, ...]:
    """A message of the history; with its edit, where there was one."""
    try:
        said = msgspec.convert(payload, payloads.Said)
        return _said(said, home)
    except (msgspec.ValidationError, ValueError, TypeError):
        return ()


def written(said: payloads.Said) -> bool:
    """Whether these are a person's own words."""
    passed_on = said.message_reference is not None and said.message_reference.type != 0
    by_person = not said.author.bot and not said.webhook_id
    return said.type in _WRITTEN and by_person and not passed_on and bool(said.content)


def _said(said: payloads.Said, home: Home) -> tuple[AnyEvent, ...]:
    if not written(said):
        return ()
    thread = None if said.channel_id == str(home.channel) else said.channel_id
    reference = said.message_reference
    message = Message(
        place=home.place,
        at=said.timestamp,
        id=said.id,
        author=to_author(said.author, said.member),
        text=said.content,
        reply_to=reference.message_id if reference else None,
        url=home.url(said.id, said.channel_id),
        conversation=thread,
        mentions_bot=str(home.me) in {*_MENTION.findall(said.content), *(user.id for user in said.mentions)},
        role=home.role(said.member),
        changed=said.edited_timestamp is not None,
    )
    if said.edited_timestamp is None:
        return (message,)
    return message, Edited(place=home.place, at=said.edited_timestamp, id=said.id, text=said.content)


def to_author(user: payloads.User, member: payloads.Member | None = None) -> Author:
    """An account, under the name that the server shows where it is told."""
    name = (member.nick if member else None) or user.global_name or user.username
    return Author(id=user.id, handle=f"@{user.username}" if user.username else "", name=name)


def _created(payload: object, home: Home, _now: datetime) -> tuple[AnyEvent, ...]:
    return _said(msgspec.convert(payload, payloads.Said), home)


def _updated(payload: object, home: Home, _now: datetime) -> tuple[AnyEvent, ...]:
    new = msgspec.convert(payload, payloads.Changed)
    if new.edited_timestamp is None or not new.content or new.type not in _WRITTEN or (new.author and new.author.bot):
        return ()
    return (Edited(place=home.place, at=new.edited_timestamp, id=new.id, text=new.content),)


def _deleted(payload: object, home: Home, now: datetime) -> tuple[AnyEvent, ...]:
    gone = msgspec.convert(payload, payloads.Gone)
    return tuple(Deleted(place=home.place, at=now, id=id) for id in (gone.id, *gone.ids) if id)


def _reacted(payload: object, home: Home, now: datetime) -> tuple[AnyEvent, ...]:
    it = msgspec.convert(payload, payloads.Reacted)
    user = it.member.user if it.member and it.member.user else payloads.User(id=it.user_id)
    if user.bot or it.user_id == str(home.me):
        return ()
    emoji = f":{it.emoji.name}:" if it.emoji.id and it.emoji.name else it.emoji.name or ""
    author = to_author(user, it.member)
    return (Reaction(place=home.place, at=now, id=it.message_id, author=author, emoji=emoji),)


_READERS: dict[str, Callable[[object, Home, datetime], tuple[AnyEvent, ...]]] = {
    "MESSAGE_CREATE": _created,
    "MESSAGE_UPDATE": _updated,
    "MESSAGE_DELETE": _deleted,
    "MESSAGE_DELETE_BULK": _deleted,
    "MESSAGE_REACTION_ADD": _reacted,
}
