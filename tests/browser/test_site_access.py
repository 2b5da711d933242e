"""The archive's own pages are accessible, fetch nothing, and their search hides what it doesn't find."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from bot.ports.community import Community
from bot.site.archive import SiteArchive
from bot.site.build import build_site
from bot.site.pages import Site
from tests.adapters.conftest import make_room
from tests.browser.conftest import PageErrors
from tests.browser.test_room_access import DESKTOP, PHONE, TAGS, violations
from tests.fakes.ports import FakeCore
from tests.site.samples import NOW, held, published

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    chats = [published(held(number, f"Pretend host {number % 3}")) for number in range(1, 60, 7)]
    long = published(held(70, "Zoë Søndergård", title="W" * 200, hashtag="#" + "long" * 20))
    build_site(
        folder, Site(community=Community(name="Pretend community", contact="hi@example.org")), [*chats, long], NOW
    )
    return folder


@pytest.mark.parametrize(
    ("path", "scheme", "size"),
    [("index.html", "light", PHONE), ("index.html", "dark", DESKTOP), ("pretend/index.html", "dark", PHONE)],
)
async def test_no_rule_is_broken(
    browser: Browser, site: Path, axe: str, path: str, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    context = await browser.new_context(bypass_csp=True, color_scheme=scheme, viewport=size)
    await context.add_init_script(axe)
    page = await context.new_page()
    await page.goto((site / path).as_uri())
    assert await violations(page, TAGS) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    await context.close()


async def test_in_the_room_it_has_its_own_policy_and_prints(
    core: FakeCore, site: Path, browser: Browser, page_errors: PageErrors
) -> None:
    room = make_room(core, archive=SiteArchive(site))
    await room.open()
    page = await (await browser.new_context(viewport=PHONE)).new_page()
    page_errors.see(page)
    for path in ("", "pretend/", "pretend/chat-1.html"):
        await page.goto(f"{room.address}/archive/{path}")
        await page.emulate_media(media="print")
        assert await page.is_visible("h1"), path
        await page.emulate_media(media="screen")
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    await page.context.close()
    await room.close()
    assert page_errors.unexpected == []


async def test_the_search_works_under_the_pages_own_policy_and_without_scripts_there_is_none(
    browser: Browser, site: Path
) -> None:
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    await page.goto((site / "index.html").as_uri())
    field = page.get_by_role("searchbox")
    await field.fill("zoe sondergard")
    await expect(page.get_by_role("status")).to_have_text("0 of 10 chats")
    await field.fill("ZOE www")
    await expect(page.get_by_role("status")).to_have_text("1 of 10 chats")
    await expect(page.locator(".list > li:visible")).to_have_count(1)
    await expect(page.locator("main > section:visible")).to_have_count(1)
    await field.fill("")
    await expect(page.locator(".list > li:visible")).to_have_count(10)
    assert len(fetched) == 1, "the page and nothing else"
    await context.close()
    bare = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await bare.new_page()
    await page.goto((site / "index.html").as_uri())
    await expect(page.get_by_role("searchbox")).to_be_hidden()
    await expect(page.locator(".list > li:visible")).to_have_count(10)
    await bare.close()
