"""Posts and actions of the bot on a platform, and the platform's receipts. Frozen values."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.messages.values import Time, Value


class Image(Value, frozen=True, kw_only=True):
    """A picture to post. `path` is a file on this machine; `alt` is never empty."""

    path: str
    alt: str


class CalendarEntry(Value, frozen=True, kw_only=True):
    """A chat in a platform's calendar. `name` is the chat's own, and never changes.

    `cancelled`: it does not take place, and is to be removed.
    """

    name: str
    title: str
    starts: Time
    ends: Time
    link: str | None = None
    cancelled: bool = False


ActionKind = Literal["hide", "show", "delete", "timeout", "release"]
"""Hide a reply or show it again, delete a message, mute a person for a time or release them early."""


class PlatformAction(Value, frozen=True, kw_only=True):
    """An action on a message or a person on a platform. Doing it twice is harmless. `until` is for a timeout."""

    kind: ActionKind = msgspec.field(name="deed")  # the name under which it is stored
    message: str | None = None
    person: str | None = None
    until: Time | None = None


class Post(Value, frozen=True, kw_only=True):
    """One post on one place, to be sent exactly once.

    `nonce` is the same each time the same post is tried (at most 25 characters, so that Discord takes it). `part`
    counts from 1 and is above 1 only where a text had to be split. `reply_to` is the platform's id of the message it
    replies to, or of the part before it; `opening` is the id of the chat's first post on that place, if there is one.
    `repeats` is the question that it brings back. With a `calendar_entry` it is an entry in the platform's calendar,
    with an `action` something to do there, with `to` a private message for that person, and with `edits` the new text
    of the bot's post with this id.
    """

    chat: str
    key: str
    place: str
    kind: str
    text: str
    nonce: str
    due: Time
    part: int = 1
    image: Image | None = None
    reply_to: str | None = None
    opening: str | None = None
    calendar_entry: CalendarEntry | None = None
    repeats: str | None = None
    to: str | None = None
    edits: str | None = None
    action: PlatformAction | None = None

    @property
    def is_public(self) -> bool:
        """Whether it is a new message for everybody."""
        return self.calendar_entry is None and self.action is None and self.to is None and self.edits is None


class Receipt(Value, frozen=True, kw_only=True):
    """A platform's confirmation of a post: its id, its address, and its time."""

    id: str
    url: str | None
    at: Time
