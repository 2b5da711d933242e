"""The door: connections and streams are limited for each address and in all, and nobody is kept out by one visitor."""

from __future__ import annotations

import asyncio
import contextlib
import re
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import pytest
from starlette.types import Message, Receive, Scope, Send

from adapters.room import connections
from adapters.room.connections import Connections, OpenFiles
from adapters.room.diagnosis import files_found, secret_found
from adapters.room.forms import FormLimits
from adapters.room.platform import Room
from adapters.room.request_guard import AT_ONCE, RequestGuard
from adapters.room.stream_seats import MAX_PER_ADDRESS, Reader, StreamSeats, TooManyWatchers
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, FakeCore

Opened = Callable[..., Awaitable[Room]]
NewClient = Callable[[Room], Client]
SHORT = 0.05


@asynccontextmanager
async def raw(room: Room) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection whose every byte the test writes."""
    at = urlsplit(room.address)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    try:
        async with asyncio.timeout(60):
            yield reader, writer
    finally:
        writer.close()


GET = f"GET /{CHAT}/about HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


class Held:
    """A connection in a test of the counting."""

    def __init__(self, *, waits: bool) -> None:
        self.waits, self.dropped = waits, False

    def drop(self) -> None:
        self.dropped = True


def test_a_full_address_closes_one_that_waits_for_a_new_one_and_refuses_where_all_are_busy() -> None:
    counted = Connections(most=100, per_address=3)
    busy, idle, later = Held(waits=False), Held(waits=True), Held(waits=True)
    assert all(counted.admit(one, "a") for one in (busy, idle, later))
    assert counted.admit(Held(waits=False), "a")
    assert (busy.dropped, idle.dropped, later.dropped) == (False, True, False)
    assert counted.admit(Held(waits=False), "a")
    assert not counted.admit(Held(waits=False), "a")
    assert counted.admit(Held(waits=False), "b")
    assert len(counted) == 4


def test_when_all_are_taken_the_address_with_the_most_makes_way() -> None:
    counted = Connections(most=6, per_address=5)
    greedy, modest = [Held(waits=True) for _ in range(5)], Held(waits=True)
    assert all(counted.admit(one, "greedy") for one in greedy)
    assert counted.admit(modest, "modest")
    assert counted.admit(Held(waits=True), "third")
    assert [one.dropped for one in greedy] == [True, False, False, False, False]
    assert not modest.dropped
    assert not counted.admit(Held(waits=True), "greedy"), "it holds the most itself"
    counted.forget(greedy[1], "greedy")
    counted.forget(greedy[1], "greedy")
    assert len(counted) == 5


async def test_more_connections_than_an_address_may_have_are_answered_and_closed(
    open_room: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.room.http_server.PER_ADDRESS", 2)
    room = await open_room()
    async with raw(room) as (first, _), raw(room) as (second, writer), raw(room) as (third, last):
        assert (await first.read()).startswith(b"HTTP/1.1 503"), "it was idle for the longest"
        writer.write(GET)
        last.write(GET)
        assert (await second.readline()).startswith(b"HTTP/1.1 404")
        assert (await third.readline()).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize("then", [b"", b"GET / HTTP/1.1\r\nHost: ", b"G"])
async def test_a_reused_connection_has_to_send_its_next_request_in_time(
    room: Room, monkeypatch: pytest.MonkeyPatch, then: bytes
) -> None:
    monkeypatch.setattr("adapters.room.http_server.REQUEST_TIMEOUT", SHORT)
    async with raw(room) as (reader, writer):
        writer.write(GET)
        await reader.readuntil(b"</html>")
        writer.write(then)
        assert b"HTTP/1.1" not in await reader.read()


async def test_a_body_that_nobody_asked_for_does_not_keep_a_connection_open(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.room.http_server.REQUEST_TIMEOUT", SHORT)

    async def drip(writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(SHORT / 10)

    async with raw(room) as (reader, writer):
        writer.write(GET.replace(b"\r\n\r\n", b"\r\nContent-Length: 100000\r\n\r\n"))
        dripping = asyncio.create_task(drip(writer))
        await reader.readuntil(b"</html>")
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        dripping.cancel()


async def test_a_form_that_is_broken_off_is_no_error(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    head = f"POST /{CHAT}/say HTTP/1.1\r\nHost: there\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    async with raw(room) as (reader, writer):
        writer.write(f"{head}Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n".encode())
        assert b"100" in await reader.readline(), "the form is being read"
        writer.write(b"text=half+a+thou")
    await room.close()  # whatever was being done for them is over
    assert [one.name for one in caplog.records if one.levelname == "ERROR"] == []


async def test_a_client_that_does_not_read_is_cut_off(
    core: FakeCore, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.room.http_server.READING_TIMEOUT", SHORT)
    monkeypatch.setattr("adapters.room.http_server._notice_silence", lambda _: None)  # the system's own help
    for number in range(80):
        core.add_message(str(number), "long " * 700)
    async with raw(room) as (_, writer):
        writer.write(f"GET /{CHAT} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 40)
        assert room._server
        while not room._server.server_state.connections:
            await asyncio.sleep(0.01)
        while room._server.server_state.connections:
            await asyncio.sleep(0.01)


# Streams --------------------------------------------------------------------------------------------------


async def test_four_hundred_streams_at_once_from_one_address_are_exactly_as_many_as_may_be(room: Room) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        url = f"{room.address}/{CHAT}/stream"
        answers = await asyncio.gather(*(session.get(url) for _ in range(400)))
        statuses = [one.status for one in answers]
        assert (statuses.count(200), statuses.count(503)) == (MAX_PER_ADDRESS, 350)
        assert len(room._app.live_updates._seats) == MAX_PER_ADDRESS
        assert {one.headers.get("retry-after") for one in answers if one.status == 503} == {"30"}
        for one in answers:
            one.close()
    async with asyncio.timeout(60):
        while len(room._app.live_updates._seats):
            await asyncio.sleep(0.01)


def test_at_a_full_address_the_browser_with_the_most_streams_makes_way_and_then_who_only_reads() -> None:
    seats, ended = StreamSeats(most=10, per_address=4), []

    def take(visitor: str, *, is_known: bool = False, address: str = "hospital") -> None:
        manager = seats.seat(Reader(address, visitor, is_known=is_known))
        manager.__enter__().give_up = lambda: ended.append(visitor)
        kept.append(manager)

    kept: list[object] = []
    for visitor in ("greedy", "greedy", "greedy", "reader"):
        take(visitor)
    take("second")
    assert ended == ["greedy"]
    take("third")
    assert ended == ["greedy", "greedy"]
    with pytest.raises(TooManyWatchers):
        take("fourth")
    take("speaker", is_known=True)
    assert ended[2:] == ["greedy"]
    with pytest.raises(TooManyWatchers):
        take("speaker", is_known=False)
    assert len(seats) == 4


def test_when_all_seats_are_taken_the_fullest_address_gives_one_up() -> None:
    seats, ended = StreamSeats(most=3, per_address=3), []
    managers = [seats.seat(Reader(address, "")) for address in ("a", "a", "a", "b", "c", "d")]
    for manager in managers[:3]:
        manager.__enter__().give_up = lambda: ended.append("a")
    for manager in managers[3:5]:
        manager.__enter__()
    assert ended == ["a", "a"]
    with pytest.raises(TooManyWatchers):
        managers[5].__enter__()
    for manager in managers[:5]:
        manager.__exit__(None, None, None)
    assert len(seats) == 0


# The front door -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/", "chat.example.org", 200),
        ("/", "CHAT.example.org:443", 200),
        ("/", "127.0.0.1:8080", 200),
        ("/", "chat.example.org.evil.example", 421),
        ("/", "evil.example", 421),
        ("/", "", 421),
        ("/.static/room.css", "evil.example", 421),
        ("/readyz", "10.0.0.7:8080", 200),
    ],
)
async def test_only_our_own_host_name_is_answered(open_room: Opened, path: str, host: str, status: int) -> None:
    room = await open_room(public_url="https://chat.example.org")
    async with raw(room) as (reader, writer):
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 %d" % status)
        assert b"content-security-policy" in answer.lower()


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Content-Length : 5\r\n",
        "Host: another\r\n",
    ],
)
async def test_a_request_with_two_lengths_is_refused(room: Room, head: str) -> None:
    """Whoever stands in front may take one of them for the other, and a second request for a part of the first."""
    smuggled = "GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n"
    async with raw(room) as (reader, writer):
        writer.write(f"POST /{CHAT}/say HTTP/1.1\r\nHost: localhost\r\n{head}\r\n0\r\n\r\n{smuggled}".encode())
        writer.write_eof()
        answer = await reader.read()
    assert re.match(rb"HTTP/1\.1 (400|501) ", answer)
    assert answer.count(b"HTTP/1.1 ") == 1


async def test_trace_and_listings_are_refused(room: Room) -> None:
    async with aiohttp.ClientSession() as session:
        for method, path, status in (("TRACE", "/", 405), ("TRACE", f"/{CHAT}", 405), ("GET", "/.static/", 404)):
            async with session.request(method, room.address + path) as answer:
                assert answer.status == status


async def test_safe_methods_change_nothing(core: FakeCore, room: Room, new_client: NewClient) -> None:
    visitor = new_client(room)
    await visitor.join()
    await visitor.post("mine")
    before, token, id = list(core.events), await visitor.token(), core.heard()[0].id
    for method in ("GET", "HEAD", "OPTIONS"):
        for action in ("join", "say", "edit", "delete", "leave", "out", "host", "host/out"):
            fields = {"token": token, "text": "changed", "id": id, "name": "Another", "say": "next"}
            url = f"{room.address}/{CHAT}/{action}"
            async with visitor.session.request(method, url, params=fields, allow_redirects=False) as answer:
                assert answer.status in {200, 404, 405}
    assert core.events == before
    assert core.commands.received == []


async def test_of_a_field_given_twice_the_last_counts(core: FakeCore, room: Room, new_client: NewClient) -> None:
    visitor = new_client(room)
    await visitor.join()
    form = [("token", await visitor.token()), ("text", "first"), ("text", "last"), ("to", "q1")]
    url = f"{room.address}/{CHAT}/say?text=query"
    async with visitor.session.post(url, data=form, allow_redirects=False) as answer:
        assert answer.status == 303
    assert [one.text for one in core.heard()] == ["last"]


def slow_form(address: str) -> bytes:
    """The head of a form whose fields never come."""
    more = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n"
    return f"POST /{CHAT}/say HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\n{more}\r\n".encode()


async def test_slow_forms_behind_a_proxy_keep_nobody_of_their_address_out(
    open_room: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.room.forms.ORDINARY", FormLimits(seconds=600.0))
    room = await open_room(behind_proxy=True)
    host, port = urlsplit(room.address).netloc.split(":")
    held = [await asyncio.open_connection(host, int(port)) for _ in range(AT_ONCE + 1)]
    for _, writer in held:
        writer.write(slow_form("203.0.113.5"))
    async with asyncio.timeout(60):
        reader, _ = held[0]
        assert (await reader.readline()).startswith(b"HTTP/1.1 408"), "it had waited the longest"
        async with raw(room) as (reader, writer):
            writer.write(GET.replace(b"localhost\r\n", b"localhost\r\nX-Forwarded-For: 203.0.113.5\r\n"))
            assert (await reader.readline()).startswith(b"HTTP/1.1 404")
        assert (await held[1][0].readline()).startswith(b"HTTP/1.1 408")
    for _, writer in held:
        writer.close()


async def test_slow_forms_keep_no_connection_from_others_of_their_address(
    open_room: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.room.http_server.PER_ADDRESS", 2)
    room = await open_room()
    async with raw(room) as (_, one), raw(room) as (_, two):
        for writer in (one, two):
            writer.write(slow_form("127.0.0.1"))
        assert room._server
        while sum(one.cycle is not None for one in room._server.server_state.connections) < 2:  # type: ignore[union-attr]
            await asyncio.sleep(0.01)
        async with raw(room) as (reader, writer):
            writer.write(GET)
            assert (await reader.readline()).startswith(b"HTTP/1.1 404")


async def test_where_everything_under_way_is_our_own_work_the_next_request_waits() -> None:
    finish, begun, answers = asyncio.Event(), asyncio.Semaphore(0), []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        begun.release()
        await finish.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Message) -> None:
        if "status" in message:
            answers.append(message["status"])

    async def receive() -> Message:
        raise AssertionError

    door = RequestGuard(app, "")
    scope = {"type": "http", "path": "/", "headers": [], "method": "GET", "client": ("203.0.113.5", 1)}
    tasks = [asyncio.create_task(door(scope, receive, send)) for _ in range(AT_ONCE)]
    for _ in tasks:
        await begun.acquire()
    await door(scope, receive, send)
    assert answers == [503]
    finish.set()
    await asyncio.gather(*tasks)
    assert answers == [503] + [200] * AT_ONCE
    assert door._under_way == {}


# The limits of the machine --------------------------------------------------------------------------------


def test_the_room_takes_fewer_connections_than_there_may_be_files() -> None:
    for files in (256, 1024, 4096, 2**20):
        few = OpenFiles(files, files).visitors
        assert 32 <= few <= files - connections.BACKLOG or few == 32
    assert OpenFiles(1024, 1024).visitors == 768


def test_the_limit_is_raised_as_far_as_it_is_of_use(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = [(1024, 524288)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: limits.append(both))
    assert connections.open_files().now == 1024
    assert connections.open_files(raised=True).visitors == 4000
    assert limits[-1] == (4256, 524288)


def test_doctor_doubts_a_low_limit_and_refuses_a_weak_secret() -> None:
    assert files_found(OpenFiles(1024, 524288)).level == "ok"
    low = files_found(OpenFiles(256, 256))
    assert (low.level, "LimitNOFILE" in low.remedy) == ("doubt", True)
    assert secret_found("") == ()
    assert secret_found("0Zk3vJ9sQm2LxWc8TbYd5RnHgPf7UeAa") == ()
    for weak in ("secret", "change-me-please-change-me", "a" * 64, "abcabcabc" * 8):
        found = secret_found(weak)
        assert [one.level for one in found] == ["wrong"]
