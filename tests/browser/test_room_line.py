"""The line to the server, in a real browser behind a real proxy that goes mute; the clock of the page is moved on."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from adapters.room.platform import Room
from tests.browser.conftest import Opened, PageErrors, join, watching
from tests.browser.mute_proxy import MuteProxy
from tests.fakes.ports import CHAT, FakeCore

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOKING = """(where) => {
  const hidden = where === "elsewhere";
  Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


async def test_a_connection_that_goes_mute_is_noticed_and_made_up_for(
    core: FakeCore, room: Room, open_page: Opened, page_errors: PageErrors
) -> None:
    page_errors.expected = ("net::ERR",)
    page = await open_page("/about")
    async with MuteProxy(room.address).running() as proxy:
        await page.clock.install()
        await page.goto(f"{proxy.address}/{CHAT}")
        await join(page)
        await watching(page)
        assert await page.get_attribute("#link", "role") == "status"
        proxy.go_mute()
        core.add_message("60", "said while nothing came through")
        await page.clock.fast_forward("00:30")
        await expect(page.locator("#link")).to_have_text("Live updates are on")
        await page.clock.fast_forward("00:20")
        await expect(page.locator("#link")).to_have_text("Connection lost. Trying again…")
        assert await page.is_hidden("#m-x-60")
        proxy.recover()
        await page.clock.fast_forward("00:20")
        await page.wait_for_selector("#m-x-60")
        await watching(page)

        # back from another app, or on another network: nobody waits for the watch
        proxy.go_mute()
        core.add_message("61", "said while the page was away")
        await page.evaluate(LOOKING, "elsewhere")
        await page.clock.fast_forward("00:25")
        async with page.expect_request("**/stream?*"):
            await page.evaluate(LOOKING, "here")
        proxy.recover()
        await page.evaluate("dispatchEvent(new Event('online'))")
        await page.wait_for_selector("#m-x-61")
        await watching(page)


async def test_the_title_says_what_is_new_to_somebody_who_looks_elsewhere(core: FakeCore, open_page: Opened) -> None:
    page = await open_page()
    await watching(page)
    await expect(page.locator("#here")).to_have_text("You are reading along")
    before = await page.title()
    core.add_message("70", "seen as it comes")
    await page.wait_for_selector("#m-x-70")
    assert await page.title() == before
    await page.evaluate(LOOKING, "elsewhere")
    core.add_message("71", "one")
    core.add_message("72", "two")
    core.add_post("q2", "Q2. And now? #OTalk")
    await expect(page).to_have_title(f"(3) {before}")
    await page.evaluate(LOOKING, "here")
    await expect(page).to_have_title(before)
