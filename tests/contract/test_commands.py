"""What every platform promises about commands: the same words, effects and receipts, over a whole bot on real sockets.

This is about the plan and what the bot says; people and messages are in `test_commands_people`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.contract.command_drivers import HELPER, CommandDriver

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("driver_of_module", ["room", "x", "discord", "pretend"], indirect=True, scope="module"),
]

APART = timedelta(minutes=20)


def clock(at: datetime) -> str:
    return f"{at:%H:%M}"


async def test_next_brings_the_next_question_at_once_and_says_what_follows(early: CommandDriver) -> None:
    closes = clock(early.bot.live.ends)
    answer = await early.order("next")
    assert answer == f"Q1 now, Q2 at {clock(early.bot.due('q2'))}, closing still at {closes}."
    await early.shown(f"Q1. What helps (1)? {early.bot.tag}")
    assert early.bot.due("q2") - early.bot.due("q1") == APART


async def test_every_way_of_asking_is_answered_with_the_plan(driver: CommandDriver) -> None:
    for way in driver.ways:
        answer = await driver.order("status", way=way)
        assert answer.startswith(f"Contract {driver.bot.number}: Q1 is on since ")
        assert f"Q2 at {clock(driver.bot.due('q2'))}, closing still at" in answer


async def test_a_short_form_is_the_command(early: CommandDriver) -> None:
    assert (await early.write("n")).startswith("Q1 now")
    assert (await early.write("  PAUSE please ")).startswith("Paused.")
    assert (await early.write("r")).startswith("We go on.")
    assert [outcome for _, outcome in early.bot.came()] == ["done"] * 3


async def test_a_pause_holds_the_question_and_is_told_aloud(driver: CommandDriver) -> None:
    closes = clock(driver.bot.live.ends)
    answer = await driver.order("pause", by=HELPER)
    assert answer == f"Paused. Q2 waits, closing still at {closes}."
    await driver.shown(f"We pause here for a moment. Answers are welcome meanwhile. {driver.bot.tag}")
    assert driver.bot.live.state.paused_at is not None
    assert (await driver.order("pause")).startswith("It is paused already, since ")
    resumed = await driver.order("resume")
    assert resumed == f"We go on. Q2 at {clock(driver.bot.due('q2'))}, closing still at {closes}."
    await driver.shown(f"We go on. Q2 at {clock(driver.bot.due('q2'))}. {driver.bot.tag}")


async def test_an_extension_moves_the_end_and_is_told_aloud(driver: CommandDriver) -> None:
    ends = driver.bot.live.ends + timedelta(minutes=5)
    answer = await driver.order("extend", length="5m")
    assert answer == f"Q2 at {clock(driver.bot.due('q2'))}, closing at {clock(ends)}."
    assert driver.bot.due("closing") == driver.bot.live.ends == ends
    await driver.shown(f"We take a little more time: we close at {clock(ends)}. {driver.bot.tag}")
    later = driver.bot.due("q2") + timedelta(minutes=5)
    answer = await driver.order("extend", length="5m", question="q1")
    assert answer == f"Q2 at {clock(later)}, closing still at {clock(ends)}."


async def test_a_question_is_left_out_and_another_moved(driver: CommandDriver) -> None:
    answer = await driver.order("skip", question="q2")
    assert answer.startswith(f"Q2 left out. Q3 at {clock(driver.bot.due('q3'))}, closing still at")
    assert not driver.bot.planned("q2")
    wanted = driver.bot.due("q4") + timedelta(minutes=3)
    answer = await driver.order("at", question="q4", clock=clock(wanted))
    assert answer.startswith(f"Q4 at {clock(wanted)}. Q3 at")
    assert driver.bot.due("q4") == wanted.replace(second=0, microsecond=0)


async def test_the_end_is_asked_once_more_and_then_it_is_the_end(driver: CommandDriver) -> None:
    answer = await driver.order("end", way=driver.quiet if driver.place == "discord" else "")
    assert answer.startswith("Close the chat now? That cannot be taken back.")
    assert "closing" not in {one.post.key for one in driver.bot.lines() if one.attempts}
    assert await driver.confirm("end yes") == "Closing now; Q2, Q3, Q4 left out."
    await driver.shown(f"Thank you {driver.bot.tag}")
    assert not driver.bot.planned("q2")
    assert (await driver.order("next")).startswith("This chat is over")
    assert driver.bot.said("closing")


async def test_the_chat_is_broken_off_once_that_is_confirmed(driver: CommandDriver) -> None:
    answer = await driver.order("cancel", way=driver.quiet)
    assert answer.startswith("Call the chat off? That cannot be taken back.")
    assert driver.bot.planned("q2")
    assert await driver.confirm("cancel yes", way=driver.quiet) == "Cancelled. Everybody is told."
    await driver.shown(f"Sorry, we have to stop our chat here. Thank you all for coming. {driver.bot.tag}")
    assert driver.bot.live.state.cancelled
    assert not any(driver.bot.planned(key) for key in ("q2", "q3", "q4", "closing"))
    assert await driver.order("next", way=driver.quiet) == "This chat is cancelled."


async def test_a_chat_that_is_coming_is_called_off(coming: CommandDriver) -> None:
    assert (await coming.order("cancel", way=coming.quiet)).startswith("Call the chat off?")
    assert await coming.confirm("cancel yes", way=coming.quiet) == "Cancelled. Everybody is told."
    told = await coming.saying("Sorry, our chat on ")
    assert told.endswith(f" will not take place: Contract {coming.bot.number}. {coming.bot.tag}")
    assert not coming.bot.planned("welcome")


async def test_a_chat_begins_before_its_hour_once_that_is_confirmed(coming: CommandDriver) -> None:
    assert "`start now`".replace("`", "") in await coming.order("next", way=coming.quiet)
    length = coming.bot.live.ends - coming.bot.due("welcome")
    answer = await coming.order("start now", way=coming.quiet)
    assert answer.startswith("Begin now? That cannot be taken back.")
    assert await coming.posted() == []
    answer = await coming.confirm("start now yes", way=coming.quiet)
    closes = clock(coming.bot.live.ends)
    assert answer == f"Starting now. Q1 at {clock(coming.bot.due('q1'))}, closing at {closes}."
    await coming.shown(f"Welcome to {coming.bot.tag}")
    assert coming.bot.live.ends - coming.bot.due("welcome") == length
    assert (await coming.order("start now", way=coming.quiet)).startswith("It has begun.")


async def test_people_are_told_of_the_chat(driver: CommandDriver) -> None:
    assert await driver.order("announce") == f"Announced in {driver.place}."
    told = await driver.saying(f"We are talking about: Contract {driver.bot.number}. We are at Q1. Come and answer")
    assert told.endswith(f") {driver.bot.tag}")


async def test_the_bot_says_what_it_is_told_to(driver: CommandDriver) -> None:
    assert await driver.order("say", text="We begin again in a minute.") == f"Said in {driver.place}."
    await driver.shown(f"We begin again in a minute. {driver.bot.tag}")
    assert await driver.order("say", place=driver.place, text="Only here.") == f"Said in {driver.place}."
    await driver.shown(f"Only here. {driver.bot.tag}")


async def test_a_question_is_reworded_before_it_is_out(early: CommandDriver) -> None:
    assert await early.order("edit", question="q1", text="What else helps?") == "Q1 has its new words."
    await early.order("next")
    await early.shown(f"Q1. What else helps? {early.bot.tag}")
    assert f"Q1. What helps (1)? {early.bot.tag}" not in await early.posted()


async def test_a_question_that_is_out_is_changed_or_corrected(driver: CommandDriver) -> None:
    old, new = f"Q1. What helps (1)? {driver.bot.tag}", f"Q1. What else? {driver.bot.tag}"
    answer = await driver.order("edit", question="q1", text="What else?")
    if driver.place == "x":
        assert answer == "A correction to Q1 follows in x."
        await driver.shown(f"Correction to Q1: What else? {driver.bot.tag}")
        assert old in await driver.posted()
    else:
        assert answer == f"Q1 is changed in {driver.place}."
        await driver.shown(new)
        assert old not in await driver.posted()


async def test_a_question_more_is_asked_and_can_be_taken_back(driver: CommandDriver) -> None:
    answer = await driver.order("add", text="What will you take with you?")
    assert answer.startswith(f"Q5 at {clock(driver.bot.due('q5'))}. Q2 at")
    assert {one.post.text for one in driver.bot.lines("q5")} == {f"Q5. What will you take with you? {driver.bot.tag}"}
    assert "Taken back." in await driver.order("undo")
    assert not driver.bot.planned("q5")


async def test_the_question_is_brought_back_and_so_is_the_one_before(driver: CommandDriver) -> None:
    driver.bot.clock.skip(6)  # a question that was asked only just now is not asked again
    answer = await driver.order("repeat")
    assert answer.startswith("Q1 is on the floor again. Q2 at")
    await driver.shown(f"Once more: Q1. What helps (1)? {driver.bot.tag}")
    driver.bot.clock.skip(6)
    await driver.order("next")
    await driver.shown(f"Q2. What helps (2)? {driver.bot.tag}")
    assert (await driver.order("back")).startswith("Q1 is on the floor again. Q3 at")
    await driver.shown(f"Back to (2) Q1. What helps (1)? {driver.bot.tag}")


async def test_what_was_done_is_undone_and_only_that(driver: CommandDriver) -> None:
    before = driver.bot.plan()
    assert (await driver.order("skip", question="q3")).startswith("Q3 left out.")
    await driver.order("say", text="This stays said.")
    answer = await driver.order("undo")
    assert "Taken back." in answer
    assert [one for one in driver.bot.plan() if not one[0].startswith("notice")] == before
    assert await driver.order("undo") == "There is nothing to take back."


async def test_what_time_has_overtaken_is_not_undone(driver: CommandDriver) -> None:
    await driver.order("skip", question="q2")
    driver.bot.clock.skip(6)
    await driver.order("next")
    assert "Taken back. " in await driver.order("undo", way=driver.quiet)  # the first of the two, as far as it can be
    before = driver.bot.plan()
    answer = await driver.order("undo", way=driver.quiet)
    assert answer.endswith("Q2 cannot come back: Q3 has been asked since.")
    assert driver.bot.plan() == before
    assert await driver.order("undo", way=driver.quiet) == "There is nothing to take back."


async def test_the_log_tells_who_did_what(driver: CommandDriver) -> None:
    await driver.order("skip", question="q2")
    await driver.attempt("next")
    await driver.order("undo", by=HELPER)
    lines = (await driver.order("log", way=driver.quiet)).splitlines()
    assert [line.partition(f" ({driver.place}): ")[2] for line in lines] == [
        f"{driver.called}undo",
        f"{'@OTalk_ ' if driver.place == 'x' else ''}!next (not allowed)",
        f"{driver.called}skip q2 (taken back)",
    ]
    authors = [one.command.author.shown for one in driver.bot.log()[:3][::-1]]
    assert [line.split(" ", 1)[1].partition(" (")[0] for line in lines] == authors
    assert len(set(authors)) == 3


async def test_another_may_lead_and_it_can_be_taken_back(driver: CommandDriver) -> None:
    said = await driver.say("I could take over.")
    row = driver.bot.row(driver.place, said)
    assert row is not None
    assert row.author is not None
    assert not (await driver.bot.tell("say No.", place=driver.place, author=row.author.id)).done
    answer = await driver.order("handover", way=driver.quiet, person=driver.person(said))
    assert "leads now, with all commands." in answer
    assert (await driver.bot.tell("say Yes.", place=driver.place, author=row.author.id)).done
    await driver.shown(f"Yes. {driver.bot.tag}")
    await driver.order("undo")
    assert not (await driver.bot.tell("say No more.", place=driver.place, author=row.author.id)).done


async def test_a_mistake_gets_one_helpful_private_line_and_changes_nothing(driver: CommandDriver) -> None:
    before, heard = driver.bot.plan(), await driver.bot.record()
    way = "direct" if driver.place == "x" else "text"
    for line, hint in (
        ("nxet", "I do not know nxet. Did you mean next?"),
        ("frobnicate", "I do not know frobnicate. help lists what I know."),
        ("extend", "Say how long, like extend 5m."),
        ("skip q9", "There is no Q9. Still to come: Q2, Q3, Q4."),
        ("next question", "next stands alone: write only next."),
        ("\u0440ause", "Commands are written in plain letters, a to z, and some of these only look like them."),
    ):
        answer = await driver.write(line, way=way)
        assert answer.startswith(hint)
        assert "\n" not in answer
    assert (driver.bot.plan(), await driver.bot.record()) == (before, heard)


async def test_help_is_for_hosts_and_for_participants(driver: CommandDriver) -> None:
    answer = await driver.write("help extend")
    assert answer.startswith("extend LENGTH [QUESTION]: Close later")
    assert "held, approve" in await driver.write("help", way=driver.quiet)


async def test_a_moderator_may_do_all_but_what_is_the_host_s(driver: CommandDriver) -> None:
    assert (await driver.order("skip", question="q2", by=HELPER)).startswith("Q2 left out.")
    before = driver.bot.plan()
    if driver.place != "x":
        answer = await driver.order("say", text="I am not the host.", by=HELPER, way=driver.quiet)
        assert answer == "Only the host of this chat can do that."
    else:  # the bot talks to nobody there who may not
        await driver.sent("say I am not the host.", by=HELPER)
    assert driver.bot.log()[-1].outcome == "denied"
    assert driver.bot.plan() == before


async def test_a_place_that_is_not_the_chat_s_is_no_place_to_say_something(driver: CommandDriver) -> None:
    answer = await driver.write("say in nowhere: Hello", way=driver.quiet)
    assert answer == f"Said in {driver.place}."  # so these are the words that were to be said
    await driver.shown(f"in nowhere: Hello {driver.bot.tag}")
