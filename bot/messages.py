"""All that crosses the port, as frozen values.

Outward go a `Post` and back comes a `Receipt`; inward come the events. The events are also the event log:
one JSON object a line, told apart by `type`. Nothing here decides anything or reads a clock.
Times are aware; a naive one is refused where it is decoded.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

Time = Annotated[datetime, msgspec.Meta(tz=True)]
"""An instant. In the log it is written with `Z`; any offset is read."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""A place, or an identifier given by a platform."""

Followers = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
"""How many accounts follow one."""


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A frozen, keyword-only value."""


class Author(Value, frozen=True, kw_only=True):
    """An account on one place. `id` never changes, `handle` and `name` may; `followers` where there are any."""

    id: Name
    handle: str = ""
    name: str = ""
    followers: Followers | None = None

    @property
    def shown(self) -> str:
        """What a reader calls this person: the handle where there is one, else the name, else the id."""
        return self.handle or self.name or self.id


class Image(Value, frozen=True, kw_only=True):
    """A picture to post. `path` is a file on this machine; `alt` is never empty."""

    path: str
    alt: str


class Meeting(Value, frozen=True, kw_only=True):
    """When and where a chat is, for a platform that keeps a calendar. `name` is the chat's own, and never changes."""

    name: str
    title: str
    starts: Time
    ends: Time
    link: str | None = None


class Post(Value, frozen=True, kw_only=True):
    """One thing to say in one place, exactly once.

    `nonce` is the same each time the same post is tried (at most 25 characters, so that Discord takes it);
    `part` counts from 1 and is above 1 only where a text had to be split. `reply_to` is the platform's id of what it
    answers, or of the part before it; `opening` is the id of the chat's first post on that place, where there is one.
    With a `meeting` it is an entry in the platform's calendar, and no message.
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
    meeting: Meeting | None = None


class Receipt(Value, frozen=True, kw_only=True):
    """A platform's word that a post is there: its id, where to see it, and since when."""

    id: str
    url: str | None
    at: Time


class Event(Value, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """Something that happened on a place at an instant. `identity` makes a second hearing harmless."""

    place: Name
    at: Time

    @property
    def identity(self) -> str:
        """What tells this event from others of its type on its place."""
        return self.at.astimezone(UTC).isoformat()


class Message(Event, frozen=True, kw_only=True):
    """A participant said something. `chat` is known where the place has a page for each chat.

    `reply_place` is where the message it replies to was said, if that was elsewhere. `conversation` is the message or
    thread it hangs under, however deep; `summons` says that it calls the bot by name.
    """

    id: Name
    author: Author
    text: str
    reply_to: str | None = None
    url: str | None = None
    chat: str | None = None
    reply_place: str | None = None
    conversation: str | None = None
    summons: bool = False

    @property
    def parent(self) -> tuple[str, str]:
        """The place and id of what it replies to; the id is empty where it replies to nothing."""
        return self.reply_place or self.place, self.reply_to or ""

    @property
    def identity(self) -> str:
        """The platform's own id."""
        return self.id


class Edited(Event, frozen=True, kw_only=True):
    """The author changed a message's text."""

    id: Name
    text: str

    @property
    def identity(self) -> str:
        """The message and the moment: one message may be changed many times."""
        return f"{self.id} {self.at.astimezone(UTC).isoformat()}"


class Deleted(Event, frozen=True, kw_only=True):
    """A message is gone from its platform, and so from everything we publish."""

    id: Name

    @property
    def identity(self) -> str:
        """The message: it goes only once."""
        return self.id


class Posted(Event, frozen=True, kw_only=True):
    """The bot's own post, so that a reply can be tied to its question."""

    id: Name
    key: str
    text: str = ""
    part: int = 1
    kind: str = ""
    url: str | None = None
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The platform's own id."""
        return self.id


class Reaction(Event, frozen=True, kw_only=True):
    """Someone reacted to message `id` with `emoji`."""

    id: Name
    author: Author
    emoji: str = ""

    @property
    def identity(self) -> str:
        """One person reacts to one message with one emoji once."""
        return f"{self.id} {self.author.id} {self.emoji}"


class Repost(Event, frozen=True, kw_only=True):
    """Someone passed message `of` on. Counted apart from posts."""

    id: Name
    author: Author
    of: str | None = None

    @property
    def identity(self) -> str:
        """The platform's own id."""
        return self.id


class Joined(Event, frozen=True, kw_only=True):
    """Someone came in."""

    author: Author
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The person and the moment."""
        return f"{self.author.id} {self.at.astimezone(UTC).isoformat()}"


class Named(Event, frozen=True, kw_only=True):
    """We learnt what an account is called, or how many follow it, some time after we heard it."""

    author: Author

    @property
    def identity(self) -> str:
        """The person and the moment."""
        return f"{self.author.id} {self.at.astimezone(UTC).isoformat()}"


class Viewed(Event, frozen=True, kw_only=True):
    """The platform says how often a message was seen, up to this moment."""

    id: Name
    views: Followers

    @property
    def identity(self) -> str:
        """The message and the moment."""
        return f"{self.id} {self.at.astimezone(UTC).isoformat()}"


class Withdrawn(Event, frozen=True, kw_only=True):
    """Someone asked to be left out: nothing of theirs on this place is published, before or after this moment."""

    author: Author

    @property
    def identity(self) -> str:
        """The person."""
        return self.author.id


class Command(Event, frozen=True, kw_only=True):
    """Someone with a role told the bot what to do. Kept as it was said."""

    id: Name
    author: Author
    text: str = ""
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The platform's own id."""
        return self.id


class Gap(Event, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """The bot heard nothing on this place from `since` to `until`, and cannot hear it afterwards."""

    since: Time
    until: Time
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The moment and the chat: one silence may fall into several chats."""
        return f"{self.at.astimezone(UTC).isoformat()} {self.chat or ''}".rstrip()


AnyEvent = Message | Edited | Deleted | Posted | Reaction | Repost | Joined | Named | Viewed | Withdrawn | Command | Gap
"""Every line an event log may hold."""
