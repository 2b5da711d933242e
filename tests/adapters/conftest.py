"""A room on a real socket, with a core in memory, and HTTP clients that fill in forms as a browser does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from adapters.room.platform import Room
from adapters.room.settings import RoomSettings
from bot.ports.archive import Archive, NoArchive
from bot.ports.commands import LinkAccess
from bot.ports.community import Community
from bot.ports.inbound import AdapterContext
from bot.ports.kept_texts import KeptTexts, NothingKept
from bot.ports.team import TeamPort
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.ports import CHAT, FakeCore, chat_view, dashboard

SECRET = "a secret for tests, of 32 characters or more"


def make_room(
    core: FakeCore,
    community: Community | None = None,
    team: TeamPort | None = None,
    archive: Archive | None = None,
    kept_texts: KeptTexts | None = None,
    **settings: object,
) -> Room:
    """A room with generous limits; each of its settings can be given."""
    context = AdapterContext(
        place="room",
        clock=core.clock,
        listener=core,
        conversation=core,
        commands=core.commands,
        secret="",
        health=core.look,
        resembles=core.resembles,
        metrics=core.measure,
        community=community or Community(),
        team=team,
        archive=archive or NoArchive(),
        kept_texts=kept_texts or NothingKept(),
    )
    defaults: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 0,
        "public_url": "",
        "secret": SECRET,
        "behind_proxy": False,
        "per_person": "1000/minute",
        "per_address": "1000/minute",
        "longest": 4000,
    }
    return Room(context, RoomSettings(**{**defaults, **settings}))


class Client:
    """An HTTP client with a cookie jar. Forms carry the token of the page they are on."""

    def __init__(self, session: aiohttp.ClientSession, room: Room, chat: str = CHAT) -> None:
        self.session, self.room, self.chat = session, room, chat

    async def get(self, path: str = "") -> tuple[int, str]:
        async with self.session.get(self.room.address + (path or f"/{self.chat}")) as response:
            return response.status, await response.text()

    async def token(self, path: str = "") -> str:
        _, page = await self.get(path)
        found = re.search(r'name="token" value="([^"]+)"', page)
        return found[1] if found else ""

    async def send_form(
        self, action: str, headers: dict[str, str] | None = None, /, **fields: str
    ) -> aiohttp.ClientResponse:
        """Send a form; the token is fetched unless it is given. The body has been read."""
        token = fields.pop("token", None)
        data = {**fields, "token": await self.token() if token is None else token}
        url = f"{self.room.address}/{self.chat}/{action}"
        async with self.session.post(url, data=data, headers=headers, allow_redirects=False) as response:
            await response.read()
            return response

    async def join(self, name: str = "Pretend participant A") -> aiohttp.ClientResponse:
        return await self.send_form("join", name=name)

    async def post(self, text: str, **fields: str) -> aiohttp.ClientResponse:
        return await self.send_form("say", text=text, **fields)


@pytest.fixture
def core() -> FakeCore:
    """A live chat whose first question has just been asked."""
    core = FakeCore()
    core.add_chat(chat_view())
    core.add_post("welcome", "Welcome to the chat. Please say hello.", kind="welcome")
    core.clock.move(minutes=10)
    core.add_post("q1", "Q1. What groups are running online now? #OTalk")
    core.clock.move(minutes=1)
    return core


@pytest.fixture
async def open_room(core: FakeCore) -> AsyncIterator[Callable[..., Awaitable[Room]]]:
    """Opens rooms with given settings, and closes them after the test."""
    async with AsyncExitStack() as stack:

        async def opened(**settings: Any) -> Room:  # noqa: ANN401 -- as in RoomSettings
            room = make_room(core, **settings)
            await room.open()
            stack.push_async_callback(room.close)
            return room

        yield opened


@pytest.fixture
async def room(open_room: Callable[..., Awaitable[Room]]) -> Room:
    """A room with generous limits."""
    return await open_room()


@pytest.fixture
async def new_client() -> AsyncIterator[Callable[[Room], Client]]:
    """Makes clients, each with a cookie jar of its own."""
    sessions: list[aiohttp.ClientSession] = []

    def made(room: Room) -> Client:
        sessions.append(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        return Client(sessions[-1], room)

    yield made
    for session in sessions:
        await session.close()


@pytest.fixture
async def client(room: Room, new_client: Callable[[Room], Client]) -> Client:
    """A client of the room with generous limits."""
    return new_client(room)


# Private links --------------------------------------------------------------------------------------------

HOST_KEY = "a-key_that-was-never.used~anywhere-else"
MODERATOR_KEY = "another-key"
HOST_PATH = f"/{CHAT}/host"


@pytest.fixture
def private_links(core: FakeCore) -> None:
    """A host and a moderator with private links, and a dashboard."""
    core.commands.links[HOST_KEY] = LinkAccess(id="bodega", chat=CHAT, name="Pretend Host", role="host")
    core.commands.links[MODERATOR_KEY] = LinkAccess(id="mirafu", chat=CHAT, name="Pretend Moderator", role="moderator")
    core.commands.dashboards[CHAT] = dashboard()


@pytest.fixture
async def host(room: Room, private_links: None) -> AsyncIterator[HostBrowser]:
    """A browser that has opened the host's link."""
    del private_links
    async with HostBrowser(room.address) as host:
        await host.enter(HOST_KEY)
        yield host
