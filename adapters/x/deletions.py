"""Posts that are gone: deleted ones, and those whose authors took back what had let them in.

A post is heard because it mentions the bot or has the chat's hashtag. X shows an edited one by neither if its newest
version has neither, so it is looked up by its id.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from adapters.kit.payloads import read_in_part
from adapters.x.client import XClient
from adapters.x.payloads import LookupProblem, Tweet, valid_ids
from adapters.x.translation import Me, mentions_bot, tweet_events
from bot.errors import PlatformError
from bot.messages import Edited
from bot.ports.platform import CurrentMessages

_NOT_FOUND = frozenset({"resource-not-found"})
_WITHHELD = frozenset({"not-authorized-for-resource", "resource-unavailable", "disallowed-resource"})
"""The ends of the types of X's problems with a post: it is gone, or X shows it to nobody like us."""


async def find_deleted(client: XClient, me: Me, ids: Sequence[str], *, chat: str, hashtag: str) -> tuple[str, ...]:
    """Those of the posts that are deleted, protected, suspended or taken back. Any version stands for all of them.

    Without a `hashtag` edits are not looked at. Raises PlatformError, also if X's response says nothing about any.
    """
    known = valid_ids(ids)
    if not known:
        return ()
    answer = await client.posts(known, chat)
    if not answer.entries and not answer.errors:
        raise PlatformError("X does not say which posts are there.")
    found = [tweet for payload in answer.entries if (tweet := read_in_part(payload, Tweet, client.odd.note))]
    there = {id for tweet in found for id in (tweet.id, *tweet.edit_history_tweet_ids)}
    there -= await _taken_back(client, me, found, chat=chat, hashtag=hashtag)
    return tuple(id for id in known if id not in there)


async def find_current(
    client: XClient, me: Me, ids: Sequence[str], *, place: str, chat: str, hashtag: str, now: datetime
) -> CurrentMessages:
    """The present state of posts. Withdrawn ones count as deleted. Raises PlatformError, as `find_deleted` does.

    X says why it doesn't show a post, by the type of a problem. A post with a problem of another type, or with none, is
    one of which X said nothing.
    """
    known = valid_ids(ids)
    if not known:
        return CurrentMessages()
    answer = await client.posts(known, chat, whole=True)
    if not answer.entries and not answer.errors:
        raise PlatformError("X does not say which posts are there.")
    shown = {tweet.id: payload for payload in answer.entries if (tweet := _read(client, payload))}
    newest = await _newest_versions(client, shown, chat=chat)
    back = {
        id for tweet in newest.values() if hashtag and not _is_for_us(tweet, me, hashtag) for id in _versions(tweet)
    }
    there = {id for payload in shown.values() if (tweet := _read(client, payload)) for id in _versions(tweet)}
    problems = [one for error in answer.errors if (one := read_in_part(error, LookupProblem, client.odd.note))]
    return CurrentMessages(
        there=tuple(id for id in known if id in there - back),
        edits=tuple(
            one for tweet in newest.values() for one in _edits(tweet, place, me, now) if one.id in there - back
        ),
        deleted=tuple(id for id in known if id in back or id in _about(problems, _NOT_FOUND)),
        withheld=tuple(id for id in known if id in _about(problems, _WITHHELD) and id not in there),
    )


def _read(client: XClient, payload: object) -> Tweet | None:
    return read_in_part(payload, Tweet, client.odd.note)


def _versions(tweet: Tweet) -> set[str]:
    return {tweet.id, *tweet.edit_history_tweet_ids}


async def _newest_versions(client: XClient, shown: Mapping[str, object], *, chat: str) -> dict[str, Tweet]:
    """The newest version of each edited post; one that X did not send along is asked for, and costs as much again."""
    tweets = [tweet for payload in shown.values() if (tweet := _read(client, payload))]
    newest = {one.edit_history_tweet_ids[-1] for one in tweets if len(one.edit_history_tweet_ids) > 1}
    missing = valid_ids(sorted(newest - shown.keys()))
    more = await client.posts(missing, chat, whole=True) if missing else None
    found = [*tweets, *(tweet for payload in (more.entries if more else ()) if (tweet := _read(client, payload)))]
    return {tweet.id: tweet for tweet in found if tweet.id in newest}


def _edits(tweet: Tweet, place: str, me: Me, now: datetime) -> Iterator[Edited]:
    """The edits of a post, from its newest version. Pictures that were not asked for stay as they were."""
    for event in tweet_events(tweet, place=place, me=me, now=now):
        if isinstance(event, Edited):
            yield msgspec.structs.replace(event, media=None)


def _about(problems: Sequence[LookupProblem], kinds: frozenset[str]) -> set[str]:
    return {one.resource_id or one.value for one in problems if _kind(one) in kinds}


def _kind(problem: LookupProblem) -> str:
    """The kind of a problem. Posts of somebody who is suspended are not found, but they come back with their author."""
    return "resource-unavailable" if problem.is_suspension else problem.type.rpartition("/")[2]


async def _taken_back(client: XClient, me: Me, tweets: Sequence[Tweet], *, chat: str, hashtag: str) -> set[str]:
    """All ids of the edited posts whose newest version neither mentions the bot nor has the hashtag."""
    newest = [tweet.edit_history_tweet_ids[-1] for tweet in tweets if tweet.edit_history_tweet_ids]
    older = {tweet.id for tweet in tweets}
    sought = valid_ids([id for id in newest if id not in older]) if hashtag else []
    answer = await client.posts(sought, chat, whole=True) if sought else None
    back: set[str] = set()
    for payload in answer.entries if answer else ():
        odd: list[str] = []
        tweet = read_in_part(payload, Tweet, odd.append)
        if tweet and not odd and not _is_for_us(tweet, me, hashtag):
            back.update((tweet.id, *tweet.edit_history_tweet_ids))
    return back


def _is_for_us(tweet: Tweet, me: Me, hashtag: str) -> bool:
    """Whether it says what lets a post in. One that quotes another may quote a question of ours."""
    return mentions_bot(tweet, me) or _tag(hashtag) in _tags(tweet) or tweet.refers("quoted") is not None


def _tags(tweet: Tweet) -> set[str]:
    return {_tag(one.tag) for one in tweet.whole.entities.hashtags}


def _tag(text: str) -> str:
    return unicodedata.normalize("NFC", text).lstrip("#\uff03").casefold()
