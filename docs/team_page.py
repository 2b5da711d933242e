"""Photographs of the team's page for the documentation: an announcement is pasted, read and previewed on a phone.

The bot, the room and the browser are real; the series, its host and the announcement are pretend.
"""

# ruff: noqa: INP001 -- a script beside the pages, not a package

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

from playwright.async_api import Browser, ViewportSize

from bot.authoring.folder_files import FolderFiles
from bot.authoring.schedules import Schedules
from bot.clock import WallClock
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings, Store
from bot.store import private_links
from bot.wiring.adapters import address
from bot.wiring.convenor import Convenor

SERIES = 'hashtag = "#PretendChat"\ntimezone = "Europe/London"\nweekday = "Tuesday"\ntime = 20:00:00\nlength = "60m"\n'
POST = """\
Going home: what helps?

Join us on Wednesday, {day}, for #PretendChat with Cas Pretend.

Q1. Who goes home well, and who does not?
Q2. What gets in the way of a good first week?
Q3. Which one thing would you change?
"""
"""The weekday is wrong on purpose: the page asks about it."""

PHONE = ViewportSize(width=390, height=844)


async def photograph_team(browser: Browser, folder: Path, out: Path) -> None:
    """Take `team-phone-form.png` and `team-phone-look.png`."""
    clock = WallClock()
    (folder / "pretend").mkdir(parents=True)
    (folder / "pretend" / "series.toml").write_text(SERIES, encoding="utf-8")
    store = Store(url=f"sqlite:///{folder / 'convenor.db'}")
    settings = Settings(schedules=folder, store=store, places={"room": RoomPlace(platform="room", port=0)})
    schedules = Schedules(FolderFiles(folder, clock), {"room": "room"}, clock)
    bot = Convenor(settings, clock=clock, programme=schedules, plans_chats=True)
    async with bot.running():
        create = partial(private_links.create_link, kind="team", name="Pretend team", role="host", now=clock.now())
        _, key = await bot.database.write("outgoing", create, chat="pretend")
        await _take(browser, f"{address(bot.places['room'])}{private_links.link_path(key)}", _post(clock), out)


def _post(clock: WallClock) -> str:
    day = clock.now() + timedelta(days=8)
    day += timedelta(days=(1 - day.weekday()) % 7)
    return POST.format(day=f"{day.day} {day:%B %Y}")


async def _take(browser: Browser, link: str, post: str, out: Path) -> None:
    context = await browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_role("link", name="New chat").tap()
    await page.fill("#text", post)
    await page.get_by_role("button", name="Read it").tap()
    await page.wait_for_url("**/draft/*")
    await page.screenshot(path=out / "team-phone-form.png")
    await page.get_by_label("I have looked").check()
    await page.get_by_role("button", name="Check and preview").last.tap()
    await page.wait_for_url("**/look")
    await page.screenshot(path=out / "team-phone-look.png")
    await context.close()
