"""The claims of this process: claims what is due soon, and finds claims again whose answers were lost.

Posts are claimed ahead of their time, on all places at once. What is done with them is the outbox's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.clock import Clock
from bot.ports.platform import Platform
from bot.scheduling import post_transitions
from bot.scheduling.post_order import PostOrder
from bot.store import due_posts, outbox
from bot.store.database import Database
from bot.store.due_posts import ClaimTimes, DuePosts
from bot.store.outbox import ClaimedPost, PostOutcome

_ORDER_PATIENCE = timedelta(minutes=5)
"""How long a post waits for the one before it in its chat: less than the time between two questions."""

_UNCONFIRMED = timedelta(seconds=3)
"""A claim that is not confirmed this long after its post was due is given back: its process is dead, or cut off."""

_DOUBT = timedelta(minutes=1)
"""How long we look for the rows of a claim whose answer was lost: by then it has been stored, or never will be."""


class Claims:
    """The claimed posts whose outcomes are not saved. `hold` gets new ones, to send and to look up.

    `lead` is how far ahead of its time a post is claimed, in the clock's time.
    """

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        *,
        clock: Clock,
        lead: timedelta,
        hold: Callable[[Sequence[ClaimedPost], Sequence[ClaimedPost]], None],
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._lead = lead
        self._hold = hold
        self._held: dict[int, str | None] = {}
        self._doubt: datetime | None = None
        self.order = PostOrder()
        self._inherits = not database.is_shared

    async def claim_due(
        self, places: Sequence[str], now: datetime, outcomes: Sequence[PostOutcome] = ()
    ) -> datetime | None:
        """Save outcomes, and claim what is due soon on these places: what waited for a post that is out can be next.

        Returns when to call again, None if never. Raises StoreError.
        """
        if self._inherits:
            await self._database.write("claims", self._shorten_leases, now)
            self._inherits = False
        await self.settle_doubt(now)
        send = look_up = None
        again = bool(outcomes)
        if not again:
            times, again = await self._database.read(due_posts.next_times_and_overdue, places, self._unconfirmed(now))
            send, look_up = times
        while again or (send and send - self._lead <= now) or (look_up and look_up <= now):
            found = await self._claim(places, now, outcomes)
            send, look_up = found.next_times
            again, outcomes = False, ()
            if not found.to_send and not found.to_look_up:
                break  # what is due waits for something else
        return min(filter(None, (send and send - self._lead, look_up)), default=None)

    async def settle_doubt(self, now: datetime) -> None:
        """Take over posts of our own claims whose answers were lost: nobody else would for a while."""
        if self._doubt is None:
            return
        found = await self._database.read(due_posts.claimed_by, self._database.process, list(self._held))
        self._take(found, [])
        if now > self._doubt:
            self._doubt = None

    def settle(self, done: Iterable[ClaimedPost | PostOutcome]) -> None:
        """These posts are held no longer, unless they were claimed again meanwhile."""
        for one in done:
            if one.id in self._held and self._held[one.id] == one.claim:
                del self._held[one.id]
                self.order.forget(one.id)

    def _shorten_leases(self, connection: Connection, now: datetime) -> None:
        """At the start: whoever held claims on this SQLite is dead, so its last call was made before `now`."""
        for place, platform in self._platforms.items():
            outbox.shorten_leases(
                connection, place, now + post_transitions.lookup_delay(platform.traits, self._clock.speed)
            )

    async def _claim(self, places: Sequence[str], now: datetime, outcomes: Sequence[PostOutcome]) -> DuePosts:
        """Claim in one transaction. If the answer is lost it may have been done; then `settle_doubt` looks."""
        speed, doubt = self._clock.speed, self._doubt
        self._doubt = now + _DOUBT * speed
        found = await self._database.write(
            "claims",
            due_posts.claim_due,
            {place: post_transitions.lease(self._platforms[place].traits, speed) for place in places},
            ClaimTimes(
                now=now,
                until=now + self._lead,
                patience=_ORDER_PATIENCE * speed,
                unconfirmed=self._unconfirmed(now),
            ),
            ahead=doubt is None,
            holder=self._database.process,
            busy=list(self._held),
            outcomes=outcomes,
        )
        self._doubt = doubt
        self.settle(outcomes)
        self._take(found.to_send, found.to_look_up)
        return found

    def _unconfirmed(self, now: datetime) -> datetime:
        """Claims of posts that were due before this, and are still not confirmed, are given back."""
        return now - _UNCONFIRMED * self._clock.speed

    def _take(self, to_send: Sequence[ClaimedPost], to_look_up: Sequence[ClaimedPost]) -> None:
        self._held.update((item.id, item.claim) for item in (*to_send, *to_look_up))
        for item in sorted(to_send, key=lambda item: (item.post.due, item.id)):
            self.order.add(item)
        self._hold(to_send, to_look_up)
