"""X's responses as values, with the fields that we read, and the times that its ids carry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from bot.messages import Followers, Time

_HANDLE = re.compile(r"@?([A-Za-z0-9_]{1,15})")

ID_DIGITS = 19
"""The most digits that X uses."""

Id = Annotated[str, msgspec.Meta(pattern=rf"^[0-9]{{1,{ID_DIGITS}}}$")]
"""An id of X: a number, written as text."""

Username = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_]{1,50}$")]
"""A handle without its @."""

_EPOCH, _SHIFT = datetime.fromtimestamp(1288834974.657, UTC), 22
"""X's ids are snowflakes: the bits from the 22nd on are the milliseconds since this instant."""

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a response."""


class Mention(Payload, frozen=True, kw_only=True):
    """An account named in a text."""

    username: Username = ""
    id: Id | None = None


class Link(Payload, frozen=True, kw_only=True):
    """A link in a text: X's short address, and its target. With `media_key` the target is a picture."""

    url: str
    expanded_url: str = ""
    media_key: str | None = None


class Hashtag(Payload, frozen=True, kw_only=True):
    """A hashtag in a text, without its #."""

    tag: str


class Entities(Payload, frozen=True, kw_only=True):
    """Mentions, hashtags and links in a text."""

    mentions: tuple[Mention, ...] = ()
    hashtags: tuple[Hashtag, ...] = ()
    urls: tuple[Link, ...] = ()


class Attachments(Payload, frozen=True, kw_only=True):
    """The attachments of a post, by their keys."""

    media_keys: tuple[str, ...] = ()
    poll_ids: tuple[str, ...] = ()


class MediaObject(Payload, frozen=True, kw_only=True):
    """A picture or video: `type` is `photo`, `animated_gif` or `video`."""

    media_key: str
    type: str = ""
    alt_text: str | None = None


class Reference(Payload, frozen=True, kw_only=True):
    """Another post that a post answers, quotes or reposts."""

    type: str
    id: Id


class Note(Payload, frozen=True, kw_only=True):
    """The full text of a post of more than 280 characters."""

    text: str
    entities: Entities = Entities()


class Metrics(Payload, frozen=True, kw_only=True):
    """Views of a post, followers of an account."""

    impression_count: Followers | None = None
    followers_count: Followers | None = None


class Tweet(Payload, frozen=True, kw_only=True):
    """A post. `edit_history_tweet_ids` are the ids of all its versions, oldest first."""

    id: Id
    text: str = ""
    author_id: Id | None = None
    created_at: Time | None = None
    conversation_id: Id | None = None
    in_reply_to_user_id: Id | None = None
    referenced_tweets: tuple[Reference, ...] = ()
    entities: Entities = Entities()
    note_tweet: Note | None = None
    attachments: Attachments = Attachments()
    edit_history_tweet_ids: tuple[Id, ...] = ()
    public_metrics: Metrics = Metrics()

    @property
    def first(self) -> str:
        """The id of the first version; edits don't change it."""
        return self.edit_history_tweet_ids[0] if self.edit_history_tweet_ids else self.id

    @property
    def whole(self) -> Note:
        """The full text, with its mentions and links."""
        return self.note_tweet or Note(text=self.text, entities=self.entities)

    def refers(self, how: str) -> str | None:
        """The post it refers to: "replied_to", "quoted" or "retweeted"."""
        return next((one.id for one in self.referenced_tweets if one.type == how), None)


class DirectMessage(Payload, frozen=True, kw_only=True):
    """An event in a conversation by direct message, usually a message."""

    id: Id
    event_type: str
    text: str = ""
    sender_id: Id | None = None
    created_at: Time | None = None
    dm_conversation_id: str | None = None

    @property
    def is_group(self) -> bool:
        """Whether more than two people take part: the id of a conversation of two is both ids with a dash between."""
        return self.dm_conversation_id is not None and "-" not in self.dm_conversation_id


class User(Payload, frozen=True, kw_only=True):
    """An account."""

    id: Id
    username: Username
    name: str = ""
    public_metrics: Metrics = Metrics()


class Meta(Payload, frozen=True, kw_only=True):
    """The token of the next page, if there is one."""

    next_token: str | None = None


class Includes(Payload, frozen=True, kw_only=True):
    """The objects that a response includes beside its posts."""

    media: tuple[MediaObject, ...] = ()


class Response(Payload, frozen=True, kw_only=True):
    """The envelope of every response. In a lookup, `errors` has an entry for each id that was not found."""

    data: object = None
    meta: Meta = Meta()
    includes: Includes = Includes()
    errors: tuple[object, ...] = ()

    @property
    def entries(self) -> tuple[object, ...]:
        """`data` if it is a list, else nothing."""
        return tuple(self.data) if isinstance(self.data, list) else ()


class LookupProblem(Payload, frozen=True, kw_only=True):
    """Why a resource that was asked for is not in the response."""

    type: str = ""
    detail: str = ""
    resource_id: str = ""
    value: str = ""

    @property
    def is_suspension(self) -> bool:
        """Whether it is because somebody is suspended."""
        return "suspended" in self.detail.casefold()


class HideResult(Payload, frozen=True, kw_only=True):
    """Whether a reply is hidden now."""

    hidden: bool


class SentMessage(Payload, frozen=True, kw_only=True):
    """A direct message that was sent."""

    dm_event_id: Id


def valid_ids(ids: Sequence[str]) -> list[str]:
    """The ids that X accepts, each once. A single invalid one would make X refuse them all."""
    return [id for id in dict.fromkeys(ids) if id.isascii() and id.isdigit() and len(id) <= ID_DIGITS]


def valid_handles(handles: Sequence[str]) -> list[str]:
    """The handles that X accepts, without their @, each once. A single invalid one would make X refuse them all."""
    found = (match[1] for one in handles if (match := _HANDLE.fullmatch(one.strip())))
    return list({handle.casefold(): handle for handle in found}.values())


def time_of(id: str) -> datetime:
    """The time of the post with this id, UTC, to the millisecond. Raises ValueError if it isn't digits."""
    return _EPOCH + timedelta(milliseconds=int(id) >> _SHIFT)


def exact_time(id: str, told: datetime | None, now: datetime) -> datetime:
    """The time that X reports, with the milliseconds of the id: seconds alone leave the order of events open.

    Where X reports none, it is the id's if that is within a minute of `now`, else `now`: X doesn't promise that ids
    tell the time.
    """
    made = time_of(id)
    if told is not None:
        return made if told <= made < told + _SECOND else told
    return made if abs(made - now) <= _MINUTE else now


def first_time(tweet: Tweet, now: datetime) -> datetime:
    """The time of a post's first version. X reports only that of the newest, so the others' are in their ids.

    Where the newest version's id doesn't tell its time, nor does the first's: then it is the newest's.
    """
    newest = exact_time(tweet.id, tweet.created_at, now)
    telling = abs(time_of(tweet.id) - newest) <= _MINUTE and time_of(tweet.first) <= newest
    return time_of(tweet.first) if tweet.first != tweet.id and telling else newest


def later_versions(tweet: Tweet, now: datetime) -> Iterator[tuple[str, datetime]]:
    """The ids of the versions after the first, with their times. Those whose ids don't tell their time are left out."""
    newest, first = exact_time(tweet.id, tweet.created_at, now), first_time(tweet, now)
    for version in tweet.edit_history_tweet_ids[1:]:
        if version != tweet.id and first < time_of(version) < newest:
            yield version, time_of(version)
    if tweet.first != tweet.id:
        yield tweet.id, newest
