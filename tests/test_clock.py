"""The clock: a wrong time that is set right again within a minute changes nothing; one that lasts counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.clock import SteadyTime, WallClock
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform
from tests.scheduling.test_plan_sync import Process, living

_SECOND = 1_000_000_000
MINUTE, HOUR = 60, 3600


class Machine(HandClock):
    """A machine whose clock can be set: `move` lets time pass, `set_by` changes the time of day alone."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self._passed, self._wall = 0, int(now.timestamp()) * _SECOND
        self._time = SteadyTime(lambda: self._wall + self._passed, lambda: self._passed)

    def now(self) -> datetime:
        return self._time.now()

    def move(self, *, seconds: float) -> None:
        self._passed += int(seconds * _SECOND)
        self._now = self.now()
        super().move(seconds=0)

    def set_by(self, *, seconds: float) -> None:
        self._wall += int(seconds * _SECOND)


@pytest.fixture
def machine() -> Machine:
    return Machine(NOON - timedelta(minutes=5))


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    made = Database(store_url)
    yield made
    made.close()


@pytest.mark.parametrize("step", [2 * HOUR, -2 * HOUR, 400 * 24 * HOUR])
def test_a_step_counts_after_a_minute_and_not_before(machine: Machine, step: int) -> None:
    before = machine.now()
    machine.set_by(seconds=step)
    assert machine.now() == before
    machine.move(seconds=59)
    assert machine.now() == before + timedelta(seconds=59)
    machine.move(seconds=1)
    assert machine.now() == before + timedelta(seconds=60 + step)


def test_a_step_that_is_taken_back_never_was(machine: Machine) -> None:
    before = machine.now()
    for step in (HOUR, -HOUR, -3 * HOUR, 3 * HOUR):
        machine.set_by(seconds=step)
        machine.move(seconds=50)
        assert machine.now() <= before + timedelta(seconds=200)
    assert machine.now() == before + timedelta(seconds=200)


def test_small_corrections_are_followed_at_once(machine: Machine) -> None:
    before = machine.now()
    for _ in range(10):
        machine.set_by(seconds=1.5)
        machine.move(seconds=1)
        machine.now()
    assert machine.now() == before + timedelta(seconds=25)


def test_the_machines_own_clock_is_told() -> None:
    assert abs(WallClock().now() - datetime.now().astimezone()) < timedelta(minutes=1)


@pytest.mark.parametrize("step", [20 * MINUTE, 5 * HOUR, -20 * MINUTE, -5 * HOUR])
async def test_a_wrong_time_for_half_a_minute_skips_and_doubles_nothing(
    database: Database, machine: Machine, step: int
) -> None:
    platform = FakePlatform(machine)
    async with living(database, machine, platform, [a_chat()]) as process:
        await process.advance(minutes=16)  # 12:11, after Q1
        machine.set_by(seconds=step)
        await process.advance(minutes=0.5)
        machine.set_by(seconds=-step)
        await process.advance(minutes=60)
        assert [text[:2] for text in platform.posted] == ["We", "Th", "Q1", "Q2", "Q3", "Th"]
        assert set(process.states().values()) == {"sent"}
        assert (process.due()["q2"], process.due()["q3"]) == (
            NOON + timedelta(minutes=20),
            NOON + timedelta(minutes=30),
        )


async def test_a_time_that_is_set_back_for_good_doubles_nothing(database: Database, machine: Machine) -> None:
    platform = FakePlatform(machine)
    async with living(database, machine, platform, [a_chat()]) as process:
        await process.advance(minutes=26)  # 12:21, after Q2
        machine.set_by(seconds=-20 * MINUTE)
        await process.advance(minutes=90)
        assert [text[:2] for text in platform.posted] == ["We", "Th", "Q1", "Q2", "Q3", "Th"]


async def test_the_scheduler_turns_though_its_timer_sleeps(database: Database, machine: Machine) -> None:
    """APScheduler sleeps until a time of day; where that was set back, it sleeps for hours."""
    process = Process(database, machine, FakePlatform(machine), [])
    running = asyncio.create_task(process.scheduler.run())
    async with asyncio.timeout(120):
        await asyncio.sleep(0)
        process.scheduler._timer.stop()
        while process.scheduler.idle_for() > 1:
            await asyncio.sleep(0)
        while process.scheduler.idle_for() < 1:
            await asyncio.sleep(0.1)
        while process.scheduler.idle_for() > 1:
            await asyncio.sleep(0.1)
    process.scheduler.stop()
    await running
