"""What a platform refuses is told to those who lead, at once and with the reason, and stops nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import structlog

from bot import status
from tests.contract.command_drivers import DiscordCommands
from tests.contract.conftest import MODERATORS
from tests.contract.running_bot import RunningBot, running_bot, until
from tests.contract.settings import settings_of
from tests.sims.simulator import Simulator, simulator

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOST = "Pretend host"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordCommands]:
    with simulator("discord", intents_allowed=["message_content"]) as sim:
        role = sim.tell("person", by="Pretend helper", roles=[MODERATORS])["roles"][0]
        places = {"discord": settings_of("discord", sim.address, moderators=[int(role)])}
        host = {"discord": sim.tell("person", by=HOST)["id"]}
        bot = RunningBot(tmp_path_factory.mktemp("bot"), places, host, {})
        async with running_bot(bot):
            yield DiscordCommands(bot, sim)


@pytest_asyncio.fixture(loop_scope="module")
async def asked(discord: DiscordCommands) -> AsyncIterator[DiscordCommands]:
    """A chat whose first question is out."""
    await discord.bot.begin("asked")
    yield discord
    discord.sim.tell("automod", words=[])
    discord.sim.tell("deny", permissions=[])
    await discord.bot.end()


def concerns(bot: RunningBot) -> list[str]:
    """The problems of this chat, as `convenor status` has them."""
    found = status.places_report(bot.convenor.database, bot.clock.now()).concerns
    return [one.text for one in found if one.chat == bot.chat.name]


def told_privately(sim: Simulator) -> list[str]:
    messages: list[dict[str, Any]] = sim.ask("truth")["messages"]
    return [one["content"] for one in messages if one["to"] == HOST and "needs you" in one["content"]]


async def next_question(asked: DiscordCommands) -> None:
    """So long after the one before that it is no double click."""
    asked.bot.clock.skip(6)
    await asked.order("next")


async def test_a_question_that_automod_refuses_is_told_at_once_on_every_way(asked: DiscordCommands) -> None:
    bot, before = asked.bot, len(told_privately(asked.sim))
    asked.sim.tell("automod", words=["helps (2)"])
    with structlog.testing.capture_logs() as logs:
        await next_question(asked)
        told = await until(lambda: concerns(bot), lambda: "a concern")
    (text,) = told
    assert text.startswith("Q2 did not go out on Discord: The server's AutoMod refuses the post")
    await until(lambda: len(told_privately(asked.sim)) > before, lambda: "a private message to the host")
    assert told_privately(asked.sim)[before:] == [f"Something needs you in the chat. {text}"]
    shown = await bot.convenor.service.dashboard(bot.chat.name)
    assert shown
    assert shown.concerns == (text,)
    assert f"To see to: {text}" in await asked.order("status")
    refused = [one for one in logs if one["event"] == "outbox.refused"]
    assert [(one["key"], one["code"]) for one in refused] == [("q2", "400/200000")]
    assert "helps" not in str(refused)


async def test_the_next_question_goes_out_all_the_same(asked: DiscordCommands) -> None:
    asked.sim.tell("automod", words=["helps (2)"])
    await next_question(asked)
    await until(lambda: concerns(asked.bot), lambda: "a concern")
    await next_question(asked)
    await asked.bot.out("q3")
    assert len(concerns(asked.bot)) == 1
