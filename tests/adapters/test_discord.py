"""The adapter in front of a pretend Discord, over real sockets."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.discord import Discord, Server
from adapters.discord.pace import Pace
from bot.desk import Answer, Choice, Kind, Offer, Pass
from bot.errors import PlatformError, StoreError
from bot.hosting.orders.table import COMMANDS
from bot.messages import (
    AnyEvent,
    Command,
    Deleted,
    Edited,
    Image,
    Meeting,
    Message,
    Post,
    Reaction,
    Receipt,
)
from bot.port import Charge, Finding, Reading
from bot.sheets import Console
from tests.fakes.clock import HandClock
from tests.sims.drive import Simulator, simulator

A, B = "Pretend participant A", "Pretend participant B"
CHAT = "otalk/2026-03-03-online-groups"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Core:
    """The Ear and the Desk: writes down what it is told. `slow` keeps whoever asks waiting."""

    events: list[AnyEvent] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    downs: list[PlatformError] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    broken: bool = False
    slow: bool = False
    unstored: int = 0

    async def hear(self, event: AnyEvent) -> None:
        if self.broken:
            self.unstored += 1
            raise StoreError
        self.events.append(event)

    async def paid(self, *charges: Charge) -> None:
        raise AssertionError(charges)

    def up(self, account: str = "") -> None:
        del account
        self.calls.append("up")

    def down(self, error: PlatformError) -> None:
        self.calls.append("down")
        self.downs.append(error)

    @property
    def offers(self) -> tuple[Offer, ...]:
        return tuple(spec.offer for spec in COMMANDS)

    async def answer(self, command: Command) -> Answer:
        self.commands.append(command)
        if self.slow:
            await asyncio.Event().wait()
        return Answer(text=f"Answer to {command.text}.")

    async def suggest(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        self.commands.append(command)
        return (Choice(value=f"{typed}1", label=f"{kind} {typed}1"),)

    async def admit(self, key: str) -> Pass | None:
        raise AssertionError(key)

    async def console(self, chat: str) -> Console | None:
        raise AssertionError(chat)

    def heard(self, kind: type[AnyEvent]) -> list[Any]:
        return [one for one in self.events if isinstance(one, kind)]

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.heard(Message)]


Opened = Callable[..., Awaitable[Discord]]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with simulator("discord") as one:
        yield one


@pytest.fixture
def core() -> Core:
    return Core()


def adapter(sim: Simulator, core: Core, **settings: Any) -> Discord:  # noqa: ANN401 -- as in Server
    plain = {"token": "bot-token", "guild": 500, "channel": 600, "api_url": f"{sim.address}/api/v10", "timeout": 4.0}
    server = Server(**{**plain, **settings})
    return Discord(place="discord", clock=HandClock(datetime.now(UTC)), ear=core, desk=core, server=server)


@pytest.fixture
async def opened(core: Core) -> AsyncIterator[Opened]:
    """Opens adapters, and closes them afterwards."""
    async with AsyncExitStack() as stack:

        async def open_one(sim: Simulator, **settings: Any) -> Discord:  # noqa: ANN401 -- as in Server
            made = adapter(sim, core, **settings)
            stack.push_async_callback(made.close)
            await made.open()
            return made

        yield open_one


async def until(is_so: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait, with a limit, until something is so."""
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0.01)


def post(key: str = "q1", text: str = "", **more: Any) -> Post:  # noqa: ANN401 -- as in Post
    plain: dict[str, Any] = {
        "chat": CHAT,
        "key": key,
        "place": "discord",
        "kind": "question",
        "text": text or f"{key.upper()}. Why? #OTalk",
        "nonce": f"nonce-{key}",
        "due": datetime.now(UTC),
    }
    return Post(**{**plain, **more})


def truth(sim: Simulator, what: str = "messages") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sim.ask("truth")[what]
    return found


def reading(**more: Any) -> Reading:  # noqa: ANN401 -- as in Reading
    return Reading(**{"source": "history", "since": datetime.now(UTC) - timedelta(minutes=5), "limit": 100, **more})


@asynccontextmanager
async def behind(sim: Simulator, instead: Callable[[web.Request], str | None]) -> AsyncIterator[str]:
    """The simulator's API behind a server that answers some calls itself, with JSON or what should be."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:

        async def forward(request: web.Request) -> web.Response:
            if (body := instead(request)) is not None:
                return web.Response(body=body.encode(), content_type="application/json")
            url, data = f"{sim.address}{request.path_qs}", await request.read()
            async with session.request(request.method, url, data=data, headers=request.headers) as answer:
                return web.Response(body=await answer.read(), status=answer.status, headers=answer.headers)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", forward)
        async with TestServer(app) as server:
            yield str(server.make_url("/api/v10"))


# Opening and closing --------------------------------------------------------------------------------------------


async def test_opening_is_heard_at_once_and_asks_for_no_more_than_it_needs(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    await opened(sim)
    assert core.calls == ["up"]
    assert sim.ask("sessions") == {"open": 1, "identified": [1 << 0 | 1 << 9 | 1 << 10]}


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"token": "wrong"}, "Reset Token"),
        ({"channel": 999}, "`channel` in the settings"),
        ({"guild": 999}, "`guild` and `channel`"),
        ({"message_content": True}, "Privileged Gateway Intents"),
    ],
)
async def test_what_somebody_must_put_right_is_said_at_once(
    sim: Simulator, core: Core, settings: dict[str, Any], remedy: str
) -> None:
    made = adapter(sim, core, **settings)
    with pytest.raises(PlatformError, match=remedy) as error:
        await made.open()
    await made.close()
    assert error.value.lost
    assert core.calls == []


async def test_a_channel_that_it_cannot_see_is_lost(core: Core) -> None:
    with simulator("discord", denied=["VIEW_CHANNEL"]) as sim:
        made = adapter(sim, core)
        with pytest.raises(PlatformError, match="View Channel") as error:
            await made.open()
        await made.close()
    assert error.value.lost


async def test_nobody_there_is_for_later_and_may_be_opened_again(sim: Simulator, core: Core) -> None:
    made = adapter(sim, core)
    sim.fails("/users/@me$", "status", status=503)
    with pytest.raises(PlatformError) as error:
        await made.open()
    assert not error.value.lost
    await made.open()
    assert core.calls == ["up"]
    await made.close()


async def test_closing_is_harmless_before_and_twice_and_leaves_nobody_connected(sim: Simulator, core: Core) -> None:
    made = adapter(sim, core)
    await made.close()
    await made.open()
    await made.close()
    await made.close()
    await until(lambda: sim.ask("sessions")["open"] == 0)
    with pytest.raises(PlatformError, match="Not connected"):
        await made.send(post())


async def test_closing_while_sending_is_harmless(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, threads="question")
    sending = asyncio.gather(*(made.send(post(f"q{n}")) for n in range(5)), return_exceptions=True)
    await asyncio.sleep(0)
    await made.close()
    outcomes = await sending
    assert all(isinstance(one, Receipt | PlatformError) for one in outcomes)


async def test_a_new_connection_after_a_break_is_told(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim, message_content=False)
    sim.tell("gateway", do="drop")
    await until(lambda: core.calls[:3] == ["up", "down", "up"])
    assert not core.downs[0].lost
    sim.tell("say", by=A, text="<@1000> after the break")
    await until(lambda: core.texts == ["<@1000> after the break"])


async def test_an_outage_ends_with_a_new_connection(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    sim.tell("down", seconds=1.5)
    await until(lambda: core.calls[-1] == "down")
    await until(lambda: core.calls[-1] == "up", 20)
    assert not any(error.lost for error in core.downs)


async def test_posts_go_out_while_nothing_is_heard(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim)
    sim.fails("GET /(gateway)?$", "refused", times=1000)
    sim.tell("gateway", do="drop")
    await until(lambda: "down" in core.calls)
    assert (await made.send(post())).id
    sim.fails("nothing", "refused")
    await until(lambda: core.calls[-1] == "up")


async def test_a_session_that_is_over_begins_anew(
    sim: Simulator, opened: Opened, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.connection.Line.before_identify_hook", _at_once)
    await opened(sim)
    sim.tell("gateway", do="invalidate")
    await until(lambda: core.calls == ["up", "down", "up"])
    assert len(sim.ask("sessions")["identified"]) == 2


async def _at_once(*_: object, **__: object) -> None:
    """The library waits five seconds, as Discord wants it."""


async def test_a_token_that_is_reset_is_lost_and_a_new_one_may_be_tried(core: Core) -> None:
    with simulator("discord") as sim:
        made = adapter(sim, core)
        await made.open()
        sim.fails("/users/@me$", "status", status=401, times=1000, body="{}")
        sim.tell("down", seconds=0.2)
        await until(lambda: core.downs and core.downs[-1].lost)
        assert "Reset Token" in str(core.downs[-1])
        keeping = made._gateway and made._gateway._keeping
        assert keeping
        await until(keeping.done, 0.5)
        sim.fails("nothing", "refused")
        await made.open()
        assert core.calls[-1] == "up"
        await made.close()


async def test_the_gateway_may_be_given(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim, gateway_url=sim.address.replace("http:", "ws:") + "/gateway")
    assert core.calls == ["up"]
    assert "GET /api/v10/gateway" not in sim.calls()


async def test_every_call_goes_through_the_proxy(sim: Simulator, core: Core) -> None:
    made = adapter(sim, core, proxy="http://127.0.0.1:9")
    with pytest.raises(PlatformError, match="`proxy`") as error:
        await made.open()
    assert not error.value.lost
    assert sim.calls() == []


async def test_a_deleted_channel_is_lost(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim)
    sim.tell("remove_channel", id=600)
    await until(lambda: core.downs)
    assert core.downs[0].lost
    with pytest.raises(PlatformError) as error:
        await made.send(post())
    assert error.value.lost


# Saying ---------------------------------------------------------------------------------------------------------


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


async def test_a_picture_goes_with_its_description(sim: Simulator, opened: Opened, tmp_path: Path) -> None:
    made = await opened(sim)
    (tmp_path / "one.png").write_bytes(PIXEL)
    await made.send(post(image=Image(path=str(tmp_path / "one.png"), alt="A grey square")))
    assert truth(sim)[0]["attachments"] == [{"filename": "one.png", "description": "A grey square"}]
    with pytest.raises(PlatformError, match=r"'two\.png'") as error:
        await made.send(post("q2", image=Image(path=str(tmp_path / "two.png"), alt="None")))
    assert error.value.permanent


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
    made = await opened(sim, timeout=0.4)
    sim.fails("POST .*/messages$", "slow", seconds=3)
    async with asyncio.timeout(2):
        with pytest.raises(PlatformError) as error:
            await made.send(post())
    assert error.value.ambiguous


async def test_a_pace_waits_a_little_and_tells_of_a_lot() -> None:
    pace, headers = Pace(patience=1.0), {"X-Ratelimit-Limit": "2", "X-Ratelimit-Remaining": "0"}
    answer: Any = SimpleNamespace(headers=headers)
    async with pace:
        headers["X-Ratelimit-Reset-After"] = "0.05"
        pace.update(answer)
    async with asyncio.timeout(0.9):
        await pace.acquire()
        headers["X-Ratelimit-Reset-After"] = "30"
        pace.update(answer)
    with pytest.raises(discord.RateLimited) as error:
        await pace.acquire()
    assert 29 < error.value.retry_after <= 30
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
        async with asyncio.timeout(3):  # no answer is kept back until the window ends
            for key in ("q1", "q2", "q3"):
                await made.send(post(key))
        await made.send(post("q4"))
        assert len(truth(sim)) == 4
        # had the library asked too early, it would have been refused and have asked again
        assert len(sim.calls("POST /api/v10/channels/600/messages")) == 4
        hasty = await opened(sim, pin=False, timeout=2.0)
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
    assert error.value.permanent
    sim.tell("deny", permissions=["SEND_MESSAGES"])
    with pytest.raises(PlatformError, match="Send Messages") as error:
        await made.send(post())
    assert error.value.lost


# Threads and pins -----------------------------------------------------------------------------------------------


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
    sim.fails("PUT .*/pins/", "slow", seconds=30)
    await made.send(post())
    await until(lambda: sim.calls("PUT /api/v10/channels/600/messages/pins"))
    async with asyncio.timeout(2):
        await made.close()
    assert not made._tending._tasks


async def test_a_pin_that_is_not_allowed_fails_no_post(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.tell("deny", permissions=["PIN_MESSAGES"])
    await made.send(post())
    await until(lambda: sim.calls("PUT /api/v10/channels/600/messages/pins"))
    assert pinned(sim) == []


# The calendar ---------------------------------------------------------------------------------------------------


def meeting(**more: Any) -> Post:  # noqa: ANN401 -- as in Meeting
    starts = datetime(2030, 3, 3, 20, tzinfo=UTC)
    plain = {"name": CHAT, "title": "Online groups", "starts": starts, "ends": starts + timedelta(hours=1)}
    return post("meeting", "Come along.", kind="meeting", meeting=Meeting(**{**plain, **more}))


async def test_a_chat_is_entered_in_the_calendar_once_and_moved(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    assert await made.find(meeting()) is None
    first = await made.send(meeting())
    assert await made.find(meeting()) == first == await made.send(meeting())
    later = datetime(2030, 3, 4, 20, tzinfo=UTC)
    moved = meeting(starts=later, ends=later + timedelta(hours=1), link="https://example.org/chat")
    assert await made.find(moved) is None
    assert await made.send(moved) == first
    (event,) = truth(sim, "events")
    assert datetime.fromisoformat(event["scheduled_start_time"]) == later
    assert event["entity_metadata"] == {"location": "https://example.org/chat"}
    assert first.url == f"https://discord.com/events/500/{first.id}"
    assert truth(sim) == []


async def test_without_a_link_the_calendar_names_the_channel(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    await made.send(meeting())
    assert truth(sim, "events")[0]["entity_metadata"] == {"location": "#talk in Pretend guild"}


async def test_a_calendar_that_is_not_allowed_is_final_for_the_entry(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.tell("deny", permissions=["CREATE_EVENTS", "MANAGE_EVENTS"])
    with pytest.raises(PlatformError, match="Create Events") as error:
        await made.send(meeting())
    assert error.value.permanent
    assert not error.value.lost


# Hearing --------------------------------------------------------------------------------------------------------


@pytest.fixture
def all_words() -> Iterator[Simulator]:
    with simulator("discord", intents_allowed=["message_content"]) as one:
        yield one


async def test_what_people_do_is_heard(all_words: Simulator, opened: Opened, core: Core) -> None:
    sim = all_words
    await opened(sim, message_content=True)
    first = sim.tell("say", by=A, text="A1 we use Teams")["id"]
    second = sim.tell("say", by=B, text="Same here", reply_to=first)["id"]
    sim.tell("edit", id=first, text="A1 we use pens")
    sim.tell("react", by=B, id=first, emoji="👍")
    sim.tell("bulk_delete", ids=[first, second])
    await until(lambda: len(core.heard(Deleted)) == 2)
    one, two = core.heard(Message)
    assert (one.text, one.author.name, one.id) == ("A1 we use Teams", A, first)
    assert (two.reply_to, two.author.name) == (first, B)
    assert [(edit.id, edit.text) for edit in core.heard(Edited)] == [(first, "A1 we use pens")]
    assert [(mark.id, mark.author.name, mark.emoji) for mark in core.heard(Reaction)] == [(first, B, "👍")]
    assert {gone.id for gone in core.heard(Deleted)} == {first, second}


async def test_only_the_channel_and_its_threads_are_heard(all_words: Simulator, opened: Opened, core: Core) -> None:
    sim = all_words
    made = await opened(sim, message_content=True, threads="question")
    asked = await made.send(post())
    sim.tell("say", by=A, text="elsewhere", channel=601)
    sim.tell("say", by=A, text="in private", channel="dm")
    sim.tell("say", by=A, text="in the thread", channel=int(asked.id))
    sim.tell("say", by=A, text="in the channel")
    await until(lambda: len(core.texts) == 2)
    assert sorted(core.texts) == ["in the channel", "in the thread"]
    assert {one.text: one.conversation for one in core.heard(Message)}["in the thread"] == asked.id


async def test_without_the_intent_only_what_names_the_bot_is_heard(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim)
    asked = await made.send(post())
    sim.tell("say", by=A, text="not for you")
    sim.tell("say", by=A, text="A1 by reply", reply_to=asked.id)
    sim.tell("say", by=A, text="<@1000> status")
    await until(lambda: len(core.texts) == 2)
    assert [(one.text, one.summons) for one in core.heard(Message)] == [
        ("A1 by reply", True),
        ("<@1000> status", True),
    ]


async def test_what_cannot_be_stored_ends_nothing(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    core.broken = True
    sim.tell("say", by=A, text="<@1000> one")
    await until(lambda: core.unstored == 1)
    core.broken = False
    sim.tell("say", by=A, text="<@1000> two")
    await until(lambda: core.texts == ["<@1000> two"])
    assert core.calls == ["up"]


# Reading again --------------------------------------------------------------------------------------------------


async def test_the_history_of_channel_and_threads_is_read(all_words: Simulator, opened: Opened) -> None:
    sim = all_words
    made = await opened(sim, threads="question")
    asked = await made.send(post())
    for n in range(120):
        sim.tell("say", by=A, text=f"A1 number {n}")
    inside = sim.tell("say", by=B, text="in the thread", channel=int(asked.id))["id"]
    sim.tell("edit", id=inside, text="in the thread, changed")
    fresh = adapter(sim, Core(), threads="question")
    await fresh.open()
    page = await fresh.read(reading(asked=(asked.id, "123")))
    await fresh.close()
    told = [one for one in page.events if isinstance(one, Message)]
    assert [one.text for one in told] == [*(f"A1 number {n}" for n in range(120)), "in the thread, changed"]
    assert told[-1].conversation == asked.id
    assert [one.id for one in page.events if isinstance(one, Edited)] == [inside]
    assert page.more is None
    nothing = await made.read(reading(since=datetime.now(UTC) + timedelta(minutes=1)))
    assert nothing.events == ()


async def test_a_long_history_is_read_in_pieces(
    all_words: Simulator, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.history._MOST", 150)
    made = await opened(all_words)
    for n in range(250):
        all_words.tell("say", by=A, text=str(n))
    first = await made.read(reading())
    assert first.more
    second = await made.read(reading(more=first.more))
    assert second.more is None
    assert [one.text for one in (*first.events, *second.events) if isinstance(one, Message)] == [
        str(n) for n in range(250)
    ]


@asynccontextmanager
async def with_archive(sim: Simulator) -> AsyncIterator[str]:
    """The simulator's API with the one call that it lacks: the threads of a channel that are folded away."""

    def folded(request: web.Request) -> str | None:
        if not request.path.endswith("/threads/archived/public"):
            return None
        threads = [{**one, "parent_id": one["parent"]} for one in truth(sim, "threads") if one["archived"]]
        return json.dumps({"threads": threads})

    async with behind(sim, folded) as api_url:
        yield api_url


async def test_what_is_gone_is_known_wherever_it_was(all_words: Simulator, opened: Opened) -> None:
    sim = all_words
    made = await opened(sim, threads="question")
    asked = await made.send(post())
    ids = [sim.tell("say", by=A, text=str(n))["id"] for n in range(3)]
    inside = [sim.tell("say", by=A, text=f"in {n}", channel=int(asked.id))["id"] for n in range(2)]
    sim.tell("delete", id=ids[1])
    sim.tell("delete", id=inside[0])
    async with with_archive(sim) as api_url:
        fresh = await opened(sim, api_url=api_url)  # it does not remember which was where
        assert set(await fresh.gone((*ids, *inside, "no number"), CHAT)) == {ids[1], inside[0]}
        archive(sim, asked.id)
        assert set(await fresh.gone((*ids, *inside), CHAT)) == {ids[1], inside[0]}
        sim.tell("remove_channel", id=int(asked.id))
        assert set(await fresh.gone((*ids, *inside), CHAT)) == {ids[1], *inside}
        await fresh.close()


def archive(sim: Simulator, thread: str) -> None:
    """Fold a thread away, as a moderator would."""
    request = urllib.request.Request(  # noqa: S310 -- our own simulator
        f"{sim.address}/api/v10/channels/{thread}",
        data=b'{"archived": true}',
        method="PATCH",
        headers={"Authorization": "Bot bot-token", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 -- as above


async def test_a_history_that_is_withheld_deletes_nothing(sim: Simulator, opened: Opened) -> None:
    async with with_archive(sim) as api_url:
        made = await opened(sim, api_url=api_url)
        id = sim.tell("say", by=A, text="<@1000> here")["id"]
        sim.tell("deny", permissions=["READ_MESSAGE_HISTORY"])
        with pytest.raises(PlatformError, match="Read Message History"):
            await made.gone((id,), CHAT)
        await made.close()


async def test_events_carry_names_already(sim: Simulator, opened: Opened) -> None:
    assert await (await opened(sim)).name(("1",), CHAT) == ()


# The command ----------------------------------------------------------------------------------------------------


async def test_the_command_is_answered_to_whoever_asked_only(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    await until(lambda: truth(sim, "commands"))
    (command,) = truth(sim, "commands")
    assert (command["name"], [one["name"] for one in command["options"]]) == ("chat", ["status", "help"])
    id = sim.tell("interact", by=A, command="chat", sub="status")["id"]
    await until(lambda: core.commands and sim.ask("answers"))
    asked = core.commands[0]
    assert (asked.id, asked.text, asked.author.name, asked.chat) == (id, "status", A, None)
    (answer,) = sim.ask("answers")
    assert "Answer to status." in str(answer)
    assert truth(sim) == []


async def test_a_slow_answer_is_a_kind_line(
    sim: Simulator, opened: Opened, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.commands.PATIENCE", 0.05)
    core.slow = True
    await opened(sim)
    await until(lambda: truth(sim, "commands"))
    sim.tell("interact", by=A, command="chat", sub="help")
    await until(lambda: sim.ask("answers"))
    assert "try again in a minute" in str(sim.ask("answers"))


async def test_an_answer_too_late_is_ignored_and_another_failure_is_told(opened: Opened, core: Core) -> None:
    with simulator("discord", answer_seconds=0) as sim, structlog.testing.capture_logs() as log:
        await opened(sim)
        await until(lambda: truth(sim, "commands"))
        sim.tell("interact", by=A, command="chat", sub="status")
        await until(lambda: sim.calls("/callback"))
        sim.fails("/callback$", "status", status=503)
        sim.tell("interact", by=A, command="chat", sub="help")
        await until(lambda: log)
        assert [(one["event"], one["status"]) for one in log] == [("discord.answer.failed", 503)]
        assert [one.text for one in core.commands] == ["status", "help"]
        assert core.calls == ["up"]


async def test_a_command_that_cannot_be_registered_stops_nothing(sim: Simulator, opened: Opened) -> None:
    sim.fails("PUT .*/commands$", "status", status=403, body='{"code": 50001, "message": "Missing Access"}')
    made = await opened(sim)
    await until(lambda: sim.calls("/commands"))
    assert (await made.send(post())).id


# The examination ------------------------------------------------------------------------------------------------


def wrong(findings: tuple[Finding, ...]) -> dict[str, str]:
    """What is not in order, by the permission or the word it speaks of."""
    return {one.text: one.level for one in findings if one.level != "ok"}


async def test_all_is_well_without_opening(sim: Simulator, core: Core) -> None:
    findings = await adapter(sim, core, threads="question").examine()
    assert wrong(findings) == {}
    assert any("#talk in Pretend guild" in one.text for one in findings)
    assert sim.ask("sessions")["identified"] == []


async def test_what_is_missing_is_found_with_its_remedy(sim: Simulator, core: Core) -> None:
    lacking = ["SEND_MESSAGES", "READ_MESSAGE_HISTORY", "ATTACH_FILES", "PIN_MESSAGES", "CREATE_EVENTS"]
    sim.tell("deny", permissions=[*lacking, "CREATE_PUBLIC_THREADS"])
    findings = await adapter(sim, core, message_content=True).examine()
    levels = [one.level for one in findings if one.remedy]
    assert levels == ["wrong", "wrong", "doubt", "doubt", "doubt", "doubt"]  # who cannot send cannot embed links either
    assert all("Give the bot's role" in one.remedy for one in findings if one.remedy)
    assert any("Message Content" in text for text in wrong(findings))
    threads = await adapter(sim, core, threads="chat", pin=False, calendar=False).examine()
    assert any("Create Public Threads" in one.remedy for one in threads)
    assert not any("Pin Messages" in one.remedy or "Create Events" in one.remedy for one in threads)


async def test_an_examination_never_raises(sim: Simulator, core: Core) -> None:
    (token,) = wrong(await adapter(sim, core, token="wrong").examine())
    assert "Reset Token" in token
    assert wrong(await adapter(sim, core, channel=999).examine())
    assert wrong(await adapter(sim, core, guild=999).examine())
    assert list(wrong(await adapter(sim, core, api_url="http://127.0.0.1:9/api/v10").examine()).values()) == ["doubt"]


async def test_a_clock_that_is_wrong_is_found(sim: Simulator, core: Core) -> None:
    made = adapter(sim, core)
    made._clock.move(seconds=300)  # type: ignore[attr-defined]
    assert any("clock" in text for text in wrong(await made.examine()))
