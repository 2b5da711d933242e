"""The room's pages for programs that watch the bot, over HTTP."""

from __future__ import annotations

from bot.ports.health import Health
from tests.adapters.conftest import Client
from tests.fakes.ports import FakeCore

PARTS = (("store", "no answer"), ("place x", "lost since 2026-03-03T12:00:00Z"))


async def test_an_impaired_bot_says_so_and_what_is_wrong(core: FakeCore, client: Client) -> None:
    core.health = Health(is_well=False, parts=PARTS)
    async with client.session.get(f"{client.room.address}/healthz") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert await answer.text() == "impaired\nstore: no answer\nplace x: lost since 2026-03-03T12:00:00Z\n"
    assert await client.get("/readyz") == (200, "ready\n")


async def test_a_bot_that_is_well_says_so_in_the_first_line(core: FakeCore, client: Client) -> None:
    core.health = Health(parts=(("store", "ok"),))
    assert await client.get("/healthz") == (200, "ok\nstore: ok\n")


async def test_a_bot_that_is_starting_is_not_ready(core: FakeCore, client: Client) -> None:
    core.health = Health(is_ready=False)
    assert await client.get("/readyz") == (503, "starting\n")
    core.health = Health(is_ready=True, reading="still reading 3,200 of 5,000 chat files")
    assert await client.get("/readyz") == (200, "ready\nstill reading 3,200 of 5,000 chat files\n")
    assert (await client.get("/healthz"))[0] == 200
