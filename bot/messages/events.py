"""Inward: what happened on a place. The events are also the event log: one JSON object a line, told apart by `type`."""

from __future__ import annotations

from datetime import UTC
from typing import Literal

from bot.messages.values import Author, Followers, Name, Role, Time, Value

Outcome = Literal["done", "refused", "denied", "misread", "late"]
"""What came of a command: it was carried out, made no sense now, was not theirs to give, was none, or came too late."""

Verdict = Literal["keep", "hold", "drop"]
"""Whether a message stands in the record: yes, not before somebody has decided, no."""


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
    thread it hangs under, however deep; `summons` says that it calls the bot by name. `role` is what the platform
    vouches for by roles of its own. `changed` says that we know it only as it was changed later.
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
    role: Role = "participant"
    changed: bool = False

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
    """The bot's own post, so that a reply can be tied to its question. `repeats` is the question it brought back."""

    id: Name
    key: str
    text: str = ""
    part: int = 1
    kind: str = ""
    url: str | None = None
    chat: str | None = None
    repeats: str | None = None

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
    """Someone told the bot what to do. `text` is kept as it was said; `role` is what the platform vouches for.

    `about` is the message that it was said about, as `place/id`, where there is one; `public` says that it came in a
    message that others could read.

    In the log it also has what came of it: `outcome`, the plan or the state before and after in plain words, and the
    `receipt` that the person got.
    """

    id: Name
    author: Author
    text: str = ""
    chat: str | None = None
    about: str | None = None
    public: bool = False
    role: Role = "participant"
    outcome: Outcome | None = None
    before: str | None = None
    after: str | None = None
    receipt: str | None = None

    @property
    def identity(self) -> str:
        """The platform's own id."""
        return self.id


class MessageDecision(Event, frozen=True, kw_only=True, tag="ruled"):
    """A message is kept in the record, held back until somebody decides, or left out. Why is not written down."""

    id: Name
    verdict: Verdict
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The message and the moment: what was held may be kept later."""
        return f"{self.id} {self.at.astimezone(UTC).isoformat()}"


class Gap(Event, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """The bot heard nothing on this place from `since` to `until`, and cannot hear it afterwards."""

    since: Time
    until: Time
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The moment and the chat: one silence may fall into several chats."""
        return f"{self.at.astimezone(UTC).isoformat()} {self.chat or ''}".rstrip()


AnyEvent = (
    Message
    | Edited
    | Deleted
    | Posted
    | Reaction
    | Repost
    | Joined
    | Named
    | Viewed
    | Withdrawn
    | Command
    | MessageDecision
    | Gap
)
"""Every line an event log may hold."""
