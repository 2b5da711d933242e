"""The bots of the contract of commands: one for each platform, and one for all three, shared by a module."""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from adapters.kit.connection import Network
from bot.listening import poller
from bot.wiring.adapters import Builder, builders
from tests.contract.command_drivers import (
    HELPER,
    HOST,
    CommandDriver,
    DiscordCommands,
    PretendCommands,
    RoomCommands,
    XCommands,
)
from tests.contract.pretend import Pretend
from tests.contract.running_bot import RunningBot, State, running_bot, within
from tests.contract.settings import settings_of
from tests.sims.simulator import Simulator, simulator

Drivers = dict[str, CommandDriver]

LONGEST = 900.0
"""Wall seconds after which a test, with what it sets up, hangs: where it does is written out, and that is the end."""

MODERATORS = "Pretend moderators"
_OFTEN = dict.fromkeys(("mentions", "search", "post", "posts", "users", "hide", "direct messages", "write"), 1000000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Every wait has its own limit; this is for whatever waits without our knowing."""
    faulthandler.dump_traceback_later(LONGEST, exit=True, file=sys.__stderr__ or 2)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["room", "x", "discord"])
async def driver_of_module(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[CommandDriver]:
    async with AsyncExitStack() as stack:
        drivers = await _all_drivers(stack, (request.param,), tmp_path_factory)
        yield drivers[request.param]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def drivers_of_module(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Drivers]:
    async with AsyncExitStack() as stack:
        yield await _all_drivers(stack, ("room", "x", "discord"), tmp_path_factory, delete=True)


@pytest_asyncio.fixture(loop_scope="module")
async def driver(driver_of_module: CommandDriver) -> AsyncIterator[CommandDriver]:
    """A platform with a chat whose first question is out."""
    async for one in _played({driver_of_module.place: driver_of_module}, "asked"):
        yield one[driver_of_module.place]


@pytest_asyncio.fixture(loop_scope="module")
async def early(driver_of_module: CommandDriver) -> AsyncIterator[CommandDriver]:
    """A platform with a chat of which only the welcome is out."""
    async for one in _played({driver_of_module.place: driver_of_module}, "welcomed"):
        yield one[driver_of_module.place]


@pytest_asyncio.fixture(loop_scope="module")
async def coming(driver_of_module: CommandDriver) -> AsyncIterator[CommandDriver]:
    """A platform with a chat that begins in a minute."""
    async for one in _played({driver_of_module.place: driver_of_module}, "coming"):
        yield one[driver_of_module.place]


@pytest_asyncio.fixture(loop_scope="module")
async def drivers(drivers_of_module: Drivers) -> AsyncIterator[Drivers]:
    """All three, with a chat of which only the welcome is out."""
    async for one in _played(drivers_of_module, "welcomed"):
        yield one


async def _played(drivers: Drivers, state: State) -> AsyncIterator[Drivers]:
    bot = next(iter(drivers.values())).bot
    await bot.begin(state)
    for driver in drivers.values():
        await driver.open()
    yield drivers
    async with within(lambda: "everybody has left"):
        for driver in drivers.values():
            await driver.close()
    await bot.end()


async def _all_drivers(
    stack: AsyncExitStack, names: tuple[str, ...], folders: pytest.TempPathFactory, *, delete: bool = False
) -> Drivers:
    """The bot, running, on these platforms."""
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setattr(poller, "_TICK", poller._TICK / 10)  # nobody wants to wait for X
    patch.setattr("adapters.x.settings._DIRECT_EVERY", 0.1)
    patch.setattr("adapters.kit.connection._SHORTEST", 0.2)
    sims, places, host, helper = {}, {}, {}, {}
    platforms = dict(builders())
    for name in names:
        if name == "room":
            places[name] = settings_of(name)
        elif name == "pretend":
            sims[name] = stack.enter_context(simulator(name))
            places[name] = settings_of("discord", "http://127.0.0.1")  # a table of settings that there is
            host[name], helper[name] = "@pretend_host", "@pretend_helper"
            platforms["discord"] = _builder(sims[name])
        elif name == "x":
            sims[name] = _an_x(stack)
            places[name] = settings_of(name, sims[name].address)
            host[name], helper[name] = "@pretend_host", "@pretend_helper"
        else:
            sims[name] = stack.enter_context(simulator(name, intents_allowed=["message_content"]))
            role = sims[name].tell("person", by="Pretend helper", roles=[MODERATORS])["roles"][0]
            places[name] = settings_of(name, sims[name].address, moderators=[int(role)], delete=delete)
            host[name] = sims[name].tell("person", by="Pretend host")["id"]
    bot = RunningBot(folders.mktemp("bot"), places, host, helper, platforms)
    await stack.enter_async_context(running_bot(bot))
    made: Drivers = {}
    for name in names:
        made[name] = RoomCommands(bot) if name == "room" else _SIMULATED[name](bot, sims[name])
    return made


def _builder(sim: Simulator) -> Builder:
    network = Network(api_url=f"127.0.0.1:{sim.ask('truth')['port']}", visible_after=0.2)
    return lambda _, context: Pretend(context, network)


def _an_x(stack: AsyncExitStack) -> Simulator:
    """X with both accounts on it, so that whose their handles are can be asked."""
    sim = stack.enter_context(
        simulator("x", visible_after=0, rate_limits=_OFTEN, accounts=[{"direct": True}], duplicate_window=None)
    )
    for one in (HOST, HELPER):
        sim.tell("protect", by=f"pretend_{one}", name=f"Pretend {one}", protected=False)
    return sim


_SIMULATED: dict[str, type[XCommands | DiscordCommands | PretendCommands]] = {
    "x": XCommands,
    "discord": DiscordCommands,
    "pretend": PretendCommands,
}
