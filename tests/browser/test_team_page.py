"""A host without technical skill, alone, on a phone of 360 px: from a pasted post to a scheduled chat with its link.

The real bot is behind the page, with a folder of chat files and a store of its own.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, expect

from bot.authoring.folder_files import FolderFiles
from bot.authoring.schedules import Schedules
from bot.clock import WallClock
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings, Store
from bot.store import private_links
from bot.wiring.adapters import address
from bot.wiring.convenor import Convenor
from tests.browser.conftest import PATIENCE, PageErrors, tab_to
from tests.browser.test_room_access import COLOURS, PHONE, TAGS, violations
from tests.team.at_work import with_series

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST_TAPS = 12
POST = """\
Going home: what helps?

Join us for #OTalk on {day}, hosted by Cas Pretend (@cas_pretend).

We want to talk about the first week at home after a long stay.

Q1. Who goes home well, and who does not?
Q2. What gets in the way?
Q3. Which one thing would you change?
"""


@pytest_asyncio.fixture(loop_scope="session")
async def bot(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Convenor]:
    """A bot that hosts the chats of one series, in a room of its own."""
    clock = WallClock()
    shutil.copy("schedules/rehearsal.toml", tmp_path)
    settings = Settings(
        schedules=with_series(tmp_path),
        store=Store(url=sqlite_url),
        places={"room": RoomPlace(platform="room", port=0)},
    )
    schedules = Schedules(FolderFiles(settings.schedules, clock), {"room": "room"}, clock)
    convenor = Convenor(settings, clock=clock, programme=schedules, plans_chats=True)
    async with convenor.running():
        yield convenor


class Phone:
    """A page on a phone, which counts the taps."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    async def tap(self, what: Locator) -> None:
        self.taps += 1
        await what.tap()

    async def button(self, name: str) -> None:
        await self.tap(self.page.get_by_role("button", name=name, exact=True).last)


async def team_link(bot: Convenor) -> str:
    """A new private link to the team's page."""
    made = {"chat": "otalk", "kind": "team", "name": "Ada Pretend", "role": "host", "now": bot.clock.now()}
    _, key = await bot.database.write("outgoing", private_links.create_link, **made)  # type: ignore[arg-type]
    return f"{address(bot.places['room'])}{private_links.link_path(key)}"


def post(bot: Convenor) -> str:
    """An announcement for the first Tuesday that is more than a week away."""
    day = bot.clock.now() + timedelta(days=8)
    day += timedelta(days=(1 - day.weekday()) % 7)
    return POST.format(day=f"{day:%A} {day.day} {day:%B %Y}")


async def phone(browser: Browser, page_errors: PageErrors, **settings: object) -> tuple[BrowserContext, Page]:
    context = await browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce", **settings)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    page_errors.see(page)
    return context, page


async def take_part(browser: Browser, link: str, page_errors: PageErrors, *, script: bool) -> None:
    """Join a rehearsal on another phone, by its link, and say something."""
    context, page = await phone(browser, page_errors, java_script_enabled=script)
    await page.goto(link)
    await page.fill("#name", "Bo Pretend")
    await page.get_by_role("button", name="Join", exact=True).tap()
    await page.locator("#say textarea").fill("Hello from another phone")
    await page.locator("#say button").last.tap()
    await expect(page.locator("main")).to_contain_text("Hello from another phone")
    await expect(page.locator("header")).to_contain_text("Rehearsal")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_from_a_pasted_post_to_a_scheduled_and_rehearsed_chat_in_twelve_taps(
    browser: Browser,
    bot: Convenor,
    page_errors: PageErrors,
    script: bool,  # noqa: FBT001 -- a column
) -> None:
    context, page = await phone(browser, page_errors, java_script_enabled=script)
    hand = Phone(page)
    await page.goto(await team_link(bot))
    await hand.tap(page.get_by_role("link", name="New chat"))
    await page.fill("#text", post(bot))
    await hand.button("Read it")
    await expect(page.get_by_label("Title")).to_have_value("Going home: what helps?")
    await hand.tap(page.get_by_role("button", name="Up question 3"))
    await page.get_by_label("Question 2", exact=True).fill("Which one thing would you change at home?")
    await hand.button("Check and preview")
    await expect(page.locator("main")).to_contain_text("Q2. Which one thing would you change at home? #OTalk")
    await hand.button("Schedule this chat")
    await expect(page.get_by_role("status")).to_contain_text("It is saved.")
    await hand.button("Make a private link")
    link = await page.get_by_label("The link").input_value()
    await hand.button("Start a rehearsal")
    others = await page.get_by_label("A link for others who want to take part").input_value()
    await hand.tap(page.get_by_role("link", name="Lead the rehearsal"))
    await expect(page.locator("#controls")).to_contain_text("Leading: Cas Pretend")
    await expect(page.locator("header")).to_contain_text("Rehearsal")
    assert hand.taps <= MOST_TAPS
    await take_part(browser, others, page_errors, script=script)
    await expect(page.locator("header")).to_contain_text("Rehearsal")
    await page.goto(link)
    await expect(page.locator("header")).not_to_contain_text("Rehearsal")
    await expect(page.locator("#controls")).to_contain_text("Leading: Cas Pretend")
    await expect(page.locator("h1")).to_have_text("Going home: what helps?")
    await context.close()
    assert page_errors.unexpected == []


async def test_what_is_typed_is_kept_without_a_button_and_found_on_another_device(
    browser: Browser, bot: Convenor, page_errors: PageErrors
) -> None:
    context, page = await phone(browser, page_errors)
    other, second = await phone(browser, page_errors)
    link = await team_link(bot)
    await page.goto(link)
    await page.get_by_role("link", name="New chat").tap()
    await page.fill("#text", "Half an announcement")
    await expect(page.locator("#kept")).to_have_text("Kept.")
    await expect(page.get_by_role("button", name="Throw the text away")).to_be_visible()
    await second.goto(link)
    await second.goto(page.url)
    await expect(second.locator("#text")).to_have_value("Half an announcement")
    await page.get_by_role("button", name="Begin with an empty form").tap()
    await page.get_by_label("Title").fill("Half a title")
    await expect(page.locator("#kept")).to_have_text("Kept.")
    await second.goto(page.url)
    await expect(second.get_by_label("Title")).to_have_value("Half a title")
    await second.get_by_label("Title").fill("A whole title")
    await expect(second.locator("#kept")).to_have_text("Kept.")
    page_errors.expected = ("409",)
    await page.get_by_label("Title").fill("Half a title, and more")
    await expect(page.locator("#kept")).to_contain_text("has changed this draft meanwhile")
    await context.close()
    await other.close()
    assert page_errors.unexpected == []


async def test_what_is_typed_before_the_script_has_come_is_kept(
    browser: Browser, bot: Convenor, page_errors: PageErrors
) -> None:
    context, page = await phone(browser, page_errors)
    typed = asyncio.Event()

    async def late(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await page.route("**/team.js*", late)
    await page.goto(await team_link(bot))
    await page.get_by_role("link", name="New chat").tap()
    await page.get_by_role("button", name="Begin with an empty form").tap(no_wait_after=True)
    await page.get_by_label("Title").fill("Half a title")
    typed.set()
    await expect(page.locator("#kept")).to_have_text("Kept.")
    await context.close()
    assert page_errors.unexpected == []


async def test_its_pages_break_no_rule_of_access_on_a_phone_in_light_and_dark(
    browser: Browser, bot: Convenor, page_errors: PageErrors, axe: str
) -> None:
    # the policy is set aside for the scan only: the rules are a script that is not ours
    context, page = await phone(browser, page_errors, bypass_csp=True)
    await context.add_init_script(axe)
    broken: dict[str, list[str]] = {}

    async def scan(name: str) -> None:
        for scheme, rules in (("light", TAGS), ("dark", COLOURS)):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            broken[f"{name} {scheme}"] = await violations(page, rules)
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        await page.emulate_media(media="print")
        assert await page.is_visible("main h1"), name
        await page.emulate_media(media="screen")

    await page.goto(await team_link(bot))
    await scan("calendar")
    await page.get_by_role("link", name="New chat").tap()
    await page.wait_for_url("**/new")
    await page.fill("#text", post(bot).replace("Q2.", "\u202bQ2.") + "W" * 300)
    await scan("new")
    await page.get_by_role("button", name="Read it").tap()
    await page.wait_for_url("**/draft/*")
    await page.get_by_label("Day", exact=True).fill("2020-01-01")
    await page.get_by_role("button", name="Check and preview").last.tap()
    await page.wait_for_url("**/look")
    await scan("look")
    await page.goto(page.url.replace("/look", "/source"))
    await scan("source")
    await page.goto(page.url.replace("/source", "/text"))
    await scan("text")
    await page.goto(page.url.replace("/text", ""))
    await scan("form")
    await page.get_by_role("button", name="Check and preview").last.tap()
    await page.get_by_role("button", name="Schedule this chat").tap()
    await page.wait_for_url("**?saved")
    await scan("chat")
    await page.get_by_role("button", name="Start a rehearsal").tap()
    await expect(page.get_by_role("link", name="Lead the rehearsal")).to_be_visible()
    await scan("rehearsing")
    chat = page.url.partition("#")[0].partition("?")[0]
    for view in ("texts", "version/1", "off"):
        await page.goto(f"{chat}/{view}")
        assert await page.locator("#rehearsal").count() == 0, "another page than the chat's"
        await scan(view)
    await page.goto(f"{chat.partition('/team')[0]}/team")
    await scan("index")
    await context.close()
    assert {name: found for name, found in broken.items() if found} == {}
    assert page_errors.unexpected == []


async def test_a_keyboard_alone_fills_in_the_form(browser: Browser, bot: Convenor, page_errors: PageErrors) -> None:
    context, page = await phone(browser, page_errors)
    await page.goto(await team_link(bot))
    await page.goto(f"{page.url}/new?day=2027-01-12")
    await tab_to(page, "button[value=empty]")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/draft/**")
    await tab_to(page, "#title")
    await page.keyboard.type("Going home")
    await tab_to(page, "[id='questions.1']")
    await page.keyboard.type("Who goes home?")
    await tab_to(page, "button[value='add questions']")
    await page.keyboard.press("Enter")
    await expect(page.locator("[id='questions.2']")).to_be_focused()
    await page.keyboard.type("Who stays?")
    await tab_to(page, "#title", back=True)
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Going home")
    await context.close()
    assert page_errors.unexpected == []
