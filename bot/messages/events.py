"""Events: everything that happens on a place. In the event log each is one JSON object a line, with its `type`."""

from __future__ import annotations

from datetime import UTC
from typing import Literal

import msgspec

from bot.messages.choices import Returned, TakenOut
from bot.messages.corrections import MessageHighlighted, MessageMoved, MessagesMerged, MessageWithheld, SummaryWritten
from bot.messages.values import Author, Event, Followers, Media, Name, Role, Time, is_blank

Outcome = Literal["done", "refused", "denied", "misread", "late"]
"""The outcome of a command: carried out, impossible now, not allowed to its author, not understood, or too late."""

Verdict = Literal["keep", "hold", "drop"]
"""Whether a message is in the record: yes, not until a moderator decides, no."""


class Message(Event, frozen=True, kw_only=True):
    """A participant's message. `chat` is known where the place has a page for each chat.

    `reply_place` is the place of the message it replies to, if that is another. `conversation` is the message or thread
    it belongs to, however deep. `quotes` is the id of the message that it quotes, on the same place. `mentions_bot`: it
    mentions the bot. `role` is the author's role on the platform. `changed`: the message is known only as it was edited
    later; `versions` are the other ids under which the platform knows it. `media` is what it has beside words. `names`
    are the names of the accounts, channels and roles that `text` mentions by id, by the characters that mention them.
    `unnamed`: the author wanted no name beside it, so `author` is one of the place's own making.
    """

    id: Name
    author: Author
    text: str
    reply_to: str | None = None
    url: str | None = None
    chat: str | None = None
    reply_place: str | None = None
    conversation: str | None = None
    mentions_bot: bool = msgspec.field(default=False, name="summons")  # the name under which it is stored
    role: Role = "participant"
    changed: bool = False
    quotes: str | None = None
    media: tuple[Media, ...] = ()
    names: dict[str, str] = msgspec.field(default_factory=dict)
    versions: tuple[str, ...] = ()
    unnamed: bool = False

    @property
    def parent(self) -> tuple[str, str]:
        """The place and id of the message it replies to; the id is empty if it replies to none."""
        return self.reply_place or self.place, self.reply_to or ""

    @property
    def identity(self) -> str:
        """The platform's own id."""
        return self.id


class Edited(Event, frozen=True, kw_only=True):
    """An author edited a message. Without text it has no words any more.

    `media` is what it has beside words now; None: the platform does not say, so it stays as it was. `names` are as in
    Message. `version` is the id of this version, on a platform that gives each a new one.
    """

    id: Name
    text: str
    media: tuple[Media, ...] | None = None
    names: dict[str, str] = msgspec.field(default_factory=dict)
    version: str | None = None

    @property
    def leaves_nothing(self) -> bool:
        """Whether it has no words any more, and is known to have nothing beside words."""
        return self.media == () and is_blank(self.text)

    @property
    def identity(self) -> str:
        """The message and the moment: a message may be edited many times."""
        return f"{self.id} {self.at.astimezone(UTC).isoformat()}"


class Deleted(Event, frozen=True, kw_only=True):
    """A message was deleted on its platform, so it is left out of everything that is published."""

    id: Name

    @property
    def identity(self) -> str:
        """The message: it is deleted only once."""
        return self.id


class Posted(Event, frozen=True, kw_only=True):
    """A post of the bot's, so that a reply can be tied to its question. `repeats` is the question it brought back."""

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
    """A reaction to message `id` with `emoji`."""

    id: Name
    author: Author
    emoji: str = ""

    @property
    def identity(self) -> str:
        """The message, the person and the emoji."""
        return f"{self.id} {self.author.id} {self.emoji}"


class Repost(Event, frozen=True, kw_only=True):
    """A repost of message `of`. Counted apart from posts."""

    id: Name
    author: Author
    of: str | None = None

    @property
    def identity(self) -> str:
        """The platform's own id."""
        return self.id


class Joined(Event, frozen=True, kw_only=True):
    """A person joined."""

    author: Author
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The person and the moment."""
        return f"{self.author.id} {self.at.astimezone(UTC).isoformat()}"


class Named(Event, frozen=True, kw_only=True):
    """The name of an account, or its number of followers, learnt some time after its message."""

    author: Author

    @property
    def identity(self) -> str:
        """The person and the moment."""
        return f"{self.author.id} {self.at.astimezone(UTC).isoformat()}"


class Viewed(Event, frozen=True, kw_only=True):
    """The number of views of a message up to this moment, by its platform."""

    id: Name
    views: Followers

    @property
    def identity(self) -> str:
        """The message and the moment."""
        return f"{self.id} {self.at.astimezone(UTC).isoformat()}"


class Withdrawn(Event, frozen=True, kw_only=True):
    """A person asked to be left out: none of their messages on this place is published, from before or after."""

    author: Author

    @property
    def identity(self) -> str:
        """The person and the moment: they may have come back meanwhile."""
        return f"{self.author.id} {self.at.astimezone(UTC).isoformat()}"


class Command(Event, frozen=True, kw_only=True):
    """A command to the bot. `text` is kept as it was written; `role` is the author's role on the platform itself.

    `about` is the message that it is about, as `place/id`, if there is one. `public`: it came in a message that others
    could read. `names` are as in Message.

    In the log it also has its `outcome`, the plan or the state `before` and `after` in plain words, and the `receipt`
    that its author got.
    """

    id: Name
    author: Author
    text: str = ""
    chat: str | None = None
    about: str | None = None
    public: bool = False
    role: Role = "participant"
    names: dict[str, str] = msgspec.field(default_factory=dict)
    outcome: Outcome | None = None
    before: str | None = None
    after: str | None = None
    receipt: str | None = None

    @property
    def identity(self) -> str:
        """The platform's own id."""
        return self.id


class MessageDecision(Event, frozen=True, kw_only=True, tag="ruled"):
    """A message is kept in the record, held until a moderator decides, or dropped. The reason is not logged."""

    id: Name
    verdict: Verdict
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The message and the moment: a held message may be kept later."""
        return f"{self.id} {self.at.astimezone(UTC).isoformat()}"


class Gap(Event, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """The bot heard nothing on this place from `since` to `until`, and can't read it afterwards."""

    since: Time
    until: Time
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The moment and the chat: one gap may fall into several chats."""
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
    | Returned
    | TakenOut
    | Command
    | MessageDecision
    | MessageMoved
    | MessagesMerged
    | MessageHighlighted
    | MessageWithheld
    | SummaryWritten
    | Gap
)
"""All events that an event log may hold."""
