"""Readings of other people's posts: mentions, a search for the hashtag, and quotes of the bot's own posts.

It remembers which query finds something and whether X offers quotes. The core decides when to read, and for how much.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from adapters.kit.bounded import RecentMap
from adapters.x.client import XClient
from adapters.x.payloads import Response, valid_ids
from adapters.x.settings import SEARCH_REACH, XSettings
from adapters.x.translation import Me, to_events
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import AnyEvent, Message
from bot.ports.platform import Page, ReadRequest

_MOST_CHATS = 1000
"""Chats whose hashtag and search are remembered."""

_EMPTY_FOR = timedelta(minutes=3)
"""How long a search finds nothing, while mentions arrive, before a plainer one is tried."""

_QUOTED = 12
"""The newest own posts whose quotes are looked for: X answers 75 times in 15 minutes."""

_QUOTES_PAUSE = timedelta(minutes=15)
"""How long X isn't asked for quotes after it refused them: it may not offer them to this app at all."""

_log = structlog.get_logger()


class Search(msgspec.Struct, kw_only=True):
    """The search for a chat's hashtag: since when it finds nothing, and whether mentions arrived meanwhile.

    `tried`: the plainer query was tried; `plain`: it found more, so it is used. `query` is the one of the last reading.
    """

    query: str = ""
    empty_since: datetime | None = None
    mentioned: bool = False
    tried: bool = False
    plain: bool = False


class SearchReader:
    """Reads for one account. `hashtags` are those searched for, by chat."""

    def __init__(self, settings: XSettings, clock: Clock, place: str) -> None:
        self._settings, self._clock, self._place = settings, clock, place
        self.hashtags: RecentMap[str, str] = RecentMap(_MOST_CHATS)
        self._searches: RecentMap[str, Search] = RecentMap(_MOST_CHATS)
        self._quotes_again: datetime | None = None

    async def page(self, client: XClient, me: Me, reading: ReadRequest) -> Page:
        """One page of a source, newest first. Raises PlatformError."""
        if reading.source == "quotes":
            return await self._quotes(client, me, reading)
        if reading.source == "search":
            return await self._search(client, me, reading)
        found = self._page(client, me, reading, await client.mentions(me, reading))
        for search in self._searches.values():
            since = search.empty_since
            search.mentioned |= since is not None and any(event.at >= since for event in _messages(found))
        return found

    async def _search(self, client: XClient, me: Me, reading: ReadRequest) -> Page:
        tag = reading.hashtag.strip().lstrip("#\uff03")
        if not tag:
            return Page()
        if reading.chat:
            self.hashtags[reading.chat] = tag
        search = self._searches.setdefault(f"{reading.chat} {tag.casefold()}", Search())
        since = max(reading.since, self._clock.now() - timedelta(seconds=SEARCH_REACH))
        reading = msgspec.structs.replace(reading, since=since)
        if reading.more:  # it goes on with the same query
            return await self._ask(client, me, reading, search.query)
        search.query = f"#{tag}" if search.plain else f"#{tag} -@{me.handle} -from:{me.handle} -is:retweet"
        try:
            found = await self._ask(client, me, reading, search.query)
        except PlatformError as error:
            if search.plain or not error.permanent or error.lost:
                raise
            search.query = f"#{tag}"
            return await self._ask(client, me, reading, search.query)
        return await self._plainer(client, me, reading, search, tag) if self._is_blind(search, found) else found

    async def _ask(self, client: XClient, me: Me, reading: ReadRequest, query: str) -> Page:
        return self._page(client, me, reading, await client.search(query, reading))

    def _is_blind(self, search: Search, found: Page) -> bool:
        """Note what a search found. Returns whether it may miss what is there, and a plainer one is worth its price."""
        now = self._clock.now()
        if _messages(found):
            search.empty_since, search.mentioned = None, False
            return False
        search.empty_since = search.empty_since or now
        return search.mentioned and not search.tried and now - search.empty_since >= _EMPTY_FOR

    async def _plainer(self, client: XClient, me: Me, reading: ReadRequest, search: Search, tag: str) -> Page:
        """Search for the hashtag alone, once, and from then on if that finds what the mentions don't."""
        search.tried, search.query = True, f"#{tag}"
        found = await self._ask(client, me, reading, search.query)
        search.plain = any(not event.mentions_bot for event in _messages(found))
        _log.info("x.plain_search", place=self._place, chat=reading.chat, kept=search.plain)
        return found if search.plain else msgspec.structs.replace(found, more=None)

    async def _quotes(self, client: XClient, me: Me, reading: ReadRequest) -> Page:
        """A page of quotes of one of our newest posts; `more` goes on with the next page, then with the next post.

        Quotes are an extra: what fails is in the log, is read later, and says nothing about the account. Never raises.
        """
        now = self._clock.now()
        posts = valid_ids(reading.posts)[: -_QUOTED - 1 : -1]
        at, _, token = (reading.more or "0:").partition(":")
        if int(at) >= len(posts) or (self._quotes_again and now < self._quotes_again):
            return Page()
        following = f"{int(at) + 1}:" if int(at) + 1 < len(posts) else None
        try:
            answer = await client.quotes(posts[int(at)], token or None, reading)
        except PlatformError as error:
            if error.code.endswith("resource-not-found"):
                return Page(more=following)  # this post is gone, and the others are not
            refused = error.permanent or error.lost or error.code.startswith("4")
            self._quotes_again = now + (_QUOTES_PAUSE if refused else timedelta(seconds=error.retry_after or 0.0))
            _log.warning("x.no_quotes", place=self._place, code=error.code)
            return Page()
        found = self._page(client, me, reading, answer)
        new = bool(_messages(found)) and answer.meta.next_token  # the newest come first
        more = f"{at}:{answer.meta.next_token}" if new else following
        return msgspec.structs.replace(found, more=more)

    def _page(self, client: XClient, me: Me, reading: ReadRequest, answer: Response) -> Page:
        events = [
            event
            for payload in answer.entries
            for event in to_events(
                payload,
                place=self._place,
                me=me,
                now=self._clock.now(),
                media=answer.includes.media,
                views=self._settings.extras.views,
                note=client.odd.note,
            )
            if not isinstance(event, Message)
            or event.changed
            or event.at >= reading.since  # X reads from a bit earlier
        ]
        return Page(events=tuple(events), more=answer.meta.next_token)


def _messages(page: Page) -> Sequence[Message]:
    events: tuple[AnyEvent, ...] = page.events
    return [event for event in events if isinstance(event, Message)]
