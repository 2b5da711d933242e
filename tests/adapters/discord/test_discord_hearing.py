"""What is heard on the pretend Discord, and what is read again."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.errors import PlatformError
from bot.messages import (
    Deleted,
    Edited,
    Media,
    Message,
    Reaction,
)
from tests.adapters.discord.workbench import CHAT, A, B, Core, Opened, adapter, behind, post, reading, truth, until
from tests.sims.simulator import Simulator


async def test_what_people_do_is_heard(all_words: Simulator, opened: Opened, core: Core) -> None:
    sim = all_words
    await opened(sim, message_content=True)
    first = sim.tell("say", by=A, text="A1 we use Teams")["id"]
    second = sim.tell("say", by=B, text="Same here", reply_to=first)["id"]
    sim.tell("edit", id=first, text="A1 we use pens")
    sim.tell("react", by=B, id=first, emoji="👍")
    sim.tell("bulk_delete", ids=[first, second])
    await until(lambda: len(core.heard(Deleted)) == 2)
    one, two = core.heard(Message)
    assert (one.text, one.author.name, one.id) == ("A1 we use Teams", A, first)
    assert (two.reply_to, two.author.name) == (first, B)
    assert [(edit.id, edit.text) for edit in core.heard(Edited)] == [(first, "A1 we use pens")]
    assert [(mark.id, mark.author.name, mark.emoji) for mark in core.heard(Reaction)] == [(first, B, "👍")]
    assert {gone.id for gone in core.heard(Deleted)} == {first, second}


async def test_only_the_channel_and_its_threads_are_heard(all_words: Simulator, opened: Opened, core: Core) -> None:
    sim = all_words
    made = await opened(sim, message_content=True, threads="question")
    asked = await made.send(post())
    sim.tell("say", by=A, text="elsewhere", channel=601)
    sim.tell("say", by=A, text="in private", channel="dm")
    sim.tell("say", by=A, text="in the thread", channel=int(asked.id))
    sim.tell("say", by=A, text="in the channel")
    await until(lambda: len(core.texts) == 2)
    assert sorted(core.texts) == ["in the channel", "in the thread"]
    assert {one.text: one.conversation for one in core.heard(Message)}["in the thread"] == asked.id


async def test_without_the_intent_only_what_names_the_bot_is_heard(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim)
    asked = await made.send(post())
    sim.tell("say", by=A, text="not for you")
    sim.tell("say", by=A, text="A1 by reply", reply_to=asked.id)
    sim.tell("say", by=A, text="<@1000> status")
    await until(lambda: len(core.texts) == 2)
    assert [(one.text, one.mentions_bot) for one in core.heard(Message)] == [
        ("A1 by reply", True),
        ("<@1000> status", True),
    ]


async def test_what_cannot_be_stored_ends_nothing(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    core.broken = True
    sim.tell("say", by=A, text="<@1000> one")
    await until(lambda: core.unstored == 1)
    core.broken = False
    sim.tell("say", by=A, text="<@1000> two")
    await until(lambda: core.texts == ["<@1000> two"])
    assert core.calls == ["up"]


async def test_a_message_has_the_role_of_its_author(all_words: Simulator, opened: Opened, core: Core) -> None:
    sim = all_words
    host, moderator = sim.tell("person", by=A, roles=["Pretend host", "Pretend moderator"])["roles"]
    await opened(sim, message_content=True, hosts=(int(host),), moderators=(int(moderator),))
    sim.tell("say", by=A, text="!next")
    sim.tell("say", by=B, text="!next")
    await until(lambda: len(core.texts) == 2)
    assert {one.author.name: one.role for one in core.heard(Message)} == {A: "host", B: "participant"}


async def test_what_is_passed_on_is_nobodys_own_words(all_words: Simulator, opened: Opened, core: Core) -> None:
    sim = all_words
    made = await opened(sim, message_content=True)
    command = sim.tell("say", by=A, text="!end yes", channel=601)["id"]
    sim.tell("say", by=B, forwards=command)
    sim.tell("say", by=B, text="A1 my own")
    await until(lambda: len(core.texts) == 2)
    forward = (Media(kind="forward"),)
    assert [(one.text, one.media) for one in core.heard(Message)] == [("", forward), ("A1 my own", ())]
    assert [(one.reply_to, one.quotes) for one in core.heard(Message)] == [(None, command), (None, None)]
    page = await made.read(reading())
    told = [one for one in page.events if isinstance(one, Message)]
    assert [(one.text, one.media) for one in told] == [("", forward), ("A1 my own", ())]


async def test_messages_without_words_are_heard_in_the_gateway_and_in_the_history(
    all_words: Simulator, opened: Opened, core: Core
) -> None:
    sim = all_words
    made = await opened(sim, message_content=True)
    picture = {"filename": "a.png", "content_type": "image/png", "description": "a mind map of groups"}
    sim.tell("say", by=A, attachments=[picture, {"filename": "b.png", "content_type": "image/png"}])
    sim.tell("say", by=A, attachments=[{"filename": "v.ogg", "content_type": "audio/ogg"}], flags=1 << 13)
    sim.tell("say", by=A, stickers=["Wave"])
    sim.tell("say", by=A, poll="Which day?")
    wanted = [
        (Media(kind="picture", text="a mind map of groups"), Media(kind="picture")),
        (Media(kind="voice"),),
        (Media(kind="sticker", text="Wave"),),
        (Media(kind="poll", text="Which day?"),),
    ]
    await until(lambda: len(core.texts) == len(wanted))
    assert [one.media for one in core.heard(Message)] == wanted
    page = await made.read(reading())
    assert [one.media for one in page.events if isinstance(one, Message)] == wanted


async def test_an_emptied_message_has_no_words_in_the_gateway_and_in_the_history(
    all_words: Simulator, opened: Opened, core: Core
) -> None:
    sim = all_words
    made = await opened(sim, message_content=True)
    id = sim.tell("say", by=A, text="A1 secret", attachments=[{"filename": "a.png", "content_type": "image/png"}])["id"]
    sim.tell("preview", id=id)
    sim.tell("edit", id=id, text="")
    await until(lambda: core.heard(Edited))
    picture = (Media(kind="picture"),)
    assert [(one.text, one.media) for one in core.heard(Edited)] == [("", picture)], "a preview is no edit"
    page = await made.read(reading())
    assert [(type(one), one.text, one.media) for one in page.events if isinstance(one, Message | Edited)] == [
        (Message, "", picture),
        (Edited, "", picture),
    ]


async def test_a_summons_that_is_taken_back_leaves_nothing(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim)
    id = sim.tell("say", by=A, text="<@1000> A1 secret")["id"]
    await until(lambda: core.texts)
    sim.tell("preview", id=id)
    sim.tell("say", by=B, text="not for you", stickers=["Wave"])
    sim.tell("edit", id=id, text="for others only")
    await until(lambda: core.heard(Edited))
    assert [(one.id, one.text, one.media) for one in core.heard(Edited)] == [(id, "", ())]
    page = await made.read(reading())
    assert [(type(one), one.text) for one in page.events if isinstance(one, Message | Edited)] == [(Edited, "")]
    sim.tell("edit", id=id, text="<@1000> A1 again")
    await until(lambda: len(core.heard(Edited)) == 2)
    assert core.heard(Edited)[-1].text == "<@1000> A1 again"


async def test_an_edited_reply_still_mentions_the_bot(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim)
    asked = await made.send(post())
    id = sim.tell("say", by=A, text="A1 wrods", reply_to=asked.id)["id"]
    sim.tell("edit", id=id, text="A1 words")
    await until(lambda: core.heard(Edited))
    assert [one.text for one in core.heard(Edited)] == ["A1 words"]


async def test_names_of_people_channels_and_roles_come_along(all_words: Simulator, opened: Opened, core: Core) -> None:
    sim = all_words
    [role] = sim.tell("person", by=B, roles=["Pretend host"])["roles"]
    made = await opened(sim, message_content=True)
    other = sim.tell("person", by=B)["id"]
    sim.tell("say", by=A, text=f"<@{other}> <#601> <@&{role}> <@&5>")
    await until(lambda: core.texts)
    names = {f"<@{other}>": "@pretend.participant.b", "<#601>": "#other", f"<@&{role}>": "@Pretend host"}
    assert core.heard(Message)[0].names == names
    page = await made.read(reading())
    assert [one.names for one in page.events if isinstance(one, Message)] == [names]


async def test_what_is_edited_into_a_command_is_an_edit_and_known_as_changed(
    all_words: Simulator, opened: Opened, core: Core
) -> None:
    sim = all_words
    id = sim.tell("say", by=A, text="before the bot was there")["id"]
    made = await opened(sim, message_content=True)
    sim.tell("edit", id=id, text="!end yes")
    plain = sim.tell("say", by=A, text="!status")["id"]
    await until(lambda: core.texts)
    assert core.texts == ["!status"]
    assert [one.text for one in core.heard(Edited)] == ["!end yes"]
    page = await made.read(reading())
    assert {one.id: one.changed for one in page.events if isinstance(one, Message)} == {id: True, plain: False}


# Reading again ----------------------------------------------------------------------------------------------------


async def test_the_history_of_channel_and_threads_is_read(all_words: Simulator, opened: Opened) -> None:
    sim = all_words
    made = await opened(sim, threads="question")
    asked = await made.send(post())
    for n in range(120):
        sim.tell("say", by=A, text=f"A1 number {n}")
    inside = sim.tell("say", by=B, text="in the thread", channel=int(asked.id))["id"]
    sim.tell("edit", id=inside, text="in the thread, changed")
    fresh = adapter(sim, Core(), threads="question")
    await fresh.open()
    page = await fresh.read(reading(posts=(asked.id, "123")))
    await fresh.close()
    told = [one for one in page.events if isinstance(one, Message)]
    assert [one.text for one in told] == [*(f"A1 number {n}" for n in range(120)), "in the thread, changed"]
    assert told[-1].conversation == asked.id
    assert [one.id for one in page.events if isinstance(one, Edited)] == [inside]
    assert [one.id for one in told if one.changed] == [inside]
    assert page.more is None
    nothing = await made.read(reading(since=datetime.now(UTC) + timedelta(minutes=1)))
    assert nothing.events == ()


def looked_up(sim: Simulator) -> list[str]:
    """The look-ups of people; the bot looks itself up as well."""
    return [one for one in sim.calls("GET /api/v10/guilds/500/members/") if not one.endswith("/1000")]


async def test_commands_that_were_missed_have_the_role_of_their_author(
    all_words: Simulator, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim = all_words
    monkeypatch.setattr("adapters.discord.history._MOST_MEMBERS", 2)
    host, ordinary = (sim.tell("person", by=A, roles=["Pretend host"])["roles"][0], "A1 we use pens")
    for by, text in ((A, ordinary), (A, "!next"), (A, "<@1000> pause"), (B, "!end"), ("Pretend host C", "!end")):
        sim.tell("say", by=by, text=text)
    made = await opened(sim, message_content=True, hosts=(int(host),))
    page = await made.read(reading())
    roles = [(one.text, one.role) for one in page.events if isinstance(one, Message)]
    assert roles == [
        (ordinary, "participant"),
        ("!next", "host"),
        ("<@1000> pause", "host"),
        ("!end", "participant"),
        ("!end", "participant"),
    ]
    assert len(looked_up(sim)) == 2
    sim.fails("GET .*/members/", "status", status=403, times=9, body='{"code": 50001, "message": "No"}')
    again = await made.read(reading())
    assert len(looked_up(sim)) == 3
    assert {one.role for one in again.events if isinstance(one, Message)} == {"participant"}


async def test_a_long_history_is_read_in_pieces(
    all_words: Simulator, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.history._MOST", 150)
    made = await opened(all_words)
    for n in range(250):
        all_words.tell("say", by=A, text=str(n))
    first = await made.read(reading())
    assert first.more
    second = await made.read(reading(more=first.more))
    assert second.more is None
    assert [one.text for one in (*first.events, *second.events) if isinstance(one, Message)] == [
        str(n) for n in range(250)
    ]


@asynccontextmanager
async def with_archive(sim: Simulator) -> AsyncIterator[str]:
    """The simulator's API with the one call that it lacks: the threads of a channel that are folded away."""

    def folded(request: web.Request) -> str | None:
        if not request.path.endswith("/threads/archived/public"):
            return None
        threads = [{**one, "parent_id": one["parent"]} for one in truth(sim, "threads") if one["archived"]]
        return json.dumps({"threads": threads})

    async with behind(sim, folded) as api_url:
        yield api_url


async def test_what_is_gone_is_known_wherever_it_was(all_words: Simulator, opened: Opened) -> None:
    sim = all_words
    made = await opened(sim, threads="question")
    asked = await made.send(post())
    ids = [sim.tell("say", by=A, text=str(n))["id"] for n in range(3)]
    inside = [sim.tell("say", by=A, text=f"in {n}", channel=int(asked.id))["id"] for n in range(2)]
    sim.tell("delete", id=ids[1])
    sim.tell("delete", id=inside[0])
    async with with_archive(sim) as api_url:
        fresh = await opened(sim, api_url=api_url)  # it does not remember which was where
        assert set(await fresh.find_deleted((*ids, *inside, "no number"), CHAT)) == {ids[1], inside[0]}
        archive(sim, asked.id)
        assert set(await fresh.find_deleted((*ids, *inside), CHAT)) == {ids[1], inside[0]}
        sim.tell("remove_channel", id=int(asked.id))
        assert set(await fresh.find_deleted((*ids, *inside), CHAT)) == {ids[1], *inside}
        await fresh.close()


async def test_what_became_of_messages_is_told_with_their_edits(all_words: Simulator, opened: Opened) -> None:
    made = await opened(all_words)
    ids = [all_words.tell("say", by=A, text=str(n))["id"] for n in range(3)]
    all_words.tell("delete", id=ids[1])
    all_words.tell("edit", id=ids[2], text="better words")
    async with with_archive(all_words) as api_url:
        made = await opened(all_words, api_url=api_url)
        found = await made.find_current((*ids, "no number"), CHAT)
        assert (found.there, found.deleted, found.withheld) == ((ids[0], ids[2]), (ids[1],), ())
        assert [(one.id, one.text) for one in found.edits] == [(ids[2], "better words")]
        await made.close()


def archive(sim: Simulator, thread: str) -> None:
    """Fold a thread away, as a moderator would."""
    request = urllib.request.Request(  # noqa: S310 -- our own simulator
        f"{sim.address}/api/v10/channels/{thread}",
        data=b'{"archived": true}',
        method="PATCH",
        headers={"Authorization": "Bot bot-token", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=60).close()  # noqa: S310 -- as above


async def test_a_history_that_is_withheld_deletes_nothing(sim: Simulator, opened: Opened) -> None:
    async with with_archive(sim) as api_url:
        made = await opened(sim, api_url=api_url)
        id = sim.tell("say", by=A, text="<@1000> here")["id"]
        sim.tell("deny", permissions=["READ_MESSAGE_HISTORY"])
        with pytest.raises(PlatformError, match="Read Message History"):
            await made.find_deleted((id,), CHAT)
        await made.close()


async def test_events_carry_names_already(sim: Simulator, opened: Opened) -> None:
    assert await (await opened(sim)).find_names(("1",), CHAT) == ()
