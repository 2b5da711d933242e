"""Several places on one bot: one connection, and each command carried out once, where it was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from adapters.discord.account import Accounts
from adapters.discord.platform import Discord
from adapters.discord.settings import DiscordSettings, traits_of
from bot.errors import PlatformError
from tests.adapters.discord.workbench import (
    A,
    B,
    Core,
    adapter,
    answered,
    asked,
    post,
    reading,
    registered,
    truth,
    until,
)
from tests.sims.simulator import Simulator, simulator

Pair = tuple[tuple[Discord, Core], tuple[Discord, Core]]
Opens = Callable[..., Awaitable[Pair]]


@pytest.fixture
async def two() -> AsyncIterator[Opens]:
    """Opens two places of one bot, with the settings given for each."""
    async with AsyncExitStack() as stack:

        async def opened(sim: Simulator, talk: Any = None, other: Any = None) -> Pair:  # noqa: ANN401 -- as in Server
            accounts, cores = Accounts(), (Core(), Core())
            places = (
                adapter(sim, cores[0], place="talk", accounts=accounts, **(talk or {})),
                adapter(sim, cores[1], place="other", accounts=accounts, **{"channel": 601, **(other or {})}),
            )
            for one in places:
                stack.push_async_callback(one.close)
            await asyncio.gather(*(one.open() for one in places))
            return (places[0], cores[0]), (places[1], cores[1])

        yield opened


async def test_two_places_have_one_session_and_register_the_commands_once(sim: Simulator, two: Opens) -> None:
    (talk, heard), (other, heard_too) = await two(sim)
    sim.tell("say", by=A, text="<@1000> in talk")
    sim.tell("say", by=A, text="<@1000> in other", channel=601)
    await until(lambda: heard.texts and heard_too.texts)
    assert (heard.texts, heard_too.texts) == (["<@1000> in talk"], ["<@1000> in other"])
    assert (heard.calls, heard_too.calls) == (["up"], ["up"])
    await registered(sim)
    found = sim.ask("sessions")
    assert (found["open"], len(found["identified"])) == (1, 1)
    assert len(sim.calls("PUT /api/v10/applications/1000/guilds/500/commands")) == 1
    assert len(sim.calls("GET /api/v10/users/@me")) == 2, "once for calls, once for the gateway"
    await talk.close()
    sim.tell("say", by=A, text="<@1000> still there", channel=601)
    await until(lambda: len(heard_too.texts) == 2)
    assert sim.ask("sessions")["open"] == 1
    assert heard_too.calls == ["up"]
    await other.close()
    await until(lambda: sim.ask("sessions")["open"] == 0)


async def test_a_command_is_carried_out_once_in_the_place_it_was_given_in(sim: Simulator, two: Opens) -> None:
    (talk, first), (_, second) = await two(sim, talk={"threads": "question"})
    await asked(sim, command="chat", sub="next")
    await asked(sim, 2, command="chat", sub="pause", channel=601)
    thread = int((await talk.send(post())).id)
    await asked(sim, 3, command="chat", sub="resume", channel=thread)
    said = sim.tell("say", by=B, text="A1 my patient", channel=601)["id"]
    await asked(sim, 4, menu="Hold", on=said, channel=601)
    assert [(one.place, one.text) for one in first.commands] == [("talk", "next"), ("talk", "resume")]
    assert [(one.place, one.text) for one in second.commands] == [("other", "pause"), ("other", f"hold other/{said}")]
    assert len(sim.calls("/callback")) == 4


async def test_a_button_is_for_the_place_of_its_question(sim: Simulator, two: Opens) -> None:
    (_, first), (_, second) = await two(sim)
    second.confirms = {"end": "end yes"}
    question = await asked(sim, command="chat", sub="end", channel=601)
    await asked(sim, 2, button="Yes, do it", on=question["message"], channel=601)
    assert (first.said, second.said) == ([], ["end", "end yes"])


async def test_a_command_elsewhere_on_the_server_asks_which_chat(sim: Simulator, two: Opens) -> None:
    (_, first), (_, second) = await two(sim)
    lobby = sim.tell("make_channel", name="lobby")["id"]
    question = await asked(sim, command="chat", sub="pause", channel=lobby)
    assert (question["content"], question["ephemeral"]) == ("Which chat do you mean?", True)
    (row,) = question["data"]["components"]
    assert [one["label"] for one in row["components"]] == ["Chat in talk", "Chat in other"]
    second.confirms = {"pause": "pause yes"}
    answer = await asked(sim, 2, button="Chat in other", on=question["message"], channel=lobby)
    assert (answer["kind"], answer["content"]) == (7, "Answer to pause.")
    again = await asked(sim, 3, button="Yes, do it", on=question["message"], channel=lobby)
    assert (again["content"], again["data"]["components"]) == ("Answer to pause yes.", [])
    assert (first.said, second.said) == ([], ["pause", "pause yes"])
    assert [one.id for one in second.commands] == [answer["id"], again["id"]]


async def test_where_the_core_knows_which_chat_is_meant_nobody_is_asked(sim: Simulator, two: Opens) -> None:
    (_, first), (_, second) = await two(sim)
    first.meant, first.confirms = "other", {"end": "end yes"}
    lobby = sim.tell("make_channel", name="lobby")["id"]
    question = await asked(sim, command="chat", sub="end", channel=lobby)
    await asked(sim, 2, button="Yes, do it", on=question["message"], channel=lobby)
    assert [(one.place, one.text) for one in first.commands] == [("other", "end")]
    assert [(one.place, one.text) for one in second.commands] == [("other", "end yes")]


async def test_a_direct_message_is_answered_once_and_asks_which_chat(sim: Simulator, two: Opens) -> None:
    (_, first), (_, second) = await two(sim)
    sim.tell("say", by=A, text="pause", channel="dm")
    await until(lambda: [one for one in truth(sim) if one["bot"]])
    (question,) = [one for one in truth(sim) if one["bot"]]
    assert (question["to"], question["content"]) == (A, "Which chat do you mean?")
    sim.tell("interact", by=A, button="Chat in other", on=question["id"], channel="dm")
    answer = (await answered(sim))[0]
    assert answer["content"] == "Answer to pause."
    assert [(one.place, one.text, one.author.name) for one in second.commands] == [("other", "pause", A)]
    assert first.commands == []
    first.meant = "talk"
    sim.tell("say", by=A, text="status", channel="dm")
    await until(lambda: first.commands)
    assert [(one.place, one.text) for one in first.commands] == [("talk", "status")]
    assert len(first.asked) == 2
    assert second.asked == []


async def test_two_servers_have_one_session_and_the_commands_of_each_their_own_place(two: Opens) -> None:
    with simulator("discord", more_guilds={"501": 700}) as sim:
        (talk, first), (other, second) = await two(sim, other={"guild": 501, "channel": 700})
        await until(lambda: len({one["guild_id"] for one in truth(sim, "commands")}) == 2)
        assert len(sim.calls("PUT /api/v10/applications/1000/guilds/")) == 2
        await asked(sim, command="chat", sub="next")
        await asked(sim, 2, command="chat", sub="pause", channel=700)
        assert (first.said, second.said) == (["next"], ["pause"])
        assert len(sim.ask("sessions")["identified"]) == 1
        receipt = await other.send(post("q1", place="other"))
        assert receipt.url == f"https://discord.com/channels/501/700/{receipt.id}"
        assert (await talk.send(post("q2"))).id
        await talk.close()
        await other.close()


async def test_the_failure_of_one_place_leaves_the_other_alone(sim: Simulator, two: Opens) -> None:
    (talk, first), (other, second) = await two(sim)
    sim.tell("remove_channel", id=600)
    await until(lambda: first.downs)
    assert first.downs[0].lost
    with pytest.raises(PlatformError) as error:
        await talk.open()
    assert error.value.lost
    sim.tell("say", by=A, text="<@1000> all is well", channel=601)
    await until(lambda: second.texts)
    assert (await other.send(post(place="other"))).id
    assert (second.calls, len(sim.ask("sessions")["identified"])) == (["up"], 1)


async def test_a_place_that_may_not_read_all_hears_only_what_mentions_the_bot(all_words: Simulator, two: Opens) -> None:
    sim = all_words
    (_, first), (other, second) = await two(sim, talk={"message_content": True})
    sim.tell("say", by=A, text="Everybody's words")
    sim.tell("say", by=A, text="Nobody's business", channel=601)
    sim.tell("say", by=A, text="<@1000> for the bot", channel=601)
    await until(lambda: first.texts and second.texts)
    assert (first.texts, second.texts) == (["Everybody's words"], ["<@1000> for the bot"])
    page = await other.read(reading())
    assert [one.text for one in page.events if hasattr(one, "text")] == ["<@1000> for the bot"]


async def test_a_place_that_opens_while_the_connection_is_broken_is_not_told_that_it_stands(
    sim: Simulator, two: Opens
) -> None:
    (talk, first), (_, second) = await two(sim)
    sim.tell("gateway", do="block")
    await until(lambda: second.calls[-1] == "down")
    await talk.open()
    assert first.calls[-1] == "down"
    sim.tell("gateway", do="unblock")
    await until(lambda: first.calls[-1] == second.calls[-1] == "up")
    assert sim.ask("sessions")["open"] == 1


async def test_a_token_that_is_reset_is_lost_for_both_and_comes_back_for_both(sim: Simulator, two: Opens) -> None:
    (talk, first), (other, second) = await two(sim)
    sim.fails("/users/@me$", "status", status=401, times=1000, body="{}")
    sim.tell("down", seconds=0.2)
    await until(lambda: all(core.downs and core.downs[-1].lost for core in (first, second)))
    sim.fails("nothing", "refused")
    await talk.open()
    assert first.calls[-1] == "up"
    await until(lambda: second.calls[-1] == "up")
    await other.open()
    assert (second.calls[-1], sim.ask("sessions")["open"]) == ("up", 1)


async def test_a_place_without_the_intent_posts_and_hears_what_is_meant_for_it_and_says_so(sim: Simulator) -> None:
    core, other = Core(), Core()
    accounts = Accounts()
    asking = adapter(sim, core, place="talk", accounts=accounts, message_content=True)
    modest = adapter(sim, other, place="other", accounts=accounts, channel=601)
    await asking.open()
    await modest.open()
    await until(lambda: (core.calls, other.calls) == (["up"], ["up"]))
    assert [what for what, *_ in core.concerns] == ["intent"]
    assert "Privileged Gateway Intents" in core.concerns[0][1]
    assert other.concerns == []
    sim.tell("say", by=A, text="to nobody")
    sim.tell("say", by=A, text="<@1000> to the bot")
    await until(lambda: core.texts)
    assert core.texts == ["<@1000> to the bot"]
    assert (await asking.send(post())).id
    await asking.close()
    await modest.close()


def test_places_share_a_connection_if_they_have_the_same_token_and_its_name_does_not_tell_it() -> None:
    one, same, other = (
        traits_of(DiscordSettings(token=token, guild=1, channel=channel)).connection
        for token, channel in (("secret.token", 1), ("secret.token", 2), ("another.token", 1))
    )
    assert one == same != other
    assert "secret" not in one
