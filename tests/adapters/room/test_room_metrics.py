"""Who may read `/metrics`, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from adapters.room.platform import Room

Opened = Callable[..., Awaitable[Room]]
TOKEN = "a-token-of-more-than-twenty-letters"


async def answered(room: Room, **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with aiohttp.ClientSession() as session, session.get(f"{room.address}/metrics", headers=named) as answer:
        return answer.status, await answer.text()


async def test_without_a_token_a_program_on_this_machine_may_read_it(open_room: Opened) -> None:
    room = await open_room(public_url="https://chat.example.org")
    assert await answered(room) == (200, "numbers 1\n")


@pytest.mark.parametrize("behind_proxy", [True, False])
async def test_nobody_reads_it_through_a_proxy_whatever_address_they_claim(
    open_room: Opened, *, behind_proxy: bool
) -> None:
    room = await open_room(behind_proxy=behind_proxy)
    for header in ("X_Forwarded_For", "Forwarded", "X_Real_IP", "Via"):
        status, text = await answered(room, **{header: "127.0.0.1"})
        assert (status, "numbers" in text) == (403, False), header


async def test_with_a_token_only_who_sends_it_may_read_it_from_anywhere(open_room: Opened) -> None:
    room = await open_room(metrics_token=TOKEN, behind_proxy=True)
    assert (await answered(room))[0] == 403
    for wrong in ("Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer \xe9"):
        assert (await answered(room, Authorization=wrong))[0] == 403
    assert (await answered(room, Authorization=f"Bearer {TOKEN}", X_Forwarded_For="203.0.113.7"))[0] == 200
