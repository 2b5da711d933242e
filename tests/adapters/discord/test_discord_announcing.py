"""The role that is pinged with the first question, and nobody else ever."""

from __future__ import annotations

from adapters.discord.settings import DiscordSettings, traits_of
from tests.adapters.discord.workbench import A, Core, Opened, adapter, post, truth
from tests.fakes.flat import flat
from tests.sims.simulator import Simulator


def a_role(sim: Simulator, *, mentionable: bool = True) -> int:
    return int(sim.tell("person", by=A, roles=["chat goers"], mentionable=mentionable)["roles"][0])


async def test_the_role_is_pinged_with_the_first_question_and_with_nothing_else(sim: Simulator, opened: Opened) -> None:
    role = a_role(sim)
    made = await opened(sim, announce_role=role, pin=False)
    text = f"Q1. Why, @everyone, <@1002> and <@&{role}>? #OTalk"
    first = await made.send(post("welcome", f"Welcome <@&{role}>", kind="welcome"))
    asked = await made.send(post(text=text))
    again = post("notice-1", text, kind="notice", repeats="q1")
    for one in (post("q2"), again, post("q1", "and more", part=2, nonce="n2", reply_to=asked.id)):
        await made.send(one)
    told = truth(sim)
    assert [one["mention_roles"] for one in told] == [[], ["chat goers"], [], [], []]
    assert told[1]["content"] == f"{text}\n<@&{role}>"
    assert {tuple(one["allowed_mentions"]["parse"]) for one in told} == {()}
    assert told[1]["allowed_mentions"]["roles"] == [str(role)]
    assert [one["mentions"] for one in told] == [[], [], [], [], []]
    assert await made.find(post(text=text)) == asked
    assert first.id != asked.id


async def test_everybody_is_never_pinged(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, announce_role=500, pin=False)
    await made.send(post())
    assert truth(sim)[0]["content"] == "Q1. Why? #OTalk"
    assert not truth(sim)[0]["allowed_mentions"].get("roles")


async def test_a_doctor_says_where_the_role_cannot_be_pinged(sim: Simulator, core: Core) -> None:
    async def doubts(role: int) -> list[str]:
        return [one.text for one in await adapter(sim, core, announce_role=role).diagnose() if one.level != "ok"]

    assert await doubts(a_role(sim)) == await doubts(0) == []
    assert await doubts(a_role(sim, mentionable=False)) == [
        "The bot may not ping the role “chat goers” in `announce_role`."
    ]
    assert await doubts(123) == ["The role 123 in `announce_role` is none that can be pinged."]
    assert await doubts(500) == ["The role 500 in `announce_role` is none that can be pinged."]


def test_a_question_leaves_room_for_the_ping() -> None:
    def limit(**more: int) -> int:
        return traits_of(flat(DiscordSettings, token="t", guild=1, channel=2, **more)).text.limit

    assert limit() == 2000
    assert limit(announce_role=2**64 - 1) + len(f"\n<@&{2**64 - 1}>") == 2000
