"""Who runs the chats, on the room's pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.room.platform import Room
from bot.ports.community import Colours, Community, Logo
from tests.adapters.conftest import Client, make_room
from tests.fakes.ports import FakeCore

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
OURS = Community(
    name="Pretend & Community",
    contact="hello@example.org",
    colours=Colours(light="#005eb8", light_tint="#e6eff8", dark="#72b0ff", dark_tint="#2a3948"),
    logo=Logo(data=LOGO, media_type="image/svg+xml"),
)


@pytest.fixture
async def ours(core: FakeCore) -> AsyncIterator[Room]:
    room = make_room(core, community=OURS)
    await room.open()
    yield room
    await room.close()


async def test_each_page_shows_name_logo_colours_and_contact(ours: Room) -> None:
    async with aiohttp.ClientSession() as session:
        client = Client(session, ours)
        for path in ("/", "/about", "/nothing"):
            _, page = await client.get(path)
            assert "Pretend &amp; Community</a>" in page
            assert 'href="mailto:hello@example.org">hello@example.org</a>' in page
        css, logo = re.findall(r'(?:href|src)="(/\.static/community\.[^"]+)"', page)
        async with session.get(ours.address + css) as answer:
            assert (answer.status, answer.content_type) == (200, "text/css")
            assert "--accent: #72b0ff" in await answer.text()
        async with session.get(ours.address + logo) as answer:
            assert (answer.content_type, await answer.read()) == ("image/svg+xml", LOGO)
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"], "a script in it never runs"
            assert "max-age" in answer.headers["Cache-Control"]


async def test_a_room_of_nobody_in_particular_has_no_such_files(client: Client) -> None:
    assert "community" not in (await client.get("/"))[1]
    for path in ("/.static/community.css", "/.static/community.logo"):
        assert (await client.get(path))[0] == 404


@pytest.mark.parametrize(
    ("contact", "url", "text"),
    [
        ("a@b.org", "mailto:a@b.org", "a@b.org"),
        ("https://b.org/", "https://b.org/", "b.org"),
        ("https://b.org/@team", "https://b.org/@team", "b.org/@team"),
    ],
)
def test_a_contact_is_a_link(contact: str, url: str, text: str) -> None:
    one = Community(contact=contact)
    assert (one.contact_url, one.contact_text) == (url, text)
