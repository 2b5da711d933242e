"""Discord's events as ours. Pure; malformed events, and those of no interest, become none.

Only people's own messages count: no system notices, bots or webhooks, and none without anything in it. Where Discord
shows the bot only messages to itself, one that is edited so that it no longer mentions the bot is taken back: nothing
is left of it here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import discord

from adapters.discord import content, payloads
from adapters.discord.content import NameOf
from adapters.discord.location import Location
from adapters.kit.payloads import NoteOdd, read_in_part
from bot.messages import AnyEvent, Author, Deleted, Edited, Message, Reaction

_BY_PEOPLE = frozenset({0, 19})
"""Types of message that people write: plain ones and replies. All others are Discord's own notices."""

_REFERENCES = frozenset({0, payloads.FORWARD})
"""Types of reference to another message that we know: a reply, and a forward."""

_DIGITS = re.compile(r"[0-9]{1,20}")


class Around(NamedTuple):
    """The surroundings of an event: the bot's `location`, and `now` for events without a time.

    `name_of` gives the names of the server's channels and roles; `note` is told the names of odd parts.
    """

    location: Location
    now: datetime
    name_of: NameOf
    note: NoteOdd


def to_events(
    kind: str,
    payload: object,
    *,
    location: Location,
    now: datetime,
    name_of: NameOf = lambda _mark: None,
    note: NoteOdd = lambda _name: None,
) -> tuple[AnyEvent, ...]:
    """The events in an event of the gateway. The keywords are as in `Around`."""
    return _READERS[kind](payload, Around(location, now, name_of, note)) if kind in _READERS else ()


def to_messages(
    payload: object,
    *,
    location: Location,
    name_of: NameOf = lambda _mark: None,
    note: NoteOdd = lambda _name: None,
) -> tuple[AnyEvent, ...]:
    """A message of the history, with its edit if there was one. The keywords are as in `Around`."""
    return _created(payload, Around(location, discord.utils.snowflake_time(0), name_of, note))


def as_if_unasked(payload: dict[str, Any], me: int) -> dict[str, Any]:
    """A message as Discord gives it to a bot that reads only what mentions it, though this one may read all."""
    mentions = payload.get("mentions")
    named = [one.get("id") for one in mentions if isinstance(one, dict)] if isinstance(mentions, list) else []
    if "content" not in payload or str(me) in named:
        return payload
    rest = {name: value for name, value in payload.items() if name != "poll"}
    return rest | {"content": "", "embeds": [], "attachments": [], "components": []}


def by_a_person(message: payloads.MessageContent, author: payloads.User | None) -> bool:
    """Whether a person wrote this message, and in a way that we know."""
    reference = message.message_reference
    known = reference is None or reference.type in _REFERENCES
    return message.type in _BY_PEOPLE and known and not message.webhook_id and not (author and author.bot)


def time_of(message: payloads.MessagePayload) -> datetime | None:
    """The time of a message: as Discord reports it, else by its id; None if neither tells it."""
    if message.timestamp is None and _DIGITS.fullmatch(message.id):
        return discord.utils.snowflake_time(int(message.id))
    return message.timestamp


def to_author(user: payloads.User, member: payloads.Member | None = None) -> Author:
    """An account, under its name in the server if the event has it."""
    name = (member.nick if member else None) or user.global_name or user.username
    return Author(id=user.id, handle=f"@{user.username}" if user.username else "", name=name)


def _created(payload: object, around: Around) -> tuple[AnyEvent, ...]:
    message = read_in_part(payload, payloads.MessagePayload, around.note)
    at = time_of(message) if message else None
    if message is None or at is None or not by_a_person(message, message.author):
        return ()
    edit = (_edit(message, message.edited_timestamp, around),) if message.edited_timestamp else ()
    if not _is_heard(message, around.location):
        return tuple(one for one in edit if not one.text and not one.media)  # what was heard of it is taken back
    return (_message(message, at, around), *edit)


def _is_heard(message: payloads.MessageContent, location: Location) -> bool:
    """Whether it has anything in it that is for us. Without the intent Discord empties messages to others.

    Their stickers and forwards it leaves in; these are not for us either.
    """
    shown = bool(message.content or message.attachments or message.poll)
    ours = shown or location.hears_all or content.mentions(message, location.me)
    return ours and (shown or bool(content.media(message)))


def _message(message: payloads.MessagePayload, at: datetime, around: Around) -> Message:
    location, reference = around.location, message.message_reference
    return Message(
        place=location.place,
        at=at,
        id=message.id,
        author=to_author(message.author, message.member),
        text="" if message.is_forward else message.content or "",
        reply_to=reference.message_id if reference and not message.is_forward else None,
        quotes=reference.message_id if reference and message.is_forward else None,
        url=location.url(message.id, message.channel_id),
        conversation=None if message.channel_id == str(location.channel) else message.channel_id,
        mentions_bot=content.mentions(message, location.me),
        role=location.role(message.member),
        changed=message.edited_timestamp is not None,
        media=content.media(message),
        names=content.names(message, around.name_of),
    )


def _edit(message: payloads.MessageContent, at: datetime, around: Around) -> Edited:
    """The edit of a message. Nothing is left of one that was for us and is so no more: the rest is not ours to read."""
    place = around.location.place
    if not _is_heard(message, around.location):
        return Edited(place=place, at=at, id=message.id, text="", media=())
    media = content.media(message)
    return Edited(
        place=place,
        at=at,
        id=message.id,
        text="" if message.is_forward else message.content or "",
        media=media if media or content.is_told(message) else None,
        names=content.names(message, around.name_of),
    )


def _updated(payload: object, around: Around) -> tuple[AnyEvent, ...]:
    """An edit. Other changes, such as a link's preview, come in the same way, but without the time of an edit."""
    new = read_in_part(payload, payloads.MessageUpdate, around.note)
    if new is None or new.content is None or not by_a_person(new, new.author):
        return ()
    is_dated = isinstance(payload, dict) and bool(payload.get("edited_timestamp"))
    return (_edit(new, new.edited_timestamp or around.now, around),) if is_dated else ()


def _deleted(payload: object, around: Around) -> tuple[AnyEvent, ...]:
    gone = read_in_part(payload, payloads.MessageDelete, around.note)
    ids = (gone.id, *gone.ids) if gone else ()
    return tuple(Deleted(place=around.location.place, at=around.now, id=id) for id in ids if id)


def _reacted(payload: object, around: Around) -> tuple[AnyEvent, ...]:
    it = read_in_part(payload, payloads.ReactionAdd, around.note)
    if it is None:
        return ()
    user = it.member.user if it.member and it.member.user else payloads.User(id=it.user_id)
    if user.bot or it.user_id == str(around.location.me):
        return ()
    emoji = f":{it.emoji.name}:" if it.emoji.id and it.emoji.name else it.emoji.name or ""
    author = to_author(user, it.member)
    return (Reaction(place=around.location.place, at=around.now, id=it.message_id, author=author, emoji=emoji),)


_READERS: dict[str, Callable[[object, Around], tuple[AnyEvent, ...]]] = {
    "MESSAGE_CREATE": _created,
    "MESSAGE_UPDATE": _updated,
    "MESSAGE_DELETE": _deleted,
    "MESSAGE_DELETE_BULK": _deleted,
    "MESSAGE_REACTION_ADD": _reacted,
}
