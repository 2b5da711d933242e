"""Correcting the record from the host's page: a message's question, a highlight, what was said twice, the summary."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from adapters.room.correction_choices import possible_copies
from bot.messages import Author
from bot.ports.views import MessageView
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.clock import NOON
from tests.fakes.ports import CHAT, FakeCore, chat_view, dashboard

pytestmark = pytest.mark.usefixtures("private_links")

SAID = MessageView(
    place="x",
    id="1",
    author=Author(id="77", handle="@pretend_a", name="Pretend A"),
    text="We use  paper",
    at=NOON,
    question="q1",
    reason="floor",
)


def test_copies_have_the_same_words_or_an_author_of_the_same_name() -> None:
    words = replace(SAID, id="2", author=Author(id="5", name="Somebody"), text="we use paper")
    name = replace(SAID, id="3", place="discord", author=Author(id="6", name="PRETEND A"), text="Also pens")
    handle = replace(SAID, id="4", place="room", author=Author(id="7", name="pretend_a"), text="Pens")
    other = replace(SAID, id="5", author=Author(id="8", name="Else"), text="Pens")
    found = possible_copies(SAID, [other, handle, SAID, name, words])
    assert [one.id for one in found] == ["2", "4", "3"]


async def test_a_message_is_corrected_on_a_page_of_its_own(core: FakeCore, host: HostBrowser) -> None:
    core.commands.dashboards[CHAT] = dashboard()
    core.add_message("7", "We use <paper>", name="Cas Pretend")
    core.add_message("8", "We use <paper>", name="Pretend participant B")
    assert 'form="correct" class="quiet" name="message" value="x/7"' in await host.page()
    page = await host.page("/correct?message=x/7")
    assert "We use &lt;paper&gt;" in page
    pressed = re.findall(r'name="say" value="([^"]*)"', page)
    assert pressed == ["highlight x/7", "merge x/7 into x/8"]
    keys = re.findall(r'<option value="(\w+)"', page)
    assert (keys[:2], keys[-1]) == (["before", "q1"], "after")
    await host.press(do="file", message="x/7", question="q2")
    for command in pressed:
        await host.press(say=command)
    assert [one.text for one in core.commands.received] == ["file x/7 q2", *pressed]


async def test_a_message_that_is_gone_leads_back_to_the_controls(host: HostBrowser) -> None:
    status, path = await host.request("GET", f"{host.url}/correct?message=room/none")
    assert (status, path) == (303, f"/{CHAT}/host")


async def test_a_message_of_another_chat_is_shown_on_no_page_of_this_one(core: FakeCore, host: HostBrowser) -> None:
    core.add_message("9", "said in another chat", chat="other/2020-10-13-elsewhere")
    status, path = await host.request("GET", f"{host.url}/correct?message=x/9")
    assert (status, path) == (303, f"/{CHAT}/host")
    assert "said in another chat" not in await host.page("?reply=x/9")


async def test_the_summary_is_written_when_the_chat_is_over(core: FakeCore, host: HostBrowser) -> None:
    core.add_chat(chat_view(state="over"))
    over = replace(dashboard(), chat_view=chat_view(state="over"), summary="Most <use> paper.")
    core.commands.dashboards[CHAT] = over
    page = await host.page()
    assert "Most &lt;use&gt; paper.</textarea>" in page
    assert 'value="summary off"' in page
    await host.press(do="summary", text="All use paper.\n\nAnd *pens*.")
    assert core.commands.received[-1].text == "summary All use paper.\n\nAnd *pens*."
