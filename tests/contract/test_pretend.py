"""The kit on a third platform, beyond the contract: edits, actions, private commands, and reconnecting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bot.errors import PlatformError
from bot.messages import PlatformAction
from tests.contract.grounds import PretendGround, a_post, on_a_pretend_platform


@pytest_asyncio.fixture
async def ground() -> AsyncIterator[PretendGround]:
    async with on_a_pretend_platform() as made:
        await made.platform.open()
        yield made
        await made.platform.close()


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.02)


async def test_an_edit_changes_a_post_and_an_action_deletes_a_message(ground: PretendGround) -> None:
    sent = await ground.platform.send(a_post(ground))
    await ground.platform.send(a_post(ground, "edit", "Q1. Why not?", edits=sent.id))
    assert ground.posted() == ["Q1. Why not?"]
    said = await ground.say("A1 spam")
    await ground.platform.send(a_post(ground, "delete", "", action=PlatformAction(kind="delete", message=said)))
    assert [one["id"] for one in ground.messages() if one["deleted"]] == [said]


async def test_a_post_that_the_platform_has_no_way_for_is_refused(ground: PretendGround) -> None:
    with pytest.raises(PlatformError, match="Pretend takes no post") as caught:
        await ground.platform.send(a_post(ground, to="5"))
    assert caught.value.permanent


async def test_a_command_in_private_is_answered_there(ground: PretendGround) -> None:
    ground.sim.tell("say", by="Pretend host", text="status", to="1")
    await until(lambda: [one for one in ground.messages() if one["to"] == "Pretend host"])
    assert not ground.core.events


async def test_a_connection_that_breaks_comes_back(ground: PretendGround) -> None:
    ground.sim.tell("cut")
    await until(lambda: len(ground.core.states) == 3)
    up, down, again = ground.core.states
    assert (up, str(down), again) == (None, "Pretend closed the connection.", None)
