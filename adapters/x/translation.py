"""X's payloads as our values: posts as events, direct messages as commands, accounts as authors.

Pure, and never raises on a payload.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from adapters.kit.payloads import NoteOdd, read_in_part
from adapters.x.payloads import DirectMessage, MediaObject, Tweet, User, exact_time, first_time, later_versions
from bot.messages import AnyEvent, Author, Command, Edited, Media, MediaKind, Message, Named, Value, Viewed

_SHORT_LINK = "https://t.co/"
_PICTURE = re.compile(r"/status/\d+/(?:photo|video)/\d+$")


_HANDLES = re.compile(r"(?<![\w@/])@(\w{1,50})")
_KINDS: dict[str, MediaKind] = {"photo": "picture", "animated_gif": "picture", "video": "video"}

_NO_MEDIA: tuple[MediaObject, ...] = ()


class Me(Value, frozen=True, kw_only=True):
    """The bot's own account on X. `handle` is without the @."""

    id: str
    handle: str


def to_events(
    payload: object,
    *,
    place: str,
    me: Me,
    now: datetime,
    media: Iterable[MediaObject] = _NO_MEDIA,
    views: bool = False,
    note: NoteOdd = lambda _name: None,
) -> tuple[AnyEvent, ...]:
    """One post, in its newest version, as events. Our own posts, reposts and unreadable ones are left out.

    An edited post becomes its first version with the new text, as `changed`, and an edit for each later version, also
    with the new text, since X tells no other. A `Viewed`, with the time `now`, is added if `views` are wanted. `media`
    are the pictures that came along; `note` is told of odd parts.
    """
    odd: list[str] = []
    tweet = read_in_part(payload, Tweet, odd.append)
    for name in odd:
        note(name)
    if tweet is None or tweet.author_id in {None, me.id} or tweet.refers("retweeted"):
        return ()
    return (
        *tweet_events(tweet, place=place, me=me, now=now, media=_media(tweet, media), odd=odd),
        *_named(tweet, place, me, now),
        *(_viewed(tweet, place, now) if views else ()),
    )


def tweet_events(
    tweet: Tweet, *, place: str, me: Me, now: datetime, media: tuple[Media, ...] = (), odd: Iterable[str] = ()
) -> tuple[AnyEvent, ...]:
    """A post that was read, as a message and its edits."""
    return tuple(_messages(tweet, place, now, media=media, mentions_bot=mentions_bot(tweet, me, odd)))


def to_command(message: DirectMessage, *, place: str, me: Me, now: datetime) -> Command | None:
    """A direct message as a command; None for our own, for one in a group, and for one without words.

    It is never a `Message`: the record has nothing that was written to the bot alone.
    """
    text = unescaped(message.text).strip()
    if message.event_type != "MessageCreate" or message.sender_id in {None, me.id} or message.is_group or not text:
        return None
    at = exact_time(message.id, message.created_at, now)
    return Command(place=place, id=message.id, author=Author(id=message.sender_id or ""), text=text, at=at)


def to_author(payload: object) -> Author | None:
    """An account with its name and, if X reports it, its number of followers."""
    user = read_in_part(payload, User)
    if user is None:
        return None
    followers = user.public_metrics.followers_count
    return Author(id=user.id, handle=f"@{user.username}", name=user.name, followers=followers)


def unescaped(text: str) -> str:
    """A text as it was typed: X writes three characters as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def full_text(tweet: Tweet) -> str:
    """A post's full text as it was typed: with its own links instead of t.co links, and without the picture's."""
    text = tweet.whole.text
    for link in tweet.whole.entities.urls:
        if link.url.startswith(_SHORT_LINK):
            picture = link.media_key or _PICTURE.search(link.expanded_url)
            text = text.replace(link.url, "" if picture else link.expanded_url or link.url)
    return unescaped(text).rstrip()


def _media(tweet: Tweet, known: Iterable[MediaObject]) -> tuple[Media, ...]:
    """The media of a post. A poll's question is the post's own text."""
    by_key = {one.media_key: one for one in known}
    found = (by_key.get(key, MediaObject(media_key=key)) for key in tweet.attachments.media_keys)
    pictures = (Media(kind=_KINDS.get(one.type, "picture"), text=unescaped(one.alt_text or "")) for one in found)
    return (*pictures, *(Media(kind="poll") for _ in tweet.attachments.poll_ids))


def _messages(
    tweet: Tweet, place: str, now: datetime, *, media: tuple[Media, ...], mentions_bot: bool
) -> Iterator[AnyEvent]:
    first, text = tweet.first, full_text(tweet)
    edited = first != tweet.id
    yield Message(
        place=place,
        id=first,
        author=Author(id=tweet.author_id or ""),
        text=text,
        at=first_time(tweet, now),
        reply_to=tweet.refers("replied_to"),
        url=f"https://x.com/i/status/{first}",
        conversation=tweet.conversation_id,
        mentions_bot=mentions_bot,
        changed=edited,
        media=media,
        quotes=tweet.refers("quoted"),
        versions=tweet.edit_history_tweet_ids[1:],
    )
    for version, at in later_versions(tweet, now):
        yield Edited(place=place, id=first, text=text, media=media, at=at, version=version)


def mentions_bot(tweet: Tweet, me: Me, odd: Iterable[str] = ()) -> bool:
    """Whether it mentions the bot, by name or by replying to it. If its mentions are odd, its text decides."""
    handle, mentions = me.handle.casefold(), tweet.whole.entities.mentions
    named = any(one.id == me.id or one.username.casefold() == handle for one in mentions)
    unread = any(name.startswith(("entities", "note_tweet")) for name in odd)
    typed = unread and handle in _HANDLES.findall(tweet.whole.text.casefold())
    return named or typed or tweet.in_reply_to_user_id == me.id


def _named(tweet: Tweet, place: str, me: Me, now: datetime) -> Iterator[Named]:
    """The handles of the people mentioned, which are free. Dated by the post, so that reading twice adds nothing."""
    others = {one.id: one.username for one in tweet.whole.entities.mentions if one.id}
    at = exact_time(tweet.id, tweet.created_at, now)
    for id, username in others.items():
        if id != me.id and username:
            yield Named(place=place, at=at, author=Author(id=id, handle=f"@{username}"))


def _viewed(tweet: Tweet, place: str, now: datetime) -> Iterator[Viewed]:
    count = tweet.public_metrics.impression_count
    if count is not None:
        yield Viewed(place=place, at=now, id=tweet.first, views=count)
