"""The duties of two whole bots on one PostgreSQL: one plans, and each place is heard by one that reaches it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.chat import Programme
from bot.clock import WallClock
from bot.errors import PlatformError
from bot.live import process_duties
from bot.ports.inbound import AdapterContext
from bot.settings.settings import Settings
from bot.wiring.convenor import Convenor
from tests.fakes.platform import FakePlatform

ROOM = {"platform": "room", "port": 0}

PAIR = {"east", "west"}
"""Places that share a connection."""

ALL = {"north", "south", *PAIR}


class Deaf(FakePlatform):
    """A place, of one platform with all others. `listens` is what it was last told."""

    def __init__(self, _: object, context: AdapterContext) -> None:
        shared = "pair" if context.place in PAIR else ""
        super().__init__(context.clock, platform="fake", connection=shared)
        self.context, self.listens = context, True

    async def listen(self, *, wanted: bool) -> None:
        self.listens = wanted

    def fails(self) -> None:
        self.context.listener.down(PlatformError("It cannot be reached."))


class Bot:
    """A bot with four places."""

    def __init__(self, url: str) -> None:
        settings = Settings.model_validate(
            {"store": {"url": url}, "site": {"folder": ""}, "places": dict.fromkeys(ALL, ROOM)}
        )
        self.places: dict[str, Deaf] = {}
        self.convenor = Convenor(
            settings, clock=WallClock(), programme=lambda: Programme(chats=()), platforms={"room": self._build}
        )

    def _build(self, settings: object, context: AdapterContext) -> Deaf:
        made = self.places[context.place] = Deaf(settings, context)
        return made

    @property
    def hears(self) -> set[str]:
        return {name for name, one in self.places.items() if one.listens}

    @property
    def state(self) -> str:
        return self.convenor.monitor.statuses()["north"].state


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not holds():
            await asyncio.sleep(0.02)


async def test_each_place_is_listened_to_by_one_process_that_reaches_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_duties, "_RENEWAL", 0.1)
    first, second = Bot(postgres_url), Bot(postgres_url)
    async with first.convenor.running():
        await until(lambda: first.hears == ALL)
        async with second.convenor.running():
            assert second.hears == set()
            second.places["north"].fails()
            first.places["north"].fails()
            await until(lambda: second.hears == {"north"} and first.hears == ALL - {"north"})
            assert (first.state, second.state) == ("posting", "connected"), "what failed before says nothing"
            assert first.convenor.scheduler.on_duty()
            assert not second.convenor.scheduler.on_duty()
        await until(lambda: first.hears == ALL)
        assert first.state == "connected"


async def test_places_that_share_a_connection_go_to_another_process_together(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_duties, "_RENEWAL", 0.1)
    first, second = Bot(postgres_url), Bot(postgres_url)
    async with first.convenor.running():
        await until(lambda: first.hears == ALL)
        async with second.convenor.running():
            first.places["east"].fails()
            first.places["north"].fails()
            await until(lambda: second.hears == {"north"})
            assert first.hears > PAIR, "one of the two is heard, so the connection is there"
            first.places["west"].fails()
            await until(lambda: second.hears == {"north", *PAIR} and first.hears == {"south"})
