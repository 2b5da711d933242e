"""Threads, pins and the calendar on the pretend Discord."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.discord.platform import Discord
from bot.errors import PlatformError
from bot.messages import (
    CalendarEntry,
    Post,
    Receipt,
)
from tests.adapters.discord.workbench import CHAT, A, Core, Opened, post, truth, until
from tests.sims.simulator import Simulator


async def test_each_question_gets_a_thread_once(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, threads="question")
    await made.send(post("welcome", kind="welcome"))
    receipt = await made.send(post(text="Q1. " + "why " * 40))
    assert await made.find(post(text="Q1. " + "why " * 40)) == receipt
    (thread,) = truth(sim, "threads")
    assert (thread["id"], thread["parent"]) == (receipt.id, "600")
    assert thread["name"].startswith("Q1. why")
    assert len(thread["name"]) <= 100


async def test_a_thread_that_cannot_be_opened_fails_no_post(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, threads="question")
    sim.tell("deny", permissions=["CREATE_PUBLIC_THREADS"])
    assert (await made.send(post())).id
    sim.tell("deny", permissions=[])
    await made.find(post())
    assert [one["id"] for one in truth(sim, "threads")] == [truth(sim)[0]["id"]]


async def chat_in_a_thread(made: Discord) -> tuple[Receipt, Receipt]:
    first = await made.send(post("welcome", "Welcome to the chat", kind="welcome"))
    return first, await made.send(post(opening=first.id))


async def test_a_chat_in_a_thread_stays_in_it(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, threads="chat")
    first, second = await chat_in_a_thread(made)
    assert [one["channel"] for one in truth(sim)] == ["600", first.id]
    assert second.url == f"https://discord.com/channels/500/{first.id}/{second.id}"
    assert await made.find(post(opening=first.id)) == second


async def test_what_comes_before_or_beside_the_chat_opens_no_thread(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, threads="chat")
    for kind in ("reminder", "receipt", "correction"):
        await made.send(post(kind, "Something", kind=kind))
    assert truth(sim, "threads") == []


async def test_a_chat_whose_thread_is_gone_goes_on(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, threads="chat")
    first, _ = await chat_in_a_thread(made)
    sim.tell("remove_channel", id=int(first.id))
    await made.send(post("q2", opening=first.id))
    assert truth(sim)[-1]["channel"] == first.id
    sim.tell("remove_channel", id=int(first.id))
    sim.tell("delete", id=first.id)
    third = await made.send(post("q3", opening=first.id))
    assert truth(sim)[-1]["channel"] == "600"
    assert await made.find(post("q3", opening=first.id)) == third


@pytest.mark.parametrize("why", ["locked", "archived and locked", "mute", "deleted"])
async def test_a_thread_that_takes_no_message_is_no_reason_to_keep_a_question_back(
    sim: Simulator, opened: Opened, core: Core, why: str
) -> None:
    made = await opened(sim, threads="chat")
    first, _ = await chat_in_a_thread(made)
    if why == "mute":
        sim.tell("deny", permissions=["SEND_MESSAGES_IN_THREADS"])
    elif why == "deleted":
        sim.tell("remove_channel", id=int(first.id))
        sim.tell("delete", id=first.id)
    else:
        sim.tell("deny", permissions=["MANAGE_THREADS"])
        sim.tell("close_thread", id=int(first.id), locked=True, archived=why != "locked")
    sent = [await made.send(post(key, opening=first.id)) for key in ("q2", "q3")]
    assert [one["channel"] for one in truth(sim)[-2:]] == ["600", "600"]
    assert [await made.find(post(key, opening=first.id)) for key in ("q2", "q3")] == sent
    told = {(what, chat): text for what, text, chat in core.concerns}
    assert list(told) == [("thread", CHAT)]
    wanted = {"mute": "Send Messages in Threads", "deleted": "deleted"}.get(why, "locked")
    assert wanted in told["thread", CHAT]
    assert core.downs == []


async def test_a_thread_that_sleeps_wakes_up(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim, threads="chat")
    first, _ = await chat_in_a_thread(made)
    for locked in (False, True):  # the bot may manage threads, so it may wake a locked one too
        sim.tell("close_thread", id=int(first.id), archived=True, locked=locked)
        await made.send(post(f"q{2 + locked}", opening=first.id))
        assert truth(sim)[-1]["channel"] == first.id
    assert core.concerns == []


async def test_a_channel_in_which_the_bot_may_not_write_either_is_lost(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, threads="chat")
    first, _ = await chat_in_a_thread(made)
    sim.tell("deny", permissions=["SEND_MESSAGES_IN_THREADS", "SEND_MESSAGES"])
    with pytest.raises(PlatformError, match="Send Messages") as error:
        await made.send(post("q2", opening=first.id))
    assert error.value.lost


async def test_a_receipt_goes_where_the_asker_is(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim, threads="chat")
    first, _ = await chat_in_a_thread(made)
    asked = sim.tell("say", by=A, text="<@1000> leave me out", channel=int(first.id))["id"]
    await until(lambda: core.texts)
    await made.send(post("done", "Done.", kind="receipt", reply_to=asked, opening=first.id))
    assert (truth(sim)[-1]["channel"], truth(sim)[-1]["reply_to"]) == (first.id, asked)


def pinned(sim: Simulator) -> list[str]:
    return [one["content"] for one in truth(sim) if one["pinned"]]


async def test_the_question_on_the_floor_is_pinned_and_no_other_of_ours(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    await made.send(post())
    await until(lambda: pinned(sim) == ["Q1. Why? #OTalk"])
    again = await opened(sim)  # after a restart
    await again.send(post("q2"))
    await until(lambda: pinned(sim) == ["Q2. Why? #OTalk"])
    await again.send(post("closing", kind="closing"))
    assert pinned(sim) == ["Q2. Why? #OTalk"]


async def test_closing_waits_for_no_pin(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.fails("PUT .*/pins/", "slow", seconds=600)
    await made.send(post())
    await until(lambda: sim.calls("PUT /api/v10/channels/600/messages/pins"))
    async with asyncio.timeout(60):
        await made.close()
    assert not made._threads_and_pins._tasks._tasks


async def test_a_pin_that_is_not_allowed_fails_no_post(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.tell("deny", permissions=["PIN_MESSAGES"])
    await made.send(post())
    await until(lambda: sim.calls("PUT /api/v10/channels/600/messages/pins"))
    assert pinned(sim) == []


# The calendar -----------------------------------------------------------------------------------------------------


def calendar_entry(**more: Any) -> Post:  # noqa: ANN401 -- as in Meeting
    starts = datetime(2030, 3, 3, 20, tzinfo=UTC)
    plain = {"name": CHAT, "title": "Online groups", "starts": starts, "ends": starts + timedelta(hours=1)}
    return post("meeting", "Come along.", kind="meeting", calendar_entry=CalendarEntry(**{**plain, **more}))


async def test_a_chat_is_entered_in_the_calendar_once_and_moved(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    assert await made.find(calendar_entry()) is None
    first = await made.send(calendar_entry())
    assert await made.find(calendar_entry()) == first == await made.send(calendar_entry())
    later = datetime(2030, 3, 4, 20, tzinfo=UTC)
    moved = calendar_entry(starts=later, ends=later + timedelta(hours=1), link="https://example.org/chat")
    assert await made.find(moved) is None
    assert await made.send(moved) == first
    (event,) = truth(sim, "events")
    assert datetime.fromisoformat(event["scheduled_start_time"]) == later
    assert event["entity_metadata"] == {"location": "https://example.org/chat"}
    assert first.url == f"https://discord.com/events/500/{first.id}"
    assert truth(sim) == []


async def test_a_chat_that_is_called_off_is_taken_out_of_the_calendar(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    first = await made.send(calendar_entry())
    off = calendar_entry(cancelled=True)
    assert await made.send(off) == first
    (event,) = truth(sim, "events")
    assert event["status"] == CANCELLED
    assert (await made.send(off)).id == off.nonce  # a second time there is nothing to call off
    assert len(truth(sim, "events")) == 1


CANCELLED = 4


async def test_without_a_link_the_calendar_names_the_channel(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    await made.send(calendar_entry())
    assert truth(sim, "events")[0]["entity_metadata"] == {"location": "#talk in Pretend guild"}


async def test_a_calendar_that_is_not_allowed_is_final_for_the_entry(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.tell("deny", permissions=["CREATE_EVENTS", "MANAGE_EVENTS"])
    with pytest.raises(PlatformError, match="Create Events") as error:
        await made.send(calendar_entry())
    assert error.value.permanent
    assert not error.value.lost
