"""The room is accessible: the rules on every page, the keyboard, small screens, reduced motion."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from adapters.room.platform import Room
from tests.browser.conftest import Opened, PageErrors, join, tab_to, watching
from tests.fakes.ports import CHAT, STARTS, FakeCore, chat_view

pytestmark = pytest.mark.asyncio(loop_scope="session")

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""All that a dark scheme can break; the rest is the same page."""
PHONE, DESKTOP = ViewportSize(width=360, height=780), ViewportSize(width=1280, height=800)
NARROW, ZOOMED = ViewportSize(width=320, height=640), ViewportSize(width=320, height=256)
"""A small phone, and a desktop at 400 percent."""
COMING, OVER = "otalk/coming", "otalk/over"


def add_other_chats(core: FakeCore) -> None:
    """A coming chat and one that is over."""
    core.add_chat(chat_view(COMING, starts=STARTS + timedelta(days=7), state="coming"))
    core.add_chat(chat_view(OVER, starts=STARTS - timedelta(days=7), state="over"))


async def participant_pages(page: Page, room: Room, core: FakeCore) -> dict[str, str]:
    """The pages of a participant who has joined and posted one message."""
    await page.goto(f"{room.address}/{CHAT}")
    await join(page)
    await page.fill("#text", "A1 mine")
    await page.click("#say button")
    await page.wait_for_selector(".mine")
    own = core.heard()[-1].id
    return {
        "joined": f"/{CHAT}",
        "replying": f"/{CHAT}?reply=x/3#answer",
        "edit": f"/{CHAT}/edit/{own}",
        "delete": f"/{CHAT}/delete/{own}",
        "out": f"/{CHAT}/out",
        "mine": f"/{CHAT}/mine",
    }


PUBLIC_PAGES = {
    "index": "/",
    "about": "/about",
    "coming": f"/{COMING}",
    "live": f"/{CHAT}",
    "over": f"/{OVER}",
    "cpd": f"/{OVER}/cpd",
    "earlier": f"/{CHAT}?question=q1&before=2020-10-14T00:00:00Z",
    "error": "/nowhere",
}


async def resize(page: Page, size: ViewportSize) -> None:
    """Give the screen this size, and wait until the page has been told."""
    await page.set_viewport_size(size)
    await page.evaluate("new Promise(requestAnimationFrame)")


async def violations(page: Page, rules: list[str]) -> list[str]:
    """The violations that axe-core finds on this page, of a context that begins each page with it."""
    found = await page.evaluate('(rules) => axe.run(document, {runOnly: rules, resultTypes: ["violations"]})', rules)
    return [f"{one['id']}: {json.dumps([node['html'] for node in one['nodes']])}" for one in found["violations"]]


async def too_wide(page: Page, *sizes: ViewportSize) -> list[ViewportSize]:
    """Those of these sizes of the screen in which the page scrolls sideways."""
    found = []
    for size in sizes:
        await resize(page, size)
        if await page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(size)
    return found


async def violations_in_all_forms(page: Page, dark: list[str] = COLOURS) -> dict[str, list[str]]:
    """The violations on this page on a desktop and a phone, in light and (by the rules `dark`) in dark.

    The page is loaded once and changes its form, which costs half of loading it in each.
    """
    found = {}
    for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        await resize(page, viewport)
        for scheme, rules in (("light", TAGS), ("dark", dark)):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if broken := await violations(page, rules):
                found[f"{size}, {scheme}"] = broken
    return found


async def test_no_rule_is_broken(browser: Browser, core: FakeCore, room: Room, axe: str) -> None:
    add_other_chats(core)
    # the policy is set aside for the scan only: the rules are a script that is not ours
    context = await browser.new_context(bypass_csp=True, viewport=PHONE, reduced_motion="reduce")
    await context.add_init_script(axe)
    page = await context.new_page()
    broken = {}
    for name, path in PUBLIC_PAGES.items():
        await page.goto(room.address + path)
        broken[name] = await violations_in_all_forms(page)
    for name, path in (await participant_pages(page, room, core)).items():
        await page.goto(room.address + path)
        broken[name] = await violations_in_all_forms(page)
    await page.goto(f"{room.address}/{CHAT}")
    await page.evaluate("document.getElementById('say').noValidate = true; document.getElementById('say').submit()")
    await page.wait_for_selector(".problem")
    broken["refused"] = await violations_in_all_forms(page)
    await context.close()
    assert {name: found for name, found in broken.items() if found} == {}


async def test_nothing_scrolls_sideways(core: FakeCore, room: Room, open_page: Opened, page_errors: PageErrors) -> None:
    page_errors.expected = ("404",)
    add_other_chats(core)
    core.add_message("9", "a" * 900, name="W" * 40)
    page = await open_page("/", viewport=NARROW)
    for path in [*PUBLIC_PAGES.values(), *(await participant_pages(page, room, core)).values()]:
        await page.goto(room.address + path)
        assert await too_wide(page, NARROW, ZOOMED) == [], path


async def test_what_one_reads_of_oneself_can_be_printed(core: FakeCore, room: Room, open_page: Opened) -> None:
    page = await open_page()
    for name, path in (await participant_pages(page, room, core)).items():
        await page.goto(room.address + path)
        await page.emulate_media(media="print")
        assert await page.is_visible("main h1"), name
        assert await page.locator("button:visible").count() == 0 or name == "edit", name
        await page.emulate_media(media="screen")


async def test_the_question_stays_visible_only_on_large_screens(open_page: Opened) -> None:
    place = "getComputedStyle(document.getElementById('now')).position"
    page = await open_page(viewport=PHONE)
    assert await page.evaluate(place) == "sticky"
    for small in (NARROW, ViewportSize(width=800, height=320)):
        await resize(page, small)
        assert await page.evaluate(place) != "sticky", small


async def test_the_focus_is_visible_and_never_covered(open_page: Opened) -> None:
    page = await open_page(viewport=PHONE)
    await join(page)
    await watching(page)
    for size in (PHONE, DESKTOP):
        await resize(page, size)
        for key in ("Tab", "Shift+Tab"):
            await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            assert await focused(page, key) > 15, (size, key)


async def focused(page: Page, key: str) -> int:
    """Press this key until the focus is back at an element where it was; return at how many it was."""
    seen = set[str]()
    for _ in range(80):
        await page.keyboard.press(key)
        focus = await page.evaluate(
            """() => {
              const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
              const bar = document.getElementById("now").getBoundingClientRect();
              const dock = document.getElementById("dock"), docked = getComputedStyle(dock).position === "sticky";
              const inside = Boolean(one.closest("#now, .skips, #dock"));
              const over = docked ? dock.getBoundingClientRect() : bar;
              const all = [...document.querySelectorAll("*")];
              return {screen: innerWidth, what: `${all.indexOf(one)} ${one.outerHTML.slice(0, 90)}`,
                body: one === document.body,
                outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3,
                height: box.height, width: box.width,
                covered: !inside && [bar, over].some((cover) => box.top < cover.bottom && box.bottom > cover.top
                  && box.left < cover.right && box.right > cover.left),
                outside: box.bottom < 0 || box.top > innerHeight};
            }"""
        )
        if focus["body"]:
            continue
        if focus["what"] in seen:
            break
        seen.add(focus["what"])
        assert (focus["outline"], focus["covered"], focus["outside"]) == (True, False, False), (key, focus)
    return len(seen)


async def test_everything_can_be_done_with_the_keyboard(core: FakeCore, open_page: Opened) -> None:
    page = await open_page()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the content"
    await tab_to(page, "#name")
    await page.keyboard.type("Pretend participant A")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#text")
    await watching(page)

    await tab_to(page, "#text")
    await page.keyboard.type("A1 by telephone")
    await tab_to(page, "#say button")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".mine >> text=A1 by telephone")
    assert await page.evaluate("document.activeElement.id + document.activeElement.value") == "text"
    assert core.heard()[-1].reply_to == "post-q1"

    await tab_to(page, "#m-x-3 [data-reply]", back=True)
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "text"
    await page.keyboard.type("How was it?")
    await tab_to(page, "#say button")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".mine >> text=How was it?")
    assert core.heard()[-1].reply_to == "3"
    assert await page.is_hidden("#replying")

    own = core.heard()[-1].id
    await tab_to(page, f"a[href$='/edit/{own}']", back=True)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/edit/*")
    await tab_to(page, "#text")
    await page.keyboard.press("Control+End")
    await page.keyboard.type(" Truly?")
    await tab_to(page, "main button")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(f"#m-room-{own} >> text=How was it? Truly?")

    await tab_to(page, f"a[href$='/delete/{own}']")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/delete/*")
    await tab_to(page, "main button")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#text")
    assert await page.query_selector(f"#m-room-{own}") is None


async def test_reduced_motion_is_respected(core: FakeCore, open_page: Opened) -> None:
    page = await open_page()
    await watching(page)
    core.add_message("99", "something new")
    await page.wait_for_selector("#m-x-99")
    assert await page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert await page.evaluate("getComputedStyle(document.querySelector('#m-x-99 article')).animationName") == "none"


async def test_on_paper_headings_stay_with_what_follows_and_on_low_screens_the_form_is_within_reach(
    open_page: Opened,
) -> None:
    page = await open_page()
    kept = "(one) => getComputedStyle(document.querySelector(one))"
    for width, height, docked in ((320, 780, True), (640, 320, True), (320, 256, False)):
        await page.set_viewport_size({"width": width, "height": height})
        assert (await page.evaluate(f"{kept}.position", "#dock") == "sticky") == docked
        await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        await page.focus("#name")
        box = await page.locator("#name").bounding_box()
        assert box
        assert 0 <= box["y"] <= height - box["height"]
    await page.emulate_media(media="print")
    for block in ("main", ".columns", ".flow", "#talk", "#q1", "#q1 .entries"):
        assert await page.evaluate(f"{kept}.display", block) == "block", "browsers break grids and rows anywhere"
    assert await page.evaluate(f"{kept}.breakAfter", "#q1 h2") == "avoid"
    assert await page.evaluate(f"{kept}.breakInside", "#q1 .entry") == "avoid"
    for aside in ("#now", "#dock", ".side", ".actions"):
        assert await page.is_hidden(aside)
