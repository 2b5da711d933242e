"""The room's HTTP server, over a real socket: opening, closing, headers, cookies, limits, and refused requests."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import thread_time

import aiohttp
import pytest
from itsdangerous import BadSignature, URLSafeTimedSerializer

from adapters.room.app import HEADERS
from adapters.room.platform import Room
from bot.errors import SetupError
from bot.messages import Image
from tests.adapters.conftest import SECRET, Client, make_room
from tests.fakes.ports import CHAT, FakeCore

NewClient = Callable[[Room], Client]
Opened = Callable[..., Awaitable[Room]]

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1) https://example.org/?a=<b>&c='d'",
    "\u202ereversed\u202c and \u2066isolated",
    "\U0001f469\u200d⚕️ \u200b\u200b z\u0335\u0336a\u0337l\u0338g\u0339o\u033a",
    "(" * 2000 + "http://" * 200,
    "a" * 4000,
    "م" * 500,
]


async def test_a_taken_port_names_the_remedy(core: FakeCore, room: Room) -> None:
    port = int(room.address.rpartition(":")[2])
    with pytest.raises(SetupError, match=rf"port {port} is in use; set another under \[places\.room\]"):
        await make_room(core, port=port).open()


@pytest.mark.parametrize("url", ["https://chat.example.org/room", "chat.example.org", "ftp://chat.example.org"])
async def test_a_public_url_that_cannot_work_is_refused(core: FakeCore, url: str) -> None:
    with pytest.raises(SetupError, match="public_url"):
        make_room(core, public_url=url)


async def test_closing_is_harmless_at_any_time(core: FakeCore) -> None:
    room = make_room(core)
    await room.close()
    await room.close()


async def test_closing_is_prompt_with_open_streams(core: FakeCore) -> None:
    room = make_room(core)
    await room.open()
    async with aiohttp.ClientSession() as session:
        streams = [await session.get(f"{room.address}/{CHAT}/stream") for _ in range(5)]
        await streams[0].content.readline()
        async with asyncio.timeout(60):  # the streams never end by themselves
            await room.close()
        await room.close()
        for stream in streams:
            stream.close()
    assert core.subscribers == 0


async def test_a_room_can_be_opened_again(core: FakeCore, new_client: NewClient) -> None:
    room = make_room(core)
    for _ in range(2):
        await room.open()
        client = new_client(room)
        assert (await client.get())[0] == 200
        async with client.session.get(f"{room.address}/{CHAT}/stream") as stream:
            assert stream.status == 200
        await room.close()


async def test_an_image_is_shown_with_its_alt_text(core: FakeCore, client: Client, tmp_path: Path) -> None:
    for key, file in (("q2", "platforms.png"), ("q3", "notes.txt")):
        (tmp_path / file).write_bytes(b"not really")
        core.add_post(key, f"{key.upper()}. Look", image=Image(path=str(tmp_path / file), alt="A bar chart & more"))
    _, page = await client.get()
    assert f'<img src="/{CHAT}/picture/q2" alt="A bar chart &amp; more"' in page
    async with client.session.get(f"{client.room.address}/{CHAT}/picture/q2") as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", b"not really")
    assert (await client.get(f"/{CHAT}/picture/q3"))[0] == 404
    (tmp_path / "platforms.png").unlink()
    assert (await client.get(f"/{CHAT}/picture/q2"))[0] == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/about", 200),
        ("/healthz", 200),
        (f"/{CHAT}", 200),
        (f"/{CHAT}/fragment", 200),
        (f"/{CHAT}/out", 200),
        ("/.static/room.css", 200),
        ("/.static/room.js", 200),
        ("/.static/nothing.css", 404),
        ("/.static/../server.py", 404),
        ("/nothing", 404),
        ("/no/chat", 404),
        ("/no/chat/stream", 404),
        ("/no/chat/fragment", 404),
        (f"/{CHAT}/", 404),
        (f"/{CHAT}/picture/q1", 404),
        (f"/{CHAT}/say", 405),
        (f"/{CHAT}/edit/nothing", 404),
        (f"/{CHAT}/edit/%00", 404),
        (f"/{CHAT}?reply=%00/%00", 200),
        ("/otalk/%00", 404),
        (f"/{CHAT}?question=q1&before=yesterday", 400),
        (f"/{CHAT}?question=q1&before=2020-10-13T19:00:00", 400),
        (f"/{CHAT}?question=q77&before=2020-10-13T19:00:00Z", 404),
        ("/%3Cscript%3E/%00", 404),
    ],
)
async def test_every_response_has_the_headers(client: Client, path: str, status: int) -> None:
    async with client.session.get(client.room.address + path) as answer:
        assert answer.status == status
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        kept = path.startswith("/.static/") and status == 200
        assert answer.headers["cache-control"] == ("public, max-age=86400" if kept else "no-store")
        assert "server" not in answer.headers
        text = await answer.text()
        assert "<script>" not in text
        assert "Traceback" not in text
        if status >= 400 and path != "/%3Cscript%3E/%00":
            assert f"Error {status}" in text


async def test_the_stream_has_the_headers_too(client: Client) -> None:
    async with client.session.get(f"{client.room.address}/{CHAT}/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert all(answer.headers[name] == value for name, value in HEADERS.items())


async def test_an_internal_error_reveals_nothing(core: FakeCore, client: Client) -> None:
    async def burst(_: str) -> None:
        raise ZeroDivisionError("secret")

    core.posts = burst  # type: ignore[assignment, method-assign]
    status, page = await client.get()
    assert status == 500
    assert "secret" not in page
    assert "It is our fault" in page


@pytest.mark.parametrize("said", HOSTILE)
async def test_hostile_text_is_escaped(core: FakeCore, client: Client, said: str) -> None:
    await client.join()
    assert (await client.post(said)).status == 303
    assert core.heard()[-1].text == said
    started = thread_time()  # the room runs in this thread; the rest of the machine is not counted
    _, page = await client.get()
    assert thread_time() - started < 2
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert page.count('<div class="text" dir="auto">') == 2


async def test_a_hostile_name_and_url_are_escaped(core: FakeCore, client: Client) -> None:
    core.add_message("1", "hi", name="<b>bold</b>\u202e", url="javascript:alert(1)")
    _, page = await client.get()
    assert "<b>bold" not in page
    assert "javascript:alert" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Please type a name"),
        ("\u200b\u202e \u3164", "Please type a name"),
        ("x" * 41, "at most 40"),
        ("convenor", "people who run this chat"),
        ("  PRETEND   host", "people who run this chat"),
        ("Ｐｒｅｔｅｎｄ Ｈｏｓｔ", "people who run this chat"),  # noqa: RUF001 -- look-alikes are the point
    ],
)
async def test_an_invalid_name_is_refused(core: FakeCore, client: Client, typed: str, words: str) -> None:
    before = len(core.events)
    answer = await client.join(typed)
    page = await answer.text()
    assert answer.status == 400
    assert words in page
    assert 'aria-invalid="true"' in page
    assert len(core.events) == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "write something"), (" \n\u200b ", "write something"), ("a" * 4001, "4001"), ("nul\0", "control character")],
)
async def test_an_invalid_message_is_refused(core: FakeCore, client: Client, typed: str, words: str) -> None:
    await client.join()
    answer = await client.post(typed)
    assert answer.status == 400
    assert words in await answer.text()
    assert core.heard() == []


async def test_a_form_that_is_too_large_is_refused(core: FakeCore, client: Client) -> None:
    await client.join()
    answer = await client.post("a" * 70_000)
    assert answer.status == 413
    assert "Please shorten" in await answer.text()
    assert core.heard() == []


async def test_a_form_needs_its_token(core: FakeCore, room: Room, new_client: NewClient) -> None:
    one, other = new_client(room), new_client(room)
    await one.join()
    await other.join("Pretend participant B")
    before = len(core.events)
    for token in ("", "nonsense", await other.token(), (await one.token())[:-2] + "xx"):
        for action in ("say", "join", "edit", "delete", "leave", "out"):
            assert (await one.send_form(action, text="hi", name="Pretend participant C", token=token)).status == 403
    assert len(core.events) == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "here"}, 303),
    ],
)
async def test_forms_from_other_sites_are_refused(client: Client, headers: dict[str, str], status: int) -> None:
    await client.join()
    sent = {key: client.room.address if value == "here" else value for key, value in headers.items()}
    assert (await client.send_form("say", sent, text="hi")).status == status


async def test_a_forged_cookie_is_ignored_and_deleted(core: FakeCore, client: Client) -> None:
    await client.join()
    forged = {"Cookie": "convenor=eyJpIjoiciJ9.nonsense.nonsense"}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{client.room.address}/{CHAT}", headers=forged) as answer:
            assert 'name="name"' in await answer.text()
            assert "nonsense" not in answer.headers["set-cookie"]
        async with session.get(f"{client.room.address}/about", headers=forged) as answer:
            assert "Max-Age=0" in answer.headers["set-cookie"]
    before = len(core.events)
    assert (await client.send_form("say", forged, text="hi")).status in {303, 403}
    assert len(core.events) <= before + 1


async def test_cookies_are_signed_with_sha_256_and_older_ones_are_read(core: FakeCore, client: Client) -> None:
    await client.join()
    await client.post("mine")
    cookie = next(one for one in client.session.cookie_jar if one.key == "convenor")
    older = URLSafeTimedSerializer(SECRET, salt="room cookie")
    with pytest.raises(BadSignature):
        older.loads(cookie.value)
    plain = URLSafeTimedSerializer(SECRET, salt="room cookie", signer_kwargs={"digest_method": hashlib.sha256})
    signed = older.dumps(plain.loads(cookie.value))
    client.session.cookie_jar.update_cookies({"convenor": signed if isinstance(signed, str) else signed.decode()})
    _, page = await client.get()
    assert f"/edit/{core.heard()[0].id}" in page


async def test_a_cookie_is_set_only_with_a_form(core: FakeCore, client: Client) -> None:
    async with client.session.get(f"{client.room.address}/") as answer:
        assert "set-cookie" not in answer.headers
    async with client.session.get(f"{client.room.address}/{CHAT}") as answer:
        cookie = answer.headers["set-cookie"]
        assert all(one in cookie for one in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"))
        assert "Secure" not in cookie
    core.clock.move(days=1)
    async with aiohttp.ClientSession() as session, session.get(f"{client.room.address}/{CHAT}") as answer:
        assert "set-cookie" not in answer.headers


async def test_with_https_the_cookie_is_secure(open_room: Opened, new_client: NewClient) -> None:
    client = new_client(await open_room(public_url="https://chat.example.org"))
    async with client.session.get(f"{client.room.address}/{CHAT}") as answer:
        cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-convenor=")
    assert "Secure" in cookie


async def test_a_session_over_its_rate_is_refused_and_keeps_its_text(
    core: FakeCore, open_room: Opened, new_client: NewClient
) -> None:
    client = new_client(await open_room(per_person="2/minute"))
    await client.join()
    assert [(await client.post(text)).status for text in ("one", "two")] == [303, 303]
    answer = await client.post("three, which took me long")
    page = await answer.text()
    assert answer.status == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert f"in {answer.headers['retry-after']} seconds" in page
    assert "three, which took me long</textarea>" in page
    assert [one.text for one in core.heard()] == ["one", "two"]


async def test_an_address_over_its_rate_is_refused(open_room: Opened, new_client: NewClient) -> None:
    room = await open_room(per_address="2/minute")
    assert [(await new_client(room).join()).status for _ in range(3)] == [303, 303, 429]


async def test_a_forwarded_address_is_trusted_only_behind_a_proxy(open_room: Opened, new_client: NewClient) -> None:
    for behind, expected in ((True, [303, 303]), (False, [303, 429])):
        room = await open_room(per_address="1/minute", behind_proxy=behind)
        seen = []
        for number in range(2):
            fields = {"name": "Pretend participant A"}
            answer = await new_client(room).send_form("join", {"X-Forwarded-For": f"203.0.113.{number}"}, **fields)
            seen.append(answer.status)
        assert seen == expected


async def test_an_idle_connection_is_closed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.room.http_server.REQUEST_TIMEOUT", 0.05)
    host, _, port = room.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET / HTTP/1.1\r\nHost: ")
    async with asyncio.timeout(60):
        assert await reader.read() == b""
    writer.close()
