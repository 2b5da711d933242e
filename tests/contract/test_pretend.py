"""The kit on a third platform, beyond the contract: edits, actions, private commands, and reconnecting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bot.errors import PlatformError
from bot.messages import PlatformAction
from tests.contract.drivers import PretendDriver, a_post, on_pretend


@pytest_asyncio.fixture
async def driver() -> AsyncIterator[PretendDriver]:
    async with on_pretend() as made:
        await made.platform.open()
        yield made
        await made.platform.close()


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.02)


async def test_an_edit_changes_a_post_and_an_action_deletes_a_message(driver: PretendDriver) -> None:
    sent = await driver.platform.send(a_post(driver))
    await driver.platform.send(a_post(driver, "edit", "Q1. Why not?", edits=sent.id))
    assert driver.posted() == ["Q1. Why not?"]
    said = await driver.say("A1 spam")
    await driver.platform.send(a_post(driver, "delete", "", action=PlatformAction(kind="delete", message=said)))
    assert [one["id"] for one in driver.messages() if one["deleted"]] == [said]


async def test_a_post_that_the_platform_has_no_way_for_is_refused(driver: PretendDriver) -> None:
    with pytest.raises(PlatformError, match="Pretend takes no post") as caught:
        await driver.platform.send(a_post(driver, to="5"))
    assert caught.value.permanent


async def test_a_command_in_private_is_answered_there(driver: PretendDriver) -> None:
    driver.sim.tell("say", by="Pretend host", text="status", to="1")
    await until(lambda: [one for one in driver.messages() if one["to"] == "Pretend host"])
    assert not driver.core.events


async def test_a_connection_that_breaks_comes_back(driver: PretendDriver) -> None:
    driver.sim.tell("cut")
    await until(lambda: len(driver.core.states) == 3)
    up, down, again = driver.core.states
    assert (up, str(down), again) == (None, "Pretend closed the connection.", None)
