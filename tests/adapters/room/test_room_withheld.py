"""Withheld messages, over a real socket: held for a moderator or left out, they are shown only to their author."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.room.platform import Room
from bot.messages import Deleted, Edited
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, FakeCore, chat_view

NewClient = Callable[[Room], Client]

PATIENT = "My client Pretend Person is 81 <b>today</b>"
DATA = {"Accept": "application/json"}


async def post_held(core: FakeCore, client: Client, text: str = PATIENT) -> str:
    """Join, and post a message that is held at once; returns its id."""
    await client.join()
    token = await client.token()
    form_id = str(client.room._app.sessions._tokens.loads(token)[1])
    core.held.add(form_id)
    answer = await client.post(text, token=token)
    assert answer.headers["location"] == f"/{CHAT}?posted={form_id}#m-room-{form_id}"
    return form_id


async def test_the_author_sees_it_with_an_explanation(core: FakeCore, client: Client) -> None:
    id = await post_held(core, client)
    _, page = await client.get()
    section = page.partition('<section id="unseen"')[2].partition("</section>")[0]
    assert f'id="m-room-{id}"' in section
    assert "81 &lt;b&gt;today&lt;/b&gt;" in section
    assert "Only you see this" in section
    assert "please edit or delete it" in section
    assert f"/{CHAT}/edit/{id}" in section
    assert "hidden" not in section.partition(">")[0]
    _, page = await client.get(f"/{CHAT}?posted={id}")
    assert "Only you see it for now: a moderator looks at it first" in page


async def test_nobody_else_sees_it(core: FakeCore, room: Room, new_client: NewClient) -> None:
    one, other = new_client(room), new_client(room)
    id = await post_held(core, one)
    await other.join("Pretend participant B")
    for reader, path in ((other, f"/{CHAT}"), (other, f"/{CHAT}/fragment"), (one, f"/{CHAT}/fragment")):
        _, page = await reader.get(path)
        assert id not in page
        assert "Pretend Person" not in page
    assert (await other.get(f"/{CHAT}/edit/{id}"))[0] == 404
    assert (await other.send_form("edit", id=id, text="mine now")).status == 404
    assert (await other.send_form("delete", id=id)).status == 404
    assert not [one for one in core.events if isinstance(one, Edited | Deleted)]


async def test_the_author_may_edit_and_delete_it(core: FakeCore, client: Client) -> None:
    id = await post_held(core, client)
    status, page = await client.get(f"/{CHAT}/edit/{id}")
    assert (status, "Pretend Person" in page) == (200, True)
    assert (await client.send_form("edit", id=id, text="Somebody I know is 81")).status == 303
    assert "Somebody I know is 81" in (await client.get())[1]
    assert (await client.get(f"/{CHAT}/delete/{id}"))[0] == 200
    assert (await client.send_form("delete", id=id)).status == 303
    _, page = await client.get()
    assert "Somebody I know is 81" not in page
    assert '<section id="unseen" class="kept" aria-labelledby="unseen-h" hidden>' in page


async def test_a_script_gets_it_in_a_field_of_its_own(core: FakeCore, client: Client) -> None:
    await client.join()
    token = await client.token()
    core.held.add(str(client.room._app.sessions._tokens.loads(token)[1]))
    form = {"text": PATIENT, "token": token}
    url = f"{client.room.address}/{CHAT}/say"
    async with client.session.post(url, data=form, headers=DATA) as answer:
        data = await answer.json()
    assert (answer.status, data["html"], data["question"]) == (201, "", "")
    assert "81 &lt;b&gt;today" in data["unseen"]
    assert "a moderator looks at it first" in data["sent"]


async def test_an_approved_message_is_shown_to_everybody(core: FakeCore, client: Client) -> None:
    id = await post_held(core, client)
    core.held.discard(id)
    _, page = await client.get()
    assert page.count(f'id="m-room-{id}"') == 1
    assert '<section id="unseen" class="kept" aria-labelledby="unseen-h" hidden>' in page


@pytest.mark.parametrize("chat", ["otalk/other"])
async def test_another_chat_does_not_show_it(core: FakeCore, client: Client, chat: str) -> None:
    core.add_chat(chat_view(chat))
    await post_held(core, client)
    assert "Pretend Person" not in (await client.get(f"/{chat}"))[1]
