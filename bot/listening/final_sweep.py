"""The final sweep of a chat: reads everything once more after the end, finds deleted messages, and asks for names.

Each is bounded by the budget and done once a chat. A step that fails is tried again until the chat is a day old.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.listening.inbox import Inbox
from bot.listening.poll_plan import poll_of
from bot.listening.poller import PolledPlace, Poller
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Author, Deleted, Message, Named
from bot.store import chats, messages, people
from bot.store.database import Database

_PAUSE = timedelta(seconds=5)
"""The interval between two checks for something to do."""

_SWEPT_FOR = timedelta(days=1)
"""The time after a chat closed in which it is still swept, if the bot was away at the end."""

_FAILED_PAUSE, _REFUSED_PAUSE = 60.0, 3600.0
"""Wall seconds until a step that failed, or was refused, is tried again."""

_PAGE = 100

_log = structlog.get_logger()


class FinalSweep:
    """Sweeps the chats of one place. `run` is its loop."""

    def __init__(
        self,
        place: PolledPlace,
        *,
        poller: Poller,
        inbox: Inbox,
        live_chats: LiveChats,
        clock: Clock,
        database: Database,
    ) -> None:
        self._place = place
        self._poller = poller
        self._inbox = inbox
        self._live_chats = live_chats
        self._clock = clock
        self._database = database
        self._asked: set[tuple[str, str]] = set()
        self._retry_at: dict[tuple[str, str], datetime] = {}

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            if self._place.available():
                await self.sweep(self._clock.now())
            await self._clock.sleep_until(self._clock.now() + _PAUSE * self._clock.speed)

    async def sweep(self, now: datetime) -> None:
        """Do the steps that are due for each chat of this place."""
        for live in self._live_chats.near(now):
            if self._place.name not in live.places or not live.opens <= now < live.shuts + _SWEPT_FOR:
                continue
            for step in (self._read_again, self._find_names):  # one that fails does not stop the other
                if now >= self._retry_at.get((live.chat.name, step.__name__), now):
                    await self._try(step, live, now)

    async def _try(self, step: Callable[[LiveChat, datetime], Awaitable[None]], live: LiveChat, now: datetime) -> None:
        """Try a step. If it fails, retry when the platform says, or in a minute, or in an hour if it was refused."""
        try:
            await step(live, now)
        except (PlatformError, StoreError, TimeoutError) as error:
            final = isinstance(error, PlatformError) and (error.permanent or error.lost)
            asked = error.retry_after if isinstance(error, PlatformError) else None
            pause = timedelta(seconds=max(asked or 0.0, _REFUSED_PAUSE if final else _FAILED_PAUSE))
            self._retry_at[live.chat.name, step.__name__] = now + pause * self._clock.speed
            name, code = type(error).__name__, error.code if isinstance(error, PlatformError) else ""
            _log.warning("final_sweep.failed", place=self._place.name, chat=live.chat.name, error=name, code=code)

    async def _read_again(self, live: LiveChat, now: datetime) -> None:
        """Once the chat closed, read everything again. Stored messages that the platform no longer has were deleted."""
        place, chat = self._place.name, live.chat.name
        fact = f"swept {place} {chat}"
        if now < live.shuts or await self._database.read(chats.get_fact, fact) is not None:
            return
        found: set[str] = set()
        for source in self._place.platform.traits.sources:
            poll = poll_of(source, live)
            if source.private or not self._place.reads(source, live) or (source.by_chat and not poll.subject):
                continue
            earliest = max(live.opens, now - timedelta(seconds=source.reach) * self._clock.speed)
            events = await self._poller.read(poll, live, earliest)
            if events is None:
                raise PlatformError("There is no money left to read it all.", permanent=True)
            found.update(event.id for event in events if isinstance(event, Message))
        stored = await self._database.read(messages.message_ids, place, chat)
        missing = [id for id in stored if id not in found]
        for id in await self._deleted(missing, chat, now):
            await self._inbox.hear(Deleted(place=place, id=id, at=now))
        await self._database.write("incoming", chats.set_fact, fact, now.isoformat())
        _log.info("final_sweep.done", place=place, chat=chat, read=len(found), missing=len(missing))

    async def _deleted(self, ids: Sequence[str], chat: str, now: datetime) -> list[str]:
        """The deleted ones among these messages, as far as the budget reaches: a missing message proves nothing yet."""
        deleted: list[str] = []
        for begin in range(0, len(ids), _PAGE):
            some = ids[begin : begin + min(_PAGE, await self._place.budget.checks_left(chat, now))]
            if not some:
                break
            async with self._place.deadline():
                deleted += await self._place.platform.find_deleted(some, chat)
        return deleted

    async def _find_names(self, live: LiveChat, now: datetime) -> None:
        """Add missing names: stored ones at once, others after the chat, asked for once, because each costs.

        Mentions bring names for nothing, so it waits until all that was said in the chat was read, at most until the
        chat closes.
        """
        traits = self._place.platform.traits
        if traits.costs.budget is None or not traits.costs.budget.name:
            return
        place, chat, followers = self._place.name, live.chat.name, traits.features.followers
        ids = await self._database.read(people.ids_without_handle, place, chat, followers=followers)
        known = await self._database.read(people.get_authors, [(place, id) for id in ids])
        for author in known.values():
            if author.handle and (author.followers is not None or not followers):
                await self._store_name(author, now)
                ids.remove(author.id)
        ids = [id for id in ids if (chat, id) not in self._asked]
        if not ids or not self._is_heard(live, now):
            return
        if most := min(await self._place.budget.names_left(chat, now), _PAGE):
            async with self._place.deadline():
                named = await self._place.platform.find_names(ids[:most], chat)
            for author in named:
                await self._store_name(author, now)
            self._asked.update((chat, id) for id in ids[:most])

    def _is_heard(self, live: LiveChat, now: datetime) -> bool:
        """Whether all that was said in a chat was read after its end, or the chat closed."""
        visible_after = timedelta(seconds=self._place.platform.traits.delivery.visible_after)
        visible = live.ends + visible_after * self._clock.speed
        return now >= live.shuts or (now >= visible and self._poller.has_read(live, visible))

    async def _store_name(self, author: Author, now: datetime) -> None:
        await self._inbox.hear(Named(place=self._place.name, at=now, author=author))
