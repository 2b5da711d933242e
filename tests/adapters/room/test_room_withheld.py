"""What only its writer is shown: a message that waits for a moderator, or was left out. Over a real socket."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.room import Room
from bot.messages import Deleted, Edited
from tests.adapters.conftest import Visitor
from tests.fakes.ports import CHAT, FakeCore, chat_view

Visit = Callable[[Room], Visitor]

PATIENT = "My client Pretend Person is 81 <b>today</b>"
DATA = {"Accept": "application/json"}


async def held(core: FakeCore, visitor: Visitor, text: str = PATIENT) -> str:
    """Join, and say something that is held at once; returns its id."""
    await visitor.join()
    token = await visitor.token()
    once = str(visitor.room._app.sessions._tokens.loads(token)[1])
    core.held.add(once)
    answer = await visitor.say(text, token=token)
    assert answer.headers["location"] == f"/{CHAT}#m-room-{once}"
    return once


async def test_its_writer_sees_it_and_is_told_kindly(core: FakeCore, visitor: Visitor) -> None:
    id = await held(core, visitor)
    _, page = await visitor.get()
    section = page.partition('<section id="unseen"')[2].partition("</section>")[0]
    assert f'id="m-room-{id}"' in section
    assert "81 &lt;b&gt;today&lt;/b&gt;" in section
    assert "Only you see this" in section
    assert "please edit or delete it" in section
    assert f"/{CHAT}/edit/{id}" in section
    assert "hidden" not in section.partition(">")[0]


async def test_nobody_else_sees_it(core: FakeCore, room: Room, visit: Visit) -> None:
    one, other = visit(room), visit(room)
    id = await held(core, one)
    await other.join("Pretend participant B")
    for someone, path in ((other, f"/{CHAT}"), (other, f"/{CHAT}/fragment"), (one, f"/{CHAT}/fragment")):
        _, page = await someone.get(path)
        assert id not in page
        assert "Pretend Person" not in page
    assert (await other.get(f"/{CHAT}/edit/{id}"))[0] == 404
    assert (await other.post("edit", id=id, text="mine now")).status == 404
    assert (await other.post("delete", id=id)).status == 404
    assert not [one for one in core.events if isinstance(one, Edited | Deleted)]


async def test_its_writer_may_change_it_and_take_it_back(core: FakeCore, visitor: Visitor) -> None:
    id = await held(core, visitor)
    status, page = await visitor.get(f"/{CHAT}/edit/{id}")
    assert (status, "Pretend Person" in page) == (200, True)
    assert (await visitor.post("edit", id=id, text="Somebody I know is 81")).status == 303
    assert "Somebody I know is 81" in (await visitor.get())[1]
    assert (await visitor.get(f"/{CHAT}/delete/{id}"))[0] == 200
    assert (await visitor.post("delete", id=id)).status == 303
    _, page = await visitor.get()
    assert "Somebody I know is 81" not in page
    assert '<section id="unseen" class="kept" aria-labelledby="unseen-h" hidden>' in page


async def test_a_script_is_given_it_apart(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    token = await visitor.token()
    core.held.add(str(visitor.room._app.sessions._tokens.loads(token)[1]))
    form = {"text": PATIENT, "token": token}
    url = f"{visitor.room.address}/{CHAT}/say"
    async with visitor.session.post(url, data=form, headers=DATA) as answer:
        told = await answer.json()
    assert (answer.status, told["html"], told["question"]) == (201, "", "")
    assert "81 &lt;b&gt;today" in told["unseen"]


async def test_what_is_kept_after_all_is_the_room_s_again(core: FakeCore, visitor: Visitor) -> None:
    id = await held(core, visitor)
    core.held.discard(id)
    _, page = await visitor.get()
    assert page.count(f'id="m-room-{id}"') == 1
    assert '<section id="unseen" class="kept" aria-labelledby="unseen-h" hidden>' in page


@pytest.mark.parametrize("chat", ["otalk/other"])
async def test_another_chat_does_not_show_it(core: FakeCore, visitor: Visitor, chat: str) -> None:
    core.plan(chat_view(chat))
    await held(core, visitor)
    assert "Pretend Person" not in (await visitor.get(f"/{chat}"))[1]
