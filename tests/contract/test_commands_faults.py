"""Commands that nobody may give, that come twice, at the same instant, too late, changed afterwards, or are hostile."""

from __future__ import annotations

import asyncio
import os
from itertools import count

import pytest

from bot.messages import Author, Command, Message
from bot.store import commands
from tests.contract.house import House, until
from tests.contract.stages import HELPER, HOST, DiscordStage, RoomStage, Stage, XStage

pytestmark = pytest.mark.asyncio(loop_scope="module")

Troupe = dict[str, Stage]

MANY = int(os.environ.get("CONTRACT_COMMANDS", "10000"))
"""Commands in a flood: some twenty seconds of them; fewer where somebody is in a hurry."""

EVERYTHING = (
    "next",
    "back",
    "pause",
    "extend 5m",
    "skip q2",
    "at q3 23:00",
    "end yes",
    "cancel yes",
    "say Pwned",
    "edit q1 Pwned?",
    "add Pwned?",
    "repeat",
    "announce",
    "mute @pretend_host",
    "slow 30s",
    "hold all",
    "approve 1",
    "drop 1",
    "undo",
    "handover @pretend_guest",
)
HOSTILE = (
    "say @everyone @here <@1000> <@&1001>",
    "skip \u202e4q",
    "extend \0\x1b[31m5m",
    "mute <script>alert(1)</script>",
    "hide '; DROP TABLE commands; --",
    "approve \u0661\u0662",
    "next\u200b",
    "a" * 10_000,
    "!" * 3_000,
    "say \u202eolleh @everyone",
)


# Who may -----------------------------------------------------------------------------------------------------------


async def test_nobody_else_s_command_does_anything_and_it_is_logged(stage: Stage) -> None:
    before, lead = stage.house.plan(), stage.house.hall.course
    for line in EVERYTHING:
        assert await stage.attempt(line, who="guest") == "denied"
    assert stage.house.plan() == before
    assert stage.house.hall.course == lead
    assert stage.house.came() == [(f"{stage.called}!{line}", "denied") for line in EVERYTHING]
    assert await stage.answers() == []
    await stage.house.recorded()


async def test_a_name_like_the_host_s_is_nobody(stage: Stage) -> None:
    before = stage.house.plan()
    if isinstance(stage, RoomStage):
        assert "belongs to the people who run this chat" in await stage.refused("Pretend host")
        assert await stage.attempt("next", who="h\u043est") == "denied"
    elif isinstance(stage, XStage):
        id = await stage.spoken("@OTalk_ next", by="pretend_h0st", name="Pretend host")
        assert (await until(lambda: stage.house.command("x", id), lambda: "it is in the log")).outcome == "denied"
        assert stage.below(id) == []
    else:
        assert isinstance(stage, DiscordStage)
        id = await stage.spoken("!next", by="pretend host")  # the same but for a letter
        assert (await until(lambda: stage.house.command("discord", id), lambda: "it is in the log")).outcome == "denied"
        assert stage.letters("pretend host") == []
    assert stage.house.plan() == before


async def test_a_link_that_is_not_one_opens_nothing(stage: Stage) -> None:
    if not isinstance(stage, RoomStage):
        pytest.skip("only the room has links")
    assert await stage.knock("not-a-key") == 404
    answer = await stage.order("status")
    assert answer


async def test_a_mistake_of_somebody_else_is_a_message_and_no_command(stage: Stage) -> None:
    await stage.say("!nxet", answers=False)
    assert stage.house.log() == []
    assert await stage.answers() == []


async def test_who_has_no_role_asks_in_private_and_gets_no_more_than_everybody(stage: Stage) -> None:
    if stage.place == "room":
        pytest.skip("nobody writes to the bot alone there")
    before = stage.house.plan()
    for line in ("next", "say Pwned", "log", "held"):
        answer = await stage.write(line, way="direct", by=stage.named("stranger")) if stage.place != "x" else ""
        assert "Pwned" not in answer
        assert "Only those who lead" in answer or "Only the host" in answer or not answer
    assert stage.house.plan() == before


# Twice, and at once ------------------------------------------------------------------------------------------------


async def test_what_the_platform_tells_twice_is_done_once(stage: Stage) -> None:
    ends = stage.house.hall.ends
    await stage.twice("extend 5m")
    assert (stage.house.hall.ends - ends).total_seconds() == 300
    assert stage.house.came() == [(stage.house.log()[0].command.text, "done")]


async def test_two_who_say_next_at_once_move_one_question(early: Stage) -> None:
    answers = await asyncio.gather(early.order("next", by=HOST), early.order("next", by=HELPER))
    assert sorted(answer.startswith("Q1 now, Q2 at") for answer in answers) == [False, True]
    late = next(one for one in answers if not one.startswith("Q1 now"))
    assert late.startswith(("Q1 was asked only just now; nothing moved.", "Q1 is just being asked; nothing moved."))
    await early.shown(f"Q1. What helps (1)? {early.house.tag}")
    assert not early.house.said("q2")
    assert sorted(outcome or "" for _, outcome in early.house.came()) == ["done", "refused"]


async def test_what_became_a_command_afterwards_is_none(stage: Stage) -> None:
    if isinstance(stage, RoomStage):
        pytest.skip("who leads has a page for commands there; what a participant changes is below")
    assert isinstance(stage, XStage | DiscordStage)
    before = stage.house.plan()
    id = await stage.spoken("@OTalk_ hello all" if stage.place == "x" else "hello all", by_role=HOST)
    await until(lambda: stage.house.row(stage.place, id), lambda: "it is heard")
    await stage.tell("edit", id=id, text="@OTalk_ next" if stage.place == "x" else "!next")
    if stage.place == "discord":
        await until(lambda: stage.house.row(stage.place, id).text == "!next", lambda: "it was changed")  # type: ignore[union-attr]
    await stage.order("status")  # read after it
    assert stage.house.plan() == before
    assert all(one.command.id != id for one in stage.house.log())


async def test_what_was_passed_on_is_no_command(stage: Stage) -> None:
    if isinstance(stage, RoomStage):
        pytest.skip("nothing is passed on in the room")
    assert isinstance(stage, XStage | DiscordStage)
    before = stage.house.plan()
    if isinstance(stage, XStage):
        quoted = await stage.spoken("next", by="pretend_other")
        id = await stage.spoken("what do they mean?", by_role=HOST, quote_of=quoted)
    else:
        original = await stage.spoken("!next", by="Pretend passer-by", channel=601)
        id = await stage.spoken("", by_role=HOST, forwards=original)
    await stage.order("status")
    assert stage.house.plan() == before
    assert all(one.command.id != id for one in stage.house.log())


async def test_a_chat_that_is_over_is_over(stage: Stage) -> None:
    await stage.house.end()
    await stage.house.out("closing")
    before = stage.house.plan()
    for line in ("next", "extend 5m", "pause"):
        assert (await stage.write(line)).startswith("This chat is over")
    assert stage.house.plan() == before


# Hostile text ------------------------------------------------------------------------------------------------------


async def test_hostile_words_of_whoever_leads_break_nothing_and_ping_nobody(stage: Stage) -> None:
    for line in HOSTILE:
        await stage.thrown(line)
    assert (await stage.order("status")).startswith(f"Contract {stage.house.number}")
    if isinstance(stage, DiscordStage):
        ours = [one for one in stage.truth("messages") if one["bot"]]
        assert all(one["allowed_mentions"] == {"parse": []} or one["mentions"] == [] for one in ours)
    if isinstance(stage, RoomStage):
        raw = await (await stage.leader()).page()
        assert "<script>alert" not in raw


async def test_hostile_words_of_others_do_nothing(stage: Stage) -> None:
    before = stage.house.plan()
    for line in HOSTILE:
        words = f"!{line}".translate(dict.fromkeys(map(ord, "\0\x1b")))[:200]
        await stage.say(words, who="hostile", answers=False)
    assert stage.house.plan() == before
    assert await stage.answers("hostile") == []
    assert {outcome for _, outcome in stage.house.came()} <= {"denied"}


# All places at once ------------------------------------------------------------------------------------------------


async def test_a_command_on_any_place_moves_all(troupe: Troupe) -> None:
    house = troupe["room"].house
    await troupe["x"].order("next")
    for stage in troupe.values():
        await stage.shown(f"Q1. What helps (1)? {house.tag}")
    await troupe["discord"].order("pause")
    assert (await troupe["room"].order("resume")).startswith("We go on.")
    assert (await troupe["room"].order("say", place="discord", text="Only here.")) == "Said in discord."
    await troupe["discord"].shown(f"Only here. {house.tag}")
    assert f"Only here. {house.tag}" not in await troupe["room"].posted()
    answer = await troupe["room"].order("edit", question="q1", text="What else?")
    assert answer == "Q1 is changed in room and discord. A correction to Q1 follows in x."
    for place in ("room", "discord"):
        await troupe[place].shown(f"Q1. What else? {house.tag}")


async def test_a_decision_anywhere_is_one_everywhere(troupe: Troupe) -> None:
    house = troupe["room"].house
    await troupe["x"].order("next")
    await house.out("q1")
    said = {place: await stage.say(f"From {place}", answers=True) for place, stage in troupe.items()}
    await troupe["discord"].order("hide", message=f"x/{said['x']}")
    x, discord = troupe["x"], troupe["discord"]
    assert isinstance(x, XStage)
    assert isinstance(discord, DiscordStage)
    await until(lambda: said["x"] in x.hidden(), lambda: "X hides it")
    answer = await troupe["x"].order("hide", way="direct", message=f"discord/{said['discord']}")
    assert answer.endswith("It is deleted on Discord.")  # as the settings of this house allow
    await until(lambda: said["discord"] not in {one["id"] for one in discord.truth("messages")}, lambda: "it is gone")
    await house.recorded("From room")
    await troupe["room"].order("hold", message=f"room/{said['room']}")
    assert "1. " in await troupe["discord"].order("held")
    await troupe["x"].order("approve", way="direct", number="1")
    assert await troupe["room"].order("held") == "Nothing waits."
    await house.recorded("From room")


async def test_where_all_can_read_a_receipt_names_nobody(troupe: Troupe) -> None:
    house, x = troupe["room"].house, troupe["x"]
    await x.order("next")
    await house.out("q1")
    said = await x.say("Somebody's words")
    assert await x.order("hide", message=f"x/{said}") == "Done."
    assert await x.order("held") == "Done."
    assert await x.order("log") == "The log is not for here: ask privately."
    assert await x.order("hide", message=f"x/{said}") == "That could not be done; the host's page says why."


async def test_many_commands_of_people_without_a_role_have_no_effect(troupe: Troupe) -> None:
    house, places = troupe["room"].house, tuple(troupe)
    await troupe["x"].order("next")
    await house.out("q1")
    for stage in troupe.values():
        await stage.say("My own words")
    await troupe["room"].order("status")
    plan, course, record = house.plan(), house.hall.course, await house.record()
    ids = count(1)

    def by(number: int) -> Author:
        return Author(id=str(5_000_000 + number % 500), handle=f"@pretend_h\u043est{number % 7}", name="Pretend host")

    async def told(number: int) -> None:
        line, place = EVERYTHING[number % len(EVERYTHING)], places[number % 3]
        id, now = f"many-{next(ids)}", house.clock.now()
        if number % 10 == 1:
            said = Message(place=place, id=id, at=now, author=by(number), text=f"!{line}", summons=True)
            await house.convenor.inbox.hear(said)
        else:
            command = Command(place=place, id=id, at=now, author=by(number), text=line)
            assert not (await house.convenor.desk.answer(command)).done

    for start in range(0, MANY, 500):
        await asyncio.gather(*(told(number) for number in range(start, start + 500)))
    await _nothing_waits(house)
    assert (house.plan(), house.hall.course) == (plan, course)
    assert await house.record() == record
    assert {one.command.role for one in house.log() if one.command.id.startswith("many-")} == {"participant"}


async def _nothing_waits(house: House) -> None:
    """Until all of them were looked at, which takes a while."""
    async with asyncio.timeout(60):
        while house.convenor.database.look(commands.waiting, 1):
            await asyncio.sleep(0.1)
