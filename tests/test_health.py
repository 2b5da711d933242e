"""The health of the bot is what is so: of its store, its scheduler and its places."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import PlatformError
from bot.store.database import Database
from bot.wiring import health
from bot.wiring.health import HealthWatch
from bot.wiring.metrics import Metrics
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform
from tests.scheduling.test_plan_sync import Process


class Bot:
    """A scheduler over a store in a file, with one place, and the health of it all."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "convenor.db"
        self.database, self.clock = Database(f"sqlite:///{self.file}"), HandClock(NOON)
        self.process = Process(self.database, self.clock, FakePlatform(self.clock), [])
        self.watch = HealthWatch(self.database, self.process.scheduler, self.process.monitor, self.clock)
        self.watch.started = True

    async def looks(self) -> tuple[bool, dict[str, str]]:
        """As if a second later."""
        self.watch._known = None
        found = await self.watch.look()
        return found.is_well, dict(found.parts)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    made = Bot(tmp_path)
    await made.process.plan_sync.sync(NOON)
    turning = asyncio.create_task(made.process.scheduler.run())
    yield made
    made.process.scheduler.stop()
    await turning
    made.database.close()


async def test_a_bot_that_hosts_is_well_and_ready(bot: Bot) -> None:
    assert await bot.looks() == (
        True,
        {"store": "ok", "scheduler": "ok", "place x": "connected since 2026-03-03T12:00:00Z"},
    )
    assert (await bot.watch.look()).is_ready


async def test_a_store_file_that_is_gone_is_told_and_so_is_its_return(bot: Bot) -> None:
    away = bot.file.rename(bot.file.with_name("away.db"))
    well, parts = await bot.looks()
    assert not well
    assert parts["store"] in ("in trouble", "no answer")
    away.rename(bot.file)
    bot.clock.move(seconds=6)
    await bot.process.heartbeat.tick(bot.clock.now())  # the next thing that is stored
    async with asyncio.timeout(120):
        while not (await bot.looks())[0]:
            await asyncio.sleep(0.1)


async def test_metrics_of_a_store_that_is_gone_tell_that_and_what_the_process_knows(bot: Bot) -> None:
    metrics = Metrics(bot.database, bot.process.scheduler, bot.process.monitor, {}, bot.clock)
    assert b"\nconvenor_queue_length 0.0\n" in await metrics.text()
    bot.file.rename(bot.file.with_name("away.db"))
    metrics._known = None
    page = await metrics.text()
    assert b"\nconvenor_store_up 0.0\n" in page
    assert b"\nconvenor_turn_age_seconds " in page


async def test_a_scheduler_that_does_not_turn_is_told(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_LONGEST_TURN", 1.5)
    async with bot.process.scheduler.lock, asyncio.timeout(120):
        while (await bot.looks())[0]:
            await asyncio.sleep(0.1)
        assert (await bot.looks())[1]["scheduler"] == "not turning"
    async with asyncio.timeout(120):
        while not (await bot.looks())[0]:
            await asyncio.sleep(0.1)


async def test_a_place_is_told_with_its_state_at_once_where_a_person_is_needed(bot: Bot) -> None:
    bot.process.monitor.record_result("x", PlatformError("It is busy."))
    assert await bot.looks() == (True, {**(await bot.looks())[1], "place x": "down since 2026-03-03T12:00:00Z"})
    bot.clock.move(seconds=31)
    assert not (await bot.looks())[0]
    bot.process.monitor.record_result("x", None)
    assert (await bot.looks())[0]
    bot.process.monitor.record_result("x", PlatformError("The token is not valid.", lost=True))
    well, parts = await bot.looks()
    assert (well, parts["place x"].split()[0]) == (False, "lost")
    assert "token" not in str(parts)


async def test_many_who_ask_cost_one_look(bot: Bot) -> None:
    bot.watch._known = None
    answers = await asyncio.gather(*(bot.watch.look() for _ in range(200)))
    assert len({id(one) for one in answers}) == 1


async def test_it_is_ready_once_the_next_hour_is_planned_and_stays_so(bot: Bot) -> None:
    async def is_ready() -> tuple[bool, str]:
        bot.watch._known = None
        found = await bot.watch.look()
        return found.is_ready, found.reading

    process = bot.process
    process.unread, process.pressing = {"a/1", "a/2"}, True
    await process.plan_sync.sync(NOON)
    assert await is_ready() == (False, "still reading 2 of 2 chat files")
    process.pressing = False
    await process.plan_sync.sync(NOON)
    assert await is_ready() == (True, "still reading 2 of 2 chat files")
    process.unread, process.pressing = {"a/1"}, True
    await process.plan_sync.sync(NOON)
    assert await is_ready() == (True, "still reading 1 of 1 chat files")
    bot.watch.started = False
    assert not (await is_ready())[0]


async def test_it_is_not_ready_before_the_files_were_looked_at(tmp_path: Path) -> None:
    made = Bot(tmp_path)
    assert not (await made.watch.look()).is_ready
    made.database.close()
