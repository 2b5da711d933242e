"""The place monitor: places are opened, lost and opened again, and each problem is one concern."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import pytest

from bot.errors import PlatformError, SetupError
from bot.scheduling.place_monitor import PlaceMonitor
from bot.store import place_status
from bot.store.database import Database
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform

WRONG = PlatformError("The token is not accepted. Put the right one into [places.x].", permanent=True, lost=True)
BUSY = PlatformError("It is not there.", ambiguous=True)


class Stage:
    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, HandClock()
        self.platform, self.other = FakePlatform(self.clock), FakePlatform(self.clock)
        self.monitor = PlaceMonitor(database, {"x": self.platform, "room": self.other}, self.clock)
        self.returned: list[tuple[str, datetime]] = []
        self.rings = 0
        self.monitor.on_recovered = lambda place, since, _until: self.returned.append((place, since))
        self.monitor.on_changed = self._ring

    def _ring(self) -> None:
        self.rings += 1

    async def concerns(self) -> list[str]:
        """The texts of all concerns, after changes are saved."""
        await self.monitor.save_changes()
        return [one.text for one in self.database.write_sync(place_status.concerns_since, NOON - timedelta(days=1))]

    async def state(self, place: str = "x") -> str:
        await self.monitor.save_changes()
        return {one.place: one.state for one in self.database.write_sync(place_status.all_statuses)}[place]


@asynccontextmanager
async def stage(url: str) -> AsyncIterator[Stage]:
    database = Database(url)
    try:
        yield Stage(database)
    finally:
        database.close()


@asynccontextmanager
async def kept(here: Stage) -> AsyncIterator[asyncio.Event]:
    """Keep the place open during the block."""
    tried = asyncio.Event()
    keeping = asyncio.create_task(here.monitor.keep_open("x", tried))
    try:
        yield tried
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0)


async def still() -> None:
    """Wait until everything that needs no clock has happened."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_problem_is_one_concern_until_it_is_fixed(store_url: str) -> None:
    async with stage(store_url) as here:
        here.monitor.record_result("x", WRONG)
        here.monitor.record_result("x", WRONG)
        assert await here.concerns() == [str(WRONG)]
        here.monitor.record_result("x", WRONG)
        assert await here.concerns() == [str(WRONG)]
        assert (await here.state(), await here.state("room")) == ("lost", "connecting")
    async with stage(store_url) as again:  # started again with the same wrong token
        again.monitor.record_result("x", WRONG)
        assert await again.concerns() == [str(WRONG)]
        again.monitor.record_result("x", None)
        assert await again.concerns() == []
        again.monitor.record_result("x", PlatformError("Something else.", lost=True))
        assert await again.concerns() == ["Something else."]


async def test_a_place_that_refuses_to_be_opened_is_lost_says_why_and_is_tried_again(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.platform.does_not_open(PlatformError("It does not allow this.", permanent=True))
        async with kept(here) as tried:
            await tried.wait()
            assert (await here.state(), await here.concerns()) == ("lost", ["It does not allow this."])
            here.monitor.want("x")
            await until(lambda: here.monitor.available("x"))
            assert (await here.state(), await here.concerns()) == ("connected", [])


async def test_a_problem_that_is_fixed_at_once_leaves_no_concern(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.monitor.record_result("x", WRONG)
        here.monitor.record_result("x", None)
        assert await here.concerns() == []
        for error in (WRONG, None, WRONG):
            here.monitor.record_result("x", error)
        assert await here.concerns() == [str(WRONG)]


async def test_each_chat_has_a_concern_about_its_own_cap(store_url: str) -> None:
    async with stage(store_url) as here:
        for chat in ("a/b", "a/b", "a/c"):
            here.monitor.raise_concern("x", "cap-chat", f"used up in {chat}", chat)
        here.monitor.raise_concern("room", "cap-chat", "used up there", "a/b")
        assert sorted(await here.concerns()) == ["used up in a/b", "used up in a/c", "used up there"]
        here.monitor.raise_concern("x", "cap-chat", "used up in a/b", "a/b")
        assert len(await here.concerns()) == 3


async def test_an_error_about_one_post_says_nothing_about_the_place(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.monitor.record_result("x", None)
        here.monitor.record_result("x", PlatformError("too long", permanent=True))
        assert (here.monitor.available("x"), here.monitor.down_since("x")) == (True, None)
        assert await here.state() == "connected"


async def test_a_place_that_is_down_is_available_and_a_lost_one_is_not(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        assert not here.monitor.available("x"), "nobody has tried yet"
        here.monitor.record_result("x", BUSY)
        assert (here.monitor.available("x"), here.monitor.down_since("x")) == (True, NOON)
        here.clock.move(seconds=60)
        here.monitor.record_result("x", WRONG)
        assert (here.monitor.available("x"), here.monitor.down_since("x")) == (False, NOON)
        here.monitor.record_result("x", BUSY)
        assert await here.state() == "lost", "a call that was under way says nothing new"
        here.monitor.record_result("x", None)
        assert (here.returned, here.monitor.statuses()["x"].reason) == ([("x", NOON)], "")


async def test_a_lost_place_is_opened_again_and_its_recovery_reported(store_url: str) -> None:
    async with stage(store_url) as here:
        here.platform.does_not_open(WRONG)
        async with kept(here) as tried:
            await asyncio.wait_for(tried.wait(), 60)
            assert (await here.state(), await here.concerns()) == ("lost", [str(WRONG)])
            here.clock.move(seconds=9)
            await still()
            assert here.platform.opened == 1, "somebody has to put something right first"
            here.clock.move(seconds=1)
            await until(lambda: here.platform.opened == 2)
            await until(lambda: here.monitor.available("x"))
            assert (await here.state(), await here.concerns()) == ("connected", [])
            assert here.returned == [("x", NOON)]
            assert here.platform.closed == 1


async def openings(here: Stage, seconds: int) -> list[int]:
    """The seconds from now at which the place is opened."""
    found: list[int] = []
    before = here.platform.opened
    for second in range(1, seconds + 1):
        here.clock.move(seconds=1)
        await still()
        found += [second] * (here.platform.opened - before - len(found))
    return found


async def test_a_lost_place_is_reopened_soon_and_then_more_and_more_seldom(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here, kept(here):
        await until(lambda: here.monitor.available("x"))
        here.platform.does_not_open(*[WRONG] * 6)
        here.monitor.record_result("x", WRONG)
        await still()
        assert await openings(here, 930) == [10, 30, 70, 150, 310, 610, 910]
        here.monitor.record_result("x", None)
        assert await here.state() == "connected"
        here.monitor.record_result("x", WRONG)
        await still()
        assert await openings(here, 15) == [10], "it worked in between, so it is reopened soon again"


async def test_a_lost_place_is_opened_at_once_when_it_is_wanted(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.platform.does_not_open(*[WRONG] * 5)
        async with kept(here):
            await still()
            assert await openings(here, 75) == [10, 30, 70]
            here.monitor.want("x")
            await until(lambda: here.platform.opened == 5)
            assert await openings(here, 10) == [], "once for each time"
            here.monitor.want("x")
            await until(lambda: here.monitor.available("x"))
            assert (await here.state(), await here.concerns()) == ("connected", [])


async def test_a_refusal_for_now_is_a_concern_at_once_and_reading_does_not_hide_it(store_url: str) -> None:
    async with stage(store_url) as here:
        here.monitor.record_result("x", None, "open")
        here.monitor.record_result("x", PlatformError("Too often."), "send")
        assert await here.state() == "down"
        (said,) = await here.concerns()
        assert said.startswith("Posts to x wait")
        assert said.endswith("Too often.")
        here.monitor.record_result("x", None, "read")
        here.monitor.record_result("x", None, "hear")
        assert (await here.state(), await here.concerns()) == ("down", [said])
        here.monitor.record_result("x", PlatformError("Too often, too."), "read")
        here.monitor.record_result("x", None, "send")
        assert (await here.state(), here.monitor.statuses()["x"].reason) == ("posting", "Too often, too.")
        (said,) = await here.concerns()
        assert "cannot be read just now" in said
        here.monitor.record_result("x", None, "read")
        assert (await here.state(), await here.concerns()) == ("connected", [])
        here.monitor.record_result("x", PlatformError("Too often."), "send")
        await here.concerns()
    async with stage(store_url) as again:  # a concern of an earlier process ends as well
        assert len(await again.concerns()) == 1
        again.monitor.record_result("x", None, "send")
        assert await again.concerns() == []


async def test_the_latest_reason_is_shown(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        for reason in ("The network is gone.", "Too often."):
            here.monitor.record_result("x", PlatformError(reason))
            here.clock.move(seconds=5)
        await here.monitor.save_changes()
        (shown,) = (one for one in here.database.write_sync(place_status.all_statuses) if one.place == "x")
        assert (shown.reason, shown.since) == ("Too often.", NOON)


async def test_the_pause_doubles_with_each_attempt_while_a_place_is_down(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.platform.does_not_open(*[BUSY] * 8)
        opened: list[int] = []
        async with kept(here):
            for second in range(250):
                await still()
                opened += [second] * (here.platform.opened - len(opened))
                here.clock.move(seconds=1)
        assert opened[:8] == [0, 2, 6, 14, 30, 62, 122, 182]


async def test_a_fault_on_this_machine_is_raised(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.platform.does_not_open(SetupError("port 8080 is in use"))
        with pytest.raises(SetupError, match="8080"):
            await here.monitor.keep_open("x", asyncio.Event())


async def test_each_change_calls_on_changed(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        for error in (None, None, BUSY, BUSY, None):
            here.monitor.record_result("x", error)
        assert here.rings == 4, "connected, down, a concern, connected"


async def test_only_the_operation_that_failed_clears_its_error(sqlite_url: str) -> None:
    """A read-only token opens the place without an error: that says nothing about posting, and is no new concern."""
    async with stage(sqlite_url) as here, kept(here) as tried:
        await asyncio.wait_for(tried.wait(), 60)
        here.monitor.record_result("x", WRONG, "send")
        assert (await here.concerns(), await here.state()) == ([str(WRONG)], "lost")
        since = here.monitor.down_since("x")
        here.clock.move(seconds=11)
        await until(lambda: here.monitor.available("x"))
        here.monitor.record_result("x", None, "read")
        here.monitor.record_result("x", None, "hear")
        assert (await here.state(), here.monitor.down_since("x")) == ("down", since)
        here.monitor.record_result("x", WRONG, "send")
        assert await here.concerns() == [str(WRONG)]
        await still()
        here.clock.move(seconds=19)
        await still()
        assert not here.monitor.available("x"), "the second time it waits for longer"
        here.clock.move(seconds=1)
        await until(lambda: here.monitor.available("x"))
        here.monitor.record_result("x", None, "send")
        assert (await here.concerns(), await here.state()) == ([], "connected")


async def test_a_permanent_error_about_reading_is_a_concern(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.monitor.record_result("x", None, "open")
        here.monitor.record_result("x", PlatformError("The keys may not read.", permanent=True), "read")
        assert (await here.concerns(), await here.state()) == (["The keys may not read."], "connected")
        here.monitor.record_result("x", BUSY, "read")
        here.monitor.record_result("x", PlatformError("The keys may not read.", permanent=True), "read")
        assert (await here.concerns(), await here.state()) == (["The keys may not read."], "connected")
        here.monitor.record_result("x", None, "read")
        assert await here.concerns() == [], "it is over, and would be concerns again"


async def test_a_place_that_takes_posts_is_not_away_even_if_reading_fails(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.monitor.record_result("x", None, "open")
        here.monitor.record_result("x", BUSY, "read")
        assert (await here.state(), here.monitor.down_since("x")) == ("posting", None)
        assert (here.monitor.available("x"), here.monitor.statuses()["x"].reason) == (True, str(BUSY))
        here.monitor.record_result("x", None, "read")
        here.monitor.record_result("x", BUSY, "send")
        assert here.monitor.down_since("x") == here.clock.now()


async def test_sending_and_hearing_fail_and_come_back_apart(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.monitor.record_result("x", None, "open")
        here.monitor.record_result("x", BUSY, "hear")
        here.clock.move(seconds=60)
        here.monitor.record_result("x", BUSY, "send")
        assert (await here.state(), here.monitor.down_since("x")) == ("down", here.clock.now())
        here.monitor.record_result("x", None, "read")
        assert await here.state() == "down", "a good reading does not hide that posts stay behind"
        here.monitor.record_result("x", None, "send")
        assert (await here.state(), here.returned) == ("posting", [("x", here.clock.now())])
        here.monitor.record_result("x", None, "hear")
        assert (await here.state(), len(here.returned)) == ("connected", 1)


async def test_a_place_that_opens_without_hearing_takes_posts(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.monitor.record_result("x", BUSY, "hear")
        async with kept(here) as tried:
            await asyncio.wait_for(tried.wait(), 60)
            assert (await here.state(), here.monitor.available("x")) == ("posting", True)


async def test_a_concern_that_is_settled_is_new_when_it_comes_again(store_url: str) -> None:
    async with stage(store_url) as here:
        here.monitor.raise_concern("x", "pictures", "No pictures.")
        assert await here.concerns() == ["No pictures."]
        here.monitor.settle_concern("x", "pictures")
        assert await here.concerns() == []
        here.monitor.raise_concern("x", "pictures", "None again.")
        assert await here.concerns() == ["None again."]


async def test_a_lost_place_is_opened_at_once_where_posts_are_allowed_again(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here, kept(here):
        await until(lambda: here.monitor.available("x"))
        here.monitor.allowed("x")
        here.monitor.record_result("x", WRONG, "send")
        await still()
        assert here.platform.opened == 1, "it was allowed before it was refused"
        here.monitor.allowed("x")
        await until(lambda: here.platform.opened == 2)
        await until(lambda: here.monitor.available("x"))
        assert await here.state() == "connected", "the refusal is over as well"


async def test_a_place_that_is_not_allowed_after_all_waits_as_before(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.platform.does_not_open(WRONG, WRONG)
        async with kept(here):
            await until(lambda: here.platform.opened == 1)
            here.monitor.allowed("x")
            await until(lambda: here.platform.opened == 2)
            here.clock.move(seconds=19)
            await still()
            assert here.platform.opened == 2
            here.clock.move(seconds=1)
            await until(lambda: here.monitor.available("x"))
