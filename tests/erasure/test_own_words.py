"""People ask in their own words what is held on them, and are forgotten once they have confirmed it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from adapters.room.platform import Room
from adapters.room.settings import RoomSettings
from bot.chat import Host
from bot.ports.inbound import AdapterContext
from bot.store import erasures, messages
from tests.adapters.conftest import Client
from tests.commands.running_bot import GUEST, RunningBot, a_chat_with_hosts, running_bot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def a_room_on(bot: RunningBot) -> AsyncIterator[tuple[Client, str]]:
    """A client of a real room that has the bot's own ports, and the path of the chat's page."""
    listener = bot.platforms["room"].listener
    assert listener
    context = AdapterContext(
        place="room",
        clock=bot.clock,
        listener=listener,
        conversation=bot.convenor.conversation("room"),
        commands=bot.service,
        secret="",
    )
    plain = {"host": "127.0.0.1", "port": 0, "public_url": "", "secret": "a" * 32, "behind_proxy": False}
    limits = {"per_person": "1000/minute", "per_address": "1000/minute", "longest": 2000}
    room = Room(context, msgspec.convert({**plain, **limits}, RoomSettings))
    await room.open()
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            yield Client(session, room, bot.chat.name), f"/{bot.chat.name}"
    finally:
        await room.close()


async def erased(bot: RunningBot) -> None:
    """Wait until nothing of anybody who asked for it is stored; a chat that is on puts the last scrub off."""
    async with asyncio.timeout(120):
        while any(one.stage == "asked" for one in await bot.convenor.database.read(erasures.unfinished)):
            await bot.convenor.afterwards.erasing.run_once()
            await bot.settle()
            await asyncio.sleep(0)


async def test_a_person_is_told_what_is_held_and_is_forgotten_after_a_second_word(sqlite_url: str) -> None:
    async with running_bot(sqlite_url) as bot:
        await bot.advance(minutes=12)
        said = await bot.message("A1 we meet in the garden", place="discord")
        await bot.command("say Thank you, @pretend_guest!")
        await bot.advance(seconds=20)
        told = await bot.command("what do you hold on me", GUEST)
        assert "@pretend_guest" in told.text
        assert ": 1 message" in told.text
        asked = await bot.command("forget me", GUEST)
        assert (asked.confirm, asked.done) == ("forget me yes", False)
        assert await bot.convenor.database.read(messages.existing_ids, ["discord"], [said]) == {said}
        assert (await bot.command("no thanks", GUEST)).text == "Then I do nothing."
        assert await bot.convenor.database.read(messages.existing_ids, ["discord"], [said]) == {said}
        assert (await bot.command("Forget me yes please", GUEST)).done
        await erased(bot)
        assert await bot.convenor.database.read(messages.existing_ids, ["discord"], [said]) == set()
        assert (await bot.command("what do you hold on me", GUEST)).text.startswith("Nothing is held.")
        live = bot.convenor.live_chats.by_name[bot.chat.name]
        assert sum(live.counts.values()) == 0
        thanks = [one.text for one in live.posts("discord") if one.text.startswith("Thank you")]
        assert thanks == ["Thank you, [name removed]! #plain"]


async def test_in_a_message_the_words_are_answered_in_private_and_stand_in_no_record(sqlite_url: str) -> None:
    async with running_bot(sqlite_url) as bot:
        await bot.advance(minutes=12)
        await bot.message("what do you hold on me", place="discord", mentions_bot=True)
        await bot.message("forget me", place="discord", mentions_bot=True)
        await bot.advance(seconds=20)
        answers = [one.post for one in bot.outbox_rows() if one.post.place == "discord" and one.post.to == GUEST.id]
        assert [one.text.splitlines()[0] for one in answers] == [
            "Known as: @pretend_guest, Pretend guest",
            'I erase all that I hold on you, for good, if you write "forget me yes" to me.',
        ]
        assert sum(bot.convenor.live_chats.by_name[bot.chat.name].counts.values()) == 0
        assert [one.receipt for one in bot.stored_commands()] == [None, None], "what they were told is not kept"
        assert "forget me" not in (await bot.command("log")).text, "it is nobody else's business that they asked"
        assert [one.text for one in (await bot.dashboard()).log] == []


async def test_in_the_room_the_same_words_are_typed_and_told_to_that_person_alone(sqlite_url: str) -> None:
    """A real room on the bot's own ports, over HTTP. It takes messages without a name, too: one person, one answer."""
    chat = a_chat_with_hosts(unnamed=True)
    async with running_bot(sqlite_url, chat=chat) as bot, a_room_on(bot) as (client, page):
        await bot.advance(minutes=12)
        token = await client.token(page)

        async def typed(text: str, **fields: str) -> str:
            bot.clock.move(seconds=1)
            answer = await client.send_form("say", token=await client.token(page), text=text, **fields)
            assert answer.status == 303, text
            return (await client.get(answer.headers["location"].partition("#")[0]))[1]

        await client.send_form("join", token=token, name="Pretend guest")
        await typed("A1 we meet in the garden")
        [said] = await bot.convenor.conversation("room").messages(bot.chat.name)
        assert "left out of the record" in await typed("leave this out", reply=f"room/{said.id}")
        assert "Done: that post is in our transcript again." in await typed("put this back", reply=f"room/{said.id}")
        shown = await typed("Please leave me out.")
        assert "nothing of yours will be in our transcript. &#34;put me back&#34; undoes that." in shown
        assert "You are left out already" in shown
        assert await bot.convenor.conversation("room").messages(bot.chat.name) == []
        await client.send_form("out", token=await client.token(page + "/out"), all="back")
        assert [one.id for one in await bot.convenor.conversation("room").messages(bot.chat.name)] == [said.id]
        held = await typed("What do you hold on me?")
        assert "Known as: Pretend guest" in held
        assert ": 1 message" in held
        assert "Nothing is held" not in held
        asked = await typed("Forget me!")
        assert "if you write &#34;forget me yes&#34;" in asked
        assert "Erase all of it" in asked
        assert await bot.convenor.database.read(messages.existing_ids, ["room"], [said.id]) == {said.id}
        assert "You are being forgotten" in await typed("forget me, yes")
        await erased(bot)
        assert await bot.convenor.database.read(messages.existing_ids, ["room"], [said.id]) == set()
        assert bot.stored_commands() == []


async def test_a_host_who_is_erased_leads_no_chat_in_the_running_bot_any_more(sqlite_url: str) -> None:
    guest = Host(name="Somebody Pretend", handles={"discord": GUEST.handle})
    chat = a_chat_with_hosts()
    chat = msgspec.structs.replace(chat, hosts=(*chat.hosts, guest))
    async with running_bot(sqlite_url, chat=chat) as bot:
        await bot.advance(minutes=12)
        await bot.message("A1 we meet in the garden", place="discord")
        live = bot.convenor.live_chats.by_name[chat.name]
        view = bot.convenor.conversation("room").chat_view
        assert guest in live.chat.hosts
        await bot.command("forget me yes", GUEST)
        await erased(bot)
        assert live.chat.hosts == chat.hosts[:-1]
        shown = await view(chat.name)
        assert shown is not None
        assert "Somebody Pretend" not in (*shown.hosts, *shown.reserved)
