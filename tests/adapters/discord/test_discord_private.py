"""What people and the bot say to each other in private on the pretend Discord."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from adapters.discord.platform import Discord
from bot.errors import PlatformError
from bot.messages import Message
from tests.adapters.discord.workbench import A, B, Core, Opened, post, truth, until
from tests.sims.simulator import Simulator


def write(sim: Simulator, text: str, by: str = A, **more: Any) -> str:  # noqa: ANN401 -- as in the simulator
    """Write to the bot in private; the message's id."""
    id: str = sim.tell("say", by=by, text=text, channel="dm", **more)["id"]
    return id


def direct_messages(sim: Simulator) -> list[tuple[str, str]]:
    """What the bot said in private, and to whom."""
    return [(one["to"], one["content"]) for one in truth(sim) if one["bot"] and one["to"]]


async def test_what_is_written_in_private_is_a_command_and_answered_there(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    (role,) = sim.tell("person", by=A, roles=["Pretend host"])["roles"]
    await opened(sim, hosts=(int(role),))
    id = write(sim, "next <@1000>")
    await until(lambda: direct_messages(sim))
    assert direct_messages(sim) == [(A, "Answer to next <@1000>.")]
    (told,) = core.commands
    assert (told.id, told.author.name, told.chat, told.role) == (id, A, None, "participant")
    assert core.heard(Message) == []
    assert truth(sim)[-1]["allowed_mentions"]["parse"] == []


async def test_in_private_it_is_asked_once_more_in_words(sim: Simulator, opened: Opened, core: Core) -> None:
    core.confirms = {"end": "end yes"}
    await opened(sim)
    write(sim, "end")
    await until(lambda: direct_messages(sim))
    assert direct_messages(sim) == [(A, "Answer to end.\nReply `end yes` to do it.")]


async def test_a_bot_and_what_is_only_passed_on_get_no_answer(sim: Simulator, opened: Opened, core: Core) -> None:
    made = await opened(sim)
    passed_on = sim.tell("say", by=B, text="next")["id"]
    sim.tell("person", by="Pretend robot", bot=True)
    write(sim, "next", by="Pretend robot")
    write(sim, "", forwards=passed_on)
    gateway = made._account.gateway
    gateway.on_event(gateway._client, "MESSAGE_CREATE", {"id": "5"})
    write(sim, "status")
    await until(lambda: direct_messages(sim))
    assert core.said == ["status"]


async def test_a_message_that_is_told_twice_is_answered_once(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    again = await opened(sim)
    assert again
    write(sim, "status")
    await until(lambda: len(core.commands) == 2 and len(sim.calls("/messages")) == 2)
    await until(lambda: direct_messages(sim) == [(A, "Answer to status.")])


async def test_a_flood_is_answered_a_few_at_a_time_and_has_an_end(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    core.open.clear()
    with structlog.testing.capture_logs() as log:
        for n in range(70):
            write(sim, f"status {n}")
        await until(lambda: len(log) == 6)
        assert {one["event"] for one in log} == {"answers.flood"}
        assert len(core.commands) == 4
        core.open.set()
        await until(lambda: len(core.commands) == 64)
    await until(lambda: len(direct_messages(sim)) == 64)


@pytest.mark.parametrize("failing", [False, True])
async def test_a_desk_that_is_slow_or_fails_gets_a_kind_line(
    sim: Simulator, opened: Opened, core: Core, monkeypatch: pytest.MonkeyPatch, *, failing: bool
) -> None:
    monkeypatch.setattr("adapters.kit.answers.PATIENCE", 0.05)
    core.failing = failing
    if not failing:
        core.open.clear()
    await opened(sim)
    write(sim, "next")
    await until(lambda: direct_messages(sim))
    assert "try again in a minute" in direct_messages(sim)[0][1]


async def test_a_person_who_takes_no_answer_stops_nothing(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    sim.tell("person", by=A, shut=True)
    write(sim, "status")
    write(sim, "help", by=B)
    await until(lambda: direct_messages(sim) == [(B, "Answer to help.")])
    assert sorted(core.said) == ["help", "status"]
    assert core.calls == ["up"]


# What the bot says of itself ------------------------------------------------------------------------------------


def person(sim: Simulator, name: str = A, **more: Any) -> str:  # noqa: ANN401 -- as in the simulator
    id: str = sim.tell("person", by=name, **more)["id"]
    return id


async def refused(made: Discord, to: str) -> PlatformError:
    """The refusal of a direct message."""
    with pytest.raises(PlatformError) as error:
        await made.send(post("flag", "A word.", kind="word", to=to))
    return error.value


async def test_a_direct_message_is_for_one_person_and_there_once(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    word = post("flag", "A word, <@1000>.", kind="word", to=person(sim), reply_to="5")
    assert await made.find(word) is None
    first, again = await made.send(word), await made.send(word)
    assert first == again == await made.find(word)
    assert direct_messages(sim) == [(A, "A word, <@1000>.")]
    assert first.url is None
    assert abs(first.at - datetime.now(UTC)) < timedelta(seconds=30)
    assert truth(sim)[0]["mentions"] == []
    assert await made.find(post("flag", "Another", kind="word", to=person(sim, B))) is None


async def test_a_direct_message_whose_answer_was_lost_is_found(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.fails("POST .*/messages$", "lost")
    assert (await refused(made, person(sim))).ambiguous
    found = await made.find(post("flag", "A word.", kind="word", to=person(sim)))
    assert found
    assert found.id == truth(sim)[0]["id"]


async def test_a_person_who_takes_no_direct_messages_ends_the_message_and_not_the_place(
    sim: Simulator, opened: Opened
) -> None:
    made = await opened(sim)
    for to in (person(sim, shut=True), "123", "nobody"):
        refusal = await refused(made, to)
        assert refusal.permanent
        assert not refusal.lost
    assert "takes no private messages" in str(await refused(made, person(sim)))
    assert (await made.send(post())).id


@pytest.mark.parametrize("code", [10003, 50001, 50013, 50008])
async def test_an_error_that_would_lose_the_channel_only_ends_the_message(
    sim: Simulator, opened: Opened, code: int
) -> None:
    made = await opened(sim)
    body = f'{{"code": {code}, "message": "No"}}'
    sim.fails("POST .*/messages$", "status", status=403, body=body)
    refusal = await refused(made, person(sim))
    assert (refusal.permanent, refusal.lost) == (True, False)


async def test_an_invalid_token_is_invalid_for_direct_messages_too(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    sim.fails("POST .*/channels$", "status", status=401, body="{}")
    assert (await refused(made, person(sim))).lost
