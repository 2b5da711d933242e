"""The numbers by which a program watches the bot, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.messages import Post
from bot.store import chats, moderation_queue, outbox, planned_posts
from bot.store.database import Database
from bot.store.figures import figures
from bot.store.outbox import PostOutcome
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(store_url: str) -> Iterator[Database]:
    made = Database(store_url)
    yield made
    made.close()


def plan(store: Database, key: str, minutes: float, *, chat: str = "a/b", kind: str = "question") -> None:
    due = NOON + minutes * MINUTE
    nonce = planned_posts.nonce(chat, key, "x", 1)
    post = Post(chat=chat, key=key, place="x", kind=kind, text=key, part=1, nonce=nonce, due=due)
    store.write_sync(planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=NOON + 300 * MINUTE)])


def send(store: Database, minutes: float) -> None:
    now, lease = NOON + minutes * MINUTE, timedelta(0)
    claimed = store.write_sync(outbox.claim, "x", now=now, until=now, lease=lease, patience=5 * MINUTE)
    done = [
        PostOutcome(id=one.id, state="sent", next_at=now, attempts=1, receipt=one.post.key, sent_at=now)
        for one in claimed
    ]
    store.write_sync(outbox.save_outcomes, done)


def test_a_question_is_late_by_when_it_was_asked_or_by_now_if_it_was_not(store: Database) -> None:
    chat = a_chat()
    store.write_sync(chats.save_chat, chat, chat.ends)
    plan(store, "q1", 10)
    plan(store, "q2", 20)
    plan(store, "note", 1, kind="notice")
    assert store.read_sync(figures, NOON + 9 * MINUTE).late == {}
    send(store, 12)
    assert store.read_sync(figures, NOON + 19 * MINUTE).late == {"x": 120.0}
    assert store.read_sync(figures, NOON + 25 * MINUTE).late == {"x": 300.0}
    found = store.read_sync(figures, NOON + 25 * MINUTE)
    assert (found.posts, found.live) == ({("x", "sent"): 2, ("x", "planned"): 1}, 1)
    assert store.read_sync(figures, NOON + 90 * MINUTE).late == {}, "an hour later it is no news"


def test_what_waits_for_a_moderator_is_counted_with_the_longest_wait(store: Database) -> None:
    assert store.read_sync(figures, NOON).longest_wait == 0
    for number, minutes in enumerate((5, 3)):
        store.write_sync(moderation_queue.enqueue, "a/b", "x", str(number), NOON + minutes * MINUTE)
    found = store.read_sync(figures, NOON + 13 * MINUTE)
    assert (found.waiting, found.longest_wait) == (2, 600.0)
