"""A whole short chat, hosted from a phone-sized host's page, with the real core behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from adapters.room.browser_client import BrowserClient
from bot.messages import Command
from bot.rehearsal.rehearsal import rehearsing
from bot.settings.settings import Settings
from tests.browser.test_room_access import PHONE
from tests.fakes.chats import a_chat

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPEED = 10
"""An hour in six minutes; the host gets through it in one."""


async def answered(page: Page, words: str) -> None:
    """Wait for the answer to a command."""
    await expect(page.locator("#receipt .answer")).to_contain_text(words)


async def press(page: Page, where: str, name: str) -> None:
    """Press a button in a part of the page."""
    await page.locator(where).get_by_role("button", name=name).click()


async def moderate(page: Page, participant: BrowserClient) -> None:
    """Hold a message, and approve it after all."""
    await participant.post("A1 something kept", question="q1")
    await participant.post("A1 something else", question="q1")
    await page.locator("#q1 .entry", has_text="something else").locator("summary").click()
    await press(page, "#q1 .entry:has-text('something else')", "Hold")
    await expect(page.locator("#queue .held")).to_contain_text("something else")
    assert "something else" in (await participant.page()).partition('id="unseen"')[2]
    await press(page, "#queue", "Keep")
    await expect(page.locator("#queue")).to_contain_text("Nothing waits.")
    await expect(page.locator("#q1 .entry", has_text="something else")).to_be_visible()


async def change_plan(page: Page) -> None:
    """Pause, resume, extend, post as the bot, move a question, skip one and undo that."""
    await page.click("#do-pause")
    await expect(page.locator("#chips")).to_contain_text("Paused")
    await page.click("#do-pause")
    await expect(page.locator("#do-pause")).to_have_text("Pause")
    await page.click("#do-extend")
    await answered(page, "13:05")
    await page.click("#saying > summary")
    await page.fill("#do-say", "A short word from the host")
    await press(page, "#saying", "Say it")
    await expect(page.locator(".post", has_text="A short word from the host")).to_be_visible()
    await page.click("#move-q4 > summary")
    await page.fill("#at-q4", "12:50")
    await press(page, "#move-q4", "Move")
    await answered(page, "12:50")
    await page.click("#move-q3 > summary")
    await press(page, "#move-q3", "Skip")
    await expect(page.locator("#step-q3")).to_contain_text("Left out")
    await press(page, "#log", "Undo")
    await expect(page.locator("#step-q3")).to_contain_text("Coming")


async def close(page: Page) -> None:
    """End the chat, and confirm it."""
    await page.click("#more > summary")
    await press(page, "#more", "End the chat…")
    await press(page, "#sure", "Yes, do it")
    await expect(page.locator("#status")).to_contain_text("Over")
    await expect(page.locator("#controls")).to_contain_text("This chat is over.")


async def test_a_whole_chat_is_hosted_from_a_phone(browser: Browser, tmp_path: Path) -> None:
    context = await browser.new_context(viewport=PHONE, reduced_motion="reduce")
    page, wrong = await context.new_page(), list[str]()
    page.on("pageerror", lambda one: wrong.append(str(one)))
    page.on("console", lambda one: wrong.append(one.text) if one.type in {"error", "warning"} else None)
    chat = a_chat(questions=4, name="pretend/hosted")
    async with rehearsing(chat, Settings(), speed=SPEED, port=0, folder=tmp_path) as rehearsal:
        await page.goto(await rehearsal.create_host_link("Pretend Host"))
        assert page.url == f"{rehearsal.address}/host"
        async with BrowserClient(rehearsal.room, chat.name, "Pretend participant A") as participant:
            await participant.join()
            await expect(page.locator("#do-next")).to_be_visible()
            await page.click("#do-next")
            await expect(page.locator("#q1 > h2")).to_contain_text("Question 1?")
            await moderate(page, participant)
        await change_plan(page)
        await page.click("#do-next")
        await expect(page.locator("#now")).to_contain_text("Question 2?")
        await page.fill("#text", "A2 from the host")
        await page.click("#say button")
        await expect(page.locator("#q2 .entry", has_text="A2 from the host")).to_contain_text("Host")
        await close(page)
        await context.close()  # before the room closes: a page that is still open asks it for news
        commands = [one.text.split()[0] for _, one in await rehearsal.events() if isinstance(one, Command)]
    assert wrong == []
    changes = ["pause", "resume", "extend", "say", "at", "skip", "undo"]
    assert [one for one in commands if one != "end"] == ["next", "hold", "approve", *changes, "next"]
    assert "end" in commands
