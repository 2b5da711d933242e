"""A host publishes a record early, later or not at all, and takes that back."""

from __future__ import annotations

from datetime import timedelta

from bot.publication import Publication
from tests.commands.running_bot import HELPER, RunningBot, running_bot


async def found(bot: RunningBot) -> Publication:
    return (await bot.dashboard()).chat_view.publication


async def test_a_host_decides_when_the_record_is_published(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        assert "not over yet" in (await bot.command("publish now")).text
        bot.clock.move(seconds=2 * 3600)
        await bot.settle()
        usual = (await found(bot)).due
        assert usual
        assert not (await bot.command("publish later 24h", HELPER, place="x", role="moderator")).done
        later = await bot.command("publish later 24h")
        assert later.text.startswith("The record is published on ")
        assert (await found(bot)).due == usual + timedelta(days=1)
        assert (await bot.command("undo")).done
        assert (await found(bot)).due == usual
        asked = await bot.command("publish now")
        assert asked.confirm == "publish now yes"
        assert (await found(bot)).phase == "waiting"
        assert (await bot.command("publish now yes")).done
        await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
        assert (await found(bot)).phase == "published"
        assert "It is published by now" in (await bot.command("undo")).text
        assert "taken back" in (await bot.command("withhold")).text
        assert (await found(bot)).phase == "withheld"
        await bot.command("undo")
        assert (await found(bot)).phase == "published"
