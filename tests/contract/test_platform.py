"""What every platform promises, over each adapter there is. A new adapter joins by one line in `ADAPTERS`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bot.messages import Post
from bot.port import Platform
from tests.adapters.conftest import room_of
from tests.fakes.clock import NOON
from tests.fakes.ports import CHAT, FakeCore, sheet


def a_room() -> Platform:
    core = FakeCore()
    core.plan(sheet())
    return room_of(core)


ADAPTERS: dict[str, Callable[[], Platform]] = {"room": a_room}


def a_post(key: str = "q1", text: str = "Q1. Why? #OTalk") -> Post:
    return Post(chat=CHAT, key=key, place="room", kind="question", text=text, nonce=f"nonce-{key}", due=NOON)


@pytest_asyncio.fixture(params=ADAPTERS)
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    made = ADAPTERS[request.param]()
    await made.open()
    yield made
    await made.close()


async def test_a_post_gets_a_receipt_with_an_aware_time_and_an_address(platform: Platform) -> None:
    receipt = await platform.send(a_post())
    assert receipt.id
    assert receipt.at.tzinfo is not None
    assert receipt.url is None or receipt.url.startswith("http")


async def test_what_was_sent_is_found(platform: Platform) -> None:
    receipt = await platform.send(a_post())
    await asyncio.sleep(platform.traits.visible_after)
    found = await platform.find(a_post())
    assert found is not None
    assert found.id == receipt.id


async def test_the_same_post_again_has_the_same_id_where_that_is_promised(platform: Platform) -> None:
    if not platform.traits.idempotent:
        pytest.skip("this platform does not promise it; the outbox looks before it posts again")
    first = await platform.send(a_post())
    assert (await platform.send(a_post())).id == first.id


async def test_traits_are_within_reason(platform: Platform) -> None:
    traits = platform.traits
    assert traits.limit > 100
    assert traits.measure("abc") == 3
    assert 0 < traits.timeout <= 60
    assert traits.visible_after >= 0


async def test_closing_twice_and_while_sending_is_harmless(platform: Platform) -> None:
    sending = asyncio.gather(*(platform.send(a_post(f"q{n}")) for n in range(5)), return_exceptions=True)
    await platform.close()
    await platform.close()
    await sending


@pytest.mark.parametrize("name", ADAPTERS)
async def test_closing_before_opening_is_harmless(name: str) -> None:
    await ADAPTERS[name]().close()
