"""What an examination finds on the pretend Discord."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.errors import PlatformError
from bot.ports.platform import Diagnosis
from tests.adapters.discord.workbench import A, Core, adapter
from tests.sims.simulator import Simulator


def wrong(findings: tuple[Diagnosis, ...]) -> dict[str, str]:
    """What is not in order, by the permission or the word it speaks of."""
    return {one.text: one.level for one in findings if one.level != "ok"}


async def test_all_is_well_without_opening(sim: Simulator, core: Core) -> None:
    findings = await adapter(sim, core, threads="question").diagnose()
    assert wrong(findings) == {}
    assert any("#talk in Pretend guild" in one.text for one in findings)
    assert sim.ask("sessions")["identified"] == []


async def test_it_says_which_messages_are_heard(sim: Simulator, all_words: Simulator, core: Core) -> None:
    (only,) = [one for one in await adapter(sim, core).diagnose() if "Discord hides words" in one.text]
    assert only.level == "ok"
    assert "replies to its posts with the ping on" in only.text
    findings = await adapter(all_words, core, message_content=True).diagnose()
    assert any("every message in the channel" in one.text for one in findings)
    assert not any("Discord hides words" in one.text for one in findings)


async def test_what_is_missing_is_found_with_its_remedy(sim: Simulator, core: Core) -> None:
    lacking = ["SEND_MESSAGES", "READ_MESSAGE_HISTORY", "ATTACH_FILES", "PIN_MESSAGES", "CREATE_EVENTS"]
    sim.tell("deny", permissions=[*lacking, "CREATE_PUBLIC_THREADS"])
    findings = await adapter(sim, core, message_content=True).diagnose()
    levels = [one.level for one in findings if one.remedy]
    assert levels == ["wrong", "wrong", "doubt", "doubt", "doubt", "doubt"]  # who cannot send cannot embed links either
    assert all("Give the bot's role" in one.remedy for one in findings if one.remedy)
    assert any("Message Content" in text for text in wrong(findings))
    threads = await adapter(sim, core, threads="chat", pin=False, calendar=False).diagnose()
    assert any("Create Public Threads" in one.remedy for one in threads)
    assert not any("Pin Messages" in one.remedy or "Create Events" in one.remedy for one in threads)


async def test_an_examination_never_raises(sim: Simulator, core: Core) -> None:
    (token,) = wrong(await adapter(sim, core, token="wrong").diagnose())
    assert "Reset Token" in token
    assert wrong(await adapter(sim, core, channel=999).diagnose())
    assert wrong(await adapter(sim, core, guild=999).diagnose())
    assert list(wrong(await adapter(sim, core, api_url="http://127.0.0.1:9/api/v10").diagnose()).values()) == ["doubt"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"token": ""}, "There is no Discord token."),
        ({"guild": 0, "channel": 0}, "`guild` and `channel`: not set."),
        ({"channel": 0}, "`channel`: not set."),
    ],
)
async def test_a_setting_that_is_not_there_is_said_as_such_and_nobody_is_asked(
    sim: Simulator, core: Core, settings: dict[str, Any], said: str
) -> None:
    asked = len(sim.calls())
    made = adapter(sim, core, **settings)
    (found,) = await made.diagnose()
    assert (found.level, said in found.text) == ("wrong", True)
    with pytest.raises(PlatformError, match=re.escape(said)) as error:
        await made.open()
    assert error.value.lost
    assert len(sim.calls()) == asked


async def test_a_gateway_that_no_websocket_reaches_is_found(sim: Simulator, core: Core) -> None:
    made = adapter(sim, core)
    assert "Discord's gateway can be reached." in [one.text for one in await made.diagnose() if one.level == "ok"]
    sim.tell("gateway", do="block")
    (found,) = [one for one in await made.diagnose() if one.level != "ok"]
    assert (found.level, "gateway" in found.text, "WebSocket" in found.remedy) == ("wrong", True, True)
    assert sim.ask("sessions")["identified"] == []


async def test_a_clock_that_is_wrong_is_found(sim: Simulator, core: Core) -> None:
    made = adapter(sim, core)
    made._clock.move(seconds=300)  # type: ignore[attr-defined]
    assert any("clock" in text for text in wrong(await made.diagnose()))


async def test_deleting_and_silencing_need_their_permissions(sim: Simulator, core: Core) -> None:
    asked: dict[str, Any] = {"delete": True, "timeouts": True}
    assert wrong(await adapter(sim, core, **asked).diagnose()) == {}
    sim.tell("deny", permissions=["MANAGE_MESSAGES", "MODERATE_MEMBERS"])
    assert wrong(await adapter(sim, core).diagnose()) == {}
    findings = [one for one in await adapter(sim, core, **asked).diagnose() if one.level == "doubt"]
    assert [("`delete`" in one.text, "Manage Messages" in one.remedy) for one in findings[:1]] == [(True, True)]
    assert [("`timeouts`" in one.text, "Moderate Members" in one.remedy) for one in findings[1:]] == [(True, True)]


async def test_roles_that_nobody_can_have_are_found(sim: Simulator, core: Core) -> None:
    (host,) = (int(id) for id in sim.tell("person", by=A, roles=["Pretend host"])["roles"])
    findings = await adapter(sim, core, hosts=(host,), moderators=(123,), admins=(500,)).diagnose()
    assert [(one.level, one.text.split(" is ")[0]) for one in findings if one.remedy] == [
        ("doubt", "The role 123 in `moderators`"),
        ("doubt", "The role 500 in `admins`"),
    ]
    assert all("Copy Role ID" in one.remedy for one in findings if one.remedy)
