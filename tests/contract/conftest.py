"""The houses of the contract of the commands: one bot for each platform, and one for all three, shared by a module."""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from bot.listening import poller
from tests.contract.house import House, State, hosting, within
from tests.contract.settings import settings_of
from tests.contract.stages import HELPER, HOST, DiscordStage, RoomStage, Stage, XStage
from tests.sims.drive import Simulator, simulator

Troupe = dict[str, Stage]

LONGEST = 240.0
"""Wall seconds after which a test, with what it sets up, hangs: where it does is written out, and that is the end."""

MODERATORS = "Pretend moderators"
_OFTEN = dict.fromkeys(("mentions", "search", "post", "posts", "users", "hide", "letters", "write"), 1000000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Every wait has its own limit; this is for whatever waits without our knowing."""
    faulthandler.dump_traceback_later(LONGEST, exit=True, file=sys.__stderr__ or 2)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["room", "x", "discord"])
async def stage_of_house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        troupe = await _troupe(stack, (request.param,), tmp_path_factory)
        yield troupe[request.param]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def troupe_of_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Troupe]:
    async with AsyncExitStack() as stack:
        yield await _troupe(stack, ("room", "x", "discord"), tmp_path_factory, delete=True)


@pytest_asyncio.fixture(loop_scope="module")
async def stage(stage_of_house: Stage) -> AsyncIterator[Stage]:
    """A platform with a chat whose first question is out."""
    async for one in _played({stage_of_house.place: stage_of_house}, "asked"):
        yield one[stage_of_house.place]


@pytest_asyncio.fixture(loop_scope="module")
async def early(stage_of_house: Stage) -> AsyncIterator[Stage]:
    """A platform with a chat of which only the welcome is out."""
    async for one in _played({stage_of_house.place: stage_of_house}, "welcomed"):
        yield one[stage_of_house.place]


@pytest_asyncio.fixture(loop_scope="module")
async def coming(stage_of_house: Stage) -> AsyncIterator[Stage]:
    """A platform with a chat that begins in a minute."""
    async for one in _played({stage_of_house.place: stage_of_house}, "coming"):
        yield one[stage_of_house.place]


@pytest_asyncio.fixture(loop_scope="module")
async def troupe(troupe_of_house: Troupe) -> AsyncIterator[Troupe]:
    """All three, with a chat of which only the welcome is out."""
    async for one in _played(troupe_of_house, "welcomed"):
        yield one


async def _played(troupe: Troupe, state: State) -> AsyncIterator[Troupe]:
    house = next(iter(troupe.values())).house
    await house.begin(state)
    for stage in troupe.values():
        await stage.open()
    yield troupe
    async with within(lambda: "everybody has left"):
        for stage in troupe.values():
            await stage.close()
    await house.end()


async def _troupe(
    stack: AsyncExitStack, names: tuple[str, ...], folders: pytest.TempPathFactory, *, delete: bool = False
) -> Troupe:
    """The bot, running, on these platforms."""
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setattr(poller, "_TICK", poller._TICK / 10)  # nobody wants to wait for X
    patch.setattr("adapters.x.settings._DIRECT_EVERY", 0.1)
    patch.setattr("adapters.kit.connection._SHORTEST", 0.2)
    sims, places, host, helper = {}, {}, {}, {}
    for name in names:
        if name == "room":
            places[name] = settings_of(name)
        elif name == "x":
            sims[name] = _an_x(stack)
            places[name] = settings_of(name, sims[name].address)
            host[name], helper[name] = "@pretend_host", "@pretend_helper"
        else:
            sims[name] = stack.enter_context(simulator(name, intents_allowed=["message_content"]))
            role = sims[name].tell("person", by="Pretend helper", roles=[MODERATORS])["roles"][0]
            places[name] = settings_of(name, sims[name].address, moderators=[int(role)], delete=delete)
            host[name] = sims[name].tell("person", by="Pretend host")["id"]
    house = House(folders.mktemp("house"), places, host, helper)
    await stack.enter_async_context(hosting(house))
    made: Troupe = {}
    for name in names:
        made[name] = RoomStage(house) if name == "room" else _SIMULATED[name](house, sims[name])
    return made


def _an_x(stack: AsyncExitStack) -> Simulator:
    """X with both accounts on it, so that whose their handles are can be asked."""
    sim = stack.enter_context(
        simulator("x", visible_after=0, rate_limits=_OFTEN, accounts=[{"direct": True}], duplicate_window=None)
    )
    for one in (HOST, HELPER):
        sim.tell("protect", by=f"pretend_{one}", name=f"Pretend {one}", protected=False)
    return sim


_SIMULATED = {"x": XStage, "discord": DiscordStage}
