"""After a chat: a last reading of everything, what was deleted meanwhile, and what people are called.

Each is bounded by the budget and done once a chat; what fails is tried again while the chat is young.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.listening.budget import ReadingBudget
from bot.listening.inbox import Inbox
from bot.listening.poll_plan import Round
from bot.listening.poller import AccountGroup, Poller
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Author, Deleted, Message, Named
from bot.ports.platform import Platform
from bot.store import chats, messages, people
from bot.store.database import Database

_PAUSE = timedelta(seconds=5)
"""Between two looks at what is to be done."""

_YOUNG = timedelta(days=1)
"""So long after it shut a chat is still swept, if the bot was away at the time."""

_FAILED, _REFUSED = 60.0, 3600.0
"""Wall seconds until what failed, or was refused, is tried again."""

_PAGE = 100

_log = structlog.get_logger()


class FinalSweep:
    """One place. `run` is its life."""

    def __init__(  # noqa: PLR0913 -- what it is put together from
        self,
        place: str,
        platform: Platform,
        *,
        reader: Poller,
        inbox: Inbox,
        live_chats: LiveChats,
        clock: Clock,
        budget: ReadingBudget,
        database: Database,
        available: Callable[[], bool],
        group: AccountGroup,
    ) -> None:
        self._place = place
        self._platform = platform
        self._reader = reader
        self._inbox = inbox
        self._live_chats = live_chats
        self._clock = clock
        self._budget = budget
        self._database = database
        self._available = available
        self._group = group
        self._asked: set[tuple[str, str]] = set()
        self._later: dict[tuple[str, str], datetime] = {}

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            if self._available():
                await self.tend(self._clock.now())
            await self._clock.sleep_until(self._clock.now() + _PAUSE * self._clock.speed)

    async def tend(self, now: datetime) -> None:
        """Do what is to be done for each chat of this place."""
        for live in list(self._live_chats.by_name.values()):
            if self._place not in live.places or not live.opens <= now < live.shuts + _YOUNG:
                continue
            for work in (self._name, self._last):  # one that fails does not stop the other
                if now >= self._later.get((live.chat.name, work.__name__), now):
                    await self._try(work, live, now)

    async def _try(self, work: Callable[[LiveChat, datetime], Awaitable[None]], live: LiveChat, now: datetime) -> None:
        """What fails is tried again later: when the platform says, or in a minute; in an hour where it was refused."""
        try:
            await work(live, now)
        except (PlatformError, StoreError, TimeoutError) as error:
            final = isinstance(error, PlatformError) and (error.permanent or error.lost)
            asked = error.retry_after if isinstance(error, PlatformError) else None
            pause = timedelta(seconds=max(asked or 0.0, _REFUSED if final else _FAILED))
            self._later[live.chat.name, work.__name__] = now + pause * self._clock.speed
            _log.warning("sweep.failed", place=self._place, chat=live.chat.name, error=type(error).__name__)

    async def _last(self, live: LiveChat, now: datetime) -> None:
        """Once it shut: read everything once more; what we have and the platform has no more was taken back."""
        fact = f"swept {self._place} {live.chat.name}"
        if now < live.shuts or await self._database.read(chats.get_fact, fact) is not None:
            return
        found: set[str] = set()
        for source in self._platform.traits.sources:
            if source.private or (source.by_chat and not self._group.searches(self._place, live)):
                continue
            subject = live.chat.hashtag if source.by_chat else ""
            if source.by_chat and not subject:
                continue
            one = Round(source=source, chat=live.chat.name, subject=subject)
            earliest = max(live.opens, now - timedelta(seconds=source.reach) * self._clock.speed)
            events = await self._reader.read(one, live, earliest)
            if events is None:
                raise PlatformError("There is no money left to read it all.", permanent=True)
            found.update(event.id for event in events if isinstance(event, Message))
        ours = await self._database.read(messages.message_ids, self._place, live.chat.name)
        missing = [id for id in ours if id not in found]
        for id in await self._gone(missing, live.chat.name, now):
            await self._inbox.hear(Deleted(place=self._place, id=id, at=now))
        await self._database.write("incoming", chats.set_fact, fact, now.isoformat())
        _log.info("sweep.done", place=self._place, chat=live.chat.name, read=len(found), missing=len(missing))

    async def _gone(self, ids: Sequence[str], chat: str, now: datetime) -> list[str]:
        """Asked one by one, as far as there is money: that a reading lacks a message proves nothing."""
        gone: list[str] = []
        for begin in range(0, len(ids), _PAGE):
            some = ids[begin : begin + min(_PAGE, await self._budget.looks(chat, now))]
            if not some:
                break
            async with self._patience():
                gone += await self._platform.find_deleted(some, chat)
        return gone

    async def _name(self, live: LiveChat, now: datetime) -> None:
        """What people are called: at once where we know it, after the chat where it costs, and then asked once."""
        traits = self._platform.traits
        if traits.costs.budget is None or not traits.costs.budget.name:
            return
        chat = live.chat.name
        ids = await self._database.read(
            people.ids_without_handle, self._place, chat, followers=traits.features.followers
        )
        known = await self._database.read(people.get_authors, [(self._place, id) for id in ids])
        for author in known.values():
            if author.handle and (author.followers is not None or not traits.features.followers):
                await self._tell(author, now)
                ids.remove(author.id)
        ids = [id for id in ids if (chat, id) not in self._asked]
        if now >= live.ends and (most := min(await self._budget.names(chat, now), _PAGE)) and ids:
            async with self._patience():
                named = await self._platform.find_names(ids[:most], chat)
            for author in named:
                await self._tell(author, now)
            self._asked.update((chat, id) for id in ids[:most])

    async def _tell(self, author: Author, now: datetime) -> None:
        await self._inbox.hear(Named(place=self._place, at=now, author=author))

    def _patience(self) -> asyncio.Timeout:
        return asyncio.timeout(2 * self._platform.traits.delivery.timeout)
