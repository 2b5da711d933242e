"""What every platform promises about commands: the same words, effects and receipts, over a whole bot on real sockets.

This is about the plan and what the bot says; people and messages are in `test_commands_people`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.contract.stages import HELPER, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

APART = timedelta(minutes=20)


def clock(at: datetime) -> str:
    return f"{at:%H:%M}"


async def test_next_brings_the_next_question_at_once_and_says_what_follows(early: Stage) -> None:
    closes = clock(early.house.live.ends)
    answer = await early.order("next")
    assert answer == f"Q1 now, Q2 at {clock(early.house.due('q2'))}, closing still at {closes}."
    await early.shown(f"Q1. What helps (1)? {early.house.tag}")
    assert early.house.due("q2") - early.house.due("q1") == APART


async def test_every_way_of_asking_is_answered_with_the_plan(stage: Stage) -> None:
    for way in stage.ways:
        answer = await stage.order("status", way=way)
        assert answer.startswith(f"Contract {stage.house.number}: Q1 is on since ")
        assert f"Q2 at {clock(stage.house.due('q2'))}, closing still at" in answer


async def test_a_short_form_is_the_command(early: Stage) -> None:
    assert (await early.write("n")).startswith("Q1 now")
    assert (await early.write("  PAUSE please ")).startswith("Paused.")
    assert (await early.write("r")).startswith("We go on.")
    assert [outcome for _, outcome in early.house.came()] == ["done"] * 3


async def test_a_pause_holds_the_question_and_is_told_aloud(stage: Stage) -> None:
    closes = clock(stage.house.live.ends)
    answer = await stage.order("pause", by=HELPER)
    assert answer == f"Paused. Q2 waits, closing still at {closes}."
    await stage.shown(f"We pause here for a moment. Answers are welcome meanwhile. {stage.house.tag}")
    assert stage.house.live.state.paused_at is not None
    assert (await stage.order("pause")).startswith("It is paused already, since ")
    resumed = await stage.order("resume")
    assert resumed == f"We go on. Q2 at {clock(stage.house.due('q2'))}, closing still at {closes}."
    await stage.shown(f"We go on. Q2 at {clock(stage.house.due('q2'))}. {stage.house.tag}")


async def test_an_extension_moves_the_end_and_is_told_aloud(stage: Stage) -> None:
    ends = stage.house.live.ends + timedelta(minutes=5)
    answer = await stage.order("extend", length="5m")
    assert answer == f"Q2 at {clock(stage.house.due('q2'))}, closing at {clock(ends)}."
    assert stage.house.due("closing") == stage.house.live.ends == ends
    await stage.shown(f"We take a little more time: we close at {clock(ends)}. {stage.house.tag}")
    later = stage.house.due("q2") + timedelta(minutes=5)
    answer = await stage.order("extend", length="5m", question="q1")
    assert answer == f"Q2 at {clock(later)}, closing still at {clock(ends)}."


async def test_a_question_is_left_out_and_another_moved(stage: Stage) -> None:
    answer = await stage.order("skip", question="q2")
    assert answer.startswith(f"Q2 left out. Q3 at {clock(stage.house.due('q3'))}, closing still at")
    assert not stage.house.planned("q2")
    wanted = stage.house.due("q4") + timedelta(minutes=3)
    answer = await stage.order("at", question="q4", clock=clock(wanted))
    assert answer.startswith(f"Q4 at {clock(wanted)}. Q3 at")
    assert stage.house.due("q4") == wanted.replace(second=0, microsecond=0)


async def test_the_end_is_asked_once_more_and_then_it_is_the_end(stage: Stage) -> None:
    answer = await stage.order("end", way=stage.quiet if stage.place == "discord" else "")
    assert answer.startswith("Close the chat now? That cannot be taken back.")
    assert "closing" not in {one.post.key for one in stage.house.lines() if one.attempts}
    assert await stage.confirm("end yes") == "Closing now; Q2, Q3, Q4 left out."
    await stage.shown(f"Thank you {stage.house.tag}")
    assert not stage.house.planned("q2")
    assert (await stage.order("next")).startswith("This chat is over")
    assert stage.house.said("closing")


async def test_the_chat_is_broken_off_once_that_is_confirmed(stage: Stage) -> None:
    answer = await stage.order("cancel", way=stage.quiet)
    assert answer == "Call the chat off? That cannot be taken back. Say cancel yes."
    assert stage.house.planned("q2")
    assert await stage.confirm("cancel yes", way=stage.quiet) == "Cancelled. Everybody is told."
    await stage.shown(f"Sorry, we have to stop our chat here. Thank you all for coming. {stage.house.tag}")
    assert stage.house.live.state.cancelled
    assert not any(stage.house.planned(key) for key in ("q2", "q3", "q4", "closing"))
    assert await stage.order("next", way=stage.quiet) == "This chat is cancelled."


async def test_a_chat_that_is_coming_is_called_off(coming: Stage) -> None:
    assert (await coming.order("cancel", way=coming.quiet)).startswith("Call the chat off?")
    assert await coming.confirm("cancel yes", way=coming.quiet) == "Cancelled. Everybody is told."
    told = await coming.saying("Sorry, our chat on ")
    assert told.endswith(f" will not take place: Contract {coming.house.number}. {coming.house.tag}")
    assert not coming.house.planned("welcome")


async def test_a_chat_begins_before_its_hour_once_that_is_confirmed(coming: Stage) -> None:
    assert "`start now`".replace("`", "") in await coming.order("next", way=coming.quiet)
    length = coming.house.live.ends - coming.house.due("welcome")
    answer = await coming.order("start now", way=coming.quiet)
    assert answer == "Begin now? That cannot be taken back. Say start now yes."
    assert await coming.posted() == []
    answer = await coming.confirm("start now yes", way=coming.quiet)
    closes = clock(coming.house.live.ends)
    assert answer == f"Starting now. Q1 at {clock(coming.house.due('q1'))}, closing at {closes}."
    await coming.shown(f"Welcome to {coming.house.tag}")
    assert coming.house.live.ends - coming.house.due("welcome") == length
    assert (await coming.order("start now", way=coming.quiet)).startswith("It has begun.")


async def test_people_are_told_of_the_chat(stage: Stage) -> None:
    assert await stage.order("announce") == f"Announced in {stage.place}."
    told = await stage.saying(f"We are talking about: Contract {stage.house.number}. We are at Q1. Come and answer")
    assert told.endswith(f") {stage.house.tag}")


async def test_the_bot_says_what_it_is_told_to(stage: Stage) -> None:
    assert await stage.order("say", text="We begin again in a minute.") == f"Said in {stage.place}."
    await stage.shown(f"We begin again in a minute. {stage.house.tag}")
    assert await stage.order("say", place=stage.place, text="Only here.") == f"Said in {stage.place}."
    await stage.shown(f"Only here. {stage.house.tag}")


async def test_a_question_is_reworded_before_it_is_out(early: Stage) -> None:
    assert await early.order("edit", question="q1", text="What else helps?") == "Q1 has its new words."
    await early.order("next")
    await early.shown(f"Q1. What else helps? {early.house.tag}")
    assert f"Q1. What helps (1)? {early.house.tag}" not in await early.posted()


async def test_a_question_that_is_out_is_changed_or_corrected(stage: Stage) -> None:
    old, new = f"Q1. What helps (1)? {stage.house.tag}", f"Q1. What else? {stage.house.tag}"
    answer = await stage.order("edit", question="q1", text="What else?")
    if stage.place == "x":
        assert answer == "A correction to Q1 follows in x."
        await stage.shown(f"Correction to Q1: What else? {stage.house.tag}")
        assert old in await stage.posted()
    else:
        assert answer == f"Q1 is changed in {stage.place}."
        await stage.shown(new)
        assert old not in await stage.posted()


async def test_a_question_more_is_asked_and_can_be_taken_back(stage: Stage) -> None:
    answer = await stage.order("add", text="What will you take with you?")
    assert answer.startswith(f"Q5 at {clock(stage.house.due('q5'))}. Q2 at")
    assert {one.post.text for one in stage.house.lines("q5")} == {f"Q5. What will you take with you? {stage.house.tag}"}
    assert "Taken back." in await stage.order("undo")
    assert not stage.house.planned("q5")


async def test_the_question_is_brought_back_and_so_is_the_one_before(stage: Stage) -> None:
    stage.house.clock.skip(6)  # a question that was asked only just now is not asked again
    answer = await stage.order("repeat")
    assert answer.startswith("Q1 is on the floor again. Q2 at")
    await stage.shown(f"Once more: Q1. What helps (1)? {stage.house.tag}")
    stage.house.clock.skip(6)
    await stage.order("next")
    await stage.shown(f"Q2. What helps (2)? {stage.house.tag}")
    assert (await stage.order("back")).startswith("Q1 is on the floor again. Q3 at")
    await stage.shown(f"Back to (2) Q1. What helps (1)? {stage.house.tag}")


async def test_what_was_done_is_undone_and_only_that(stage: Stage) -> None:
    before = stage.house.plan()
    await stage.order("skip", question="q3")
    await stage.order("say", text="This stays said.")
    answer = await stage.order("undo")
    assert "Taken back." in answer
    assert [one for one in stage.house.plan() if not one[0].startswith("notice")] == before
    assert await stage.order("undo") == "There is nothing to take back."


async def test_what_time_has_overtaken_is_not_undone(stage: Stage) -> None:
    await stage.order("skip", question="q2")
    stage.house.clock.skip(6)
    await stage.order("next")
    assert "Taken back. " in await stage.order("undo", way=stage.quiet)  # the first of the two, as far as it can be
    before = stage.house.plan()
    answer = await stage.order("undo", way=stage.quiet)
    assert answer.endswith("Q2 cannot come back: Q3 has been asked since.")
    assert stage.house.plan() == before
    assert await stage.order("undo", way=stage.quiet) == "There is nothing to take back."


async def test_the_log_tells_who_did_what(stage: Stage) -> None:
    await stage.order("skip", question="q2")
    await stage.attempt("next")
    await stage.order("undo", by=HELPER)
    lines = (await stage.order("log", way=stage.quiet)).splitlines()
    assert [line.partition(f" ({stage.place}): ")[2] for line in lines] == [
        f"{stage.called}undo",
        f"{'@OTalk_ ' if stage.place == 'x' else ''}!next (not allowed)",
        f"{stage.called}skip q2 (taken back)",
    ]
    authors = [one.command.author.shown for one in stage.house.log()[:3][::-1]]
    assert [line.split(" ", 1)[1].partition(" (")[0] for line in lines] == authors
    assert len(set(authors)) == 3


async def test_another_may_lead_and_it_can_be_taken_back(stage: Stage) -> None:
    said = await stage.say("I could take over.")
    row = stage.house.row(stage.place, said)
    assert row is not None
    assert row.author is not None
    assert not (await stage.house.tell("say No.", place=stage.place, author=row.author.id)).done
    answer = await stage.order("handover", way=stage.quiet, person=stage.person(said))
    assert "leads now, with all commands." in answer
    assert (await stage.house.tell("say Yes.", place=stage.place, author=row.author.id)).done
    await stage.shown(f"Yes. {stage.house.tag}")
    await stage.order("undo")
    assert not (await stage.house.tell("say No more.", place=stage.place, author=row.author.id)).done


async def test_a_mistake_gets_one_helpful_private_line_and_changes_nothing(stage: Stage) -> None:
    before, heard = stage.house.plan(), await stage.house.record()
    way = "direct" if stage.place == "x" else "text"
    for line, hint in (
        ("nxet", "I do not know nxet. Did you mean next?"),
        ("frobnicate", "I do not know frobnicate. help lists what I know."),
        ("extend", "Say how long, like extend 5m."),
        ("skip q9", "There is no Q9. Still to come: Q2, Q3, Q4."),
        ("next question", "next stands alone: write only next."),
        ("\u0440ause", "Commands are written in plain letters, a to z, and some of these only look like them."),
    ):
        answer = await stage.write(line, way=way)
        assert answer.startswith(hint)
        assert "\n" not in answer
    assert (stage.house.plan(), await stage.house.record()) == (before, heard)


async def test_help_is_for_whoever_leads_and_for_everybody(stage: Stage) -> None:
    answer = await stage.write("help extend")
    assert answer.startswith("extend LENGTH [QUESTION]: Close later")
    assert "held, approve" in await stage.write("help", way=stage.quiet)


async def test_a_moderator_may_do_all_but_what_is_the_host_s(stage: Stage) -> None:
    assert (await stage.order("skip", question="q2", by=HELPER)).startswith("Q2 left out.")
    before = stage.house.plan()
    if stage.place != "x":
        answer = await stage.order("say", text="I am not the host.", by=HELPER)
        assert answer == "Only the host of this chat can do that."
    else:  # the bot talks to nobody there who may not
        await stage.sent("say I am not the host.", by=HELPER)
    assert stage.house.log()[-1].outcome == "denied"
    assert stage.house.plan() == before


async def test_a_place_that_is_not_the_chat_s_is_no_place_to_say_something(stage: Stage) -> None:
    answer = await stage.write("say in nowhere: Hello", way=stage.quiet)
    assert answer == f"Said in {stage.place}."  # so these are the words that were to be said
    await stage.shown(f"in nowhere: Hello {stage.house.tag}")
