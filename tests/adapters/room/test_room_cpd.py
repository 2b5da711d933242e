"""The CPD sheet in the room: whose messages are on it, and that nothing typed into it can be sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import msgspec
import pytest
from docx import Document

from adapters.room.platform import Room
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, FakeCore, chat_view

SHEET = f"/{CHAT}/cpd"


@pytest.fixture
async def ended(core: FakeCore, client: Client) -> FakeCore:
    """A chat that is over: one wrote in the room, two on other places, and one without a name."""
    await client.join("Pretend <A>")
    await client.post("A1 mine & mine alone\nin two lines", to="q1")
    core.add_message("7", "A1 by B", name="Pretend participant B", place="x")
    core.add_message("8", "A1 by C \x0b\ufffe", name="Pretend participant C", place="discord")
    core.add_message("9", "A1 unsigned", name="Somebody", author={"id": "unnamed-1", "name": "Somebody"})
    core.add_chat(chat_view(state="over"))
    return core


def choices(page: str) -> dict[str, str]:
    """The values by name."""
    return {name.strip(): value for value, name in re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', page)}


async def test_one_s_own_messages_are_on_it_from_the_start(ended: FakeCore, client: Client) -> None:
    assert ended
    status, page = await client.get(SHEET)
    assert status == 200
    assert "A1 mine &amp; mine alone\nin two lines" in page
    assert "Q1. What groups are running online now?" in page
    assert ("A1 by B" in page, "A1 unsigned" in page) == (False, False)
    assert list(choices(page))[:2] == ["I read along", "Pretend &lt;A&gt; (you), in the room"]
    _, reading = await client.get(f"{SHEET}?who=none")
    assert "mine alone" not in reading


async def test_a_reader_has_an_empty_sheet_or_chooses_a_name(
    ended: FakeCore, room: Room, new_client: Callable[[Room], Client]
) -> None:
    assert ended
    reader = new_client(room)
    _, page = await reader.get(SHEET)
    names = choices(page)
    assert set(names) == {
        "I read along", "Pretend &lt;A&gt;, in the room",
        "Pretend participant B, on X", "Pretend participant C, on Discord",
    }  # fmt: skip
    assert "A1" not in page
    _, chosen = await reader.get(f"{SHEET}?who={names['Pretend participant C, on Discord']}")
    assert "A1 by C \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}" in chosen
    for other in ("nobody", "", "%00", "discord%2F8"):
        status, page = await reader.get(f"{SHEET}?who={other}")
        assert (status, "A1" in page) == (200, False)
    assert len(reader.session.cookie_jar) == 0, "reading needs no cookie"


async def test_who_was_left_out_is_not_on_it(ended: FakeCore, client: Client) -> None:
    assert "mine alone" in (await client.get(SHEET))[1], "which is remembered until something changes"
    await client.send_form("out")
    _, page = await client.get(SHEET)
    assert ("mine alone" in page, "Pretend &lt;A&gt;" in page) == (False, False)
    assert "Pretend participant B" in page
    assert ended


async def test_what_another_process_erased_is_gone_within_a_minute(ended: FakeCore, client: Client) -> None:
    await client.get(SHEET)
    ended.events.clear()  # and nobody is told
    reads = ended.reads
    await client.get(SHEET)
    assert ended.reads == reads, "for a minute it isn't read again"
    ended.clock.move(minutes=1)
    _, page = await client.get(SHEET)
    assert ("mine alone" in page, "Pretend participant B" in page) == (False, False)


async def test_no_form_is_around_what_is_typed(ended: FakeCore, client: Client) -> None:
    assert ended
    _, page = await client.get(SHEET)
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    fields = re.findall(r"<textarea[^>]*>", page)
    assert len(fields) == 5
    assert not any("<textarea" in one for one in forms)
    assert not any("name=" in one for one in fields), "a field without a name is never sent"
    assert "<script" not in page


async def test_the_series_may_have_its_own_prompts(ended: FakeCore, client: Client) -> None:
    own = msgspec.structs.replace(chat_view(state="over"), reflection=("Learning: What is <new>?", "Plan"))
    ended.add_chat(own)
    _, page = await client.get(SHEET)
    assert re.findall(r"<label for=\"r\d\">(.*)</label>", page) == [
        "<b>Learning</b> What is &lt;new&gt;?",
        "<b>Plan</b>",
    ]


async def test_word_has_the_empty_sheet(ended: FakeCore, client: Client) -> None:
    assert ended
    async with client.session.get(f"{client.room.address}/{CHAT}/cpd.docx") as response:
        assert "attachment" in response.headers["Content-Disposition"]
        document = Document(BytesIO(await response.read()))
    text = "\n".join(one.text for one in document.paragraphs)
    assert "Q1. What groups are running online now?" in text
    assert "mine alone" not in text
    assert len(document.tables) == 5


async def test_there_is_none_before_the_end(ended: FakeCore, client: Client) -> None:
    _, page = await client.get()
    assert f'href="{SHEET}"' in page
    for state in ("live", "coming"):
        ended.add_chat(chat_view(state=state))
        assert f'href="{SHEET}"' not in (await client.get())[1]
        for path in (SHEET, f"{SHEET}.docx"):
            assert (await client.get(path))[0] == 404
