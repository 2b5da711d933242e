"""What steering a chat needs of X: commands by mention, hiding, handles, and what is asked of the account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.x.platform import X
from adapters.x.settings import XSettings, traits_of
from bot.authoring.cost_estimate import estimate
from bot.errors import PlatformError
from bot.messages import AnyEvent, Author, Edited, Message, PlatformAction
from bot.settings.settings import Settings
from bot.wiring.adapters import traits
from tests.adapters.x.test_x import (
    CHAT,
    SECRETS,
    Clock,
    Listener,
    a_post,
    a_reading,
    marks,
    repeating,
    said,
    texts,
)
from tests.fakes.flat import flat
from tests.fakes.ports import context
from tests.sims.simulator import Simulator, simulator
from tests.sims.x_faults import HTML_503

TOKEN: dict[str, Any] = {**dict.fromkeys(SECRETS, ""), "user_token": "user-token"}


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


def adapter(sim: Simulator, listener: Listener, **changes: Any) -> X:  # noqa: ANN401 -- settings of Account
    plain = {"handle": "@OTalk_", "api_url": sim.address, "direct": True, "timeout": 2.0, **SECRETS}
    return X(context("x", Clock(), listener), flat(XSettings, **(plain | changes)))


async def mentions(x: X) -> list[AnyEvent]:
    return list((await x.read(a_reading("mentions"))).events)


def hidden(sim: Simulator) -> list[str]:
    """The posts that are hidden."""
    return [one["id"] for one in sim.ask("truth")["posts"] if one["hidden"]]


# What X can do ----------------------------------------------------------------------------------------------------


def test_the_traits_say_what_can_be_done_and_what_never_can() -> None:
    plain = traits_of(XSettings())
    assert (plain.features.nameless, plain.features.private, plain.features.edits) == (True, False, False)
    assert plain.features.actions == {"hide", "show"}
    assert traits_of(flat(XSettings, hide=False)).features.actions == frozenset()
    assert [one.name for one in plain.sources] == ["mentions", "search", "quotes"]
    assert [one.name for one in traits_of(flat(XSettings, quotes=False)).sources] == ["mentions", "search"]


def test_direct_messages_are_a_source_where_they_are_wanted_and_nobody_is_written_to_unasked() -> None:
    found = traits_of(flat(XSettings, direct=True))
    source = found.sources[-1]
    assert (source.name, source.micros, source.by_chat, found.features.private) == ("messages", 10_000, False, False)
    assert (source.private, estimate(found, [])) == (True, estimate(traits_of(XSettings()), []))
    assert source.every is not None
    assert 15 * 60 / source.every < 15, "X allows fifteen readings in fifteen minutes"


def test_the_settings_reach_the_account() -> None:
    place = {"platform": "x", "direct": True, "hide": False, "quotes": False}
    found = traits(Settings.model_validate({"places": {"x": place, "plain": {"platform": "x"}}}))
    assert ([one.name for one in found["x"].sources][2:], found["x"].features.actions) == (["messages"], frozenset())
    assert len(found["plain"].sources) == 3
    assert found["plain"].features.actions == {"hide", "show"}


# Handles ----------------------------------------------------------------------------------------------------------


async def test_handles_are_sought_and_charged_to_the_chat(x: X, sim: Simulator, listener: Listener) -> None:
    who = sim.tell("say", by="pretend_a", text="hello", name="Pretend participant A")["user_id"]
    odd = ["@Pretend_A", "pretend_a", "@nobody_here", "@two words", "@ümlaut", "@" + "x" * 16, "", "@", "a,b", "../me"]
    assert await x.find_handles(odd, CHAT) == (Author(id=who, handle="@pretend_a", name="Pretend participant A"),)
    assert listener.bill() == [("user read", 10_000)]
    assert [one.chat for one in listener.charges] == [CHAT]
    assert sim.calls("/2/users/by") == ["GET /2/users/by"]


async def test_nothing_is_asked_where_there_is_no_handle(x: X, sim: Simulator) -> None:
    assert await x.find_handles([], CHAT) == ()
    assert await x.find_handles(["@!", "@two words"], CHAT) == ()
    assert sim.calls("/2/users/by") == []


async def test_no_more_handles_are_sought_than_x_takes(x: X) -> None:
    assert await x.find_handles([f"@pretend_{number}" for number in range(150)], CHAT) == ()


async def test_a_page_instead_of_names_is_one_kind_of_error(x: X, sim: Simulator) -> None:
    sim.fails("GET /2/users/by", **HTML_503)
    with pytest.raises(PlatformError) as caught:
        await x.find_handles(["@pretend_a"], CHAT)
    assert marks(caught.value) == "again"


# Commands by mention ----------------------------------------------------------------------------------------------


async def test_a_mention_is_a_message_that_calls_the_bot(x: X, sim: Simulator) -> None:
    sim.tell("say", by="pretend_host", text="@OTalk_ next")
    (heard,) = await mentions(x)
    assert isinstance(heard, Message)
    assert (heard.text, heard.mentions_bot, heard.changed) == ("@OTalk_ next", True, False)


async def test_what_is_known_only_as_it_was_changed_says_so(x: X, sim: Simulator) -> None:
    first = sim.tell("say", by="pretend_host", text="@OTalk_ hello")
    sim.tell("edit", id=first["id"], text="@OTalk_ cancel")
    message, edit = await mentions(x)
    assert isinstance(message, Message)
    assert (message.id, message.text, message.changed) == (first["id"], "@OTalk_ cancel", True)
    assert isinstance(edit, Edited)


async def test_what_was_heard_before_it_was_changed_is_not_changed(x: X, sim: Simulator) -> None:
    first = sim.tell("say", by="pretend_host", text="@OTalk_ next")
    (before,) = await mentions(x)
    sim.tell("edit", id=first["id"], text="@OTalk_ cancel")
    again, _ = await mentions(x)
    assert isinstance(before, Message)
    assert isinstance(again, Message)
    assert (before.changed, again.changed, before.id) == (False, True, again.id)


async def test_a_quotation_keeps_only_its_own_words(x: X, sim: Simulator) -> None:
    other = sim.tell("say", by="pretend_a", text="cancel the chat")
    sim.tell("say", by="pretend_b", text="@OTalk_ what do you think?", quote_of=other["id"])
    assert texts(await mentions(x)) == ["@OTalk_ what do you think?"]


# Hiding -----------------------------------------------------------------------------------------------------------


def action(kind: Any, message: str | None, **more: Any) -> Any:  # noqa: ANN401 -- a Deed; a Post
    return a_post("", kind="measure", action=PlatformAction(kind=kind, message=message, **more))


async def test_a_reply_to_us_is_hidden_and_shown_again_and_twice_is_harmless(
    x: X, sim: Simulator, listener: Listener
) -> None:
    asked = await x.send(a_post())
    reply = sim.tell("say", by="pretend_a", text="A1 spam", reply_to=asked.id)["id"]
    listener.charges.clear()
    for _ in range(2):
        receipt = await x.send(action("hide", reply))
        assert (receipt.id, hidden(sim)) == (reply, [reply])
    for _ in range(2):
        await x.send(action("show", reply))
        assert hidden(sim) == []
    assert set(listener.bill()) == {("content managed", 5_000)}
    assert {one.chat for one in listener.charges} == {CHAT}
    assert await x.find(action("hide", reply)) is None


async def test_what_is_hidden_stays_hidden_when_its_author_changes_it(x: X, sim: Simulator) -> None:
    asked = await x.send(a_post())
    reply = sim.tell("say", by="pretend_a", text="A1 spam", reply_to=asked.id)["id"]
    await x.send(action("hide", reply))
    newest = sim.tell("edit", id=reply, text="A1 more spam")["id"]
    assert hidden(sim) == [newest]
    await x.send(action("show", reply))
    assert hidden(sim) == []


async def test_what_is_said_elsewhere_cannot_be_hidden(x: X, sim: Simulator, listener: Listener) -> None:
    listener.charges.clear()
    elsewhere = sim.tell("say", by="pretend_a", text="@OTalk_ spam")["id"]
    with pytest.raises(PlatformError, match="in its own conversations only") as caught:
        await x.send(action("hide", elsewhere))
    assert marks(caught.value) == "permanent"
    assert (hidden(sim), listener.bill()) == ([], [])


async def test_what_is_gone_cannot_be_hidden(x: X, sim: Simulator) -> None:
    asked = await x.send(a_post())
    reply = sim.tell("say", by="pretend_a", text="A1 spam", reply_to=asked.id)["id"]
    sim.tell("delete", id=reply)
    with pytest.raises(PlatformError, match="gone from X") as caught:
        await x.send(action("hide", reply))
    assert marks(caught.value) == "permanent"


@pytest.mark.parametrize(
    ("kind", "message"),
    [("delete", "5"), ("timeout", None), ("release", None), ("hide", None), ("hide", "not an id"), ("hide", "1/../2")],
)
async def test_what_x_cannot_do_is_refused_before_it_is_asked(
    x: X, sim: Simulator, kind: str, message: str | None
) -> None:
    with pytest.raises(PlatformError, match="cannot do this") as caught:
        await x.send(action(kind, message, person="77"))
    assert marks(caught.value) == "permanent"
    assert sim.calls("/hidden") == []


@pytest.mark.parametrize(
    "fault", [{"kind": "lost", "times": 2}, {"kind": "refused", "times": 2}, HTML_503], ids=["lost", "broken", "a page"]
)
async def test_an_action_is_never_ambiguous_because_it_may_be_taken_again(
    x: X, sim: Simulator, fault: dict[str, Any]
) -> None:
    asked = await x.send(a_post())
    reply = sim.tell("say", by="pretend_a", text="A1 spam", reply_to=asked.id)["id"]
    sim.fails("PUT /2/tweets", **fault)  # twice: aiohttp sends a PUT again by itself where the connection broke
    with pytest.raises(PlatformError) as caught:
        await x.send(action("hide", reply))
    assert marks(caught.value) == "again"
    await x.send(action("hide", reply))
    assert hidden(sim) == [reply]


@pytest.mark.parametrize("body", ["{}", '{"data": {"hidden": false}}', '{"data": {"hidden": "yes"}}'])
async def test_an_answer_that_does_not_say_it_was_done_is_asked_again(body: str) -> None:
    async with repeating("/hidden", body=body) as (x, _):
        with pytest.raises(PlatformError, match="does not say") as caught:
            await x.send(action("hide", "5"))
    assert marks(caught.value) == "again"


async def test_keys_that_may_only_read_are_told_from_a_reply_that_is_not_ours(x: X, sim: Simulator) -> None:
    sim.tell("account", by="OTalk_", read_only=True)
    with pytest.raises(PlatformError, match="Read and write") as caught:
        await x.send(action("hide", "5"))
    assert marks(caught.value) == "lost"


# Words of our own -------------------------------------------------------------------------------------------------


async def test_no_post_is_changed(x: X, sim: Simulator) -> None:
    asked = await x.send(a_post())
    with pytest.raises(PlatformError, match="no program change") as caught:
        await x.send(a_post("Q1. Better?", edits=asked.id))
    assert marks(caught.value) == "permanent"
    assert await x.find(a_post("Q1. Better?", edits=asked.id)) is None
    assert [one["text"] for one in sim.ask("truth")["posts"]] == ["Q1. Why? #OTalk"]


async def test_two_people_get_their_receipts_in_words_that_differ(x: X, sim: Simulator) -> None:
    ids = [sim.tell("say", by=name, text="@OTalk_ next")["id"] for name in ("pretend_a", "pretend_b")]
    sent = [await x.send(a_post(f"Q3 now. {id[-6:]}", kind="receipt", reply_to=id)) for id in ids]
    assert [await x.find(a_post(f"Q3 now. {id[-6:]}", kind="receipt", reply_to=id)) for id in ids] == sent
    with pytest.raises(PlatformError, match="only once") as caught:
        await x.send(a_post(f"Q3 now. {ids[0][-6:]}", kind="receipt", reply_to=ids[1]))
    assert marks(caught.value) == "permanent"


# The examination --------------------------------------------------------------------------------------------------


async def test_an_examination_looks_at_direct_messages_where_they_are_wanted(
    sim: Simulator, listener: Listener
) -> None:
    assert "Direct messages can be read." in said(await adapter(sim, listener).diagnose(), "ok")
    sim.tell("account", by="OTalk_", direct=False)
    doubts = said(await adapter(sim, listener).diagnose(), "doubt")
    assert "Direct messages cannot be read." in doubts
    assert "'Read and write and Direct message'" in doubts
    assert "irect message" not in said(await adapter(sim, listener, direct=False).diagnose(), "doubt")


async def test_a_token_is_told_the_scopes_it_needs(sim: Simulator, listener: Listener) -> None:
    wanted = said(await adapter(sim, listener, **TOKEN).diagnose(), "doubt")
    for scope in ("tweet.moderate.write", "dm.read", "dm.write", "media.write"):
        assert scope in wanted
    fewer = said(await adapter(sim, listener, **TOKEN, hide=False, direct=False).diagnose(), "doubt")
    assert "moderate" not in fewer
    assert "dm." not in fewer


def test_the_hour_of_a_chat_stays_within_what_x_allows() -> None:
    mentions, _, quotes, messages = traits_of(flat(XSettings, direct=True)).sources
    window = timedelta(minutes=15).total_seconds()
    assert window / (mentions.every or 1) <= 300
    assert window / (messages.every or 1) <= 15
    assert window / (quotes.every or 1) * 12 <= 75, "each of the newest twelve posts takes a call"
