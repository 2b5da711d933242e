"""A whole short chat, led from the host's page at the size of a phone, with the real core behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from adapters.room.visitor import Visitor
from bot.config import Settings
from bot.messages import Command
from bot.rehearsal import rehearsing
from tests.browser.test_room_access import PHONE
from tests.fakes.chats import a_chat

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPEED = 10
"""An hour in six minutes; the host leads it through in one."""


async def told(page: Page, words: str) -> None:
    """Wait for the answer."""
    await expect(page.locator("#receipt .answer")).to_contain_text(words, timeout=8000)


async def test_a_whole_chat_is_led_from_a_phone(browser: Browser, tmp_path: Path) -> None:
    chat = a_chat(questions=4, name="pretend/led")
    context = await browser.new_context(viewport=PHONE, reduced_motion="reduce")
    context.set_default_timeout(8000)
    page, wrong = await context.new_page(), list[str]()
    page.on("pageerror", lambda one: wrong.append(str(one)))
    page.on("console", lambda one: wrong.append(one.text) if one.type in {"error", "warning"} else None)
    async with rehearsing(chat, Settings(), speed=SPEED, port=0, folder=tmp_path) as rehearsal:
        await page.goto(await rehearsal.invite("Pretend Host"))
        assert page.url == f"{rehearsal.address}/host"
        await expect(page.locator("#do-next")).to_be_visible(timeout=20_000)
        async with Visitor(rehearsal.room, chat.name, "Pretend participant A") as visitor:
            await visitor.join()
            await page.click("#do-next")
            await told(page, "Q1")
            await expect(page.locator("#q1 > h2")).to_contain_text("Question 1?")

            await visitor.say("A1 something kept", question="q1")
            await visitor.say("A1 something else", question="q1")
            other = page.locator("#q1 .entry", has_text="something else")
            await other.locator("summary").click()
            await other.get_by_role("button", name="Hold").click()
            await expect(page.locator("#queue .held")).to_contain_text("something else")
            assert "Only you see this" in await visitor.page()
            await page.click("#queue >> text=Keep")
            await expect(page.locator("#queue")).to_contain_text("Nothing waits.")
            await expect(page.locator("#q1 .entry", has_text="something else")).to_be_visible()

        await page.click("#do-pause")
        await expect(page.locator("#chips")).to_contain_text("Paused")
        await page.click("#do-pause")
        await expect(page.locator("#do-pause")).to_have_text("Pause")
        await page.click("#do-extend")
        await told(page, "13:05")
        await page.click("#saying > summary")
        await page.fill("#do-say", "A short word from the host")
        await page.get_by_role("button", name="Say it").click()
        await expect(page.locator(".post", has_text="A short word from the host")).to_be_visible()
        await page.click("#move-q3 > summary")
        await page.fill("#at-q3", "12:50")
        await page.locator("#move-q3").get_by_role("button", name="Move").click()
        await told(page, "12:50")
        await page.click("#move-q4 > summary")
        await page.locator("#move-q4").get_by_role("button", name="Skip").click()
        await expect(page.locator("#step-q4")).to_contain_text("Left out")
        await page.locator("#log").get_by_role("button", name="Undo").click()
        await expect(page.locator("#step-q4")).to_contain_text("Coming")
        await page.click("#do-next")
        await expect(page.locator("#now")).to_contain_text("Question 2?")
        await page.fill("#text", "A2 from the host")
        await page.click("#say button")
        await expect(page.locator("#q2 .entry", has_text="A2 from the host")).to_contain_text("Host")
        await page.click("#more > summary")
        await page.get_by_role("button", name="End the chat…").click()
        await page.get_by_role("button", name="Yes, do it").click()
        await expect(page.locator("#status")).to_contain_text("Over", timeout=20_000)
        await expect(page.locator("#controls")).to_contain_text("This chat is over.")
        said = [one.text for _, one in await rehearsal.events() if isinstance(one, Command)]
    await context.close()
    assert wrong == []
    assert [one.split()[0] for one in said if one.split()[0] not in {"hold", "say"}] == [
        *("next", "approve", "pause", "resume", "extend", "at", "skip", "undo", "next"),
        *(["end"] * said.count("end")),
        "end",
    ]
