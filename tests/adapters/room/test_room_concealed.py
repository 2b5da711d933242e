"""A chat that is over and whose record is withheld: what was said in it is shown at none of its public addresses."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from bot.publication import Publication
from tests.adapters.conftest import HOST_KEY, HOST_PATH, Client
from tests.adapters.room.test_room_stream import streaming
from tests.fakes.clock import NOON
from tests.fakes.ports import CHAT, FakeCore, chat_view

SAID = "A1 we meet in the garden"
PUBLIC = ("", "/fragment", "/cpd", "/cpd.docx", "/stream", "?question=q1&before=2030-01-01T00:00:00Z", "/picture/q1")


@pytest.fixture
async def ended(core: FakeCore) -> FakeCore:
    """A chat that is over, with a message of somebody else's."""
    core.add_message("7", SAID, name="Pretend participant B", place="x")
    core.add_chat(chat_view(state="over"))
    return core


def withhold(core: FakeCore) -> None:
    core.add_chat(msgspec.structs.replace(chat_view(state="over"), concealed=True))


async def test_nobody_reads_at_any_address_what_was_said(ended: FakeCore, client: Client) -> None:
    before = {path: await client.get(f"/{CHAT}{path}") for path in ("", "/fragment")}
    assert all(SAID in page for _, page in before.values()), "or the test would find nothing missing"
    withhold(ended)
    for path in PUBLIC:
        status, page = await client.get(f"/{CHAT}{path}")
        assert status == (200 if path.startswith("?") or not path else 404), path
        assert "not public" in page, path
        assert (SAID in page, "participant B" in page) == (False, False), path
    _, page = await client.get(f"/{CHAT}")
    assert "Online groups" in page, "when it was and what about stays"
    assert SAID not in (await client.get("/"))[1]


async def test_where_the_record_names_not_everybody_the_page_says_that(ended: FakeCore, client: Client) -> None:
    published = Publication(phase="published", since=NOON)
    ended.add_chat(msgspec.structs.replace(chat_view(state="over"), concealed=True, publication=published))
    for path in ("", "/fragment", "/cpd"):
        _, page = await client.get(f"/{CHAT}{path}")
        assert (SAID in page, "without everybody" in page) == (False, True), path


async def test_nothing_can_be_said_or_changed_there(ended: FakeCore, client: Client) -> None:
    await client.join()
    token = await client.token()
    heard = len(ended.events)
    withhold(ended)
    for form in ("say", "join", "edit"):
        assert (await client.send_form(form, token=token, text="too late", name="Somebody", id="1")).status == 404
    assert len(ended.events) == heard


async def test_people_still_see_and_take_back_what_they_wrote(ended: FakeCore, client: Client) -> None:
    await client.join("Pretend participant A")
    await client.post("A1 mine alone")
    withhold(ended)
    status, page = await client.get(f"/{CHAT}/out")
    assert (status, "mine alone" in page, SAID in page) == (200, True, False)
    assert (await client.get(f"/{CHAT}/mine"))[0] == 200


@pytest.mark.usefixtures("private_links")
async def test_those_who_lead_still_read_it(ended: FakeCore, client: Client) -> None:
    await client.get(f"/host/{HOST_KEY}")
    withhold(ended)
    status, page = await client.get(HOST_PATH)
    assert (status, SAID in page) == (200, True)
    assert (await client.get(f"{HOST_PATH}/review"))[0] == 200
    assert f'href="/{CHAT}/host"' in (await client.get(f"/{CHAT}"))[1]


async def test_a_stream_that_is_open_ends_when_the_record_is_withheld(ended: FakeCore, client: Client) -> None:
    async with streaming(client) as events:
        withhold(ended)
        ended.add_message("8", "A1 heard since", place="x")
        assert (await events.next())[0] == "again"
        rest = await asyncio.wait_for(events.rest(), 60)
    assert "heard since" not in rest
