"""The moderation queue, muted people, and actions on messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.live import receipts
from bot.live.live_chats import LiveChats
from bot.messages import ActionKind, Posted
from bot.moderation import actions
from bot.store import moderation_queue, muted, outbox, outbox_queries, planned_posts
from bot.store.database import Database
from bot.store.moderation_queue import QueuedMessage, StoredReason
from tests.fakes.clock import NOON

CHAT = "a/b"


@pytest.fixture
def store(store_url: str) -> Iterator[Database]:
    database = Database(store_url)
    yield database
    database.close()


def test_each_chat_has_its_own_numbers_and_a_message_has_one_entry(store: Database) -> None:
    why = StoredReason(kind="phone", start=1, end=9)
    assert store.write_sync(moderation_queue.enqueue, CHAT, "room", "1", NOON, [why]) == 1
    assert store.write_sync(moderation_queue.enqueue, CHAT, "room", "2", NOON) == 2
    assert store.write_sync(moderation_queue.enqueue, "a/c", "room", "3", NOON) == 1
    assert store.write_sync(moderation_queue.enqueue, CHAT, "room", "1", NOON, ()) == 1
    first, second = store.read_sync(moderation_queue.queue_entries, CHAT)
    assert (first.id, first.reasons, second.id, second.at) == ("1", (why,), "2", NOON)
    assert store.read_sync(moderation_queue.find, CHAT, 2) == second
    assert store.read_sync(moderation_queue.find_by_message, "room", "3") is not None
    assert store.write_sync(moderation_queue.remove_message, "room", "2") == second
    assert store.write_sync(moderation_queue.remove_message, "room", "2") is None
    assert store.write_sync(moderation_queue.enqueue, CHAT, "room", "4", NOON) == 3


def test_removing_a_message_deletes_the_posts_about_it_and_no_others(store: Database) -> None:
    store.write_sync(moderation_queue.enqueue, CHAT, "room", "1", NOON)
    store.write_sync(moderation_queue.enqueue, CHAT, "x", "1", NOON)
    store.write_sync(moderation_queue.enqueue, "a/c", "room", "2", NOON)
    notes = [receipts.held_notice(CHAT, place, "1", "a", NOON) for place in ("room", "x")]
    notes += [
        receipts.moderator_notice(chat, n, "why", None, ("x", "m"), NOON)
        for chat, n in ((CHAT, 1), (CHAT, 2), ("a/c", 1))
    ]
    notes += [receipts.receipt(CHAT, key, "x", "1. words", NOON, to="m") for key in ("held-7", "answer-8")]
    store.write_sync(planned_posts.save_plan, notes)
    entry = store.read_sync(moderation_queue.find_by_message, "room", "1")
    assert entry
    assert store.write_sync(moderation_queue.remove_message, "room", "1") == entry
    assert sorted((chat, place, key) for chat, place, key in planned(store)) == [
        (CHAT, "x", "answer-8"),
        (CHAT, "x", "flagged-2-m"),
        (CHAT, "x", "waits-1"),
        ("a/c", "x", "flagged-1-m"),
    ]
    assert store.write_sync(moderation_queue.remove_people, [("room", "nobody")]) == set()


def test_removing_an_entry_returns_the_members_of_the_team_who_were_not_told(store: Database) -> None:
    store.write_sync(moderation_queue.enqueue, CHAT, "room", "1", NOON)
    store.write_sync(
        planned_posts.save_plan,
        [receipts.moderator_notice(CHAT, 1, "why", None, ("x", "early"), NOON + timedelta(minutes=30))],
    )
    does(store)
    store.write_sync(planned_posts.save_plan, [receipts.moderator_notice(CHAT, 1, "why", None, ("x", "late"), NOON)])
    store.write_sync(planned_posts.save_plan, [receipts.held_notice(CHAT, "room", "1", "a", NOON)])
    entry = store.read_sync(moderation_queue.find_by_message, "room", "1")
    assert entry
    assert store.write_sync(moderation_queue.remove_entry, entry) == {("x", "late")}
    assert planned(store) == [(CHAT, "room", "waits-1")], "its author is told once, whatever its number"
    assert store.read_sync(moderation_queue.queue_entries, CHAT) == []


def planned(store: Database) -> list[tuple[str, str, str]]:
    """Chat, place and key of every post."""
    return [(one.post.chat, one.post.place, one.post.key) for one in store.read_sync(outbox_queries.outbox_rows)]


def test_many_messages_are_numbered_in_order(store: Database) -> None:
    several = [
        QueuedMessage(chat=chat, place="x", id=f"{chat} {n}", at=NOON) for n in range(3) for chat in (CHAT, "a/c")
    ]
    assert store.write_sync(moderation_queue.enqueue_all, several) == [1, 1, 2, 2, 3, 3]
    assert store.write_sync(moderation_queue.enqueue_all, []) == []
    assert [one.number for one in store.read_sync(moderation_queue.queue_entries, CHAT)] == [1, 2, 3]


def test_muting_again_changes_the_end_and_unmuting_lifts_mute_and_ban(store: Database) -> None:
    soon, late = NOON + timedelta(minutes=5), NOON + timedelta(minutes=10)
    store.write_sync(muted.mute, "x", "7", CHAT, soon)
    store.write_sync(muted.mute, "x", "7", CHAT, late)
    store.write_sync(muted.mute, "x", "7", "", None)
    people = [("x", "7"), ("x", "8")]
    assert store.read_sync(muted.active_mutes, people, NOON) == {("x", "7", CHAT): late, ("x", "7", ""): None}
    assert store.read_sync(muted.active_mutes, people, late) == {("x", "7", ""): None}
    assert store.read_sync(muted.active_mutes, [], NOON) == {}
    assert store.write_sync(muted.unmute, "x", "7", CHAT)
    assert store.read_sync(muted.active_mutes, people, NOON) == {}


# Measures --------------------------------------------------------------------------------------------------


def asks(store: Database, kind: ActionKind, message: str = "1", minutes: float = 0) -> bool:
    return store.write_sync(actions.plan, CHAT, "x", message, kind, NOON + timedelta(minutes=minutes))


def keys(store: Database) -> list[tuple[str, str]]:
    return [(line.post.key, line.state) for line in store.read_sync(outbox_queries.outbox_rows, CHAT)]


def does(store: Database) -> None:
    """Send all planned posts."""
    now = NOON + timedelta(hours=1)
    more = {"lease": timedelta(minutes=1), "patience": timedelta(minutes=1)}
    items = store.write_sync(outbox.claim, "x", now=now, until=now, **more)  # type: ignore[arg-type]
    done = [
        outbox.PostOutcome(id=one.id, state="sent", next_at=now, attempts=1, receipt=one.post.key, sent_at=now)
        for one in items
    ]
    if done:
        store.write_sync(outbox.save_outcomes, done)


def test_each_changed_decision_is_one_action(store: Database) -> None:
    assert asks(store, "hide")
    assert not asks(store, "hide")
    does(store)
    assert not asks(store, "hide")
    assert asks(store, "show", minutes=1)
    does(store)
    assert asks(store, "hide", minutes=2)
    assert sorted(keys(store)) == [("hide-1", "sent"), ("hide-1-2", "planned"), ("show-1", "sent")]


def test_an_untried_action_is_cancelled(store: Database) -> None:
    assert asks(store, "hide")
    assert not asks(store, "show")
    assert keys(store) == [("hide-1", "skipped")]
    assert asks(store, "hide"), "and so it can be asked again"
    assert ("hide-1", "planned") in keys(store) or ("hide-1-2", "planned") in keys(store)


def test_a_message_that_was_never_hidden_is_not_shown(store: Database) -> None:
    assert not asks(store, "show")
    assert asks(store, "hide", "12")
    assert not asks(store, "show", "1"), "another message, whose id begins alike"
    assert asks(store, "hide", "1")


def test_a_reply_to_our_post_is_one_only_on_the_same_place() -> None:
    live_chats = LiveChats()
    live_chats.add_post(Posted(place="x", id="p", key="q1", at=NOON, chat=CHAT))
    assert actions.under_own_post(live_chats, "x", ("x", "p"), None)
    assert actions.under_own_post(live_chats, "x", ("x", "other"), "p")
    assert not actions.under_own_post(live_chats, "room", ("x", "p"), None)
    assert not actions.under_own_post(live_chats, "x", ("x", ""), "")
