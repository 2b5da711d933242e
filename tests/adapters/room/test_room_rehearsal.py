"""A rehearsal from the team's page, without JavaScript: started, led, joined by a link, and stopped, in one room."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.authoring.folder_files import FolderFiles
from bot.store.database import Database
from bot.team.rehearsals import WORKER
from tests.adapters.conftest import make_room
from tests.adapters.room.team_browser import TeamBrowser
from tests.adapters.room.test_room_team import begun, core, folder
from tests.fakes.ports import CHAT, FakeCore, chat_view
from tests.team.at_work import forked_worker, team_service, with_series

__all__ = ["core", "folder"]


@pytest.fixture
def worker() -> tuple[str, ...]:
    """What starts a rehearsal: a fork, but where a test wants the one that the bot starts."""
    return forked_worker()


@pytest.fixture
async def ada(
    core: FakeCore, tmp_path: Path, sqlite_url: str, folder: type[FolderFiles], worker: tuple[str, ...]
) -> AsyncIterator[TeamBrowser]:
    """Ada's browser, on the page of a chat that was just scheduled."""
    database = Database(sqlite_url)
    team = team_service(with_series(tmp_path), database, folder, worker)
    core.add_chat(chat_view())
    room = make_room(core, team=team)
    await room.open()
    async with TeamBrowser(room.address) as browser:
        await browser.open("/host/ada")
        await begun(browser)
        await browser.press("look")
        await browser.press("publish")
        yield browser
    await team.rehearsals.close()
    await room.close()
    database.close()


def others_link(page: str, address: str) -> str:
    found = re.search(r'id="others" readonly value="([^"]+)"', page)
    assert found
    link = html.unescape(found[1])
    assert re.fullmatch(rf"{re.escape(address)}/rehearsal/[0-9a-f]{{24}}", link)
    return link.removeprefix(address)


def lead_link(page: str) -> str:
    found = re.search(r'href="(/rehearsal/[^"]+/lead/[^"]+)"', page)
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("worker", [WORKER], ids=["anew"])
async def test_it_is_started_led_joined_and_stopped(ada: TeamBrowser) -> None:
    page = await ada.press("rehearse", speed="30")
    assert ada.path.startswith("/team/otalk/chat/"), "the page answers before the rehearsal serves"
    link, lead = others_link(page, ada.address), lead_link(page)
    chat = ada.path.partition("?")[0]
    page = await ada.open(lead)
    assert ada.path == f"{link}/host"
    assert "You lead this chat as" in page
    assert "Cas Pretend" in page
    assert "Rehearsal</a>" in page, "every page is marked"
    for path in ("", "/out", "/mine", "/cpd", "/host/review", "/edit/m1", "/nowhere"):
        assert "Rehearsal</a>" in await ada.open(link + path), path
    page = await ada.open(f"{link}/host/over")
    page = await ada.post_form(f"{link}/host", {"pass": "Cas Again"})
    [handed] = set(re.findall(rf"{re.escape(ada.address)}({link}/lead/[\w-]+)", page))
    async with TeamBrowser(ada.address) as cas:
        assert "You lead this chat as" in await cas.open(handed)
        assert cas.path == f"{link}/host"
    async with TeamBrowser(ada.address) as bo:
        page = await bo.open(link)
        assert "Going home" in page
        assert "Rehearsal</a>" in page
        async with bo.session.post(f"{ada.address}{link}/join", data=bo.fields | {"name": "Bo Pretend"}) as answer:
            assert answer.status == 200
            assert "Bo Pretend" in await answer.text()
        async with bo.session.get(f"{ada.address}/{CHAT}") as answer:
            real = await answer.text()
            assert "Bo Pretend" not in real, "in the real room they have not joined"
            assert "Rehearsal</a>" not in real
        for path in ("host", "lead/wrong"):
            await bo.open(f"{link}/{path}")
            assert bo.status == 404, "a participant leads nothing"
        assert {one.key: one["path"] for one in bo.session.cookie_jar}["convenor-rehearsal"] == link
    await ada.open(chat)
    page = await ada.press("stop")
    assert "rehearse" in ada.buttons
    page = await ada.open(link)
    assert (ada.status, "This rehearsal is over" in page) == (404, True)


async def test_news_of_it_come_through_as_they_happen(ada: TeamBrowser) -> None:
    link = others_link(await ada.press("rehearse", speed="120"), ada.address)
    chat = ada.path
    async with ada.session.get(f"{ada.address}{link}/stream") as answer, asyncio.timeout(120):
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        while "Pretend participant" not in (await answer.content.readline()).decode():
            pass
        await ada.open(chat)
        await ada.press("stop")
        while await answer.content.readline():
            pass
        assert answer.content.exception() is None, "an open page hears of the end, too"


@pytest.mark.parametrize("speed", ["", "fast", "0", "nan", "1e9"])
async def test_a_speed_that_is_none_is_refused_in_words(ada: TeamBrowser, speed: str) -> None:
    page = await ada.press("rehearse", speed=speed)
    assert (ada.status, "as a number from 0.5 to 3600" in page) == (409, True)


async def test_a_form_that_is_too_large_is_refused(ada: TeamBrowser) -> None:
    link = others_link(await ada.press("rehearse"), ada.address)
    async with ada.session.post(f"{ada.address}{link}/say", data=b"x" * 300_000) as answer:
        assert answer.status == 413


async def test_only_the_team_starts_one(ada: TeamBrowser) -> None:
    async with TeamBrowser(ada.address) as stranger:
        page = await stranger.open(ada.path)
        assert (stranger.status, "rehears" in page.casefold()) == (404, False)
        async with stranger.session.post(ada.address + ada.path, data={"do": "rehearse", "speed": "20"}) as answer:
            assert answer.status == 404
