"""Live updates, over a real socket: what arrives, what it costs, and what happens to those who cannot keep up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from adapters.room import Room
from adapters.room.live_updates import MAX_PER_ADDRESS, QUEUE_SIZE, _enqueue
from bot.messages import Deleted, Edited
from tests.adapters.conftest import Visitor
from tests.fakes.ports import CHAT, FakeCore

Visit = Callable[[Room], Visitor]


class Listener:
    """Reads server-sent events from an open answer."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def next(self) -> tuple[str, str]:
        """The next event's name and data."""
        name = data = ""
        async with asyncio.timeout(60):
            while True:
                line = (await self._answer.content.readline()).decode().rstrip("\r\n")
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    data += line.removeprefix("data: ")
                elif not line and name:
                    return name, data


@asynccontextmanager
async def listening(visitor: Visitor) -> AsyncIterator[Listener]:
    """Stand on the page and listen; returns once the room watches the chat."""
    _, page = await visitor.get()
    seen = page.partition('data-stamp="')[2].partition('"')[0]
    url = f"{visitor.room.address}/{CHAT}/stream?seen={seen}"
    async with visitor.session.get(url, timeout=aiohttp.ClientTimeout(120)) as answer:
        await answer.content.readuntil(b"\n")
        channel = visitor.room._app.live_updates._channels[CHAT]
        async with asyncio.timeout(60):
            while channel.page is None:
                await asyncio.sleep(0.01)
        yield Listener(answer)


async def test_a_new_message_arrives_rendered(core: FakeCore, visitor: Visitor) -> None:
    async with listening(visitor) as listener:
        core.answer("9", "just <now>")
        name, data = await listener.next()
    update = json.loads(data)
    assert name == "heard"
    assert [one["question"] for one in update["messages"]] == ["q1"]
    assert 'id="m-x-9"' in update["messages"][0]["html"]
    assert "just &lt;now&gt;" in update["messages"][0]["html"]
    assert update["counts"]["q1"] == 1


async def test_only_what_changed_is_sent(core: FakeCore, visitor: Visitor) -> None:
    core.answer("1", "first")
    core.answer("2", "second")
    async with listening(visitor) as listener:
        core.change(Edited(place="x", at=core.clock.now(), id="2", text="changed"))
        _, data = await listener.next()
        assert [("changed" in one["html"], "first" in one["html"]) for one in json.loads(data)["messages"]] == [
            (True, False)
        ]
        core.change(Deleted(place="x", at=core.clock.now(), id="1"))
        _, data = await listener.next()
        assert json.loads(data)["gone"] == ["m-x-1"]


async def test_a_new_question_asks_the_page_to_look_again(core: FakeCore, visitor: Visitor) -> None:
    async with listening(visitor) as listener:
        core.ask("q2", "Q2. And now? #OTalk")
        assert (await listener.next())[0] == "again"
        status, fragment = await visitor.get(f"/{CHAT}/fragment")
    assert status == 200
    assert "Q2. And now?" in fragment
    assert 'name="token"' not in fragment


async def test_a_page_that_fell_behind_is_told_so(core: FakeCore, visitor: Visitor) -> None:
    async with visitor.session.get(f"{visitor.room.address}/{CHAT}/stream?seen=old") as answer:
        assert (await Listener(answer).next())[0] == "again"
    assert core.events == []


async def test_many_watchers_cost_one_reading(core: FakeCore, room: Room, visit: Visit) -> None:
    async with listening(visit(room)) as first, listening(visit(room)) as second, listening(visit(room)) as third:
        assert core.watched == 1
        core.answer("1", "a message")
        before = core.readings
        for one in (first, second, third):
            assert (await one.next())[0] == "heard"
        assert core.readings - before <= 2


async def test_nobody_watching_costs_nothing(core: FakeCore, visitor: Visitor) -> None:
    async with listening(visitor):
        pass
    async with asyncio.timeout(60):
        while core.watched:
            await asyncio.sleep(0.01)
    streams = visitor.room._app.live_updates
    assert streams._channels == {}
    assert streams._per_address.total() == 0


async def test_one_address_may_watch_only_so_often(room: Room) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        url = f"{room.address}/{CHAT}/stream"
        answers = [await session.get(url) for _ in range(MAX_PER_ADDRESS)]
        assert {one.status for one in answers} == {200}
        for one in answers:
            await one.content.readline()
        async with session.get(url) as refused:
            assert (refused.status, refused.headers["retry-after"]) == (503, "30")
        for one in answers:
            one.close()


@pytest.mark.parametrize("ending", [False, True])
def test_a_slow_watcher_is_told_to_look_again(ending: bool) -> None:  # noqa: FBT001 -- a column
    watcher = asyncio.Queue[bytes | None](QUEUE_SIZE)
    for _ in range(QUEUE_SIZE * 3):
        _enqueue(watcher, b"update")
    assert watcher.qsize() <= QUEUE_SIZE
    if ending:
        while not watcher.full():
            watcher.put_nowait(b"update")
        _enqueue(watcher, None)
        assert watcher.get_nowait() is None
