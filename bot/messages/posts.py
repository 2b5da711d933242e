"""Outward: what the bot says and does on a platform, and the platform's word that it is there. Frozen values."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.messages.values import Time, Value


class Image(Value, frozen=True, kw_only=True):
    """A picture to post. `path` is a file on this machine; `alt` is never empty."""

    path: str
    alt: str


class CalendarEntry(Value, frozen=True, kw_only=True):
    """When and where a chat is, for a platform that keeps a calendar. `name` is the chat's own, and never changes.

    `cancelled`: it does not take place, and is to be taken out.
    """

    name: str
    title: str
    starts: Time
    ends: Time
    link: str | None = None
    cancelled: bool = False


ActionKind = Literal["hide", "show", "delete", "timeout", "release"]
"""What a platform may let us do: hide a reply, show it again, delete a message, silence a person, let them speak."""


class PlatformAction(Value, frozen=True, kw_only=True):
    """Something to do to a message or a person on a platform. Doing it twice is harmless. `until` is for a timeout."""

    kind: ActionKind = msgspec.field(name="deed")  # the name under which it is stored
    message: str | None = None
    person: str | None = None
    until: Time | None = None


class Post(Value, frozen=True, kw_only=True):
    """One thing to say in one place, exactly once.

    `nonce` is the same each time the same post is tried (at most 25 characters, so that Discord takes it);
    `part` counts from 1 and is above 1 only where a text had to be split. `reply_to` is the platform's id of what it
    answers, or of the part before it; `opening` is the id of the chat's first post on that place, where there is one.
    `repeats` is the question that it brings back. With a `meeting` it is an entry in the platform's calendar, with a
    `measure` something done there, with `to` it is for that person alone, and with `amends` the new text of an older
    post of ours, by its id: none of these is a message of its own.
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
    amends: str | None = None
    action: PlatformAction | None = None

    @property
    def aloud(self) -> bool:
        """Whether it is a message of its own, for everybody."""
        return self.calendar_entry is None and self.action is None and self.to is None and self.amends is None


class Receipt(Value, frozen=True, kw_only=True):
    """A platform's word that a post is there: its id, where to see it, and since when."""

    id: str
    url: str | None
    at: Time
