"""One command, all places at once; and ten thousand that nobody may give."""

from __future__ import annotations

import asyncio
import os
from itertools import count

import pytest

from bot.messages import Author, Command, Message
from bot.store import commands
from tests.contract.house import House, until, within
from tests.contract.stages import DiscordStage, RoomStage, Stage, XStage
from tests.contract.test_commands_faults import EVERYTHING

pytestmark = pytest.mark.asyncio(loop_scope="module")

Troupe = dict[str, Stage]

MANY = int(os.environ.get("CONTRACT_COMMANDS", "10000"))
"""Commands in a flood; fewer where somebody is in a hurry."""

BATCH = 500
"""As many of them at the same time."""


async def test_a_command_on_any_place_moves_all(troupe: Troupe) -> None:
    house = troupe["room"].house
    await troupe["x"].order("next")
    for stage in troupe.values():
        await stage.shown(f"Q1. What helps (1)? {house.tag}")
    await troupe["discord"].order("pause")
    assert (await troupe["room"].order("resume")).startswith("We go on.")
    assert (await troupe["room"].order("say", place="discord", text="Only here.")) == "Said in discord."
    await troupe["discord"].shown(f"Only here. {house.tag}")
    assert f"Only here. {house.tag}" not in await troupe["room"].posted()
    answer = await troupe["room"].order("edit", question="q1", text="What else?")
    assert answer == "Q1 is changed in room and discord. A correction to Q1 follows in x."
    for place in ("room", "discord"):
        await troupe[place].shown(f"Q1. What else? {house.tag}")


async def test_a_decision_anywhere_is_one_everywhere(troupe: Troupe) -> None:
    house = troupe["room"].house
    await troupe["x"].order("next")
    await house.out("q1")
    said = {place: await stage.say(f"From {place}", answers=True) for place, stage in troupe.items()}
    await troupe["discord"].order("hide", message=f"x/{said['x']}")
    x, discord = troupe["x"], troupe["discord"]
    assert isinstance(x, XStage)
    assert isinstance(discord, DiscordStage)
    await until(lambda: said["x"] in x.hidden(), lambda: "X hides it")
    answer = await troupe["x"].order("hide", way="direct", message=f"discord/{said['discord']}")
    assert answer.endswith("It is deleted on Discord.")  # as the settings of this house allow
    await until(lambda: said["discord"] not in {one["id"] for one in discord.truth("messages")}, lambda: "it is gone")
    await house.recorded("From room")
    await troupe["room"].order("hold", message=f"room/{said['room']}")
    assert "1. " in await troupe["discord"].order("held")
    await troupe["x"].order("approve", way="direct", number="1")
    assert await troupe["room"].order("held") == "Nothing waits."
    await house.recorded("From room")


async def test_what_the_guard_saw_is_marked_on_the_host_s_page_wherever_it_was_said(troupe: Troupe) -> None:
    room = troupe["room"]
    assert isinstance(room, RoomStage)
    await troupe["x"].order("next")
    await room.house.out("q1")
    for number, stage in enumerate(troupe.values()):
        await stage.say(f"Ring me on 07700 90012{number} about <her>")
    page = await (await room.leader()).page()
    for number in range(3):
        assert f"Ring me on <mark>07700 90012{number}</mark> about &lt;her&gt;" in page
    assert page.count("<mark>") == 3
    await room.house.recorded()


async def test_where_all_can_read_a_receipt_names_nobody(troupe: Troupe) -> None:
    house, x = troupe["room"].house, troupe["x"]
    await x.order("next")
    await house.out("q1")
    said = await x.say("Somebody's words")
    assert await x.order("hide", message=f"x/{said}") == "Done."
    assert await x.order("held") == "Done."
    assert await x.order("log") == "The log is not for here: ask privately."
    assert await x.order("hide", message=f"x/{said}") == "That could not be done; the host's page says why."


async def test_many_commands_of_people_without_a_role_have_no_effect(troupe: Troupe) -> None:
    house, places = troupe["room"].house, tuple(troupe)
    await troupe["x"].order("next")
    await house.out("q1")
    for stage in troupe.values():
        await stage.say("My own words")
    await troupe["room"].order("status")
    plan, state, record = house.plan(), house.live.state, await house.record()
    ids = count(1)

    def by(number: int) -> Author:
        return Author(id=str(5_000_000 + number % 500), handle=f"@pretend_h\u043est{number % 7}", name="Pretend host")

    async def told(number: int) -> None:
        line, place = EVERYTHING[number % len(EVERYTHING)], places[number % 3]
        id, now = f"many-{next(ids)}", house.clock.now()
        if number // len(EVERYTHING) % 10:  # most in messages; every tenth by a door, as Discord has one for everybody
            said = Message(place=place, id=id, at=now, author=by(number), text=f"!{line}", mentions_bot=True)
            await house.convenor.inbox.hear(said)
        else:
            command = Command(place=place, id=id, at=now, author=by(number), text=line)
            assert not (await house.convenor.service.answer(command)).done

    for start in range(0, MANY, BATCH):
        async with within(lambda: f"commands {start} to {start + BATCH} of {MANY} are dealt with"):  # noqa: B023 -- awaited here
            await asyncio.gather(*(told(number) for number in range(start, start + BATCH)))
    await _nothing_waits(house)
    assert (house.plan(), house.live.state) == (plan, state)
    assert await house.record() == record
    assert {one.command.role for one in house.log() if one.command.id.startswith("many-")} == {"participant"}


async def _nothing_waits(house: House) -> None:
    """Until all of them were looked at, which takes a while."""
    await until(
        lambda: not house.convenor.database.read_sync(commands.waiting, 1), lambda: "no command waits in the store", 60
    )
