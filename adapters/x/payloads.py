"""The parts of X's answers that we read, as values. What X adds is left out; what is odd is left out as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec

from bot.messages import Followers, Time

_HANDLE = re.compile(r"@?([A-Za-z0-9_]{1,15})")

ID_DIGITS = 19
"""The most that X uses."""

Id = Annotated[str, msgspec.Meta(pattern=rf"^[0-9]{{1,{ID_DIGITS}}}$")]
"""An id of X: a number, written as text."""

Username = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_]{1,50}$")]
"""A handle without its @."""


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """Something X tells."""


class Mention(Payload, frozen=True, kw_only=True):
    """An account named in a text."""

    username: Username
    id: Id | None = None


class Link(Payload, frozen=True, kw_only=True):
    """A link in a text: what X wrote there, and what it stands for. With `media_key` it stands for a picture."""

    url: str
    expanded_url: str = ""
    media_key: str | None = None


class Entities(Payload, frozen=True, kw_only=True):
    """What X found in a text."""

    mentions: tuple[Mention, ...] = ()
    urls: tuple[Link, ...] = ()


class Reference(Payload, frozen=True, kw_only=True):
    """Another post that a post answers, quotes or passes on."""

    type: str
    id: Id


class Note(Payload, frozen=True, kw_only=True):
    """The whole of a text that is longer than 280."""

    text: str
    entities: Entities = Entities()


class Metrics(Payload, frozen=True, kw_only=True):
    """How often a post was seen, how many follow an account."""

    impression_count: Followers | None = None
    followers_count: Followers | None = None


class Tweet(Payload, frozen=True, kw_only=True):
    """A post. `edit_history_tweet_ids` are the ids of all its versions, oldest first."""

    id: Id
    text: str
    author_id: Id | None = None
    created_at: Time | None = None
    conversation_id: Id | None = None
    in_reply_to_user_id: Id | None = None
    referenced_tweets: tuple[Reference, ...] = ()
    entities: Entities = Entities()
    note_tweet: Note | None = None
    edit_history_tweet_ids: tuple[Id, ...] = ()
    public_metrics: Metrics = Metrics()

    @property
    def first(self) -> str:
        """The id of the first version, which stays the same."""
        return self.edit_history_tweet_ids[0] if self.edit_history_tweet_ids else self.id

    @property
    def whole(self) -> Note:
        """The text in full, with what X found in it."""
        return self.note_tweet or Note(text=self.text, entities=self.entities)

    def refers(self, how: str) -> str | None:
        """The post it refers to: "replied_to", "quoted" or "retweeted"."""
        return next((one.id for one in self.referenced_tweets if one.type == how), None)


class Direct(Payload, frozen=True, kw_only=True):
    """What happened in a conversation by direct message: usually that somebody wrote one."""

    id: Id
    event_type: str
    text: str = ""
    sender_id: Id | None = None
    created_at: Time | None = None
    dm_conversation_id: str | None = None

    @property
    def grouped(self) -> bool:
        """Whether others read along: the id of a conversation of two has the ids of both, with a dash."""
        return self.dm_conversation_id is not None and "-" not in self.dm_conversation_id


class User(Payload, frozen=True, kw_only=True):
    """An account."""

    id: Id
    username: Username
    name: str = ""
    public_metrics: Metrics = Metrics()


class Meta(Payload, frozen=True, kw_only=True):
    """How to go on where there is more."""

    next_token: str | None = None


class Answer(Payload, frozen=True, kw_only=True):
    """What every answer is wrapped in. With a look-up, `errors` has what was not found."""

    data: object = None
    meta: Meta = Meta()
    errors: tuple[object, ...] = ()

    @property
    def several(self) -> tuple[object, ...]:
        """`data` where it is a list, else nothing."""
        return tuple(self.data) if isinstance(self.data, list) else ()


class Hidden(Payload, frozen=True, kw_only=True):
    """Whether a reply is hidden now."""

    hidden: bool


class Made(Payload, frozen=True, kw_only=True):
    """A direct message that was sent."""

    dm_event_id: Id


def numbers(ids: Sequence[str]) -> list[str]:
    """The ids that can be X's, each once. One that cannot would make X refuse all of them."""
    return [id for id in dict.fromkeys(ids) if id.isascii() and id.isdigit() and len(id) <= ID_DIGITS]


def handles_of(handles: Sequence[str]) -> list[str]:
    """The handles that can be X's, without their @, each once. One that cannot would make X refuse all of them."""
    found = (match[1] for one in handles if (match := _HANDLE.fullmatch(one.strip())))
    return list({handle.casefold(): handle for handle in found}.values())
