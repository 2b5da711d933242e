"""Live updates, over a real socket: their content, their cost, and watchers that can't keep up."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import pytest
import structlog
from sse_starlette import ServerSentEvent

from adapters.room import live_channel
from adapters.room.event_stream import MAX_BEHIND, Update, Watcher
from adapters.room.platform import Room
from bot.messages import Deleted, Edited
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, FakeCore

NewClient = Callable[[Room], Client]


class EventReader:
    """Reads server-sent events from an open response, beats aside."""

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
                    if name != "beat":
                        return name, data
                    name = data = ""

    async def rest(self) -> str:
        """All that comes until the stream ends."""
        return (await self._answer.content.read()).decode()


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


async def test_an_answer_to_two_questions_is_shown_under_each_and_counted_once(core: FakeCore, client: Client) -> None:
    core.add_post("q2", "Q2. And now? #OTalk")
    shown = re.compile(r'<section[^>]* id="(q\d)"|<li class="entry" id="(m-x-9[^"]*)"')
    async with streaming(client) as events:
        core.add_message("9", "A2 and A1: both")
        update = json.loads((await events.next())[1])
        assert sorted(one["question"] for one in update["messages"]) == ["q1", "q2"]
        assert (update["counts"]["q1"], update["counts"]["q2"]) == (0, 1)
        page = (await client.get())[1]
        assert shown.findall(page) == [("q1", ""), ("", "m-x-9-q1"), ("q2", ""), ("", "m-x-9")]
        assert ("also under" in page, len(re.findall("data-again", page))) == (True, 1)
        core.add_event(Edited(place="x", at=core.clock.now(), id="9", text="A2 only"))
        update = json.loads((await events.next())[1])
        assert ([one["question"] for one in update["messages"]], update["gone"]) == (["q2"], ["m-x-9-q1"])
        core.add_event(Edited(place="x", at=core.clock.now(), id="9", text="A1, A2 again"))
        await events.next()
        core.add_event(Deleted(place="x", at=core.clock.now(), id="9"))
        assert sorted(json.loads((await events.next())[1])["gone"]) == ["m-x-9", "m-x-9-q2"]


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
    assert len(streams._seats) == 0


async def test_a_subscription_that_breaks_is_logged_and_followed_by_another(
    core: FakeCore, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_channel, "_RETRY_AFTER", 0.0)
    async with streaming(client) as events:
        with structlog.testing.capture_logs() as logs:
            core.break_subscriptions()
            async with asyncio.timeout(60):
                while not logs or not core.subscribers:
                    await asyncio.sleep(0.01)
        assert logs == [{"event": "room.subscription_failed", "error": "RuntimeError", "log_level": "warning"}]
        core.add_message("9", "afterwards")
        assert (await events.next())[0] == "heard"


async def test_a_watcher_who_leaves_while_a_subscription_ends_stops_the_reading() -> None:
    ends = asyncio.Event()

    async def changes() -> AsyncIterator[str]:
        try:
            await asyncio.Event().wait()
            yield ""
        finally:
            await ends.wait()

    subscription = changes()
    wake_up = asyncio.ensure_future(anext(subscription))
    await asyncio.sleep(0)
    reading = asyncio.create_task(live_channel._unsubscribe(wake_up, subscription))
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.wait({reading})
    ends.set()
    await asyncio.wait({wake_up})
    assert reading.cancelled()


async def test_a_reader_who_does_not_read_is_cut_off_and_holds_up_nobody() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
        watcher, update = Watcher(transport, chunked=True), Update.of(ServerSentEvent(data="x" * 10_000))
        for _ in range(2 * MAX_BEHIND // 10_000 + 1000):
            watcher.send(update)
            assert transport.get_write_buffer_size() <= MAX_BEHIND + len(update.chunk)
        assert transport.is_closing()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
async def test_a_stream_is_framed_as_the_client_or_its_proxy_reads_it(core: FakeCore, room: Room, version: str) -> None:
    at = urlsplit(room.address)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    writer.write(f"GET /{CHAT}/stream HTTP/{version}\r\nHost: {at.netloc}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert (b"chunked" in head) == (version == "1.1")
    await reader.readuntil(b"again")
    core.add_message("1", "number one")
    event = await reader.readuntil(b"number one")
    assert (re.search(rb"\r\n[0-9a-f]+\r\nid: ", event) is not None) == (version == "1.1")
    await room.close()
    rest = await reader.read()
    assert rest.endswith(b"0\r\n\r\n") == (version == "1.1")
    writer.close()


async def test_the_head_of_a_stream_ends_at_once(client: Client) -> None:
    async with client.session.head(f"{client.room.address}/{CHAT}/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert await answer.read() == b""
    assert client.room._app.live_updates._channels == {}


async def test_a_silent_chat_is_told_that_the_connection_lives(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.room.live_channel.REREAD_AFTER", 0.05)
    async with client.session.get(f"{client.room.address}/{CHAT}/stream", timeout=aiohttp.ClientTimeout(120)) as answer:
        for _ in range(3):
            await answer.content.readuntil(b"event: beat\r\n")


async def test_the_stream_is_never_compressed(core: FakeCore, client: Client) -> None:
    asked = {"Accept-Encoding": "gzip"}
    for number in range(10):
        core.add_message(str(number), "The same words again. " * 5)
    async with client.session.get(f"{client.room.address}/{CHAT}", headers=asked) as page:
        assert page.headers["Content-Encoding"] == "gzip"
        assert int(page.headers["Content-Length"]) < len(await page.read()) / 4
    async with client.session.get(f"{client.room.address}/{CHAT}/stream", headers=asked) as stream:
        assert "Content-Encoding" not in stream.headers
        assert (await EventReader(stream).next())[0] == "again"


async def test_what_is_too_old_to_be_shown_at_first_is_taken_from_open_pages_all_the_same(
    core: FakeCore, client: Client
) -> None:
    for number in range(95):
        core.clock.move(seconds=1)
        core.add_message(str(number), f"answer number {number}.")
    async with streaming(client) as events:
        assert 'id="m-x-0"' not in (await client.get())[1]
        core.add_event(Deleted(place="x", at=core.clock.now(), id="0"))
        assert json.loads((await events.next())[1])["gone"] == ["m-x-0"]
        core.add_event(Edited(place="x", at=core.clock.now(), id="1", text="changed"))
        changed = json.loads((await events.next())[1])["messages"]
        assert ["changed" in one["html"] for one in changed] == [True]
    _, fragment = await client.get(f"/{CHAT}/fragment")
    older = fragment.partition('data-older="q1"')[2].partition("</p>")[0]
    assert "m-x-1 " in older
    assert "m-x-0 " not in older


def test_the_more_people_read_the_more_changes_share_an_update_within_limits() -> None:
    assert [live_channel.debounce(readers) for readers in (1, 50, 100, 2000)] == [0.1, 0.1, 0.15, 0.3]
