"""The command service over a real store: the effect of each command, and that it happens once."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any, get_args

import msgspec
import pytest
from sqlalchemy import Connection, select

from bot import transfer
from bot.commands import execution
from bot.commands.context import CommandContext, CommandResult
from bot.commands.grammar.command_types import Misunderstood, ParsedCommand, Say
from bot.commands.grammar.parser import parse
from bot.commands.handlers import undoing
from bot.errors import StoreError
from bot.messages import Author, Command, Edited, Joined
from bot.ports.views import TextMark
from bot.reporting.record import record
from bot.store import chats, commands
from bot.store.schema import metadata
from tests.commands.running_bot import DISCORD, GUEST, HELPER, HOST, ROOM, X, a_chat_with_hosts, running_bot
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform

PLACES = ("room", "x", "discord")


async def test_next_brings_the_next_question_at_once_on_every_place(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)  # Q1 came at ten past
        answer = await bot.command("next")
        assert answer.done
        assert answer.text == "Q2 now, Q3 at 12:21, closing still at 13:00."
        for place in PLACES:
            assert bot.posted_keys(place)[-1] == "q2"
        assert bot.due("q3") == bot.at(21)
        assert bot.due("closing") == bot.at(60)


async def test_next_twice_within_a_second_moves_one_question_and_says_so(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.command("next", HOST)
        second = await bot.command("n", HELPER, place="x", role="moderator")
        assert not second.done
        assert second.text.startswith("Q2 was asked only just now; nothing moved.")
        assert bot.posted_keys()[-1] == "q2"


async def test_the_same_command_delivered_twice_is_executed_once(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        first = await bot.command("extend 5m", id="same")
        again = await bot.command("extend 5m", id="same")
        assert (first.text, again.text) == (first.text, first.text)
        assert bot.due("closing") == bot.at(65)


async def test_the_button_below_a_receipt_takes_back_that_change_and_no_other(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        answer = await bot.command("extend 5m", HOST, id="first")
        assert answer.undo
        assert (await bot.command("extend 5m", HOST, id="first")).undo == answer.undo
        later = await bot.command("skip q3", HELPER)
        refused = await bot.command(answer.undo, HOST)
        assert (refused.done, refused.undo) == (False, None)
        assert refused.text == "@pretend_helper said `skip` since, so that cannot be taken back now."
        assert later.undo
        assert (await bot.command(later.undo, HOST)).text.startswith("`skip` by @pretend_helper: Taken back.")
        assert bot.due("closing") == bot.at(65)
        assert (await bot.command(answer.undo, HOST)).done
        assert bot.due("closing") == bot.at(60)
        assert (await bot.command(later.undo, HOST)).text == "There is nothing to take back."
        assert (await bot.command("say This stays", HOST)).undo is None
        asked = await bot.command("next", HOST)
        assert asked.undo
        assert "Taken back. Q2 stays asked. Q3 at 12:30" in (await bot.command(asked.undo, HOST)).text


async def test_a_pause_holds_the_questions_and_not_the_closing(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=24.9)  # Q2 is claimed already
        assert (await bot.command("pause")).text.startswith("Paused. Q2 waits")
        await bot.advance(minutes=3)
        assert "q2" not in bot.posted_keys()
        answer = await bot.command("resume")
        assert answer.text.startswith("We go on. Q2 at 12:22")
        await bot.advance(minutes=45)
        assert [key for key in bot.posted_keys() if not key.startswith("notice")] == [
            *("welcome", "rules", "q1", "q2", "q3", "q4", "closing")
        ]


async def test_a_pause_that_nobody_ends_ends_with_the_chat(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    async with running_bot(store_url, clock=clock) as bot:
        await bot.advance(minutes=16)
        await bot.command("pause")
        paused = bot.outbox_rows("q3")
        assert {row.state for row in paused} == {"paused"}
        await bot.advance(minutes=2)
    async with running_bot(store_url, clock=clock, platforms=bot.platforms) as later:  # a restart keeps the pause
        await later.advance(minutes=2)
        assert "q2" not in later.posted_keys()
        assert (await later.command("status")).text.startswith(
            "A plain chat: Q1 is on since 12:10. Paused since 12:11."
        )


async def test_skip_extend_and_at_move_the_rest(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        assert (await bot.command("skip q2")).text == "Q2 left out. Q3 at 12:30, closing still at 13:00."
        assert (await bot.command("extend 10m")).text == "Q3 at 12:30, closing at 13:10."
        assert (await bot.command("at q4 12:50")).text == "Q4 at 12:50. Q3 at 12:30, closing still at 13:10."
        await bot.advance(minutes=60)
        assert [key for key in bot.posted_keys() if key[0] == "q"] == ["q1", "q3", "q4"]
        assert bot.posted_keys()[-1] == "closing"


async def test_undo_takes_back_the_last_reversible_change(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.command("skip q2")
        await bot.command("say Hello all")  # cannot be taken back
        answer = await bot.command("undo")
        assert answer.text == "`skip` by @pretend_host: Taken back. Q2 at 12:20, closing still at 13:00."
        assert bot.due("q2") == bot.at(20)
        assert (await bot.command("undo")).text == "There is nothing to take back."
        await bot.advance(minutes=10)
        assert "q2" in bot.posted_keys("room")


async def test_a_question_that_is_added_is_asked_counted_and_can_be_taken_back(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=46)
        assert (await bot.command("add What will you take with you?")).text.startswith("Q5 at 12:50.")
        assert bot.convenor.live_chats.by_name["a/b"].chat.question("q5") is not None
        await bot.command("undo")
        assert bot.convenor.live_chats.by_name["a/b"].chat.question("q5") is None
        await bot.command("add What else?")
        await bot.advance(minutes=10)
        assert "Q5. What else? #plain" in bot.platforms["x"].posted


async def test_end_asks_to_be_confirmed_and_then_closes(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        answer = await bot.command("end")
        assert answer.confirm == "end yes"
        assert "closing" not in bot.posted_keys()
        assert (await bot.command("end yes")).text == "Closing now; Q2, Q3, Q4 left out."
        for place in PLACES:
            assert bot.posted_keys(place)[-1] == "closing"
        await bot.advance(minutes=30)
        assert bot.posted_keys()[-1] == "closing"
        late = await bot.command("next")
        assert late.text.startswith("This chat is over")


async def test_a_cancelled_chat_stays_cancelled_after_a_restart(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    async with running_bot(store_url, clock=clock) as bot:
        assert (await bot.command("cancel yes")).text == "Cancelled. Everybody is told."
        await bot.advance(seconds=10)
        assert [key[:6] for key in bot.posted_keys()] == ["notice"]
    async with running_bot(store_url, clock=clock, platforms=bot.platforms) as later:
        await later.advance(minutes=20)
        assert len(later.posted_keys()) == 1


async def test_start_now_begins_and_moves_everything(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        answer = await bot.command("start now yes")
        assert answer.text == "Starting now. Q1 at 12:05, closing at 12:55."
        assert bot.posted_keys() == ["welcome"]
        live = bot.convenor.live_chats.by_name["a/b"]
        assert (live.chat.starts, live.ends) == (bot.at(-5), bot.at(55))
        await bot.advance(minutes=12)
        assert bot.posted_keys()[-1] == "q1"


async def test_say_posts_on_all_places_or_on_one(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=8)
        assert (await bot.command("say We begin soon")).text == "Said in room, x and discord."
        assert (await bot.command("say in room: Only here")).text == "Said in room."
        assert "We begin soon #plain" in bot.platforms["x"].posted
        assert "Only here #plain" in bot.platforms["room"].posted
        assert "Only here #plain" not in bot.platforms["x"].posted


async def test_a_question_edited_before_it_is_posted_keeps_its_words_over_the_file(
    store_url: str,
) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    async with running_bot(store_url, clock=clock) as bot:
        assert (await bot.command("edit q2 What else?")).text == "Q2 has its new words."
    async with running_bot(store_url, clock=clock, platforms=bot.platforms) as later:
        await later.advance(minutes=26)
        assert "Q2. What else? #plain" in later.platforms["x"].posted
        assert "Q2. What else? #plain" in later.platforms["room"].posted


async def test_a_posted_question_is_edited_where_it_can_be_and_corrected_elsewhere(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        answer = await bot.command("edit q1 What do you do?")
        assert answer.text == "Q1 is changed in room and discord. A correction to Q1 follows in x."
        changed = [post for post in bot.platforms["discord"].sent if post.edits]
        assert [(post.edits, post.text) for post in changed] == [
            (bot.outbox_rows("q1")[-1].receipt or "", "Q1. What do you do? #plain")
        ]
        assert "Correction to Q1: What do you do? #plain" in bot.platforms["x"].posted
        asked = [one.text for one in bot.convenor.live_chats.by_name["a/b"].posts("room") if one.key == "q1"]
        assert asked == ["Q1. What do you do? #plain"]
        log = transfer.export_events(bot.convenor.database, bot.chat)
        assert sum(isinstance(one, Edited) for one in log) == len(changed) + 1


async def test_back_makes_the_previous_question_current_and_answers_count_for_it(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=26)
        assert (await bot.command("back")).text.startswith("Q1 is on the floor again.")
        await bot.advance(seconds=10)
        await bot.message("We still use paper", place="discord")
        counts = await bot.convenor.conversation("room").counts("a/b")
        assert counts == {"q1": 1}


async def test_a_person_without_a_role_changes_nothing_and_is_logged(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        before = [(row.post.key, row.post.due, row.state) for row in bot.outbox_rows()]
        answer = await bot.command("next", GUEST)
        assert answer.text == "Only those who lead this chat can do that."
        assert [(row.post.key, row.post.due, row.state) for row in bot.outbox_rows()] == before
        assert [one.outcome for one in bot.stored_commands()] == ["denied"]
        helper = await bot.command("say Hello", HELPER, place="discord")
        assert helper.text == "Only the host of this chat can do that."


@pytest.mark.parametrize(
    ("by", "place"),
    [
        (Author(id="1", name="Pretend host"), "discord"),
        (Author(id="1", handle="@Pretend host", name="@pretend_host"), "discord"),
        (Author(id="1", handle="@pretend_h\u043est"), "x"),
        (Author(id="770"), "discord"),
        (Author(id="77", name="Pretend host"), "x"),
    ],
)
async def test_a_name_that_only_looks_like_the_host_s_is_not_the_host(store_url: str, by: Author, place: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        assert not (await bot.command("next", by, place=place)).done


async def test_a_command_given_long_ago_or_out_of_order_is_too_late(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        old = await bot.command("next", at=bot.clock.now() - timedelta(minutes=5))
        assert old.text == "I heard that only 5 minutes later, so nothing changed."
        await bot.command("pause")
        early = await bot.command("next", at=bot.clock.now() - timedelta(seconds=20))
        assert early.text == "A later command came before this one, so nothing changed."


async def test_hidden_and_held_messages_leave_the_transcript_and_come_back(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        said = await bot.message("We meet by video", reply_to=None)
        conversation = bot.convenor.conversation("room")
        assert (await bot.command(f"hide x/{said}")).text == (
            "Left out of the transcript: the message by @pretend_guest. X is asked to hide it below our post."
        )
        assert (await conversation.counts("a/b"), await conversation.messages("a/b")) == ({}, [])
        actions = [post.action for post in bot.platforms["x"].sent if post.action]
        assert [(one.kind, one.message) for one in actions] == [("hide", said)]
        assert (await bot.command("undo")).done
        assert await conversation.counts("a/b") == {"q1": 1}
        await bot.command(f"hold x/{said}", HELPER)
        assert "1. @pretend_guest on x, 12:11: We meet by video" in (await bot.command("held")).text
        assert (await bot.command("approve 1")).text.endswith("Nothing else waits.")
        assert (await bot.command("approve 1")).text.startswith("There is no 1 in the queue")
        assert [one.id for one in await conversation.messages("a/b")] == [said]


async def test_what_may_tell_who_a_patient_is_is_released_only_after_asking(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        said = await bot.message("Ring me on 07700 900123")
        asked = await bot.command("approve 1")
        assert (asked.done, asked.confirm) == (False, "approve 1 yes")
        assert asked.text.startswith("That may tell who a patient is: a part of it looks like a phone number.")
        assert (await bot.command("drop 1")).done
        assert (await bot.command(f"show x/{said}")).confirm == f"show x/{said} yes"
        assert (await bot.command("undo")).done
        assert (await bot.command("approve 2")).confirm == "approve 2 yes", "the reason is forgotten, the text is not"
        conversation = bot.convenor.conversation("room")
        assert await conversation.messages("a/b") == []
        assert (await bot.command("approve 2 yes")).done
        assert [one.id for one in await conversation.messages("a/b")] == [said]
        harmless = await bot.message("We meet by video")
        await bot.command(f"hold x/{harmless}")
        assert (await bot.command("approve 3")).done


async def test_a_muted_person_is_left_out_and_the_receipt_says_what_a_platform_cannot_do(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("One")
        answer = await bot.command("mute x/@pretend_guest 10m")
        assert answer.text.startswith("@pretend_guest is muted for 10m. X cannot be told to")
        await bot.message("Two")
        conversation = bot.convenor.conversation("room")
        assert [one.text for one in await conversation.messages("a/b")] == ["One"]
        await bot.command("unmute x/@pretend_guest")
        await bot.message("Three")
        assert [one.text for one in await conversation.messages("a/b")] == ["One", "Three"]
        await bot.message("Here too", Author(id="5", handle="@pretend_b"), place="discord")
        assert "Discord is asked to keep them silent" in (await bot.command("mute <@5>")).text
        assert [post.action.kind for post in bot.platforms["discord"].sent if post.action] == ["timeout"]


async def test_people_with_a_role_cannot_be_muted_and_a_name_of_two_people_is_refused(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("Hello", HELPER, place="discord")
        assert "cannot be silenced" in (await bot.command("mute <@88>")).text
        for number in ("1", "2"):
            await bot.message(f"Hello {number}", Author(id=number, handle=f"@p{number}", name="Pretend double"))
        answer = await bot.command('mute "Pretend double"')
        assert answer.text.startswith("Several people could be meant: x/@p1, x/@p2.")


async def test_a_person_is_found_by_a_handle_they_had_before_and_two_who_had_the_same_are_told_apart(
    sqlite_url: str,
) -> None:
    async with running_bot(sqlite_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("Hello", Author(id="1", handle="@Was_Kate"))
        await bot.message("Hello again", Author(id="1", handle="@kate_brown"))
        assert (await bot.command("mute x/@was_kate")).text.startswith("@kate_brown is muted")
        assert (await bot.command("unmute x/@was_kate")).done
        await bot.message("Hello too", Author(id="2", handle="@was_kate"))
        for order in ("mute @was_kate", "mute x/@was_kate", "ban @was_kate"):
            assert (await bot.command(order)).text.startswith("Several people could be meant: x/@kate_brown, x/2.")
        asked = await bot.command("ban x/2")
        assert asked.confirm == "ban x/2 yes"
        assert (await bot.command(asked.confirm)).text.startswith("@was_kate is kept out.")


def unnumbered(text: str) -> str:
    """A receipt without the number of the change, which a database chooses."""
    return re.sub(r"`undo \d+`", "`undo N`", text)


async def test_a_message_of_a_host_is_a_command_and_answered_privately(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        said = await bot.message("!next", HOST, place="discord")
        await bot.settle()
        assert bot.posted_keys("room")[-1] == "q2"
        private = [post for post in bot.platforms["discord"].sent if post.to]
        now = "Q2 now, Q3 at 12:21, closing still at 13:00."
        assert [(post.to, unnumbered(post.text)) for post in private] == [("77", f"{now} To take that back: `undo N`.")]
        assert await bot.convenor.conversation("room").messages("a/b") == []
        await bot.message("!next", HOST, place="discord", id=said)  # told twice
        await bot.advance(seconds=30)
        assert bot.posted_keys("room")[-1] == "q2"


async def test_on_x_a_host_is_answered_below_their_post_without_names(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        said = await bot.message("@plain next", HOST, mentions_bot=True)
        await bot.settle()
        receipts = [post for post in bot.platforms["x"].sent if post.kind == "receipt"]
        assert [(post.reply_to, unnumbered(post.text)) for post in receipts] == [
            (said, f"Q2 now, Q3 at 12:21, closing still at 13:00. To take that back: `undo N`. (Receipt {said})")
        ]
        await bot.message("@plain mute x/5", HOST, mentions_bot=True)
        await bot.settle()
        muted = bot.platforms["x"].sent[-1].text
        assert unnumbered(muted).startswith("Done. To take that back: `undo N`.")
        await bot.message(f"@plain {muted.split('`')[1]}", HOST, mentions_bot=True)
        await bot.settle()
        assert "take that back" not in bot.platforms["x"].sent[-1].text


async def test_a_command_received_before_a_crash_is_executed_once_after_it(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    async with running_bot(store_url, clock=clock) as bot:
        await bot.advance(minutes=16)
        bot.service.executor.refresh = bot.service.executor.release_claims = _dies
        said = Command(place="discord", at=clock.now(), id="c", author=HOST, text="next", chat="a/b")
        await bot.convenor.database.write("incoming", commands.enqueue, [said])
    async with running_bot(store_url, clock=clock, platforms=bot.platforms) as later:
        await later.advance(seconds=10)
        assert later.posted_keys("x").count("q2") == 1
        assert later.due("q3") == later.at(21)


async def _dies(*_: object) -> None:
    raise ConnectionResetError


async def test_whoever_is_handed_the_lead_in_the_room_has_it_until_it_is_taken_back(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        cas = Author(id="rcas", name="Cas Pretend")
        await bot.convenor.inbox.hear(Joined(place="room", at=bot.clock.now(), author=cas, chat="a/b"))
        assert [one.author.name for one in await bot.service.links.candidates("a/b")] == ["Cas Pretend"]
        assert not await bot.service.links.has_lead("a/b", "room", "rcas")
        answer = await bot.command('handover "cas pretend"')
        assert answer.text == "Cas Pretend leads now, with all commands. The controls are a press away on their page."
        assert await bot.service.links.has_lead("a/b", "room", "rcas")
        assert await bot.service.links.candidates("a/b") == ()
        assert "Cas Pretend" in await bot.service.staff_names("a/b"), "nobody else may join under that name"
        assert (await bot.command("say I lead", cas, place="room")).done
        refused = await bot.command("lead", cas, place="room")
        assert refused.text == "Nobody was handed the lead.", "they don't take it from themselves"
        back = await bot.command("lead")
        assert back.text == "The lead is taken back from Cas Pretend."
        assert not await bot.service.links.has_lead("a/b", "room", "rcas")
        assert not (await bot.command("say I lead", cas, place="room")).done
        assert back.undo
        await bot.command(back.undo)
        assert await bot.service.links.has_lead("a/b", "room", "rcas")
        assert (await bot.command("lead", HELPER)).text == "Only the host of this chat can do that."


async def test_a_link_handed_over_is_good_until_it_is_taken_back(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        assert not (await bot.command('handover "Kate" by link')).done, "a link would be seen there"
        host: Any = {"place": "room", "by": Author(id="link-x", name="Pretend host"), "role": "host"}
        made = await bot.command('handover "Kate Pretend" by link', **host)
        key = made.link.removeprefix("/host/")
        begun = await bot.service.links.begin(key)
        assert begun
        assert (begun[1].name, begun[1].role, begun[1].chat) == ("Kate Pretend", "host", "a/b")
        assert key not in str(bot.stored_commands())
        back = await bot.command("lead", **host)
        assert back.text == "The lead is taken back from Kate Pretend."
        assert await bot.service.links.begin(key) is None
        assert back.undo
        await bot.command(back.undo, **host)
        assert await bot.service.links.begin(key)
        assert made.undo
        await bot.command(made.undo, **host)
        assert await bot.service.links.begin(key) is None


async def test_handover_makes_another_person_a_host(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("I can take over", place="discord")
        assert not (await bot.command("say Hello", GUEST)).done
        assert (await bot.command("handover @pretend_guest")).text == "@pretend_guest leads now, with all commands."
        assert (await bot.command("say Hello", GUEST)).done
        await bot.command("undo")
        assert not (await bot.command("say Hello again", GUEST)).done


async def test_the_log_names_who_did_what(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.command("skip q2")
        await bot.command("next", GUEST)
        await bot.command("undo")
        assert (await bot.command("log")).text.splitlines() == [
            "12:11 @pretend_host (discord): undo",
            "12:11 @pretend_guest (discord): next (not allowed)",
            "12:11 @pretend_host (discord): skip q2 (taken back)",
        ]


async def test_anybody_can_ask_and_opt_out(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("I use paper", place="discord")
        assert "Q1 of 4 is on." in (await bot.command("status", GUEST)).text
        assert "leave me out" in (await bot.command("help", GUEST)).text
        assert (await bot.command("leave me out", GUEST)).text.startswith("Done")
        assert await bot.convenor.conversation("room").messages("a/b") == []
        assert bot.stored_commands() == []


async def test_the_dashboard_shows_the_plan_the_queue_the_places_and_the_log(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("We use paper")
        await bot.advance(seconds=5)
        said = await bot.message("Ring me on 07700 900123")
        await bot.command("skip q3")
        dashboard = await bot.dashboard()
        states = {step.key: step.state for step in dashboard.steps}
        assert states == {
            "welcome": "out",
            "rules": "out",
            "q1": "out",
            "q2": "coming",
            "q3": "left_out",
            "q4": "coming",
            "closing": "coming",
        }
        (held,) = dashboard.queue
        assert (held.number, held.message.id, held.patient, held.reasons) == (1, said, True, ())
        assert held.marks == (TextMark(start=11, end=23, what="a phone number"),)
        assert [one.text for one in dashboard.queue[0].before] == ["We use paper"]
        assert {one.place: (one.state, one.people, one.messages) for one in dashboard.places} == {
            "room": ("connected", 0, 0),
            "x": ("connected", 1, 1),
            "discord": ("connected", 0, 0),
        }
        assert [(one.who, one.text, bool(one.undo)) for one in dashboard.log] == [("@pretend_host", "skip q3", True)]
        assert dashboard.plan_summary == "Q1 is on since 12:10. Q2 at 12:20, closing still at 13:00."


async def test_if_no_host_comes_the_moderators_are_asked_and_may_lead(store_url: str) -> None:
    async with running_bot(store_url, absent="5m") as bot:
        await bot.advance(minutes=12)
        asked = [post for post in bot.platforms["discord"].sent if post.to == "88"]
        assert len(asked) == 1
        assert asked[0].text.startswith(
            "The host of our chat “A plain chat” has not been seen since it began at 12:00."
        )
        assert (await bot.command("say I will lead today", HELPER)).done
        await bot.advance(minutes=60)
        assert bot.posted_keys()[-1] == "closing"
        assert len([post for post in bot.platforms["discord"].sent if post.to == "88"]) == 1


async def test_the_moderators_lead_until_a_host_is_back_or_as_long_as_a_host_says(store_url: str) -> None:
    async with running_bot(store_url, absent="5m") as bot:
        await bot.advance(minutes=12)
        assert (await bot.command("say I will lead today", HELPER)).done
        await bot.advance(minutes=1)
        dashboard = await bot.dashboard()
        assert (dashboard.moderators_lead, dashboard.moderators_stay) == (True, False), "their own command is no host's"
        assert [one.name for one in dashboard.leaders] == ["Pretend host"]
        await bot.message("Sorry, the train", HOST, place="discord")
        await bot.advance(minutes=1)
        assert not (await bot.dashboard()).moderators_lead
        assert (await bot.command("say Shall I go on?", HELPER)).text == "Only the host of this chat can do that."
        assert (await bot.dashboard()).log[1].receipt.startswith("A host is back, so the moderators lead no longer.")
        assert (await bot.command("handover moderators")).text == "Every moderator can lead now, until you say `lead`."
        await bot.message("Please do", HOST, place="discord")
        await bot.advance(minutes=1)
        assert (await bot.command("say I go on", HELPER)).done
        assert (await bot.command("lead")).text == "The lead is taken back from the moderators."
        assert not (await bot.command("say One more", HELPER)).done


async def test_a_forgotten_pause_ends_by_itself(store_url: str) -> None:
    async with running_bot(store_url, absent="5m") as bot:
        await bot.message("Hello, I am your host", HOST)
        await bot.advance(minutes=16)
        await bot.command("pause")
        await bot.advance(minutes=25)
        assert bot.convenor.live_chats.by_name["a/b"].state.paused_at is None
        assert "q2" in bot.posted_keys()


async def test_the_state_of_a_chat_survives_being_stored(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.command("slow 30s")
        await bot.command("hold all")
        found = bot.convenor.database.read_sync(chats.find, "a/b")
        assert found is not None
        assert (found.state.slow, found.state.hold_all) == (30, True)
        await bot.command("undo")
        assert not bot.convenor.live_chats.by_name["a/b"].state.hold_all


async def test_say_tells_which_places_cannot_post_the_text(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    x = FakePlatform(clock, **X, links=lambda text: [word for word in text.split() if "://" in word], most_links=0)
    platforms = {"room": FakePlatform(clock, **ROOM), "x": x}
    async with running_bot(store_url, clock=clock, platforms=platforms) as bot:
        await bot.advance(minutes=8)
        answer = await bot.command("say Look at https://example.org", place="room")
        assert answer.text == ("Said in room. Not in x: only one post of a chat may have a link there; say it without.")
        assert (await bot.command("say in x: https://example.org", place="room")).text.startswith("Not in x: only one")


async def test_a_cancelled_chat_leaves_the_calendar(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(days=3))
    platforms = {"discord": FakePlatform(clock, **DISCORD, calendar=True)}
    async with running_bot(store_url, clock=clock, platforms=platforms) as bot:
        await bot.command("cancel yes")
        calendar_entries = [post.calendar_entry for post in platforms["discord"].sent if post.calendar_entry]
        assert [one.cancelled for one in calendar_entries] == [False, True]


async def test_a_question_waits_while_answers_come_in_and_the_log_says_why(store_url: str) -> None:
    chat = msgspec.structs.replace(a_chat_with_hosts(), pace="follow")
    async with running_bot(store_url, chat=chat) as bot:
        await bot.advance(minutes=24)
        for number in range(6):
            await bot.message(f"Pretend {number}", Author(id=str(number), handle=f"@p{number}"), place="discord")
            await bot.advance(seconds=6)
        await bot.advance(seconds=8)  # 16 seconds before Q2
        assert bot.due("q2") == bot.at(20.5)
        newest = bot.stored_commands()[0]
        assert newest.command.author.name == "Convenor"
        assert newest.receipt == "Q2 comes 30s later: 6 answers in the last minute."
        await bot.advance(minutes=2)
        assert bot.posted_keys()[-1] == "q2"
        assert bot.due("q3") == bot.at(30)
        assert (await bot.command("undo")).text == "There is nothing to take back."


async def test_the_log_alone_gives_the_same_record_commands_included(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        kept, hidden = await bot.message("We meet by video"), await bot.message("Something else")
        await bot.command(f"hide x/{hidden}")
        await bot.command("edit q1 What do you do?")
        await bot.advance(seconds=30)
        await bot.command("next")
        await bot.advance(minutes=1)
        again = await bot.message("And on paper", place="discord")
        await bot.advance(seconds=20)
        await bot.command("back")
        await bot.advance(seconds=20)
        late = await bot.message("A phone, too", place="discord")
        await bot.advance(seconds=20)
        await bot.command("add What will you take with you?")
        await bot.command("end yes")
        await bot.advance(minutes=1)
        events = transfer.export_events(bot.convenor.database, bot.chat)
        found = bot.convenor.database.read_sync(chats.find, "a/b")
        assert found is not None
        live_record, replayed = record(found.chat, events), record(bot.chat, list(reversed(events)))
        for made in (live_record, replayed):
            assert {(one.id, one.question) for one in made.messages} == {(kept, "q1"), (again, "q2"), (late, "q1")}
            assert made.chat.questions[0].text == "What do you do?"
            assert made.ends == live_record.ends
        commands_told = [one.text for one in events if isinstance(one, Command)]
        assert commands_told[:3] == [f"hide x/{hidden}", "edit q1 What do you do?", "next"]
        before, after = next(
            (one.before, one.after) for one in events if isinstance(one, Command) and one.text == "next"
        )
        assert before == "Q2 12:20, Q3 12:30, Q4 12:40, closing 13:00"
        assert after == "Q2 12:11, Q3 12:21, Q4 12:31, closing 13:00"


async def test_a_person_who_tells_the_bot_to_stop_is_never_written_to(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        assert (await bot.command("stop", GUEST)).text == "Done: I will not write to you again."
        await bot.message("My patient Annie Smith, 81, from Leeds", GUEST, place="discord")
        await bot.settle()
        assert [post for post in bot.platforms["discord"].sent if post.to == GUEST.id] == []
        dashboard = await bot.dashboard()
        assert len(dashboard.queue) == 1


async def test_a_flag_is_forgotten_once_it_is_decided(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.command("status", HELPER)  # so that they are known, and can be told
        said = await bot.message("Ring my patient on 07700 900123", GUEST, place="discord")
        await bot.settle()
        told = {post.to: post.text for post in bot.platforms["discord"].sent if post.to}
        assert set(told) == {"77", "88", "99"}
        assert "phone number" in told["88"]
        assert "900123" not in told["88"]
        assert (await bot.command("drop 1", HELPER)).text.startswith("1 is left out of the transcript.")
        rows = bot.convenor.database.read_sync(_everything)
        assert [row for row in rows if "phone" in row or "flagged" in row or "waits-" in row] == []
        assert [one.id for one in await bot.convenor.conversation("discord").withheld("a/b", "99")] == [said]


def _everything(connection: Connection) -> list[str]:
    """Every row of every table, but what people said themselves."""
    tables = [table for name, table in metadata.tables.items() if name not in {"events", "messages"}]
    return [str(tuple(row)) for table in tables for row in connection.execute(select(table))]


async def test_people_with_a_role_on_the_platform_cannot_be_muted(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("Hello", Author(id="5", handle="@pretend_mod"), place="discord", role="moderator")
        assert "cannot be silenced" in (await bot.command("mute <@5>")).text


async def test_participants_cannot_make_the_bot_post_by_asking_in_public(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("@plain status", mentions_bot=True)
        await bot.message("!status", place="discord")
        await bot.settle()
        assert [post for name in PLACES for post in bot.platforms[name].sent if post.kind == "receipt"] == []


async def test_a_question_that_is_claimed_ahead_is_not_current(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=24.9)
        assert (await bot.command("status")).text.startswith("A plain chat: Q1 is on since 12:10. Q2 at 12:20")
        dashboard = await bot.dashboard()
        assert {step.key: step.state for step in dashboard.steps}["q2"] == "coming"
        assert dashboard.current_question == "q1"


# What a review found ---------------------------------------------------------------------------------------


async def test_edit_does_not_bring_back_a_question_that_was_left_out(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=8)
        await bot.command("skip q3")
        assert (await bot.command("edit q3 Something else?")).text == "Q3 was left out."
        await bot.command("edit q2 Other words?")
        await bot.command("cancel yes")
        assert (await bot.command("edit q2 Once more?")).text == "This chat is cancelled."
        assert not (await bot.command("undo")).done
        await bot.advance(minutes=30)
        assert [key for key in bot.posted_keys() if key[0] == "q"] == []


async def test_undo_changes_nothing_else(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.command("at q2 12:25")
        await bot.command("start now yes")
        answer = await bot.command("undo")
        assert answer.text.startswith("`at` by @pretend_host: The plan has moved since")
        assert bot.due("q2") == bot.at(20)
        assert (await bot.command("undo")).text == "There is nothing to take back."


async def test_undo_does_not_bring_back_a_question_that_was_passed(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.command("skip q2")
        await bot.advance(minutes=20)
        assert (await bot.command("undo")).text.endswith("Q2 cannot come back: Q3 has been asked since.")


async def test_undo_of_a_mute_leaves_a_ban_and_an_earlier_mute_as_they_were(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("One", place="discord")
        await bot.command("ban <@99> yes")
        await bot.command("mute <@99> 10m")
        assert (await bot.command("undo")).text.startswith("`mute` by @pretend_host: Taken back: not heard, as before.")
        await bot.message("Two", place="discord")
        await bot.command("unmute <@99>")
        await bot.message("Three", place="discord")
        await bot.command("undo")
        await bot.message("Four", place="discord")
        assert [one.text for one in await bot.convenor.conversation("room").messages("a/b")] == ["One", "Three"]
        action_kinds = [post.action.kind for post in bot.platforms["discord"].sent if post.action]
        assert action_kinds == ["timeout", "timeout", "timeout", "release", "timeout"]


async def test_a_mute_for_the_chat_ends_on_the_platform_after_it(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.message("One", place="discord")
        assert "silent until 14:00." in (await bot.command("mute <@99>")).text
        assert "silent until 31 March." in (await bot.command("ban <@99> yes")).text


async def test_an_unknown_name_is_refused_and_a_handle_is_looked_up_where_messages_have_none(
    store_url: str,
) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    x = FakePlatform(clock, **X, nameless=True)
    platforms = {"room": FakePlatform(clock, **ROOM), "x": x}
    async with running_bot(store_url, clock=clock, platforms=platforms) as bot:
        await bot.advance(minutes=16)
        await bot.message("One", Author(id="2001"))
        for wrong in ("mute room/nobody", "mute x/nobody", "handover x/nobody", "mute room/12345"):
            assert "Nobody called" in (await bot.command(wrong, place="room")).text
        x.knows(Author(id="2001", handle="@pretend_d"))
        assert (await bot.command("mute @pretend_d", place="room")).text.startswith("@pretend_d is muted")
        await bot.message("Two", Author(id="2001"))
        assert [one.text for one in await bot.convenor.conversation("room").messages("a/b")] == ["One"]


async def test_an_undo_that_comes_late_does_not_hit_a_newer_change(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.command("extend 5m")
        early = bot.clock.now() + timedelta(seconds=5)
        await bot.advance(seconds=30)
        await bot.command("extend 7m", HELPER, place="discord", role="moderator")
        assert "A later command came before this one" in (await bot.command("undo", at=early)).text
        assert bot.due("closing") == bot.at(72)


async def test_after_the_end_nothing_is_announced_and_long_after_it_nothing_is_posted(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=66)
        assert (await bot.command("announce")).text.startswith("This chat is over")
        assert (await bot.command("say The transcript follows")).done
        await bot.advance(minutes=70)
        assert (await bot.command("say Hello?")).text.startswith("This chat is over")


async def test_a_clock_that_is_set_back_stops_no_command(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        await bot.command("extend 5m", at=bot.clock.now() + timedelta(seconds=90))
        assert (await bot.command("extend 5m")).done


async def test_only_one_post_of_a_chat_has_a_link_where_links_are_limited(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    x = FakePlatform(clock, **X, links=lambda text: [word for word in text.split() if "://" in word], most_links=1)
    async with running_bot(store_url, clock=clock, platforms={"x": x}) as bot:
        await bot.advance(minutes=8)
        assert (await bot.command("say Look at https://example.org/1", place="x")).done
        assert (await bot.command("say Look at https://example.org/2", place="x")).text.startswith("Not in x: only one")


async def test_a_thousand_people_without_a_role_delay_nobody(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        for number in range(200):
            await bot.message("!next", Author(id=f"p{number}", handle=f"@p{number}"), place="discord")
        await bot.settle()
        assert bot.posted_keys()[-1] == "q1"
        assert {one.outcome for one in bot.stored_commands()} == {"denied"}
        assert (await bot.command("next")).done


def test_a_place_without_a_text_is_no_command() -> None:
    for text in ("say in room", "say in x hi"):
        assert isinstance(parse(text, places=("room", "discord")), Misunderstood)
    assert isinstance(parse("say in short, we meet again", places=("room",)), Say)


async def test_the_log_shows_a_handle_once_it_was_looked_up(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    x = FakePlatform(clock, **X, nameless=True)
    x.knows(HOST)
    async with running_bot(store_url, clock=clock, platforms={"x": x}) as bot:
        await bot.advance(minutes=16)
        assert (await bot.command("extend 5m", Author(id="77"), place="x")).done
        assert bot.stored_commands()[0].command.author.handle == "@pretend_host"


@pytest.mark.parametrize("steps", range(6))
async def test_the_worker_ends_when_cancelled_whatever_comes_in_the_same_instant(store_url: str, steps: int) -> None:
    async with running_bot(store_url) as bot:
        worker = bot.convenor.services.worker
        task = asyncio.create_task(worker.run())
        await asyncio.sleep(0.05)
        worker.wake()
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=60)
        assert done


async def test_a_stored_command_is_done_even_if_refreshing_fails(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        noted, bot.service.executor.refresh = bot.service.executor.refresh, _dies
        assert (await bot.command("extend 5m")).done
        await bot.message("!extend 5m", HOST, place="discord")
        await bot.settle()
        assert [one.outcome for one in bot.stored_commands()] == ["done", "done"]
        bot.service.executor.refresh = noted
        await bot.service.executor.retry_refresh()
        assert bot.convenor.live_chats.by_name["a/b"].ends == bot.at(70)


async def test_a_decision_of_the_bot_whose_answer_was_lost_shows_all_the_same(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decide(connection: Connection, context: CommandContext) -> CommandResult:
        chats.save_state(connection, "a/b", msgspec.structs.replace(context.state, slow=30))
        return CommandResult(receipt="Slower now.")

    async with running_bot(store_url) as bot:
        await bot.advance(minutes=16)
        executor = bot.service.executor
        write = executor._database.write

        async def lost(*args: Any) -> None:  # noqa: ANN401 -- as in Database
            await write(*args)
            raise StoreError

        with monkeypatch.context() as patch:
            patch.setattr(executor._database, "write", lost)
            with pytest.raises(StoreError):
                await executor.execute_own("a/b", "slow", decide)
        await executor.retry_refresh()
        assert bot.convenor.live_chats.by_name["a/b"].state.slow == 30


def test_every_command_has_a_handler_and_every_undo_too() -> None:
    assert execution.HANDLERS.keys() == set(get_args(ParsedCommand))
    assert undoing.UNDO.keys() == set(get_args(undoing.Undo))
