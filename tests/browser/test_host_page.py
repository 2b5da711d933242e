"""The host's page in a real browser: accessibility rules, phones, the keyboard, with and without JavaScript."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from adapters.room.platform import Room
from bot.commands.kept_texts import StoredKeptTexts
from bot.messages import Message
from bot.ports.commands import Answer, LinkAccess
from bot.ports.views import PersonView
from bot.store.database import Database
from tests.adapters.conftest import make_room
from tests.browser.conftest import Opened, PageErrors, join, tab_to, watching
from tests.browser.test_room_access import DESKTOP, NARROW, PHONE, ZOOMED, resize, too_wide, violations_in_all_forms
from tests.fakes.ports import CHAT, FakeCore, author, chat_view, dashboard

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = "the-key-of-a-private-link"
LINK = f"/host/{KEY}"
ADDRESS = f"/{CHAT}/host"
ANSWER = "Q2 is asked now. Q3 at 20:31, closing still at 21:00."


@pytest.fixture(autouse=True)
def host_link(core: FakeCore) -> None:
    """A host with a private link, and answers to some commands."""
    core.commands.links[KEY] = LinkAccess(id="bodega", chat=CHAT, name="Pretend Host", role="host")
    core.commands.dashboards[CHAT] = dashboard()
    core.commands.answers["next"] = Answer(text=ANSWER, done=True)
    core.commands.answers["end"] = Answer(text="Really close the chat now?", confirm="end yes")
    core.commands.answers["end yes"] = Answer(text="The chat is closed.", done=True)


def change_dashboard(core: FakeCore, **changes: Any) -> None:  # noqa: ANN401 -- the fields of a dashboard
    """Change something that only hosts and moderators see."""
    core.commands.dashboards[CHAT] = dashboard(**changes)
    core.wake_up("queue")


async def answered(page: Page, words: str) -> None:
    """Wait until the answer is shown, in an element that screen readers announce."""
    await expect(page.locator("#receipt[role=status]")).to_contain_text(words)


# Accessibility ---------------------------------------------------------------------------------------------


STATES: dict[str, dict[str, Any]] = {
    "live": {},
    "paused": {"paused": True, "hold_all": True, "slow": 30},
    "coming": {"chat_view": chat_view(state="coming"), "queue": (), "log": ()},
    "over": {"chat_view": chat_view(state="over")},
    "empty": {"queue": (), "log": (), "steps": (), "places": ()},
}
PRESSED = {
    "answered": ["#do-next"],
    "open": [
        "#saying > summary",
        "#more > summary",
        "#move-q2 > summary",
        "#held-1-before > summary",
        ".tools > summary",
    ],
    "sure": ["#more > summary", "text=End the chat"],
}


async def test_no_rule_is_broken(browser: Browser, core: FakeCore, room: Room, axe: str) -> None:
    # the policy is set aside for the scan only: the rules are a script that is not ours
    context = await browser.new_context(bypass_csp=True, viewport=PHONE, reduced_motion="reduce")
    await context.add_init_script(axe)
    page = await context.new_page()
    broken = {}
    await page.goto(room.address + LINK)
    for name, changes in STATES.items():
        core.commands.dashboards[CHAT] = dashboard(**changes)
        await page.goto(room.address + ADDRESS)
        broken[name] = await violations_in_all_forms(page)
    core.commands.dashboards[CHAT] = dashboard()
    for name, pressed in PRESSED.items():
        await page.goto(room.address + ADDRESS)
        await watching(page)
        for one in pressed:
            await page.locator(one).first.click()
        if name != "open":
            await expect(page.locator("#receipt .answer")).to_be_visible()
        broken[name] = await violations_in_all_forms(page)
    core.commands.links.there = (
        PersonView(place="x", called="X", author=author("Pretend participant B"), at=core.clock.now()),
    )
    await page.goto(f"{room.address}{ADDRESS}/over")
    broken["handing over"] = await violations_in_all_forms(page)
    await page.goto(f"{room.address}{ADDRESS}/review")
    broken["looking over"] = await violations_in_all_forms(page)
    await page.goto(f"{room.address}/host/nothing")
    broken["refused"] = await violations_in_all_forms(page)
    await context.close()
    assert {name: found for name, found in broken.items() if found} == {}


async def test_nothing_scrolls_sideways(core: FakeCore, room: Room, open_page: Opened) -> None:
    sizes = (PHONE, NARROW, ZOOMED)
    core.add_message("9", "a" * 900, name="W" * 40)
    core.commands.answers["next"] = Answer(text="W" * 600, done=True)
    page = await open_page(LINK, viewport=PHONE)
    for name, changes in STATES.items():
        core.commands.dashboards[CHAT] = dashboard(**changes)
        await page.goto(room.address + ADDRESS)
        assert await too_wide(page, *sizes) == [], name
    core.commands.dashboards[CHAT] = dashboard()
    for size in sizes:  # each time anew, for a small screen shows an answer elsewhere
        await page.set_viewport_size(size)
        await page.goto(room.address + ADDRESS)
        for one in (*PRESSED["open"], "#do-next"):
            await page.locator(one).first.click()
        await answered(page, "W" * 600)
        assert await too_wide(page, size) == []
    await page.goto(f"{room.address}{ADDRESS}/review")
    assert await too_wide(page, *sizes) == []
    for size in sizes:
        await resize(page, size)
        await page.emulate_media(media="print")
        assert await page.is_visible("#waiting-h"), size
        await page.emulate_media(media="screen")


async def test_on_a_phone_the_buttons_are_big_and_the_question_stays_visible(open_page: Opened) -> None:
    page = await open_page(LINK, viewport=PHONE)
    for one in ("#do-next", "#do-pause", "#do-extend", "#saying > summary", "#more > summary"):
        box = await page.locator(one).bounding_box()
        assert box is not None
        assert box["height"] >= 48, one
    await page.click("#more > summary")
    heights = await page.evaluate(
        "[...document.querySelectorAll('#console button, #console select, #console input:not([type=hidden])')]"
        ".filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().height)"
    )
    assert len(heights) > 20
    assert min(heights) >= 48
    await page.locator("#log").scroll_into_view_if_needed()
    await expect(page.locator("#now")).to_be_in_viewport(ratio=0.9)
    await page.set_viewport_size({"width": 360, "height": 640})
    await page.evaluate("scrollTo(0, 0)")
    await page.click("#do-next")
    await answered(page, "Q2 is asked now.")
    await expect(page.locator("#way-back")).to_be_visible()
    assert await page.evaluate(
        "document.getElementById('way-back').getBoundingClientRect().bottom"
        " <= document.getElementById('reach').getBoundingClientRect().top"
    )


async def test_the_focus_is_visible_and_never_covered(open_page: Opened) -> None:
    page = await open_page(LINK, viewport=PHONE)
    await watching(page)
    await page.click("#do-next")
    await answered(page, ANSWER)
    for size in (PHONE, DESKTOP):
        await resize(page, size)
        await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        assert await focused(page) > 40, size


async def focused(page: Page) -> int:
    """Press Tab until the focus is back at an element where it was; return at how many it was."""
    seen = set[str]()
    for _ in range(120):
        await page.keyboard.press("Tab")
        focus = await page.evaluate(
            """() => {
              const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
              const bar = document.querySelector(".deck").getBoundingClientRect();
              const all = [...document.querySelectorAll("*")];
              return {screen: innerWidth, what: `${all.indexOf(one)} ${one.outerHTML.slice(0, 90)}`,
                body: one === document.body,
                outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3,
                covered: !one.closest(".deck, .skips") && box.top < bar.bottom && box.bottom > bar.top,
                outside: box.bottom < 0 || box.top > innerHeight};
            }"""
        )
        if focus["body"]:
            continue
        if focus["what"] in seen:
            break
        seen.add(focus["what"])
        assert (focus["outline"], focus["covered"], focus["outside"]) == (True, False, False), focus
    return len(seen)


# With the keyboard, without JavaScript ---------------------------------------------------------------------


async def test_a_chat_can_be_hosted_with_the_keyboard(core: FakeCore, open_page: Opened) -> None:
    page = await open_page(LINK)
    await watching(page)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the controls"
    await tab_to(page, "#do-next")
    await page.keyboard.press("Enter")
    await answered(page, ANSWER)
    assert await page.evaluate("document.activeElement.id") == "do-next"

    await tab_to(page, "#saying > summary")
    await page.keyboard.press("Enter")
    await tab_to(page, "#do-say")
    await page.keyboard.type("A short break")
    await tab_to(page, "#saying button")
    core.commands.answers["say A short break"] = Answer(text="Said in 3 places.", done=True)
    await page.keyboard.press("Enter")
    await answered(page, "Said in 3 places.")
    assert await page.evaluate("document.activeElement.matches('#saying > summary')")

    await tab_to(page, "button[value='approve 1']")
    core.commands.dashboards[CHAT] = dashboard(queue=())
    await page.keyboard.press("Space")
    await answered(page, "approve 1")
    await expect(page.locator("#queue")).to_contain_text("Nothing waits.")
    assert await page.evaluate("document.activeElement.id") == "queue-h"

    await tab_to(page, "#do-line", back=True)
    await page.keyboard.type("end")
    await page.keyboard.press("Enter")
    await answered(page, "Really close the chat now?")
    await expect(page.locator("#sure button").first).to_be_focused()
    await page.keyboard.press("Enter")
    await answered(page, "The chat is closed.")
    assert [one.text for one in core.commands.received] == ["next", "say A short break", "approve 1", "end", "end yes"]


async def test_everything_works_without_javascript(core: FakeCore, room: Room, open_page: Opened) -> None:
    page = await open_page(LINK, java_script_enabled=False, viewport=PHONE)
    assert page.url == room.address + ADDRESS
    assert KEY not in await page.content()
    await page.click("#do-next")
    assert page.url == f"{room.address}{ADDRESS}#receipt"
    assert ANSWER in await page.inner_text("#receipt")
    await page.click("#saying > summary")
    await page.fill("#do-say", "We go on")
    await page.select_option("#do-where", "x")
    await page.click("text=Say it")
    await page.click("#move-q3 > summary")
    await page.fill("#at-q3", "20:45")
    await page.click("#move-q3 >> text=Move >> nth=1")
    await page.click("button[value='approve 1']")
    await page.click("#m-x-3 summary")
    await page.click("#m-x-3 >> text=Leave out")
    await page.click("#m-x-3 summary")
    await page.click("#m-x-3 >> text=Mute author")
    await page.fill("#do-line", "skip q4 please")
    await page.click("text=Send")
    await page.click("text=Undo")
    await page.click("#more > summary")
    await page.click("text=End the chat")
    await page.click("text=Yes, do it")
    assert "The chat is closed." in await page.inner_text("#receipt")
    assert [one.text for one in core.commands.received] == [
        "next",
        "say in x We go on",
        "at q3 20:45",
        "approve 1",
        "hide x/3",
        "mute x/Pretend participant B",
        "skip q4 please",
        "undo 17",
        "end",
        "end yes",
    ]
    await page.fill("#text", "A1 from the host")
    await page.click("#say button")
    own = core.heard()[-1]
    assert (own.text, own.author.id) == ("A1 from the host", "link-bodega")
    assert page.url == f"{room.address}{ADDRESS}#m-room-{own.id}"
    await page.click(f"#m-room-{own.id} >> text=Edit")
    await page.fill("#text", "A1 from the host, corrected")
    await page.click("text=Save")
    assert "corrected" in await page.inner_text(f"#m-room-{own.id}")
    assert page.url.startswith(room.address + ADDRESS)


# Questions back, and replies -------------------------------------------------------------------------------


async def test_what_is_asked_about_stands_in_the_sheet_on_a_small_phone(core: FakeCore, open_page: Opened) -> None:
    (held,) = dashboard().queue
    long = msgspec.structs.replace(held.message, text=f"{held.message.text} {'And so it went on. ' * 60}")
    change_dashboard(core, queue=(msgspec.structs.replace(held, message=long),))
    asked = "That may tell who a patient is: a phone number. Let everybody read it?"
    core.commands.answers["approve 1"] = Answer(text=asked, confirm="approve 1 yes")
    page = await open_page(LINK, viewport={"width": 360, "height": 640}, has_touch=True)
    await watching(page)
    await page.click("button[value='approve 1']")
    await answered(page, asked)
    for one in ("#receipt .answer", "#sure .text", "#sure button >> nth=0", "#sure button >> nth=1"):
        await expect(page.locator(one).first).to_be_in_viewport(ratio=1)
        assert await on_top(page, one), one


async def middle(page: Page, one: str) -> tuple[float, float]:
    """The middle of an element on the screen."""
    box = await page.locator(one).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def on_top(page: Page, one: str) -> bool:
    """Whether nothing lies over the middle of an element."""
    found = await page.evaluate_handle("(at) => document.elementFromPoint(...at)", await middle(page, one))
    return bool(await page.locator(one).first.evaluate("(one, found) => one.contains(found)", found))


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_host_replies_where_the_message_stands(core: FakeCore, open_page: Opened, size: ViewportSize) -> None:
    for number in range(20, 80):
        core.add_message(str(number), f"A1 answer number {number}", name="Pretend participant B")
    page = await open_page(LINK, viewport=size)
    await watching(page)
    await page.evaluate("document.getElementById('m-x-40').scrollIntoView({block: 'center'})")
    place = await page.evaluate("scrollY")
    await page.click("#m-x-40 [data-reply]")
    await expect(page.locator("#text")).to_be_focused()
    for one in ("#m-x-40 .text", "#replying", "#text", "#say button"):
        await expect(page.locator(one).first).to_be_in_viewport(ratio=1)
        assert await on_top(page, one), one
    assert abs(await page.evaluate("scrollY") - place) < size["height"] / 2
    await page.keyboard.type("How was it?")
    await page.mouse.click(*await middle(page, "#say button"))  # `page.click` would scroll first
    await expect(page.locator("#sent")).to_contain_text("Posted under Q1")
    assert core.heard()[-1].reply_to == "40"
    await expect(page.locator("#sent")).to_be_in_viewport(ratio=1)
    assert await on_top(page, "#sent")
    assert await page.evaluate("document.activeElement.closest('.entry').id") == "m-x-40"
    await expect(page.locator("#m-x-40 .text")).to_be_in_viewport(ratio=1)
    if size == PHONE:
        assert await on_top(page, "#do-next")


# Live updates ----------------------------------------------------------------------------------------------


async def test_the_heading_that_a_link_leads_to_is_not_covered(open_page: Opened) -> None:
    page = await open_page(LINK, viewport=PHONE)
    await watching(page)
    await page.click("#chips a")
    bar, heading = await page.locator(".deck").bounding_box(), await page.locator("#queue-h").bounding_box()
    assert bar is not None
    assert heading is not None
    assert heading["y"] >= bar["y"] + bar["height"]


async def test_a_changed_dashboard_is_shown_without_disturbing_a_form(core: FakeCore, open_page: Opened) -> None:
    page = await open_page(LINK)
    await watching(page)
    await page.click("#more > summary")
    await page.click("#move-q2 > summary")
    await page.fill("#at-q2", "20:40")
    await page.fill("#do-add", "What of those who cannot see?")
    await page.press("#do-add", "ArrowLeft")
    where = "[document.activeElement.id, document.activeElement.selectionStart, document.activeElement.value]"
    before = await page.evaluate(where)
    change_dashboard(core, paused=True, queue=())
    await expect(page.locator("#chips")).to_contain_text("Paused")
    await expect(page.locator("#do-pause")).to_have_text("Resume")
    await expect(page.locator("#queue")).to_contain_text("Nothing waits.")
    assert await page.evaluate(where) == before
    assert await page.input_value("#at-q2") == "20:40"
    assert await page.is_visible("#do-add")
    assert await page.is_visible("#at-q2")


async def test_a_longer_queue_does_not_move_what_is_being_read(core: FakeCore, open_page: Opened) -> None:
    core.commands.dashboards[CHAT] = dashboard(queue=())
    page = await open_page(LINK, viewport=PHONE)
    await watching(page)
    await page.locator("#m-x-5").scroll_into_view_if_needed()
    place = "document.getElementById('m-x-5').getBoundingClientRect().top"
    before = await page.evaluate(place)
    change_dashboard(core)
    await expect(page.locator("#queue .held")).to_have_count(1)
    assert await page.evaluate(place) == pytest.approx(before, abs=3)


async def test_a_new_message_can_be_moderated(core: FakeCore, open_page: Opened) -> None:
    page = await open_page(LINK)
    await watching(page)
    core.add_message("99", "something new", name="Pretend participant D")
    await page.click("#m-x-99 summary")
    await page.click("#m-x-99 >> text=Mute author")
    await answered(page, "mute x/Pretend participant D")
    await page.click("#m-x-99 >> text=Hold")
    await answered(page, "hold x/99")
    core.clock.move(minutes=1)
    core.add_post("q2", "Q2. Which platforms do you use, and why? #OTalk")
    await page.wait_for_selector("#q2")
    assert await page.is_visible("#m-x-99 >> text=Hold")
    assert "Which platforms" in await page.inner_text("#now")


async def test_a_double_click_is_one_command(core: FakeCore, open_page: Opened) -> None:
    page = await open_page(LINK)
    await watching(page)
    await page.dblclick("#do-next")
    await answered(page, ANSWER)
    assert len(core.commands.carried_out) == 1


async def test_a_slow_double_click_is_one_command_too(core: FakeCore, open_page: Opened) -> None:
    page = await open_page(LINK)
    await watching(page)
    await page.hover("#do-next")
    for half in (1, 2):
        await page.mouse.down(click_count=half)
        await page.mouse.up(click_count=half)
        await answered(page, ANSWER)
    await page.click("#do-pause")
    await answered(page, "You said pause.")
    assert [one.text for one in core.commands.received] == ["next", "pause"]


async def test_a_press_while_another_is_under_way_is_not_lost(core: FakeCore, open_page: Opened) -> None:
    page = await open_page(LINK)
    await watching(page)
    await page.evaluate("document.getElementById('do-extend').click(); document.getElementById('do-pause').click()")
    await answered(page, "You said pause.")
    assert [one.text for one in core.commands.received] == ["extend 5m", "pause"]


async def test_a_press_that_waited_for_a_button_which_is_gone_stops_nothing(core: FakeCore, open_page: Opened) -> None:
    page = await open_page(LINK)
    await watching(page)
    await page.evaluate("""
        const [one, other] = ["do-extend", "do-pause"].map((id) => document.getElementById(id));
        one.click(); other.click(); other.remove();
    """)
    await answered(page, "You said extend 5m.")
    await page.click("#do-pause")
    await answered(page, "You said pause.")
    assert [one.text for one in core.commands.received] == ["extend 5m", "pause"]


async def test_the_way_back_leaves_the_top_after_its_time(open_page: Opened, page_errors: PageErrors) -> None:
    page_errors.expected = ("net::ERR",)
    page = await open_page(LINK, viewport=PHONE)
    await page.clock.install()
    await page.reload()
    await watching(page)
    await expect(page.locator("#way-back")).to_contain_text("Undo")
    await page.route(
        "**/host/fragment", lambda route: route.abort()
    )  # the room's clock stands still and brings it back
    await page.clock.fast_forward(31_000)
    await expect(page.locator("#way-back")).to_have_count(0)
    await expect(page.locator("#log").get_by_role("button", name="Undo")).to_be_visible()


async def test_a_refused_text_stays_in_the_form(core: FakeCore, open_page: Opened) -> None:
    page = await open_page(LINK)
    await watching(page)
    core.commands.answers["say a long thought"] = Answer(text="Only the host may say something.")
    await page.click("#saying > summary")
    await page.fill("#do-say", "a long thought")
    await page.click("text=Say it")
    await answered(page, "Only the host may")
    assert await page.input_value("#do-say") == "a long thought"


async def test_an_open_page_says_that_its_link_was_revoked(
    core: FakeCore, open_page: Opened, page_errors: PageErrors
) -> None:
    page_errors.expected = ("404",)
    page = await open_page(LINK)
    await watching(page)
    core.commands.links.clear()
    await page.click("#do-next")
    await answered(page, "the link was taken back")
    assert core.commands.received == []


async def test_after_a_lost_response_pressing_again_is_one_command(
    core: FakeCore, open_page: Opened, page_errors: PageErrors
) -> None:
    page_errors.expected = ("net::ERR",)
    page = await open_page(LINK)
    await watching(page)
    lost: list[object] = []

    async def lose(route: Any) -> None:  # noqa: ANN401 -- the browser's own
        """Let the first form through, and lose the response."""
        if route.request.method == "POST" and not lost:
            lost.append(await route.fetch())
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/host", lose)
    await page.click("#do-next")
    await answered(page, "That did not reach us.")
    await page.click("#do-next")
    await answered(page, ANSWER)
    assert len(core.commands.received) == 2
    assert len(core.commands.carried_out) == 1


# Withheld messages -----------------------------------------------------------------------------------------


async def test_a_held_message_is_shown_only_to_its_author(core: FakeCore, open_page: Opened) -> None:
    one, other = await open_page(), await open_page()
    for page, name in ((one, "Pretend participant A"), (other, "Pretend participant D")):
        await join(page, name)
        await watching(page)

    class All(set[str]):
        """Every message of the room is held."""

        def __contains__(self, id: object) -> bool:
            return any(isinstance(one, Message) and one.place == "room" and one.id == id for one in core.events)

    core.held = All()
    await one.fill("#text", "My client Pretend Person")
    await one.click("#say button")
    await expect(one.locator("#unseen")).to_contain_text("My client Pretend Person")
    await expect(one.locator("#sent")).to_contain_text("Only you see it for now")
    assert await one.input_value("#text") == ""
    core.held = set()
    core.wake_up("heard")
    await one.wait_for_selector("#q1 >> text=My client Pretend Person")
    assert await one.is_hidden("#unseen")
    await other.wait_for_selector("#q1 >> text=My client Pretend Person")
    core.held = All()
    core.wake_up("heard")
    await expect(one.locator("#unseen")).to_contain_text("My client Pretend Person")
    await expect(other.locator("#q1")).not_to_contain_text("Pretend Person")
    assert await other.is_hidden("#unseen")


async def test_what_a_host_has_half_written_is_there_on_another_device_until_it_is_sent(
    browser: Browser, core: FakeCore, page_errors: PageErrors, sqlite_url: str
) -> None:
    core.commands.dashboards[CHAT] = dashboard(chat_view=chat_view(state="coming"))
    core.commands.answers["say Half a thought, and more"] = Answer(text="Said.", done=True)
    with closing(Database(sqlite_url)) as database:
        room = make_room(core, kept_texts=StoredKeptTexts(database, core.clock))
        await room.open()
        first, second = [await browser.new_page(), await browser.new_page()]
        for page in (first, second):
            page_errors.see(page)
            await page.goto(room.address + LINK)
        await first.locator("#saying > summary").click()
        await first.locator("#more > summary").click()
        for field, value in (("#do-say", "Half a thought"), ("#do-move", "2020-10-20")):
            async with first.expect_response("**/host/kept") as told:
                await first.fill(field, value)
            assert (await told.value).ok
        await second.reload()
        await expect(second.locator("#do-say")).to_have_value("Half a thought")
        async with second.expect_response("**/host/fragment"):
            change_dashboard(core, paused=True, chat_view=chat_view(state="coming"))
        await expect(second.locator("#do-move")).to_have_value("2020-10-20")
        page_errors.expected = ("409",)
        async with second.expect_response("**/host/kept"):
            await second.fill("#do-say", "Half a thought, and more")
        async with first.expect_response("**/host/kept") as told:
            await first.fill("#do-say", "Half a thought of mine")
        assert (await told.value).status == 409
        await expect(first.locator("#receipt")).to_contain_text("“Half a thought, and more”")
        await second.get_by_role("button", name="Say it").click()
        await answered(second, "Said.")
        change_dashboard(core, chat_view=chat_view(state="over"))
        await second.locator("#summing-up > summary").click()
        async with second.expect_response("**/host/kept") as told:
            await second.fill("#do-summary", "What we")
        assert (await told.value).ok, "a form that came later is kept, too"
        await second.reload()
        await expect(second.locator("#do-summary")).to_have_value("What we")
        change_dashboard(core)
        await expect(second.locator("#do-say")).to_have_value("")
        for page in (first, second):
            await page.close()
        await room.close()
    assert page_errors.unexpected == []
