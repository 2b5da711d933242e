"""The archive in the room: the pages of a site, with their own policy and nothing else of its folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import msgspec
import pytest

from adapters.room.platform import Room
from bot.publication import Publication
from bot.site.archive import SiteArchive
from bot.site.build import build_site
from bot.site.pages import Site
from tests.adapters.conftest import Client, make_room
from tests.fakes.ports import FakeCore, chat_view
from tests.site.samples import NOW, held, published


@pytest.fixture
async def showing(core: FakeCore, tmp_path: Path) -> AsyncIterator[Room]:
    """A room that shows the site in `tmp_path`, which is not there yet."""
    core.add_chat(chat_view("otalk/last", state="over"))
    room = make_room(core, archive=SiteArchive(tmp_path / "site"))
    await room.open()
    yield room
    await room.close()


async def test_the_archive_appears_with_the_first_published_chat(
    showing: Room, new_client: Callable[[Room], Client], tmp_path: Path
) -> None:
    client = new_client(showing)
    status, page = await client.get("/archive/")
    assert (status, "No chat is published yet" in page) == (404, True)
    assert "/archive/" not in (await client.get("/"))[1]
    build_site(tmp_path / "site", Site(), [published(held(1))], NOW)
    assert "Chat number 1" in (await client.get("/archive/"))[1]
    assert 'href="/archive/"' in (await client.get("/"))[1]
    assert "We use teams" in (await client.get("/archive/pretend/chat-1.html"))[1]
    assert "The series over time" in (await client.get("/archive/pretend/"))[1]
    build_site(tmp_path / "site", Site(), [], NOW)
    assert (await client.get("/archive/pretend/chat-1.html"))[0] == 404


async def test_a_chat_that_is_published_without_names_leads_to_its_page_there(
    showing: Room, core: FakeCore, new_client: Callable[[Room], Client], tmp_path: Path
) -> None:
    one = chat_view("pretend/chat-1", state="over")
    publication = Publication(phase="published", since=NOW)
    core.add_chat(msgspec.structs.replace(one, concealed=True, publication=publication))
    client, link = new_client(showing), 'href="/archive/pretend/chat-1.html"'
    assert link not in (await client.get("/pretend/chat-1"))[1], "it is not there yet"
    build_site(tmp_path / "site", Site(), [published(held(1))], NOW)
    assert link in (await client.get("/pretend/chat-1"))[1]
    core.add_chat(msgspec.structs.replace(one, concealed=True))
    assert link not in (await client.get("/pretend/chat-1"))[1], "it is published no more"


async def test_a_page_brings_its_own_policy_and_search_engines_are_told(showing: Room, tmp_path: Path) -> None:
    build_site(tmp_path / "site", Site(), [published(held(1))], NOW)
    async with aiohttp.ClientSession() as session:
        for path in ("", "pretend/chat-1.html", "pretend/chat-1.cpd.html"):
            async with session.get(f"{showing.address}/archive/{path}") as answer:
                assert answer.content_type == "text/html"
                policy = answer.headers["Content-Security-Policy"]
                assert "style-src 'unsafe-inline'" in policy
                assert "frame-ancestors 'none'" in policy
                assert ("script-src 'sha256-" in policy) == ("cpd" not in path), "what searches, by its digest"
                assert answer.headers["X-Robots-Tag"] == "noindex"
        async with session.get(f"{showing.address}/archive/pretend/chat-1.json") as answer:
            assert answer.content_type == "application/json"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        async with session.get(f"{showing.address}/archive", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (301, "/archive/")


@pytest.mark.parametrize("path", [".convenor-site.json", "own.html", "pretend/../own.html", "..%2Fsecret.html", "%00"])
async def test_only_what_convenor_wrote_is_shown(showing: Room, tmp_path: Path, path: str) -> None:
    build_site(tmp_path / "site", Site(), [published(held(1))], NOW)
    (tmp_path / "site" / "own.html").write_text("secret")
    (tmp_path / "secret.html").write_text("secret")
    async with aiohttp.ClientSession() as session, session.get(f"{showing.address}/archive/{path}") as answer:
        assert answer.status == 404
        assert "<p>secret" not in await answer.text()
