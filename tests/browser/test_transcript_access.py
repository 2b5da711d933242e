"""The transcript is accessible: the rules, small screens, and nothing fetched from another host."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Request, ViewportSize

from bot.messages import AnyEvent, Author, Gap, Message, Posted
from bot.reporting.files import write
from tests.browser.test_room_access import DESKTOP, PHONE, TAGS, violations
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = [
    "<script>alert(1)</script> & <img src=https://example.org/x.png onerror=alert(1)>",
    "\u202eright to left override, and \u05e9\u05dc\u05d5\u05dd and \u0645\u0631\u062d\u0628\u0627",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467 zero\u200bwidth @everyone **bold** [link](javascript:alert(1))",
    "a" * 4000,
    "see https://example.org/a?b=c&d=<e> and javascript:alert(1)",
]


def an_hour() -> list[AnyEvent]:
    events: list[AnyEvent] = [
        Posted(place="room", id=f"p{n}", key=f"q{n}", kind="question", at=NOON + timedelta(minutes=10 * n), text="?")
        for n in (1, 2, 3)
    ]
    for number, text in enumerate(HOSTILE * 4):
        author = Author(id=f"a{number % 4}", handle=f"@pretend_{number % 4}", name=text[:60], followers=number)
        at = NOON + timedelta(minutes=3 * number)
        reply = f"m{number - 1}" if number % 3 == 1 else None
        place = ("x", "room")[number % 2]
        url = f"https://example.org/{number}"
        events.append(Message(place=place, id=f"m{number}", author=author, text=text, at=at, reply_to=reply, url=url))
    events.append(
        Gap(
            place="x",
            at=NOON + timedelta(minutes=16),
            since=NOON + timedelta(minutes=12),
            until=NOON + timedelta(minutes=16),
        )
    )
    return events


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("out"), a_chat(), an_hour()).html


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_no_rule_is_broken(
    browser: Browser, transcript: Path, axe: str, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    context = await browser.new_context(bypass_csp=True, color_scheme=scheme, viewport=size)
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    assert await violations(page, axe, TAGS) == []
    await context.close()


async def test_the_page_is_self_contained_and_runs_no_script(browser: Browser, transcript: Path) -> None:
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    fetched: list[str] = []
    dialogs: list[str] = []

    def see(request: Request) -> None:
        fetched.append(request.url)

    page.on("request", see)
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await page.goto(transcript.as_uri())
    assert fetched == [transcript.as_uri()]
    assert dialogs == []
    assert await page.locator("script").count() == 0
    assert await page.locator("a[href^='javascript']").count() == 0
    await context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_nothing_scrolls_sideways(browser: Browser, transcript: Path, width: int) -> None:
    context = await browser.new_context(viewport=ViewportSize(width=width, height=700))
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await context.close()


async def test_anchors_are_unique_and_links_lead_to_them(browser: Browser, transcript: Path) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    ids: list[str] = await page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    links: list[str] = await page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(one => one.hash.slice(1))"
    )
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    assert {"q1", "q2", "q3"} <= set(ids)
    await context.close()
