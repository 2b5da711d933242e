"""A whole chat in a forum on Discord: what people write in its posts is heard and stands under its question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.store.message_rows import MessageRow
from tests.contract.command_drivers import DiscordCommands
from tests.contract.running_bot import RunningBot, running_bot, until
from tests.contract.settings import settings_of
from tests.sims.simulator import simulator


@pytest_asyncio.fixture(params=["chat", "question"])
async def forum(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DiscordCommands]:
    with simulator("discord", intents_allowed=["message_content"]) as sim:
        sim.tell("forum", tags=["chats"], required=True)
        host = {"discord": sim.tell("person", by="Pretend host")["id"]}
        places = {"discord": settings_of("discord", sim.address, forum=request.param)}
        bot = RunningBot(tmp_path, places, host, {})
        async with running_bot(bot):
            await bot.begin("asked")
            yield DiscordCommands(bot, sim)


async def test_answers_in_the_posts_of_a_forum_stand_under_their_question(forum: DiscordCommands) -> None:
    bot = forum.bot
    posts: list[dict[str, Any]] = forum.truth("threads")
    welcome = str(bot.lines("welcome")[0].receipt)
    first = forum.first()
    alone = first in {one["id"] for one in posts}
    assert len(posts) == (2 if alone else 1)
    assert welcome in {one["id"] for one in posts}

    async def said(text: str, **more: Any) -> MessageRow:  # noqa: ANN401 -- JSON
        id = await forum.spoken(text, by="Pretend guest", channel=int(first if alone else welcome), **more)
        return await until(lambda: bot.row("discord", id), lambda: f"{text} is heard")

    by_place = await said("Because")
    reply = await said("And this", reply_to=first)
    bot.clock.skip(6)
    await forum.order("next")
    await bot.out("q2")
    late = await said("A late answer", **({} if alone else {"reply_to": first}))
    assert [(one.chat, one.question) for one in (by_place, reply, late)] == [(bot.chat.name, "q1")] * 3
    assert reply.reason == "reply"
    assert late.reason == ("thread" if alone else "reply")
    assert len(forum.truth("threads")) == (3 if alone else 1)
    await bot.end()
    await bot.out("closing")
    assert [one["content"] for one in forum.truth("messages") if one["channel"] == welcome][-1] == bot.chat.closing
