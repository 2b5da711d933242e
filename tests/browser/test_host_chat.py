"""A one-thumb hour: a whole chat hosted from a phone of 360 px, with taps only, and with the real core behind it.

The chat's clock stands still while the host acts, so nothing depends on the speed of the machine.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from adapters.room.browser_client import BrowserClient
from bot.messages import Command
from bot.rehearsal.rehearsal import Rehearsal, rehearsing
from bot.settings.settings import Settings
from tests.browser.conftest import join
from tests.browser.test_room_access import PHONE
from tests.fakes.chats import a_chat

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPEED = 10


async def open_phone(browser: Browser, address: str, wrong: list[str]) -> Page:
    """A page on a phone of its own. Errors in its console are added to `wrong`."""
    context = await browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    page = await context.new_page()
    page.on("pageerror", lambda one: wrong.append(str(one)))
    page.on("console", lambda one: wrong.append(one.text) if one.type in {"error", "warning"} else None)
    await page.goto(address)
    return page


async def answered(page: Page, words: str) -> None:
    """Wait for the answer to a command."""
    await expect(page.locator("#receipt .answer")).to_contain_text(words)


def button(page: Page, where: str, name: str) -> Locator:
    """A button in a part of the page."""
    return page.locator(where).get_by_role("button", name=name)


async def pass_time(rehearsal: Rehearsal, seconds: float) -> None:
    """Let the chat's clock run for a little."""
    until = rehearsal.clock.now() + timedelta(seconds=seconds)
    async with asyncio.timeout(120):
        while rehearsal.clock.now() < until:
            await asyncio.sleep(0.05)


async def under_the_thumb(page: Page) -> None:
    """The next question and its button are in the lower third of the screen, wherever one reads."""
    for one in ("#do-next", "#upcoming"):
        box = await page.locator(one).bounding_box()
        assert box is not None
        assert PHONE["height"] * 2 / 3 < box["y"] + box["height"] <= PHONE["height"], one


async def decide(page: Page, participant: BrowserClient) -> None:
    """A message that may name a patient: it isn't let out, left out, taken back, and left out after all."""
    await participant.post("A1 Ring me on 07700 900123", question="q1")
    await page.locator("#chips").get_by_text("1 to decide").tap()
    await expect(page.locator("#queue mark")).to_have_text("07700 900123 looks like a phone number")
    await button(page, "#queue", "Approve").tap()
    await answered(page, "That may tell who a patient is")
    await expect(page.locator("#sure .text")).to_contain_text("Pretend participant A: A1 Ring me on 07700 900123")
    await button(page, "#sure", "No, do not show it").tap()
    await answered(page, "Nothing was changed.")
    assert "07700" not in (await participant.page()).partition('id="unseen"')[0]
    await button(page, "#queue", "Leave out").tap()
    await expect(page.locator("#queue")).to_contain_text("Nothing waits.")
    await button(page, "#way-back", "Undo").tap()
    await answered(page, "Taken back.")
    await button(page, "#queue", "Leave out").tap()
    await expect(page.locator("#queue")).to_contain_text("Nothing waits.")


async def change_plan(page: Page) -> None:
    """Pause and go on; extend, and take it back; post as the bot; skip a question, and take that back in the log."""
    await page.tap("#do-pause")
    await expect(page.locator("#upcoming")).to_contain_text("Next: Q2, once you go on")
    await page.tap("#do-pause")
    await expect(page.locator("#do-pause")).to_have_text("Pause")
    await page.tap("#do-extend")
    await answered(page, "13:05")
    await button(page, "#way-back", "Undo").tap()
    await answered(page, "Taken back.")
    await page.tap("#saying > summary")
    await page.fill("#do-say", "A short word from the host")
    await button(page, "#saying", "Say it").tap()
    await expect(page.locator(".post", has_text="A short word from the host")).to_be_visible()
    await page.tap("#move-q3 > summary")
    await button(page, "#move-q3", "Skip").tap()
    await expect(page.locator("#step-q3")).to_contain_text("Left out")
    await button(page, "#log", "Undo").tap()
    await expect(page.locator("#step-q3")).to_contain_text("Coming")
    await under_the_thumb(page)


async def hand_over(page: Page, cas: Page) -> None:
    """Cas, who is in the room, leads from their own page at once; the host takes it back."""
    await page.get_by_role("link", name="Hand over…").tap()
    await page.get_by_role("button", name="Hand over to Cas Pretend").tap()
    await answered(page, "Cas Pretend leads now")
    await expect(page.locator("#leading")).to_contain_text("Cas Pretend (handed over)")
    await cas.tap("#lead-near")
    await expect(cas.locator("#upcoming")).to_contain_text("Question 2?")
    await cas.tap("#do-next")
    await expect(page.locator("#now")).to_contain_text("Question 2?")
    await expect(page.locator("#way-back")).to_contain_text("Cas Pretend: next")
    await expect(page.locator("#upcoming")).to_contain_text("Question 3?")
    await page.get_by_role("link", name="Hand over…").tap()
    await page.get_by_role("button", name="Take the lead back from all").tap()
    await answered(page, "The lead is taken back from Cas Pretend.")


async def close(page: Page) -> None:
    """End the chat, and confirm it."""
    await page.tap("#more > summary")
    await button(page, "#more", "End the chat…").tap()
    await button(page, "#sure", "Yes, do it").tap()
    await expect(page.locator("#status")).to_contain_text("Over")
    await expect(page.locator("#controls")).to_contain_text("This chat is over.")


async def test_an_hour_is_hosted_with_one_thumb(browser: Browser, tmp_path: Path) -> None:
    wrong, refused, chat = list[str](), list[str](), a_chat(questions=4, name="pretend/hosted")
    async with rehearsing(chat, Settings(), speed=SPEED, port=0, folder=tmp_path) as rehearsal:
        page = await open_phone(browser, await rehearsal.create_host_link("Pretend Host"), wrong)
        cas = await open_phone(browser, rehearsal.address, refused)
        await join(cas, "Cas Pretend")
        await expect(page.locator("#do-next")).to_be_visible()
        with rehearsal.clock.held():
            await expect(page.locator("#upcoming")).to_contain_text("Next: Q1 at 12:10")
            await under_the_thumb(page)
            await page.tap("#do-next")
            await expect(page.locator("#q1 > h2")).to_contain_text("Question 1?")
            async with BrowserClient(rehearsal.room, chat.name, "Pretend participant A") as participant:
                await participant.join()
                await decide(page, participant)
            await change_plan(page)
        await pass_time(rehearsal, 10)  # a question that was asked only just now is not followed by another
        with rehearsal.clock.held():
            await hand_over(page, cas)
            await cas.tap("#do-next")
            await expect(cas.locator("#receipt")).to_contain_text("The lead was taken back")
            assert [one for one in refused if "404" not in one] == []
            await page.fill("#text", "A2 from the host")
            await page.tap("#say button")
            await expect(page.locator("#q2 .entry", has_text="A2 from the host")).to_contain_text("Host")
            await close(page)
        for one in (page, cas):
            await one.context.close()  # before the room closes: a page that is still open asks it for news
        commands = [one.text.split()[0] for _, one in await rehearsal.events() if isinstance(one, Command)]
    assert wrong == []
    assert commands == [
        *("next", "approve", "drop", "undo", "drop"),
        *("pause", "resume", "extend", "undo", "say", "skip", "undo"),
        *("handover", "next", "lead", "end", "end"),
    ]
