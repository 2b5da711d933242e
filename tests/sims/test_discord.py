"""The pretend Discord, driven by the library that talks to the real one."""

from __future__ import annotations

import asyncio
import io
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from yarl import URL

from tests.sims.simulator import Simulator, simulator
from tests.sims.simulator_server import EXCHANGES

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord
    from discord import app_commands

A, B = "Pretend participant A", "Pretend participant B"


class Elsewhere(aiohttp.TCPConnector):
    """Takes every request of one client (REST, interactions, gateway) to another place, whatever it was meant for."""

    def __init__(self, place: str) -> None:
        super().__init__(limit=0)
        self._place = URL(place)

    async def connect(self, req: aiohttp.ClientRequest, *args: Any, **more: Any) -> Any:  # noqa: ANN401 -- aiohttp's
        to = self._place
        req.url = req.url.with_scheme(to.scheme).with_host(to.host or "").with_port(to.port)
        return await super().connect(req, *args, **more)


class Guest(discord.Client):
    """Remembers what it hears, in order."""

    def __init__(self, sim: Simulator, *, reads: bool = False) -> None:
        intents = discord.Intents.default()
        intents.message_content = reads
        super().__init__(intents=intents, connector=Elsewhere(sim.address), guild_ready_timeout=0.05)
        self.heard: list[str] = []
        self.tree = app_commands.CommandTree(self)
        self.happened: list[tuple[str, Any]] = []
        self.errors: list[Any] = []

    async def keep_error(self, _call: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.append(error.__cause__)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library's own waits five seconds."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- the library's
        self.happened.append((event, args[0] if args else None))
        if event == "message" and args[0].type.value in (0, 19):
            self.heard.append(args[0].content)
        super().dispatch(event, *args, **kwargs)

    @property
    def talk(self) -> discord.TextChannel:
        found = self.get_channel(600)
        assert isinstance(found, discord.TextChannel)
        return found

    def events(self, name: str) -> list[Any]:
        return [told for event, told in self.happened if event == name]


@asynccontextmanager
async def joined(sim: Simulator, *, reads: bool = False) -> AsyncIterator[Guest]:
    async with Guest(sim, reads=reads) as guest:
        running = asyncio.create_task(guest.start("bot-token"))
        ready = asyncio.create_task(guest.wait_until_ready())
        await asyncio.wait({running, ready}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        assert ready.done(), running
        try:
            yield guest
        finally:
            await guest.close()
            await running


async def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it never was"
        await asyncio.sleep(0.01)


async def refusal(change: Awaitable[object]) -> tuple[int, int]:
    with pytest.raises(discord.HTTPException) as error:
        await change
    return error.value.status, error.value.code


async def raw(sim: Simulator, method: str, path: str, **json: Any) -> tuple[int, Any, Any]:  # noqa: ANN401 -- JSON
    headers = {"Authorization": "Bot bot-token"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{sim.address}/api/v10{path}", json=json or None, headers=headers) as answer,
    ):
        return answer.status, await answer.json() if answer.content_length else None, answer.headers


def test_it_speaks_without_being_heard_when_nobody_is_there() -> None:
    with simulator("discord") as sim:
        id = sim.tell("say", by=A, text="hello")["id"]
        truth = sim.ask("truth")
        assert [one["id"] for one in truth["messages"]] == [id]
        assert not truth["messages"][0]["bot"]


# Coming in ------------------------------------------------------------------------------------------------------


async def test_a_wrong_token_is_turned_away() -> None:
    with simulator("discord", token="another") as sim:
        guest = Guest(sim)
        with pytest.raises(discord.LoginFailure):
            await guest.login("bot-token")
        await guest.http.close()


async def test_the_guild_is_there_and_permissions_are_what_they_are() -> None:
    with simulator("discord", denied=["PIN_MESSAGES", "CREATE_EVENTS"]) as sim:
        async with joined(sim) as guest:
            (guild,) = guest.guilds
            assert guild.name == "Pretend guild"
            assert [channel.name for channel in guild.text_channels] == ["talk", "other"]
            assert guest.user
            assert (guest.user.id, guest.application_id) == (1000, 1000)
            may = guest.talk.permissions_for(guild.me)
            assert (may.send_messages, may.pin_messages, may.create_events) == (True, False, False)
            message = await guest.talk.send("x")
            assert await refusal(message.pin()) == (403, 50013)
            sim.tell("deny", permissions=["SEND_MESSAGES"])
            await until(lambda: not guest.talk.permissions_for(guild.me).send_messages)
            assert guest.talk.permissions_for(guild.me).pin_messages
            assert await refusal(guest.talk.send("y")) == (403, 50013)
            sim.tell("deny", permissions=["VIEW_CHANNEL"])
            assert await refusal(guest.talk.send("z")) == (403, 50001)
            assert await refusal(guest.talk.fetch_message(message.id)) == (403, 50001)


async def test_a_privileged_intent_must_have_been_given() -> None:
    with simulator("discord") as sim:
        async with Guest(sim, reads=True) as guest:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await guest.start("bot-token")
    with simulator("discord", intents_allowed=["message_content"]) as sim:
        async with joined(sim, reads=True) as guest:
            assert guest.application_flags.gateway_message_content_limited


# Who reads what ---------------------------------------------------------------------------------------------------


async def test_without_the_intent_only_what_is_meant_for_the_bot_can_be_read() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            own = await guest.talk.send("from the bot")
            sim.tell("say", by=A, text="to nobody")
            sim.tell("say", by=A, text="to <@1000>")
            sim.tell("say", by=A, text="a reply", reply_to=own.id)
            sim.tell("say", by=A, text="a quiet reply", reply_to=own.id, ping=False)
            sim.tell("say", by=A, text="in private", channel="dm")
            read = ["from the bot", "", "to <@1000>", "a reply", "", "in private"]
            await until(lambda: len(guest.heard) == len(read))
            assert guest.heard == read
            assert [one.content async for one in guest.talk.history(oldest_first=True)] == read[:-1]
            assert (await guest.talk.fetch_message(own.id)).content == "from the bot"


async def test_with_the_intent_everything_can_be_read() -> None:
    with simulator("discord", intents_allowed=["message_content"]) as sim:
        async with joined(sim, reads=True) as guest:
            sim.tell("say", by=A, text="to nobody")
            await until(lambda: guest.heard == ["to nobody"])
            assert [one.content async for one in guest.talk.history()] == ["to nobody"]


# Messages ---------------------------------------------------------------------------------------------------------


async def test_a_nonce_makes_one_message_of_two_for_a_while() -> None:
    with simulator("discord", nonce_seconds=300) as sim:
        async with joined(sim) as guest:
            first = await guest.talk.send("Q1", nonce="row-1", allowed_mentions=discord.AllowedMentions.none())
            again = await guest.talk.send("Q1", nonce="row-1")
            assert first.id == again.id
            assert first.nonce == "row-1"
            (kept,) = sim.ask("truth")["messages"]
            assert (kept["nonce"], kept["bot"]) == ("row-1", True)
            assert kept["allowed_mentions"] == {"parse": []}
            assert (await guest.talk.fetch_message(first.id)).nonce is None, "it is not kept with the message"
    with simulator("discord", nonce_seconds=0) as sim:
        async with joined(sim) as guest:
            for _ in range(2):
                await guest.talk.send("Q1", nonce="row-1")
            assert len(sim.ask("truth")["messages"]) == 2


async def test_too_long_and_empty_are_refused() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            assert await refusal(guest.talk.send("x" * 2001)) == (400, 50035)
            assert await refusal(guest.talk.send(" ")) == (400, 50006)
            await guest.talk.send("x" * 2000)


async def test_history_is_in_pages() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            ids = [int(sim.tell("say", by=A, text=str(n))["id"]) for n in range(120)]
            assert ids == sorted(set(ids))
            assert [one.id async for one in guest.talk.history(limit=3)] == ids[:-4:-1]
            after = discord.Object(ids[9])
            assert [one.id async for one in guest.talk.history(after=after, limit=None)] == ids[10:]
            before = discord.Object(ids[5])
            assert [one.id async for one in guest.talk.history(before=before)] == ids[4::-1]
            around = discord.Object(ids[50])
            assert [one.id async for one in guest.talk.history(around=around, limit=5)] == ids[52:47:-1]
            sim.tell("deny", permissions=["READ_MESSAGE_HISTORY"])
            assert [one async for one in guest.talk.history()] == []


async def test_a_new_message_stays_out_of_history_for_a_while() -> None:
    with simulator("discord", visible_after=600) as sim:
        async with joined(sim) as guest:
            await guest.talk.send("x")
            assert [one async for one in guest.talk.history()] == []
    with simulator("discord", visible_after=1) as sim:
        async with joined(sim) as guest:
            sent = await guest.talk.send("x")
            ends = time.monotonic() + 60
            while not (seen := [one.id async for one in guest.talk.history()]):
                assert time.monotonic() < ends
                await asyncio.sleep(0.02)
            assert seen == [sent.id]


async def test_a_file_comes_with_its_description() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            data = bytes(range(256)) + b"\r\n--\r\n"
            file = discord.File(io.BytesIO(data), "transcript.png", description="What was said")
            sent = await guest.talk.send("Here it is", file=file)
            (attached,) = sent.attachments
            assert (attached.filename, attached.description, attached.size) == ("transcript.png", "What was said", 262)
            assert await attached.read() == data
            (kept,) = sim.ask("truth")["messages"]
            assert kept["attachments"] == [{"filename": "transcript.png", "description": "What was said"}]
            sim.tell("deny", permissions=["ATTACH_FILES"])
            assert await refusal(guest.talk.send(file=discord.File(io.BytesIO(b"x"), "x.txt"))) == (403, 50013)


async def test_a_reply_names_what_it_answers() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            asked = sim.tell("say", by=A, text="a question")["id"]
            message = await guest.talk.fetch_message(int(asked))
            answer = await message.reply("an answer", mention_author=False)
            assert answer.reference
            assert answer.reference.message_id == message.id
            assert sim.ask("truth")["messages"][1]["reply_to"] == asked
            await message.reply("another", mention_author=True)
            assert sim.ask("truth")["messages"][2]["mentions"] == [A]
            sim.tell("delete", id=asked)
            assert await refusal(message.reply("too late")) == (400, 50035)


async def test_edits_deletions_and_reactions_are_told() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            ids = [sim.tell("say", by=A, text=f"<@1000> {n}")["id"] for n in range(4)]
            sim.tell("edit", id=ids[0], text="<@1000> changed")
            await until(lambda: guest.events("raw_message_edit"))
            assert guest.events("raw_message_edit")[0].data["content"] == "<@1000> changed"
            sim.tell("delete", id=ids[0])
            await until(lambda: guest.events("raw_message_delete"))
            assert guest.events("raw_message_delete")[0].message_id == int(ids[0])
            assert await refusal(guest.talk.fetch_message(int(ids[0]))) == (404, 10008)
            sim.tell("bulk_delete", ids=ids[1:3])
            await until(lambda: guest.events("raw_bulk_message_delete"))
            assert guest.events("raw_bulk_message_delete")[0].message_ids == {int(id) for id in ids[1:3]}
            sim.tell("react", id=ids[3], by=B, emoji="👍")
            await until(lambda: guest.events("raw_reaction_add"))
            assert str(guest.events("raw_reaction_add")[0].emoji) == "👍"
            message = await guest.talk.fetch_message(int(ids[3]))
            await message.add_reaction("👍")
            assert sim.ask("truth")["messages"][0]["reactions"] == {"👍": [B, "Convenor"]}
            await message.remove_reaction("👍", discord.Object(1000))
            assert [one["id"] for one in sim.ask("truth")["deleted"]] == ids[:3]


async def test_the_bot_changes_and_takes_back_its_own() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            sent = await guest.talk.send("x")
            await sent.edit(content="y")
            assert [(one["content"], one["edited"]) for one in sim.ask("truth")["messages"]] == [("y", True)]
            await sent.delete()
            others = await guest.talk.fetch_message(int(sim.tell("say", by=A, text="z")["id"]))
            assert await refusal(others.edit(content="mine")) == (403, 50005)
            many = [await guest.talk.send(str(n)) for n in range(3)]
            await guest.talk.delete_messages(many)
            assert [one["content"] for one in sim.ask("truth")["messages"]] == ["z"]


async def test_a_pin_gives_notice() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            sent = await guest.talk.send("x")
            await sent.pin()
            await sent.pin()
            assert [one.id async for one in guest.talk.pins()] == [sent.id]
            truth = sim.ask("truth")
            assert truth["messages"][0]["pinned"]
            assert [one["type"] for one in truth["system"]] == [6]
            kinds = [one.type async for one in guest.talk.history()]
            assert kinds == [discord.MessageType.pins_add, discord.MessageType.default]
            await sent.unpin()
            assert not sim.ask("truth")["messages"][0]["pinned"]


# Threads, events, channels ----------------------------------------------------------------------------------------


async def test_a_thread_has_its_messages_id_and_is_made_once() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            sent = await guest.talk.send("Q1")
            thread = await sent.create_thread(name="Question 1")
            assert (thread.id, thread.parent_id) == (sent.id, 600)
            assert await refusal(sent.create_thread(name="Question 1")) == (400, 160004)
            await until(lambda: guest.events("thread_create"))
            said = sim.tell("say", by=A, text="<@1000> here", channel=thread.id)["id"]
            await until(lambda: "<@1000> here" in guest.heard)
            ids = [(one.type.name, one.id) async for one in thread.history()]
            assert ids[0] == ("default", int(said))
            assert [kind for kind, _ in ids[1:]] == ["thread_starter_message"]
            await thread.send("in the thread")
            await thread.edit(archived=True, locked=True)
            (kept,) = sim.ask("truth")["threads"]
            assert (kept["parent"], kept["archived"], kept["locked"]) == ("600", True, True)
            assert await refusal(thread.send("too late")) == (400, 50083)
            alone = await guest.talk.create_thread(name="Aside", type=discord.ChannelType.public_thread)
            (guild,) = guest.guilds
            assert [one.id for one in await guild.active_threads()] == [alone.id]
            sim.tell("deny", permissions=["CREATE_PUBLIC_THREADS"])
            assert await refusal((await guest.talk.send("Q2")).create_thread(name="no")) == (403, 50013)


async def test_a_scheduled_event() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            (guild,) = guest.guilds
            begins = datetime.now(UTC) + timedelta(days=1)
            plan: dict[str, Any] = {
                "start_time": begins,
                "end_time": begins + timedelta(hours=1),
                "entity_type": discord.EntityType.external,
                "privacy_level": discord.PrivacyLevel.guild_only,
                "location": "#talk",
            }
            event = await guild.create_scheduled_event(name="A chat", description="About x", **plan)
            (kept,) = sim.ask("truth")["events"]
            assert (kept["name"], kept["entity_metadata"]) == ("A chat", {"location": "#talk"})
            await event.edit(name="Another chat")
            assert [one.name for one in await guild.fetch_scheduled_events()] == ["Another chat"]
            await event.delete()
            assert sim.ask("truth")["events"] == []
            past = plan | {"start_time": begins - timedelta(days=2)}
            assert await refusal(guild.create_scheduled_event(name="Past", **past)) == (400, 50035)
            sim.tell("deny", permissions=["CREATE_EVENTS"])
            assert await refusal(guild.create_scheduled_event(name="No", **plan)) == (403, 50013)


async def test_a_channel_goes() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            talk = guest.talk
            sim.tell("remove_channel", id=600)
            await until(lambda: guest.get_channel(600) is None)
            assert await refusal(talk.send("anybody?")) == (404, 10003)
            assert await refusal(guest.fetch_channel(600)) == (404, 10003)
            assert await refusal(guest.fetch_guild(7)) == (404, 10004)


async def test_in_private() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            sim.tell("say", by=A, text="hello", channel="dm")
            await until(lambda: guest.events("message"))
            (message,) = guest.events("message")
            assert isinstance(message.channel, discord.DMChannel)
            await message.author.send("hello yourself")
            assert [one["channel"] for one in sim.ask("truth")["messages"]] == [str(message.channel.id)] * 2


# Commands ---------------------------------------------------------------------------------------------------------


def commands(guest: Guest) -> None:
    """What a bot might offer."""
    group = app_commands.Group(name="chat", description="The chat", guild_ids=[500])

    @group.command(description="How it stands")
    async def status(call: discord.Interaction, loud: str = "no") -> None:
        await call.response.send_message(f"{call.user.display_name}: {loud}", ephemeral=loud == "no")

    @group.command(description="Slow")
    async def slow(call: discord.Interaction) -> None:
        await call.response.defer(ephemeral=True)
        await call.edit_original_response(content="at last")
        await call.followup.send("and more", ephemeral=True)

    @group.command(description="A form")
    async def ask(call: discord.Interaction) -> None:
        await call.response.send_modal(Form())

    guest.tree.add_command(group)


class Form(discord.ui.Modal, title="Your answer"):
    said: discord.ui.TextInput[Form] = discord.ui.TextInput(label="Answer", custom_id="said")

    async def on_submit(self, call: discord.Interaction) -> None:
        await call.response.send_message(f"Thank you for {self.said.value}", ephemeral=True)


async def test_a_command_is_registered_given_and_answered() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            commands(guest)
            (made,) = await guest.tree.sync(guild=discord.Object(500))
            assert [option.name for option in made.options] == ["status", "slow", "ask"]
            assert (await guest.tree.sync(guild=discord.Object(500)))[0].id == made.id
            assert [one.name for one in await guest.tree.fetch_commands(guild=discord.Object(500))] == ["chat"]
            id = sim.tell("interact", command="chat", sub="status", by=A, roles=["Pretend host"])["id"]
            sim.tell("interact", command="chat", sub="status", options={"loud": "yes"}, by=B)
            await until(lambda: len(sim.ask("answers")) == 2)
            quiet, loud = sim.ask("answers")
            assert (quiet["id"], quiet["kind"], quiet["content"]) == (id, 4, f"{A}: no")
            assert (quiet["ephemeral"], loud["ephemeral"]) == (True, False)
            assert quiet["flags"] & 64
            assert 0 < quiet["seconds"] < 3
            assert [one["content"] for one in sim.ask("truth")["messages"]] == [f"{B}: yes"]
            call = guest.events("interaction")[0]
            assert [role.name for role in call.user.roles] == ["@everyone", "Pretend host"]
            again = await raw(sim, "POST", f"/interactions/{id}/{call.token}/callback", type=5)
            assert (again[0], again[1]["code"]) == (400, 40060)


async def test_a_deferred_answer_and_a_form() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            commands(guest)
            await guest.tree.sync(guild=discord.Object(500))
            sim.tell("interact", command="chat", sub="slow", by=A)
            await until(lambda: len(sim.ask("answers")) == 3)
            assert [(one["kind"], one["content"]) for one in sim.ask("answers")] == [
                (5, None),
                ("edit", "at last"),
                ("follow-up", "and more"),
            ]
            assert all(one["ephemeral"] for one in sim.ask("answers"))
            sim.tell("interact", command="chat", sub="ask", by=A)
            await until(lambda: len(sim.ask("answers")) == 4)
            sim.tell("interact", form=sim.ask("answers")[3]["data"]["custom_id"], fields={"said": "forty-two"}, by=A)
            await until(lambda: len(sim.ask("answers")) == 5)
            assert sim.ask("answers")[4]["content"] == "Thank you for forty-two"


async def test_an_answer_can_come_too_late() -> None:
    with simulator("discord", answer_seconds=0) as sim:
        async with joined(sim) as guest:
            commands(guest)
            await guest.tree.sync(guild=discord.Object(500))
            guest.tree.error(guest.keep_error)
            sim.tell("interact", command="chat", sub="status", by=A)
            await until(lambda: guest.errors)
            assert [(error.status, error.code) for error in guest.errors] == [(404, 10062)]
            assert sim.ask("answers") == []


# What goes wrong --------------------------------------------------------------------------------------------------


async def test_what_was_missed_is_told_again_in_order() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            sim.tell("gateway", do="drop")
            for n in range(20):
                sim.tell("say", by=A, text=f"<@1000> {n}")
            await until(lambda: guest.events("resumed") and len(guest.heard) == 20)
            assert guest.heard == [f"<@1000> {n}" for n in range(20)]
            sim.tell("gateway", do="reconnect")
            await until(lambda: len(guest.events("resumed")) == 2)
            assert len(sim.ask("sessions")["identified"]) == 1


async def test_a_forgotten_session_begins_anew_and_what_was_missed_is_gone() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            sim.tell("gateway", do="invalidate")
            said = sim.tell("say", by=A, text="<@1000> anybody?")["id"]
            await until(lambda: len(guest.events("ready")) == 2)
            assert not guest.events("resumed")
            assert guest.heard == []
            assert [one.id async for one in guest.talk.history()] == [int(said)]


async def test_while_it_is_down_nobody_gets_through() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            talk = guest.talk
            sim.tell("down", seconds=0.3)
            with pytest.raises((aiohttp.ClientError, OSError)):
                await talk.send("x")
            sim.tell("say", by=A, text="<@1000> still here")
            await until(lambda: guest.heard == ["<@1000> still here"] and guest.events("resumed"))


async def test_a_lost_answer_can_be_asked_for_again() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            sim.fails("POST /api/v10/channels/600/messages", "lost")
            with pytest.raises((aiohttp.ClientError, OSError)):
                await guest.talk.send("Q1", nonce="row-1")
            sent = await guest.talk.send("Q1", nonce="row-1")
            assert [one["id"] for one in sim.ask("truth")["messages"]] == [str(sent.id)]


async def test_the_library_waits_when_it_is_told_to() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as guest:
            sim.tell("limit", match="POST .*/messages", times=2, retry_after=0.01)
            await guest.talk.send("x")
            assert len(sim.calls("POST /api/v10/channels/600/messages")) == 3
            body = '{"message": "You are being rate limited.", "retry_after": 0.01, "global": true}'
            sim.fails("POST .*/messages", "status", status=429, body=body, headers={"Via": "1.1 pretend"})
            await guest.talk.send("y")
            assert len(sim.ask("truth")["messages"]) == 2


async def test_every_answer_says_how_much_is_left() -> None:
    with simulator("discord", rate=2) as sim:
        told = [await raw(sim, "GET", "/channels/600/messages") for _ in range(3)]
        assert [status for status, _, _ in told] == [200, 200, 429]
        assert [headers["X-RateLimit-Remaining"] for _, _, headers in told] == ["1", "0", "0"]
        assert 0 < told[2][1]["retry_after"] <= 5
        assert (await raw(sim, "GET", "/channels/601/messages"))[0] == 200, "another channel is counted apart"


async def test_the_rest_of_what_can_be_asked() -> None:
    """Their answers are looked at with all others, against the published contract."""
    with simulator("discord") as sim:
        id = sim.tell("say", by=A, text="x")["id"]
        sim.tell("react", id=id, by=A, emoji="👍")
        asked = "/gateway /gateway/bot /applications/@me /users/@me/guilds /users/1002 /guilds/500?with_counts=true"
        asked += " /guilds/500/channels /guilds/500/roles /guilds/500/members/1000 /guilds/500/threads/active"
        asked += f" /channels/600 /channels/600/pins /channels/600/messages/{id}/reactions/%F0%9F%91%8D"
        for path in asked.split():
            assert (await raw(sim, "GET", path))[0] == 200, path
        assert (await raw(sim, "POST", "/channels/600/typing"))[0] == 204
        assert (await raw(sim, "PUT", f"/channels/600/pins/{id}"))[0] == 204
        told: dict[str, Any] = {"name": "help", "description": "What can be asked"}
        made = await raw(sim, "POST", "/applications/1000/commands", **told)
        assert made[0] == 201
        command = f"/applications/1000/commands/{made[1]['id']}"
        assert (await raw(sim, "PATCH", command, description="More"))[1]["description"] == "More"
        assert (await raw(sim, "DELETE", command))[0] == 204
        assert (await raw(sim, "GET", command))[1]["code"] == 10063


async def test_what_no_contract_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(EXCHANGES, raising=False)
    with simulator("discord") as sim:
        status, body, headers = await raw(sim, "GET", "/nowhere")
        assert (status, body["code"], headers["Content-Type"]) == (404, 0, "application/json")
        status, body, _ = await raw(sim, "POST", "/channels/600/messages", content="x", nonce="n" * 26)
        assert (status, body["code"]) == (400, 50035)
        assert (await raw(sim, "GET", "/channels/x"))[1]["code"] == 50035


async def test_two_sessions_hear_the_same() -> None:
    with simulator("discord") as sim:
        async with joined(sim) as one, joined(sim) as two:
            sim.tell("say", by=A, text="<@1000> both")
            await until(lambda: one.heard == two.heard == ["<@1000> both"])
            assert sim.ask("sessions")["open"] == 2
