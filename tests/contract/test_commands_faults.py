"""Commands that nobody may give, that come twice, at the same instant, too late, changed afterwards, or are hostile."""

from __future__ import annotations

import asyncio

import pytest

from tests.contract.house import until
from tests.contract.stages import HELPER, HOST, DiscordStage, RoomStage, Stage, XStage

pytestmark = pytest.mark.asyncio(loop_scope="module")

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
    before, lead = stage.house.plan(), stage.house.live.state
    for line in EVERYTHING:
        assert await stage.attempt(line, who="guest") == "denied"
    assert stage.house.plan() == before
    assert stage.house.live.state == lead
    assert stage.house.came() == [(f"{stage.called}!{line}", "denied") for line in EVERYTHING]
    assert await stage.answers() == []
    await stage.house.recorded()


async def test_a_name_like_the_host_s_is_nobody(stage: Stage) -> None:
    before = stage.house.plan()
    if isinstance(stage, RoomStage):
        assert "belongs to the people who run this chat" in await stage.refused("Pretend host")
        assert "Please write your name in one alphabet" in await stage.refused("Pretend h\u043est")
        assert await stage.attempt("next", who="hosts") == "denied"
    elif isinstance(stage, XStage):
        id = await stage.spoken("@OTalk_ !next", by="pretend_h0st", name="Pretend host")
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
    if not isinstance(stage, DiscordStage):
        pytest.skip("nobody writes to the bot alone in the room, and on X nobody else is answered")
    before = stage.house.plan()
    for line in ("next", "say Pwned", "log", "held"):
        answer = await stage.write(line, way="direct", by=stage.named("stranger"))
        assert "Pwned" not in answer
        assert "Only those who lead" in answer or "Only the host" in answer
    assert stage.house.plan() == before


async def test_who_has_no_role_gets_no_letter_from_the_bot_on_x(stage: Stage) -> None:
    if not isinstance(stage, XStage):
        pytest.skip("only there the bot may not write to whom it likes")
    before, stranger = stage.house.plan(), stage.named("stranger")
    for line in ("next", "!extend 5m", "help", "!frobnicate", "say Pwned", "Hello, is anybody there?"):
        await stage.letter(line, stranger)
    denied = await stage.letter("!next", stranger)
    await until(lambda: stage.house.command("x", denied), lambda: "the last of it is in the log")
    assert await stage.order("status", way="direct")  # comes after them
    assert {outcome for _, outcome in stage.house.came()} == {"denied", "done"}
    assert stage.letters(stage.user(stranger)) == []
    assert stage.house.plan() == before
    await stage.house.recorded()


async def test_who_has_no_role_and_mentions_the_bot_gives_an_answer(stage: Stage) -> None:
    if not isinstance(stage, XStage):
        pytest.skip("elsewhere nobody has to mention the bot")
    before = stage.house.plan()
    for line in ("Pause", "next", "say yes to more time"):
        id = await stage.spoken(f"@OTalk_ {line}", by=stage.account(stage.named("guest"))["by"])
        await until(lambda id=id: stage.house.row("x", id), lambda line=line: f"{line} is heard")  # type: ignore[misc]
    await stage.house.recorded("Pause", "next", "say yes to more time")
    assert stage.house.log() == []
    assert await stage.answers() == []
    assert stage.house.plan() == before


# Twice, and at once ------------------------------------------------------------------------------------------------


async def test_what_the_platform_tells_twice_is_done_once(stage: Stage) -> None:
    ends = stage.house.live.ends
    await stage.twice("extend 5m")
    assert (stage.house.live.ends - ends).total_seconds() == 300
    assert stage.house.came() == [(stage.house.log()[0].command.text, "done")]


async def test_the_very_same_interaction_is_done_once(early: Stage) -> None:
    if not isinstance(early, DiscordStage):
        pytest.skip("only Discord has interactions")
    id = await early.again("next")
    await early.shown(f"Q1. What helps (1)? {early.house.tag}")
    assert (await early.order("status")).startswith(f"Contract {early.house.number}: Q1 is on since ")
    assert [one.command.id for one in early.house.log() if one.name == "next"] == [id]
    assert early.house.planned("q2")


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
        await _reads(stage, id, "!next")
    await stage.order("status")  # read after it
    assert stage.house.plan() == before
    assert all(one.command.id != id for one in stage.house.log())


@pytest.mark.parametrize("leads", [False, True])
async def test_what_somebody_changes_into_a_command_in_the_room_is_none(stage: Stage, *, leads: bool) -> None:
    if not isinstance(stage, RoomStage):
        pytest.skip("the others are above")
    before, id = stage.house.plan(), await stage.say("Hello all", answers=False)
    if leads:
        await stage.order("handover", person=stage.person(id))
    await stage.reword(id, "!next")
    await _reads(stage, id, "!next")
    assert await stage.order("status")
    assert stage.house.plan() == before
    assert all(one.command.id != id for one in stage.house.log())


async def _reads(stage: Stage, id: str, text: str) -> None:
    def so() -> bool:
        row = stage.house.row(stage.place, id)
        return row is not None and row.text == text

    await until(so, lambda: f"{id} reads {text}")


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
