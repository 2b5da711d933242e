"""The room in a real browser: without JavaScript, and with two participants at once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from adapters.room.platform import Room
from bot.messages import Deleted, Edited, Joined
from tests.browser.conftest import Opened, PageErrors, join, watching
from tests.browser.test_room_access import PHONE
from tests.fakes.ports import CHAT, FakeCore, chat_view

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACE = "document.getElementById('text').getBoundingClientRect().top"
WRITING = """() => {
  const one = document.getElementById("text");
  return [document.activeElement === one, one.value, one.selectionStart];
}"""


async def announced(page: Page, words: str) -> None:
    """Wait until the live region has this text."""
    await expect(page.locator("#said")).to_contain_text(words)


async def writing(page: Page, text: str = "half a tho") -> list[object]:
    """Type half a text, and leave the cursor in the middle."""
    await page.click("#text")
    await page.keyboard.type(text)
    await page.keyboard.press("ArrowLeft")
    return list(await page.evaluate(WRITING))


async def test_everything_works_without_javascript(core: FakeCore, room: Room, open_page: Opened) -> None:
    page = await open_page(java_script_enabled=False)
    await join(page)
    assert await page.is_hidden("#live")
    await page.fill("#text", "A1 by post")
    await page.click("#say button")
    own = core.heard()[-1]
    assert (own.text, own.reply_to) == ("A1 by post", "post-q1")
    assert page.url == f"{room.address}/{CHAT}?posted={own.id}#m-room-{own.id}"
    assert await page.inner_text("#sent") == "Posted under Q1 · See it"
    await page.click("#m-x-3 >> text=Reply")
    assert "We run group number 3" in await page.inner_text("#replying")
    await page.fill("#text", "How was it?")
    await page.click("#say button")
    reply = core.heard()[-1]
    assert reply.reply_to == "3"
    assert "in reply to Pretend participant B" in await page.inner_text(f"#m-room-{reply.id}")
    await page.click(f"#m-room-{reply.id} >> text=Edit")
    await page.fill("#text", "How was it then?")
    await page.click("text=Save")
    assert "How was it then?" in await page.inner_text(f"#m-room-{reply.id}")
    assert "edited" in await page.inner_text(f"#m-room-{reply.id}")
    await page.click(f"#m-room-{reply.id} >> text=Delete")
    await page.click("text=Delete it")
    assert await page.query_selector(f"#m-room-{reply.id}") is None
    await page.click(".ways-out summary")
    await page.click("text=You and the record")
    await page.click("main button[value=out]")
    assert "You are left out" in await page.inner_text("#answer")
    assert await page.query_selector(f"#m-room-{own.id}") is None


async def test_an_answer_appears_on_the_other_page_without_disturbing_its_form(
    core: FakeCore, open_page: Opened
) -> None:
    one, other = await open_page(), await open_page()
    for page, name in ((one, "Pretend participant A"), (other, "Pretend participant D")):
        await join(page, name)
        await watching(page)
    before, place = await writing(other), await other.evaluate(PLACE)
    await one.fill("#text", "A1 hello over there")
    await one.click("#say button")
    await other.wait_for_selector("#q1 >> text=A1 hello over there")
    assert await other.evaluate(WRITING) == before
    assert await other.evaluate(PLACE) == pytest.approx(place, abs=2)
    await announced(other, "1 new answer")
    await expect(one.locator("#sent")).to_have_text("Posted under Q1 · See it")
    own = core.heard()[-1].id
    assert await one.is_visible(f"#m-room-{own} >> text=Edit")
    assert await other.is_hidden(f"#m-room-{own} >> text=Edit")
    assert await other.inner_text("[data-count=q1]") == "8"


async def test_whoever_is_handed_the_lead_sees_the_way_to_the_controls_where_they_read(
    core: FakeCore, open_page: Opened
) -> None:
    page, other = await open_page(viewport=PHONE), await open_page()
    for one, name in ((page, "Pretend participant A"), (other, "Pretend participant D")):
        await join(one, name)
        await watching(one)
    cas = next(one.author for one in core.events if isinstance(one, Joined))
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    core.add_chat(replace(chat_view(), leaders=(("room", cas.id),)))
    await expect(page.locator("#sent")).to_contain_text("You were handed the lead")
    await expect(page.locator("#lead-near")).to_be_in_viewport()
    assert await page.get_attribute("#lead-near", "href") == f"/{CHAT}/host"
    core.add_chat(chat_view())
    await expect(page.locator("#lead-near")).to_have_count(0)
    assert await other.inner_text("#sent") == ""


async def test_edits_and_deletions_are_followed(core: FakeCore, open_page: Opened) -> None:
    page = await open_page()
    await watching(page)
    core.add_event(Edited(place="x", at=core.clock.now(), id="3", text="Changed my mind"))
    await page.wait_for_selector("#m-x-3 >> text=Changed my mind")
    core.add_event(Deleted(place="x", at=core.clock.now(), id="3"))
    await page.wait_for_selector("#m-x-3", state="detached")
    assert await page.inner_text("#said") == ""


async def test_a_new_question_appears_without_disturbing_the_form(core: FakeCore, open_page: Opened) -> None:
    page = await open_page()
    await join(page)
    await watching(page)
    before = await writing(page)
    core.add_post("q2", "Q2. Which platforms do you use, and why? #OTalk")
    await page.wait_for_selector("#q2")
    await announced(page, "Question 2: Which platforms")
    assert await page.evaluate(WRITING) == before
    assert "Which platforms" in await page.inner_text("#now")
    assert await page.input_value("#to") == "q1"
    assert "Q2 (current)" in await page.inner_text("#to option >> nth=0")
    await page.click("#say button")
    await page.wait_for_selector("#q1 .mine")
    core.add_message("50", "A2 the first", name="Pretend participant B")
    await page.wait_for_selector("#q2 #m-x-50")
    assert await page.is_hidden("#q2 .none")


async def test_updates_can_be_paused(core: FakeCore, open_page: Opened) -> None:
    page = await open_page()
    await watching(page)
    await page.click("text=Pause live updates")
    assert await page.inner_text("#link") == "Live updates are paused"
    core.add_message("70", "said meanwhile")
    await page.click("text=Resume live updates")
    await page.wait_for_selector("#m-x-70")
    await announced(page, "1 new answer")


async def test_many_answers_are_one_announcement(core: FakeCore, open_page: Opened) -> None:
    page = await open_page()
    await watching(page)
    await page.evaluate(
        """window.told = [];
        new MutationObserver(() => told.push(document.getElementById("said").textContent))
          .observe(document.getElementById("said"), {childList: true, characterData: true, subtree: true})"""
    )
    for number in range(100, 112):
        core.add_message(str(number), "another one")
    await page.wait_for_selector("#m-x-111")
    await announced(page, "12 new answers")
    assert len(await page.evaluate("told")) == 1


async def test_a_refusal_keeps_the_text_and_says_why(
    core: FakeCore, open_page: Opened, page_errors: PageErrors
) -> None:
    page_errors.expected = ("503",)
    page = await open_page()
    await join(page)
    core.broken = True
    await page.fill("#text", "a long thought")
    await page.click("#say button")
    await page.wait_for_selector("#wrong >> text=We could not save that")
    assert await page.input_value("#text") == "a long thought"
    core.broken = False
    await page.click("#say button")
    await page.wait_for_selector(".mine >> text=a long thought")
    assert [one.text for one in core.heard()].count("a long thought") == 1
    assert await page.inner_text("#wrong") == ""


async def test_a_lost_connection_is_announced(room: Room, open_page: Opened, page_errors: PageErrors) -> None:
    page_errors.expected = ("net::ERR",)
    page = await open_page()
    await watching(page)
    await room.close()
    await page.wait_for_selector("#link >> text=Connection lost")


async def test_an_open_page_gets_its_form_when_the_chat_opens(core: FakeCore, open_page: Opened) -> None:
    core.clock.move(days=-1)
    core.bot_posts.clear()
    page = await open_page()
    await watching(page)
    assert "Not open yet" in await page.inner_text("#answer")
    core.clock.move(days=1)
    core.wake_up("state")
    await page.wait_for_selector("#name")
    assert await page.evaluate("getComputedStyle(document.getElementById('dock')).position") == "sticky"
    await join(page)


async def test_hostile_text_is_escaped(core: FakeCore, open_page: Opened) -> None:
    page = await open_page()
    await watching(page)
    core.add_message("66", "<img src=x onerror=alert(1)>\n\u202eesrever <script>alert(1)</script>", name="<b>B</b>")
    await page.wait_for_selector("#m-x-66")
    assert "<script>alert(1)</script>" in await page.inner_text("#m-x-66 .text")
    assert await page.inner_text("#m-x-66 .name") == "<b>B</b>"
    assert await page.query_selector("#m-x-66 img") is None
