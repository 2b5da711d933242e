"""Outage notices: while a place can't be reached, the other places get a notice; once it is back, it gets one itself.

Each is one neutral sentence, posted once. It plans them only; `place_monitor` detects the outage.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot import wording
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Post
from bot.ports.platform import Traits
from bot.scheduling.place_monitor import PlaceMonitor
from bot.store import planned_posts
from bot.store.database import Database
from bot.store.planned_posts import PlannedPost, nonce

_LIFETIME = timedelta(minutes=10)
"""A notice that is not sent by then is skipped."""


class OutageNotices:
    """Plans notices for running chats about outages that last at least `lost`."""

    def __init__(
        self,
        database: Database,
        live_chats: LiveChats,
        monitor: PlaceMonitor,
        places: Mapping[str, Traits],
        lost: timedelta,
    ) -> None:
        self._database = database
        self._live_chats = live_chats
        self._monitor = monitor
        self._places = places
        self._lost = lost
        self._announced: set[tuple[str, str]] = set()
        self._recovered: list[tuple[str, datetime, datetime]] = []
        monitor.on_recovered = lambda *outage: self._recovered.append(outage)

    async def plan_notices(self, now: datetime) -> None:
        """Plan the notices that are due at `now`."""
        running = [live for live in self._live_chats.near(now) if live.chat.starts <= now < live.ends]
        for live in running:
            for place in filter(self._monitor.looks_after, live.places):
                since = self._monitor.down_since(place)
                if since is not None and now - max(since, live.chat.starts) >= self._lost:
                    await self._announce_outage(live, place, now)
        while self._recovered:
            place, since, until = self._recovered[0]
            for live in running if self._monitor.looks_after(place) else ():
                if place in live.places and until - max(since, live.chat.starts) >= self._lost:
                    await self._announce_return(live, place, since, until, now)
            del self._recovered[0]  # not before: a notice that the store refuses is planned again

    async def _announce_outage(self, live: LiveChat, gone: str, now: datetime) -> None:
        if (live.chat.name, gone) in self._announced:
            return
        text = wording.place_lost(live.chat, self._places[gone].called or gone)
        others = [place for place in live.places if self._monitor.down_since(place) is None]
        posted_on: set[str] = set()
        planned = []
        for place in others:
            traits = self._places[place]
            if traits.text.unrepeated and traits.platform in posted_on:
                continue  # two accounts must not post the same
            posted_on.add(traits.platform)
            planned.append(_notice_post(live, place, traits, f"notice-without-{gone}", text, now))
        await self._database.write("outgoing", planned_posts.save_plan, planned)
        if planned:
            self._announced.add((live.chat.name, gone))

    async def _announce_return(
        self, live: LiveChat, place: str, since: datetime, until: datetime, now: datetime
    ) -> None:
        asked = [question.key for question in live.chat.questions if _was_asked(live, question.key)]
        if set(asked) <= {one.key for one in live.posts(place)} or self._is_second_account(live, place):
            return  # it missed nothing, or another account posts the same
        minutes = round((until - since) / timedelta(minutes=1))
        text = wording.place_back(live.chat, minutes, asked[-1].upper())
        key = f"notice-back-{int(since.timestamp())}"  # the same when it is planned again
        await self._database.write(
            "outgoing", planned_posts.save_plan, [_notice_post(live, place, self._places[place], key, text, now)]
        )
        self._announced.discard((live.chat.name, place))

    def _is_second_account(self, live: LiveChat, place: str) -> bool:
        """Whether another of the bot's accounts comes first on this platform, which refuses the same text from two."""
        mine = self._places[place]
        first = next(one for one in live.places if self._places[one].platform == mine.platform)
        return mine.text.unrepeated and first != place


def _was_asked(live: LiveChat, key: str) -> bool:
    """Whether a question was sent to any place."""
    return any(one.key == key for place in live.places for one in live.posts(place))


def _notice_post(live: LiveChat, place: str, traits: Traits, key: str, text: str, now: datetime) -> PlannedPost:
    chat = live.chat.name
    if traits.text.unrepeated:  # the same text may have been posted in an earlier chat
        text = wording.dated(live.chat, text, now)
    post = Post(
        chat=chat,
        key=key,
        place=place,
        kind="notice",
        text=text,
        nonce=nonce(chat, key, place, 1),
        due=now,
    )
    return PlannedPost(post=post, expires=now + _LIFETIME)
