"""The live page attributes messages across places and in threads as the record does."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from bot.messages import Author, Deleted, Edited, Message, Post, Posted, Withdrawn
from bot.reporting.record import record
from bot.store import message_views, messages, outbox, planned_posts
from tests.fakes.chats import a_chat
from tests.fakes.clock import HandClock
from tests.fakes.platform import FakePlatform
from tests.listening.running_listeners import at, running_listeners, said

POSTS = [
    Posted(place=place, id=f"{place}-{key}", key=key, kind="question", at=at(minutes), chat="a/b")
    for place in ("x", "room")
    for key, minutes in (("q1", 10), ("q2", 20))
]


def also(id: str, *, place: str = "x", minutes: float = 25, **more: object) -> Message:
    return msgspec.structs.replace(said(id, place=place, minutes=minutes), **more)


async def test_the_live_page_and_the_record_agree_across_places_and_in_threads(store_url: str) -> None:
    clock = HandClock(at(26))
    platforms = {place: FakePlatform(clock) for place in ("x", "room")}
    async with running_listeners(store_url, platforms=platforms, clock=clock) as here:
        for post in POSTS:
            here.live_chats.add_post(post)
        for message in (
            also("1", reply_to="x-q1"),
            also("2", place="room", reply_to="1", reply_place="x"),
            also("3", place="room", reply_to="x-q1", reply_place="x"),
            also("4", reply_to="never-heard", conversation="x-q1"),
            also("5", conversation="x-q1", text="A2 yes"),
            also("6", reply_to="x-q2", conversation="x-q1"),
            also("7", place="room", reply_to="1"),
            also("8", minutes=300, conversation="x-q1"),
            also("9", minutes=300, quotes="x-q1"),
            also("10", minutes=300, conversation="2"),
            also("11", minutes=300, conversation="1"),
        ):
            await here.inbox.hear(message)
        found = here.database.write_sync(message_views.shown_under, "a/b", "q1", None, 100)
        live = {one.id: one.reason for one in found}
        assert live == {"1": "reply", "2": "thread", "3": "reply", "4": "thread"} | {
            "8": "thread",
            "9": "quote",
            "11": "thread",
        }
        told = record(a_chat(), [*here.log(), *POSTS])
        assert {one.id: one.reason for one in told.messages if one.question == "q1"} == live


async def test_an_answer_to_several_questions_is_shown_under_each_and_counted_once(store_url: str) -> None:
    clock = HandClock(at(26))
    async with running_listeners(store_url, clock=clock) as here:
        for post in POSTS:
            here.live_chats.add_post(post)

        def shown() -> dict[str, list[tuple[str, tuple[str, ...], bool]]]:
            return {
                key: [(one.id, one.also, one.again) for one in found]
                for key in ("q1", "q2")
                if (found := here.database.write_sync(message_views.shown_under, "a/b", key, None, 100))
            }

        def counts() -> dict[str, int]:
            stored = here.database.write_sync(messages.question_counts)["a/b"]
            assert {**here.live_chats.by_name["a/b"].counts} == stored
            return stored

        await here.inbox.hear(also("1", minutes=11, text="A2 and A1: we do"))
        await here.inbox.hear(also("2", minutes=12, text="A1 we don't"))
        assert shown() == {"q1": [("1", ("q2",), True), ("2", (), False)], "q2": [("1", ("q1",), False)]}
        assert counts() == {"q1": 1, "q2": 1}
        before = here.inbox._notifications.versions("a/b")["q1"]
        await here.inbox.hear(Edited(place="x", id="1", at=at(27), text="A2 we do"))
        assert shown() == {"q1": [("2", (), False)], "q2": [("1", (), False)]}
        assert here.inbox._notifications.versions("a/b")["q1"] > before
        await here.inbox.hear(Edited(place="x", id="2", at=at(28), text="A1, A2: leave me some cake"))
        assert shown() == {"q1": [("2", ("q2",), False)], "q2": [("1", (), False), ("2", ("q1",), True)]}
        await here.inbox.hear(Withdrawn(place="x", at=at(29), author=Author(id="a")))
        assert (shown(), set(here.live_chats.by_name["a/b"].counts.values())) == ({}, {0})


async def test_a_message_is_deleted_and_edited_by_the_id_of_any_version(store_url: str) -> None:
    clock = HandClock(at(26))
    async with running_listeners(store_url, platforms={"x": FakePlatform(clock)}, clock=clock) as here:
        for post in POSTS:
            here.live_chats.add_post(post)
        for id in ("1", "2"):
            await here.inbox.hear(also(id, text="A1 words", versions=(f"{id}-old",)))
        await here.inbox.hear(Edited(place="x", id="1-old", text="A2 others", at=at(26)))
        await here.inbox.hear(Deleted(place="x", id="2-old", at=at(26)))
        shown = {
            one.id: (key, one.text)
            for key in ("q1", "q2")
            for one in here.database.write_sync(message_views.shown_under, "a/b", key, None, 100)
        }
        assert shown == {"1": ("q2", "A2 others")}
        told = record(a_chat(), [*here.log(), *POSTS])
        assert [(one.id, one.question, one.text) for one in told.messages] == [("1", "q2", "A2 others")]


AGAIN = Posted(place="x", id="x-again", key="notice-1", kind="notice", at=at(22), chat="a/b", repeats="q1")
CORRECTION = Posted(place="x", id="x-corr", key="notice-2", kind="correction", at=at(23), chat="a/b", repeats="q2")


async def test_a_question_that_was_brought_back_is_on_the_floor_again_there(store_url: str) -> None:
    clock = HandClock(at(26))
    platforms = {place: FakePlatform(clock) for place in ("x", "room")}
    said_there = (
        also("1", minutes=21),
        also("2", minutes=24),
        also("3", minutes=25, reply_to="x-again"),
        also("4", minutes=25, reply_to="x-corr"),
        also("5", place="room", minutes=25),
        also("6", place="room", minutes=25, reply_to="x-again", reply_place="x"),
        also("7", conversation="x-again"),
        also("8", minutes=30, reply_to="2"),
        also("9", minutes=33),
    )
    later = Posted(place="x", id="x-q3", key="q3", kind="question", at=at(32), chat="a/b")
    posts = [*POSTS, AGAIN, CORRECTION, later]
    wanted = {"1": "q2", "2": "q1", "3": "q1", "4": "q2", "5": "q2", "6": "q1", "7": "q1", "8": "q1", "9": "q3"}
    async with running_listeners(store_url, platforms=platforms, clock=clock) as here:
        here.database.write_sync(messages.append_events, [(post.chat, post) for post in posts])
        for post in posts:
            here.live_chats.add_post(post)
        for message in said_there[:4]:
            await here.inbox.hear(message)
    async with running_listeners(store_url, platforms=platforms, clock=clock) as again:
        for post in again.database.write_sync(messages.own_posts):
            again.live_chats.add_post(post)
        for message in said_there[4:]:
            await again.inbox.hear(message)
        found = {
            key: again.database.write_sync(message_views.shown_under, "a/b", key, None, 100)
            for key in ("q1", "q2", "q3")
        }
        live = {one.id: (one.question, one.reason) for several in found.values() for one in several}
        assert {id: question for id, (question, _) in live.items()} == wanted
        told = record(a_chat(), again.log())
        assert {one.id: (one.question, one.reason) for one in told.messages} == live


async def test_a_post_of_ours_that_was_changed_has_its_new_text_after_a_restart(store_url: str) -> None:
    clock = HandClock(at(26))
    async with running_listeners(store_url, clock=clock) as here:
        post = Posted(place="x", id="x-q1", key="q1", kind="question", at=at(10), chat="a/b", text="Q1. Who?")
        here.live_chats.add_post(post)
        await here.inbox.hear(msgspec.structs.replace(post, chat="a/b"))
        here.live_chats.change_post("x", "x-q1", "Q1. Who helps?")
        here.live_chats.change_post("x", "never", "Q1. Who helps?")
        assert [one.text for one in here.live_chats.by_name["a/b"].posts("x")] == ["Q1. Who helps?"]
        key = "edit-q1"
        amended = Post(
            chat="a/b", key=key, place="x", kind="edit", text="Q1. Who helps?", nonce=key, due=at(12), edits="x-q1"
        )
        here.plan(planned_posts.PlannedPost(post=amended, expires=at(20)))
        [item] = here.database.write_sync(
            outbox.claim, "x", now=at(12), until=at(12), lease=timedelta(minutes=1), patience=timedelta(minutes=1)
        )
        done = outbox.PostOutcome(id=item.id, state="sent", next_at=at(12), attempts=1, receipt="x-q1", sent_at=at(12))
        here.database.write_sync(outbox.save_outcomes, [done])
        await here.inbox.hear(Edited(place="x", id="x-q1", text="Q1. Who helps?", at=at(12)))
        assert [one.text for one in here.database.write_sync(messages.own_posts)] == ["Q1. Who helps?"]
        assert record(a_chat(), here.log()).chat.questions[0].text == "Who helps?"
        assert here.heard() == []
