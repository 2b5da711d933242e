"""What the bot says on the pretend Discord: once, at Discord's pace, and what its refusals mean."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from aiohttp import web

from adapters.discord.message_form import PICTURE_TOO_LARGE, Form
from adapters.discord.rate_limits import RateLimits
from bot.errors import PlatformError
from bot.messages import (
    Image,
)
from tests.adapters.discord.workbench import CHAT, PIXEL, A, Core, Opened, behind, post, truth, until
from tests.sims.simulator import Simulator, simulator


async def test_a_post_is_there_once_and_pings_nobody(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    receipt = await made.send(post(text="Q1. Why, <@1000> and @everyone? #OTalk"))
    again = await made.send(post(text="Q1. Why, <@1000> and @everyone? #OTalk"))
    (one,) = truth(sim)
    assert receipt.id == again.id == one["id"]
    assert receipt.url == f"https://discord.com/channels/500/600/{one['id']}"
    assert abs(receipt.at - datetime.now(UTC)) < timedelta(seconds=30)
    assert one["content"] == "Q1. Why, <@1000> and @everyone? #OTalk"
    assert one["mentions"] == []
    assert one["allowed_mentions"]["parse"] == []
    assert one["nonce"] == "nonce-q1"


async def test_a_picture_goes_with_its_description(sim: Simulator, opened: Opened, core: Core, tmp_path: Path) -> None:
    made = await opened(sim)
    (tmp_path / "one.png").write_bytes(PIXEL)
    await made.send(post(image=Image(path=str(tmp_path / "one.png"), alt="A grey square")))
    assert truth(sim)[0]["attachments"] == [{"filename": "one.png", "description": "A grey square"}]
    assert core.concerns == []


REFUSALS = {
    "too large": (413, 40005, "Request entity too large"),
    "too large a file": (400, 50045, "File uploaded exceeds the maximum size"),
    "broken": (400, 50046, "Invalid file uploaded"),
    "explicit": (400, 20009, "Explicit content cannot be sent to the desired recipient(s)"),
    "of an odd form": (400, 50035, "Invalid Form Body"),
}
"""What Discord may say of a picture, with its status and code."""


@pytest.mark.parametrize("why", ["forbidden", "unreadable", *REFUSALS])
async def test_a_picture_that_cannot_go_leaves_its_description_and_the_host_is_told(
    sim: Simulator, opened: Opened, core: Core, tmp_path: Path, why: str
) -> None:
    made = await opened(sim)
    picture = Image(path=str(tmp_path / "one.png"), alt="A grey square")
    (tmp_path / ("two.png" if why == "unreadable" else "one.png")).write_bytes(PIXEL)
    if why == "forbidden":
        sim.tell("deny", permissions=["ATTACH_FILES"])
    if why in REFUSALS:
        status, code, message = REFUSALS[why]
        body = f'{{"message": "{message}", "code": {code}}}'
        sim.fails("POST .*/messages$", "status", status=status, body=body)
    receipt = await made.send(post(image=picture))
    (one,) = truth(sim)
    assert (one["id"], one["attachments"]) == (receipt.id, [])
    assert one["content"] == "Q1. Why? #OTalk\n[Picture: A grey square]"
    assert await made.find(post(image=picture)) == receipt
    ((what, text, chat),) = core.concerns
    assert (what, chat) == ("picture-q1", CHAT)
    wanted = {
        "forbidden": "Attach Files",
        "unreadable": "'one.png' cannot be read",
        "broken": "cannot read the picture",
        "explicit": "explicit",
        "of an odd form": "refuses the post",
    }
    assert wanted.get(why, "10 MB") in text


@pytest.mark.parametrize("hangs", ["on the way", "on the way back"])
async def test_a_picture_that_hangs_holds_a_question_up_for_a_while_only(
    sim: Simulator, opened: Opened, core: Core, tmp_path: Path, hangs: str
) -> None:
    there = hangs == "on the way back"
    made = await opened(sim)
    (tmp_path / "one.png").write_bytes(PIXEL)
    late = datetime.now(UTC) - timedelta(seconds=31)
    whole = post(image=Image(path=str(tmp_path / "one.png"), alt="A grey square"), due=late)
    sim.fails("POST .*/messages$", "late" if there else "slow", seconds=600.0, type="multipart/")
    receipt = await made.send(whole)
    (one,) = truth(sim)
    assert one["id"] == receipt.id
    assert bool(one["attachments"]) is there
    assert [text.split(".")[-2].strip() for _, text, _ in core.concerns] == (
        [] if there else ["Discord did not take the picture in time"]
    )
    assert await made.find(whole) == receipt


def test_a_picture_that_a_proxy_finds_too_large_stays_behind() -> None:
    whole = post(text="x" * 1995, image=Image(path="one.png", alt="A grey square"))
    less = Form(post=whole, picture=whole.image).without(PlatformError(code="413"))
    assert less
    assert (less.picture, less.why) == (None, PICTURE_TOO_LARGE)
    assert less.content == "x" * 1995  # there is no room for the description


async def test_a_reply_that_may_be_none_goes_out_as_a_message(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    asked = sim.tell("say", by=A, text="<@1000> leave me out")["id"]
    sim.tell("deny", permissions=["READ_MESSAGE_HISTORY"])
    await made.send(post("done", "Done.", kind="receipt", reply_to=asked))
    assert (truth(sim)[-1]["content"], truth(sim)[-1]["reply_to"]) == ("Done.", None)


async def test_what_is_lacking_beside_the_words_stops_no_question(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim, threads="question")
    sim.tell("deny", permissions=["ATTACH_FILES", "EMBED_LINKS", "PIN_MESSAGES", "CREATE_PUBLIC_THREADS"])
    for key in ("q1", "q2"):
        await made.send(post(key))
    await until(lambda: len(core.concerns) >= 4)
    assert [one["content"] for one in truth(sim)] == ["Q1. Why? #OTalk", "Q2. Why? #OTalk"]
    told = {what: text for what, text, _ in core.concerns}
    assert "Create Public Threads" in told["thread_failed"]
    assert "Pin Messages" in told["pin_failed"]
    assert core.downs == []


async def test_a_reply_is_one_and_a_later_part_is_plain(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    first = await made.send(post())
    await made.send(post("reminder", kind="reminder", reply_to=first.id))
    await made.send(post("q1-2", text="and the rest", part=2, reply_to=first.id))
    await made.send(post("late", kind="receipt", reply_to="123"))
    assert [one["reply_to"] for one in truth(sim)] == [None, first.id, None, None]


async def test_what_was_sent_is_found_by_its_text_even_where_white_space_went(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.tell("say", by=A, text="Q1. Why? #OTalk")
    assert await made.find(post()) is None
    receipt = await made.send(post(text=" Q1. Why? #OTalk\n"))
    assert await made.find(post(text=" Q1. Why? #OTalk\n")) == receipt
    assert await made.find(post(due=datetime.now(UTC) + timedelta(minutes=5))) is None
    assert await made.find(post("q2")) is None


async def test_an_answer_that_never_came_is_ambiguous_and_the_post_is_found(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.fails("POST .*/messages$", "lost")
    with pytest.raises(PlatformError) as error:
        await made.send(post())
    assert error.value.ambiguous
    found = await made.find(post())
    assert found is not None
    assert found.id == truth(sim)[0]["id"]


async def test_a_time_limit_of_the_callers_holds(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.fails("POST .*/messages$", "status", status=500, times=5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await made.send(post())
    assert truth(sim) == []


async def test_a_call_has_a_time_limit_of_its_own(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, timeout=3.0)
    sim.fails("POST .*/messages$", "slow", seconds=600)
    async with asyncio.timeout(60):
        with pytest.raises(PlatformError) as error:
            await made.send(post())
    assert error.value.ambiguous


async def test_a_pace_waits_a_little_and_tells_of_a_lot() -> None:
    pace, headers = RateLimits(patience=1.0), {"X-Ratelimit-Limit": "2", "X-Ratelimit-Remaining": "0"}
    answer: Any = SimpleNamespace(headers=headers)
    async with pace:
        headers["X-Ratelimit-Reset-After"] = "0.05"
        pace.update(answer)
    async with asyncio.timeout(60):
        await pace.acquire()
        headers["X-Ratelimit-Reset-After"] = "3000"
        pace.update(answer)
    with pytest.raises(discord.RateLimited) as error:
        await pace.acquire()
    assert 2900 < error.value.retry_after <= 3000
    headers["X-Ratelimit-Remaining"] = "1"
    pace.reset()  # type: ignore[no-untyped-call]
    pace.update(answer)
    await pace.acquire()  # the window is long, but a call is left


async def test_a_limit_says_how_long_to_wait(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.tell("limit", match="POST .*/messages$", retry_after=30)
    with pytest.raises(PlatformError) as error:
        await made.send(post())
    assert error.value.retry_after == 30
    assert not error.value.ambiguous


async def test_a_spent_limit_is_waited_for_where_that_is_short(opened: Opened) -> None:
    with simulator("discord", rate=3) as sim:
        made = await opened(sim, pin=False, timeout=20.0)
        for key in ("q1", "q2", "q3", "q4"):
            await made.send(post(key))
        assert len(truth(sim)) == 4
        # had the library asked too early, it would have been refused and have asked again
        assert len(sim.calls("POST /api/v10/channels/600/messages")) == 4
    with simulator("discord", rate=3, window=600) as sim:
        hasty = await opened(sim, pin=False, timeout=20.0)
        async with asyncio.timeout(60):  # no answer is kept back until the window ends
            for key in ("q1", "q2", "q3"):
                await hasty.send(post(key))
        with pytest.raises(PlatformError) as error:
            await asyncio.gather(*(hasty.send(post(f"q{n}")) for n in range(5, 13)))
        assert error.value.retry_after
        assert not error.value.ambiguous


@pytest.mark.parametrize("body", ["[]", "<html>", "{}", '{"id": null}', "{", "null"])
async def test_an_answer_in_an_unknown_shape_is_ambiguous(sim: Simulator, opened: Opened, body: str) -> None:
    def strange(request: web.Request) -> str | None:
        return body if request.method == "POST" else None

    async with behind(sim, strange) as api_url:
        made = await opened(sim, api_url=api_url)
        with pytest.raises(PlatformError) as error:
            await made.send(post())
        await made.close()
    assert error.value.ambiguous


async def test_a_missing_permission_is_lost_and_a_long_text_is_refused(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    with pytest.raises(PlatformError, match="2000 or fewer") as error:
        await made.send(post(text="x" * 2001))
    assert (error.value.permanent, error.value.too_long) == (True, True)
    sim.tell("deny", permissions=["SEND_MESSAGES"])
    with pytest.raises(PlatformError, match="Send Messages") as error:
        await made.send(post())
    assert error.value.lost
