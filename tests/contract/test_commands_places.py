"""One command, all places at once; and ten thousand that nobody may give."""

from __future__ import annotations

import asyncio
import os
from itertools import count

import pytest

from bot.messages import Author, Command, Message
from bot.store import commands
from tests.contract.command_drivers import CommandDriver, DiscordCommands, RoomCommands, XCommands
from tests.contract.running_bot import RunningBot, until, within
from tests.contract.test_commands_faults import EVERYTHING

pytestmark = pytest.mark.asyncio(loop_scope="module")

Drivers = dict[str, CommandDriver]

MANY = int(os.environ.get("CONTRACT_COMMANDS", "10000"))
"""Commands in a flood; fewer in a hurry."""

BATCH = 500
"""As many of them at the same time."""


async def test_a_command_on_any_place_moves_all(drivers: Drivers) -> None:
    bot = drivers["room"].bot
    await drivers["x"].order("next")
    for driver in drivers.values():
        await driver.shown(f"Q1. What helps (1)? {bot.tag}")
    await drivers["discord"].order("pause")
    assert (await drivers["room"].order("resume")).startswith("We go on.")
    assert (await drivers["room"].order("say", place="discord", text="Only here.")) == "Said in discord."
    await drivers["discord"].shown(f"Only here. {bot.tag}")
    assert f"Only here. {bot.tag}" not in await drivers["room"].posted()
    answer = await drivers["room"].order("edit", question="q1", text="What else?")
    assert answer == "Q1 is changed in room and discord. A correction to Q1 follows in x."
    for place in ("room", "discord"):
        await drivers[place].shown(f"Q1. What else? {bot.tag}")


async def test_a_decision_anywhere_is_one_everywhere(drivers: Drivers) -> None:
    bot = drivers["room"].bot
    await drivers["x"].order("next")
    await bot.out("q1")
    said = {place: await driver.say(f"From {place}", answers=True) for place, driver in drivers.items()}
    await drivers["discord"].order("hide", message=f"x/{said['x']}")
    x, discord = drivers["x"], drivers["discord"]
    assert isinstance(x, XCommands)
    assert isinstance(discord, DiscordCommands)
    await until(lambda: said["x"] in x.hidden(), lambda: "X hides it")
    answer = await drivers["x"].order("hide", way="direct", message=f"discord/{said['discord']}")
    assert answer.endswith("It is deleted on Discord.")  # as the settings of this bot allow
    await until(lambda: said["discord"] not in {one["id"] for one in discord.truth("messages")}, lambda: "it is gone")
    await bot.recorded("From room")
    await drivers["room"].order("hold", message=f"room/{said['room']}")
    assert "1. " in await drivers["discord"].order("held")
    await drivers["x"].order("approve", way="direct", number="1")
    assert await drivers["room"].order("held") == "Nothing waits."
    await bot.recorded("From room")


async def test_what_the_guard_saw_is_marked_on_the_host_s_page_wherever_it_was_said(drivers: Drivers) -> None:
    room = drivers["room"]
    assert isinstance(room, RoomCommands)
    await drivers["x"].order("next")
    await room.bot.out("q1")
    for number, driver in enumerate(drivers.values()):
        await driver.say(f"Ring me on 07700 90012{number} about <her>")
    page = await (await room.leader()).page()
    for number in range(3):
        assert f"Ring me on <mark>07700 90012{number} <span" in page
    assert page.count("<mark>") == 3
    await room.bot.recorded()


async def test_where_all_can_read_a_receipt_names_nobody(drivers: Drivers) -> None:
    bot, x = drivers["room"].bot, drivers["x"]
    await x.order("next")
    await bot.out("q1")
    said = await x.say("Somebody's words")
    assert await x.order("hide", message=f"x/{said}") == "Done."
    assert await x.order("held") == "Done."
    assert await x.order("log") == "The log is not for here: ask privately."
    assert await x.order("hide", message=f"x/{said}") == "That could not be done; the host's page says why."


async def test_many_commands_of_people_without_a_role_have_no_effect(drivers: Drivers) -> None:
    bot, places = drivers["room"].bot, tuple(drivers)
    await drivers["x"].order("next")
    await bot.out("q1")
    for driver in drivers.values():
        await driver.say("My own words")
    await drivers["room"].order("status")
    plan, state, record = bot.plan(), bot.live.state, await bot.record()
    ids = count(1)

    def by(number: int) -> Author:
        return Author(id=str(5_000_000 + number % 500), handle=f"@pretend_h\u043est{number % 7}", name="Pretend host")

    async def told(number: int) -> None:
        line, place = EVERYTHING[number % len(EVERYTHING)], places[number % 3]
        id, now = f"many-{next(ids)}", bot.clock.now()
        if number // len(EVERYTHING) % 10:  # most in messages; every tenth by a door, as Discord has one for everybody
            said = Message(place=place, id=id, at=now, author=by(number), text=f"!{line}", mentions_bot=True)
            await bot.convenor.inbox.hear(said)
        else:
            command = Command(place=place, id=id, at=now, author=by(number), text=line)
            assert not (await bot.convenor.service.answer(command)).done

    for start in range(0, MANY, BATCH):
        async with within(lambda: f"commands {start} to {start + BATCH} of {MANY} are dealt with"):  # noqa: B023 -- awaited here
            await asyncio.gather(*(told(number) for number in range(start, start + BATCH)))
    await _nothing_waits(bot)
    assert (bot.plan(), bot.live.state) == (plan, state)
    assert await bot.record() == record
    assert {one.command.role for one in bot.log() if one.command.id.startswith("many-")} == {"participant"}


async def _nothing_waits(bot: RunningBot) -> None:
    """Until all of them were looked at, which takes a while; but there has to be progress."""

    def first() -> str | None:
        waiting = bot.convenor.database.read_sync(commands.waiting, 1)
        return waiting[0].command.id if waiting else None

    while before := first():
        await until(lambda: first() != before, lambda: f"{before} waits no longer")
