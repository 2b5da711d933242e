"""A PostgreSQL that takes what it is told and gives no answer: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from bot.errors import StoreError
from bot.store import messages
from tests.scheduling.test_outbox import Stage, stage
from tests.store.store_proxy import StoreProxy, store_proxy


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second is long enough to wait for a server on this machine, if all that depends on it is an error."""
    monkeypatch.setattr("bot.store.postgresql._SILENCE", 1.0)
    monkeypatch.setattr("bot.store.postgresql._PING", 1.0)


@pytest.fixture
def proxied(postgres_url: str) -> Iterator[tuple[StoreProxy, str]]:
    with store_proxy(postgres_url) as found:
        yield found


@asynccontextmanager
async def behind(proxied: tuple[StoreProxy, str], **traits: object) -> AsyncIterator[tuple[StoreProxy, Stage]]:
    proxy, url = proxied
    async with stage(url, **traits) as here:
        try:
            yield proxy, here
        finally:
            proxy.speak()


async def until_claimed(here: Stage) -> None:
    """Claim as often as it takes: the connections that were mute are replaced one by one."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await here.claim_due()
            except StoreError:
                continue


async def test_a_claim_whose_answer_was_lost_is_found_again_and_sent_in_time(proxied: tuple[StoreProxy, str]) -> None:
    async with behind(proxied) as (proxy, here):
        here.plan(seconds=5)
        proxy.lose_answer(b"UPDATE outbox", b"COMMIT")
        with pytest.raises(StoreError):
            await here.claim_due()
        proxy.speak()
        assert here.state() == "sending", "it was stored all the same"
        await until_claimed(here)
        here.clock.move(seconds=5)
        await here.reaches("sent")
        assert here.platform.posted == ["Why?"]
        assert here.platform.looked_up == 0


async def test_an_outcome_whose_answer_was_lost_is_saved_again_and_changes_nothing(
    proxied: tuple[StoreProxy, str],
) -> None:
    async with behind(proxied) as (proxy, here):
        here.plan()
        proxy.lose_answer(b"INSERT INTO events", b"COMMIT")
        await here.claim_due()
        async with asyncio.timeout(60):
            while proxy.listens:
                await asyncio.sleep(0.01)
        proxy.speak()
        for _ in range(3):
            here.clock.move(seconds=60)
            await until_claimed(here)
        await here.reaches("sent")
        assert here.platform.posted == ["Why?"]
        assert [event.id for event in here.database.write_sync(messages.own_posts)] == ["id-1"]


async def test_a_release_whose_answer_was_lost_gives_no_second_post(proxied: tuple[StoreProxy, str]) -> None:
    async with behind(proxied) as (proxy, here):
        here.plan(seconds=5)
        await here.claim_due()
        proxy.lose_answer(b"UPDATE outbox", b"COMMIT")
        await here.outbox.release_claims("a/b")
        proxy.speak()
        assert here.state() == "planned", "it was stored all the same"
        await until_claimed(here)
        for _ in range(3):
            here.clock.move(seconds=5)
            await until_claimed(here)
        await here.reaches("sent")
        assert here.platform.posted == ["Why?"]
