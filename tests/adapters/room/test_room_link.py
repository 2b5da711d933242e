"""Private links, over a real socket: what they open, for whom, and how a host appears in the conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from adapters.room.platform import Room
from bot.errors import PlatformError
from bot.messages import Deleted, Edited
from bot.ports.commands import LinkAccess
from tests.adapters.conftest import HOST_KEY, HOST_PATH, Client
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.ports import CHAT, FakeCore, chat_view

Opened = Callable[..., Awaitable[Room]]
DATA = {"Accept": "application/json"}

pytestmark = pytest.mark.usefixtures("private_links")


@pytest.mark.parametrize(
    ("public", "name", "secure"),
    [("", "convenor-lead", False), ("https://chat.example.org", "__Secure-convenor-lead", True)],
)
async def test_the_key_moves_from_the_address_to_a_cookie(
    open_room: Opened,
    public: str,
    name: str,
    secure: bool,  # noqa: FBT001 -- a column
) -> None:
    room = await open_room(public_url=public)
    async with aiohttp.ClientSession() as session:
        for method in ("HEAD", "GET", "GET"):
            url = f"{room.address}/host/{HOST_KEY}"
            async with session.request(method, url, allow_redirects=False) as answer:
                cookie = answer.headers["set-cookie"]
                assert (answer.status, answer.headers["location"]) == (303, HOST_PATH)
            assert cookie.startswith(f"{name}={HOST_KEY};")
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
async def test_every_bad_link_gets_the_same_answer(room: Room, key: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{room.address}/host/{key}") as answer:
        page = await answer.text()
        assert (answer.status, "set-cookie" in answer.headers) == (404, False)
    assert "ask whoever runs the chat for a new one" in page
    assert key not in page or key in {"", "..", '"', "a b", "unknown"}


async def test_an_unknown_and_a_revoked_link_get_the_same_page(core: FakeCore, room: Room) -> None:
    pages = []
    del core.commands.links[HOST_KEY]
    for key in (HOST_KEY, "never-was"):
        async with aiohttp.ClientSession() as session, session.get(f"{room.address}/host/{key}") as answer:
            pages.append(await answer.text())
    assert pages[0] == pages[1]
    assert HOST_KEY not in pages[0]


async def test_too_many_bad_links_are_refused_and_good_ones_still_work(
    core: FakeCore, room: Room, host: HostBrowser
) -> None:
    async with aiohttp.ClientSession() as session:
        statuses = []
        for number in range(25):
            async with session.get(f"{room.address}/host/guess-{number}") as answer:
                statuses.append(answer.status)
        assert statuses == [404] * 20 + [429] * 5
        cookies = {"convenor-lead": "guess-with-a-cookie"}
        async with session.get(room.address + HOST_PATH, cookies=cookies) as answer:
            assert answer.status == 429
            assert int(answer.headers["retry-after"]) > 0
    assert len([key for key in core.commands.tried_keys if key.startswith("guess")]) == 20
    assert "Lead the chat" in await host.page()


async def test_revoking_works_at_once(core: FakeCore, room: Room, host: HostBrowser) -> None:
    given = await host.token()
    del core.commands.links[HOST_KEY]
    with pytest.raises(PlatformError, match="404"):
        await host.page()
    asked = len(core.commands.received)
    assert (await host.send(say="next", token=given))[0] == 404
    for path in ("/fragment", "/stream"):
        async with host.session.get(f"{room.address}{HOST_PATH}{path}") as answer:
            assert answer.status == 404
    form = {"token": given, "text": "hi"}
    async with host.session.post(f"{room.address}/{CHAT}/say", data=form) as answer:
        assert answer.status == 403
    assert len(core.commands.received) == asked
    assert core.heard() == []


async def test_participants_see_nothing_of_the_host_page(core: FakeCore, client: Client) -> None:
    await client.join()
    for path in (HOST_PATH, f"{HOST_PATH}/fragment", f"{HOST_PATH}/stream"):
        status, page = await client.get(path)
        assert (status, "Pretend Person" in page) == (404, False)
    assert (await client.send_form("host", say="next")).status == 404
    for path in (f"/{CHAT}", f"/{CHAT}/fragment"):
        _, page = await client.get(path)
        assert not any(words in page for words in ("Pretend Person", "Moderate", "wait", "/host"))
    assert core.commands.received == []


@pytest.mark.parametrize("path", ["/no/chat/host", "/otalk/%00/host", "/no/chat/host/fragment", "/no/chat/host/stream"])
async def test_an_unknown_chat_is_not_found(room: Room, path: str) -> None:
    cookies = {"convenor-lead": HOST_KEY}
    async with aiohttp.ClientSession(cookies=cookies) as session:
        async with session.get(room.address + path) as answer:
            assert answer.status == 404
        async with session.post(room.address + path, data={"say": "next"}) as answer:
            assert answer.status in {404, 405}


async def test_links_to_two_chats_work_side_by_side(core: FakeCore, room: Room, host: HostBrowser) -> None:
    other = "otalk/other"
    core.add_chat(chat_view(other))
    core.commands.links["second"] = LinkAccess(id="second", chat=other, name="Pretend Second", role="host")
    first = host.url
    await host.enter("second")
    assert "Pretend Second" in await host.page()
    host.url = first
    assert "Pretend Second" not in await host.page()
    cookies = {"convenor-lead": "second"}
    async with aiohttp.ClientSession(cookies=cookies) as session, session.get(room.address + HOST_PATH) as answer:
        assert answer.status == 404


async def test_no_log_has_the_key(room: Room, host: HostBrowser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)

    async def burst(_: str) -> None:
        raise ZeroDivisionError

    room._app.adapter.commands.dashboard = burst  # type: ignore[assignment, method-assign]
    async with host.session.get(host.url) as answer:
        page = await answer.text()
    assert answer.status == 500
    await host.enter(HOST_KEY)
    assert any(one.exc_info for one in caplog.records)
    assert HOST_KEY not in caplog.text
    assert HOST_KEY not in page


# Hosts as participants -------------------------------------------------------------------------------------


async def test_a_host_posts_under_the_name_of_the_link(
    core: FakeCore, room: Room, host: HostBrowser, client: Client
) -> None:
    id = await host.post("Good evening")
    said = core.heard()[-1]
    assert (said.author.id, said.author.name, said.chat) == ("link-bodega", "Pretend Host", CHAT)
    _, page = await client.get()
    assert '<span class="badge ours">Host</span>' in page
    assert "link-bodega" not in page
    async with host.session.get(f"{room.address}/{CHAT}/edit/{id}") as answer:
        assert f'href="{HOST_PATH}#m-room-{id}"' in await answer.text()
    form = {"token": await host.token(), "id": id, "text": "Good evening, all"}
    async with host.session.post(f"{room.address}/{CHAT}/edit", data=form, allow_redirects=False) as answer:
        assert answer.headers["location"] == f"{HOST_PATH}#m-room-{id}"
    assert [one.text for one in core.events if isinstance(one, Edited)] == ["Good evening, all"]
    form = {"token": await host.token(), "id": id}
    async with host.session.post(f"{room.address}/{CHAT}/delete", data=form, allow_redirects=False) as answer:
        assert answer.status == 303
    assert isinstance(core.events[-1], Deleted)


async def test_a_host_cannot_edit_the_messages_of_others(
    core: FakeCore, room: Room, host: HostBrowser, client: Client
) -> None:
    await client.join()
    await client.post("mine")
    form = {"token": await host.token(), "id": core.heard()[-1].id, "text": "not yours"}
    async with host.session.post(f"{room.address}/{CHAT}/edit", data=form) as answer:
        assert answer.status == 403


async def test_a_refused_message_is_shown_again_on_the_host_page(core: FakeCore, room: Room, host: HostBrowser) -> None:
    form = {"token": await host.token(), "text": "a" * 4001, "to": "q1", "reply": ""}
    async with host.session.post(f"{room.address}/{CHAT}/say", data=form) as answer:
        page = await answer.text()
    assert (answer.status, "4001" in page, "Lead the chat" in page) == (400, True, True)
    assert core.heard() == []


async def test_the_chat_page_links_to_the_controls(core: FakeCore, room: Room, host: HostBrowser) -> None:
    async with host.session.get(f"{room.address}/{CHAT}") as answer:
        assert f'href="{HOST_PATH}"' in await answer.text()
    core.commands.links.clear()
    async with host.session.get(f"{room.address}/{CHAT}") as answer:
        page = await answer.text()
        assert answer.status == 200
    assert HOST_PATH not in page


async def test_a_known_link_works_again_after_refusals(core: FakeCore, host: HostBrowser) -> None:
    kept = dict(core.commands.links)
    core.commands.links.clear()
    for _ in range(30):
        with pytest.raises(PlatformError, match="404"):
            await host.page()
    core.commands.links.update(kept)
    assert "Lead the chat" in await host.page()
