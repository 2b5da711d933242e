"""From X's words into ours: posts to events, direct messages to commands, accounts to authors.

Pure, and never raises on what X tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from adapters.kit.payloads import read_in_part
from adapters.x.payloads import Direct, Tweet, User
from adapters.x.snowflake import exact, time_of
from bot.messages import AnyEvent, Author, Command, Edited, Message, Named, Value, Viewed

_SHORT = "https://t.co/"
_PICTURE = re.compile(r"/status/\d+/(?:photo|video)/\d+$")


class Me(Value, frozen=True, kw_only=True):
    """The bot's own account on X. `handle` is without the @."""

    id: str
    handle: str


def to_events(told: object, *, place: str, me: Me, now: datetime, views: bool = False) -> tuple[AnyEvent, ...]:
    """One post, in its newest version, as events. Own posts, reposts and what makes no sense are left out.

    A post that was edited is told as the post it was first, with its new text and as `changed`, and as the edit. `now`
    is only the time of the `Viewed`, which comes where `views` are wanted.
    """
    tweet = read_in_part(told, Tweet)
    if tweet is None or tweet.author_id in {None, me.id} or tweet.refers("retweeted"):
        return ()
    return (*_messages(tweet, place, me), *_named(tweet, place, me), *(_viewed(tweet, place, now) if views else ()))


def to_command(letter: Direct, *, place: str, me: Me) -> Command | None:
    """What a direct message asks of the bot; None for our own, one to a group, and one without words.

    It is never a `Message`: what is said to us alone is in no record.
    """
    text = plain(letter.text).strip()
    if letter.event_type != "MessageCreate" or letter.sender_id in {None, me.id} or letter.grouped or not text:
        return None
    author = Author(id=letter.sender_id or "")
    return Command(place=place, id=letter.id, author=author, text=text, at=exact(letter.id, letter.created_at))


def to_author(told: object) -> Author | None:
    """An account's name and, where X tells it, how many follow it."""
    user = read_in_part(told, User)
    if user is None:
        return None
    followers = user.public_metrics.followers_count
    return Author(id=user.id, handle=f"@{user.username}", name=user.name, followers=followers)


def plain(text: str) -> str:
    """The text as it was typed: X writes three characters as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def written(tweet: Tweet) -> str:
    """A post's whole text as it was typed: with its own links instead of t.co, and without that of a picture."""
    text = tweet.whole.text
    for link in tweet.whole.entities.urls:
        if link.url.startswith(_SHORT):
            picture = link.media_key or _PICTURE.search(link.expanded_url)
            text = text.replace(link.url, "" if picture else link.expanded_url or link.url)
    return plain(text).rstrip()


def _messages(tweet: Tweet, place: str, me: Me) -> Iterator[AnyEvent]:
    first, text = tweet.first, written(tweet)
    edited = first != tweet.id
    yield Message(
        place=place,
        id=first,
        author=Author(id=tweet.author_id or ""),
        text=text,
        at=time_of(first) if edited else _made(tweet),
        reply_to=tweet.refers("replied_to"),
        url=f"https://x.com/i/status/{first}",
        conversation=tweet.conversation_id,
        summons=_summons(tweet, me),
        changed=edited,
    )
    if edited:
        yield Edited(place=place, id=first, text=text, at=_made(tweet))


def _made(tweet: Tweet) -> datetime:
    """When this version was made."""
    return exact(tweet.id, tweet.created_at)


def _summons(tweet: Tweet, me: Me) -> bool:
    """Whether it calls the bot: by name, or by answering it."""
    named = any(
        one.id == me.id or one.username.casefold() == me.handle.casefold() for one in tweet.whole.entities.mentions
    )
    return named or tweet.in_reply_to_user_id == me.id


def _named(tweet: Tweet, place: str, me: Me) -> Iterator[Named]:
    """The handles of others, which X tells for nothing. Dated by the post: a second reading tells nothing new."""
    others = {one.id: one.username for one in tweet.whole.entities.mentions if one.id and one.id != me.id}
    for id, username in others.items():
        yield Named(place=place, at=_made(tweet), author=Author(id=id, handle=f"@{username}"))


def _viewed(tweet: Tweet, place: str, now: datetime) -> Iterator[Viewed]:
    count = tweet.public_metrics.impression_count
    if count is not None:
        yield Viewed(place=place, at=now, id=tweet.first, views=count)
