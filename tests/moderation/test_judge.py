"""Messages are judged before they count: held, dropped, or taken as commands. The record agrees with the live page."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import text

from bot.errors import StoreError
from bot.live import receipts
from bot.messages import AnyEvent, Author, Deleted, Edited, MessageDecision, Posted, Withdrawn
from bot.moderation import author_names
from bot.moderation.policy import policy
from bot.store import messages, moderation_queue, muted, planned_posts
from tests.listening.running_listeners import at
from tests.moderation.moderated_chat import NAME, NUMBER, by, moderated, said


def edited(id: str, text: str, minutes: float = 12) -> Edited:
    return Edited(place="room", id=id, text=text, at=at(minutes))


def deleted(id: str, minutes: float = 13) -> Deleted:
    return Deleted(place="room", id=id, at=at(minutes))


# Held and dropped ------------------------------------------------------------------------------------------


async def test_what_the_guard_sees_is_held_and_only_its_author_sees_it(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1"), said("2", f"Ring the ward about {NUMBER}"))
        assert await here.shown() == {"1"}
        assert await here.withheld() == ["2"]
        assert here.queued() == {"2": (1, ["nhs_number"])}
        assert here.decisions() == [("2", "hold")]
        await here.assert_agreement()
    async with moderated(store_url) as again:
        await again.hear(said("2", f"Ring the ward about {NUMBER}"))
        assert again.queued() == {"2": (1, ["nhs_number"])}
        assert again.decisions() == [("2", "hold")]


async def test_the_guard_reads_a_batch_at_once_and_keeps_none_of_its_texts(store_url: str) -> None:
    async with moderated(store_url) as here:
        texts = {"1": "We sang", "2": f"It is {NUMBER}", "3": "We sang", "4": f"It is {NUMBER}"}
        await here.hear(*(said(id, text, who=f"p{id}") for id, text in texts.items()))
        assert list(here.queued()) == ["2", "4"]
        judge = here.inbox._batch_writer._judge
        assert judge is not None
        assert judge._alone == {}


async def test_the_queue_counts_from_one_and_gives_no_number_twice(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(*(said(str(n), f"{n} times {NUMBER}", who=f"p{n}") for n in range(1, 4)))
        assert [number for number, _ in here.queued().values()] == [1, 2, 3]
        assert here.database.write_sync(messages.save_decision, "room", "3", "drop", at(12)) is not None
        await here.hear(said("4", f"again {NUMBER}", who="p4"))
        assert [number for number, _ in here.queued().values()] == [1, 2, 4]
        found = here.database.read_sync(moderation_queue.find, NAME, 4)
        assert found
        assert (found.place, found.id) == ("room", "4")
        assert here.database.read_sync(moderation_queue.find, NAME, 3) is None


async def test_a_decision_forgets_the_flag_and_counts_everywhere(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1", f"It is {NUMBER}"), said("2", f"or {NUMBER}"))
        before = here.database.write_sync(messages.save_decision, "room", "1", "keep", at(12))
        assert before
        assert (before.verdict, before.question) == ("hold", "q1")
        here.live.count_decision(before.question, before.verdict, "keep")
        here.database.write_sync(messages.save_decision, "room", "2", "drop", at(12))
        assert here.queued() == {}
        assert sorted(here.decisions()) == [("1", "keep"), ("2", "drop")]
        assert here.database.write_sync(messages.save_decision, "room", "never", "keep", at(12)) is None
        await here.assert_agreement()


async def test_a_decision_is_about_one_message_however_like_the_ids_are(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1", f"a {NUMBER}"), said("1 2", f"b {NUMBER}"), said("%", f"c {NUMBER}"))
        here.database.write_sync(messages.save_decision, "room", "1", "keep", at(12))
        here.database.write_sync(messages.save_decision, "room", "%", "keep", at(12))
        assert sorted(here.decisions()) == [("%", "keep"), ("1", "keep"), ("1 2", "hold")]


async def test_the_same_again_is_dropped_even_after_a_restart_and_not_if_the_first_is_gone(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(
            said("1", "We use Teams"), said("2", " we  use TEAMS", minutes=12), said("3", "We use Teams", who="b")
        )
        assert await here.shown() == {"1", "3"}
        assert here.rows()["2"] == "drop"
        await here.hear(deleted("1"))
        await here.hear(said("4", "We use Teams", minutes=13))
        assert await here.shown() == {"3", "4"}
        await here.assert_agreement()
    async with moderated(store_url) as again:
        await again.hear(said("5", "We use Teams", minutes=14), said("4", "We use Teams", minutes=13))
        assert await again.shown() == {"3", "4"}


REFUSE_ONCE = """
CREATE SEQUENCE refused;
CREATE FUNCTION refuse() RETURNS trigger AS $$
BEGIN
    IF nextval('refused') = 1 THEN RAISE EXCEPTION 'as if two waited for each other' USING ERRCODE = '40P01'; END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER refuse AFTER INSERT ON messages FOR EACH STATEMENT EXECUTE FUNCTION refuse();
"""
"""Nothing that a transaction does to a sequence is taken back with it."""


async def test_a_batch_that_the_database_refused_is_judged_the_second_time_as_at_first(postgres_url: str) -> None:
    async with moderated(postgres_url, rules=policy(flood="5/minute")) as here:
        flood = [said(str(number), minutes=11 + number / 100) for number in range(12)]
        assert await here.inbox.hear_all(flood[:6]) == []
        here.database.write_sync(lambda link: link.execute(text(REFUSE_ONCE)))
        try:
            assert await here.inbox.hear_all(flood[6:]) == []
            assert here.database.read_sync(lambda link: link.scalar(text("SELECT last_value FROM refused"))) > 1
        finally:
            here.database.write_sync(lambda link: link.execute(text("DROP FUNCTION refuse CASCADE")))
            here.database.write_sync(lambda link: link.execute(text("DROP SEQUENCE refused")))
        assert [here.rows()[one.id] for one in flood] == ["keep"] * 5 + ["hold"] * 7


async def test_short_words_may_be_said_to_another_person_or_under_another_question(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(
            said("1", "Yes!", reply_to="x1"), said("2", "Yes!", reply_to="x2"), said("3", "Yes!", minutes=21)
        )
        await here.hear(said("4", "Yes!", minutes=22), said("5", "A2 yes"), said("6", "A3 yes"))
        assert await here.shown() == {"1", "2", "3", "5", "6"}
        long = "This is a longer text that nobody has to say to two people by hand"
        await here.hear(said("7", long, reply_to="x1"), said("8", long, reply_to="x2"))
        assert here.rows()["8"] == "drop"


async def test_a_flood_is_held_from_the_ninth_on_and_a_restart_forgets_nothing(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(*(said(f"{n}", minutes=11 + n / 100) for n in range(6)))
        await here.hear(said("b", who="b"))
        assert here.queued() == {}
    async with moderated(store_url) as again:
        await again.hear(*(said(f"{n}", minutes=11 + n / 100) for n in range(6, 12)))
        assert again.queued() == {"8": (1, ["flood"]), "9": (2, ["flood"]), "10": (3, ["flood"]), "11": (4, ["flood"])}
        await again.hear(said("late", minutes=14))
        assert "late" in await again.shown()
        await again.hear(*(said(f"{n}", who="lead") for n in range(100, 120)))
        assert len(again.queued()) == 4


async def test_slow_mode_holds_what_comes_too_soon(store_url: str) -> None:
    async with moderated(store_url) as here:
        here.set_state(slow=30)
        await here.hear_one_by_one(
            said("1"), said("2", minutes=11.4), said("3", minutes=11.5), said("4", who="b"), said("5", minutes=11.6)
        )
        assert here.queued() == {"2": (1, ["slow"]), "5": (2, ["slow"])}
        here.set_state()
        await here.hear(said("6", minutes=11.61))
        assert len(here.queued()) == 2


async def test_slow_mode_does_not_wait_for_what_is_gone(store_url: str) -> None:
    """A proxy on Discord deletes a message and puts a copy in its place."""
    async with moderated(store_url) as here:
        here.set_state(slow=30)
        await here.hear_one_by_one(said("1"), deleted("1"), said("2", minutes=11.01), said("3", minutes=11.02))
        assert here.queued() == {"3": (1, ["slow"])}
        assert await here.shown() == {"2"}


async def test_first_messages_wait_while_somebody_wants_it(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1"))
        here.set_state(hold_all=True)
        await here.hear(said("2", minutes=12), said("3", who="b"), said("4", who="lead"))
        assert here.queued() == {"3": (1, ["first"])}
        here.database.write_sync(messages.save_decision, "room", "3", "keep", at(13))
        await here.hear(said("5", who="b", minutes=14), said("6", who="c", minutes=14))
        assert list(here.queued()) == ["6"]
        await here.hear(said("7", who="a", place="x"))
        assert "7" in here.queued(), "another account, for all we know"


async def test_a_muted_person_is_dropped_until_then_and_a_banned_one_always(store_url: str) -> None:
    async with moderated(store_url) as here:
        here.database.write_sync(muted.mute, "room", "a", NAME, at(12))
        here.database.write_sync(muted.mute, "room", "b", "", None)
        here.database.write_sync(muted.mute, "room", "c", "another/chat", None)
        here.database.write_sync(muted.mute, "room", "d", NAME, None)
        await here.hear(said("1"), said("2", minutes=13), said("3", who="b"), said("4", who="c"), said("5", who="d"))
        assert await here.shown() == {"2", "4"}
        assert here.queued() == {}
        await here.assert_agreement()
        assert here.database.write_sync(muted.unmute, "room", "b", NAME)
        assert here.database.write_sync(muted.unmute, "room", "d", NAME)
        assert not here.database.write_sync(muted.unmute, "room", "e", NAME)
        await here.hear(said("6", who="b", minutes=14), said("7", who="d", minutes=14))
        assert await here.shown() == {"2", "4", "6", "7"}


async def test_a_person_is_muted_on_all_accounts_of_the_bot_there(store_url: str) -> None:
    same_platform = {"xa": ("xa", "xb"), "xb": ("xa", "xb")}
    async with moderated(store_url, same_platform=same_platform) as here:
        here.database.write_sync(muted.mute, "xa", "a", NAME, None)
        await here.hear(said("1", place="xb"), said("2", place="room"))
        assert here.rows() == {"1": "drop", "2": "keep"}


async def test_very_many_may_be_muted(sqlite_url: str) -> None:
    async with moderated(sqlite_url) as here:
        for number in range(300):
            here.database.write_sync(muted.mute, "room", f"p{number}", NAME, None)
        await here.hear(*(said(str(n), who=f"p{n}") for n in range(250, 350)))
        assert await here.shown() == {str(n) for n in range(300, 350)}


async def test_an_identifying_name_holds_its_messages(store_url: str) -> None:
    telling = Author(id="n", name=f"NHS {NUMBER}")
    team = [("room", "m")]
    async with moderated(store_url, private=("room",), moderators=lambda _chat: team) as here:
        await here.hear(said("1"), msgspec.structs.replace(said("2"), author=telling))
        assert here.queued() == {"2": (1, ["name"])}
        entry = here.database.read_sync(moderation_queue.find_by_message, "room", "2")
        assert entry
        assert entry.reasons[0].start is None
        [note] = here.planned("receipt")
        assert (note.to, NUMBER in note.text) == ("m", False), "the words are none that the author could change"
        here.database.write_sync(messages.save_decision, "room", "2", "keep", at(12))
        here.live.count_decision("q1", "hold", "keep")
        await here.hear(edited("2", "other words"))
        assert await here.shown() == {"1", "2"}, "what somebody let through is not held again for its name"
        await here.assert_agreement()


async def test_the_names_in_a_batch_are_shown_to_the_guard_together(store_url: str) -> None:
    named = [msgspec.structs.replace(said(f"{n}"), author=Author(id=f"n{n}", name=f"Pretend {n}")) for n in range(5)]
    telling = msgspec.structs.replace(said("9"), author=Author(id="n9", handle=f"@NHS {NUMBER}"))
    author_names._held.clear()
    async with moderated(store_url) as here:
        muted_one = msgspec.structs.replace(said("8"), author=Author(id="n8", name="Pretend 8"))
        here.database.write_sync(muted.mute, "room", "n8", NAME, None)
        await here.hear(*named, telling, muted_one)
        assert here.queued() == {"9": (1, ["name"])}
        assert author_names._held == {"": False, f"NHS {NUMBER}": True} | {f"Pretend {n}": False for n in range(5)}


# Edits, deletions, leaving ---------------------------------------------------------------------------------


async def test_a_change_is_judged_again(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1"), said("2"))
        await here.hear(edited("1", f"It is {NUMBER}"), edited("2", "harmless"))
        assert here.queued() == {"1": (1, ["nhs_number"])}
        assert await here.shown() == {"2"}
        await here.assert_agreement()
        here.database.write_sync(messages.save_decision, "room", "1", "keep", at(30))
        here.live.count_decision("q1", "hold", "keep")
        await here.assert_agreement()
        await here.hear(edited("1", f"No, it is {NUMBER}", 20))  # made before the decision, heard after it
        assert here.queued() == {"1": (2, ["nhs_number"])}
        assert here.decisions() == [("1", "hold")]
        await here.assert_agreement()


async def test_what_is_held_stays_held_and_what_is_out_stays_out(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1", f"It is {NUMBER}"), said("2", "the same words"), said("3", "the same words"))
        await here.hear(edited("1", "It is better not said"), edited("3", "other words"))
        assert here.queued() == {"1": (2, ["nhs_number"])}
        entry = here.database.read_sync(moderation_queue.find_by_message, "room", "1")
        assert entry
        assert entry.reasons[0].start is None, "it stands nowhere any more"
        await here.hear(edited("1", f"Mail me at a.pretend@example.org or {NUMBER}", 13))
        assert here.queued() == {"1": (3, ["email", "nhs_number"])}
        assert await here.shown() == {"2"}
        await here.assert_agreement()


@pytest.mark.parametrize("chat", [NAME, ""])
async def test_a_muted_person_cannot_get_round_it_by_an_edit(store_url: str, chat: str) -> None:
    same_platform = {"room": ("room", "other"), "other": ("room", "other")}
    async with moderated(store_url, same_platform=same_platform) as here:
        await here.hear(said("1"), said("2", f"It is {NUMBER}"), said("3", who="b"), said("4"), said("5", minutes=10))
        here.database.write_sync(muted.mute, "other", "a", chat, None)
        await here.hear(edited("1", "Abuse"), edited("2", "Abuse too"), edited("3", "Fine"))
        await here.hear(edited("4", "These are the words of message 4"))
        assert await here.shown() == {"3", "4", "5"}
        assert here.queued() == {}
        assert sorted(here.decisions()) == [("1", "drop"), ("2", "drop")]
        await here.assert_agreement()
        here.database.write_sync(messages.save_decision, "room", "1", "keep", at(13))
        here.live.count_decision("q1", "drop", "keep")
        assert await here.shown() == {"1", "3", "4", "5"}, "a moderator may show it"
        await here.hear(edited("1", "Abuse again", 14), edited("1", "and again", 15))
        assert here.decisions().count(("1", "drop")) == 1
        await here.assert_agreement()


async def test_a_privacy_request_is_no_way_round_a_mute(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1"), said("2", f"It is {NUMBER}", who="b"))
        here.database.write_sync(muted.mute, "room", "a", NAME, None)
        await here.hear(said("3", "#abuse stop"), edited("1", "#abuse stop"), edited("2", "#more stop"))
        assert await here.shown() == set()
        assert here.queued() == {"2": (2, ["nhs_number"])}
        assert here.rows() == {"1": "drop", "2": "hold", "3": "drop"}
        await here.assert_agreement()


async def test_after_the_mute_a_person_may_edit_again(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1"), said("2", who="b"))
        here.database.write_sync(muted.mute, "room", "a", NAME, at(20))
        here.database.write_sync(muted.mute, "room", "b", "another/chat", None)
        await here.hear(edited("1", "Sorry", 21), edited("2", "Fine"))
        assert await here.shown() == {"1", "2"}


async def test_very_many_are_muted_and_one_of_them_edits(sqlite_url: str) -> None:
    async with moderated(sqlite_url) as here:
        await here.hear(*(said(str(n), who=f"p{n}") for n in range(240, 260)))
        for number in range(250):
            here.database.write_sync(muted.mute, "room", f"p{number}", NAME, None)
        await here.hear(*(edited(str(n), "Other words") for n in range(240, 260)))
        assert await here.shown() == {str(n) for n in range(250, 260)}
        await here.assert_agreement()


async def test_said_and_changed_in_one_batch_is_decided_once(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1"), said("2", f"It is {NUMBER}", who="b"), edited("2", f"Sorry, that was {NUMBER}"))
        entry = here.database.read_sync(moderation_queue.find_by_message, "room", "2")
        assert entry
        assert (entry.number, [(one.start, one.end) for one in entry.reasons]) == (1, [(16, 28)])
        assert here.decisions() == [("2", "hold")]
        await here.hear(edited("2", f"It is {NUMBER}", 13), edited("2", "Never mind", 14))
        assert here.queued() == {"2": (2, ["nhs_number"])}
        await here.assert_agreement()


async def test_a_number_stands_for_the_words_that_were_listed(store_url: str) -> None:
    team = [("room", "m")]
    async with moderated(store_url, private=("room",), moderators=lambda _chat: team) as here:
        await here.hear(said("1", f"It is {NUMBER}"), said("2", f"Or is it {NUMBER}", who="b"))
        await here.hear(Edited(place="room", id="1", text=f"It is {NUMBER}", at=at(11.1)))
        assert here.queued()["1"][0] == 1, "only a link got its picture"
        await here.hear(edited("1", f"Abuse, and {NUMBER}", 11.2))
        assert {id: number for id, (number, _) in here.queued().items()} == {"1": 3, "2": 2}
        assert here.database.read_sync(moderation_queue.find, NAME, 1) is None
        entry = here.database.read_sync(moderation_queue.find, NAME, 3)
        assert entry
        assert [(one.kind, one.start, one.end) for one in entry.reasons] == [("nhs_number", 11, 23)]
        notes = [post for post in here.planned("receipt") if post.to == "m"]
        assert [post.key for post in notes] == ["flagged-3-m"], "nobody was told of 1 yet, so they are told of 3"
        assert "looks like an NHS number" in notes[0].text
        assert [post.key for post in here.planned("receipt") if post.to == "a"] == ["waits-1"]
        await here.hear(edited("1", "Harmless", 11.3))
        assert [post.key for post in here.planned("receipt") if post.to == "m"] == ["flagged-4-m"]
        assert here.decisions() == [("1", "hold"), ("2", "hold")]
        await here.assert_agreement()


async def test_notices_about_a_message_that_is_gone_are_withdrawn(store_url: str) -> None:
    team = [("room", "m")]
    async with moderated(store_url, private=("room",), moderators=lambda _chat: team) as here:
        await here.hear(*(said(str(n), f"{n} is {NUMBER}", who=f"p{n}", minutes=11 + 2 * n) for n in range(6)))
        listed = receipts.receipt(NAME, "held-9", "room", "0. words", at(30), to="m")
        here.database.write_sync(planned_posts.save_plan, [listed])
        assert len(here.planned("receipt")) == 13
        await here.hear(deleted("0", 31), said("w", "leave me out", who="p1", minutes=31))
        await here.hear(Withdrawn(place="room", author=Author(id="p2"), at=at(31)), edited("3", "leave me out", 31))
        here.database.write_sync(muted.mute, "room", "p4", NAME, None)
        await here.hear(edited("4", "Abuse", 31))
        assert sorted(post.key for post in here.planned("receipt")) == ["flagged-6-m", "waits-5"]
        assert list(here.queued()) == ["5"]


async def test_what_is_gone_waits_no_more(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(*(said(str(n), f"{n} is {NUMBER}", who=f"p{n}") for n in range(5)))
        await here.hear(deleted("0"), said("w", "leave me out", who="p1"))
        await here.hear(Withdrawn(place="room", author=Author(id="p2"), at=at(14)), edited("3", "leave me out", 15))
        assert list(here.queued()) == ["4"]
        assert here.database.read_sync(messages.question_counts) == {}
        assert all(n >= 0 for n in here.live.counts.values())
        await here.hear(said("6", f"{NUMBER}", who="p1", minutes=16))
        assert list(here.queued()) == ["4"], "of who left nothing is flagged"
        await here.assert_agreement()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
async def test_any_order_and_any_batch_is_right(store_url: str, order: tuple[int, ...]) -> None:
    message, edit, last = said("1", "Fine words"), edited("1", f"It is {NUMBER}"), edited("1", "Fine again", 13)
    events: list[AnyEvent] = [message, edit, last]
    async with moderated(store_url) as here:
        await here.hear_one_by_one(*(events[n] for n in order))
        assert here.rows()["1"] in ("keep", "hold")
        await here.assert_agreement()
    async with moderated(store_url) as again:
        await again.hear(*events)
        await again.assert_agreement()


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_live_page_and_the_record_agree_whatever_happens(store_url: str, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 -- not a secret
    texts = [
        "A1 yes",
        "plain words",
        f"It is {NUMBER}",
        "!next",
        "more words",
        "Q3 what?",
        "\0 \u202e \U0001f600",
        "x" * 5000,
    ]
    events: list[AnyEvent] = []
    for number in range(150):
        id, minutes = str(dice.randrange(100)), dice.uniform(1, 59)
        match dice.randrange(8):
            case 0:
                events.append(edited(id, dice.choice(texts), minutes))
            case 1 if dice.random() < 0.4:
                events.append(deleted(id, minutes))
            case 2:
                events.append(MessageDecision(place="room", id=id, verdict="keep", at=at(minutes), chat=NAME))
            case _:
                reply = dice.choice([None, str(dice.randrange(100))])
                events.append(
                    said(f"{number}", dice.choice(texts), minutes=minutes, who=dice.choice("abcd"), reply_to=reply)
                )
    ruled = [one for one in events if isinstance(one, MessageDecision)]
    events = [one for one in events if not isinstance(one, MessageDecision)]
    async with moderated(store_url) as here:
        for begin in range(0, len(events), 7):
            await here.hear(*events[begin : begin + 7])
            row = (
                here.database.write_sync(messages.save_decision, "room", (one := ruled.pop()).id, "keep", one.at)
                if ruled
                else None
            )
            if row is not None and not row.gone:
                here.live.count_decision(row.question, row.verdict, "keep")
        await here.assert_agreement()


# Commands --------------------------------------------------------------------------------------------------


async def test_a_command_is_no_part_of_the_talk_and_waits_once(store_url: str) -> None:
    async with moderated(store_url) as here:
        next_one = by("moderator", said("1", "!next", who="lead"))
        await here.hear(next_one, next_one, said("2", "@bot p", mentions_bot=True, reply_to="m7", who="lead2"))
        await here.hear(next_one)
        assert here.commands() == [("1", "!next"), ("2", "@bot p")]
        assert here.woken.count("commands") == 1
        assert await here.shown() == set()
        assert here.queued() == {}
        assert here.rows() == {"1": "drop", "2": "drop"}
        await here.assert_agreement()


async def test_what_only_looks_like_one_is_an_answer(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(
            said("1", "@bot", mentions_bot=True),
            said("2", "next"),
            said("3", "@bot I agree", mentions_bot=True, who="lead"),
            said("4", "!nxet", who="b"),
            said("5", "@bot add pictures", mentions_bot=True, who="c"),
            said("6", "!next", who="d", changed=True),
            said("7", "!next", who="e"),
            said("8", "Pause", who="f", mentions_bot=True, reply_to="post-q1"),
            said("9", "@bot Pause.", who="g", mentions_bot=True),
        )
        await here.hear(edited("2", "!next"))
        assert here.commands() == [("7", "!next")]
        assert await here.shown() == {"1", "2", "3", "4", "5", "6", "8", "9"}


async def test_an_edit_that_comes_first_makes_no_command(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(edited("1", "!next"))
        await here.hear(said("1", "hello"))
        await here.hear(edited("2", "hello again"))
        await here.hear(said("2", "!next"))
        assert here.commands() == []
        assert await here.shown() == {"1", "2"}


async def test_a_mistyped_command_of_a_host_is_passed_on(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1", "!nxet", who="lead"), said("2", "@bot paus", mentions_bot=True, who="lead"))
        assert [id for id, _ in here.commands()] == ["1", "2"]


async def test_between_two_chats_only_people_with_a_role_give_commands(store_url: str) -> None:
    async with moderated(store_url) as here:
        said_to = [said("1", "!status"), said("2", "!status", who="lead"), said("3", "hello", who="lead")]
        said_to += [said("4", "@bot next", mentions_bot=True), said("5", "@bot next", mentions_bot=True, who="lead")]
        said_to += [said("6", "!next")]
        await here.hear(*(msgspec.structs.replace(one, chat=None, at=at(600)) for one in said_to))
        assert here.commands() == [("2", "!status"), ("5", "@bot next")]
        assert here.log() == []


async def test_stop_and_leave_me_out_stay_what_they_are(store_url: str) -> None:
    async with moderated(store_url, answering=("room",)) as here:
        await here.hear(
            said("1", "@bot leave me out", mentions_bot=True), said("2", "@bot stop", mentions_bot=True, who="lead")
        )
        assert here.commands() == []
        assert [post.reply_to for post in here.planned("receipt")] == ["1"]


async def test_ten_thousand_commands_of_others_wait_and_none_is_seen(sqlite_url: str) -> None:
    async with moderated(sqlite_url) as here:
        await here.hear(*(said(str(n), "!end", who=f"p{n}") for n in range(10_000)))
        assert await here.shown() == set()
        assert len(here.log()) == 20_000, "each message, and that it was left out"


# Who is told -----------------------------------------------------------------------------------------------


async def test_the_author_is_notified_once_where_that_is_possible(store_url: str) -> None:
    async with moderated(store_url, private=("room",)) as here:
        await here.hear(said("1", f"It is {NUMBER}"), said("2", f"It is {NUMBER}", place="x", who="b"))
        await here.hear(said("1", f"It is {NUMBER}"), edited("1", f"Oh, it is {NUMBER}"))
        [post] = here.planned("receipt")
        assert (post.to, post.place, post.reply_to) == ("a", "room", "1")
        assert "edit or delete" in post.text
        assert NUMBER not in post.text
        assert "outbox" in here.woken
        here.set_state(hold_all=True)
        await here.hear(said("3", who="new"), *(said(f"f{n}", who="c") for n in range(12)))
        assert len(here.planned("receipt")) == 1, "only what the guard saw is told"


async def test_a_person_who_said_stop_is_not_notified(store_url: str) -> None:
    async with moderated(store_url, private=("room",), moderators=lambda _chat: [("room", "b")]) as here:
        await here.hear(said("1", "@bot stop", mentions_bot=True), said("2", "@bot stop", mentions_bot=True, who="b"))
        await here.hear(said("3", f"It is {NUMBER}"))
        assert here.planned("receipt") == []
        assert list(here.queued()) == ["3"]


async def test_moderators_are_told_the_position_and_never_the_words(store_url: str) -> None:
    team = [("room", "m"), ("x", "m"), ("room", "m"), ("room", "a")]
    async with moderated(store_url, private=("room", "x"), moderators=lambda _chat: team) as here:
        url = "https://chat.example.org/a/b#m1"
        await here.hear(said("1", f"It is {NUMBER} indeed", url=url))
        mine = [post for post in here.planned("receipt") if post.to == "m"]
        assert sorted(post.place for post in mine) == ["room", "x"]
        assert "a part of it looks like an NHS number" in mine[0].text
        assert "`approve 1`" in mine[0].text
        assert url in mine[0].text
        assert NUMBER not in mine[0].text
        await here.hear(*(said(f"1{n}", f"{n}: {NUMBER}", who=f"p{n}", minutes=11.2) for n in range(5)))
        assert len([post for post in here.planned("receipt") if post.to == "m"]) == 2, "once a minute is enough"
        await here.hear(said("later", f"Or {NUMBER}", who="z", minutes=12.5))
        assert len([post for post in here.planned("receipt") if post.to == "m"]) == 4


async def test_everybody_is_reminded_once_a_chat_if_the_operator_wants_it(store_url: str) -> None:
    same_platform = {"room": ("room", "x"), "x": ("room", "x")}
    for accounts, places in (({}, ["room", "x"]), (same_platform, [])):
        async with moderated(store_url, rules=policy(remind=True), same_platform=accounts) as here:
            await here.hear(said(f"{len(places)}1", f"It is {NUMBER}"))
            await here.hear(said(f"{len(places)}2", f"Or {NUMBER}", who="b", minutes=13))
            posts = here.planned("notice")
            assert [(post.place, post.key) for post in posts] == [
                (place, "notice-confidentiality") for place in ("room", "x")
            ]
            assert {post.due - at(11) for post in posts} == {timedelta(minutes=4)}
            assert len(posts[0].text) < 280


async def test_nobody_is_reminded_otherwise(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1", f"It is {NUMBER}"))
        assert here.planned("notice") == []
    async with moderated(store_url, rules=policy(remind=True)) as again:
        await again.hear(*(said(f"{n}", who="b") for n in range(12)), said("late", f"It is {NUMBER}", minutes=58))
        assert again.planned("notice") == []


# On the platform -------------------------------------------------------------------------------------------


async def test_replies_to_the_bots_posts_are_hidden_where_that_is_possible(store_url: str) -> None:
    post = Posted(place="x", id="post-q1", key="q1", kind="question", at=at(10), chat=NAME)
    async with moderated(store_url, action_kinds={"x": frozenset({"hide", "show"})}) as here:
        await here.hear(post)
        here.database.write_sync(muted.mute, "x", "m", NAME, None)
        bad = f"It is {NUMBER}"
        await here.hear(
            said("1", bad, place="x", reply_to="post-q1"),
            said("2", bad, place="x", who="b", conversation="post-q1", reply_to="never"),
            said("3", bad, place="x", who="c"),
            said("4", bad, place="room", who="d", reply_to="post-q1", reply_place="x"),
            said("5", place="x", who="m", reply_to="post-q1"),
            said("6", "!next", place="x", who="e", reply_to="post-q1"),
            said("7", place="x", who="f", reply_to="post-q1"),
        )
        await here.hear(Edited(place="x", id="7", text=bad, at=at(12)))
        posts = {post.key: post for post in here.planned("measure")}
        assert set(posts) == {"hide-1", "hide-2", "hide-5", "hide-7"}
        assert posts["hide-1"].action is not None
        assert (posts["hide-1"].action.kind, posts["hide-1"].action.message) == ("hide", "1")
        assert not posts["hide-1"].is_public


# Hostile -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "\0" * 50,
        f"\0{NUMBER}\0",
        "!" * 50_000,
        "@bot " * 20_000,
        "<@1>" * 20_000,
        "!next" + "\u202e" * 10_000,
        "\u0430" * 50_000,
        "e\u0301" * 30_000,
        "\U0001f468\u200d" * 10_000,
        f"{NUMBER} " * 5_000,
        "a@b.c " * 10_000,
    ],
)
async def test_hostile_texts_are_judged_and_harm_nobody(sqlite_url: str, text: str) -> None:
    async with moderated(sqlite_url, private=("room",), moderators=lambda _chat: [("room", "m")]) as here:
        await here.hear(said("1", text, mentions_bot=True), said("2", who="b"))
        assert "2" in await here.shown()
        assert all(len(post.text) < 1000 for post in here.planned("receipt"))
        await here.hear(Edited(place="room", id="2", text=text, at=at(12)))
        await here.assert_agreement()


async def test_what_cannot_be_stored_takes_nobody_along_and_is_not_taken_for_a_repetition(store_url: str) -> None:
    async with moderated(store_url, moderators=lambda _chat: [("room", "m")], private=("room",)) as here:
        odd = msgspec.structs.replace(said("bad", "words", who="b"), url="\0")
        results = await asyncio.gather(
            *(here.inbox.hear(one) for one in (said("1", "The very words"), said("2", f"It is {NUMBER}"), odd)),
            return_exceptions=True,
        )
        assert all(one is None or isinstance(one, StoreError) for one in results)
        assert "1" in await here.shown()
        assert {post.to for post in here.planned("receipt")} == {"a", "m"}
        await here.assert_agreement()


async def test_sending_again_a_message_that_could_not_be_stored_is_no_repetition(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("0"))
        here.database.write_sync(lambda connection: connection.exec_driver_sql("ALTER TABLE messages RENAME TO away"))
        with pytest.raises(StoreError):
            await here.hear(said("1", "The very words"))
        here.database.write_sync(lambda connection: connection.exec_driver_sql("ALTER TABLE away RENAME TO messages"))
        await here.hear(said("2", "The very words"))
        assert await here.shown() == {"0", "2"}


async def test_without_a_policy_nothing_is_judged_and_a_log_that_is_read_in_keeps_its_decisions(store_url: str) -> None:
    async with moderated(store_url, rules=None) as here:
        await here.hear(said("1", "!next"), said("2", f"It is {NUMBER}"))
        hold = MessageDecision(place="room", id="2", verdict="hold", at=at(12), chat=NAME)
        drop = MessageDecision(place="room", id="3", verdict="drop", at=at(12), chat=NAME)
        await here.hear(drop, hold, msgspec.structs.replace(hold, verdict="keep", at=at(11.5)))
        await here.hear(said("3"))
        assert here.commands() == []
        assert await here.shown() == {"1"}
        assert here.queued() == {"2": (1, [])}
        await here.assert_agreement()


# Notifications ---------------------------------------------------------------------------------------------


async def test_subscribers_are_notified_of_the_queue(sqlite_url: str) -> None:
    async with moderated(sqlite_url) as here:
        changes = here.conversation.changes(NAME)
        first = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0)
        await here.hear(said("1", f"It is {NUMBER}"))
        told = {await asyncio.wait_for(first, 60), await asyncio.wait_for(anext(changes), 60)}
        assert told == {"heard", "queue"}
        following = asyncio.ensure_future(anext(changes))
        await here.hear(deleted("1"))
        told = {await asyncio.wait_for(following, 60), await asyncio.wait_for(anext(changes), 60)}
        assert told == {"heard", "queue"}
        await changes.aclose()  # type: ignore[attr-defined]


async def test_a_number_in_two_messages_is_held_in_the_second(store_url: str) -> None:
    async with moderated(store_url) as chat:
        await chat.hear(
            said("1", "NHS no 943 476", minutes=11), said("x", "5919 of us were there", minutes=11.1, who="b")
        )
        await chat.hear(said("2", "5919 if you can look", minutes=11.5), said("3", "5919, as I said", minutes=14))
        rows = chat.rows()
    assert rows["1"] == rows["x"] == rows["3"] == "keep"
    assert rows["2"] == "hold"


# Somebody muted who comes again ---------------------------------------------------------------------------


async def test_a_newcomer_who_resembles_somebody_muted_is_held_until_one_message_is_kept(store_url: str) -> None:
    async with moderated(store_url) as here:
        kin = here.live_chats.resembling
        await here.hear(said("1", who="troll"), said("2", who="regular"))
        here.database.write_sync(muted.mute, "room", "troll", NAME, None)
        for id, who in (("3", "regular"), ("4", "new"), ("5", "other"), ("6", "nobody")):
            kin.note("room", id, {"regular": {"troll"}, "new": {"troll"}, "other": {"regular"}}.get(who, ()))
            await here.hear(said(id, who=who))
        assert await here.shown() == {"1", "2", "3", "5", "6"}
        assert here.queued() == {"4": (1, ["returned"])}
        assert here.database.write_sync(messages.save_decision, "room", "4", "keep", at(12)) is not None
        kin.note("room", "7", {"troll"})
        await here.hear(said("7", who="new"))
        assert "7" in await here.shown()
        await here.hear(said("8", who="regular"))
        assert kin.of("room", "4") == kin.of("room", "7") == frozenset(), "they were judged"


async def test_whom_a_mute_that_is_over_resembled_is_heard(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1", who="troll"))
        here.database.write_sync(muted.mute, "room", "troll", NAME, at(12))
        here.live_chats.resembling.note("room", "2", {"troll"})
        here.live_chats.resembling.note("room", "3", {"troll"})
        await here.hear(said("2", who="early", minutes=11.5), said("3", who="late", minutes=13))
        assert await here.shown() == {"1", "3"}


async def test_what_is_sent_without_a_name_waits_for_a_moderator_each_time(store_url: str) -> None:
    async with moderated(store_url) as here:
        await here.hear(said("1", who="regular"), said("2", who="unnamed-1", unnamed=True))
        assert here.queued() == {"2": (1, ["unnamed"])}
        assert here.database.write_sync(messages.save_decision, "room", "2", "keep", at(12)) is not None
        await here.hear(said("3", who="unnamed-1", unnamed=True))
        assert await here.shown() == {"1", "2"}
