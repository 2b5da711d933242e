"""Two places on one Discord bot, and a bot whose way in or permissions come and go, with the whole bot at work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.scheduling import place_monitor
from bot.store import place_status
from tests.contract.running_bot import RunningBot, running_bot, until
from tests.contract.settings import settings_of
from tests.sims.simulator import Simulator, simulator

HOST, OTHER_HOST = "Pretend host", "Pretend host of the other"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with simulator("discord", intents_allowed=["message_content"]) as one:
        yield one


def a_bot(sim: Simulator, folder: Path, **places: int) -> RunningBot:
    """A bot with places of these names in these channels, which people lead by their handle on Discord."""
    tables = {name: settings_of("discord", sim.address, channel=channel) for name, channel in places.items()}
    host = dict.fromkeys(places, "@pretend.host")
    return RunningBot(folder, tables, host=host, helper=dict.fromkeys(places, "@pretend.helper"))


@pytest.fixture
async def two(sim: Simulator, tmp_path: Path) -> AsyncIterator[RunningBot]:
    """A chat in each of two channels, at the same time; the second has a host of its own besides."""
    async with running_bot(a_bot(sim, tmp_path, talk=600, other=601)) as bot:
        for place, handle in (("talk", "@nobody.else"), ("other", "@pretend.host.of.the.other")):
            chat = bot._a_chat(next(bot._numbers), "asked")
            host = msgspec.structs.replace(chat.hosts[0], handles={place: "@pretend.host"})
            more = msgspec.structs.replace(chat.hosts[0], name="Another", handles={place: handle})
            bot._chats.append(msgspec.structs.replace(chat, places=(place,), hosts=(host, more)))
        await bot.convenor.plan_sync.sync(bot.clock.now())
        bot.convenor.scheduler.wake()
        await until(lambda: len(questions(sim)) == 2, lambda: "both have their first question")
        yield bot


def questions(sim: Simulator) -> list[str]:
    """The channels in which a question is out."""
    return [one["channel"] for one in sim.ask("truth")["messages"] if one["bot"] and one["content"].startswith("Q1.")]


def answers(sim: Simulator, to: str) -> list[dict[str, Any]]:
    """What the bot wrote to somebody alone."""
    return [one for one in sim.ask("truth")["messages"] if one["bot"] and one["to"] == to]


def paused(bot: RunningBot) -> list[bool]:
    states = [bot.convenor.live_chats.by_name[chat.name].state for chat in bot._chats]
    return [one.paused_at is not None for one in states]


async def test_a_private_command_asks_which_of_two_chats_is_meant(sim: Simulator, two: RunningBot) -> None:
    sim.tell("say", by=HOST, text="pause", channel="dm")
    await until(lambda: answers(sim, HOST), lambda: "an answer")
    (question,) = answers(sim, HOST)
    first, second = (f"{chat.title} ({chat.places[0]})" for chat in two._chats)
    assert question["content"] == f"Which chat do you mean? {first}, or {second}."
    assert paused(two) == [False, False]
    sim.tell("interact", by=HOST, button=second, on=question["id"], channel="dm")
    await until(lambda: paused(two) == [False, True], lambda: "the second chat is paused")
    assert sim.ask("sessions")["open"] == 1


async def test_a_private_command_is_for_the_chat_that_its_author_leads(sim: Simulator, two: RunningBot) -> None:
    sim.tell("say", by=OTHER_HOST, text="pause", channel="dm")
    await until(lambda: answers(sim, OTHER_HOST), lambda: "an answer")
    assert paused(two) == [False, True]
    assert len(answers(sim, OTHER_HOST)) == 1


async def test_questions_go_out_while_no_websocket_gets_through(sim: Simulator, tmp_path: Path) -> None:
    sim.tell("gateway", do="block")
    async with running_bot(a_bot(sim, tmp_path, talk=600)) as bot:
        assert bot.convenor.monitor.statuses()["talk"].state == "posting"
        await bot.begin("asked")
        assert questions(sim) == ["600"]
        assert state(bot) == "posting"
        sim.tell("say", by="Pretend participant A", text="Read from the history")
        await bot.recorded("Read from the history")
        assert state(bot) == "posting"
        sim.tell("gateway", do="unblock")
        await until(lambda: state(bot) == "connected", lambda: "it hears again")
        sim.tell("say", by="Pretend participant B", text="Heard")
        await bot.recorded("Read from the history", "Heard")


async def test_what_is_taken_away_is_told_at_once_and_what_is_given_back_ends_the_loss(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_what_discord_tells_opens_a_place(monkeypatch)
    async with running_bot(a_bot(sim, tmp_path, talk=600)) as bot:
        await bot.begin("asked")
        sim.tell("deny", permissions=["SEND_MESSAGES"])
        await until(lambda: state(bot) == "lost", lambda: "the loss is noticed before anything is due")
        await until(lambda: any("Send Messages" in one for one in concerns(bot)), lambda: "it is told")
        sim.tell("deny", permissions=[])
        await until(lambda: state(bot) == "connected", lambda: "it is open again")
        await until(lambda: concerns(bot) == [], lambda: "nothing is left to see to")
        await bot.tell("say We are back.", role="admin")
        await until(lambda: "We are back." in str(sim.ask("truth")["messages"]), lambda: "it posts again")


async def test_a_place_that_began_without_permission_opens_when_it_gets_it(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_what_discord_tells_opens_a_place(monkeypatch)
    sim.tell("deny", permissions=["VIEW_CHANNEL"])
    async with running_bot(a_bot(sim, tmp_path, talk=600)) as bot:
        assert state(bot) == "lost"
        sim.tell("deny", permissions=[])
        await until(lambda: state(bot) == "connected", lambda: "it is open")
        await bot.begin("asked")


def only_what_discord_tells_opens_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """No place that was lost is opened again by the clock."""
    for pause in ("_FIRST_REOPEN_PAUSE", "_LONGEST_REOPEN_PAUSE"):
        monkeypatch.setattr(place_monitor, pause, 86400.0)


def state(bot: RunningBot) -> str:
    return bot.convenor.monitor.statuses()["talk"].state


def concerns(bot: RunningBot) -> list[str]:
    since = bot.clock.now() - timedelta(days=1)
    return [one.text for one in bot.convenor.database.read_sync(place_status.concerns_since, since)]
