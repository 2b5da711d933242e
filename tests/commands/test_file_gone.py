"""A chat that people were told of and whose file is gone: held as planned, told to its hosts, called off by command."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.chat import Programme
from bot.scheduling.held_back import SCHEDULES
from bot.store import place_status
from tests.commands.running_bot import RunningBot, a_chat_with_hosts, running_bot
from tests.fakes.clock import NOON, HandClock


@pytest.fixture
async def gone(sqlite_url: str) -> AsyncIterator[RunningBot]:
    """A bot that has reminded people of a chat; then its file was deleted."""
    chat = a_chat_with_hosts(reminders=(timedelta(hours=2),), places=("x", "discord"))
    async with running_bot(sqlite_url, chat=chat, clock=HandClock(NOON - timedelta(minutes=121))) as bot:
        await bot.advance(minutes=2)
        assert bot.posted_keys() == ["reminder-2h"]
        bot.convenor.plan_sync._programme = lambda: Programme(chats=())
        await planned(bot)
        await bot.advance(minutes=1)
        yield bot


async def planned(bot: RunningBot) -> None:
    """Plan anew, and let a tick tell of it: the bot's own may come after the clock has moved on."""
    await bot.convenor.plan_sync.sync(bot.clock.now())
    async with bot.convenor.scheduler.lock:
        await bot.convenor.scheduler.tick(bot.clock.now())


async def concerns(bot: RunningBot) -> list[str]:
    return [one.text for one in await bot.convenor.database.read(place_status.concerns_at, SCHEDULES)]


async def test_its_hosts_are_told_and_it_is_held(gone: RunningBot) -> None:
    [told] = await concerns(gone)
    assert told.startswith("a/b.toml is gone, but people were told of its chat.")
    assert [post.text for post in gone.platforms["discord"].sent if post.to and "is gone" in post.text]
    await gone.advance(minutes=130)
    assert "q1" in gone.posted_keys()


async def test_who_calls_it_off_tells_the_people_and_settles_it(gone: RunningBot) -> None:
    before = len(gone.posted_keys())
    await gone.command("cancel yes")
    await planned(gone)
    await gone.advance(minutes=1)
    assert len(gone.posted_keys()) == before + 1
    assert "will not take place" in [post.text for post in gone.platforms["x"].sent if post.is_public][-1]
    assert await concerns(gone) == []
    await gone.advance(minutes=130)
    assert "q1" not in gone.posted_keys()
