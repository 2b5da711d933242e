"""Posts that are gone: deleted ones, and those whose authors took back what had let them in.

A post is heard because it mentions the bot or has the chat's hashtag. X shows an edited one by neither if its newest
version has neither, so it is looked up by its id.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from adapters.kit.payloads import read_in_part
from adapters.x.client import XClient
from adapters.x.payloads import Tweet, valid_ids
from adapters.x.translation import Me, mentions_bot
from bot.errors import PlatformError


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
