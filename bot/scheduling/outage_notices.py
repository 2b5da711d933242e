"""What people are told when a place cannot be reached for long: the others that they go on, and itself when it is back.

One neutral sentence each, once. Whether a place is there, `presence` says; posting is the outbox's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import wording
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Post
from bot.ports.platform import Traits
from bot.scheduling.place_monitor import PlaceMonitor
from bot.store import planned_posts
from bot.store.database import Database
from bot.store.planned_posts import PlannedPost, nonce

_WORTH = timedelta(minutes=10)
"""How long such a sentence is worth saying."""


class OutageNotices:
    """All places of all chats that are on. `lost` is how long a place must be gone before it is worth a word."""

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
        self._told: set[tuple[str, str]] = set()
        self._returned: list[tuple[str, datetime]] = []
        monitor.returned = lambda place, since: self._returned.append((place, since))

    async def tend(self, now: datetime) -> None:
        """Plan what is to be said now."""
        on = [live for live in self._live_chats.by_name.values() if live.chat.starts <= now < live.ends]
        for live in on:
            for place in live.places:
                since = self._monitor.down_since(place)
                if since is not None and now - max(since, live.chat.starts) >= self._lost:
                    await self._tell_others(live, place, now)
        returned, self._returned = self._returned, []
        for place, since in returned:
            for live in on:
                if place in live.places and now - max(since, live.chat.starts) >= self._lost:
                    await self._welcome_back(live, place, since, now)

    async def _tell_others(self, live: LiveChat, gone: str, now: datetime) -> None:
        if (live.chat.name, gone) in self._told:
            return
        text = wording.place_lost(self._places[gone].called or gone, live.chat.hashtag)
        others = [place for place in live.places if self._monitor.down_since(place) is None]
        said: set[str] = set()
        planned = []
        for place in others:
            traits = self._places[place]
            if traits.text.unrepeated and traits.platform in said:
                continue  # no two accounts say the same
            said.add(traits.platform)
            planned.append(_notice(live, place, traits, f"notice-without-{gone}", text, now))
        await self._database.write("outgoing", planned_posts.save_plan, planned)
        if planned:
            self._told.add((live.chat.name, gone))

    async def _welcome_back(self, live: LiveChat, place: str, since: datetime, now: datetime) -> None:
        asked = [question.key for question in live.chat.questions if _asked(live, question.key)]
        if set(asked) <= {one.key for one in live.said(place)} or self._second(live, place):
            return  # it missed nothing, or it has no words of its own
        minutes = round((now - since) / timedelta(minutes=1))
        text = wording.place_back(minutes, asked[-1].upper(), live.chat.hashtag)
        key = f"notice-back-{int(now.timestamp())}"
        await self._database.write(
            "outgoing", planned_posts.save_plan, [_notice(live, place, self._places[place], key, text, now)]
        )
        self._told.discard((live.chat.name, place))

    def _second(self, live: LiveChat, place: str) -> bool:
        """Whether another account of ours says such things on this platform, which minds the same from two."""
        mine = self._places[place]
        first = next(one for one in live.places if self._places[one].platform == mine.platform)
        return mine.text.unrepeated and first != place


def _asked(live: LiveChat, key: str) -> bool:
    """Whether a question is out anywhere."""
    return any(one.key == key for place in live.places for one in live.said(place))


def _notice(live: LiveChat, place: str, traits: Traits, key: str, text: str, now: datetime) -> PlannedPost:
    chat = live.chat.name
    if traits.text.unrepeated:  # the same may have been said in an earlier chat
        local = now.astimezone(ZoneInfo(live.chat.timezone))
        text = f"{text} ({local.day} {local:%B}, {local:%H:%M})"
    post = Post(
        chat=chat,
        key=key,
        place=place,
        kind="notice",
        text=text,
        nonce=nonce(chat, key, place, 1),
        due=now,
    )
    return PlannedPost(post=post, expires=now + _WORTH)
