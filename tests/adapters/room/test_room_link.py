"""Private links, over a real socket: what they open, for whom, and how a host appears in the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from structlog.testing import capture_logs

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
async def test_the_key_is_in_no_cookie_and_a_session_of_a_day_is(
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
            assert cookie.startswith(f"{name}=token-")
            assert HOST_KEY not in cookie
            assert all(one in cookie for one in ("HttpOnly", "SameSite=lax", f"Path=/{CHAT};", "Max-Age=86400"))
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


async def test_wrong_links_without_end_never_keep_a_right_one_from_working(core: FakeCore, room: Room) -> None:
    async with aiohttp.ClientSession() as session:
        statuses = []
        for number in range(25):
            async with session.get(f"{room.address}/host/guess-{number}") as answer:
                statuses.append(answer.status)
        assert statuses == [404] * 20 + [429] * 5
        assert int(answer.headers["retry-after"]) > 0
    assert HOST_KEY not in core.commands.links.tried, "nobody has opened it before"
    async with HostBrowser(room.address) as host:
        await host.enter(HOST_KEY)
        assert "Lead the chat" in await host.page()


async def test_the_cookie_of_a_revoked_link_is_deleted_and_counts_as_no_guess(
    core: FakeCore, room: Room, host: HostBrowser
) -> None:
    del core.commands.links[HOST_KEY]
    cookie = {one.key: one.value for one in host.session.cookie_jar}["convenor-lead"]
    async with aiohttp.ClientSession() as session:
        for number in range(30):
            path = (HOST_PATH, f"{HOST_PATH}/stream", f"/{CHAT}")[number % 3]
            headers = {"Cookie": f"convenor-lead={cookie}"}
            async with session.get(room.address + path, headers=headers) as answer:
                assert answer.status == (200 if path == f"/{CHAT}" else 404)
                sent = [one for one in answer.headers.getall("set-cookie") if one.startswith("convenor-lead=")]
                assert any(f"Path=/{CHAT};" in one and "Max-Age=0" in one for one in sent)
        async with session.get(f"{room.address}/host/guess") as answer:
            assert answer.status == 404


async def test_while_the_store_does_not_answer_a_host_keeps_the_cookie(
    core: FakeCore, room: Room, host: HostBrowser
) -> None:
    core.commands.links.broken = True
    async with host.session.get(host.url) as answer:
        assert (answer.status, "set-cookie" in answer.headers) == (503, False)
    async with host.session.get(f"{room.address}/{CHAT}") as answer:
        assert (answer.status, "convenor-lead" in str(answer.headers)) == (200, False)
    core.commands.links.broken = False
    assert "Lead the chat" in await host.page()


async def test_the_key_itself_is_no_cookie_and_a_cookie_no_link(core: FakeCore, room: Room, host: HostBrowser) -> None:
    token = next(iter(core.commands.links.sessions))
    async with aiohttp.ClientSession() as session:
        headers = {"Cookie": f"convenor-lead={HOST_KEY}"}
        async with session.get(room.address + HOST_PATH, headers=headers) as answer:
            assert answer.status == 404
            assert "open your private link" in await answer.text()
        async with session.get(f"{room.address}/host/{token}") as answer:
            assert answer.status == 404
    assert "Lead the chat" in await host.page()


async def test_signing_out_ends_the_session_here_and_nowhere_else(
    core: FakeCore, room: Room, host: HostBrowser
) -> None:
    page, cookies = await host.page(), {one.key: one.value for one in host.session.cookie_jar}
    assert "Sign out" in page
    async with HostBrowser(room.address) as other:
        await other.enter(HOST_KEY)
        async with host.session.post(f"{host.url}/out", data={"token": "wrong"}, allow_redirects=False) as answer:
            assert answer.status == 403
        form = {"token": await host.token()}
        async with host.session.post(f"{host.url}/out", data=form, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["location"]) == (303, f"/{CHAT}")
            assert answer.headers["clear-site-data"] == '"storage"'
        with pytest.raises(PlatformError, match="404"):
            await host.page()
        async with aiohttp.ClientSession(cookies=cookies) as thief, thief.get(room.address + HOST_PATH) as answer:
            assert answer.status == 404, "the old cookie is worth nothing"
        assert "Lead the chat" in await other.page()
    await host.enter(HOST_KEY)
    assert "Lead the chat" in await host.page()
    assert len(core.commands.links.sessions) == 2


async def test_signing_out_everywhere_ends_every_session_of_the_link(room: Room, host: HostBrowser) -> None:
    async with HostBrowser(room.address) as other:
        await other.enter(HOST_KEY)
        form = {"token": await host.token(), "everywhere": "yes"}
        async with host.session.post(f"{host.url}/out", data=form, allow_redirects=False) as answer:
            assert answer.status == 303
        for one in (host, other):
            with pytest.raises(PlatformError, match="404"):
                await one.page()
    await host.enter(HOST_KEY)
    assert "Lead the chat" in await host.page()


@pytest.mark.parametrize("how", ["revoked", "signed out"])
async def test_an_open_stream_ends_within_a_second_when_its_link_or_session_does(
    core: FakeCore, room: Room, host: HostBrowser, how: str
) -> None:
    async with HostBrowser(room.address) as other:
        core.commands.links["another"] = LinkAccess(id="second", chat=CHAT, name="Pretend Second", role="host")
        await other.enter("another")
        url = f"{room.address}{HOST_PATH}/stream"
        async with host.session.get(url) as mine, other.session.get(url) as theirs:
            for one in (mine, theirs):
                await one.content.readline()
            if how == "revoked":
                del core.commands.links[HOST_KEY]
            else:
                token = next(iter(core.commands.links.sessions))
                await core.commands.links.end(token)
            async with asyncio.timeout(60):
                while not mine.content.at_eof():
                    await mine.content.readany()
            assert not theirs.content.at_eof()


async def test_a_link_to_a_series_opens_each_of_its_chats_and_no_other(core: FakeCore, room: Room) -> None:
    core.commands.links["team"] = LinkAccess(id="series", series="otalk", name="Pretend Team", role="moderator")
    core.add_chat(chat_view("otalk/other"))
    core.add_chat(chat_view("otalk2/other"))
    core.commands.dashboards["otalk/other"] = core.commands.dashboards[CHAT]
    async with HostBrowser(room.address) as team:
        status, path = await team.request("GET", f"{room.address}/host/team")
        assert (status, path) == (303, "/")
        for chat, expected in ((CHAT, 200), ("otalk/other", 200), ("otalk2/other", 404)):
            async with team.session.get(f"{room.address}/{chat}/host") as answer:
                assert answer.status == expected


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
async def test_an_unknown_chat_is_not_found(core: FakeCore, room: Room, path: str) -> None:
    async with HostBrowser(room.address) as host:
        await host.enter(HOST_KEY)
    cookies = {"convenor-lead": next(iter(core.commands.links.sessions))}
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
    token = list(core.commands.links.sessions)[-1]
    cookies = {"convenor-lead": token}
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


async def test_openings_and_wrong_links_are_logged_without_a_key_or_an_address(room: Room) -> None:
    with capture_logs() as logged:
        async with HostBrowser(room.address) as host:
            await host.enter(HOST_KEY)
            for number in range(30):
                await host.request("GET", f"{room.address}/host/guess-{number}")
    assert [(one["event"], one.get("link"), one.get("chat")) for one in logged] == [
        ("room.link_opened", "bodega", CHAT),
        ("room.wrong_link", None, None),
        ("room.over_rate", None, None),
    ]
    assert not any(words in str(logged) for words in (HOST_KEY, "guess", "127.0.0.1", "Pretend"))


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
        assert answer.headers["location"] == f"{HOST_PATH}?own=changed#m-room-{id}"
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
