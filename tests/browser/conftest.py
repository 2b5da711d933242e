"""A real browser in front of a real room, whose core is in memory. One browser serves all tests of a run.

Every page is watched: a script error, a console error or a breach of the content security policy fails the test.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from adapters.room.platform import Room
from tests.adapters.conftest import make_room
from tests.fakes.ports import CHAT, FakeCore, chat_view

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--renderer-process-limit=1",
]
"""The last saves an eighth of a visit with a new context, which otherwise keeps a second process ready."""

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first takes half the time: it is Chromium without its windows."""

PATIENCE = 60_000
"""Milliseconds to wait for a page: many, because the machine may be busy."""

Opened = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The machine's own Chromium, started once."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser here: none of {', '.join(NAMES)}")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility rules, as a script."""
    if not AXE.exists():
        pytest.skip("no axe-core here: run `npm ci --prefix tests/browser`")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def core() -> FakeCore:
    """A live chat in its first question, with some answers from two places."""
    core = FakeCore()
    core.add_chat(chat_view())
    core.add_post("welcome", "Welcome to the chat.\n\nPlease say hello.", kind="welcome")
    core.add_message("1", "Hello from the north", url="https://example.org/1")
    core.clock.move(minutes=10)
    core.add_post("q1", "Q1. What groups are running online now, and for which people? #OTalk")
    core.clock.move(minutes=1)
    for number in range(2, 8):
        core.add_message(
            str(number),
            f"A1 We run group number {number} by video, see https://example.org",
            name="Pretend participant B",
        )
    core.add_message("8", "How did that start?", name="Pretend participant C", place="discord", reply_to="3")
    core.clock.move(minutes=1)
    return core


@pytest_asyncio.fixture(loop_scope="session")
async def room(core: FakeCore) -> AsyncIterator[Room]:
    """A room with generous limits."""
    room = make_room(core)
    await room.open()
    yield room
    await room.close()


class PageErrors:
    """The errors on a page. `expected` are parts of errors that a test causes on purpose."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.expected: tuple[str, ...] = ()

    def see(self, page: Page) -> None:
        page.on("console", lambda one: self.errors.append(one.text) if one.type in {"error", "warning"} else None)
        page.on("pageerror", lambda one: self.errors.append(str(one)))

    @property
    def unexpected(self) -> list[str]:
        return [one for one in self.errors if not any(words in one for words in self.expected)]


@pytest.fixture
def page_errors() -> PageErrors:
    """Shared by all pages of a test."""
    return PageErrors()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, room: Room, page_errors: PageErrors) -> AsyncIterator[Opened]:
    """Opens pages, each in a browser context of its own; at the end of the test none may have an unexpected error."""
    async with AsyncExitStack() as stack:

        async def opened(path: str = f"/{CHAT}", **settings: Any) -> Page:  # noqa: ANN401 -- the settings of the browser
            context: BrowserContext = await browser.new_context(**{"reduced_motion": "reduce", **settings})
            context.set_default_timeout(PATIENCE)
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page_errors.see(page)
            await page.goto(room.address + path)
            return page

        yield opened
    assert page_errors.unexpected == []


async def join(page: Page, name: str = "Pretend participant A") -> None:
    """Join from the page."""
    await page.fill("#name", name)
    await page.press("#name", "Enter")
    await page.wait_for_selector("#text")


async def watching(page: Page) -> None:
    """Wait until live updates are on."""
    await expect(page.locator("#link")).to_have_text("Live updates are on")


async def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(150):
        await page.keyboard.press("Shift+Tab" if back else "Tab")
        if await page.evaluate("(one) => document.activeElement.matches(one)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")
