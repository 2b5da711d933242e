"""X's payloads as our values: posts as events, direct messages as commands, accounts as authors.

Pure, and never raises on a payload.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from adapters.kit.payloads import read_in_part
from adapters.x.payloads import DirectMessage, Tweet, User, exact_time, first_time
from bot.messages import AnyEvent, Author, Command, Edited, Message, Named, Value, Viewed

_SHORT_LINK = "https://t.co/"
_PICTURE = re.compile(r"/status/\d+/(?:photo|video)/\d+$")


class Me(Value, frozen=True, kw_only=True):
    """The bot's own account on X. `handle` is without the @."""

    id: str
    handle: str


def to_events(payload: object, *, place: str, me: Me, now: datetime, views: bool = False) -> tuple[AnyEvent, ...]:
    """One post, in its newest version, as events. Our own posts, reposts and unreadable ones are left out.

    An edited post becomes its first version with the new text, as `changed`, and an edit. A `Viewed`, with the time
    `now`, is added if `views` are wanted.
    """
    tweet = read_in_part(payload, Tweet)
    if tweet is None or tweet.author_id in {None, me.id} or tweet.refers("retweeted"):
        return ()
    return (
        *_messages(tweet, place, me, now),
        *_named(tweet, place, me, now),
        *(_viewed(tweet, place, now) if views else ()),
    )


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


def _messages(tweet: Tweet, place: str, me: Me, now: datetime) -> Iterator[AnyEvent]:
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
        mentions_bot=_mentions_bot(tweet, me),
        changed=edited,
    )
    if edited:
        yield Edited(place=place, id=first, text=text, at=exact_time(tweet.id, tweet.created_at, now))


def _mentions_bot(tweet: Tweet, me: Me) -> bool:
    """Whether it mentions the bot, by name or by replying to it."""
    named = any(
        one.id == me.id or one.username.casefold() == me.handle.casefold() for one in tweet.whole.entities.mentions
    )
    return named or tweet.in_reply_to_user_id == me.id


def _named(tweet: Tweet, place: str, me: Me, now: datetime) -> Iterator[Named]:
    """The handles of the people mentioned, which are free. Dated by the post, so that reading twice adds nothing."""
    others = {one.id: one.username for one in tweet.whole.entities.mentions if one.id and one.id != me.id}
    at = exact_time(tweet.id, tweet.created_at, now)
    for id, username in others.items():
        yield Named(place=place, at=at, author=Author(id=id, handle=f"@{username}"))


def _viewed(tweet: Tweet, place: str, now: datetime) -> Iterator[Viewed]:
    count = tweet.public_metrics.impression_count
    if count is not None:
        yield Viewed(place=place, at=now, id=tweet.first, views=count)
