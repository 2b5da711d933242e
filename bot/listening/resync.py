"""The resync: compares the records of a place's chats with what the platform still has, before and after publication.

What it says is deleted or withheld goes, and edits read as they read now: as events, like those that are heard live. So
the live pages follow, and what is published is written anew. It is bounded by the budget, goes on after a restart, and
is tried again when the platform does not answer. When, and what is believed, `resync_plan` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.listening import resync_plan
from bot.listening.inbox import Inbox
from bot.listening.poller import PolledPlace
from bot.listening.resync_words import describe
from bot.live.live_chats import LiveChats
from bot.messages import AnyEvent, Deleted, MessageWithheld
from bot.ports.platform import CurrentMessages
from bot.store import commands, ledger, messages, resyncs
from bot.store.database import Database
from bot.store.resyncs import ResyncRow, Tally

_PAUSE = timedelta(seconds=10)
"""The interval between two looks for something to do."""

_PAGE = 100

ReportGone = Callable[[str, str, Tally | None], None]
"""Reports that a platform says that most of a chat is gone, or with None that this is over: the place and the chat."""

_replace = msgspec.structs.replace
_log = structlog.get_logger()


class Resync:
    """Compares the chats of one place. `run` is its loop. `after` are the times since the publication."""

    def __init__(
        self,
        place: PolledPlace,
        *,
        inbox: Inbox,
        live_chats: LiveChats,
        clock: Clock,
        database: Database,
        after: Sequence[timedelta],
        report_gone: ReportGone,
    ) -> None:
        self._place, self._inbox, self._live_chats = place, inbox, live_chats
        self._clock, self._database = clock, database
        self._after, self._report_gone = after, report_gone
        self._planned: set[tuple[str, str]] = set()

    async def run(self) -> None:
        """Compare what is due, until cancelled."""
        while True:
            if self._place.available():
                await self.run_once(self._clock.now())
            await self._clock.sleep_until(self._clock.now() + _PAUSE * self._clock.speed)

    async def run_once(self, now: datetime) -> None:
        """Plan what can be planned, and do the one comparison that has been due for longest."""
        try:
            await self._plan(now)
            row = await self._database.read(resyncs.due, self._place.name, now)
            if row is not None:
                await self._try(row, now)
        except StoreError as error:
            _log.warning("resync.not_stored", place=self._place.name, error=str(error))

    async def _plan(self, now: datetime) -> None:
        fresh = [
            ResyncRow(chat=name, place=self._place.name, step=step, next_at=at)
            for name, live in self._live_chats.by_name.items()
            if self._place.name in live.places and now >= live.ends
            for step, at in resync_plan.steps(live.publication(now), live.ends, self._after, now)
            if (name, step) not in self._planned
        ]
        if fresh:
            await self._database.write("incoming", resyncs.plan, fresh)
            self._planned.update((one.chat, one.step) for one in fresh)

    async def _try(self, row: ResyncRow, now: datetime) -> None:
        if row.chat not in self._live_chats.by_name:
            await self._save(_replace(row, state="failed", tally=_replace(row.tally, error="This chat is not known.")))
            return
        try:
            await self._compare(row, now)
        except (PlatformError, TimeoutError) as error:
            await self._failed(row, error, now)

    async def _compare(self, row: ResyncRow, now: datetime) -> None:
        """Ask about the rest of the chat's messages, page by page, and then do what follows."""
        ids, withheld = await self._database.read(_known, self._place.name, row.chat)
        row = _replace(row, tally=_replace(row.tally, total=len(ids), error=""))
        rest = [id for id in ids if id > row.position]
        while rest:
            left = await self._place.budget.checks_left(row.chat, now)
            if not (some := rest[: min(_PAGE, left)]):
                break
            row = await self._ask(row, some, withheld, now)
            rest = rest[len(some) :]
        row = _replace(row, tally=_replace(row.tally, unpaid=len(rest)))
        if resync_plan.is_doubtful(row):
            self._report_gone(self._place.name, row.chat, row.tally)
            _log.warning("resync.doubtful", place=row.place, chat=row.chat, gone=row.tally.gone, asked=row.tally.asked)
            await self._save(_replace(row, state="doubtful", next_at=now + resync_plan.DOUBT, position=""))
            return
        await self._take_over(row, now)

    async def _ask(self, row: ResyncRow, ids: Sequence[str], withheld: frozenset[str], now: datetime) -> ResyncRow:
        """Ask about a page of messages, store their edits, and save how far that is."""
        spent = await self._spent(row.chat, now)
        async with self._place.deadline():
            current = await self._place.platform.find_current(ids, row.chat)
        before = row.tally if row.position else Tally(total=row.tally.total, micros=row.tally.micros)
        tally = resync_plan.add(before, ids, current, withheld)
        edited = await self._store_edits(current)
        cost = max(await self._spent(row.chat, now) - spent, 0)
        row = _replace(
            row, position=ids[-1], tally=_replace(tally, edited=tally.edited + edited, micros=tally.micros + cost)
        )
        await self._save(row)
        return row

    async def _store_edits(self, current: CurrentMessages) -> int:
        """Store the edits; returns how many messages have a newer one than was known."""
        known = await self._database.read(_edited_at, self._place.name, [one.id for one in current.edits])
        newer = {one.id for one in current.edits if (at := known.get(one.id)) is None or one.at > at}
        await self._hear([one for one in current.edits if one.id in newer])
        return len(newer & known.keys())

    async def _take_over(self, row: ResyncRow, now: datetime) -> None:
        """Take out what is gone, take back what is shown again, and say so to those who lead."""
        place, chat, tally = row.place, row.chat, row.tally
        _, withheld = await self._database.read(_known, place, chat)  # it may have been taken over before a crash
        heard: list[AnyEvent] = [Deleted(place=place, id=id, at=now) for id in tally.deleted]
        for ids, on in ((tally.withheld, True), (tally.back, False)):
            heard += [
                MessageWithheld(place=place, id=id, at=now, chat=chat, on=on)
                for id in ids
                if (id in withheld) is not on
            ]
        await self._hear(heard)
        self._report_gone(place, chat, None)
        await self._save(_replace(row, state="done"))
        called = self._place.platform.traits.called or place
        await self._database.write("outgoing", commands.log_own, chat, now, "resync", describe(tally, called))
        counts = {"deleted": len(tally.deleted), "withheld": len(tally.withheld), "edited": tally.edited}
        _log.info("resync.done", place=place, chat=chat, step=row.step, asked=tally.asked, **counts)

    async def _failed(self, row: ResyncRow, error: PlatformError | TimeoutError, now: datetime) -> None:
        """Try again later. What was found until then stays."""
        saved = await self._database.read(resyncs.of_chat, row.chat, row.step)
        row = next((one for one in saved if one.place == row.place), row)
        platform = error if isinstance(error, PlatformError) else PlatformError("It did not answer in time.")
        attempts = row.attempts + 1
        wait = resync_plan.pause(attempts, platform.retry_after, refused=platform.permanent or platform.lost)
        state = "failed" if resync_plan.gives_up(attempts) else row.state
        tally = _replace(row.tally, error=str(platform))
        at = now + wait * self._clock.speed
        await self._save(_replace(row, attempts=attempts, next_at=at, state=state, tally=tally))
        _log.warning("resync.failed", place=row.place, chat=row.chat, code=platform.code, attempts=attempts)

    async def _hear(self, events: Sequence[AnyEvent]) -> None:
        for refusal in await self._inbox.hear_all(events):
            raise refusal

    async def _spent(self, chat: str, now: datetime) -> int:
        return (await self._database.read(ledger.get_spending, self._place.name, chat, now)).chat

    async def _save(self, row: ResyncRow) -> None:
        await self._database.write("incoming", resyncs.save, row)


def _known(connection: Connection, place: str, chat: str) -> tuple[list[str], frozenset[str]]:
    """The messages to ask about, in order of their ids, and those among them that were withheld before."""
    withheld = resyncs.withheld_ids(connection, place, chat)
    return sorted({*messages.message_ids(connection, place, chat), *withheld}), frozenset(withheld)


def _edited_at(connection: Connection, place: str, ids: Sequence[str]) -> dict[str, datetime | None]:
    rows = messages.get_rows(connection, [(place, id) for id in ids], lock=False)
    return {id: row.edited for (_, id), row in rows.items()}
