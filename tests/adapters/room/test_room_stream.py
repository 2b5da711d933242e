"""Live updates, over a real socket: their content, their cost, and watchers that can't keep up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp

from adapters.room.live_updates import MAX_PER_ADDRESS
from adapters.room.platform import Room
from bot.messages import Deleted, Edited
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, FakeCore

NewClient = Callable[[Room], Client]


class EventReader:
    """Reads server-sent events from an open response."""

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
async def streaming(client: Client) -> AsyncIterator[EventReader]:
    """Open the page and its stream; returns once the room watches the chat."""
    _, page = await client.get()
    seen = page.partition('data-stamp="')[2].partition('"')[0]
    url = f"{client.room.address}/{CHAT}/stream?seen={seen}"
    async with client.session.get(url, timeout=aiohttp.ClientTimeout(120)) as answer:
        await answer.content.readuntil(b"\n")
        yield EventReader(answer)


async def test_a_new_message_arrives_rendered(core: FakeCore, client: Client) -> None:
    async with streaming(client) as events:
        core.add_message("9", "just <now>")
        name, data = await events.next()
    update = json.loads(data)
    assert name == "heard"
    assert [one["question"] for one in update["messages"]] == ["q1"]
    assert 'id="m-x-9"' in update["messages"][0]["html"]
    assert "just &lt;now&gt;" in update["messages"][0]["html"]
    assert update["counts"]["q1"] == 1


async def test_only_what_changed_is_sent(core: FakeCore, client: Client) -> None:
    core.add_message("1", "first")
    core.add_message("2", "second")
    async with streaming(client) as events:
        core.add_event(Edited(place="x", at=core.clock.now(), id="2", text="changed"))
        _, data = await events.next()
        assert [("changed" in one["html"], "first" in one["html"]) for one in json.loads(data)["messages"]] == [
            (True, False)
        ]
        core.add_event(Deleted(place="x", at=core.clock.now(), id="1"))
        _, data = await events.next()
        assert json.loads(data)["gone"] == ["m-x-1"]


async def test_after_a_new_question_the_page_reloads(core: FakeCore, client: Client) -> None:
    async with streaming(client) as events:
        core.add_post("q2", "Q2. And now? #OTalk")
        assert (await events.next())[0] == "again"
        status, fragment = await client.get(f"/{CHAT}/fragment")
    assert status == 200
    assert "Q2. And now?" in fragment
    assert 'name="token"' not in fragment


async def test_a_page_that_is_out_of_date_reloads(core: FakeCore, client: Client) -> None:
    async with client.session.get(f"{client.room.address}/{CHAT}/stream?seen=old") as answer:
        assert (await EventReader(answer).next())[0] == "again"
    assert core.events == []


async def test_many_watchers_cost_one_reading(core: FakeCore, room: Room, new_client: NewClient) -> None:
    async with (
        streaming(new_client(room)) as first,
        streaming(new_client(room)) as second,
        streaming(new_client(room)) as third,
    ):
        assert core.subscribers == 1
        core.add_message("1", "a message")
        before = core.reads
        for one in (first, second, third):
            assert (await one.next())[0] == "heard"
        assert core.reads - before <= 2


async def test_an_unwatched_chat_costs_nothing(core: FakeCore, client: Client) -> None:
    async with streaming(client):
        pass
    async with asyncio.timeout(60):
        while core.subscribers:
            await asyncio.sleep(0.01)
    streams = client.room._app.live_updates
    assert streams._channels == {}
    assert streams._per_address.total() == 0


async def test_streams_per_address_are_limited(room: Room) -> None:
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
