"""The transcript is accessible and can be printed: rules, small screens, order, search, and nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Request, ViewportSize

from bot.reporting.files import write
from tests.browser.test_room_access import PHONE, TAGS, too_wide, violations_in_all_forms
from tests.reporting.whole_hour import whole_chat, whole_hour

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPEN_ALL = "for (const one of document.querySelectorAll('details')) one.open = true"
SHOWN = "[...document.querySelectorAll('#conversation .post')].filter(one => one.checkVisibility()).map(one => one.id)"


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("out"), whole_chat(), whole_hour()).html


async def test_no_rule_is_broken(browser: Browser, transcript: Path, axe: str) -> None:
    context = await browser.new_context(bypass_csp=True, viewport=PHONE)
    await context.add_init_script(axe)
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    await page.evaluate(OPEN_ALL)
    assert await violations_in_all_forms(page, dark=TAGS) == {}
    await context.close()


async def test_the_page_is_self_contained_and_runs_only_its_own_script(browser: Browser, transcript: Path) -> None:
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    seen: list[str] = []

    def fetched(request: Request) -> None:
        seen.append(request.url)

    page.on("request", fetched)
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    await page.goto(transcript.as_uri())
    assert seen == [transcript.as_uri()]
    assert await page.locator("script").count() == 1
    assert await page.locator("a[href^='javascript']").count() == 0
    await context.close()


async def test_nothing_scrolls_sideways(browser: Browser, transcript: Path) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    await page.evaluate(OPEN_ALL)
    assert await too_wide(page, *(ViewportSize(width=width, height=700) for width in (320, 390, 1280))) == []
    await context.close()


async def test_anchors_are_unique_and_links_lead_to_them_also_in_a_folded_thread(
    browser: Browser, transcript: Path
) -> None:
    context = await browser.new_context(java_script_enabled=True)
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    ids: list[str] = await page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    links: list[str] = await page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(one => one.hash.slice(1))"
    )
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    assert {"q1", "q2", "q3"} <= set(ids)
    assert "m-x-22" not in await page.evaluate(SHOWN), "its thread is folded"
    await page.goto(f"{transcript.as_uri()}#m-x-22")
    assert "m-x-22" in await page.evaluate(SHOWN)
    await context.close()


async def test_it_is_heard_in_the_order_in_which_it_is_read(browser: Browser, transcript: Path) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    await page.evaluate(OPEN_ALL)
    heard = await page.locator("body").aria_snapshot()
    expected = [
        *("Skip to the conversation", 'heading "A pretend chat" [level=1]', "navigation", "Summary", "sound first"),
        *('heading "Highlights" [level=2]', "blockquote", 'heading "The Numbers" [level=2]', "Search the conversation"),
        *('heading "Q1 Who helps?" [level=2]', "My neighbour", "4 replies, by", "Below it, number 0", "number 3"),
        *('heading "Late answers, after Q2 was asked" [level=3]', "Both in one", "Too late for that"),
        *('heading "Q2 What is in the picture?" [level=2]', "a mind map of groups", "Both in one", "edited"),
        *("1 reply, by", "The only one", "Nothing was heard on X", "No posts.", "After all was over"),
        *('heading "Links and resources" [level=2]', "img", "Who spoke with whom", "contentinfo"),
    ]
    place = 0
    for words in expected:
        found = heard.find(words, place)
        assert found >= 0, f"{words} is not heard after {heard[max(place - 200, 0) : place]}"
        place = found + len(words)
    await context.close()


async def test_words_are_found_where_scripts_run(browser: Browser, transcript: Path) -> None:
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    before: list[str] = await page.evaluate(SHOWN)
    await page.get_by_label("Search the conversation").fill("BEL\u00d3W it, number")
    await page.get_by_label("Search the conversation").press("Enter")
    assert await page.get_by_role("status").inner_text() == "4 posts have these words."
    below = [f"m-x-2{number}" for number in range(4)]
    assert await page.evaluate(SHOWN) == ["m-x-1", *below], "with the post that they stand below"
    await page.get_by_label("Search the conversation").fill("")
    await page.get_by_label("Search the conversation").press("Enter")
    assert await page.evaluate(SHOWN) == before
    await page.get_by_role("button", name="Unfold all replies").click()
    assert len(await page.evaluate(SHOWN)) == len(before) + 4
    await context.close()


async def test_without_scripts_there_is_no_search_and_nothing_is_missing(browser: Browser, transcript: Path) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    assert not await page.locator("#search").is_visible()
    assert await page.locator("#m-x-1").is_visible()
    await context.close()


async def test_on_paper_folded_replies_are_open_and_no_post_is_split(browser: Browser, transcript: Path) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(transcript.as_uri())
    every = await page.locator("#conversation .post").count()
    await page.emulate_media(media="print")
    assert len(await page.evaluate(SHOWN)) == every
    assert not await page.locator(".jump").is_visible()
    style = "(query) => [...document.querySelectorAll(query)].map(one => getComputedStyle(one)"
    assert set(await page.evaluate(f"{style}.breakInside)", ".post, tr, svg")) == {"avoid"}
    assert set(await page.evaluate(f"{style}.breakAfter)", "h2, h3, .part > p, thead")) == {"avoid"}
    await context.close()
