"""Commands that nobody may give, that come twice, at the same instant, too late, changed afterwards, or are hostile."""

from __future__ import annotations

import asyncio

import pytest

from tests.contract.command_drivers import HELPER, HOST, CommandDriver, DiscordCommands, RoomCommands, XCommands
from tests.contract.running_bot import until

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


async def test_nobody_else_s_command_does_anything_and_it_is_logged(driver: CommandDriver) -> None:
    before, lead = driver.bot.plan(), driver.bot.live.state
    for line in EVERYTHING:
        assert await driver.attempt(line, who="guest") == "denied"
    assert driver.bot.plan() == before
    assert driver.bot.live.state == lead
    assert driver.bot.came() == [(f"{driver.called}!{line}", "denied") for line in EVERYTHING]
    assert await driver.answers() == []
    await driver.bot.recorded()


async def test_a_name_like_the_host_s_is_nobody(driver: CommandDriver) -> None:
    before = driver.bot.plan()
    if isinstance(driver, RoomCommands):
        assert "belongs to the people who run this chat" in await driver.refused("Pretend host")
        assert "Please write your name in one alphabet" in await driver.refused("Pretend h\u043est")
        assert "belongs to the people who run this chat" in await driver.refused("hosts")
        assert await driver.attempt("next", who="hostess") == "denied"
    elif isinstance(driver, XCommands):
        id = await driver.spoken("@OTalk_ !next", by="pretend_h0st", name="Pretend host")
        assert (await until(lambda: driver.bot.command("x", id), lambda: "it is in the log")).outcome == "denied"
        assert driver.below(id) == []
    else:
        assert isinstance(driver, DiscordCommands)
        id = await driver.spoken("!next", by="pretend host")  # the same but for a letter
        assert (await until(lambda: driver.bot.command("discord", id), lambda: "it is in the log")).outcome == "denied"
        assert driver.direct_messages("pretend host") == []
    assert driver.bot.plan() == before


async def test_a_link_that_is_not_one_opens_nothing(driver: CommandDriver) -> None:
    if not isinstance(driver, RoomCommands):
        pytest.skip("only the room has links")
    assert await driver.knock("not-a-key") == 404
    answer = await driver.order("status")
    assert answer


async def test_a_mistake_of_a_participant_is_a_message_and_no_command(driver: CommandDriver) -> None:
    await driver.say("!nxet", answers=False)
    assert driver.bot.log() == []
    assert await driver.answers() == []


async def test_who_has_no_role_asks_in_private_and_gets_no_more_than_everybody(driver: CommandDriver) -> None:
    if not isinstance(driver, DiscordCommands):
        pytest.skip("nobody writes to the bot alone in the room, and on X nobody else is answered")
    before = driver.bot.plan()
    for line in ("next", "say Pwned", "log", "held"):
        answer = await driver.write(line, way="direct", by=driver.named("stranger"))
        assert "Pwned" not in answer
        assert "Only those who lead" in answer or "Only the host" in answer
    assert driver.bot.plan() == before


async def test_people_without_a_role_get_no_direct_message_on_x(driver: CommandDriver) -> None:
    if not isinstance(driver, XCommands):
        pytest.skip("only there the bot may not write to whom it likes")
    before, stranger = driver.bot.plan(), driver.named("stranger")
    for line in ("next", "!extend 5m", "help", "!frobnicate", "say Pwned", "Hello, is anybody there?"):
        await driver.direct_message(line, stranger)
    denied = await driver.direct_message("!next", stranger)
    await until(lambda: driver.bot.command("x", denied), lambda: "the last of it is in the log")
    assert await driver.order("status", way="direct")  # comes after them
    assert {outcome for _, outcome in driver.bot.came()} == {"denied", "done"}
    assert driver.direct_messages(driver.user(stranger)) == []
    assert driver.bot.plan() == before
    await driver.bot.recorded()


async def test_who_has_no_role_and_mentions_the_bot_gives_an_answer(driver: CommandDriver) -> None:
    if not isinstance(driver, XCommands):
        pytest.skip("elsewhere nobody has to mention the bot")
    before = driver.bot.plan()
    for line in ("Pause", "next", "say yes to more time"):
        id = await driver.spoken(f"@OTalk_ {line}", by=driver.account(driver.named("guest"))["by"])
        await until(lambda id=id: driver.bot.row("x", id), lambda line=line: f"{line} is heard")  # type: ignore[misc]
    await driver.bot.recorded("Pause", "next", "say yes to more time")
    assert driver.bot.log() == []
    assert await driver.answers() == []
    assert driver.bot.plan() == before


# Twice, and at once ------------------------------------------------------------------------------------------------


async def test_what_the_platform_tells_twice_is_done_once(driver: CommandDriver) -> None:
    ends = driver.bot.live.ends
    await driver.twice("extend 5m")
    assert (driver.bot.live.ends - ends).total_seconds() == 300
    assert driver.bot.came() == [(driver.bot.log()[0].command.text, "done")]


async def test_the_very_same_interaction_is_done_once(early: CommandDriver) -> None:
    if not isinstance(early, DiscordCommands):
        pytest.skip("only Discord has interactions")
    id = await early.again("next")
    await early.shown(f"Q1. What helps (1)? {early.bot.tag}")
    assert (await early.order("status")).startswith(f"Contract {early.bot.number}: Q1 is on since ")
    assert [one.command.id for one in early.bot.log() if one.name == "next"] == [id]
    assert early.bot.planned("q2")


async def test_two_who_say_next_at_once_move_one_question(early: CommandDriver) -> None:
    answers = await asyncio.gather(early.order("next", by=HOST), early.order("next", by=HELPER))
    assert sorted(answer.startswith("Q1 now, Q2 at") for answer in answers) == [False, True]
    late = next(one for one in answers if not one.startswith("Q1 now"))
    assert late.startswith(("Q1 was asked only just now; nothing moved.", "Q1 is just being asked; nothing moved."))
    await early.shown(f"Q1. What helps (1)? {early.bot.tag}")
    assert not early.bot.said("q2")
    assert sorted(outcome or "" for _, outcome in early.bot.came()) == ["done", "refused"]


async def test_what_became_a_command_afterwards_is_none(driver: CommandDriver) -> None:
    if isinstance(driver, RoomCommands):
        pytest.skip("who leads has a page for commands there; what a participant changes is below")
    assert isinstance(driver, XCommands | DiscordCommands)
    before = driver.bot.plan()
    id = await driver.spoken("@OTalk_ hello all" if driver.place == "x" else "hello all", by_role=HOST)
    await until(lambda: driver.bot.row(driver.place, id), lambda: "it is heard")
    await driver.tell("edit", id=id, text="@OTalk_ next" if driver.place == "x" else "!next")
    if driver.place == "discord":
        await _reads(driver, id, "!next")
    await driver.order("status")  # read after it
    assert driver.bot.plan() == before
    assert all(one.command.id != id for one in driver.bot.log())


@pytest.mark.parametrize("leads", [False, True])
async def test_a_message_changed_into_a_command_in_the_room_is_none(driver: CommandDriver, *, leads: bool) -> None:
    if not isinstance(driver, RoomCommands):
        pytest.skip("the others are above")
    before, id = driver.bot.plan(), await driver.say("Hello all", answers=False)
    if leads:
        await driver.order("handover", person=driver.person(id))
    await driver.reword(id, "!next")
    await _reads(driver, id, "!next")
    assert await driver.order("status")
    assert driver.bot.plan() == before
    assert all(one.command.id != id for one in driver.bot.log())


async def _reads(driver: CommandDriver, id: str, text: str) -> None:
    def so() -> bool:
        row = driver.bot.row(driver.place, id)
        return row is not None and row.text == text

    await until(so, lambda: f"{id} reads {text}")


async def test_what_was_passed_on_is_no_command(driver: CommandDriver) -> None:
    if isinstance(driver, RoomCommands):
        pytest.skip("nothing is passed on in the room")
    assert isinstance(driver, XCommands | DiscordCommands)
    before = driver.bot.plan()
    if isinstance(driver, XCommands):
        quoted = await driver.spoken("next", by="pretend_other")
        id = await driver.spoken("what do they mean?", by_role=HOST, quote_of=quoted)
    else:
        original = await driver.spoken("!next", by="Pretend passer-by", channel=601)
        id = await driver.spoken("", by_role=HOST, forwards=original)
    await driver.order("status")
    assert driver.bot.plan() == before
    assert all(one.command.id != id for one in driver.bot.log())


async def test_a_chat_that_is_over_is_over(driver: CommandDriver) -> None:
    await driver.bot.end()
    await driver.bot.out("closing")
    before = driver.bot.plan()
    for line in ("next", "extend 5m", "pause"):
        assert (await driver.write(line)).startswith("This chat is over")
    assert driver.bot.plan() == before


# Hostile text ------------------------------------------------------------------------------------------------------


async def test_hostile_words_of_a_host_break_nothing_and_ping_nobody(driver: CommandDriver) -> None:
    for line in HOSTILE:
        await driver.thrown(line)
    assert (await driver.order("status")).startswith(f"Contract {driver.bot.number}")
    if isinstance(driver, DiscordCommands):
        ours = [one for one in driver.truth("messages") if one["bot"]]
        assert all(one["allowed_mentions"] == {"parse": []} or one["mentions"] == [] for one in ours)
    if isinstance(driver, RoomCommands):
        raw = await (await driver.leader()).page()
        assert "<script>alert" not in raw


async def test_hostile_words_of_others_do_nothing(driver: CommandDriver) -> None:
    before = driver.bot.plan()
    for line in HOSTILE:
        words = f"!{line}".translate(dict.fromkeys(map(ord, "\0\x1b")))[:200]
        await driver.say(words, who="hostile", answers=False)
    assert driver.bot.plan() == before
    assert await driver.answers("hostile") == []
    assert {outcome for _, outcome in driver.bot.came()} <= {"denied"}
