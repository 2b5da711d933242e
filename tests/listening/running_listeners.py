"""Pollers and final sweeps of polled places over a real store, with the verbs and questions of tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import msgspec

from bot import private_notices, transfer
from bot.chat import Chat
from bot.errors import PlatformError
from bot.listening.budget import ReadingBudget
from bot.listening.final_sweep import FinalSweep
from bot.listening.inbox import Inbox
from bot.listening.listener import PlaceListener
from bot.listening.poller import AccountGroup, PolledPlace, Poller
from bot.listening.resync import Resync
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.messages import AnyEvent, Author, Message, Operation, Posted
from bot.moderation.decision_writer import PlaceCapabilities
from bot.ports.platform import Budget, Source
from bot.publication import PublicationChoice
from bot.scheduling.place_monitor import PlaceMonitor
from bot.store import chats as chat_rows
from bot.store import outbox_queries, planned_posts
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform

HOUR = timedelta(hours=1)
MENTIONS = Source(name="mentions", every=10.0, overlap=10.0, micros=1_000, page=(5, 100))
SEARCH = Source(name="search", every=60.0, overlap=30.0, by_chat=True, micros=5_000, page=(10, 100))
LETTERS = Source(name="messages", every=75.0, overlap=30.0, reach=3600.0, private=True)
HISTORY = Source(name="history", every=None, overlap=10.0, page=(1, 100))
BUDGET = Budget(chat=2_000_000, month=20_000_000, names=600_000, name=10_000)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def said(id: str, text: str = "We do", *, minutes: float = 11, who: str = "a", place: str = "x") -> Message:
    return Message(place=place, id=id, author=Author(id=who), text=text, at=at(minutes))


class RunningListeners:
    """The listeners of one process. The store and the platforms outlive it."""

    def __init__(
        self, database: Database, clock: HandClock, platforms: Mapping[str, FakePlatform], chats: list[Chat]
    ) -> None:
        self.database, self.clock, self.platforms = database, clock, platforms
        self.platform = next(iter(platforms.values()))
        self.live_chats = LiveChats()
        self.used_up: list[tuple[str | None, str]] = []
        self.errors: list[PlatformError | None] = []
        self.inbox = Inbox(
            database, self.live_chats, Notifications(), capabilities=PlaceCapabilities(answering=platforms)
        )
        self.monitor = PlaceMonitor(database, platforms, clock)
        self.lost: set[str] = set()
        for chat in chats:
            database.write_sync(chat_rows.save_chat, chat, chat.ends)
            self.live_chats.add(
                LiveChat(chat, ends=chat.ends, places=chat.places or tuple(platforms), open_for=(HOUR, HOUR))
            )
        self.listeners = {place: PlaceListener(place, self.inbox, self._record_result) for place in platforms}
        self.group = AccountGroup(tuple(platforms), lambda _place: True)
        self.pollers: dict[str, Poller] = {}
        self.sweeps: dict[str, FinalSweep] = {}
        self.resyncs: dict[str, Resync] = {}
        self.doubts: list[int | None] = []
        for place in platforms:
            self._attend(place)

    def _attend(self, place: str) -> None:
        platform, listener = self.platforms[place], self.listeners[place]
        platform.listener = listener
        listener.use_push_source(platform.traits)
        polled = PolledPlace(
            name=place,
            platform=platform,
            listener=listener,
            budget=ReadingBudget(place, platform.traits, self.database, self._budget_used_up),
            group=self.group,
            available=lambda: place not in self.lost,
        )
        self.pollers[place] = Poller(
            polled,
            inbox=self.inbox,
            live_chats=self.live_chats,
            clock=self.clock,
            record_result=self._record_result,
        )
        self.sweeps[place] = FinalSweep(
            polled,
            poller=self.pollers[place],
            inbox=self.inbox,
            live_chats=self.live_chats,
            clock=self.clock,
            database=self.database,
        )
        self.resyncs[place] = Resync(
            polled,
            inbox=self.inbox,
            live_chats=self.live_chats,
            clock=self.clock,
            database=self.database,
            after=[timedelta(days=1), timedelta(days=7)],
            report_gone=lambda _place, _chat, tally: self.doubts.append(tally.gone if tally else None),
        )

    def _record_result(self, place: str, error: PlatformError | None, operation: Operation) -> None:
        del operation
        del place
        self.errors.append(error)

    def _budget_used_up(self, place: str, chat: str | None, cap: str) -> None:
        self.used_up.append((chat, cap))
        self.monitor.raise_concern(place, f"cap-{cap}", private_notices.budget_used_up("Pretend", cap, place), chat)

    # a vocabulary for tests

    def post_question(self, key: str, *, minutes: float, place: str = "x", id: str = "", chat: str = "a/b") -> None:
        """The bot posted a question."""
        id = id or f"post-{key}"
        self.live_chats.add_post(Posted(place=place, id=id, key=key, kind="question", at=at(minutes), chat=chat))

    def plan(self, draft: planned_posts.PlannedPost) -> None:
        self.database.write_sync(planned_posts.save_plan, [draft])

    async def poll(self, place: str = "x") -> None:
        """Read what is due now."""
        await self.pollers[place].poll(self.clock.now())

    async def pass_time(self, *, seconds: float, place: str = "x") -> None:
        """Let time pass, and poll every second."""
        for _ in range(round(seconds)):
            self.clock.move(seconds=1)
            await self.poll(place)

    async def sweep_at(self, *, minutes: float, place: str = "x") -> None:
        """Sweep so many minutes after noon."""
        self.clock.move(seconds=(at(minutes) - self.clock.now()).total_seconds())
        await self.sweeps[place].sweep(self.clock.now())

    async def resync_at(self, *, hours: float, place: str = "x") -> None:
        """Compare what is due so many hours after noon."""
        self.clock.move(seconds=(at(60 * hours) - self.clock.now()).total_seconds())
        await self.resyncs[place].run_once(self.clock.now())

    def publish(self, *, hours: float, chat: str = "a/b") -> None:
        """The chat was published so many hours after noon."""
        live = self.live_chats.by_name[chat]
        live.state = msgspec.structs.replace(live.state, publication=PublicationChoice(published_at=at(60 * hours)))

    def log(self, chat: str = "a/b") -> list[AnyEvent]:
        return transfer.export_events(self.database, a_chat(name=chat))

    def heard(self, chat: str = "a/b") -> list[str]:
        """The ids of the stored messages, in order of hearing."""
        return [one.id for one in self.log(chat) if isinstance(one, Message)]

    def receipts(self) -> dict[str | None, str]:
        """The state of each receipt, by the message it answers."""
        lines = self.database.write_sync(outbox_queries.outbox_rows)
        return {line.post.reply_to: line.state for line in lines if line.post.kind == "receipt"}


@asynccontextmanager
async def running_listeners(
    url: str,
    *,
    sources: tuple[Source, ...] = (MENTIONS,),
    budget: Budget | None = None,
    platforms: Mapping[str, FakePlatform] | None = None,
    chats: list[Chat] | None = None,
    clock: HandClock | None = None,
    **traits: object,
) -> AsyncIterator[RunningListeners]:
    """Run the listeners from eleven past noon. With `platforms` and `clock` of an earlier run the bot is restarted."""
    clock = clock or HandClock(at(11))
    platforms = platforms or {"x": FakePlatform(clock, sources=sources, budget=budget, **traits)}
    database = Database(url)
    here = RunningListeners(database, clock, platforms, chats or [a_chat()])
    await here.inbox.open()
    writer = asyncio.create_task(here.inbox.run())
    try:
        yield here
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
        database.close()
