"""The transcript from the store equals the one from the event log and the chat file, however the plan was changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import transfer
from bot.reporting.contents import contents_of
from bot.reporting.numbers import count_numbers
from bot.reporting.record import record
from bot.reporting.transcript import build_transcript, encode_json
from bot.status import find_chat
from bot.store import chats
from tests.commands.running_bot import RunningBot, running_bot
from tests.fakes.clock import NOON, HandClock


def both(bot: RunningBot) -> list[tuple[bytes, bytes]]:
    """`transcript.json` and `numbers.json`: as `report` writes them, and as `replay` does."""
    database = bot.convenor.database
    stored = find_chat(database, bot.chat.name)
    events = transfer.export_events(database, stored)
    records = [record(chat, events) for chat in (stored, bot.chat)]
    return [(encode_json(build_transcript(contents_of(one))), encode_json(count_numbers(one))) for one in records]


@pytest.mark.parametrize("seconds", [0.0, 0.25, 20.75])
async def test_a_chat_that_began_early(sqlite_url: str, seconds: float) -> None:
    clock = HandClock(NOON - timedelta(minutes=5) + timedelta(seconds=seconds))
    async with running_bot(sqlite_url, clock=clock) as bot:
        assert (await bot.command("start now yes")).done
        await bot.advance(minutes=2)
        await bot.message("Hello, I am new here")
        await bot.advance(minutes=9)
        await bot.message("We start on the first day", place="room")
        await bot.advance(minutes=60)
        found = bot.convenor.database.read_sync(chats.find, bot.chat.name)
        assert found
        assert found.chat.starts == clock.now() - timedelta(minutes=71)
        report, replay = both(bot)
    assert report == replay
    assert b'"posts": 2' in report[1]


@pytest.mark.parametrize("seconds", [0.0, 20.75])
@pytest.mark.parametrize(
    "command", ["end yes", "cancel yes", "extend 10m", "add What more?", "skip q3", "next", "repeat"]
)
async def test_a_chat_whose_plan_was_changed(sqlite_url: str, command: str, seconds: float) -> None:
    async with running_bot(sqlite_url) as bot:
        await bot.advance(minutes=20, seconds=seconds)
        await bot.message("We start on the first day")
        assert (await bot.command(command)).done
        await bot.advance(minutes=4)
        await bot.message("And then we ring them up", place="room")
        await bot.advance(minutes=80)
        report, replay = both(bot)
    assert report == replay
