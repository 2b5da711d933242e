"""Reads a place that must be asked: at its pace, within its budget, again after every gap, and a last time at the end.

When and how much is decided by `poll_plan` and `bot.live.costs`. This room asks, stores what comes, and remembers how
far it got. A position moves only when everything before it is stored: a crash or a fault costs at most reading again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.listening import poll_plan
from bot.listening.budget import ReadingBudget
from bot.listening.inbox import Inbox
from bot.listening.listener import PlaceListener, ReportStatus, position_mark, position_name
from bot.live.consent import is_privacy_request
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import AnyEvent, Command, Edited, Gap, Message, Named
from bot.ports.platform import Platform, ReadRequest

_TICK = timedelta(seconds=1)
_WHILE_DOWN = timedelta(seconds=10)
_LONGEST_PAUSE = 60.0
"""Most wall seconds between two tries after a failure."""

_REFUSED = 300.0
"""Wall seconds until a reading that was refused for good is tried again: somebody may have put it right."""

_log = structlog.get_logger()


class AccountGroup:
    """The places on one platform whose accounts may hear the same. Only a chat's first that is `available` searches."""

    def __init__(self, places: tuple[str, ...], available: Callable[[str], bool]) -> None:
        self.places = places
        self.accounts: set[str] = set()
        self._available = available
        self.lock = asyncio.Lock()

    def searches(self, place: str, live: LiveChat) -> bool:
        """Whether this one asks for what is said in a chat to nobody in particular."""
        return place == next((one for one in self.places if one in live.places and self._available(one)), None)


class Poller:
    """One place. `run` is its life; `read` is one round, which the last sweep uses as well."""

    def __init__(  # noqa: PLR0913 -- what it is put together from
        self,
        place: str,
        platform: Platform,
        *,
        listener: PlaceListener,
        inbox: Inbox,
        live_chats: LiveChats,
        clock: Clock,
        budget: ReadingBudget,
        noticed: ReportStatus,
        available: Callable[[], bool],
        group: AccountGroup,
    ) -> None:
        self._place = place
        self._platform = platform
        self._listener = listener
        self._inbox = inbox
        self._live_chats = live_chats
        self._clock = clock
        self._budget = budget
        self._noticed = noticed
        self._available = available
        self._group = group
        self._read: dict[tuple[str, str], datetime] = {}
        self._paces: dict[tuple[str, str], float] = {}
        self._gap = -1, datetime.min.replace(tzinfo=UTC)
        self._failures = 0
        self._names: dict[str, str] = {}
        self._wake = asyncio.Event()
        listener.returned = self._back
        listener.accounts = group.accounts

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            if self._available():
                await self._tend(self._clock.now())
            await self._pause()

    def _back(self) -> None:
        """What was missed is read at once."""
        for source in self._platform.traits.sources:
            if source.every is None:
                self._read.pop((source.name, ""), None)
        self._wake.set()

    async def _pause(self) -> None:
        """Until the next second, or until the connection is back."""
        ticking = asyncio.create_task(self._clock.sleep_until(self._clock.now() + _TICK * self._clock.speed))
        waking = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait({ticking, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ticking.cancel()
            waking.cancel()
        self._wake.clear()

    async def _tend(self, now: datetime) -> None:
        by_name = poll_plan.open_at(self._live_chats.by_name.values(), self._place, now)
        if not by_name and self._listener.behind:
            self._listener.caught_up(self._listener.gaps)  # nobody could speak, so nothing was missed
        gaps, sources = self._listener.gaps, self._platform.traits.sources
        for one in poll_plan.due(
            sources, by_name, now, read=self._read, paces=self._paces, behind=self._listener.behind
        ):
            live = self._live_chats.by_name.get(one.chat or "")
            if one.chat is not None and (live is None or not self._ours(one, live)):
                continue  # its file was taken away during the round before, or another account asks for it
            self._read[one.key] = now
            if await self._round(one, live, now) and one.source.every is None:
                self._caught_up(one, gaps, now)

    def _ours(self, one: poll_plan.Round, live: LiveChat) -> bool:
        return not one.source.by_chat or self._group.searches(self._place, live)

    def _caught_up(self, one: poll_plan.Round, gaps: int, now: datetime) -> None:
        """All was read that could be seen. What was said last is shown late, so a look that comes too early is none."""
        if self._gap[0] != gaps:
            self._gap = gaps, now
        shown = self._gap[1] + timedelta(seconds=self._platform.traits.delivery.visible_after) * self._clock.speed
        if now >= shown:
            self._listener.caught_up(gaps)
            shown = now + _WHILE_DOWN * self._clock.speed
        self._read[one.key] = shown  # where the connection is still down, it is read again and again

    async def _round(self, one: poll_plan.Round, live: LiveChat | None, now: datetime) -> bool:
        """Read what is new; whether all of it came."""
        try:
            return await self._news_of(one, live, now)
        except PlatformError as error:
            self._failed(one, error, now)
        except StoreError as error:
            _log.warning("reading.not_stored", place=self._place, source=one.source.name, error=str(error))
        return False

    async def _news_of(self, one: poll_plan.Round, live: LiveChat | None, now: datetime) -> bool:
        position = await self._position(one)
        since = poll_plan.since(one.source, live, position, now, self._clock.speed)
        found = await self.read(one, live, since)
        if found is None:
            return False
        public = live if not one.source.private else None
        if public and position is not None and since > (missed := max(position, public.opens)):
            await self._inbox.hear(Gap(place=self._place, at=now, since=missed, until=since, chat=one.chat))
        newest = max([event.at for event in found if isinstance(event, Message | Command)], default=position)
        if newest is not None and newest != position:
            await self._inbox.save_position(
                position_mark(self._place, one.source.name, max(newest, position or newest), one.subject)
            )
        self._failures = 0
        self._noticed(self._place, None, "read")
        return True

    async def read(self, one: poll_plan.Round, live: LiveChat | None, since: datetime) -> list[AnyEvent] | None:
        """Everything since an instant, stored; None where there is no money left to read it all.

        Raises PlatformError and StoreError.
        """
        found: list[AnyEvent] = []
        asked = tuple(post.id for post in live.posts(self._place)) if live else ()
        more: str | None = None
        while True:
            allowed = await self._budget.allowed(one.source, one.chat, self._clock.now())
            if allowed is None:
                self._paces[one.key] = _LONGEST_PAUSE
                return None
            self._paces[one.key] = allowed.pace
            reading = ReadRequest(
                source=one.source.name,
                since=since,
                limit=allowed.most,
                chat=one.chat,
                hashtag=one.subject,
                posts=asked,
                more=more,
            )
            try:
                async with asyncio.timeout(2 * self._platform.traits.delivery.timeout):
                    page = await self._platform.read(reading)
            except TimeoutError:
                raise PlatformError("It did not answer in time.") from None
            # some platforms tell the newest first; commands are carried out in the order of hearing
            news = sorted(filter(self._news, page.events), key=lambda event: event.at)
            async with self._group.lock:
                await self._store(await self._unheard(news))
            self._names.update((one.author.id, one.author.handle) for one in news if isinstance(one, Named))
            found += page.events
            more = page.more
            if more is None:
                return found

    async def _store(self, events: list[AnyEvent]) -> None:
        """All of them; one that is not fit to be stored stands in nobody's way."""
        for result in await asyncio.gather(*(self._inbox.hear(event) for event in events), return_exceptions=True):
            if isinstance(result, StoreError) and result.invalid:
                _log.warning("reading.unfit", place=self._place)
            elif result is not None:
                raise result

    async def _unheard(self, events: list[AnyEvent]) -> list[AnyEvent]:
        """Those that another account on the same platform has neither heard nor posted."""
        events = [one for one in events if not (isinstance(one, Message) and one.author.id in self._group.accounts)]
        others = [place for place in self._group.places if place != self._place]
        if not others:
            return events
        ids = {event.id for event in events if isinstance(event, Message | Edited)}
        heard = await self._inbox.stored(others, ids)
        return [event for event in events if not self._theirs(event, others, heard)]

    def _theirs(self, event: AnyEvent, others: list[str], heard: set[str]) -> bool:
        """Whether another account hears it. A wish is heard by whoever comes across it."""
        if not isinstance(event, Message | Edited) or is_privacy_request(event.text):
            return False
        answered = event.parent[1] if isinstance(event, Message) else ""
        ours = {event.id, answered} - {""}
        return event.id in heard or any(self._live_chats.is_own_post(place, id) for place in others for id in ours)

    def _news(self, event: AnyEvent) -> bool:
        """What somebody is called is told again with each mention; only a change is news."""
        return not isinstance(event, Named) or self._names.get(event.author.id) != event.author.handle

    async def _position(self, one: poll_plan.Round) -> datetime | None:
        said = await self._inbox.position(position_name(self._place, one.source.name, one.subject))
        return datetime.fromisoformat(said).astimezone(UTC) if said else None

    def _failed(self, one: poll_plan.Round, error: PlatformError, now: datetime) -> None:
        """Try again later: when the platform says, else after twice as long each time."""
        self._failures = min(self._failures + 1, 10)
        pause = error.retry_after if error.retry_after is not None else min(2.0**self._failures, _LONGEST_PAUSE)
        if error.permanent and not error.lost:  # a lost place is opened again first, and may be back long before
            pause = _REFUSED
        every = one.source.every or 0.0
        self._read[one.key] = now + timedelta(seconds=max(pause - every, 0)) * self._clock.speed
        if one.source.every is None:
            asyncio.get_running_loop().call_later(pause, self._wake.set)
        _log.warning("reading.failed", place=self._place, source=one.source.name, error=type(error).__name__)
        self._noticed(self._place, error, "read")
