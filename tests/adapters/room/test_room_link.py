"""A private link, over a real socket: what it opens and for whom, and who somebody is by it in the conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from adapters.room import Room
from bot.errors import PlatformError
from bot.messages import Deleted, Edited
from bot.ports.commands import LinkAccess
from tests.adapters.conftest import HOST, KEY, Visitor, send, token
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.ports import CHAT, FakeCore, chat_view

Opened = Callable[..., Awaitable[Room]]
DATA = {"Accept": "application/json"}

pytestmark = pytest.mark.usefixtures("leaders")


@pytest.mark.parametrize(
    ("public", "name", "secure"),
    [("", "convenor-lead", False), ("https://chat.example.org", "__Secure-convenor-lead", True)],
)
async def test_the_key_leaves_the_address_for_a_cookie(
    open_room: Opened,
    public: str,
    name: str,
    secure: bool,  # noqa: FBT001 -- a column
) -> None:
    room = await open_room(public_url=public)
    async with aiohttp.ClientSession() as session:
        for method in ("HEAD", "GET", "GET"):
            url = f"{room.address}/host/{KEY}"
            async with session.request(method, url, allow_redirects=False) as answer:
                cookie = answer.headers["set-cookie"]
                assert (answer.status, answer.headers["location"]) == (303, HOST)
            assert cookie.startswith(f"{name}={KEY};")
            assert all(one in cookie for one in ("HttpOnly", "SameSite=lax", f"Path=/{CHAT};", "Max-Age=1814400"))
            assert ("Secure" in cookie) is secure


@pytest.mark.parametrize(
    "key",
    [
        "unknown",
        "",
        "a/b",
        "%00",
        "%2e%2e%2f",
        "x" * 201,
        "x" * 8000,
        "<script>",
        "%F0%9F%98%80",
        "a;b",
        '"',
        "a b",
    ],
)
async def test_a_bad_link_is_answered_kindly_and_alike(room: Room, key: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{room.address}/host/{key}") as answer:
        page = await answer.text()
        assert (answer.status, "set-cookie" in answer.headers) == (404, False)
    assert "ask whoever runs the chat for a new one" in page
    assert key not in page or key in {"", "..", '"', "a b", "unknown"}


async def test_an_unknown_and_a_revoked_link_are_told_in_the_same_words(core: FakeCore, room: Room) -> None:
    pages = []
    del core.commands.links[KEY]
    for key in (KEY, "never-was"):
        async with aiohttp.ClientSession() as session, session.get(f"{room.address}/host/{key}") as answer:
            pages.append(await answer.text())
    assert pages[0] == pages[1]
    assert KEY not in pages[0]


async def test_too_many_bad_links_are_slowed_down_and_good_ones_go_on(
    core: FakeCore, room: Room, host: HostBrowser
) -> None:
    async with aiohttp.ClientSession() as session:
        statuses = []
        for number in range(25):
            async with session.get(f"{room.address}/host/guess-{number}") as answer:
                statuses.append(answer.status)
        assert statuses == [404] * 20 + [429] * 5
        cookies = {"convenor-lead": "guess-with-a-cookie"}
        async with session.get(room.address + HOST, cookies=cookies) as answer:
            assert answer.status == 429
            assert int(answer.headers["retry-after"]) > 0
    assert len([key for key in core.commands.tried if key.startswith("guess")]) == 20
    assert "Lead the chat" in await host.page()


async def test_revoking_works_at_once(core: FakeCore, room: Room, host: HostBrowser) -> None:
    given = await token(host)
    del core.commands.links[KEY]
    with pytest.raises(PlatformError, match="404"):
        await host.page()
    asked = len(core.commands.asked)
    assert (await send(host, say="next", token=given))[0] == 404
    for path in ("/fragment", "/stream"):
        async with host._session.get(f"{room.address}{HOST}{path}") as answer:
            assert answer.status == 404
    form = {"token": given, "text": "hi"}
    async with host._session.post(f"{room.address}/{CHAT}/say", data=form) as answer:
        assert answer.status == 403
    assert len(core.commands.asked) == asked
    assert core.said() == []


async def test_a_stranger_sees_none_of_it(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    for path in (HOST, f"{HOST}/fragment", f"{HOST}/stream"):
        status, page = await visitor.get(path)
        assert (status, "Pretend Person" in page) == (404, False)
    assert (await visitor.post("host", say="next")).status == 404
    for path in (f"/{CHAT}", f"/{CHAT}/fragment"):
        _, page = await visitor.get(path)
        assert not any(words in page for words in ("Pretend Person", "Moderate", "wait", "/host"))
    assert core.commands.asked == []


@pytest.mark.parametrize("path", ["/no/chat/host", "/otalk/%00/host", "/no/chat/host/fragment", "/no/chat/host/stream"])
async def test_an_unknown_chat_is_no_chat(room: Room, path: str) -> None:
    cookies = {"convenor-lead": KEY}
    async with aiohttp.ClientSession(cookies=cookies) as session:
        async with session.get(room.address + path) as answer:
            assert answer.status == 404
        async with session.post(room.address + path, data={"say": "next"}) as answer:
            assert answer.status in {404, 405}


async def test_two_links_to_two_chats_stand_side_by_side(core: FakeCore, room: Room, host: HostBrowser) -> None:
    other = "otalk/other"
    core.plan(chat_view(other))
    core.commands.links["second"] = LinkAccess(id="second", chat=other, name="Pretend Second", role="host")
    first = host._page
    await host.enter("second")
    assert "Pretend Second" in await host.page()
    host._page = first
    assert "Pretend Second" not in await host.page()
    cookies = {"convenor-lead": "second"}
    async with aiohttp.ClientSession(cookies=cookies) as session, session.get(room.address + HOST) as answer:
        assert answer.status == 404


async def test_no_log_has_the_key(room: Room, host: HostBrowser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)

    async def burst(_: str) -> None:
        raise ZeroDivisionError

    room._app.adapter.commands.dashboard = burst  # type: ignore[assignment, method-assign]
    async with host._session.get(host._page) as answer:
        page = await answer.text()
    assert answer.status == 500
    await host.enter(KEY)
    assert any(one.exc_info for one in caplog.records)
    assert KEY not in caplog.text
    assert KEY not in page


# The leader as a participant -------------------------------------------------------------------------------


async def test_a_host_speaks_under_the_name_of_the_link(
    core: FakeCore, room: Room, host: HostBrowser, visitor: Visitor
) -> None:
    id = await host.post("Good evening")
    said = core.said()[-1]
    assert (said.author.id, said.author.name, said.chat) == ("link-bodega", "Pretend Host", CHAT)
    _, page = await visitor.get()
    assert '<span class="badge ours">Host</span>' in page
    assert "link-bodega" not in page
    async with host._session.get(f"{room.address}/{CHAT}/edit/{id}") as answer:
        assert f'href="{HOST}#m-room-{id}"' in await answer.text()
    form = {"token": await token(host), "id": id, "text": "Good evening, all"}
    async with host._session.post(f"{room.address}/{CHAT}/edit", data=form, allow_redirects=False) as answer:
        assert answer.headers["location"] == f"{HOST}#m-room-{id}"
    assert [one.text for one in core.events if isinstance(one, Edited)] == ["Good evening, all"]
    form = {"token": await token(host), "id": id}
    async with host._session.post(f"{room.address}/{CHAT}/delete", data=form, allow_redirects=False) as answer:
        assert answer.status == 303
    assert isinstance(core.events[-1], Deleted)


async def test_a_host_cannot_change_what_others_wrote(
    core: FakeCore, room: Room, host: HostBrowser, visitor: Visitor
) -> None:
    await visitor.join()
    await visitor.say("mine")
    form = {"token": await token(host), "id": core.said()[-1].id, "text": "not yours"}
    async with host._session.post(f"{room.address}/{CHAT}/edit", data=form) as answer:
        assert answer.status == 403


async def test_a_message_that_is_refused_comes_back_on_the_host_s_page(
    core: FakeCore, room: Room, host: HostBrowser
) -> None:
    form = {"token": await token(host), "text": "a" * 4001, "to": "q1", "reply": ""}
    async with host._session.post(f"{room.address}/{CHAT}/say", data=form) as answer:
        page = await answer.text()
    assert (answer.status, "4001" in page, "Lead the chat" in page) == (400, True, True)
    assert core.said() == []


async def test_a_leader_finds_the_way_back_to_the_controls(core: FakeCore, room: Room, host: HostBrowser) -> None:
    async with host._session.get(f"{room.address}/{CHAT}") as answer:
        assert f'href="{HOST}"' in await answer.text()
    core.commands.links.clear()
    async with host._session.get(f"{room.address}/{CHAT}") as answer:
        page = await answer.text()
        assert answer.status == 200
    assert HOST not in page


async def test_a_link_that_is_refused_for_a_while_is_good_again(core: FakeCore, host: HostBrowser) -> None:
    kept = dict(core.commands.links)
    core.commands.links.clear()
    for _ in range(30):
        with pytest.raises(PlatformError, match="404"):
            await host.page()
    core.commands.links.update(kept)
    assert "Lead the chat" in await host.page()
