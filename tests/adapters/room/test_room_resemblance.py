"""Somebody muted who comes again without a cookie resembles themselves; no address outlasts the chat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from adapters.room.platform import Room
from adapters.room.resemblance import Resemblance
from bot.messages import Author
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, STARTS, FakeClock, FakeCore

NewClient = Callable[[Room], Client]


async def until(shuts: datetime | None = STARTS + timedelta(hours=1)) -> datetime | None:
    return shuts


@pytest.fixture
async def visitors() -> Callable[..., set[str]]:
    known = Resemblance(FakeClock())

    def like(id: str, name: str, address: str, chat: str = CHAT) -> set[str]:
        return known.like(Author(id=id, name=name), address, chat, until)

    return like


async def test_people_on_one_network_resemble_each_other_and_nobody_else(visitors: Callable[..., set[str]]) -> None:
    assert visitors("a", "Anna", "198.51.100.1") == set()
    assert visitors("b", "Bert", "198.51.100.1") == {"a"}
    assert visitors("c", "Carla", "198.51.100.2") == set()
    assert visitors("c", "Carla", "198.51.100.1") == {"a", "b"}
    assert visitors("a", "Anna", "198.51.100.1", chat="another/chat") == set()


@pytest.mark.parametrize(
    "name", ["Grumpy Gus", "grumpy gus 2", "Gus Grumpy", "Grumpi Gus", "Grümpy  Gus", "Grumpy2 Gus"]
)
async def test_like_names_resemble_each_other(visitors: Callable[..., set[str]], name: str) -> None:
    visitors("a", "Grumpy Gus", "198.51.100.1")
    assert visitors("b", name, "198.51.100.2") == {"a"}


@pytest.mark.parametrize("name", ["Grumpy", "Grumpy Gil", "Pretend participant B", "🙂", "42", "Gus"])
async def test_other_names_do_not(visitors: Callable[..., set[str]], name: str) -> None:
    visitors("a", "Grumpy Gus", "198.51.100.1")
    visitors("c", "Pretend participant A", "198.51.100.3")
    visitors("d", "🙃", "198.51.100.4")
    assert visitors("b", name, "198.51.100.2") == set()


async def test_no_address_is_kept_as_it_is_and_all_is_forgotten_when_the_chat_shuts() -> None:
    clock = FakeClock()
    known = Resemblance(clock)
    known.like(Author(id="a", name="Anna"), "198.51.100.1", CHAT, until)
    assert "198.51.100" not in repr(vars(known._chats[CHAT]))
    clock.move(hours=2)
    await known._forget(CHAT, until)
    assert known._chats == {}
    await known.close()


async def test_the_core_is_told_before_a_message_is_heard(core: FakeCore, room: Room, new_client: NewClient) -> None:
    for number in range(2):
        visitor = new_client(room)
        await visitor.join(f"Pretend participant {number}")
        await visitor.post(f"number {number}")
    first, second = core.heard()
    assert core.resembling == {second.id: frozenset({first.author.id})}
