"""Asking without a name, over a real socket: nobody can tell who it was, and its author keeps it in hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import pytest

from adapters.room.platform import Room
from bot.messages import Deleted, Withdrawn
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, FakeCore, chat_view

NewClient = Callable[[Room], Client]


@pytest.fixture(autouse=True)
def allowed(core: FakeCore) -> None:
    """The chat's file allows it."""
    core.add_chat(msgspec.structs.replace(chat_view(), unnamed=True))


async def test_what_is_asked_without_a_name_leads_to_nobody(core: FakeCore, room: Room, new_client: NewClient) -> None:
    one, other = new_client(room), new_client(room)
    await one.join()
    await one.post("A1 with my name", to="q1")
    await one.post("A1 without it", to="q1", unnamed="yes")
    named, unnamed = core.heard()
    assert (named.unnamed, unnamed.unnamed, unnamed.author.name) == (False, True, "Somebody")
    assert unnamed.author.id not in {"", named.author.id}
    assert named.author.id not in unnamed.author.id
    assert (unnamed.reply_to, unnamed.role) == ("post-q1", "participant")
    marks = [re.findall(r'data-mark="(\w+)"', page) for page in ((await other.get())[1], (await one.get())[1])]
    assert marks[0] == marks[1]
    assert len(set(marks[0])) == 2
    mine = (await one.get())[1].partition(f'id="m-room-{unnamed.id}"')[2].partition("</li>")[0]
    assert re.search(r'data-for="own" href="[^"]+/delete/[^"]+">', mine)
    assert "/edit/" not in mine
    assert (await one.get(f"/{CHAT}/edit/{unnamed.id}"))[0] == 403
    assert (await one.send_form("edit", id=unnamed.id, text="other words")).status == 403
    assert (await other.send_form("delete", id=unnamed.id)).status == 403
    assert (await one.send_form("delete", id=unnamed.id)).status == 303
    assert isinstance(core.events[-1], Deleted)


async def test_nobody_has_to_join_for_it(core: FakeCore, client: Client) -> None:
    _, page = await client.get()
    assert "Or ask without a name" in page
    assert (await client.join("somebody")).status == 400, "nobody else is called like those without a name"
    token = await client.token()
    core.held.add(str(client.room._app.sessions._tokens.loads(token)[1]))
    answer = await client.post("May I ask this?", token=token, unnamed="yes", to="q1")
    assert answer.status == 303
    assert core.heard()[-1].unnamed
    _, page = await client.get(answer.headers["location"].partition("#")[0])
    assert "Only you see it for now" in page
    assert "May I ask this?" in page.partition('id="unseen"')[2]
    assert 'name="name"' in page


async def test_a_refusal_gives_the_text_back_where_it_was(core: FakeCore, client: Client) -> None:
    token = await client.token()
    core.broken = True
    url = f"{client.room.address}/{CHAT}/say"
    form = {"text": "May I ask this?", "token": token, "unnamed": "yes", "to": "q1"}
    async with client.session.post(url, data=form) as answer:
        page = await answer.text()
    assert re.search(r'<textarea id="quiet"[^>]*>\nMay I ask this\?</textarea>', page)
    assert 'value="May I ask this?"' not in page


async def test_leaving_oneself_out_leaves_these_out_too(core: FakeCore, client: Client) -> None:
    await client.join()
    await client.post("A1 without a name", unnamed="yes")
    await client.send_form("out")
    gone = {one.author.id for one in core.events if isinstance(one, Withdrawn)}
    assert core.heard()[-1].author.id in gone
    assert len(gone) == 2


async def test_where_the_file_does_not_allow_it_it_is_refused(core: FakeCore, client: Client) -> None:
    core.add_chat(chat_view())
    await client.join()
    assert "unnamed" not in (await client.get())[1]
    assert (await client.post("A1 without a name", unnamed="yes")).status == 403
    assert core.heard() == []
