"""The page on which people decide about the record: single messages, everything, and back again."""

from __future__ import annotations

from bot.messages import Returned, TakenOut, Withdrawn
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, FakeCore


async def test_a_person_leaves_out_one_message_or_everything_and_comes_back(core: FakeCore, client: Client) -> None:
    page = f"/{CHAT}/out"

    async def choose(**fields: str) -> int:
        core.clock.move(seconds=1)
        return (await client.send_form("out", token=await client.token(page), **fields)).status

    await client.join()
    await client.post("A1 mine")
    own = core.heard()[-1]
    other = core.add_message("9", "A1 not mine")
    _, shown = await client.get(page)
    assert "A1 mine" in shown
    assert "A1 not mine" not in shown
    assert "The record of this chat is not published" in shown
    assert await choose(take=other.id) == 403
    assert await choose(take=own.id) == 303
    assert await choose(back=own.id) == 303
    assert await choose(all="out") == 303
    assert "You are left out already" in (await client.get(page))[1]
    assert await choose(all="back") == 303
    assert "You are left out already" not in (await client.get(page))[1]
    chosen = [one for one in core.events if isinstance(one, TakenOut | Withdrawn | Returned)]
    assert [type(one) for one in chosen] == [TakenOut, TakenOut, Withdrawn, Returned]
    assert [one.on for one in chosen if isinstance(one, TakenOut)] == [True, False]
    assert {one.author.id for one in chosen if not isinstance(one, TakenOut)} == {own.author.id}


async def test_nobody_looks_through_the_store_without_end(client: Client) -> None:
    await client.join()
    seen = [(await client.get(f"/{CHAT}/mine"))[0] for _ in range(12)]
    assert seen == [200] * 10 + [429] * 2
    assert (await client.get())[0] == 200, "the chat is read on"
