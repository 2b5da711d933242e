"""Copies of a proxy such as PluralKit on the pretend Discord: heard as the words of whom they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from adapters.discord.proxies import _MOST, Proxies
from bot.messages import Deleted, Edited, Message
from tests.adapters.discord.workbench import A, B, Core, Opened, post, until
from tests.fakes.clock import HandClock
from tests.sims.simulator import Simulator

LUNA = "Luna of pretend A"


async def settled(sim: Simulator, core: Core) -> None:
    """Wait until all that came before has been heard."""
    sim.tell("say", by=B, text="<@1000> the end")
    await until(lambda: "<@1000> the end" in core.texts)


@pytest.mark.parametrize("copy_first", [True, False])
async def test_a_copy_is_heard_as_the_successor_of_what_was_deleted(
    all_words: Simulator, opened: Opened, core: Core, *, copy_first: bool
) -> None:
    made = await opened(all_words, message_content=True)
    question = (await made.send(post())).id
    original = all_words.tell("say", by=A, text="L: A1 we use Teams", reply_to=question)["id"]
    if not copy_first:
        all_words.tell("delete", id=original)
    copy = all_words.tell("webhook", by=LUNA, text="A1 we use Teams")["id"]
    if copy_first:
        all_words.tell("delete", id=original)
    await until(lambda: len(core.heard(Message)) == 2)
    first, second = core.heard(Message)
    assert (second.id, second.text, second.author.id) == (copy, "A1 we use Teams", first.author.id)
    assert (second.author.shown, second.reply_to, second.changed) == (LUNA, question, True)
    assert [type(one) for one in core.events] == [Message, Deleted, Message]
    assert core.heard(Deleted)[0].id == original


async def test_a_successor_is_edited_and_deleted_like_any_message(
    all_words: Simulator, opened: Opened, core: Core
) -> None:
    await opened(all_words, message_content=True)
    original = all_words.tell("say", by=A, text="A1 we use Teams")["id"]
    copy = all_words.tell("webhook", by=LUNA, text="A1 we use Teams")["id"]
    all_words.tell("delete", id=original)
    await until(lambda: len(core.heard(Message)) == 2)
    all_words.tell("edit", id=copy, text="A1 we use Zoom")
    await until(lambda: core.heard(Edited))
    all_words.tell("delete", id=copy)
    await until(lambda: len(core.heard(Deleted)) == 2)
    assert [(one.id, one.text) for one in core.heard(Edited)] == [(copy, "A1 we use Zoom")]
    assert core.heard(Deleted)[1].id == copy


async def test_other_webhooks_stay_unheard(all_words: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(all_words, message_content=True)
    clock: Any = made._clock
    original = all_words.tell("say", by=A, text="A1 we use Teams")["id"]
    all_words.tell("webhook", by="Pretend news", text="Something new on our site")
    all_words.tell("delete", id=original)
    all_words.tell("webhook", by="Pretend log", text="Deleted: A1 we use Teams")
    all_words.tell("webhook", by="Pretend log", text="we use Teams", channel=601)
    await settled(all_words, core)
    clock.move(seconds=11)
    all_words.tell("webhook", by=LUNA, text="A1 we use Teams")  # too late
    all_words.tell("say", by=B, text="<@1000> and now")
    await until(lambda: "<@1000> and now" in core.texts)
    assert core.texts == ["A1 we use Teams", "<@1000> the end", "<@1000> and now"]


async def test_of_an_original_there_is_one_copy(all_words: Simulator, opened: Opened, core: Core) -> None:
    await opened(all_words, message_content=True)
    original = all_words.tell("say", by=A, text="A1 we use Teams")["id"]
    for _ in range(2):
        all_words.tell("webhook", by=LUNA, text="A1 we use Teams")
    all_words.tell("delete", id=original)
    all_words.tell("webhook", by=LUNA, text="A1 we use Teams")
    await settled(all_words, core)
    assert core.texts.count("A1 we use Teams") == 2


async def test_without_the_intent_only_a_copy_that_mentions_the_bot_is_known(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    await opened(sim)
    for text in ("<@1000> A1 we use Teams", "A1 we use Zoom"):
        original = sim.tell("say", by=A, text=f"L: {text}")["id"]
        sim.tell("webhook", by=LUNA, text=text)
        sim.tell("delete", id=original)
    await settled(sim, core)
    assert core.texts == ["L: <@1000> A1 we use Teams", "<@1000> A1 we use Teams", "<@1000> the end"]


@pytest.mark.parametrize("channel", ["600", "601"])
def test_a_copy_is_in_the_channel_or_thread_of_its_original(channel: str) -> None:
    proxies, now = Proxies(), HandClock().now()
    whole = {"id": "1", "channel_id": "600", "content": "L: words", "author": {"id": "77"}}
    copy = {"id": "2", "channel_id": channel, "content": "words", "webhook_id": "5", "author": {"username": LUNA}}
    events = [
        heard.again
        for kind, payload in (("MESSAGE_CREATE", whole), ("MESSAGE_CREATE", copy), ("MESSAGE_DELETE", whole))
        for heard in proxies.read(kind, payload, now)
    ]
    assert events == [False, False, *([True] if channel == "600" else [])]


def test_little_is_remembered() -> None:
    proxies, now = Proxies(), HandClock().now()
    for n in range(3 * _MOST):
        whole = {"id": f"{n}", "channel_id": "600", "content": f"L: words {n}", "author": {"id": "77"}}
        copy = {"id": f"c{n}", "channel_id": "600", "content": f"other words {n}", "webhook_id": "5"}
        for kind, payload in (("MESSAGE_CREATE", whole), ("MESSAGE_CREATE", copy), ("MESSAGE_DELETE", whole)):
            list(proxies.read(kind, payload, now))
    assert [len(one) for one in (proxies._said, proxies._copies, proxies._deleted)] == [0, _MOST, _MOST]
    list(proxies.read("MESSAGE_REACTION_ADD", {}, now + timedelta(seconds=11)))
    assert not proxies._copies
    assert not proxies._deleted


@pytest.mark.parametrize("odd", [{}, {"id": None}, {"id": 5, "ids": 7}, {"webhook_id": "5", "author": "x"}])
def test_odd_payloads_disturb_nothing(odd: dict[str, Any]) -> None:
    proxies, now = Proxies(), HandClock().now()
    for kind in ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "MESSAGE_REACTION_ADD"):
        assert all(one.kind == kind for one in proxies.read(kind, odd, now))
