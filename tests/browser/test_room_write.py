"""Writing in the room, in a real browser: the form within reach, replies where the message stands, drafts kept."""

from __future__ import annotations

import msgspec
import pytest
from playwright.async_api import Page, Route, expect

from adapters.room.platform import Room
from bot.messages import Deleted, Edited
from tests.browser.conftest import Opened, PageErrors, join, watching
from tests.browser.test_room_access import PHONE
from tests.fakes.ports import CHAT, FakeCore, chat_view

pytestmark = pytest.mark.asyncio(loop_scope="session")

IN_VIEW = """(one) => {
  const box = document.querySelector(one).getBoundingClientRect(), dock = document.getElementById("dock");
  const below = document.querySelector(one).closest("#dock") ? innerHeight : dock.getBoundingClientRect().top;
  const bar = document.getElementById("now").getBoundingClientRect();
  return box.height > 0 && box.top >= (bar.top <= 8 ? bar.bottom : 0) - 1 && box.bottom <= below + 1;
}"""


async def in_view(page: Page, one: str) -> bool:
    """Whether an element is on the screen, with nothing over it."""
    return bool(await page.evaluate(IN_VIEW, one))


async def position(page: Page) -> float:
    """How far the page is scrolled."""
    return float(await page.evaluate("scrollY"))


async def press_post_at_the_end(page: Page) -> None:
    """At the page's end, with the mouse, from outside the form: it must not move from under the pointer."""
    await page.evaluate("document.activeElement.blur(), scrollTo(0, document.body.scrollHeight)")
    await page.click("#say button", delay=50)


async def post_and_lose_the_answer(page: Page, text: str) -> None:
    """Post a message that arrives, and lose what the server says to that."""

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/say", lose)
    await page.fill("#text", text)
    await page.click("#say button")
    await page.wait_for_selector("#wrong >> text=did not reach us")
    await page.unroute("**/say")


@pytest.fixture
def long_chat(core: FakeCore) -> None:
    """Some screens of answers."""
    for number in range(20, 80):
        core.add_message(str(number), f"A1 answer number {number}", name="Pretend participant B")


@pytest.mark.usefixtures("long_chat")
async def test_a_reply_is_written_where_the_message_stands(core: FakeCore, open_page: Opened) -> None:
    page = await open_page(viewport=PHONE)
    await join(page)
    await watching(page)
    await page.evaluate("document.getElementById('m-x-40').scrollIntoView({block: 'center'})")
    place = await position(page)
    assert await in_view(page, "#text")
    await page.click("#m-x-40 [data-reply]")
    assert await page.evaluate("document.activeElement.id") == "text"
    assert await in_view(page, "#m-x-40")
    assert await in_view(page, "#replying")
    assert abs(await position(page) - place) < PHONE["height"] / 2
    await page.keyboard.type("How was it?")
    await page.click("#say button")
    await expect(page.locator("#sent")).to_have_text("Posted under Q1 · See it")
    assert core.heard()[-1].reply_to == "40"
    assert await page.evaluate("document.activeElement.closest('.entry').id") == "m-x-40"
    assert await in_view(page, "#m-x-40 [data-reply]")
    assert await in_view(page, "#sent")
    await page.click("#sent a")
    assert await in_view(page, f"#m-room-{core.heard()[-1].id}")


@pytest.mark.usefixtures("long_chat")
async def test_the_form_is_near_by_keyboard_says_why_something_is_held_and_forgets_on_leaving(
    core: FakeCore, room: Room, open_page: Opened
) -> None:
    page = await open_page(viewport=PHONE)
    await join(page)
    await expect(page.locator("#text")).to_be_focused()
    await page.goto(page.url.partition("#")[0])
    stops = 0
    while await page.evaluate("document.activeElement.id") != "text":
        await page.keyboard.press("Tab")
        stops += 1
        assert stops <= 8
    await page.evaluate("document.getElementById('m-x-40').scrollIntoView()")
    place = await position(page)
    await page.evaluate("document.querySelectorAll('.skip')[2].focus({preventScroll: true})")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "text"
    assert await position(page) == place

    token = await page.input_value("#say [name=token]")
    core.held.add(str(room._app.sessions._tokens.loads(token)[1]))
    await page.fill("#text", "A1 somebody I know")
    await page.click("#say button")
    await expect(page.locator("#sent")).to_contain_text("Only you see it for now: a moderator looks at it first")
    assert await in_view(page, "#sent")
    await page.click("#sent a")
    assert await in_view(page, "#unseen-h")
    assert await in_view(page, "#unseen > p")

    await page.fill("#text", "for my eyes only")
    assert "for my eyes only" in await page.evaluate("JSON.stringify(localStorage)")
    await page.click(".ways-out summary")
    await page.click("text=Leave the chat")
    await page.wait_for_selector("#name")
    assert await page.evaluate("localStorage.length") == 0


async def test_a_draft_survives_and_is_posted_once(core: FakeCore, open_page: Opened, page_errors: PageErrors) -> None:
    page_errors.expected = ("net::ERR", "ERR_INTERNET")
    page = await open_page()
    await join(page)
    await page.fill("#text", "A1 mine")
    await press_post_at_the_end(page)
    await page.wait_for_selector(".mine")
    own = core.heard()[-1].id
    await page.click("#m-x-3 [data-reply]")
    await page.keyboard.type("half a thought")

    async def is_there(page: Page) -> None:
        await expect(page.locator("#text")).to_have_value("half a thought")
        assert await page.inner_text("#whom") == "Pretend participant B"
        assert await page.input_value("#say [name=reply]") == "x/3"

    core.add_post("q2", "Q2. Which platforms do you use, and why? #OTalk")
    await page.wait_for_selector("#q2")
    await is_there(page)
    await page.click(f"#m-room-{own} >> text=Edit")
    await page.fill("#text", "A1 mine, but better")
    await page.reload()
    assert await page.input_value("#text") == "A1 mine, but better"
    await page.click("text=Save")
    await is_there(page)
    await page.goto(page.url.partition("#")[0] + f"/edit/{own}")
    assert await page.input_value("#text") == "A1 mine, but better"
    await page.go_back()
    await is_there(page)
    await page.reload()
    await is_there(page)
    other = await page.context.new_page()
    await page.close()
    await other.goto(page.url.partition("#")[0])
    await is_there(other)
    await other.context.set_offline(offline=True)
    await other.click("#say button")
    await other.wait_for_selector("#wrong >> text=did not reach us")
    await is_there(other)
    await other.context.set_offline(offline=False)
    await other.reload()
    await is_there(other)
    await other.click("#say button")
    await other.wait_for_selector("#sent a")
    assert [one.reply_to for one in core.heard() if one.text == "half a thought"] == ["3"]
    await other.reload()
    await expect(other.locator("#text")).to_have_value("")
    assert await other.is_hidden("#replying")

    await post_and_lose_the_answer(other, "A1 only once")
    await other.reload()
    await other.click("#say button")
    await other.wait_for_selector("#sent a")
    assert [one.text for one in core.heard()].count("A1 only once") == 1


async def test_earlier_answers_come_where_they_belong(core: FakeCore, open_page: Opened) -> None:
    for number in range(100, 250):
        core.clock.move(seconds=1)
        core.add_message(str(number), f"A1 answer number {number}", name="Pretend participant B")
    page = await open_page()
    assert await page.query_selector("#m-x-170") is None
    await page.evaluate("document.getElementById('q1').scrollIntoView()")
    place = "document.getElementById('q1').getBoundingClientRect().top"
    before = await page.evaluate(place)
    await page.click("[data-earlier=q1]")
    await page.wait_for_selector("#m-x-170")
    assert await page.evaluate(place) == pytest.approx(before, abs=2)
    assert await in_view(page, "#q1 .entry:focus")
    ids = await page.eval_on_selector_all("#q1 .entry", "all => all.map((one) => Number(one.id.slice(4)))")
    assert ids == sorted(ids)
    core.add_event(Deleted(place="x", at=core.clock.now(), id="171"))
    await page.wait_for_selector("#m-x-171", state="detached")
    core.add_post("q2", "Q2. And now? #OTalk")
    await page.wait_for_selector("#q2")
    core.add_event(Edited(place="x", at=core.clock.now(), id="172", text="Changed my mind"))
    await page.wait_for_selector("#m-x-172 >> text=Changed my mind")
    assert await page.query_selector("#m-x-170")
    assert page.url.endswith(CHAT)


async def test_what_people_ask_about_themselves_leads_to_its_page_and_is_no_draft(
    core: FakeCore, open_page: Opened
) -> None:
    page = await open_page(viewport=PHONE)
    await join(page)
    await page.fill("#text", "Please forget me")
    await page.click("#say button")
    await page.wait_for_url(f"**/{CHAT}/mine#erase")
    await expect(page.locator("[role=status]")).to_contain_text("You said Please forget me.")
    await page.go_back()
    await page.reload()
    assert await page.input_value("#text") == ""
    assert "forget me" not in [one.text.casefold()[-9:] for one in core.heard()]


async def test_asking_without_a_name(core: FakeCore, room: Room, open_page: Opened) -> None:
    core.add_chat(msgspec.structs.replace(chat_view(), unnamed=True))
    page = await open_page(viewport=PHONE)
    await page.click("text=Or ask without a name")
    assert await in_view(page, "#quiet")
    await page.fill("#quiet", "May I ask this?")
    await page.reload()
    assert await page.input_value("#quiet") == "May I ask this?"
    core.held.add(str(room._app.sessions._tokens.loads(await page.input_value(".quietly [name=token]"))[1]))
    await page.click("text=Send")
    await expect(page.locator("#sent")).to_contain_text("Only you see it for now")
    assert await page.input_value("#quiet") == ""
    await join(page)
    await page.fill("#text", "A1 nor this under my name")
    await page.check("#say [name=unnamed]")
    await page.click("#say button")
    await page.wait_for_selector("#q1 .mine >> text=Somebody")
    assert not await page.is_checked("#say [name=unnamed]")
    first, second = core.heard()[-2:]
    assert first.unnamed
    assert second.unnamed
    assert first.author.id != second.author.id, "who joins is somebody else than who did not"
