"""Connecting to the pretend Discord, and what ends a connection."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.errors import PlatformError
from bot.messages import (
    Receipt,
)
from tests.adapters.discord.workbench import A, Core, Opened, adapter, post, reading, until
from tests.sims.simulator import Simulator, simulator


async def test_opening_is_heard_at_once_and_asks_for_no_more_than_it_needs(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    await opened(sim)
    assert core.calls == ["up"]
    assert sim.ask("sessions") == {"open": 1, "identified": [1 << 0 | 1 << 9 | 1 << 10 | 1 << 12]}


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"token": "wrong"}, "Reset Token"),
        ({"channel": 999}, "`channel` in the settings"),
        ({"guild": 999}, "`guild` and `channel`"),
    ],
)
async def test_a_problem_that_needs_a_person_is_reported_at_once(
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


async def test_posting_begins_while_no_websocket_gets_through(sim: Simulator, opened: Opened, core: Core) -> None:
    sim.tell("gateway", do="block")
    made = await opened(sim)
    assert core.calls == ["down"]
    assert ("WebSocket" in str(core.downs[0]), core.downs[0].lost) == (True, False)
    first = await made.send(post())
    assert await made.find(post()) == first
    assert (await made.read(reading())).events == ()
    sim.tell("gateway", do="unblock")
    await until(lambda: core.calls[-1] == "up")
    sim.tell("say", by=A, text="<@1000> at last")
    await until(lambda: core.texts == ["<@1000> at last"])


async def test_a_gateway_that_only_hangs_does_not_keep_posts_back(
    sim: Simulator, opened: Opened, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.hearing._PATIENCE", 0.5)
    sim.fails("GET /gateway$", "slow", seconds=3600, times=9)
    made = await opened(sim)
    assert core.calls == ["down"]
    assert (await made.send(post())).id


# What the bot may do ---------------------------------------------------------------------------------------------


async def test_what_is_taken_away_is_told_before_the_next_post_and_what_is_given_back_too(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    await opened(sim)
    sim.tell("deny", permissions=["SEND_MESSAGES"])
    await until(lambda: core.looks)
    assert core.looks[0]
    assert (core.looks[0].lost, "Send Messages" in str(core.looks[0])) == (True, True)
    sim.tell("deny", permissions=[])
    await until(lambda: core.looks[-1] is None)
    sim.tell("deny", permissions=["VIEW_CHANNEL"])
    await until(lambda: core.looks[-1] and "View Channel" in str(core.looks[-1]))
    assert core.calls == ["up", "up"], "what was out of sight is read when it may be seen again"


async def test_a_lesser_permission_that_is_taken_away_is_told_until_it_is_given_back(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    sim.tell("deny", permissions=["PIN_MESSAGES"])
    await opened(sim)
    sim.tell("deny", permissions=["PIN_MESSAGES", "ATTACH_FILES"])
    await until(lambda: core.concerns)
    ((what, text, chat),) = core.concerns
    assert (what, "“Attach Files”" in text, chat) == ("permission-attach_files", True, None)
    sim.tell("deny", permissions=["PIN_MESSAGES", "ATTACH_FILES", "VIEW_CHANNEL"])
    await until(lambda: core.looks[-1])
    sim.tell("deny", permissions=[])
    await until(lambda: core.settled_concerns)
    assert core.settled_concerns == ["permission-attach_files", "permission-pin_messages"]
    assert len(core.concerns) == 1


async def test_the_bot_notices_that_it_was_silenced_itself(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    sim.tell("person", by="Convenor", until="2999-01-01T00:00:00+00:00")
    await until(lambda: core.looks and core.looks[-1] and core.looks[-1].lost)
    sim.tell("person", by="Convenor", until=None)
    await until(lambda: core.looks[-1] is None)


@pytest.mark.parametrize("missing", ["VIEW_CHANNEL", "SEND_MESSAGES"])
async def test_a_place_that_could_not_open_notices_that_it_may(core: Core, missing: str) -> None:
    with simulator("discord", denied=[missing]) as sim:
        made = adapter(sim, core)
        with pytest.raises(PlatformError) as error:
            await made.open()
        assert (error.value.lost, core.calls) == (True, [])
        await until(lambda: sim.ask("sessions")["open"] == 1)
        sim.tell("deny", permissions=[])
        await until(lambda: core.looks)
        assert core.looks[-1] is None
        await made.open()
        assert core.calls == ["up"]
        assert (await made.send(post())).id
        await made.close()


async def test_changes_of_others_are_no_reason_to_look(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    looks = len(sim.calls("/guilds/500/members/1000"))
    sim.tell("person", by=A, roles=[])
    sim.tell("make_channel", name="lobby")
    sim.tell("say", by=A, text="<@1000> by now all has been told")
    await until(lambda: core.texts)
    assert len(sim.calls("/guilds/500/members/1000")) == looks
    assert core.looks == []


async def test_a_session_that_is_over_begins_anew(
    sim: Simulator, opened: Opened, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.client.DiscordClient.before_identify_hook", _at_once)
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
        keeping = made._account.gateway._connection._keeping
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
