"""The parsed commands about people and messages, and how a text refers to a person or a message."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Value


class MessageReference(Value, frozen=True, kw_only=True):
    """A reference to a message: its id, with the place if it was given, or its number in the queue."""

    id: str = ""
    place: str | None = None
    number: int | None = None


class PersonReference(Value, frozen=True, kw_only=True):
    """A reference to a person by just one of id, handle, name and `author_of`. `lookup` finds out who that is.

    `bare`: the name stood without quotes, so it may be no name at all.
    """

    place: str | None = None
    id: str | None = None
    handle: str | None = None
    name: str | None = None
    author_of: MessageReference | None = None
    bare: bool = False


class Hide(Value, frozen=True, kw_only=True):
    """Leave a message out of the transcript."""

    message: MessageReference


class Show(Value, frozen=True, kw_only=True):
    """Take a message back into the transcript. `sure`: even if it may identify a patient."""

    message: MessageReference
    sure: bool = False


class Mute(Value, frozen=True, kw_only=True):
    """Mute a person; for the whole chat if no length is given."""

    person: PersonReference
    length: timedelta | None = None


class Unmute(Value, frozen=True, kw_only=True):
    """End a person's mutes and ban."""

    person: PersonReference


class Ban(Value, frozen=True, kw_only=True):
    """Mute a person in all chats, for good."""

    person: PersonReference
    sure: bool = False


class Slow(Value, frozen=True, kw_only=True):
    """Limit each person to one message in this time; None: no limit."""

    by: timedelta | None


class HoldAll(Value, frozen=True, kw_only=True):
    """Hold first messages in the queue, or stop doing so."""

    on: bool


class Hold(Value, frozen=True, kw_only=True):
    """Put a message in the queue."""

    message: MessageReference


class Held(Value, frozen=True, kw_only=True):
    """List the queue."""


class Approve(Value, frozen=True, kw_only=True):
    """Let a held message through. `number` is its number in the queue. `sure`: even if it may identify a patient."""

    number: int
    sure: bool = False


class Drop(Value, frozen=True, kw_only=True):
    """Leave a held message out. `number` is its number in the queue."""

    number: int


AnyModeration = Hide | Show | Mute | Unmute | Ban | Slow | HoldAll | Hold | Held | Approve | Drop
