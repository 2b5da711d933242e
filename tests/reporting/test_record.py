from __future__ import annotations

import random
from datetime import timedelta
from itertools import permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import AnyEvent, Command, Gap, Joined, Repost, event_log
from bot.ports.views import MessageView
from bot.reporting.event_fold import fold_events
from bot.reporting.record import Decisions, Record, RecordedGap, hidden_messages, record
from bot.reporting.redaction import redact
from tests.reporting.sample_events import asked, at, chat, deleted, edited, person, ruled, said, withdrew


def fold(*events: AnyEvent, **options: Decisions) -> Record:
    return record(chat(), events, **options)


def shown(*events: AnyEvent, **options: Decisions) -> dict[str, tuple[str, str]]:
    """The question and the reason of each message, by id."""
    return {one.id: (one.question, one.reason) for one in fold(*events, **options).messages}


def only(*events: AnyEvent) -> MessageView:
    [one] = fold(*events).messages
    return one


def test_a_message_keeps_what_it_came_with() -> None:
    message = said("1", "A1 Teams", 12, url="https://example.org/1", reply_to="0")
    one = only(message)
    assert (one.place, one.id, one.author, one.text, one.at) == ("x", "1", message.author, "A1 Teams", at(12))
    assert (one.url, one.reply_to, one.edited) == ("https://example.org/1", "0", None)


def test_a_duplicate_changes_nothing() -> None:
    assert fold(said("1"), said("1"), asked("q1", 10), asked("q1", 10)) == fold(said("1"), asked("q1", 10))


def test_the_same_id_on_two_places_is_two_messages() -> None:
    assert len(fold(said("1"), said("1", place="room")).messages) == 2


def test_without_posts_the_timetable_counts() -> None:
    assert shown(said("1", minutes=9), said("2", minutes=11), said("3", minutes=25), said("4", minutes=60)) == {
        "1": ("before", "floor"),
        "2": ("q1", "floor"),
        "3": ("q2", "floor"),
        "4": ("after", "floor"),
    }


def test_the_current_question_is_the_one_posted_there() -> None:
    late = (asked("q1", 15), asked("welcome", 1), asked("reminder-1h", -60))
    assert shown(*late, said("1", minutes=12), said("2", minutes=25)) == {
        "1": ("before", "floor"),
        "2": ("q1", "floor"),
    }


def test_each_place_has_its_own_current_question() -> None:
    events = (asked("q1", 15), said("1", minutes=12), said("2", minutes=12, place="room"))
    assert shown(*events) == {"1": ("before", "floor"), "2": ("q1", "floor")}


def test_a_question_asked_under_its_key_alone_counts() -> None:
    assert shown(asked("q1", 2, kind=""), said("1", minutes=3))["1"] == ("q1", "floor")


def test_the_posted_closing_ends_the_last_question_and_a_late_one_the_chat() -> None:
    events = (asked("closing", 65), said("1", minutes=62), said("2", minutes=66))
    assert shown(*events) == {"1": ("q3", "floor"), "2": ("after", "floor")}
    assert fold(*events).ends == at(65)


def test_a_closing_some_seconds_late_does_not_make_the_chat_longer() -> None:
    assert fold(asked("closing", 60.9)).ends == at(60)
    assert fold(asked("closing", 55)).ends == at(60)


def test_replies_belong_to_their_question_at_any_depth() -> None:
    events = (
        asked("q1", 10),
        asked("q2", 20),
        said("1", minutes=25, reply_to="bot-q1"),
        said("2", minutes=26, reply_to="1"),
        said("3", "A3 too", minutes=27, reply_to="2"),
    )
    assert shown(*events) == {"1": ("q1", "reply"), "2": ("q1", "thread"), "3": ("q3", "mark")}


def test_a_reply_to_a_later_part_is_a_reply_to_the_question() -> None:
    events = (asked("q1", 10), asked("q1", 10, id="bot-q1-2", part=2), asked("q2", 20))
    assert shown(*events, said("1", minutes=25, reply_to="bot-q1-2"))["1"] == ("q1", "reply")


def test_a_reply_to_another_post_of_the_bot_belongs_to_the_current_question() -> None:
    assert shown(asked("welcome", 0), said("1", minutes=15, reply_to="bot-welcome"))["1"] == ("q1", "floor")


def test_a_reply_may_come_before_its_parent() -> None:
    events = (said("1", minutes=25, reply_to="2"), said("2", minutes=26, reply_to="bot-q1"), asked("q1", 10))
    assert shown(*events) == {"1": ("q1", "thread"), "2": ("q1", "reply")}


def test_a_reply_on_another_place_is_not_a_reply() -> None:
    events = (asked("q1", 10), said("1", minutes=35, reply_to="bot-q1", place="room"))
    assert shown(*events)["1"] == ("q3", "floor")


def test_a_circle_of_replies_is_cut() -> None:
    events = (said("1", minutes=15, reply_to="2"), said("2", minutes=25, reply_to="1"), said("3", reply_to="3"))
    found = shown(*events)
    assert found == {"3": ("before", "floor"), "2": ("q2", "floor"), "1": ("q2", "thread")}


def test_a_very_long_thread_is_followed() -> None:
    thread = [said("0", minutes=35, reply_to="bot-q1")]
    thread += [said(f"{n}", minutes=35, reply_to=f"{n - 1}") for n in range(1, 5000)]
    found = shown(asked("q1", 10), *reversed(thread))
    assert found["4999"] == ("q1", "thread")


@pytest.mark.parametrize("gone", [deleted("1"), withdrew("B"), said("9", "leave me out", 40, "B")])
def test_a_reply_to_an_unpublished_message_still_finds_its_question(gone: AnyEvent) -> None:
    events = (asked("q1", 10), said("1", "A1", 35, "B"), said("2", minutes=36, reply_to="1"), gone)
    assert shown(*events) == {"2": ("q1", "thread")}


def test_the_latest_edit_counts() -> None:
    events = (edited("1", "second", 20), said("1", "first", 11), edited("1", "older", 15))
    assert (only(*events).text, only(*events).edited) == ("second", at(20))


def test_an_edit_may_name_the_question() -> None:
    assert only(said("1", "Teams", 11), edited("1", "A2 Teams", 12)).question == "q2"


def test_a_deleted_message_is_removed_with_its_edits() -> None:
    assert fold(deleted("1"), said("1"), edited("1", "more", 20)).messages == ()


def test_an_edit_or_deletion_of_an_unknown_message_is_ignored() -> None:
    assert fold(edited("9", "more", 20), deleted("8")).messages == ()


@pytest.mark.parametrize("wish", [withdrew("A"), said("9", "@OTalk_ Leave me out, please #OTalk", 30)])
def test_people_who_ask_are_left_out_before_and_after(wish: AnyEvent) -> None:
    events = (said("1", minutes=5), wish, said("2", minutes=55), said("3", who="B"))
    assert list(shown(*events)) == ["3"]


def test_people_who_ask_by_an_edit_or_in_a_deleted_message_are_left_out_too() -> None:
    assert fold(said("1"), said("2", minutes=6), edited("2", "leave me out", 7)).messages == ()
    assert fold(said("1"), said("2", "leave me out", 6), deleted("2")).messages == ()


def test_leaving_one_place_is_not_leaving_another() -> None:
    assert len(fold(said("1"), said("2", place="room"), withdrew("A")).messages) == 1


def test_the_bots_own_posts_are_not_messages() -> None:
    assert fold(said("bot-q1", "Q1. Well?", 10), asked("q1", 10)).messages == ()
    assert fold(said("bot-q1", "Q1. Well?", 10), asked("q1", 10, chat="another")).messages == ()


def test_events_of_another_chat_are_ignored() -> None:
    events = (said("1", chat="another"), said("2", chat=chat().name), asked("q1", 2, chat="another"))
    assert shown(*events) == {"2": ("before", "floor")}


def test_hosts_can_hold_back_messages() -> None:
    decisions = Decisions(held=frozenset({("x", "1")}))
    assert shown(said("1"), said("2"), decisions=decisions) == {"2": ("before", "floor")}


def test_gaps_are_kept_with_the_current_question() -> None:
    gaps = [Gap(place="x", at=at(14), since=at(12), until=at(14)), Gap(place="x", at=at(9), since=at(2), until=at(1))]
    assert fold(*gaps, *gaps).gaps == (RecordedGap(place="x", since=at(12), until=at(14), question="q1"),)


def test_the_latest_follower_count_is_known() -> None:
    events = (
        said("1", minutes=5, followers=10),
        said("2", minutes=9, followers=30),
        said("3", minutes=7, followers=20),
    )
    assert fold(*events, Joined(place="x", author=person("A"), at=at(20))).followers == {("x", "id-A"): 30}


def test_only_web_addresses_are_kept() -> None:
    assert only(said("1", url="javascript:alert(1)")).url is None
    assert only(said("1", url='https://example.org/"onload="')).url is None


def some(number: int) -> list[AnyEvent]:
    """A log in which everything happens."""
    dice = random.Random(number)  # noqa: S311 - not a secret
    events: list[AnyEvent] = [asked(f"q{n}", 10 * n, place=place) for n in (1, 2, 3) for place in ("x", "room")]
    events += [asked("closing", 61), Gap(place="x", at=at(30), since=at(20), until=at(30))]
    for _ in range(40):
        id, who, place = str(dice.randint(1, 12)), dice.choice("ABCD"), dice.choice(["x", "room"])
        minutes = dice.choice([1, 5, 15, 15, 25, 59, 80])
        reply = dice.choice([None, "bot-q1", "bot-q9", str(dice.randint(1, 12))])
        other = dice.choice([None, "bot-q2", f"v{dice.randint(1, 12)}", str(dice.randint(1, 12))])
        text = dice.choice(
            ["A2 x", "y", "@pretend_A", "A1/3 x", "> Q3. z\nx", "see https://example.org/bot-q3", "RT @a: y"]
        )
        lot: list[AnyEvent] = [
            said(id, text, minutes, who, place=place, reply_to=reply, conversation=other),
            said(id, "z", minutes, who, place=place, followers=dice.choice([None, 5, 7]), quotes=other),
            edited(id, dice.choice(["A1", "B"]), minutes, place),
            msgspec.structs.replace(edited(id, text, minutes, place), version=f"v{id}"),
            Repost(place=place, id=id, at=at(minutes), author=person(who)),
            Command(place=place, id=id, at=at(minutes), author=person(who), text="next"),
            ruled(id, dice.choice(["keep", "hold", "drop"]), minutes, place),
            asked("notice-1", minutes, place=place, id=f"again-{id}", kind="notice", repeats=dice.choice(["q1", "q2"])),
            asked("q4", minutes, place=place, id=f"added-{id}", text="Q4. One more? #OTalk"),
            edited("bot-q2", dice.choice(["Q2. Other words?", "Q2. Better words? #OTalk"]), minutes, place),
        ]
        events.append(dice.choice(lot))
    rare: list[AnyEvent] = [deleted("3"), withdrew("D"), said("20", "leave me out", 30, "C", place="room")]
    return events + dice.sample(rare, dice.randint(0, 3))


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_order_of_arrival_changes_nothing(number: int, dice: random.Random) -> None:
    events = some(number)
    shuffled = [*events, *events[:10]]
    dice.shuffle(shuffled)
    assert record(chat(), shuffled) == record(chat(), events)


def test_messages_are_in_order_of_time() -> None:
    events = [said(str(n), minutes=(n * 7) % 11) for n in range(11)]
    times = [one.at for one in fold(*events).messages]
    assert times == sorted(times)
    assert times[0] - at(0) == timedelta(0)


# What a message refers to --------------------------------------------------------------------------------------


def test_a_mark_wins_over_the_thread() -> None:
    events = (asked("q1", 10), said("1", "A1 x", 12, reply_to="bot-q1"), said("2", "A2 y", 15, reply_to="1"))
    assert shown(*events) == {"1": ("q1", "mark"), "2": ("q2", "mark")}


def test_a_quote_of_a_question_or_of_an_answer_to_it_belongs_to_it() -> None:
    events = (
        asked("q1", 10, text="Q1. Who helps? #OTalk", url="https://example.org/room#q1"),
        asked("q2", 20),
        said("1", minutes=12),
        said("2", minutes=25, quotes="bot-q1"),
        said("3", minutes=25, quotes="1"),
        said("4", "> Who helps?\nOur team", minutes=25),
        said("5", "Our team https://twitter.com/OTalk_/status/bot-q1", minutes=25),
        said("6", "Our team https://example.org/room#q1", minutes=25, place="room"),
        said("7", "Our team https://x.com/i/status/1", minutes=25),
        said("8", "Our team https://x.com/i/status/2", minutes=25),
        said("9", "Our team https://x.com/i/status/9", minutes=25),
        said("10", minutes=25, quotes="never-heard"),
    )
    found = shown(*events)
    assert {id for id, told in found.items() if told == ("q1", "quote")} == {"2", "3", "4", "5", "6", "7", "8"}
    assert (found["9"], found["10"]) == (("q2", "floor"), ("q2", "floor"))


def test_every_version_of_a_message_leads_to_it() -> None:
    edit = msgspec.structs.replace(edited("1", "A1 y", 13), version="1b")
    events = (
        asked("q1", 10),
        asked("q2", 20),
        said("1", "A1 x", 12, conversation="1", versions=("1a",)),
        edit,
        said("2", minutes=25, reply_to="1a"),
        said("3", minutes=25, reply_to="1b"),
        said("4", minutes=25, conversation="1b"),
        said("5", minutes=25, quotes="1b"),
        said("6", minutes=25, reply_to="1c"),
    )
    for several in (events, tuple(reversed(events))):
        assert {id: told for id, told in shown(*several).items() if id != "1"} == {
            "2": ("q1", "thread"),
            "3": ("q1", "thread"),
            "4": ("q1", "thread"),
            "5": ("q1", "quote"),
            "6": ("q2", "floor"),
        }


def test_a_message_may_be_deleted_edited_and_held_by_the_id_of_a_version() -> None:
    message = said("1", "A1 secret", 12, versions=("0",))
    later = msgspec.structs.replace(edited("1", "A1 secret", 13), version="2")
    assert shown(asked("q1", 10), message, later, edited("2", "A1 open", 14)) == {"1": ("q1", "mark")}
    for about in (deleted("0", 15), deleted("2", 15), ruled("2", "hold", 15)):
        for events in permutations((message, later, about)):
            assert shown(*events) == {}
            folded = fold_events(chat(), events)
            published = redact(folded, hidden_messages(folded, Decisions()))
            assert b"secret" not in b"".join(event_log.lines(published))


def test_versions_that_were_heard_as_messages_are_one() -> None:
    first, second = said("1", "A1 one", 12), said("2", "A2 two", 13, versions=("1",))
    others = said("3", "A1 three", 14, who="B", versions=("2",))
    for events in permutations((first, second, others)):
        found = record(chat(), [*events, said("4", minutes=25, reply_to="1")])
        assert [(one.id, one.text, one.question) for one in found.messages] == [
            ("2", "A2 two", "q2"),
            ("3", "A1 three", "q1"),
            ("4", "Hello", "q2"),
        ]


def test_a_message_that_names_several_questions_has_them_all_and_a_reply_to_it_the_first() -> None:
    found = fold(asked("q1", 10), said("1", "A2/3 x", 12), said("2", minutes=13, reply_to="1")).messages
    assert [one.questions for one in found] == [("q2", "q3"), ("q2",)]


def test_a_repost_typed_by_hand_is_no_message_and_counts_once() -> None:
    events = (
        asked("q1", 10),
        asked("q2", 20),
        said("1", "RT @kate: A1 my first", 25, "B"),
        said("2", "So true! RT @kate: A1 my first", 25),
        said("3", "x", 26),
        edited("3", "RT @kate A1 my first", 27),
        Repost(place="x", id="1", at=at(25), author=person("B"), of="0"),
        said("4", "RT @kate: A1 my first", 28, "C"),
        deleted("4"),
        said("5", minutes=35, reply_to="3"),
    )
    assert shown(*events) == {"2": ("q2", "floor"), "5": ("q2", "thread")}
    assert [(one.id, one.of) for one in fold(*events).reposts] == [("1", "0"), ("3", None)]


# What was decided while it was on ------------------------------------------------------------------------------


def test_held_and_dropped_messages_are_not_in_it_and_the_latest_decision_counts() -> None:
    events = (
        said("1"),
        ruled("1", "hold", 5),
        said("2"),
        ruled("2", "drop", 5),
        said("3"),
        ruled("3", "keep", 9),
        ruled("3", "hold", 5),
        said("4"),
        ruled("4", "keep", 5),
        ruled("4", "hold", 9),
    )
    for several in (events, tuple(reversed(events))):
        assert set(shown(*several)) == {"3"}


def test_a_decision_without_its_message_and_two_at_once_do_no_harm() -> None:
    assert shown(ruled("9", "hold", 5)) == {}
    assert shown(said("1"), ruled("1", "keep", 5), ruled("1", "hold", 5)) == {}


def test_a_reply_to_a_held_message_finds_its_question() -> None:
    events = (asked("q1", 10), asked("q2", 20), said("1", minutes=12), said("2", minutes=25, reply_to="1"))
    assert shown(*events, ruled("1", "hold", 12)) == {"2": ("q1", "thread")}


def test_a_repeated_question_is_current_again() -> None:
    again = asked("notice-1", 30, id="bot-again", kind="notice", repeats="q1")
    events = (asked("q1", 10), asked("q2", 20), again, said("1", minutes=25), said("2", minutes=31))
    late = (said("3", minutes=41, reply_to="bot-again"), asked("q3", 40))
    assert shown(*events, *late) == {"1": ("q2", "floor"), "2": ("q1", "floor"), "3": ("q1", "reply")}
    assert fold(*events).asked[0] == (at(10), "q1")


def test_a_correction_takes_its_answers_and_leaves_the_current_question() -> None:
    correction = asked(
        "notice-1", 30, kind="correction", repeats="q1", id="c", text="Correction to Q1: Who helps? #OTalk"
    )
    events = (asked("q1", 10), asked("q2", 20), correction, said("1", minutes=31), said("2", minutes=32, reply_to="c"))
    assert shown(*events) == {"1": ("q2", "floor"), "2": ("q1", "reply")}
    assert fold(*events).chat.questions[0].text == "Who helps?"


def test_an_added_question_is_in_the_record() -> None:
    added = asked("q4", 35, text="Q4. What will you take with you? #OTalk")
    there = (
        asked("q4", 36, text="Q4. What will you", place="room", part=1),
        asked("q4", 36, id="2", part=2, place="room"),
    )
    events = (asked("q1", 10), asked("q3", 30), added, *there, said("1", minutes=37), said("2", "A4 yes", minutes=12))
    assert shown(*events) == {"1": ("q4", "floor"), "2": ("q4", "mark")}
    assert [(one.key, one.text) for one in fold(*events).chat.questions][3:] == [("q4", "What will you take with you?")]


def test_a_question_has_its_latest_text() -> None:
    events = (
        asked("q2", 20, text="Q2. What?"),
        edited("bot-q2", "Q2. Which groups? #OTalk", 25),
        edited("bot-q2", "Q2. What groups?", 22),
    )
    for several in (events, tuple(reversed(events))):
        assert [one.text for one in fold(*several).chat.questions][1] == "Which groups?"
    assert shown(*events) == {}


def test_odd_posts_add_no_question() -> None:
    odd = (asked("q0", 10), asked("qx", 10), asked("q1234", 10), asked("q5", 10, kind="notice"))
    assert [one.key for one in fold(*odd, edited("bot-q1", "", 11)).chat.questions] == ["q1", "q2", "q3"]
