"""Plan sync and heartbeat on both databases: plans follow their files, move after downtime, and gaps are stored."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bot import transfer
from bot.chat import Chat, Programme, Question
from bot.errors import PlatformError
from bot.listening.inbox import Inbox
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.messages import Gap
from bot.scheduling.heartbeat import Heartbeat
from bot.scheduling.held_back import SCHEDULES
from bot.scheduling.outage_notices import OutageNotices
from bot.scheduling.outbox import Outbox
from bot.scheduling.outbox_callbacks import OutboxCallbacks
from bot.scheduling.place_monitor import PlaceMonitor
from bot.scheduling.plan_sync import PlanSync, SchedulingRules
from bot.scheduling.post_transitions import MAX_WAKE_DELAY
from bot.scheduling.scheduler import Scheduler
from bot.store import chats, outbox_queries, place_status
from bot.store.database import Database
from bot.store.post_states import OPEN_STATES
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform

RULES = SchedulingRules(
    late=timedelta(minutes=1),
    shift=timedelta(minutes=15),
    open_before=timedelta(hours=1),
    open_after=timedelta(hours=1),
)


MID_CHAT = Path(__file__).parents[1] / "data" / "store-0004-mid-chat.sql"
"""A store as an earlier version left it: four questions, of which the first is out."""

LEASE = timedelta(seconds=2) + MAX_WAKE_DELAY
"""The lease of a claim after its attempt: the fake platform's timeout, and how late an attempt may begin."""

_HEARTBEATS = 10
"""Seconds between two heartbeats: the most that leaves no gap."""


class Process:
    """One run of the bot. The database and the platforms outlive it."""

    def __init__(
        self,
        database: Database,
        clock: HandClock,
        platform: FakePlatform,
        chats: list[Chat],
        more: Mapping[str, FakePlatform] | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.platform = platform
        self.chats = chats
        self.invalid: set[str] = set()
        self.unread: set[str] = set()
        self.pressing = False
        self.versions: dict[str, str] = {}
        self.live_chats, notifications = LiveChats(), Notifications()
        self.inbox = Inbox(database, self.live_chats, notifications)
        lead = timedelta(seconds=10)
        self.platforms = {"x": platform, **(more or {})}
        abilities = {place: one.traits for place, one in self.platforms.items()}
        self.monitor = PlaceMonitor(database, self.platforms, clock)
        for place in self.platforms:
            self.monitor.record_result(place, None)
        self.outbox = Outbox(
            database,
            self.platforms,
            clock=clock,
            lead=lead,
            callbacks=OutboxCallbacks(
                on_sent=lambda post, _: self.live_chats.add_post(post), on_result=self.monitor.record_result
            ),
            available=self.monitor.available,
        )
        self.plan_sync = PlanSync(
            database=database,
            live_chats=self.live_chats,
            notifications=notifications,
            places=abilities,
            rules=RULES,
            programme=self.programme,
            available=self.monitor.available,
        )
        held_back = self.plan_sync.held_back
        held_back.raise_concern, held_back.settle_concern = self.monitor.raise_concern, self.monitor.settle_concern
        self.heartbeat = Heartbeat(
            database=database,
            live_chats=self.live_chats,
            store_event=self.inbox.hear,
            clock=clock,
            unreadable=frozenset({"x"}),
        )
        self.scheduler = Scheduler(
            clock=clock,
            plan_sync=self.plan_sync,
            outbox=self.outbox,
            monitor=self.monitor,
            outage_notices=OutageNotices(database, self.live_chats, self.monitor, abilities, timedelta(minutes=3)),
            live_chats=self.live_chats,
            notifications=notifications,
        )

    def programme(self) -> Programme:
        return Programme(
            chats=tuple(self.chats),
            invalid=frozenset(self.invalid),
            unread=frozenset(self.unread),
            pressing=self.pressing,
            versions=dict(self.versions),
        )

    async def advance(self, *, minutes: float) -> None:
        """Move the clock, with heartbeats in between, and a tick whenever something is due, as the timer would."""
        until = self.clock.now() + timedelta(minutes=minutes)
        await self.turn()
        stop = self.next_stop()
        while self.clock.now() < until:
            self.clock.move(seconds=min(_HEARTBEATS, (until - self.clock.now()).total_seconds()))
            await self.heartbeat.tick(self.clock.now())
            if stop <= self.clock.now():
                await self.turn()
                stop = self.next_stop()

    def next_stop(self) -> datetime:
        """When the next post is due or the next claim ends; only a turn changes that."""
        rows = self.database.write_sync(outbox_queries.outbox_rows)
        never = datetime.max.replace(tzinfo=UTC)
        return min((line.next_at for line in rows if line.state in OPEN_STATES), default=never)

    async def turn(self) -> None:
        """One tick, and everything that follows from it; before it, changed files are read."""
        await self.scheduler.sync_files()
        for _ in range(2):
            await self.scheduler.tick(self.clock.now())
            await self.settled()

    async def settled(self) -> None:
        """Until no post is being sent whose time has come; those behind one whose time is yet to come wait with it."""
        async with asyncio.timeout(60):
            while True:
                lines = await asyncio.to_thread(self.database.write_sync, outbox_queries.outbox_rows)
                now = self.clock.now()
                ahead = {(one.post.chat, one.post.place): one for one in reversed(lines) if one.state == "sending"}
                if all(first.next_at - LEASE > now for first in ahead.values()):
                    return
                await asyncio.sleep(0.001)

    def due(self) -> dict[str, datetime]:
        return {line.post.key: line.post.due for line in self.database.write_sync(outbox_queries.outbox_rows)}

    def states(self) -> dict[str, str]:
        return {line.post.key: line.state for line in self.database.write_sync(outbox_queries.outbox_rows)}


@asynccontextmanager
async def living(
    database: Database, clock: HandClock, platform: FakePlatform, chats: list[Chat]
) -> AsyncIterator[Process]:
    process = Process(database, clock, platform, chats)
    writers = [asyncio.create_task(process.inbox.run()), asyncio.create_task(process.outbox.run())]
    await process.plan_sync.load()
    await process.plan_sync.sync(clock.now())
    await process.inbox.open()
    await process.heartbeat.start(clock.now())
    try:
        yield process
    finally:
        for writer in writers:
            writer.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*writers)
        await process.outbox.stop()


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    made = Database(store_url)
    yield made
    made.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON - timedelta(minutes=5))


@pytest.fixture
def platform(clock: HandClock) -> FakePlatform:
    return FakePlatform(clock)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


async def test_a_chat_without_trouble(database: Database, clock: HandClock, platform: FakePlatform) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=70)
        assert platform.posted == [
            "Welcome.",
            "This is recorded.",
            "Q1. Question 1? #plain",
            "Q2. Question 2? #plain",
            "Q3. Question 3? #plain",
            "Thank you.",
        ]
        assert not any(isinstance(event, Gap) for event in transfer.export_events(database, a_chat()))


async def test_after_downtime_the_rest_moves_with_a_notice(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=18)  # 12:13, after Q1
    clock.move(seconds=12 * 60)  # 12:25; Q2 was due at 12:20
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=60)
        due = process.due()
        assert (due["q2"] - at(25)).total_seconds() < 10
        assert due["q3"] - due["q2"] == timedelta(minutes=10)
        assert due["closing"] - due["q2"] == timedelta(minutes=40)
        assert platform.posted[3].startswith("Sorry, we were away for about 5 minutes. Q2 comes now; we close at 13:05")
        assert platform.posted[4:] == ["Q2. Question 2? #plain", "Q3. Question 3? #plain", "Thank you."]
        [gap] = [event for event in transfer.export_events(database, a_chat()) if isinstance(event, Gap)]
        assert (gap.since, gap.until) == (at(13), at(25))
        assert process.live_chats.by_name["a/b"].ends == due["closing"]


async def test_the_shift_is_bounded_and_all_questions_are_asked(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=6)
    clock.move(seconds=58 * 60)  # 12:59: nothing was asked yet
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=20)
        assert process.due()["closing"] <= at(60 + 15)
        assert [text[:2] for text in platform.posted if text.startswith("Q")] == ["Q1", "Q2", "Q3"]


async def test_a_chat_that_was_missed_is_not_held_afterwards(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.turn()
    clock.move(seconds=5 * 3600)
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.turn()
        assert set(process.states().values()) == {"skipped"}
        assert platform.posted == []


async def test_a_short_delay_moves_nothing(database: Database, clock: HandClock, platform: FakePlatform) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=14.9)  # 12:09:54
        before = process.due()
    clock.move(seconds=40)
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.turn()
        assert process.due() == before
        assert platform.posted[-1] == "Q1. Question 1? #plain"


async def test_a_future_chat_follows_its_file(database: Database, clock: HandClock, platform: FakePlatform) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.turn()
        later = a_chat(starts=at(30), questions=2)
        process.chats[:] = [later]
        process.scheduler.reload()
        await process.turn()
        assert (process.due()["q1"], process.states()["q3"]) == (at(40), "skipped")
        process.chats[:] = [a_chat(starts=at(30), questions=3)]
        process.scheduler.reload()
        await process.turn()
        assert process.states()["q3"] == "planned"


async def test_a_running_chat_takes_new_texts_and_keeps_its_times(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=17)
        changed = a_chat(starts=at(45), questions=2)
        better = Question(key="q2", text="Question 2b?", at=at(59))
        changed = msgspec.structs.replace(changed, questions=(changed.questions[0], better))
        process.chats[:] = [changed]
        process.scheduler.reload()
        await process.advance(minutes=60)
        assert platform.posted[2:] == [
            "Q1. Question 1? #plain",
            "Q2. Question 2b? #plain",
            "Thank you.",
        ]


async def test_a_store_of_an_earlier_version_goes_on_in_mid_chat(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db")) as old:
        old.executescript(MID_CHAT.read_text(encoding="utf-8"))
    clock = HandClock(at(13))
    platform, database = FakePlatform(clock), Database(f"sqlite:///{tmp_path / 'store.db'}")
    texts = (
        "Who pays for it where you work?",
        "Which groups do you run, and for whom?",
        "What is in the way?",
        "And then?",
    )
    file = a_chat(questions=len(texts))
    questions = (msgspec.structs.replace(one, text=text) for one, text in zip(file.questions, texts, strict=True))
    with closing(database):
        async with living(
            database, clock, platform, [msgspec.structs.replace(file, questions=tuple(questions))]
        ) as process:
            await process.advance(minutes=50)
    assert platform.posted == [
        "Q2. Who pays for it where you work? #plain",
        "Q3. What is in the way? #plain",
        "Q4. And then? #plain",
        "Thank you.",
    ]


async def test_a_deleted_file_removes_its_chat_and_one_with_mistakes_does_not(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    clock.move(seconds=-3 * 3600)
    async with living(database, clock, platform, [a_chat()]) as process:
        process.chats.clear()
        process.invalid = {"a/b"}
        process.scheduler.reload()
        await process.turn()
        assert set(process.states().values()) == {"planned"}
        process.invalid = set()
        process.scheduler.reload()
        await process.turn()
        assert (process.states(), process.live_chats.by_name) == ({}, {})
        process.chats[:] = [a_chat()]
        process.scheduler.reload()
        await process.turn()
        assert set(process.states().values()) == {"planned"}


async def test_a_chat_that_people_were_told_of_is_held_though_its_file_is_gone_until_it_is_called_off(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    clock.move(seconds=-4 * 3600)
    announced = msgspec.structs.replace(a_chat(), announcement=timedelta(hours=3))
    async with living(database, clock, platform, [announced]) as process:
        await process.turn()
        clock.move(seconds=3900)
        await process.turn()
        assert [post.kind for post in platform.sent] == ["announcement"]
        process.chats.clear()
        for _ in range(2):
            process.scheduler.reload()
            await process.turn()
        assert {state for key, state in process.states().items() if "announcement" not in str(key)} == {"planned"}
        [concern] = await database.read(place_status.concerns_at, SCHEDULES)
        assert (concern.chat, "a/b.toml is gone, but people were told" in concern.text) == ("a/b", True)
    async with living(database, clock, platform, []) as process:
        process.scheduler.reload()
        await process.turn()
        assert len(await database.read(place_status.concerns_at, SCHEDULES)) == 1, "told once, over a restart"
        process.chats[:] = [announced]
        process.scheduler.reload()
        await process.turn()
        await process.turn()
        assert await database.read(place_status.concerns_at, SCHEDULES) == []


@pytest.mark.parametrize("is_told", [True, False], ids=["in this process", "in another"])
async def test_a_chat_that_is_started_while_its_deleted_file_is_looked_at_goes_on(
    database: Database, clock: HandClock, platform: FakePlatform, *, is_told: bool
) -> None:
    clock.move(seconds=-3600)
    async with living(database, clock, platform, [a_chat()]) as process:
        process.chats.clear()
        async with process.plan_sync.lock:
            looking = asyncio.create_task(process.plan_sync.sync(clock.now()))
            async with asyncio.timeout(60):
                while not process.plan_sync.lock._waiters:
                    await asyncio.sleep(0.01)
            clock.move(seconds=1)
            [before] = await database.read(chats.all_chats)
            started = msgspec.structs.replace(before.chat, starts=clock.now())
            await database.write("outgoing", chats.save_plans, [(started, before.ends, before.state, None)])
            if is_told:
                await process.plan_sync.reload("a/b")
        await looking
        assert set(process.states().values()) == {"planned"}
        assert list(process.live_chats.by_name) == ["a/b"]


async def test_renaming_a_file_leaves_one_chat(database: Database, clock: HandClock, platform: FakePlatform) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.turn()
    async with living(database, clock, platform, [a_chat(name="a/c")]) as process:
        assert list(process.live_chats.by_name) == ["a/c"]
        await process.advance(minutes=20)
        assert platform.posted == ["Welcome.", "This is recorded.", "Q1. Question 1? #plain"]


async def test_renaming_a_file_during_its_chat_makes_no_second_chat(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=17)
        process.chats[:] = [a_chat(name="a/renamed")]
        process.scheduler.reload()
        await process.advance(minutes=60)
        assert len(platform.posted) == len(set(platform.posted)) == 6


async def test_a_wrong_date_can_be_corrected(database: Database, clock: HandClock, platform: FakePlatform) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.turn()
        for starts in (NOON - timedelta(days=365), NOON):
            process.chats[:] = [a_chat(starts=starts)]
            process.scheduler.reload()
            await process.turn()
        await process.advance(minutes=70)
        assert [text[:2] for text in platform.posted] == ["We", "Th", "Q1", "Q2", "Q3", "Th"]


async def test_a_chat_that_was_missed_can_be_held_another_day(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.turn()
    clock.move(seconds=5 * 3600)
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.turn()
        process.chats[:] = [a_chat(starts=NOON + timedelta(hours=6))]
        process.scheduler.reload()
        await process.turn()
        assert set(process.states().values()) == {"planned"}


async def test_a_chat_that_was_held_is_not_held_again_under_the_same_name(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=70)
        said = list(platform.posted)
        process.chats[:] = [a_chat(starts=NOON + timedelta(hours=3))]
        process.scheduler.reload()
        await process.advance(minutes=200)
        assert platform.posted == said


async def test_a_refusing_place_causes_no_apology(database: Database, clock: HandClock, platform: FakePlatform) -> None:
    platform.refuses(*[PlatformError("busy", retry_after=60)] * 4)
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=20)
        assert platform.posted == ["Welcome.", "This is recorded.", "Q1. Question 1? #plain"]


async def test_opening_a_chat_after_an_idle_time_is_no_gap(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    clock.move(seconds=-90 * 60)
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=60)
        assert not any(isinstance(event, Gap) for event in transfer.export_events(database, a_chat()))


async def test_sleeping_is_a_gap(database: Database, clock: HandClock, platform: FakePlatform) -> None:
    other = msgspec.structs.replace(a_chat(name="a/c"), id="other")
    async with living(database, clock, platform, [a_chat(), other]) as process:
        await process.turn()
        await process.heartbeat.tick(clock.now())
        clock.move(seconds=120)
        await process.heartbeat.tick(clock.now())
        for name in ("a/b", "a/c"):
            [gap] = [event for event in transfer.export_events(database, a_chat(name=name)) if isinstance(event, Gap)]
            assert gap.until - gap.since == timedelta(seconds=120)


async def test_a_chat_that_is_found_late_begins_late(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    clock.move(seconds=20 * 60)  # 12:15, and only now is the file there
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.advance(minutes=70)
        asked = [text for text in platform.posted if text.startswith("Q")]
        assert len(asked) == 3
        assert process.due()["closing"] <= at(75)


async def test_an_old_chat_file_is_not_held_again(database: Database, clock: HandClock, platform: FakePlatform) -> None:
    async with living(database, clock, platform, [a_chat(starts=NOON - timedelta(days=400))]) as process:
        await process.turn()
        assert process.states() == {}


async def test_a_removed_chat_is_removed_from_the_calendar(database: Database) -> None:
    clock = HandClock(NOON - timedelta(days=3))
    platform = FakePlatform(clock, calendar=True)
    async with living(database, clock, platform, [a_chat()]) as process:
        await process.turn()
        process.chats.clear()
        await process.plan_sync.sync(clock.now())
        await process.turn()
        calendar_entries = [post.calendar_entry for post in platform.sent if post.calendar_entry]
        assert [one.cancelled for one in calendar_entries] == [False, True]
