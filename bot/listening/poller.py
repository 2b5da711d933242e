"""The poller reads a place that must be asked: at its pace, within its budget, and again after every gap.

`poll_plan` and the budget decide when and how much. The poller asks, stores the answers, and remembers how far it got.
A position moves only when everything before it is stored: a crash or a fault costs at most reading again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog

from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.listening import poll_plan
from bot.listening.budget import ReadingBudget
from bot.listening.inbox import Inbox
from bot.listening.listener import PlaceListener, RecordResult, position_mark, position_name
from bot.listening.reading_retries import ReadingRetries
from bot.live.consent import is_privacy_request
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import AnyEvent, Command, Edited, Gap, Message, Named
from bot.ports.platform import Platform, ReadRequest, Source

_TICK = timedelta(seconds=1)
_WHILE_DOWN = timedelta(seconds=10)
_UNPAID_PACE = 60.0
"""The factor between two looks whether there is money to read again."""

_log = structlog.get_logger()


class AccountGroup:
    """The bot's accounts on one platform, which may hear the same messages. Only one of them searches for a chat."""

    def __init__(self, places: tuple[str, ...], available: Callable[[str], bool]) -> None:
        self.places = places
        self.accounts: set[str] = set()
        self._available = available
        self.lock = asyncio.Lock()

    def searches(self, place: str, live: LiveChat) -> bool:
        """Whether this place searches for a chat's hashtag: the chat's first that is available does."""
        return place == next((one for one in self.places if one in live.places and self._available(one)), None)


class PolledPlace(NamedTuple):
    """A place that must be asked, with its adapter, listener, budget and account group."""

    name: str
    platform: Platform
    listener: PlaceListener
    budget: ReadingBudget
    group: AccountGroup
    available: Callable[[], bool]

    def reads(self, source: Source, live: LiveChat) -> bool:
        """Whether this place reads a source for a chat: only one account searches for a hashtag."""
        return not source.by_chat or source.own or self.group.searches(self.name, live)

    def deadline(self) -> asyncio.Timeout:
        """The longest time that a call may take. Raises TimeoutError after it."""
        return asyncio.timeout(2 * self.platform.traits.delivery.timeout)


class Poller:
    """Polls one place. `run` is its loop; `read` is one reading, which the final sweep uses as well."""

    def __init__(
        self, place: PolledPlace, *, inbox: Inbox, live_chats: LiveChats, clock: Clock, record_result: RecordResult
    ) -> None:
        self._place = place
        self._inbox = inbox
        self._live_chats = live_chats
        self._clock = clock
        self._record_result = record_result
        self._polled: dict[tuple[str, str], datetime] = {}
        self._completed: dict[tuple[str, str], datetime] = {}
        self._paces: dict[tuple[str, str], float] = {}
        self._gap = -1, datetime.min.replace(tzinfo=UTC)
        self._retries = ReadingRetries()
        self._names: dict[str, str] = {}
        self._wake = asyncio.Event()
        place.listener.reconnected = self._reconnected
        place.listener.accounts = place.group.accounts

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            if self._place.available():
                await self.poll(self._clock.now())
            await self._pause()

    def _reconnected(self) -> None:
        """Read at once what was missed."""
        for source in self._place.platform.traits.sources:
            if source.every is None:
                self._polled.pop((source.name, ""), None)
                self._retries.worked((source.name, ""))
        self._wake.set()

    async def _pause(self) -> None:
        """Wait for the next second, or until the connection is back."""
        ticking = asyncio.create_task(self._clock.sleep_until(self._clock.now() + _TICK * self._clock.speed))
        waking = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait({ticking, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ticking.cancel()
            waking.cancel()
        self._wake.clear()

    async def poll(self, now: datetime) -> None:
        """Read the sources that are due."""
        listener = self._place.listener
        chats = poll_plan.open_chats(self._live_chats.near(now), self._place.name, now)
        if not chats and listener.behind:
            listener.caught_up(listener.gaps)  # nobody could write, so nothing was missed
        gaps, sources = listener.gaps, self._place.platform.traits.sources
        read = [(source, live) for live in chats for source in sources if self._place.reads(source, live)]
        self._retries.keep({poll_plan.poll_of(*one).subject for one in read})
        for poll in poll_plan.due(
            sources,
            chats,
            now,
            polled=self._polled,
            retries=self._retries.due,
            paces=self._paces,
            behind=listener.behind,
        ):
            live = self._live_chats.by_name.get(poll.chat or "")
            if poll.chat is not None and (live is None or not self._place.reads(poll.source, live)):
                continue  # its file was removed during the poll before, or another account searches
            self._polled[poll.key] = now
            if await self._try(poll, live, now) and poll.source.every is None:
                self._caught_up(poll, gaps, now)

    def _caught_up(self, poll: poll_plan.Poll, gaps: int, now: datetime) -> None:
        """Everything visible was read. The newest messages become visible late, so a gap is closed only after that."""
        if self._gap[0] != gaps:
            self._gap = gaps, now
        delay = timedelta(seconds=self._place.platform.traits.delivery.visible_after)
        visible = self._gap[1] + delay * self._clock.speed
        if now >= visible:
            self._place.listener.caught_up(gaps)
            visible = now + _WHILE_DOWN * self._clock.speed
        self._polled[poll.key] = visible  # while the connection is still down, it is read again and again

    async def _try(self, poll: poll_plan.Poll, live: LiveChat | None, now: datetime) -> bool:
        """Read new events. Returns whether all of them came."""
        try:
            return await self._read_new(poll, live, now)
        except PlatformError as error:
            self._failed(poll, error, now)
        except StoreError as error:
            self._retries.worked(poll.key)  # the platform did its part
            _log.warning("poller.not_stored", place=self._place.name, source=poll.source.name, error=str(error))
        return False

    async def _read_new(self, poll: poll_plan.Poll, live: LiveChat | None, now: datetime) -> bool:
        place, source = self._place.name, poll.source
        position = await self._position(poll)
        since = poll_plan.since(source, live, position, now, self._clock.speed)
        found = await self.read(poll, live, since)
        self._retries.worked(poll.key)
        if found is None:
            return False
        self._completed[poll.key] = now
        public = live if not source.private else None
        if public and position is not None and since > (missed := max(position, public.opens)):
            await self._inbox.hear(Gap(place=place, at=now, since=missed, until=since, chat=poll.chat))
        newest = max([event.at for event in found if isinstance(event, Message | Command)], default=position)
        if newest is not None and newest != position:
            reached = max(newest, position or newest)
            await self._inbox.save_position(position_mark(place, source.name, reached, poll.subject))
        if self._retries.works:
            self._record_result(place, self._retries.refusal, "read")
        return True

    def has_read(self, live: LiveChat, instant: datetime) -> bool:
        """Whether all that is said in a chat was read since an instant. Sources read only after a gap don't count."""
        sources = [one for one in self._place.platform.traits.sources if one.every is not None and not one.private]
        polls = [poll_plan.poll_of(one, live) for one in sources if self._place.reads(one, live)]
        keys = [poll.key for poll in polls if poll.subject or not poll.source.by_chat]
        return all(key in self._completed and self._completed[key] >= instant for key in keys)

    async def read(self, poll: poll_plan.Poll, live: LiveChat | None, since: datetime) -> list[AnyEvent] | None:
        """Read and store everything since an instant. Returns None where the budget doesn't reach to read it all.

        Raises PlatformError and StoreError.
        """
        found: list[AnyEvent] = []
        posts = tuple(post.id for post in live.posts(self._place.name)) if live else ()
        more: str | None = None
        while True:
            allowance = await self._place.budget.allowance(poll.source, poll.chat, self._clock.now())
            if allowance is None:
                self._paces[poll.key] = _UNPAID_PACE
                return None
            self._paces[poll.key] = allowance.pace
            request = ReadRequest(
                source=poll.source.name,
                since=since,
                limit=allowance.most,
                chat=poll.chat,
                hashtag=live.chat.hashtag if live else "",
                posts=posts,
                more=more,
            )
            try:
                async with self._place.deadline():
                    page = await self._place.platform.read(request)
            except TimeoutError:
                raise PlatformError("It did not answer in time.") from None
            # some platforms return the newest first; commands are carried out in the order of hearing
            new = sorted(filter(self._is_new, page.events), key=lambda event: event.at)
            async with self._place.group.lock:
                await self._store(await self._unheard(new))
            self._names.update((one.author.id, one.author.handle) for one in new if isinstance(one, Named))
            found += page.events
            more = page.more
            if more is None:
                return found

    async def _store(self, events: list[AnyEvent]) -> None:
        """Store events. An invalid one does not hold up the others."""
        for refusal in await self._inbox.hear_all(events):
            if not refusal.invalid:
                raise refusal
            _log.warning("poller.invalid_event", place=self._place.name)

    async def _unheard(self, events: list[AnyEvent]) -> list[AnyEvent]:
        """The events that none of the bot's other accounts on the platform has heard or posted."""
        group = self._place.group
        events = [one for one in events if not (isinstance(one, Message) and one.author.id in group.accounts)]
        others = [place for place in group.places if place != self._place.name]
        if not others:
            return events
        ids = {event.id for event in events if isinstance(event, Message | Edited)}
        heard = await self._inbox.stored(others, ids)
        return [event for event in events if not self._belongs_to(others, event, heard)]

    def _belongs_to(self, others: list[str], event: AnyEvent, heard: set[str]) -> bool:
        """Whether another account hears an event. A privacy request counts on every account that comes across it."""
        if not isinstance(event, Message | Edited) or is_privacy_request(event.text):
            return False
        parent = event.parent[1] if isinstance(event, Message) else ""
        ids = {event.id, parent} - {""}
        return event.id in heard or any(self._live_chats.is_own_post(place, id) for place in others for id in ids)

    def _is_new(self, event: AnyEvent) -> bool:
        """Names come with every mention; only a changed one is new."""
        return not isinstance(event, Named) or self._names.get(event.author.id) != event.author.handle

    async def _position(self, poll: poll_plan.Poll) -> datetime | None:
        stored = await self._inbox.position(position_name(self._place.name, poll.source.name, poll.subject))
        return datetime.fromisoformat(stored).astimezone(UTC) if stored else None

    def _failed(self, poll: poll_plan.Poll, error: PlatformError, now: datetime) -> None:
        """Try again later, and tell how it failed."""
        pause = self._retries.failed(poll.key, error, now, self._clock.speed)
        if poll.source.every is None:
            asyncio.get_running_loop().call_later(pause, self._wake.set)
        name, place = type(error).__name__, self._place.name
        _log.warning("reading.failed", place=place, source=poll.source.name, error=name, code=error.code)
        if self._retries.works or not error.permanent or error.lost:  # a refusal hides no failure
            self._record_result(place, error, "read")
