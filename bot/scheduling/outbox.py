"""The outbox sends each post exactly once: it claims rows ahead of time, sends them when due, and gathers the outcomes.

The attempt is in the database before the call, so a crash leaves a trace; and it is there *ahead* of the due time, so a
slow disk can't delay a question. What an answer means is decided in `post_transitions`, what to send in `planning`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

import msgspec
import structlog

from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.messages import Post, Receipt
from bot.ports.platform import Platform
from bot.ports.punctuality import Moment, limit_calls
from bot.scheduling import post_transitions
from bot.scheduling.claim_confirmation import confirmed
from bot.scheduling.claims import Claims
from bot.scheduling.outbox_callbacks import OutboxCallbacks
from bot.scheduling.unsaved_outcomes import Outcomes
from bot.store import outbox_queries
from bot.store.database import Database
from bot.store.outbox import ClaimedPost, PostOutcome
from bot.store.picture_files import PictureFiles

_STOPPING = 6.0
"""Wall seconds to wait for the calls under way at the end. What has no answer then is looked up at the next start."""

_log = structlog.get_logger()


class Outbox:
    """The posts of all places. `lead` is how far ahead of the due time they are claimed, in wall time.

    Nothing is sent to a place that is not `available`.
    """

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        *,
        clock: Clock,
        lead: timedelta,
        callbacks: OutboxCallbacks,
        available: Callable[[str], bool] = lambda _place: True,
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._lead = lead * clock.speed
        self._callbacks = callbacks
        self._available = available
        self._claims = Claims(database, platforms, clock=clock, lead=self._lead, hold=self._hold)
        self._pictures = PictureFiles(database)
        self._wanting: set[int] = set()
        self._waiting: dict[int, ClaimedPost] = {}
        self._timers: set[asyncio.Task[None]] = set()
        self._calls: set[asyncio.Task[None]] = set()
        self._outcomes = Outcomes(database, self._claims, callbacks)

    async def claim_due(self, now: datetime) -> datetime | None:
        """Claim posts that are due soon, and look up ambiguous ones. Returns when to call again, None if never.

        A post that waits for one under way has no time of its own: `on_saved` is called when that one is done.
        """
        places = [place for place in self._platforms if self._available(place)]
        for place in self._platforms.keys() - set(places):
            await self._want(place, now)
        return await self._outcomes.save_and_claim(places, now)

    async def run(self) -> None:
        """Save outcomes until cancelled, unless `claim_due` does so at once. A save that failed is retried."""
        await self._outcomes.run()

    async def stop(self) -> None:
        """Release claims that are not due yet, wait for the calls under way, and save all outcomes."""
        for timer in self._timers:
            timer.cancel()
        waiting, self._waiting = self._waiting, {}
        for item in waiting.values():
            self._outcomes.add(post_transitions.released(item))
        until = asyncio.get_running_loop().time() + _STOPPING
        while self._calls and (left := until - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._calls, timeout=left)
        await self._outcomes.save()

    async def release_claims(self, chat: str) -> None:
        """Release the claims of a chat that were not tried yet, so that its plan can change. Raises StoreError.

        All outcomes are saved: the plan depends on what is out.
        """
        await self._claims.settle_doubt(self._clock.now())
        mine = [item for item in self._waiting.values() if item.post.chat == chat]
        for item in mine:
            del self._waiting[item.id]
            self._outcomes.add(post_transitions.released(item))
        await self._outcomes.save()

    async def _want(self, place: str, now: datetime) -> None:
        """Tell that a place is wanted which is not available, once for each post: it may be there again."""
        due = await self._database.read(outbox_queries.due_ids, place, now, now + self._lead)
        if not due <= self._wanting:
            self._callbacks.on_wanted(place)
        self._wanting |= due

    def _hold(self, to_send: Sequence[ClaimedPost], to_look_up: Sequence[ClaimedPost]) -> None:
        """Send claimed posts when they are due, and look others up."""
        self._waiting.update((item.id, item) for item in to_send)
        for (place, at), together in groupby(sorted(to_send, key=_place_and_time), key=_place_and_time):
            if at <= self._clock.now():
                self._begin(place, at, list(together))
            else:
                self._spawn(self._timers, self._send_when_due(place, at, list(together)))
        for item in to_look_up:
            _log.info("outbox.ambiguous", chat=item.post.chat, key=item.post.key, place=item.post.place)
            self._spawn(self._calls, self._look_up(item))

    def _spawn(self, tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _send_when_due(self, place: str, at: datetime, items: list[ClaimedPost]) -> None:
        """Wait until these posts of a place are due, all at the same time, then send them."""
        await self._clock.sleep_until(at)
        self._begin(place, at, items)

    def _begin(self, place: str, at: datetime, items: list[ClaimedPost]) -> None:
        """Send these posts, unless they were released meanwhile."""
        mine = [item for item in items if self._waiting.pop(item.id, None) is not None]
        now = self._clock.now()
        if now - at > post_transitions.MAX_WAKE_DELAY * self._clock.speed:
            # The recorded attempt must be nearly the true one, or a lookup after it would come too early.
            for item in mine:
                self._outcomes.add(post_transitions.released(item))
        else:
            later = [item for item in mine if self._claims.order.waits(item)]
            self._waiting.update((item.id, item) for item in later)
            for item in later:
                self._spawn(self._timers, self._send_in_turn(place, at, item))
            if ready := [item for item in mine if item.id not in self._waiting]:
                self._spawn(self._calls, self._confirm_and_send(self._platforms[place], ready))

    async def _send_in_turn(self, place: str, at: datetime, item: ClaimedPost) -> None:
        """Send a post that is due once the one before it is out; give it back if that one has to be tried again."""
        left = at + post_transitions.MAX_WAKE_DELAY * self._clock.speed - self._clock.now()
        goes = await self._claims.order.turn(item, left / timedelta(seconds=self._clock.speed))
        if self._waiting.pop(item.id, None) is None:
            return
        if goes:
            self._spawn(self._calls, self._confirm_and_send(self._platforms[place], [item]))
        else:
            self._outcomes.add(post_transitions.released(item))

    async def _confirm_and_send(self, platform: Platform, items: list[ClaimedPost]) -> None:
        """Send those posts whose claims still hold. Where that is not known in time, they are claimed again."""
        delivery = platform.traits.delivery
        try:
            items = [await self._with_picture(item) for item in items]
            begun = Moment.now()
            held = await confirmed(self._database, platform.traits, items)
        except StoreError as error:
            _log.warning("outbox.not_confirmed", posts=len(items), error=str(error))
            for item in items:
                self._outcomes.add(post_transitions.released(item))
            return
        if not delivery.idempotent:  # else others may look for it, and send it, before it leaves
            limit_calls(begun, delivery.timeout + post_transitions.MAX_WAKE_DELAY.total_seconds())
        ids = {item.id for item in held}
        self._claims.settle(item for item in items if item.id not in ids)
        now = self._clock.now()
        ordered = map(self._claims.order.complete, held)
        await self._send(platform, [msgspec.structs.replace(item, attempted_at=now) for item in ordered])

    async def _with_picture(self, item: ClaimedPost) -> ClaimedPost:
        """The post with its picture as a file of this machine. Without one it still has the picture's description."""
        if item.post.image is None:
            return item
        try:
            image = await self._pictures.here(item.post.image)
        except OSError as error:
            _log.warning("outbox.picture_not_written", chat=item.post.chat, error=type(error).__name__)
            return item
        return msgspec.structs.replace(item, post=msgspec.structs.replace(item.post, image=image))

    async def _send(self, platform: Platform, items: list[ClaimedPost]) -> None:
        """Send posts concurrently. An answer counts as soon as it comes, and none after the platform's timeout."""
        calls: set[asyncio.Task[Receipt]] = set()
        for item in items:
            call = asyncio.create_task(platform.send(item.post))
            call.add_done_callback(partial(self._on_answer, item))
            calls.add(call)
        if calls:
            _, unanswered = await asyncio.wait(calls, timeout=platform.traits.delivery.timeout)
            for call in unanswered:
                call.cancel()
            if unanswered:
                await asyncio.wait(unanswered)

    def _on_answer(self, item: ClaimedPost, call: asyncio.Task[Receipt]) -> None:
        error = TimeoutError() if call.cancelled() else call.exception()
        if error is None:
            self._on_sent(item, call.result())
        else:
            self._on_error(item, error)

    async def _look_up(self, item: ClaimedPost) -> None:
        """Look up on the platform whether a post whose answer never came was published."""
        platform = self._platforms[item.post.place]
        now = self._clock.now()
        try:
            async with asyncio.timeout(platform.traits.delivery.timeout):
                receipt = await platform.find(item.post)
        except Exception as error:  # noqa: BLE001 -- whatever an adapter raises, the row must get an outcome
            self._add_failure(item.post, post_transitions.lookup_failed(item, error, now, self._clock.speed))
            self._tell(item.post, error)
            return
        if receipt is None:
            self._add_failure(item.post, post_transitions.not_found(item, now, self._clock.speed))
        else:
            self._on_sent(item, receipt)

    def _tell(self, post: Post, error: BaseException | None) -> None:
        """Tell the result of a call. Only posts to everybody show whether the place takes posts."""
        if error is not None and not isinstance(error, PlatformError):
            error = _no_answer()
        if post.is_public or (error is not None and error.lost):
            self._callbacks.on_result(post.place, error)

    def _on_sent(self, item: ClaimedPost, receipt: Receipt) -> None:
        self._tell(item.post, None)
        result = post_transitions.sent(item, receipt)
        if result.posted is not None and item.post.calendar_entry is None:
            self._callbacks.on_sent(result.posted, item.post.image)
        if result.edited is not None:
            self._callbacks.on_edited(*result.edited)
        self._outcomes.add(result)

    def _on_error(self, item: ClaimedPost, error: BaseException) -> None:
        post = item.post
        result = post_transitions.failed(
            item, error, self._clock.now(), self._platforms[post.place].traits, self._clock.speed
        )
        _log.warning(
            "outbox.refused",
            chat=post.chat,
            key=post.key,
            place=post.place,
            state=result.state,
            error=type(error).__name__,
            code=error.code if isinstance(error, PlatformError) else "",
            **({"cut_into": len(result.cut_anew)} if result.cut_anew else {}),
        )
        self._add_failure(post, result)
        self._tell(post, error)

    def _add_failure(self, post: Post, result: PostOutcome) -> None:
        self._outcomes.add(result)
        if result.state == "failed":
            self._callbacks.on_failed(post, result.error or "")


def _place_and_time(item: ClaimedPost) -> tuple[str, datetime]:
    return item.post.place, item.attempted_at


def _no_answer() -> PlatformError:
    return PlatformError("It did not answer in time.", ambiguous=True)
