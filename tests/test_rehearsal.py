"""A rehearsal's clock waits: it stands still while it is held, and while the machine has no time for it."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import timedelta

from bot.rehearsal.rehearsal_clock import RehearsalClock
from tests.fakes.clock import NOON

SPEED = 1000


async def stepping(clock: RehearsalClock) -> None:
    while True:
        clock.step()
        await asyncio.sleep(0.01)


def test_it_stands_still_until_it_is_stepped() -> None:
    clock = RehearsalClock(NOON, SPEED)
    time.sleep(0.01)
    assert clock.now() == NOON
    clock.step()
    time.sleep(0.01)
    assert clock.now() > NOON


def test_a_machine_without_time_for_it_loses_a_moment_and_no_more() -> None:
    clock = RehearsalClock(NOON, SPEED)
    clock.step()
    time.sleep(0.5)
    assert clock.now() == NOON + timedelta(seconds=0.2) * SPEED
    clock.step()
    assert clock.now() >= NOON + timedelta(seconds=0.2) * SPEED, "it goes on from there"


async def test_nobody_wakes_while_it_is_held_and_everybody_in_order_afterwards() -> None:
    clock, woken = RehearsalClock(NOON, SPEED), list[int]()

    async def sleeper(number: int) -> None:
        await clock.sleep_until(NOON + timedelta(seconds=number))
        assert clock.now() >= NOON + timedelta(seconds=number)
        woken.append(number)

    async with asyncio.timeout(120):
        pace = asyncio.create_task(stepping(clock))
        with clock.held(), clock.held():
            sleepers = [asyncio.create_task(sleeper(number)) for number in (300, 100, 200)]
            before = clock.now()
            await asyncio.sleep(0.05)
            assert (clock.now(), woken) == (before, [])
        await asyncio.gather(*sleepers)
        pace.cancel()
        with suppress(asyncio.CancelledError):
            await pace
    assert woken == [100, 200, 300]
