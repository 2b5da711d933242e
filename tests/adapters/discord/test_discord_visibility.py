"""Who sees which command on the pretend Discord, how a person is chosen there, and in which language."""

from __future__ import annotations

from typing import Any

from adapters.discord import slash_commands
from bot.commands.grammar.catalogue import COMMANDS
from tests.adapters.discord.workbench import A, B, Core, Opened, adapter, asked, registered, truth
from tests.sims.simulator import Simulator

MENU = set(slash_commands.MENU_ENTRIES)
FOR_ALL = {"convenor", "record", "Leave this out"}


async def test_members_see_what_is_for_them_and_those_who_may_more(sim: Simulator, opened: Opened) -> None:
    await opened(sim)
    await registered(sim)
    sim.tell("person", by="Pretend organizer", roles=["organizers"], permissions=["MANAGE_EVENTS"])
    sim.tell("person", by="Pretend moderator", roles=["moderators"], permissions=["MANAGE_MESSAGES"])
    sim.tell("person", by="Pretend admin", roles=["admins"], permissions=["ADMINISTRATOR"])
    seen = {name: set(sim.tell("sees", by=name)["commands"]) for name in (A, "Pretend organizer", "Pretend moderator")}
    assert seen == {
        A: FOR_ALL,
        "Pretend organizer": FOR_ALL | {"chat"},
        "Pretend moderator": FOR_ALL | {"moderate", *MENU},
    }
    assert set(sim.tell("sees", by="Pretend admin")["commands"]) == FOR_ALL | {"chat", "moderate", *MENU}


async def test_everybody_gets_an_answer_where_they_see_the_command(sim: Simulator, opened: Opened, core: Core) -> None:
    await opened(sim)
    answer = await asked(sim, command="convenor", sub="status")
    assert (answer["content"], answer["ephemeral"]) == ("Answer to status.", True)
    await asked(sim, 2, command="convenor", sub="help", options={"topic": "status"})
    assert core.said == ["status", "help status"]


async def test_a_person_is_a_member_of_the_server_or_named_elsewhere(
    sim: Simulator, opened: Opened, core: Core
) -> None:
    id = sim.tell("person", by=B)["id"]
    await opened(sim)
    await asked(sim, 1, command="moderate", sub="mute", options={"person": id, "length": "10m"})
    await asked(sim, 2, command="moderate", sub="ban", options={"elsewhere": "x/@kate"})
    await asked(sim, 3, command="chat", sub="handover", options={"person": id})
    await asked(sim, 4, command="moderate", sub="unmute")
    assert core.said == [f"mute <@{id}> 10m", "ban x/@kate", f"handover <@{id}>", "unmute"]


async def test_words_in_another_language_are_taken_by_discord(sim: Simulator, opened: Opened) -> None:
    german = {
        "next": "weiter",
        "Ask the next question now.": "Jetzt die nächste Frage stellen.",
        "moderate": "Moderieren",  # no name that Discord takes
        "person": "mitglied",
        "Who, on this server": "Wer, auf diesem Server",
        "Mute author": "Autor stummschalten",
        "Hold": "x" * 33,  # nor this
    }
    made = await opened(sim)
    await registered(sim)
    commands: Any = slash_commands.menu(COMMANDS, {"de": german, "es-ES": {"next": "siguiente"}})
    await made._rest.call(made._rest.http.bulk_upsert_guild_commands(1000, 500, commands))
    told = {one["name"]: one for one in truth(sim, "commands")}
    following = next(one for one in told["chat"]["options"] if one["name"] == "next")
    assert following["name_localizations"] == {"de": "weiter", "es-ES": "siguiente"}
    assert following["description_localizations"] == {"de": "Jetzt die nächste Frage stellen."}
    mute = next(one for one in told["moderate"]["options"] if one["name"] == "mute")
    assert mute["options"][0]["name_localizations"] == {"de": "mitglied"}
    assert mute["options"][0]["description_localizations"] == {"de": "Wer, auf diesem Server"}
    assert told["Mute author"]["name_localizations"] == {"de": "Autor stummschalten"}
    assert not told["moderate"]["name_localizations"]
    assert not told["Hold"]["name_localizations"]


async def test_a_doctor_names_the_commands_that_a_role_does_not_see(sim: Simulator, core: Core) -> None:
    async def sight(*permissions: str) -> list[str]:
        (role,) = sim.tell("person", by=A, roles=[f"hosts {permissions}"], permissions=permissions)["roles"]
        findings = await adapter(sim, core, hosts=(int(role),)).diagnose()
        assert {one.level for one in findings} == {"ok"}
        return [one.text.split("” ")[1].split(":")[0] for one in findings if "see /" in one.text]

    assert await sight() == ["see /chat and /moderate only with Manage Events and Manage Messages, or if you let them"]
    assert await sight("MANAGE_EVENTS") == ["see /moderate only with Manage Messages, or if you let them"]
    assert await sight("MANAGE_EVENTS", "MANAGE_MESSAGES") == []
    assert await sight("ADMINISTRATOR") == []
