"""Commands on the pretend Discord: registered on our server only, and answered so that only the person sees it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
import structlog

from bot.commands.grammar.catalogue import COMMANDS
from bot.ports.commands import Choice
from tests.adapters.discord.workbench import A, B, Core, Opened, asked, post, registered, truth, until
from tests.sims.simulator import Simulator, simulator


async def test_commands_are_registered_on_our_server_only(sim: Simulator, opened: Opened) -> None:
    await opened(sim)
    await registered(sim)
    commands = truth(sim, "commands")
    assert {(one["name"], one["type"]) for one in commands} == {
        ("convenor", 1),
        ("chat", 1),
        ("moderate", 1),
        ("record", 1),
        ("Highlight", 3),
        ("Leave this out", 3),
        ("Leave out of transcript", 3),
        ("Hold", 3),
        ("Mute author", 3),
    }
    assert {one.get("guild_id") for one in commands} == {"500"}
    told = [sub["name"] for one in commands for sub in one["options"] if one["name"] in ("chat", "moderate")]
    assert sorted(told) == sorted(spec.slug for spec in COMMANDS)


@pytest.mark.parametrize(
    ("command", "sub", "options", "text"),
    [
        ("chat", "next", {}, "next"),
        ("chat", "start-now", {}, "start now"),
        ("chat", "extend", {"question": "q3", "length": "5m"}, "extend 5m q3"),
        ("chat", "say", {"text": "in a minute: <b>", "place": "room"}, "say in room in a minute: <b>"),
        ("chat", "say", {"text": "Hello"}, "say Hello"),
        ("chat", "at", {"clock": "20:45", "question": "q5"}, "at q5 20:45"),
        ("moderate", "mute", {"person": "<@77>", "length": "10m"}, "mute <@77> 10m"),
        ("moderate", "hold-all", {}, "hold all"),
        ("moderate", "hold", {"message": "#12"}, "hold #12"),
        ("moderate", "approve", {"number": "3"}, "approve 3"),
        ("moderate", "slow", {"length": "off"}, "slow off"),
    ],
)
async def test_what_is_filled_in_becomes_the_words_of_the_grammar(
    sim: Simulator, opened: Opened, core: Core, command: str, sub: str, options: dict[str, str], text: str
) -> None:
    await opened(sim)
    answer = await asked(sim, command=command, sub=sub, options=options)
    assert core.said == [text]
    assert (answer["content"], answer["ephemeral"], answer["kind"]) == (f"Answer to {text}.", True, 4)
    assert answer["allowed_mentions"] == {"parse": []}
    assert truth(sim) == []


async def test_the_core_is_told_who_asks_and_by_which_id(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    answer = await asked(sim, command="chat", sub="status")
    (told,) = core.commands
    assert (told.id, told.place, told.author.name, told.chat, told.role) == (
        answer["id"],
        "discord",
        A,
        None,
        "participant",
    )


async def test_roles_of_the_server_are_told_by_their_ids_and_the_highest_counts(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    names = ["Pretend moderator", "Pretend host", "Pretend admin", "moderators"]
    moderator, host, admin, _ = (int(id) for id in sim.tell("person", by=B, roles=names)["roles"])
    await opened(sim, moderators=(moderator, admin), hosts=(host,), admins=(admin,))
    rows = [[], ["moderators"], names[:1], names[:2], [names[3], names[1], names[0]], names[:3], []]
    for count, roles in enumerate(rows, 1):
        sim.tell("person", by=A, roles=roles)
        await asked(sim, count, command="chat", sub="next")
    assert [one.role for one in core.commands] == [
        "participant",
        "participant",
        "moderator",
        "host",
        "host",
        "admin",
        "participant",
    ]


def put(sim: Simulator, *commands: dict[str, Any]) -> None:
    """Register other commands in the bot's name, as an older version of it did."""
    request = urllib.request.Request(  # noqa: S310 -- our own simulator
        f"{sim.address}/api/v10/applications/1000/guilds/500/commands",
        data=json.dumps(commands).encode(),
        method="PUT",
        headers={"Authorization": "Bot bot-token", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=60).close()  # noqa: S310 -- as above


async def test_a_subcommand_that_is_not_known_any_more_is_carried_as_it_came(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    await opened(sim)
    await registered(sim)
    option = {"name": "how", "type": 3, "description": "How"}
    dance = {"name": "dance", "type": 1, "description": "Dance", "options": [option]}
    put(sim, {"name": "chat", "description": "Chat", "options": [dance]})
    answer = await asked(sim, command="chat", sub="dance", options={"how": "slowly\nnow"})
    assert core.said == ["dance slowly now"]
    assert answer["ephemeral"]


async def test_the_menu_of_a_message_names_it_or_its_author(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    await registered(sim)
    said = sim.tell("say", by=B, text="A1 my patient")["id"]
    author = next(one["id"] for one in truth(sim, "people") if one["name"] == B)
    for count, entry in enumerate(("Leave out of transcript", "Hold", "Mute author"), 1):
        answer = await asked(sim, count, menu=entry, on=said)
        assert answer["ephemeral"]
    assert core.said == [f"hide discord/{said}", f"hold discord/{said}", f"mute discord/{author}"]
    assert {one.author.name for one in core.commands} == {A}


async def test_what_comes_from_another_server_or_in_another_shape_is_not_ours(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    made = await opened(sim)
    gateway = made._account.gateway
    member = {"user": {"id": "77", "username": "a"}, "roles": []}
    call = {"id": "5", "type": 2, "token": "x", "guild_id": "501", "member": member, "data": {"name": "chat"}}
    strange: list[Any] = [call, {**call, "guild_id": None}, {**call, "guild_id": "500", "member": None}, {}, [], None]
    strange += [{**call, "guild_id": "500", "member": {}}, {**call, "guild_id": "500", "id": "x"}]
    for payload in strange:
        gateway.on_event(gateway._client, "INTERACTION_CREATE", payload)
    await asked(sim, command="chat", sub="status")
    assert core.said == ["status"]


async def test_an_odd_part_costs_no_command_but_one_in_its_fields_does(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    made = await opened(sim)
    gateway = made._account.gateway
    member = {"user": {"id": "77", "username": "a", "global_name": 7}, "roles": [None], "nick": []}
    data = {"name": "moderate", "type": 1, "options": [{"name": "mute", "type": 1, "options": []}], "resolved": 5}
    length = {"name": "length", "type": 3, "value": {"odd": 1}}
    half = data | {"options": [{"name": "mute", "type": 1, "options": [length]}]}
    for id, one in (("5", half), ("6", data)):
        call = {"id": id, "type": 2, "token": "x", "guild_id": "500", "channel_id": "600", "member": member}
        gateway.on_event(gateway._client, "INTERACTION_CREATE", call | {"data": one})
    await until(lambda: core.commands)
    assert [(one.id, one.text, one.author.id) for one in core.commands] == [("6", "mute", "77")], (
        "half of it is another"
    )


async def test_a_command_that_is_told_twice_has_the_same_id_and_disturbs_nobody(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    await opened(sim)
    await opened(sim)
    with structlog.testing.capture_logs() as log:
        await asked(sim, command="chat", sub="next")
        await until(lambda: len(sim.calls("/callback")) == 2)
        (await asked(sim, 2, command="chat", sub="status"))
    assert len({one.id for one in core.commands if one.text == "next"}) == 1
    assert log == []


@pytest.mark.parametrize(("failing", "words"), [(False, "takes longer"), (True, "went wrong")])
async def test_a_desk_that_is_slow_or_fails_gets_a_kind_line(
    sim: Simulator, opened: Opened, core: Core, monkeypatch: pytest.MonkeyPatch, *, failing: bool, words: str
) -> None:
    monkeypatch.setattr("adapters.kit.answers.PATIENCE", 0.05)
    core.failing = failing
    if not failing:
        core.open.clear()
    await opened(sim)
    answer = await asked(sim, command="chat", sub="help")
    assert words in answer["content"]
    assert "try again in a minute" in answer["content"]


async def test_an_answer_too_late_is_ignored_and_another_failure_is_told(opened: Opened, core: Core) -> None:
    with simulator("discord", answer_seconds=0) as sim, structlog.testing.capture_logs() as log:
        await opened(sim)
        await registered(sim)
        sim.tell("interact", by=A, command="chat", sub="status")
        await until(lambda: sim.calls("/callback"))
        sim.fails("/callback$", "status", status=503)
        sim.tell("interact", by=A, command="chat", sub="help")
        await until(lambda: log)
        assert [one["event"] for one in log] == ["discord.answer_failed"]
        assert "503" in log[0]["reason"]
        assert core.said == ["status", "help"]
        assert core.calls == ["up"]


async def test_a_command_that_cannot_be_registered_stops_nothing(sim: Simulator, opened: Opened) -> None:
    sim.fails("PUT .*/commands$", "status", status=403, body='{"code": 50001, "message": "Missing Access"}')
    made = await opened(sim)
    await until(lambda: sim.calls("/commands"))
    assert (await made.send(post())).id


# While a person is typing -----------------------------------------------------------------------------------------


async def choices(sim: Simulator, count: int = 1, field: str = "question", typed: str = "q") -> list[dict[str, str]]:
    answer = await asked(sim, count, command="chat", sub="skip", options={field: typed}, typing=field)
    assert answer["kind"] == 8
    found: list[dict[str, str]] = answer["data"]["choices"]
    return found


async def test_suggestions_are_the_cores_for_the_person_who_types(sim: Simulator, opened: Opened, core: Core) -> None:
    (role,) = sim.tell("person", by=A, roles=["Pretend host"])["roles"]
    await opened(sim, hosts=(int(role),))
    assert await choices(sim) == [{"name": "Q4. Why?", "value": "q4"}]
    assert core.typed == [("question", "q")]
    assert [(one.text, one.author.name, one.role) for one in core.commands] == [("", A, "host")]


async def test_suggestions_fit_what_discord_takes(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    core.choices = (
        Choice(value="x" * 101, label="too long to send"),
        Choice(value="", label="nothing"),
        Choice(value="q0", label=""),
        *(Choice(value=f"q{n}", label=f"Q{n}. " + "why " * 50) for n in range(1, 40)),
    )
    found = await choices(sim)
    assert [one["value"] for one in found] == [f"q{n}" for n in range(1, 26)]
    assert {len(one["name"]) for one in found} == {100}


@pytest.mark.parametrize("failing", [False, True])
async def test_suggestions_that_are_slow_or_fail_are_none(
    sim: Simulator, opened: Opened, core: Core, monkeypatch: pytest.MonkeyPatch, *, failing: bool
) -> None:
    monkeypatch.setattr("adapters.kit.answers.PATIENCE", 0.05)
    core.failing = failing
    if not failing:
        core.open.clear()
    await opened(sim)
    assert await choices(sim) == []
    core.open.set()
    core.failing = False
    assert len(await choices(sim, 2)) == 1
