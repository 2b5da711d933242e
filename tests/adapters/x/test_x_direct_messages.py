"""Direct messages to the bot on X, which are commands, and its answers; over real sockets."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.x.platform import X
from adapters.x.settings import XSettings
from bot.errors import PlatformError
from bot.messages import Author, Command
from bot.ports.platform import Page
from tests.adapters.x.test_x import CHAT, SECRETS, Clock, Listener, a_post, a_reading, marks, parrot, repeating
from tests.adapters.x.test_x_commands import TOKEN, adapter
from tests.fakes.flat import flat
from tests.fakes.ports import context
from tests.sims.simulator import Simulator, simulator
from tests.sims.x_faults import HTML_503, too_many


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with simulator("x", visible_after=0.0, accounts=[{"direct": True}]) as running:
        yield running


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
async def x(sim: Simulator, listener: Listener) -> AsyncIterator[X]:
    """An open one that reads direct messages, with nothing on the bill yet."""
    made = adapter(sim, listener)
    await made.open()
    listener.charges.clear()
    yield made
    await made.close()


async def commands(x: X, **more: Any) -> list[Command]:  # noqa: ANN401 -- fields of Reading
    page = await x.read(a_reading("messages", **more))
    assert all(isinstance(one, Command) for one in page.events)
    return [one for one in page.events if isinstance(one, Command)]


def direct_messages(sim: Simulator) -> list[dict[str, Any]]:
    """Every direct message there is."""
    told: list[dict[str, Any]] = sim.ask("truth")["direct"]
    return told


# Reading them -----------------------------------------------------------------------------------------------------


async def test_a_direct_message_is_a_command_and_never_a_message(x: X, sim: Simulator, listener: Listener) -> None:
    told = sim.tell("direct", by="pretend_host", text=" say tea & cake <now> ")
    (heard,) = await commands(x)
    assert (heard.place, heard.id, heard.author) == ("x", told["id"], Author(id=told["user_id"]))
    assert heard.text == "say tea & cake <now>"
    assert abs(heard.at.timestamp() - direct_messages(sim)[0]["at"]) < 0.01
    assert (heard.role, heard.chat) == ("participant", None)
    assert [(one.what, one.micros, one.resource, one.chat) for one in listener.charges] == [
        ("direct message read", 10_000, told["id"], CHAT)
    ]


async def test_reading_direct_messages_again_tells_the_same(x: X, sim: Simulator) -> None:
    sim.tell("direct", by="pretend_host", text="next")
    assert await commands(x) == await commands(x) != []


async def test_our_own_and_what_is_said_in_a_group_or_without_words_is_no_command(x: X, sim: Simulator) -> None:
    sim.tell("direct", by="OTalk_", to="pretend_a", text="next")
    sim.tell("direct", by="pretend_a", text="next", group="1500000000000000001")
    sim.tell("direct", by="pretend_a", kind="ParticipantsJoin", group="1500000000000000001")
    sim.tell("direct", by="pretend_a", text="  ")
    assert await commands(x) == []


async def test_what_is_older_than_asked_for_is_left_out_and_ends_the_reading(x: X, sim: Simulator) -> None:
    for number in range(4):
        sim.tell("direct", by="pretend_a", text=f"old {number}", at=-7200)
    sim.tell("direct", by="pretend_a", text="new")
    page = await x.read(a_reading("messages", limit=3))
    assert [one.text for one in page.events if isinstance(one, Command)] == ["new"]
    assert page.more is None


async def test_many_come_in_pages(x: X, sim: Simulator) -> None:
    for number in range(7):
        sim.tell("direct", by="pretend_a", text=f"say {number}")
    found: list[Command] = []
    more: str | None = None
    for _ in range(3):
        page = await x.read(a_reading("messages", limit=3, more=more))
        found += [one for one in page.events if isinstance(one, Command)]
        more = page.more
    assert more is None
    assert [one.text for one in found] == [f"say {number}" for number in reversed(range(7))]


async def test_where_no_chat_is_open_only_the_newest_is_paid_for(x: X, sim: Simulator, listener: Listener) -> None:
    for number in range(3):
        sim.tell("direct", by="pretend_a", text=f"old {number}", at=-7200)
    assert await commands(x, chat=None, limit=5) == []
    assert listener.bill() == [("direct message read", 10_000)]


@pytest.mark.parametrize("keys", [{}, TOKEN], ids=["1.0a", "2.0"])
async def test_keys_without_the_permission_are_told_what_to_do_and_the_place_is_not_lost(
    sim: Simulator, listener: Listener, keys: dict[str, Any]
) -> None:
    sim.tell("account", by="OTalk_", direct=False)
    x = adapter(sim, listener, **keys)
    await x.open()
    for work in (x.read(a_reading("messages")), x.send(a_post("Q3 now.", to="2001")), x.find(a_post("a", to="2001"))):
        with pytest.raises(
            PlatformError, match=r"'Read and write and Direct message'.*dm\.read and dm\.write"
        ) as caught:
            await work
        assert marks(caught.value) == "permanent"
    await x.send(a_post())
    await x.close()


async def test_too_many_readings_wait_as_long_as_x_says(x: X, sim: Simulator) -> None:
    sim.fails("GET /2/dm_events", **too_many(40))
    with pytest.raises(PlatformError) as caught:
        await commands(x)
    assert caught.value.retry_after is not None
    assert 38 < caught.value.retry_after < 43


async def test_a_page_of_another_server_is_no_command(x: X, sim: Simulator) -> None:
    sim.tell("direct", by="pretend_host", text="next")
    sim.fails("GET /2/dm_events", **HTML_503)
    with pytest.raises(PlatformError, match="503") as caught:
        await commands(x)
    assert marks(caught.value) == "again"


@pytest.mark.parametrize(
    "event",
    [
        None,
        7,
        {},
        {"id": "5"},
        {"id": "x", "event_type": "MessageCreate", "text": "next", "sender_id": "77"},
        {"id": "1500000000000000001", "event_type": "MessageCreate", "text": "next"},
        {"id": "1500000000000000001", "event_type": "MessageCreate", "sender_id": "77"},
        {"id": "1500000000000000001", "event_type": "MessageCreate", "text": 7, "sender_id": "77"},
        {"id": "1500000000000000001", "event_type": "MessageCreate", "text": "next", "sender_id": ["77"]},
        {"id": "1500000000000000001", "event_type": "ParticipantsJoin", "text": "next", "sender_id": "77"},
        {"id": "1500000000000000001", "event_type": "MessageCreate", "text": "next", "sender_id": "1000"},
    ],
)
async def test_an_odd_direct_message_is_left_out_and_takes_no_other_along(event: object) -> None:
    sound = {"id": "1500000000000000002", "event_type": "MessageCreate", "text": "status", "sender_id": "78"}
    async with repeating("/dm_events", body=json.dumps({"data": [event, sound]})) as (x, _):
        page = await x.read(a_reading("messages", since=datetime(2020, 1, 1, tzinfo=UTC)))
    assert [one.text for one in page.events if isinstance(one, Command)] == ["status"]


@pytest.mark.parametrize(
    "body", ["null", "[]", '{"data": 7}', '{"data": [], "meta": {"next_token": "again"}}', "", "{"]
)
async def test_whatever_comes_instead_of_direct_messages_is_no_page_without_end(body: str) -> None:
    async with repeating("/dm_events", body=body) as (x, _):
        with contextlib.suppress(PlatformError):
            assert await x.read(a_reading("messages")) == Page()


# Answers to them --------------------------------------------------------------------------------------------------


async def test_an_answer_goes_to_its_person_and_is_in_no_timeline(x: X, sim: Simulator, listener: Listener) -> None:
    who = sim.tell("direct", by="pretend_host", text="next")["user_id"]
    receipt = await x.send(a_post("Q3 at 20:31, closing still at 21:00.", kind="receipt", to=who))
    assert [(one["by"], one["text"]) for one in direct_messages(sim)][1:] == [
        ("OTalk_", "Q3 at 20:31, closing still at 21:00.")
    ]
    assert (receipt.id, receipt.url) == (direct_messages(sim)[1]["id"], None)
    assert listener.bill() == [("direct message", 15_000)]
    assert sim.ask("truth")["posts"] == []
    assert [one.text for one in await commands(x)] == ["next"]


async def test_nobody_is_written_to_who_did_not_write(x: X, sim: Simulator) -> None:
    who = sim.tell("say", by="pretend_a", text="@OTalk_ hello")["user_id"]
    with pytest.raises(PlatformError, match="take no direct messages") as caught:
        await x.send(a_post("A word with you.", to=who))
    assert marks(caught.value) == "permanent"
    assert direct_messages(sim) == []


@pytest.mark.parametrize("to", ["", "@pretend_a", "1/../2", "9" * 20])
async def test_an_impossible_person_is_not_written_to(x: X, sim: Simulator, to: str) -> None:
    with pytest.raises(PlatformError, match="nobody there") as caught:
        await x.send(a_post("A word with you.", to=to))
    assert marks(caught.value) == "permanent"
    assert await x.find(a_post("A word with you.", to=to)) is None
    assert sim.calls("/2/dm") == []


async def test_where_they_are_switched_off_nothing_is_sent(sim: Simulator, listener: Listener) -> None:
    x = adapter(sim, listener, direct=False)
    await x.open()
    with pytest.raises(PlatformError, match="switched off") as caught:
        await x.send(a_post("Q3 now.", to="2001"))
    assert marks(caught.value) == "permanent"
    await x.close()


@pytest.mark.parametrize(
    ("fault", "there"), [({"kind": "lost"}, 1), ({"kind": "refused"}, 0), (HTML_503, 0)], ids=["lost", "broken", "page"]
)
async def test_an_answer_of_which_nothing_came_back_is_looked_for(
    x: X, sim: Simulator, fault: dict[str, Any], there: int
) -> None:
    who = sim.tell("direct", by="pretend_host", text="link")["user_id"]
    sim.fails("POST /2/dm_conversations", **fault)
    post = a_post("See https://example.org/tea & cake", to=who)
    with pytest.raises(PlatformError) as caught:
        await x.send(post)
    assert marks(caught.value) == "ambiguous"
    found = await x.find(post)
    assert [one["id"] for one in direct_messages(sim)][1:] == ([found.id] if found else [])
    assert len(direct_messages(sim)) == 1 + there


async def test_only_our_own_words_to_this_person_since_then_are_the_answer(x: X, sim: Simulator) -> None:
    who = sim.tell("direct", by="pretend_a", text="Q3 now.")["user_id"]
    other = sim.tell("direct", by="pretend_b", text="next")["user_id"]
    sim.tell("direct", by="OTalk_", to="pretend_a", text="Q3 now.", at=-7200)
    await x.send(a_post("Q3 now.", to=other))
    assert await x.find(a_post("Q3 now.", to=who)) is None
    sent = await x.send(a_post("Q3 now.", to=who))
    assert await x.find(a_post("Q3 now.", to=who)) == sent


async def test_a_receipt_that_makes_no_sense_is_ambiguous() -> None:
    async with parrot("/messages", status=201, body='{"data": {"dm_event_id": 7}}') as (host, _):
        account = flat(XSettings, api_url=f"http://{host}", direct=True, **SECRETS)
        x = X(context("x", Clock(), Listener()), account)
        await x.open()
        with pytest.raises(PlatformError) as caught:
            await x.send(a_post("Q3 now.", to="77"))
        await x.close()
    assert marks(caught.value) == "ambiguous"
