"""The room's door, over a real socket: opening, closing, what goes out with every answer, and what is turned away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import thread_time

import aiohttp
import pytest

from adapters.room import Room
from adapters.room.app import HEADERS
from bot.errors import SetupError
from bot.messages import Image
from tests.adapters.conftest import Visitor, room_of
from tests.fakes.ports import CHAT, FakeCore

Visit = Callable[[Room], Visitor]
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
        await room_of(core, port=port).open()


@pytest.mark.parametrize("url", ["https://chat.example.org/room", "chat.example.org", "ftp://chat.example.org"])
async def test_a_public_url_we_could_not_serve_is_refused(core: FakeCore, url: str) -> None:
    with pytest.raises(SetupError, match="public_url"):
        room_of(core, public_url=url)


async def test_closing_is_harmless_at_any_time(core: FakeCore) -> None:
    room = room_of(core)
    await room.close()
    await room.close()


async def test_closing_is_prompt_with_people_watching(core: FakeCore) -> None:
    room = room_of(core)
    await room.open()
    async with aiohttp.ClientSession() as session:
        streams = [await session.get(f"{room.address}/{CHAT}/stream") for _ in range(5)]
        await streams[0].content.readline()
        async with asyncio.timeout(60):  # whoever watches would go on for ever
            await room.close()
        await room.close()
        for stream in streams:
            stream.close()
    assert core.watched == 0


async def test_a_room_can_be_opened_again(core: FakeCore, visit: Visit) -> None:
    room = room_of(core)
    for _ in range(2):
        await room.open()
        visitor = visit(room)
        assert (await visitor.get())[0] == 200
        async with visitor.session.get(f"{room.address}/{CHAT}/stream") as stream:
            assert stream.status == 200
        await room.close()


async def test_a_picture_is_shown_with_its_words(core: FakeCore, visitor: Visitor, tmp_path: Path) -> None:
    for key, file in (("q2", "platforms.png"), ("q3", "notes.txt")):
        (tmp_path / file).write_bytes(b"not really")
        core.ask(key, f"{key.upper()}. Look", image=Image(path=str(tmp_path / file), alt="A bar chart & more"))
    _, page = await visitor.get()
    assert f'<img src="/{CHAT}/picture/q2" alt="A bar chart &amp; more"' in page
    async with visitor.session.get(f"{visitor.room.address}/{CHAT}/picture/q2") as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", b"not really")
    assert (await visitor.get(f"/{CHAT}/picture/q3"))[0] == 404


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
async def test_every_answer_has_the_headers(visitor: Visitor, path: str, status: int) -> None:
    async with visitor.session.get(visitor.room.address + path) as answer:
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


async def test_the_stream_has_the_headers_too(visitor: Visitor) -> None:
    async with visitor.session.get(f"{visitor.room.address}/{CHAT}/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert all(answer.headers[name] == value for name, value in HEADERS.items())


async def test_what_breaks_inside_says_nothing_of_the_inside(core: FakeCore, visitor: Visitor) -> None:
    async def burst(_: str) -> None:
        raise ZeroDivisionError("secret")

    core.posts = burst  # type: ignore[assignment, method-assign]
    status, page = await visitor.get()
    assert status == 500
    assert "secret" not in page
    assert "It is our fault" in page


@pytest.mark.parametrize("said", HOSTILE)
async def test_hostile_words_are_shown_harmlessly(core: FakeCore, visitor: Visitor, said: str) -> None:
    await visitor.join()
    assert (await visitor.say(said)).status == 303
    assert core.said()[-1].text == said
    started = thread_time()  # the room works in this thread; what others do on the machine is not counted
    _, page = await visitor.get()
    assert thread_time() - started < 2
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert page.count('<div class="text" dir="auto">') == 2


async def test_a_hostile_name_and_address_are_shown_harmlessly(core: FakeCore, visitor: Visitor) -> None:
    core.answer("1", "hi", name="<b>bold</b>\u202e", url="javascript:alert(1)")
    _, page = await visitor.get()
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
async def test_a_name_has_its_rules(core: FakeCore, visitor: Visitor, typed: str, words: str) -> None:
    before = len(core.events)
    answer = await visitor.join(typed)
    page = await answer.text()
    assert answer.status == 400
    assert words in page
    assert 'aria-invalid="true"' in page
    assert len(core.events) == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "write something"), (" \n\u200b ", "write something"), ("a" * 4001, "4001"), ("nul\0", "control character")],
)
async def test_a_message_has_its_rules(core: FakeCore, visitor: Visitor, typed: str, words: str) -> None:
    await visitor.join()
    answer = await visitor.say(typed)
    assert answer.status == 400
    assert words in await answer.text()
    assert core.said() == []


async def test_a_form_that_is_too_large_is_turned_away(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    answer = await visitor.say("a" * 70_000)
    assert answer.status == 413
    assert "Please shorten" in await answer.text()
    assert core.said() == []


async def test_a_form_needs_its_token(core: FakeCore, room: Room, visit: Visit) -> None:
    one, other = visit(room), visit(room)
    await one.join()
    await other.join("Pretend participant B")
    before = len(core.events)
    for token in ("", "nonsense", await other.token(), (await one.token())[:-2] + "xx"):
        for deed in ("say", "join", "edit", "delete", "leave", "out"):
            assert (await one.post(deed, text="hi", name="Pretend participant C", token=token)).status == 403
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
async def test_forms_from_elsewhere_are_turned_away(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    await visitor.join()
    sent = {key: visitor.room.address if value == "here" else value for key, value in headers.items()}
    assert (await visitor.post("say", sent, text="hi")).status == status


async def test_a_tampered_cookie_is_nobody(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    forged = {"Cookie": "convenor=eyJpIjoiciJ9.nonsense.nonsense"}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{visitor.room.address}/{CHAT}", headers=forged) as answer:
            assert 'name="name"' in await answer.text()
            assert "nonsense" not in answer.headers["set-cookie"]
        async with session.get(f"{visitor.room.address}/about", headers=forged) as answer:
            assert "Max-Age=0" in answer.headers["set-cookie"]
    before = len(core.events)
    assert (await visitor.post("say", forged, text="hi")).status in {303, 403}
    assert len(core.events) <= before + 1


async def test_reading_gives_no_cookie_but_a_form_does(core: FakeCore, visitor: Visitor) -> None:
    async with visitor.session.get(f"{visitor.room.address}/") as answer:
        assert "set-cookie" not in answer.headers
    async with visitor.session.get(f"{visitor.room.address}/{CHAT}") as answer:
        cookie = answer.headers["set-cookie"]
        assert all(one in cookie for one in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"))
        assert "Secure" not in cookie
    core.clock.move(days=1)
    async with aiohttp.ClientSession() as session, session.get(f"{visitor.room.address}/{CHAT}") as answer:
        assert "set-cookie" not in answer.headers


async def test_behind_https_the_cookie_is_kept_to_https(open_room: Opened, visit: Visit) -> None:
    visitor = visit(await open_room(public_url="https://chat.example.org"))
    async with visitor.session.get(f"{visitor.room.address}/{CHAT}") as answer:
        cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-convenor=")
    assert "Secure" in cookie


async def test_one_person_is_slowed_down_and_keeps_the_text(core: FakeCore, open_room: Opened, visit: Visit) -> None:
    visitor = visit(await open_room(per_person="2/minute"))
    await visitor.join()
    assert [(await visitor.say(text)).status for text in ("one", "two")] == [303, 303]
    answer = await visitor.say("three, which took me long")
    page = await answer.text()
    assert answer.status == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert f"in {answer.headers['retry-after']} seconds" in page
    assert "three, which took me long</textarea>" in page
    assert [one.text for one in core.said()] == ["one", "two"]


async def test_one_address_is_slowed_down(open_room: Opened, visit: Visit) -> None:
    room = await open_room(per_address="2/minute")
    assert [(await visit(room).join()).status for _ in range(3)] == [303, 303, 429]


async def test_an_address_is_believed_only_from_our_own_proxy(open_room: Opened, visit: Visit) -> None:
    for behind, expected in ((True, [303, 303]), (False, [303, 429])):
        room = await open_room(per_address="1/minute", behind_proxy=behind)
        seen = []
        for number in range(2):
            fields = {"name": "Pretend participant A"}
            answer = await visit(room).post("join", {"X-Forwarded-For": f"203.0.113.{number}"}, **fields)
            seen.append(answer.status)
        assert seen == expected


async def test_a_connection_that_says_nothing_is_hung_up(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.room.http_server.FIRST_REQUEST_TIMEOUT", 0.05)
    host, _, port = room.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET / HTTP/1.1\r\nHost: ")
    async with asyncio.timeout(60):
        assert await reader.read() == b""
    writer.close()
