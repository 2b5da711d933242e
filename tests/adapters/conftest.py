"""A room on a real socket, in front of a core in memory, and visitors with a browser's manners."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from adapters.room import Room, RoomSettings
from bot.ports.commands import LinkAccess
from bot.ports.inbound import AdapterContext
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.ports import CHAT, FakeCore, chat_view, dashboard

SECRET = "a secret for tests"


def room_of(core: FakeCore, **settings: object) -> Room:
    """A room with generous limits; any of its settings can be set."""
    context = AdapterContext(
        place="room", clock=core.clock, listener=core, conversation=core, commands=core.commands, secret=""
    )
    plain: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 0,
        "public_url": "",
        "secret": SECRET,
        "behind_proxy": False,
        "per_person": "1000/minute",
        "per_address": "1000/minute",
        "longest": 4000,
    }
    return Room(context, RoomSettings(**{**plain, **settings}))


class Visitor:
    """Somebody with a cookie jar. Forms are filled in from the page they stand on, as a browser would."""

    def __init__(self, session: aiohttp.ClientSession, room: Room) -> None:
        self.session, self.room = session, room

    async def get(self, path: str = f"/{CHAT}") -> tuple[int, str]:
        async with self.session.get(self.room.address + path) as answer:
            return answer.status, await answer.text()

    async def token(self, path: str = f"/{CHAT}") -> str:
        _, page = await self.get(path)
        found = re.search(r'name="token" value="([^"]+)"', page)
        return found[1] if found else ""

    async def post(self, deed: str, headers: dict[str, str] | None = None, /, **fields: str) -> aiohttp.ClientResponse:
        """Send a form; the token is fetched unless it is given. The body has been read."""
        token = fields.pop("token", None)
        data = {**fields, "token": await self.token() if token is None else token}
        url = f"{self.room.address}/{CHAT}/{deed}"
        async with self.session.post(url, data=data, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            return answer

    async def join(self, name: str = "Pretend participant A") -> aiohttp.ClientResponse:
        return await self.post("join", name=name)

    async def say(self, text: str, **fields: str) -> aiohttp.ClientResponse:
        return await self.post("say", text=text, **fields)


@pytest.fixture
def core() -> FakeCore:
    """A live chat whose first question has just been asked."""
    core = FakeCore()
    core.plan(chat_view())
    core.ask("welcome", "Welcome to the chat. Please say hello.", kind="welcome")
    core.clock.move(minutes=10)
    core.ask("q1", "Q1. What groups are running online now? #OTalk")
    core.clock.move(minutes=1)
    return core


@pytest.fixture
async def open_room(core: FakeCore) -> AsyncIterator[Callable[..., Awaitable[Room]]]:
    """Opens rooms with given settings, and closes them afterwards."""
    async with AsyncExitStack() as stack:

        async def opened(**settings: object) -> Room:
            room = room_of(core, **settings)
            await room.open()
            stack.push_async_callback(room.close)
            return room

        yield opened


@pytest.fixture
async def room(open_room: Callable[..., Awaitable[Room]]) -> Room:
    """A room with generous limits."""
    return await open_room()


@pytest.fixture
async def visit() -> AsyncIterator[Callable[[Room], Visitor]]:
    """New visitors, each with a cookie jar of their own."""
    sessions: list[aiohttp.ClientSession] = []

    def came(room: Room) -> Visitor:
        sessions.append(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        return Visitor(sessions[-1], room)

    yield came
    for session in sessions:
        await session.close()


@pytest.fixture
async def visitor(room: Room, visit: Callable[[Room], Visitor]) -> Visitor:
    """One visitor to the ordinary room."""
    return visit(room)


# Private links --------------------------------------------------------------------------------------------

KEY = "a-key_that-was-never.used~anywhere-else"
MODERATOR = "another-key"
HOST = f"/{CHAT}/host"


@pytest.fixture
def leaders(core: FakeCore) -> None:
    """A host and a moderator with links, and a console."""
    core.commands.links[KEY] = LinkAccess(id="bodega", chat=CHAT, name="Pretend Host", role="host")
    core.commands.links[MODERATOR] = LinkAccess(id="mirafu", chat=CHAT, name="Pretend Moderator", role="moderator")
    core.commands.dashboards[CHAT] = dashboard()


@pytest.fixture
async def host(room: Room) -> AsyncIterator[HostBrowser]:
    """Whoever opened the host's link."""
    async with HostBrowser(room.address) as host:
        await host.enter(KEY)
        yield host


async def token(host: HostBrowser) -> str:
    found = re.search(r'name="token" value="([^"]+)"', await host.page())
    assert found
    return found[1]


async def send(host: HostBrowser, headers: dict[str, str] | None = None, /, **fields: str) -> tuple[int, str]:
    """Send the form as it is given, wherever it leads."""
    async with host._session.post(host._page, data=fields, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.text()
