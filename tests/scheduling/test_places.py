"""A chat on several places: each in its own order, and the others go on when one is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import msgspec
import pytest

from bot.chat import Chat, Question
from bot.errors import PlatformError
from bot.store import outbox_queries, place_status
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform
from tests.scheduling.test_plan_sync import Process

LOST = PlatformError("The token is not accepted.", permanent=True, lost=True)
ALL = [
    "Welcome.",
    "This is recorded.",
    "Q1. Question 1? #plain",
    "Q2. Question 2? #plain",
    "Q3. Question 3? #plain",
    "Thank you.",
]
WITHOUT = "We cannot reach Pretend at the moment; the chat goes on here. #plain"

_BUSY = timedelta(minutes=47)


class Hour:
    """A chat on `x`, which gets lost, and in `room`, which never does."""

    def __init__(self, process: Process, room: FakePlatform) -> None:
        self.process, self.clock, self.room, self.x = process, process.clock, room, process.platform

    async def advance(self, *, until: float) -> None:
        """Move the clock to `until` minutes after noon, with a tick each minute while questions are left."""
        end = NOON + timedelta(minutes=until)
        while self.clock.now() < end:
            step = 60 if self.clock.now() < NOON + _BUSY else 600
            self.clock.move(seconds=min(step, (end - self.clock.now()).total_seconds()))
            await self.process.scheduler.tick(self.clock.now())
            await self.process.settled()

    def loses(self, place: str = "x") -> None:
        self.process.monitor.record_result(place, LOST)

    def finds(self, place: str = "x") -> None:
        self.process.monitor.record_result(place, None)

    def states(self, place: str) -> dict[str, str]:
        lines = self.process.database.write_sync(outbox_queries.outbox_rows)
        return {line.post.key: line.state for line in lines if line.post.place == place}


@asynccontextmanager
async def hour(database: Database, *, chat: Chat | None = None, **more: FakePlatform) -> AsyncIterator[Hour]:
    clock = HandClock(NOON - timedelta(minutes=1))
    x, room = FakePlatform(clock, called="Pretend", **(_KINDS if more else {})), FakePlatform(clock)
    process = Process(database, clock, x, [chat or a_chat()], more={"room": room, **more})
    writers = [asyncio.create_task(process.inbox.run()), asyncio.create_task(process.outbox.run())]
    await process.plan_sync.load()
    await process.plan_sync.sync(clock.now())
    await process.inbox.open()
    await process.heartbeat.start(clock.now())
    try:
        yield Hour(process, room)
    finally:
        for writer in writers:
            writer.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*writers)
        await process.outbox.stop()


_KINDS = {"unrepeated": True}


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    made = Database(store_url)
    yield made
    made.close()


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Database]:
    made = Database(sqlite_url)
    yield made
    made.close()


async def test_a_chat_is_the_same_on_all_places_and_in_order(lite: Database) -> None:
    async with hour(lite) as here:
        here.x.refuses(PlatformError("busy", retry_after=20))
        await here.advance(until=62)
        assert here.x.posted == here.room.posted == ALL
        due: dict[str, datetime] = {}
        for line in lite.write_sync(outbox_queries.outbox_rows):
            assert due.setdefault(line.post.key, line.post.due) == line.post.due
        assert len(due) == len(ALL)


async def test_a_slow_place_delays_no_other(lite: Database) -> None:
    async with hour(lite) as here:
        here.x.refuses(*[PlatformError("busy", retry_after=200)] * 2)
        await here.advance(until=2)
        assert (here.x.posted, here.room.posted) == ([], ALL[:2])


async def test_a_question_has_the_wording_of_each_place(lite: Database) -> None:
    chat = a_chat()
    first: Question = msgspec.structs.replace(chat.questions[0], says={"x": "Why?"})
    async with hour(lite, chat=msgspec.structs.replace(chat, questions=(first,))) as here:
        await here.advance(until=11)
        assert (here.x.posted[-1], here.room.posted[-1]) == ("Q1. Why? #plain", "Q1. Question 1? #plain")


async def test_the_other_places_go_on_and_get_one_notice(database: Database) -> None:
    async with hour(database) as here:
        await here.advance(until=5)
        here.loses()
        await here.advance(until=7)
        assert WITHOUT not in here.room.posted
        await here.advance(until=62)
        assert here.room.posted == [*ALL[:2], WITHOUT, *ALL[2:]]
        assert here.x.posted == ALL[:2]
        [concern] = database.write_sync(place_status.concerns_since, NOON - timedelta(days=1))
        assert (concern.place, concern.text) == ("x", str(LOST))


async def test_a_place_that_is_back_gets_a_notice_and_continues_with_the_current_question(database: Database) -> None:
    async with hour(database) as here:
        await here.advance(until=5)
        here.loses()
        await here.advance(until=25)
        here.finds()
        await here.advance(until=62)
        assert sorted(here.x.posted[2:4]) == [
            "Q2. Question 2? #plain",
            "Sorry, we could not reach you for about 20 minutes. We are at Q2 now. #plain",
        ]
        assert here.x.posted[:2] + here.x.posted[4:] == [*ALL[:2], *ALL[4:]]
        assert here.states("x")["q1"] == "skipped"
        assert here.room.posted == [*ALL[:2], WITHOUT, *ALL[2:]]


async def test_a_place_that_missed_nothing_gets_no_notice(lite: Database) -> None:
    async with hour(lite) as here:
        await here.advance(until=11)
        here.loses()
        await here.advance(until=19)
        here.finds()
        await here.advance(until=62)
        assert here.x.posted == ALL


async def test_a_short_outage_is_caught_up_without_a_notice(lite: Database) -> None:
    async with hour(lite) as here:
        await here.advance(until=9)
        here.loses()
        await here.advance(until=10)
        assert here.states("x")["q1"] == "planned"
        here.finds()
        await here.advance(until=62)
        assert here.x.posted == here.room.posted == ALL


async def test_a_restart_repeats_no_notice(lite: Database) -> None:
    async with hour(lite) as here:
        await here.advance(until=5)
        here.loses()
        await here.advance(until=9)
        told = here.room.posted.count(WITHOUT)
        outage_notices = here.process.scheduler._outage_notices
        outage_notices._announced.clear()  # as after a restart
        await here.advance(until=11)
        assert here.room.posted.count(WITHOUT) == told == 1


async def test_a_place_lost_from_the_start_delays_nothing_and_gets_the_current_question(lite: Database) -> None:
    async with hour(lite) as here:
        here.loses()
        await here.advance(until=21)
        assert here.room.posted == [*ALL[:2], WITHOUT, *ALL[2:4]]
        here.finds()
        await here.advance(until=62)
        assert [one for one in here.x.posted if not one.startswith("Sorry")] == ALL[3:]


async def test_an_outage_of_all_places_has_one_notice(lite: Database) -> None:
    async with hour(lite) as here:
        await here.advance(until=5)
        here.loses("x")
        here.loses("room")
        await here.advance(until=25)
        here.finds("x")
        here.finds("room")
        await here.advance(until=90)
        for platform in (here.x, here.room):
            assert [one[:2] for one in platform.posted if not one.startswith("Sorry")] == [
                "We",
                "Th",
                "Q1",
                "Q2",
                "Q3",
                "Th",
            ]
            assert sum(one.startswith("Sorry") for one in platform.posted) == 1


async def test_an_error_about_one_post_is_no_outage(lite: Database) -> None:
    async with hour(lite) as here:
        here.x.refuses(PlatformError("That picture is not allowed.", permanent=True))
        await here.advance(until=62)
        assert (here.x.posted, here.room.posted) == (ALL[1:], ALL)


async def test_of_two_accounts_on_a_platform_only_one_posts_the_notice(lite: Database) -> None:
    clock = HandClock()
    twin = FakePlatform(clock, unrepeated=True)
    async with hour(lite, x2=twin) as here:
        await here.advance(until=5)
        here.loses("room")
        await here.advance(until=20)
        told = [[one for one in platform.posted if one.startswith("We cannot")] for platform in (here.x, twin)]
        assert [len(one) for one in told] == [1, 0]
        assert twin.posted == [], "and it repeats nothing else"
