"""The page on which people decide about the record: single messages, everything, and back again."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from bot.messages import Edited, Message, Returned, TakenOut, Withdrawn
from bot.ports.commands import Answer
from tests.adapters.conftest import Client
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.ports import CHAT, FakeCore, chat_view

DAY = timedelta(days=1)


async def test_a_person_leaves_out_one_message_or_everything_and_comes_back(core: FakeCore, client: Client) -> None:
    page = f"/{CHAT}/out"

    async def choose(**fields: str) -> int:
        core.clock.move(seconds=1)
        return (await client.send_form("out", token=await client.token(page), **fields)).status

    await client.join()
    await client.post("A1 mine")
    own = core.heard()[-1]
    other = core.add_message("9", "A1 not mine")
    _, shown = await client.get(page)
    assert "A1 mine" in shown
    assert "A1 not mine" not in shown
    assert "The record of this chat is not published" in shown
    assert await choose(take=other.id) == 403
    assert await choose(take=own.id) == 303
    assert await choose(back=own.id) == 303
    assert await choose(all="out") == 303
    assert "You are left out already" in (await client.get(page))[1]
    assert await choose(all="back") == 303
    assert "You are left out already" not in (await client.get(page))[1]
    chosen = [one for one in core.events if isinstance(one, TakenOut | Withdrawn | Returned)]
    assert [type(one) for one in chosen] == [TakenOut, TakenOut, Withdrawn, Returned]
    assert [one.on for one in chosen if isinstance(one, TakenOut)] == [True, False]
    assert {one.author.id for one in chosen if not isinstance(one, TakenOut)} == {own.author.id}


async def test_where_only_those_are_shown_who_said_yes_people_are_told_and_can_say_it(
    core: FakeCore, client: Client
) -> None:
    page, words = f"/{CHAT}/out", "Only people who said yes"
    assert words not in (await client.get())[1]
    core.add_chat(msgspec.structs.replace(chat_view(), by_consent=True))
    assert words in (await client.get())[1], "before one joins"
    await client.join()
    await client.post("A1 mine")
    assert f'<a href="{page}">include me</a>' in (await client.get())[1], "at the form"
    over = msgspec.structs.replace(chat_view(state="over"), by_consent=True)
    core.add_chat(msgspec.structs.replace(over, opens=over.opens - DAY, shuts=over.opens))
    assert f'<a href="{page}">say yes or take it back</a>' in (await client.get())[1], "once the room has shut"
    assert "You have not said yes so far" in (await client.get(page))[1]
    assert (await client.send_form("out", token=await client.token(page), all="back")).status == 303
    [yes] = [one for one in core.events if isinstance(one, Returned)]
    assert (yes.chat, yes.author.id) == (CHAT, core.heard()[-1].author.id)
    shown = (await client.get(page))[1]
    assert ("You said yes" in shown, "Include me<" in shown) == (True, False)
    core.clock.move(seconds=1)
    await client.send_form("out", token=await client.token(page), all="out")
    assert "You are left out already" in (await client.get(page))[1]


@pytest.mark.parametrize("by_script", [False, True])
async def test_what_people_type_about_themselves_is_no_message(
    core: FakeCore, client: Client, *, by_script: bool
) -> None:
    """Each leads to the page that says what was done, or what is held; all as on other platforms."""
    headers = {"Accept": "application/json"} if by_script else None

    async def typed(text: str, **fields: str) -> str:
        core.clock.move(seconds=1)
        answer = await client.send_form("say", headers, text=text, **fields)
        assert answer.status in {200, 303}, text
        return (await answer.json())["go"] if by_script else answer.headers["location"]

    await client.join()
    await client.post("A1 mine")
    said = core.commands.answers
    said["Please leave this out."] = Answer(text="That post is out.", done=True)
    said["Leave me out!"] = Answer(text="You are out, and may come back.", done=True)
    said["put me back"] = Answer(text="You are in again.", done=True)
    said["Forget me!"] = Answer(text="Write it once more.", confirm="forget me yes")
    said["yes, forget me"] = Answer(text="It is begun.", done=True)
    own = core.heard()[-1]
    assert await typed("Please leave this out.", reply=f"room/{own.id}") == f"/{CHAT}/out"
    assert core.commands.received[-1].about == f"room/{own.id}"
    assert "That post is out." in (await client.get(f"/{CHAT}/out"))[1]
    assert "That post is out." not in (await client.get(f"/{CHAT}/out"))[1], "it is told once"
    assert await typed("Leave me out!") == f"/{CHAT}/out"
    core.add_event(Withdrawn(place="room", at=core.clock.now(), author=own.author))
    shown = (await client.get(f"/{CHAT}/out"))[1]
    assert "You are out, and may come back." in shown
    assert "You are left out already" in shown
    assert ">Put me back<" in shown
    await client.send_form("out", token=await client.token(f"/{CHAT}/out"), all="back")
    assert "You are left out already" not in (await client.get(f"/{CHAT}/out"))[1]
    assert await typed("please: what do you hold on me?") == f"/{CHAT}/mine"
    assert "You said what do you hold on me." in (await client.get(f"/{CHAT}/mine"))[1]
    assert await typed("Forget me!") == f"/{CHAT}/mine#erase"
    shown = (await client.get(f"/{CHAT}/mine"))[1]
    assert "Write it once more." in shown
    assert ">Erase all of it<" in shown
    assert await typed("yes, forget me") == f"/{CHAT}/mine?own=forgotten"
    assert "You are being forgotten" in (await client.get(f"/{CHAT}/mine?own=forgotten"))[1]
    assert {one.author.id for one in core.commands.received} == {own.author.id}
    assert [one.text for one in core.heard()] == ["A1 mine"]
    assert 'name="name"' in (await client.get())[1], "this browser is nobody's again"


async def test_a_message_that_is_edited_into_such_words_stays_as_it_was(core: FakeCore, client: Client) -> None:
    await client.join()
    await client.post("A1 mine")
    own = core.heard()[-1]
    for text, page in (("Leave this out.", "out"), ("forget me", "mine#erase")):
        answer = await client.send_form("edit", id=own.id, text=text)
        assert answer.headers["location"] == f"/{CHAT}/{page}"
        assert (core.commands.received[-1].text, core.commands.received[-1].about) == (text, f"room/{own.id}")
    assert [one for one in core.events if isinstance(one, Message | Edited)] == [own]


async def test_a_host_is_told_on_the_hosts_page_and_confirms_there(core: FakeCore, host: HostBrowser) -> None:
    core.commands.answers["forget me"] = Answer(text="Write it once more.", confirm="forget me yes")
    await host.post("forget me")
    shown = await host.page()
    assert "Write it once more." in shown
    assert 'value="forget me yes"' in shown
    assert core.heard() == []


async def test_nobody_is_told_that_they_are_forgotten_before_the_store_has_it(core: FakeCore, client: Client) -> None:
    async def press() -> str:
        answer = await client.send_form("mine", token=await client.token(f"/{CHAT}/mine"))
        assert answer.status == 200
        return await answer.text()

    await client.join()
    core.commands.answers["forget me yes"] = Answer(text="The store did not answer.")
    page = await press()
    assert "The store did not answer." in page
    assert "You are being forgotten" not in page
    answer = await client.post("forget me yes")
    assert answer.headers["location"] == f"/{CHAT}/mine#erase"
    core.commands.answers["forget me yes"] = Answer(text="It is begun.", done=True)
    core.commands.carried_out.clear()
    assert "You are being forgotten" in await press()
    assert 'name="name"' in (await client.get())[1]


async def test_who_only_asked_without_a_name_is_told_as_well(core: FakeCore, client: Client) -> None:
    core.add_chat(msgspec.structs.replace(chat_view(), unnamed=True))
    await client.get()
    await client.post("May I ask this?", unnamed="yes", to="q1")
    answer = await client.post("what do you hold on me", unnamed="yes", to="q1")
    assert answer.headers["location"] == f"/{CHAT}/mine"
    assert "You said what do you hold on me." in (await client.get(f"/{CHAT}/mine"))[1]
    assert [one.author for one in core.commands.received] == [core.heard()[0].author]


async def test_stop_is_said_to_the_others_and_a_longer_sentence_asks_for_nothing(
    core: FakeCore, client: Client
) -> None:
    await client.join()
    for text in ("stop", "A1 they told me: forget me"):
        await client.post(text)
    assert [one.text for one in core.heard()] == ["stop", "A1 they told me: forget me"]
    assert core.commands.received == []


async def test_nobody_looks_through_the_store_without_end(client: Client) -> None:
    await client.join()
    seen = [(await client.get(f"/{CHAT}/mine"))[0] for _ in range(12)]
    assert seen == [200] * 10 + [429] * 2
    assert (await client.get())[0] == 200, "the chat is read on"
