"""What Discord's library does by itself after a failure: it doubles nothing, and keeps no later call waiting."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import PlatformError
from tests.adapters.discord.test_discord_threads import calendar_entry
from tests.adapters.discord.workbench import Opened, post, truth
from tests.sims.simulator import Simulator

GLOBAL = '{"message": "You are being rate limited.", "retry_after": 1.9, "global": true}'
"""Shorter than what the library waits for, and longer than a thread may take to be opened."""


@pytest.mark.parametrize("status", [500, 502, 504, 524])
async def test_a_post_in_a_forum_that_is_made_in_spite_of_a_failure_is_made_once(
    all_words: Simulator, opened: Opened, status: int
) -> None:
    all_words.tell("forum", tags=["chats"])
    made = await opened(all_words, message_content=True)
    welcome = post("welcome", "Welcome", kind="welcome")
    all_words.fails("POST .*/threads$", "spoilt", status=status)
    with pytest.raises(PlatformError) as error:
        await made.send(welcome)
    assert (error.value.ambiguous, error.value.code) == (True, str(status))
    (there,) = [one for one in truth(all_words, "threads") if one["parent"] == "600"]
    found = await made.find(welcome)
    assert found
    assert found.id == there["id"]


async def test_a_chat_that_is_entered_in_spite_of_a_failure_is_in_the_calendar_once(
    sim: Simulator, opened: Opened
) -> None:
    made = await opened(sim)
    sim.fails("POST .*/scheduled-events$", "spoilt", status=502)
    with pytest.raises(PlatformError) as error:
        await made.send(calendar_entry())
    assert error.value.ambiguous
    (event,) = truth(sim, "events")
    assert (await made.send(calendar_entry())).id == event["id"]


async def test_a_call_that_is_given_up_while_a_limit_for_all_lasts_keeps_no_other_waiting(
    sim: Simulator, opened: Opened
) -> None:
    made = await opened(sim, threads="question")
    sim.fails("POST .*/threads$", "status", status=429, body=GLOBAL, headers={"Via": "1.1 pretend"})
    await made.send(post())
    async with asyncio.timeout(60):
        await made.send(post("q2"))
    assert [one["content"] for one in truth(sim)] == ["Q1. Why? #OTalk", "Q2. Why? #OTalk"]


@pytest.mark.parametrize("body", ["{}", '{"message": "Slowly.", "retry_after": null}', '{"retry_after": "soon"}'])
async def test_too_often_without_a_time_leaves_no_doubt_about_the_message(
    sim: Simulator, opened: Opened, body: str
) -> None:
    made = await opened(sim)
    sim.fails("POST .*/messages$", "status", status=429, body=body, headers={"Via": "1.1 pretend"})
    with pytest.raises(PlatformError) as error:
        await made.send(post())
    told = error.value
    assert (told.ambiguous, told.lost, told.permanent, told.code) == (False, False, False, "429")
    await made.send(post())
    assert len(truth(sim)) == 1
