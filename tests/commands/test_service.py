"""The desk over a real store: what comes of each command, and that it comes of it once, whatever happens."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Connection, select

from bot import transfer
from bot.commands.grammar.command_types import Misunderstood, Say
from bot.commands.grammar.parser import parse
from bot.messages import Author, Command, Edited
from bot.reporting.record import record
from bot.store import chats, commands
from bot.store.schema import metadata
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform
from tests.scheduling.stage import DISCORD, GUEST, HELPER, HOST, ROOM, X, a_led_chat, playing

PLACES = ("room", "x", "discord")


async def test_next_brings_the_next_question_at_once_on_every_place(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)  # Q1 came at ten past
        answer = await stage.tell("next")
        assert answer.done
        assert answer.text == "Q2 now, Q3 at 12:21, closing still at 13:00."
        for place in PLACES:
            assert stage.said(place)[-1] == "q2"
        assert stage.due("q3") == stage.at(21)
        assert stage.due("closing") == stage.at(60)


async def test_next_twice_within_a_second_moves_one_question_and_says_so(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.tell("next", HOST)
        second = await stage.tell("n", HELPER, place="x", role="moderator")
        assert not second.done
        assert second.text.startswith("Q2 was asked only just now; nothing moved.")
        assert stage.said()[-1] == "q2"


async def test_the_same_command_told_twice_is_carried_out_once(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        first = await stage.tell("extend 5m", id="same")
        again = await stage.tell("extend 5m", id="same")
        assert (first.text, again.text) == (first.text, first.text)
        assert stage.due("closing") == stage.at(65)


async def test_a_pause_holds_the_questions_and_not_the_closing(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=24.9)  # Q2 is claimed already
        assert (await stage.tell("pause")).text.startswith("Paused. Q2 waits")
        await stage.go(minutes=3)
        assert "q2" not in stage.said()
        answer = await stage.tell("resume")
        assert answer.text.startswith("We go on. Q2 at 12:22")
        await stage.go(minutes=45)
        assert [key for key in stage.said() if not key.startswith("notice")] == [
            *("welcome", "rules", "q1", "q2", "q3", "q4", "closing")
        ]


async def test_a_pause_that_nobody_ends_ends_with_the_chat(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    async with playing(store_url, clock=clock) as stage:
        await stage.go(minutes=16)
        await stage.tell("pause")
        paused = stage.lines("q3")
        assert {line.state for line in paused} == {"paused"}
        await stage.go(minutes=2)
    async with playing(store_url, clock=clock, platforms=stage.platforms) as later:  # a restart keeps the pause
        await later.go(minutes=2)
        assert "q2" not in later.said()
        assert (await later.tell("status")).text.startswith("A plain chat: Q1 is on since 12:10. Paused since 12:11.")


async def test_skip_extend_and_at_move_the_rest(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        assert (await stage.tell("skip q2")).text == "Q2 left out. Q3 at 12:30, closing still at 13:00."
        assert (await stage.tell("extend 10m")).text == "Q3 at 12:30, closing at 13:10."
        assert (await stage.tell("at q4 12:50")).text == "Q4 at 12:50. Q3 at 12:30, closing still at 13:10."
        await stage.go(minutes=60)
        assert [key for key in stage.said() if key[0] == "q"] == ["q1", "q3", "q4"]
        assert stage.said()[-1] == "closing"


async def test_undo_takes_back_the_last_thing_that_can_be(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.tell("skip q2")
        await stage.tell("say Hello all")  # cannot be taken back
        answer = await stage.tell("undo")
        assert answer.text == "`skip` by @pretend_host: Taken back. Q2 at 12:20, closing still at 13:00."
        assert stage.due("q2") == stage.at(20)
        assert (await stage.tell("undo")).text == "There is nothing to take back."
        await stage.go(minutes=10)
        assert "q2" in stage.said("room")


async def test_a_question_that_is_added_is_asked_counted_and_can_be_taken_back(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=46)
        assert (await stage.tell("add What will you take with you?")).text.startswith("Q5 at 12:50.")
        assert stage.convenor.live_chats.by_name["a/b"].chat.question("q5") is not None
        await stage.tell("undo")
        assert stage.convenor.live_chats.by_name["a/b"].chat.question("q5") is None
        await stage.tell("add What else?")
        await stage.go(minutes=10)
        assert "Q5. What else? #plain" in stage.platforms["x"].posted


async def test_end_is_asked_once_more_and_then_closes(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        answer = await stage.tell("end")
        assert answer.confirm == "end yes"
        assert "closing" not in stage.said()
        assert (await stage.tell("end yes")).text == "Closing now; Q2, Q3, Q4 left out."
        for place in PLACES:
            assert stage.said(place)[-1] == "closing"
        await stage.go(minutes=30)
        assert stage.said()[-1] == "closing"
        late = await stage.tell("next")
        assert late.text.startswith("This chat is over")


async def test_a_chat_that_was_called_off_stays_so_after_a_restart(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    async with playing(store_url, clock=clock) as stage:
        assert (await stage.tell("cancel yes")).text == "Cancelled. Everybody is told."
        await stage.go(seconds=10)
        assert [key[:6] for key in stage.said()] == ["notice"]
    async with playing(store_url, clock=clock, platforms=stage.platforms) as later:
        await later.go(minutes=20)
        assert len(later.said()) == 1


async def test_start_now_begins_and_moves_everything(store_url: str) -> None:
    async with playing(store_url) as stage:
        answer = await stage.tell("start now yes")
        assert answer.text == "Starting now. Q1 at 12:05, closing at 12:55."
        assert stage.said() == ["welcome"]
        live = stage.convenor.live_chats.by_name["a/b"]
        assert (live.chat.starts, live.ends) == (stage.at(-5), stage.at(55))
        await stage.go(minutes=12)
        assert stage.said()[-1] == "q1"


async def test_what_is_said_goes_to_all_or_to_one(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=8)
        assert (await stage.tell("say We begin soon")).text == "Said in room, x and discord."
        assert (await stage.tell("say in room: Only here")).text == "Said in room."
        assert "We begin soon #plain" in stage.platforms["x"].posted
        assert "Only here #plain" in stage.platforms["room"].posted
        assert "Only here #plain" not in stage.platforms["x"].posted


async def test_a_question_is_reworded_before_it_is_out_and_the_file_does_not_undo_that(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    async with playing(store_url, clock=clock) as stage:
        assert (await stage.tell("edit q2 What else?")).text == "Q2 has its new words."
    async with playing(store_url, clock=clock, platforms=stage.platforms) as later:
        await later.go(minutes=26)
        assert "Q2. What else? #plain" in later.platforms["x"].posted
        assert "Q2. What else? #plain" in later.platforms["room"].posted


async def test_a_question_that_is_out_is_changed_where_it_can_be_and_corrected_elsewhere(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        answer = await stage.tell("edit q1 What do you do?")
        assert answer.text == "Q1 is changed in room and discord. A correction to Q1 follows in x."
        changed = [post for post in stage.platforms["discord"].sent if post.amends]
        assert [(post.amends, post.text) for post in changed] == [
            (stage.lines("q1")[-1].receipt or "", "Q1. What do you do? #plain")
        ]
        assert "Correction to Q1: What do you do? #plain" in stage.platforms["x"].posted
        asked = [one.text for one in stage.convenor.live_chats.by_name["a/b"].posts("room") if one.key == "q1"]
        assert asked == ["Q1. What do you do? #plain"]
        log = transfer.export_events(stage.convenor.database, stage.chat)
        assert sum(isinstance(one, Edited) for one in log) == len(changed) + 1


async def test_back_brings_the_question_before_to_the_floor_and_answers_find_it(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=26)
        assert (await stage.tell("back")).text.startswith("Q1 is on the floor again.")
        await stage.go(seconds=10)
        await stage.hear("We still use paper", place="discord")
        counts = await stage.convenor.conversation("room").counts("a/b")
        assert counts == {"q1": 1}


async def test_who_has_no_role_changes_nothing_and_is_logged(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        before = [(line.post.key, line.post.due, line.state) for line in stage.lines()]
        answer = await stage.tell("next", GUEST)
        assert answer.text == "Only those who lead this chat can do that."
        assert [(line.post.key, line.post.due, line.state) for line in stage.lines()] == before
        assert [one.outcome for one in stage.commands()] == ["denied"]
        helper = await stage.tell("say Hello", HELPER, place="discord")
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
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        assert not (await stage.tell("next", by, place=place)).done


async def test_a_command_said_long_ago_or_out_of_order_is_too_late(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        old = await stage.tell("next", at=stage.clock.now() - timedelta(minutes=5))
        assert old.text == "I heard that only 5 minutes later, so nothing changed."
        await stage.tell("pause")
        early = await stage.tell("next", at=stage.clock.now() - timedelta(seconds=20))
        assert early.text == "A later command came before this one, so nothing changed."


async def test_hidden_held_and_shown_messages_leave_the_record_and_come_back(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        said = await stage.hear("We meet by video", reply_to=None)
        conversation = stage.convenor.conversation("room")
        assert (await stage.tell(f"hide x/{said}")).text == (
            "Left out of the transcript: the message by @pretend_guest. X is asked to hide it below our post."
        )
        assert (await conversation.counts("a/b"), await conversation.messages("a/b")) == ({"q1": 0}, [])
        actions = [post.action for post in stage.platforms["x"].sent if post.action]
        assert [(one.kind, one.message) for one in actions] == [("hide", said)]
        assert (await stage.tell("undo")).done
        assert await conversation.counts("a/b") == {"q1": 1}
        await stage.tell(f"hold x/{said}", HELPER)
        assert "1. @pretend_guest on x, 12:11: We meet by video" in (await stage.tell("held")).text
        assert (await stage.tell("approve 1")).text.endswith("Nothing else waits.")
        assert (await stage.tell("approve 1")).text.startswith("There is no 1 in the queue")
        assert [one.id for one in await conversation.messages("a/b")] == [said]


async def test_who_is_muted_is_not_heard_and_the_receipt_says_what_a_platform_cannot_do(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.hear("One")
        answer = await stage.tell("mute x/@pretend_guest 10m")
        assert answer.text.startswith("@pretend_guest is muted for 10m. X cannot be told to")
        await stage.hear("Two")
        conversation = stage.convenor.conversation("room")
        assert [one.text for one in await conversation.messages("a/b")] == ["One"]
        await stage.tell("unmute x/@pretend_guest")
        await stage.hear("Three")
        assert [one.text for one in await conversation.messages("a/b")] == ["One", "Three"]
        await stage.hear("Here too", Author(id="5", handle="@pretend_b"), place="discord")
        assert "Discord is asked to keep them silent" in (await stage.tell("mute <@5>")).text
        assert [post.action.kind for post in stage.platforms["discord"].sent if post.action] == ["timeout"]


async def test_those_who_lead_cannot_be_silenced_and_two_of_a_name_are_told_apart(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.hear("Hello", HELPER, place="discord")
        assert "cannot be silenced" in (await stage.tell("mute <@88>")).text
        for number in ("1", "2"):
            await stage.hear(f"Hello {number}", Author(id=number, handle=f"@p{number}", name="Pretend double"))
        answer = await stage.tell('mute "Pretend double"')
        assert answer.text.startswith("Several people could be meant: x/@p1, x/@p2.")


async def test_a_message_by_somebody_who_leads_is_a_command_and_answered_to_them_alone(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        said = await stage.hear("!next", HOST, place="discord")
        await stage.settled()
        assert stage.said("room")[-1] == "q2"
        private = [post for post in stage.platforms["discord"].sent if post.to]
        assert [(post.to, post.text) for post in private] == [("77", "Q2 now, Q3 at 12:21, closing still at 13:00.")]
        assert await stage.convenor.conversation("room").messages("a/b") == []
        await stage.hear("!next", HOST, place="discord", id=said)  # told twice
        await stage.go(seconds=30)
        assert stage.said("room")[-1] == "q2"


async def test_on_x_whoever_leads_is_answered_below_their_post_without_names(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        said = await stage.hear("@plain next", HOST, summons=True)
        await stage.settled()
        receipts = [post for post in stage.platforms["x"].sent if post.kind == "receipt"]
        assert [(post.reply_to, post.text) for post in receipts] == [
            (said, f"Q2 now, Q3 at 12:21, closing still at 13:00. (Receipt {said})")
        ]
        await stage.hear("@plain mute x/5", HOST, summons=True)
        await stage.settled()
        assert stage.platforms["x"].sent[-1].text.startswith("Done.")


async def test_a_command_that_was_heard_before_a_crash_is_carried_out_after_it_once(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    async with playing(store_url, clock=clock) as stage:
        await stage.go(minutes=16)
        stage.service.refresh = stage.service.release_claims = _dies
        said = Command(place="discord", at=clock.now(), id="c", author=HOST, text="next", chat="a/b")
        await stage.convenor.database.write("incoming", commands.enqueue, [said])
    async with playing(store_url, clock=clock, platforms=stage.platforms) as later:
        await later.go(seconds=10)
        assert later.said("x").count("q2") == 1
        assert later.due("q3") == later.at(21)


async def _dies(*_: object) -> None:
    raise ConnectionResetError


async def test_handover_lets_another_lead(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.hear("I can take over", place="discord")
        assert not (await stage.tell("say Hello", GUEST)).done
        assert (await stage.tell("handover @pretend_guest")).text == "@pretend_guest leads now, with all commands."
        assert (await stage.tell("say Hello", GUEST)).done
        await stage.tell("undo")
        assert not (await stage.tell("say Hello again", GUEST)).done


async def test_the_log_names_who_did_what(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.tell("skip q2")
        await stage.tell("next", GUEST)
        await stage.tell("undo")
        assert (await stage.tell("log")).text.splitlines() == [
            "12:11 @pretend_host (discord): undo",
            "12:11 @pretend_guest (discord): next (not allowed)",
            "12:11 @pretend_host (discord): skip q2 (taken back)",
        ]


async def test_anybody_can_ask_and_be_left_out(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.hear("I use paper", place="discord")
        assert "Q1 of 4 is on." in (await stage.tell("status", GUEST)).text
        assert "leave me out" in (await stage.tell("help", GUEST)).text
        assert (await stage.tell("leave me out", GUEST)).text.startswith("Done")
        assert await stage.convenor.conversation("room").messages("a/b") == []
        assert stage.commands() == []


async def test_the_console_shows_the_plan_the_queue_the_places_and_the_log(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.hear("We use paper")
        await stage.go(seconds=5)
        said = await stage.hear("Ring me on 07700 900123")
        await stage.tell("skip q3")
        dashboard = await stage.service.dashboard("a/b")
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
        assert [(one.number, one.message.id, one.spans) for one in dashboard.queue] == [(1, said, ((11, 23),))]
        assert "phone number" in dashboard.queue[0].reasons[0]
        assert [one.text for one in dashboard.queue[0].before] == ["We use paper"]
        assert {one.place: (one.state, one.people, one.messages) for one in dashboard.places} == {
            "room": ("connected", 0, 0),
            "x": ("connected", 1, 1),
            "discord": ("connected", 0, 0),
        }
        assert [(one.who, one.text, one.undoable) for one in dashboard.log] == [("@pretend_host", "skip q3", True)]
        assert dashboard.plan_summary == "Q1 is on since 12:10. Q2 at 12:20, closing still at 13:00."


async def test_if_no_host_comes_the_moderators_are_asked_and_may_lead(store_url: str) -> None:
    async with playing(store_url, absent="5m") as stage:
        await stage.go(minutes=12)
        asked = [post for post in stage.platforms["discord"].sent if post.to == "88"]
        assert len(asked) == 1
        assert asked[0].text.startswith(
            "The host of our chat “A plain chat” has not been seen since it began at 12:00."
        )
        assert (await stage.tell("say I will lead today", HELPER)).done
        await stage.go(minutes=60)
        assert stage.said()[-1] == "closing"
        assert len([post for post in stage.platforms["discord"].sent if post.to == "88"]) == 1


async def test_a_pause_that_is_forgotten_ends_by_itself(store_url: str) -> None:
    async with playing(store_url, absent="5m") as stage:
        await stage.hear("Hello, I am your host", HOST)
        await stage.go(minutes=16)
        await stage.tell("pause")
        await stage.go(minutes=25)
        assert stage.convenor.live_chats.by_name["a/b"].state.paused_at is None
        assert "q2" in stage.said()


async def test_what_a_course_holds_survives_being_written(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.tell("slow 30s")
        await stage.tell("hold all")
        found = stage.convenor.database.read_sync(chats.find, "a/b")
        assert found is not None
        assert (found.state.slow, found.state.hold_all) == (30, True)
        await stage.tell("undo")
        assert not stage.convenor.live_chats.by_name["a/b"].state.hold_all


async def test_what_a_place_would_not_say_as_it_stands_is_told(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    x = FakePlatform(clock, **X, links=lambda text: [word for word in text.split() if "://" in word], most_links=0)
    platforms = {"room": FakePlatform(clock, **ROOM), "x": x}
    async with playing(store_url, clock=clock, platforms=platforms) as stage:
        await stage.go(minutes=8)
        answer = await stage.tell("say Look at https://example.org", place="room")
        assert answer.text == ("Said in room. Not in x: only one post of a chat may have a link there; say it without.")
        assert (await stage.tell("say in x: https://example.org", place="room")).text.startswith("Not in x: only one")


async def test_a_chat_that_is_called_off_leaves_the_calendar(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(days=3))
    platforms = {"discord": FakePlatform(clock, **DISCORD, calendar=True)}
    async with playing(store_url, clock=clock, platforms=platforms) as stage:
        await stage.tell("cancel yes")
        calendar_entries = [post.calendar_entry for post in platforms["discord"].sent if post.calendar_entry]
        assert [one.cancelled for one in calendar_entries] == [False, True]


async def test_a_question_waits_while_answers_pour_in_and_the_log_says_why(store_url: str) -> None:
    chat = msgspec.structs.replace(a_led_chat(), pace="follow")
    async with playing(store_url, chat=chat) as stage:
        await stage.go(minutes=24)
        for number in range(6):
            await stage.hear(f"Answer {number}", Author(id=str(number), handle=f"@p{number}"), place="discord")
            await stage.go(seconds=6)
        await stage.go(seconds=8)  # 16 seconds before Q2
        assert stage.due("q2") == stage.at(20.5)
        newest = stage.commands()[0]
        assert newest.command.author.name == "Convenor"
        assert newest.receipt == "Q2 comes 30s later: 6 answers in the last minute."
        await stage.go(minutes=2)
        assert stage.said()[-1] == "q2"
        assert stage.due("q3") == stage.at(30)
        assert (await stage.tell("undo")).text == "There is nothing to take back."


async def test_the_log_alone_gives_the_same_record_commands_included(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        kept, hidden = await stage.hear("We meet by video"), await stage.hear("Something else")
        await stage.tell(f"hide x/{hidden}")
        await stage.tell("edit q1 What do you do?")
        await stage.go(seconds=30)
        await stage.tell("next")
        await stage.go(minutes=1)
        again = await stage.hear("And on paper", place="discord")
        await stage.go(seconds=20)
        await stage.tell("back")
        await stage.go(seconds=20)
        late = await stage.hear("A phone, too", place="discord")
        await stage.go(seconds=20)
        await stage.tell("add What will you take with you?")
        await stage.tell("end yes")
        await stage.go(minutes=1)
        events = transfer.export_events(stage.convenor.database, stage.chat)
        found = stage.convenor.database.read_sync(chats.find, "a/b")
        assert found is not None
        live_record, replayed = record(found.chat, events), record(stage.chat, list(reversed(events)))
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


async def test_whoever_tells_the_bot_to_stop_in_private_is_never_written_to(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        assert (await stage.tell("stop", GUEST)).text == "Done: I will not write to you again."
        await stage.hear("My patient Annie Smith, 81, from Leeds", GUEST, place="discord")
        await stage.settled()
        assert [post for post in stage.platforms["discord"].sent if post.to == GUEST.id] == []
        dashboard = await stage.service.dashboard("a/b")
        assert len(dashboard.queue) == 1


async def test_a_flag_is_forgotten_once_it_is_decided(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.tell("status", HELPER)  # so that they are known, and can be told
        said = await stage.hear("Ring my patient on 07700 900123", GUEST, place="discord")
        await stage.settled()
        told = {post.to: post.text for post in stage.platforms["discord"].sent if post.to}
        assert set(told) == {"77", "88", "99"}
        assert "phone number" in told["88"]
        assert "900123" not in told["88"]
        assert (await stage.tell("drop 1", HELPER)).text.startswith("1 is left out of the transcript.")
        rows = stage.convenor.database.read_sync(_everything)
        assert [row for row in rows if "phone" in row or "flagged" in row or "waits-" in row] == []
        assert [one.id for one in await stage.convenor.conversation("discord").withheld("a/b", "99")] == [said]


def _everything(connection: Connection) -> list[str]:
    """Every row of every table, but what people said themselves."""
    tables = [table for name, table in metadata.tables.items() if name not in {"events", "messages"}]
    return [str(tuple(row)) for table in tables for row in connection.execute(select(table))]


async def test_whoever_a_platform_vouches_for_cannot_be_silenced(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.hear("Hello", Author(id="5", handle="@pretend_mod"), place="discord", role="moderator")
        assert "cannot be silenced" in (await stage.tell("mute <@5>")).text


async def test_nobody_makes_the_bot_talk_by_asking_aloud(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.hear("@plain status", summons=True)
        await stage.hear("!status", place="discord")
        await stage.settled()
        assert [post for name in PLACES for post in stage.platforms[name].sent if post.kind == "receipt"] == []


async def test_what_is_claimed_ahead_is_not_on_the_floor(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=24.9)
        assert (await stage.tell("status")).text.startswith("A plain chat: Q1 is on since 12:10. Q2 at 12:20")
        dashboard = await stage.service.dashboard("a/b")
        assert {step.key: step.state for step in dashboard.steps}["q2"] == "coming"
        assert dashboard.floor == "q1"


# What a review found ---------------------------------------------------------------------------------------


async def test_new_words_do_not_bring_a_question_back_that_was_left_out(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=8)
        await stage.tell("skip q3")
        assert (await stage.tell("edit q3 Something else?")).text == "Q3 was left out."
        await stage.tell("edit q2 Other words?")
        await stage.tell("cancel yes")
        assert (await stage.tell("edit q2 Once more?")).text == "This chat is cancelled."
        assert not (await stage.tell("undo")).done
        await stage.go(minutes=30)
        assert [key for key in stage.said() if key[0] == "q"] == []


async def test_undo_touches_nothing_but_what_it_takes_back(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.tell("at q2 12:25")
        await stage.tell("start now yes")
        answer = await stage.tell("undo")
        assert answer.text.startswith("`at` by @pretend_host: The plan has moved since")
        assert stage.due("q2") == stage.at(20)
        assert (await stage.tell("undo")).text == "There is nothing to take back."


async def test_undo_does_not_bring_back_a_question_that_was_passed(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.tell("skip q2")
        await stage.go(minutes=20)
        assert (await stage.tell("undo")).text.endswith("Q2 cannot come back: Q3 has been asked since.")


async def test_undo_of_a_mute_leaves_a_ban_and_an_earlier_mute_as_they_were(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.hear("One", place="discord")
        await stage.tell("ban <@99> yes")
        await stage.tell("mute <@99> 10m")
        assert (await stage.tell("undo")).text.startswith("`mute` by @pretend_host: Taken back: not heard, as before.")
        await stage.hear("Two", place="discord")
        await stage.tell("unmute <@99>")
        await stage.hear("Three", place="discord")
        await stage.tell("undo")
        await stage.hear("Four", place="discord")
        assert [one.text for one in await stage.convenor.conversation("room").messages("a/b")] == ["One", "Three"]
        action_kinds = [post.action.kind for post in stage.platforms["discord"].sent if post.action]
        assert action_kinds == ["timeout", "timeout", "timeout", "release", "timeout"]


async def test_a_mute_for_the_chat_ends_on_the_platform_after_it(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.hear("One", place="discord")
        assert "silent until 14:00." in (await stage.tell("mute <@99>")).text
        assert "silent until 31 March." in (await stage.tell("ban <@99> yes")).text


async def test_a_name_that_nobody_has_is_refused_and_a_handle_is_looked_up_where_people_have_none(
    store_url: str,
) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    x = FakePlatform(clock, **X, nameless=True)
    platforms = {"room": FakePlatform(clock, **ROOM), "x": x}
    async with playing(store_url, clock=clock, platforms=platforms) as stage:
        await stage.go(minutes=16)
        await stage.hear("One", Author(id="2001"))
        for wrong in ("mute room/nobody", "mute x/nobody", "handover x/nobody", "mute room/12345"):
            assert "Nobody called" in (await stage.tell(wrong, place="room")).text
        x.knows(Author(id="2001", handle="@pretend_d"))
        assert (await stage.tell("mute @pretend_d", place="room")).text.startswith("@pretend_d is muted")
        await stage.hear("Two", Author(id="2001"))
        assert [one.text for one in await stage.convenor.conversation("room").messages("a/b")] == ["One"]


async def test_an_undo_that_comes_late_does_not_hit_a_newer_change(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.tell("extend 5m")
        early = stage.clock.now() + timedelta(seconds=5)
        await stage.go(seconds=30)
        await stage.tell("extend 7m", HELPER, place="discord", role="moderator")
        assert "A later command came before this one" in (await stage.tell("undo", at=early)).text
        assert stage.due("closing") == stage.at(72)


async def test_after_the_end_nothing_is_announced_and_long_after_nothing_said(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=66)
        assert (await stage.tell("announce")).text.startswith("This chat is over")
        assert (await stage.tell("say The transcript follows")).done
        await stage.go(minutes=70)
        assert (await stage.tell("say Hello?")).text.startswith("This chat is over")


async def test_a_clock_that_is_set_back_stops_no_command(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        await stage.tell("extend 5m", at=stage.clock.now() + timedelta(seconds=90))
        assert (await stage.tell("extend 5m")).done


async def test_only_one_post_of_a_chat_has_a_link_where_they_are_dear(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    x = FakePlatform(clock, **X, links=lambda text: [word for word in text.split() if "://" in word], most_links=1)
    async with playing(store_url, clock=clock, platforms={"x": x}) as stage:
        await stage.go(minutes=8)
        assert (await stage.tell("say Look at https://example.org/1", place="x")).done
        assert (await stage.tell("say Look at https://example.org/2", place="x")).text.startswith("Not in x: only one")


async def test_a_thousand_people_without_a_role_stand_in_nobody_s_way(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        for number in range(200):
            await stage.hear("!next", Author(id=f"p{number}", handle=f"@p{number}"), place="discord")
        await stage.settled()
        assert stage.said()[-1] == "q1"
        assert {one.outcome for one in stage.commands()} == {"denied"}
        assert (await stage.tell("next")).done


def test_where_and_nothing_to_say_is_no_order() -> None:
    for text in ("say in room", "say in x hi"):
        assert isinstance(parse(text, places=("room", "discord")), Misunderstood)
    assert isinstance(parse("say in short, we meet again", places=("room",)), Say)


async def test_the_log_names_who_comes_without_a_handle_once_it_is_known(store_url: str) -> None:
    clock = HandClock(NOON - timedelta(minutes=5))
    x = FakePlatform(clock, **X, nameless=True)
    x.knows(HOST)
    async with playing(store_url, clock=clock, platforms={"x": x}) as stage:
        await stage.go(minutes=16)
        assert (await stage.tell("extend 5m", Author(id="77"), place="x")).done
        assert stage.commands()[0].command.author.handle == "@pretend_host"


@pytest.mark.parametrize("steps", range(6))
async def test_the_tray_ends_when_it_is_told_to_whatever_comes_in_the_same_instant(store_url: str, steps: int) -> None:
    async with playing(store_url) as stage:
        worker = stage.convenor.services.worker
        task = asyncio.create_task(worker.run())
        await asyncio.sleep(0.05)
        worker.wake()
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=60)
        assert done


async def test_what_is_written_down_is_done_though_nobody_could_take_note_of_it(store_url: str) -> None:
    async with playing(store_url) as stage:
        await stage.go(minutes=16)
        noted, stage.service.refresh = stage.service.refresh, _dies
        assert (await stage.tell("extend 5m")).done
        await stage.hear("!extend 5m", HOST, place="discord")
        await stage.settled()
        assert [one.outcome for one in stage.commands()] == ["done", "done"]
        stage.service.refresh = noted
        await stage.service.retry_refresh()
        assert stage.convenor.live_chats.by_name["a/b"].ends == stage.at(70)
