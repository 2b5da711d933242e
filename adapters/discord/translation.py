"""Discord's events as ours. Pure; malformed events, and those of no interest, become none.

Only people's own messages count: no system notices, bots, webhooks or forwarded messages, and none without text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from adapters.discord import payloads
from adapters.discord.location import Location
from bot.messages import AnyEvent, Author, Deleted, Edited, Message, Reaction

_BY_PEOPLE = frozenset({0, 19})
"""Types of message that people write: plain ones and replies. All others are Discord's own notices."""

_MENTION = re.compile(r"<@!?(\d+)>")


def to_events(kind: str, payload: object, *, location: Location, now: datetime) -> tuple[AnyEvent, ...]:
    """The events in an event of the gateway. `now` is the time of those that Discord gives none for."""
    try:
        return _READERS[kind](payload, location, now) if kind in _READERS else ()
    except (msgspec.ValidationError, ValueError, TypeError):
        return ()


def to_messages(payload: object, *, location: Location) -> tuple[AnyEvent, ...]:
    """A message of the history, with its edit if there was one."""
    try:
        message = msgspec.convert(payload, payloads.MessagePayload)
        return _from_message(message, location)
    except (msgspec.ValidationError, ValueError, TypeError):
        return ()


def as_if_unasked(payload: dict[str, Any], me: int) -> dict[str, Any]:
    """A message as Discord gives it to a bot that reads only what mentions it, though this one may read all."""
    mentions = payload.get("mentions")
    if not isinstance(mentions, list) or str(me) in [one.get("id") for one in mentions if isinstance(one, dict)]:
        return payload
    return payload | {"content": "", "embeds": [], "attachments": [], "components": []}


def by_a_person(message: payloads.MessagePayload) -> bool:
    """Whether a person wrote this message."""
    passed_on = message.message_reference is not None and message.message_reference.type != 0
    by_person = not message.author.bot and not message.webhook_id
    return message.type in _BY_PEOPLE and by_person and not passed_on and bool(message.content)


def _from_message(message: payloads.MessagePayload, location: Location) -> tuple[AnyEvent, ...]:
    if not by_a_person(message):
        return ()
    thread = None if message.channel_id == str(location.channel) else message.channel_id
    reference = message.message_reference
    event = Message(
        place=location.place,
        at=message.timestamp,
        id=message.id,
        author=to_author(message.author, message.member),
        text=message.content,
        reply_to=reference.message_id if reference else None,
        url=location.url(message.id, message.channel_id),
        conversation=thread,
        mentions_bot=str(location.me) in {*_MENTION.findall(message.content), *(user.id for user in message.mentions)},
        role=location.role(message.member),
        changed=message.edited_timestamp is not None,
    )
    if message.edited_timestamp is None:
        return (event,)
    return event, Edited(place=location.place, at=message.edited_timestamp, id=message.id, text=message.content)


def to_author(user: payloads.User, member: payloads.Member | None = None) -> Author:
    """An account, under its name in the server if the event has it."""
    name = (member.nick if member else None) or user.global_name or user.username
    return Author(id=user.id, handle=f"@{user.username}" if user.username else "", name=name)


def _created(payload: object, location: Location, _now: datetime) -> tuple[AnyEvent, ...]:
    return _from_message(msgspec.convert(payload, payloads.MessagePayload), location)


def _updated(payload: object, location: Location, _now: datetime) -> tuple[AnyEvent, ...]:
    new = msgspec.convert(payload, payloads.MessageUpdate)
    if new.edited_timestamp is None or not new.content or new.type not in _BY_PEOPLE or (new.author and new.author.bot):
        return ()
    return (Edited(place=location.place, at=new.edited_timestamp, id=new.id, text=new.content),)


def _deleted(payload: object, location: Location, now: datetime) -> tuple[AnyEvent, ...]:
    gone = msgspec.convert(payload, payloads.MessageDelete)
    return tuple(Deleted(place=location.place, at=now, id=id) for id in (gone.id, *gone.ids) if id)


def _reacted(payload: object, location: Location, now: datetime) -> tuple[AnyEvent, ...]:
    it = msgspec.convert(payload, payloads.ReactionAdd)
    user = it.member.user if it.member and it.member.user else payloads.User(id=it.user_id)
    if user.bot or it.user_id == str(location.me):
        return ()
    emoji = f":{it.emoji.name}:" if it.emoji.id and it.emoji.name else it.emoji.name or ""
    author = to_author(user, it.member)
    return (Reaction(place=location.place, at=now, id=it.message_id, author=author, emoji=emoji),)


_READERS: dict[str, Callable[[object, Location, datetime], tuple[AnyEvent, ...]]] = {
    "MESSAGE_CREATE": _created,
    "MESSAGE_UPDATE": _updated,
    "MESSAGE_DELETE": _deleted,
    "MESSAGE_DELETE_BULK": _deleted,
    "MESSAGE_REACTION_ADD": _reacted,
}
