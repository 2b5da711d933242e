"""Photographs for the documentation: `make pictures`. It needs Chromium, and about four minutes.

First a real rehearsal, as in `convenor rehearse`; then the team's page, and a chat on three places, two of them
simulated. Everything runs on this machine, and all participants are pretend.
"""

# ruff: noqa: INP001 -- a script beside the pages, not a package

from __future__ import annotations

import asyncio
import io
import re
import shutil
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright
from rich.console import Console
from rich.text import Text

from bot import log
from bot.authoring.chat_folder import REHEARSAL
from bot.authoring.loader import load
from bot.chat import Chat
from bot.cli.rehearsal_show import show
from bot.rehearsal.rehearsal import Rehearsal, rehearsing
from bot.rehearsal.script import load_script
from bot.reporting.files import write
from bot.settings.settings import Settings, load_settings
from bot.wiring.participants import BrowserClient
from docs.team_page import photograph_team
from docs.three_places import host_chat

CHAT = Path("schedules/otalk/2020-10-13-online-groups.toml")
OUT = Path(__file__).parent / "pictures"
SPEED = 120
CURRENT, FOLLOWING = "q4", "q5"
"""The question on the photographs, and the next."""

EARLY, HALFWAY = 0.05, 0.6
"""Shares of that question's time: when the host's page is photographed, and when the room is."""

LEAD = timedelta(seconds=0.5)
"""`hosting.lead`, in wall seconds; short, because a claimed post disappears from the plan on the page."""

HELD = "A4 We lent a tablet to one of our ladies, Pretend Annie, 81, from Leeds. I ring her on 07700 900123 first."
"""A message that the guard holds. The person is invented, and the number is reserved for fiction."""

LINES = 26
"""The part of the terminal that is shown."""

DESKTOP, PHONE = (1280, 800), (390, 844)
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


async def main() -> None:
    """Rehearse; photograph the room in the middle and the transcript at the end."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit(f"The pictures need a browser: none of {', '.join(BROWSERS)} is here.")
    log.configure("error")
    settings = _settings()
    chat = load(CHAT, root=settings.schedules).chat
    if chat is None:
        sys.exit(f"{CHAT} has mistakes: `convenor check` names them.")
    script = load_script(settings.schedules / REHEARSAL)
    console = Console(record=True, width=100, file=io.StringIO())
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
            async with rehearsing(chat, settings, speed=SPEED, port=0, folder=folder) as rehearsal:
                console.print(f"Rehearsing [bold]{chat.title}[/], {SPEED:g} times as fast as the real hour.")
                console.print(f"The room is at {rehearsal.address}, on this machine only.", highlight=False)
                async with asyncio.TaskGroup() as group:
                    group.create_task(show(rehearsal, script, console))
                    group.create_task(_room(browser, rehearsal))
                    group.create_task(_host(browser, rehearsal))
                written = write(folder / "out", chat, [event for _, event in await rehearsal.events()])
            await _transcript(browser, written.html, "transcript", "#numbers")
            await photograph_team(browser, folder / "team", OUT)
            three = await asyncio.to_thread(host_chat, folder / "three")
            await _transcript(browser, three, "three-places", "#q1")
            await browser.close()
    (OUT / "terminal.svg").write_text(_terminal(console), encoding="utf-8")
    for picture in sorted(OUT.iterdir()):
        print(f"{picture.name}: {picture.stat().st_size // 1024} KB")  # noqa: T201 -- a script prints its results


def _settings() -> Settings:
    settings = load_settings(None)
    return settings.model_copy(update={"hosting": settings.hosting.model_copy(update={"lead": LEAD})})


async def _room(browser: Browser, rehearsal: Rehearsal) -> None:
    """The room on a desktop, and on two phones of people who joined."""
    desktop = await _page(browser, rehearsal.address, DESKTOP)
    light = await _join(browser, rehearsal.address, "Pretend participant I")
    dark = await _join(browser, rehearsal.address, "Pretend participant J", dark=True)
    await rehearsal.clock.sleep_until(_time_at(rehearsal.chat, HALFWAY))
    for name, page in (("room-desktop", desktop), ("room-phone", light), ("room-phone-dark", dark)):
        await _scroll_to(page, f"#{CURRENT}")
        await page.screenshot(path=OUT / f"{name}.png")


async def _host(browser: Browser, rehearsal: Rehearsal) -> None:
    """The host's page on a desktop and on a phone, opened with a private link, with a held message."""
    link = await rehearsal.create_host_link("Pretend host")
    desktop, phone = await _page(browser, link, DESKTOP), await _page(browser, link, PHONE)
    await rehearsal.clock.sleep_until(_time_at(rehearsal.chat, EARLY))
    async with BrowserClient(rehearsal.room, rehearsal.chat.name, "Pretend participant K") as client:
        await client.join()
        await client.post(HELD, question=CURRENT)
    for page in (desktop, phone):
        await page.wait_for_selector("#queue .held")
    before = await phone.inner_text("#now-label")
    await _give_command(phone, f"extend 5m {CURRENT}")
    await phone.wait_for_function("before => document.querySelector('#now-label').innerText !== before", arg=before)
    for page, name, where in (
        (desktop, "host-desktop", "#controls"),
        (phone, "host-phone", "#controls"),
        (phone, "host-phone-queue", "#queue"),
        (phone, "host-phone-plan", f"#step-{FOLLOWING}"),
    ):
        if name.endswith("plan"):
            await page.click(f"#move-{FOLLOWING} > summary")
        await _scroll_to(page, where)
        await page.screenshot(path=OUT / f"{name}.png")
    await _give_command(phone, "undo")


async def _give_command(page: Page, command: str) -> None:
    """Give a command on the host's page, and wait for the answer."""
    await page.fill("#do-line", command)
    await page.click("#command button")
    await page.wait_for_selector(f"#receipt .asked-for:text-is('{command}')")


def _time_at(chat: Chat, share: float) -> datetime:
    """The time after this share of the current question's time."""
    question, following = chat.question(CURRENT), chat.question(FOLLOWING)
    if question is None or following is None:
        sys.exit(f"{CHAT} has too few questions for the pictures.")
    return question.at + (following.at - question.at) * share


async def _transcript(browser: Browser, html: Path, name: str, where: str) -> None:
    for kind, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page = await _page(browser, html.as_uri(), size)
        await _scroll_to(page, where)
        await page.screenshot(path=OUT / f"{name}-{kind}.png")


async def _page(browser: Browser, address: str, size: tuple[int, int], *, dark: bool = False) -> Page:
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(address)
    return page


async def _join(browser: Browser, address: str, name: str, *, dark: bool = False) -> Page:
    page = await _page(browser, address, PHONE, dark=dark)
    await page.fill("input[name=name]", name)
    await page.click("form[action$=join] button")
    await page.wait_for_selector("#say")
    return page


async def _scroll_to(page: Page, where: str) -> None:
    await page.evaluate("where => document.querySelector(where).scrollIntoView()", where)


def _terminal(console: Console) -> str:
    """The first lines of the terminal, as a picture that loads nothing."""
    shown = Console(record=True, width=100, file=io.StringIO())
    for line in console.export_text(styles=True).splitlines()[:LINES]:
        shown.print(Text.from_ansi(line))
    shown.print("…")
    drawn = shown.export_svg(title="convenor rehearse")
    return re.sub(r"@font-face\s*\{.*?\}\s*", "", drawn, flags=re.DOTALL)


if __name__ == "__main__":
    asyncio.run(main())
