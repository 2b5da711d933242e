"""Says each post exactly once. Claims rows a little ahead, sends each at its hour, writes the answers in batches.

The intent is in the store before the call, so a crash leaves a trace; and it is there *ahead* of the hour, so a slow
disk cannot delay a question. What an answer means is decided by `outcome`; what to say is decided by `planning`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

import structlog

from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.messages import Edited, Image, Posted, Receipt
from bot.ports.platform import Platform
from bot.scheduling import post_transitions
from bot.store import outbox, outbox_queries
from bot.store.database import Database
from bot.store.outbox import ClaimedPost, PostOutcome

_LARGEST = 1000
"""Most answers written in one transaction."""

_IN_ORDER = timedelta(minutes=5)
"""How long the next post of a chat waits for the one before it: less than from question to question."""

_STALE = timedelta(seconds=2)
"""We woke later than this after the hour that was written down (the machine slept): claim again, with the true time."""

_log = structlog.get_logger()


class Outbox:
    """All places' posts. `said` is told of each receipt at once, before any disk, and `amended` of each changed post.

    `noticed` is told what each call says about its place; nothing is tried on a place that is not `available`.
    """

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        *,
        clock: Clock,
        lead: timedelta,
        said: Callable[[Posted, Image | None], None],
        settled: Callable[[], None],
        noticed: Callable[[str, PlatformError | None], None] = lambda _place, _error: None,
        available: Callable[[str], bool] = lambda _place: True,
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._lead = lead * clock.speed
        self._said = said
        self._settled = settled
        self._noticed = noticed
        self._available = available
        self.amended: Callable[[str, Edited], None] = lambda _chat, _edited: None
        self._ours: set[int] = set()
        self._waiting: dict[int, ClaimedPost] = {}
        self._timers: set[asyncio.Task[None]] = set()
        self._calls: set[asyncio.Task[None]] = set()
        self._outcomes: list[PostOutcome] = []
        self._settle = asyncio.Event()
        self._writing = asyncio.Lock()

    async def tend(self, now: datetime) -> datetime | None:
        """Take what is due soon and what is in doubt; returns when to come back, None if nothing is left to say.

        What waits for something under way wants no coming back: `settled` is called when that is written down.
        """
        if self._outcomes:
            self._settle.set()  # a write that failed is tried again
        places = [place for place in self._platforms if self._available(place)]
        for place in places:
            await self._claim(place, now)
            await self._doubtful(place, now)
        say, look = await self._database.write("outgoing", outbox_queries.next_times, places)
        return min(filter(None, (say and say - self._lead, look)), default=None)

    async def run(self) -> None:
        """Write answers down until cancelled."""
        while True:
            await self._settle.wait()
            self._settle.clear()
            await self._write()

    async def stop(self) -> None:
        """Give back what is not due yet, wait for the calls under way, and write everything down."""
        for timer in self._timers:
            timer.cancel()
        waiting, self._waiting = self._waiting, {}
        for item in waiting.values():
            self._note(post_transitions.unsent(item))
        while self._calls:
            await asyncio.wait(self._calls)
        await self._write()

    async def give_back(self, chat: str) -> None:
        """Let go of what of a chat is claimed ahead and not yet tried, so that its plan may be changed."""
        mine = [item for item in self._waiting.values() if item.post.chat == chat]
        for item in mine:
            del self._waiting[item.id]
            self._note(post_transitions.unsent(item))
        if mine:
            await self._write()

    async def _claim(self, place: str, now: datetime) -> None:
        lease = post_transitions.wait(self._platforms[place].traits, self._clock.speed)
        until, patience = now + self._lead, _IN_ORDER * self._clock.speed
        while items := await self._database.write(
            "outgoing", outbox.claim, place, now=now, until=until, lease=lease, patience=patience
        ):
            self._ours.update(item.id for item in items)
            self._waiting.update((item.id, item) for item in items)
            for at, together in groupby(items, key=lambda item: item.attempted_at):
                self._spawn(self._timers, self._deliver(place, at, list(together)))

    async def _doubtful(self, place: str, now: datetime) -> None:
        lease = max(post_transitions.wait(self._platforms[place].traits, self._clock.speed), timedelta(seconds=1))
        items = await self._database.write(
            "outgoing", outbox.claim_ambiguous, place, now=now, lease=lease, busy=list(self._ours)
        )
        for item in items:
            _log.info("outbox.in_doubt", chat=item.post.chat, key=item.post.key, place=place)
            self._ours.add(item.id)
            self._spawn(self._calls, self._look(item))

    def _spawn(self, tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _deliver(self, place: str, at: datetime, items: list[ClaimedPost]) -> None:
        """Wait for the hour that all these posts of a place share, then hand them over."""
        await self._clock.sleep_until(at)
        mine = [item for item in items if self._waiting.pop(item.id, None) is not None]
        if self._clock.now() - at > _STALE * self._clock.speed:
            # The attempt that is written down must be the true one, or a look after it would come too early.
            for item in mine:
                self._note(post_transitions.unsent(item))
        else:
            self._spawn(self._calls, self._call(self._platforms[place], mine))

    async def _call(self, platform: Platform, items: list[ClaimedPost]) -> None:
        """Send them side by side; an answer counts as soon as it comes, and none after the platform's timeout."""
        calls: set[asyncio.Task[Receipt]] = set()
        for item in items:
            call = asyncio.create_task(platform.send(item.post))
            call.add_done_callback(partial(self._answered, item))
            calls.add(call)
        if calls:
            _, unanswered = await asyncio.wait(calls, timeout=platform.traits.delivery.timeout)
            for call in unanswered:
                call.cancel()
            if unanswered:
                await asyncio.wait(unanswered)

    def _answered(self, item: ClaimedPost, call: asyncio.Task[Receipt]) -> None:
        error = TimeoutError() if call.cancelled() else call.exception()
        if error is None:
            self._sent(item, call.result())
        else:
            self._refused(item, error)

    async def _look(self, item: ClaimedPost) -> None:
        """Find out whether a post is there whose answer never came."""
        platform = self._platforms[item.post.place]
        now = self._clock.now()
        try:
            async with asyncio.timeout(platform.traits.delivery.timeout):
                receipt = await platform.find(item.post)
        except Exception as error:  # noqa: BLE001 -- whatever an adapter raises, the row must get an answer
            self._note(post_transitions.not_looked(item, error, now, self._clock.speed))
            self._noticed(item.post.place, error if isinstance(error, PlatformError) else _silent())
            return
        if receipt is None:
            self._note(post_transitions.not_found(item, now, self._clock.speed))
        else:
            self._sent(item, receipt)

    def _sent(self, item: ClaimedPost, receipt: Receipt) -> None:
        self._noticed(item.post.place, None)
        result = post_transitions.sent(item, receipt)
        if result.posted is not None and item.post.calendar_entry is None:
            self._said(result.posted, item.post.image)
        if result.amended is not None:
            self.amended(*result.amended)
        self._note(result)

    def _refused(self, item: ClaimedPost, error: BaseException) -> None:
        post = item.post
        result = post_transitions.refused(
            item, error, self._clock.now(), self._platforms[post.place].traits, self._clock.speed
        )
        _log.warning(
            "outbox.refused",
            chat=post.chat,
            key=post.key,
            place=post.place,
            state=result.state,
            error=type(error).__name__,
        )
        self._note(result)
        self._noticed(post.place, error if isinstance(error, PlatformError) else _silent())

    def _note(self, result: PostOutcome) -> None:
        self._outcomes.append(result)
        self._settle.set()

    async def _write(self) -> None:
        """Write all answers that are in. They are kept until that is done, so a fault or a stop loses none."""
        async with self._writing:
            while self._outcomes:
                batch = self._outcomes[:_LARGEST]
                try:
                    await self._database.write("outgoing", outbox.save_outcomes, batch)
                except StoreError as error:
                    _log.warning("outbox.not_settled", rows=len(batch), error=str(error))
                    return
                del self._outcomes[: len(batch)]
                self._ours.difference_update(one.id for one in batch)
                _report(batch)
                self._settled()


def _silent() -> PlatformError:
    return PlatformError("It did not answer in time.", ambiguous=True)


def _report(batch: list[PostOutcome]) -> None:
    for one in batch:
        if one.posted is not None:
            posted = one.posted
            _log.info("outbox.sent", chat=posted.chat, key=posted.key, place=posted.place, at=posted.at.isoformat())
