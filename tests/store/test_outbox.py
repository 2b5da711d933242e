"""The parents of posts, skipped questions of a chat that went on elsewhere, and posts outside the order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.messages import CalendarEntry, Post
from bot.store import claims, due_posts, outbox, outbox_queries, planned_posts
from bot.store.database import Database
from bot.store.due_posts import NextTimes
from bot.store.outbox import ClaimedPost, PostOutcome
from bot.store.post_states import State
from tests.fakes.clock import NOON

HOUR = timedelta(hours=1)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def store(store_url: str) -> Iterator[Database]:
    made = Database(store_url)
    yield made
    made.close()


def plan(store: Database, key: str, minutes: float, *, place: str = "x", kind: str = "question", part: int = 1) -> None:
    due = at(minutes) + (part - 1) * timedelta(milliseconds=1)
    post = Post(
        chat="a/b",
        key=key,
        place=place,
        kind=kind,
        text=f"{key} {part}",
        part=part,
        nonce=planned_posts.nonce("a/b", key, place, part),
        due=due,
        reply_to="77" if kind == "receipt" else None,
        calendar_entry=CalendarEntry(name="a/b", title="A", starts=NOON, ends=NOON + HOUR)
        if kind == "calendar"
        else None,
    )
    store.write_sync(planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=at(300))])


def claim(store: Database, minutes: float, place: str = "x") -> list[ClaimedPost]:
    now = at(minutes)
    patience = timedelta(minutes=5)
    return store.write_sync(outbox.claim, place, now=now, until=now, lease=timedelta(0), patience=patience)


def settle(store: Database, item: ClaimedPost, state: State = "sent", *, next_at: datetime | None = None) -> None:
    when = item.attempted_at
    receipt = f"id-{item.post.key}-{item.post.part}" if state == "sent" else None
    done = PostOutcome(id=item.id, state=state, next_at=next_at or when, attempts=1, receipt=receipt, sent_at=when)
    store.write_sync(outbox.save_outcomes, [done])


def say(store: Database, key: str, minutes: float, *, place: str = "x", kind: str = "question") -> ClaimedPost:
    plan(store, key, minutes, place=place, kind=kind)
    [item] = claim(store, minutes, place)
    settle(store, item)
    return item


def states(store: Database, place: str = "x") -> dict[str, str]:
    return {
        line.post.key: line.state for line in store.write_sync(outbox_queries.outbox_rows) if line.post.place == place
    }


def test_each_part_replies_to_the_part_before(store: Database) -> None:
    for part in (1, 2, 3):
        plan(store, "q1", 10, part=part)
    hung = []
    for _ in range(3):
        [item] = claim(store, 11)
        hung.append((item.post.part, item.post.reply_to))
        settle(store, item)
    assert hung == [(1, None), (2, "id-q1-1"), (3, "id-q1-2")]


def test_a_part_never_follows_or_replies_to_one_of_another_place_or_key(store: Database) -> None:
    say(store, "q1", 10, place="room")
    say(store, "q0", 10)
    plan(store, "q1", 11, part=2)
    assert claim(store, 12) == [], "its own first part is not out"
    plan(store, "q1", 11)
    [first] = claim(store, 12)
    assert (first.post.part, first.post.reply_to) == (1, None)
    settle(store, first)
    [second] = claim(store, 13)
    assert (second.post.part, second.post.reply_to) == (2, "id-q1-1")


def test_the_opening_is_the_first_post_of_the_chat_on_its_place(store: Database) -> None:
    say(store, "calendar-1", -60, kind="calendar")
    say(store, "reminder-1h", -50, kind="reminder")
    say(store, "receipt-1", -40, kind="receipt")
    say(store, "notice-1", -30, place="room", kind="notice")
    assert say(store, "welcome", 0, kind="welcome").post.opening is None
    assert [say(store, key, n).post.opening for n, key in enumerate(("q1", "q2"), 10)] == ["id-welcome-1"] * 2


def test_an_ambiguous_post_keeps_its_parent(store: Database) -> None:
    say(store, "welcome", 0, kind="welcome")
    plan(store, "q1", 10)
    [item] = claim(store, 10)
    if store.is_shared:
        store.write_sync(claims.confirm, item.claim or "", [item.id], timedelta(0))
    [item] = store.write_sync(outbox.claim_ambiguous, "x", now=at(11), lease=HOUR, busy=[])
    assert item.post.opening == "id-welcome-1"


def test_a_receipt_keeps_its_parent_and_a_calendar_entry_its_values(store: Database) -> None:
    plan(store, "receipt-1", 0, kind="receipt")
    plan(store, "calendar-1", 0, kind="calendar")
    found = {item.post.kind: item.post for item in claim(store, 1)}
    assert found["receipt"].reply_to == "77"
    assert found["calendar"].calendar_entry == CalendarEntry(name="a/b", title="A", starts=NOON, ends=NOON + HOUR)


@pytest.mark.parametrize("kind", ["receipt", "calendar"])
def test_side_posts_wait_for_no_other_and_delay_none(store: Database, kind: str) -> None:
    plan(store, "aside", 0, kind=kind)
    plan(store, "q1", 1)
    assert [item.post.key for item in claim(store, 1)] == ["aside", "q1"]
    plan(store, "later", 1.5, kind=kind)
    plan(store, "q2", 1.5)
    assert [item.post.key for item in claim(store, 1.5)] == ["later"], "a question waits for a question"


@pytest.mark.parametrize("kind", ["receipt", "calendar"])
def test_a_chat_is_never_overdue_because_of_a_side_post(store: Database, kind: str) -> None:
    plan(store, "aside", 0, kind=kind)
    assert store.write_sync(outbox_queries.overdue_chats, ["x"], at(30)) == set()
    plan(store, "q1", 1)
    assert store.write_sync(outbox_queries.overdue_chats, ["x"], at(30)) == {"a/b"}


def test_a_new_plan_leaves_a_receipt_alone(store: Database) -> None:
    plan(store, "receipt-1", -10, kind="receipt")
    plan(store, "q1", 1)
    store.write_sync(planned_posts.skip_unplanned, "a/b", ())
    assert states(store) == {"receipt-1": "planned", "q1": "skipped"}


# A place that missed something -----------------------------------------------------------------------------


def superseded(store: Database, minutes: float, *places: str) -> list[str]:
    found = store.write_sync(outbox_queries.skip_superseded, places or ("x", "room"), at(minutes), at(minutes - 1))
    return sorted(post.key for post in found)


def missed(store: Database, *keys: str) -> None:
    """Plan these on a place where no post was sent yet."""
    hours = {"welcome": 0.0, "rules": 1.0, "q1": 10.0, "q2": 20.0, "q3": 30.0, "closing": 60.0}
    for key in keys:
        plan(store, key, hours[key], kind=key if key in ("welcome", "rules", "closing") else "question")


def test_a_question_is_skipped_once_a_later_one_was_asked_elsewhere(store: Database) -> None:
    missed(store, "welcome", "rules", "q1", "q2", "q3", "closing")
    say(store, "q1", 10, place="room")
    assert superseded(store, 15) == ["rules", "welcome"]
    say(store, "q2", 20, place="room")
    assert superseded(store, 20.5) == [], "a minute late is still in time"
    assert superseded(store, 21) == ["q1"]
    assert superseded(store, 25) == []
    say(store, "closing", 60, place="room", kind="closing")
    assert superseded(store, 62) == ["q2", "q3"]
    assert states(store)["closing"] == "planned"


def test_a_question_that_was_asked_nowhere_is_not_skipped(store: Database) -> None:
    missed(store, "q1", "q2", "q3")
    plan(store, "q2", 20, place="room")
    say(store, "q1", 10, place="room")
    assert superseded(store, 40) == []


def test_another_chat_skips_nothing(store: Database) -> None:
    missed(store, "q1", "q2")
    post = Post(chat="a/c", key="q2", place="room", kind="question", text="?", nonce="other", due=at(20))
    store.write_sync(planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=at(300))])
    settle(store, claim(store, 20, "room")[0])
    assert superseded(store, 40) == []


@pytest.mark.parametrize("state", ["sending", "ambiguous", "sent", "failed"])
def test_a_post_that_may_have_been_sent_is_not_skipped(store: Database, state: State) -> None:
    missed(store, "q1")
    [item] = claim(store, 10)
    if state != "sending":
        settle(store, item, state)
    missed(store, "q2")
    say(store, "q2", 20, place="room")
    assert superseded(store, 40) == []
    assert states(store)["q1"] == state


def test_a_post_with_a_long_pause_is_not_skipped(store: Database) -> None:
    missed(store, "q1", "q2")
    settle(store, claim(store, 10)[0], "retry", next_at=at(70))
    say(store, "q2", 20, place="room")
    assert superseded(store, 49) == []
    assert superseded(store, 50) == ["q1"]


def test_only_posts_of_these_places_are_skipped(store: Database) -> None:
    missed(store, "q1", "q2")
    say(store, "q2", 20, place="room")
    assert superseded(store, 40, "room") == []


def test_each_place_has_the_next_times_of_its_earliest_rows(store: Database) -> None:
    rows: list[tuple[str, str, float, State]] = [
        ("x", "q1", 4, "sent"),
        ("x", "q2", 5, "ambiguous"),
        ("x", "q3", 6, "retry"),
        ("x", "q4", 7, "planned"),
        ("room", "q1", 8, "planned"),
        ("room", "q2", 9, "planned"),
        ("discord", "q1", 3, "ambiguous"),
        ("discord", "q2", 2, "sending"),
        ("elsewhere", "q1", 1, "planned"),
    ]
    for place, key, minutes, state in rows:
        plan(store, key, minutes, place=place, kind="receipt")
        if state != "planned":
            [item] = [one for one in claim(store, minutes, place) if one.post.key == key]
            if state != "sending":
                settle(store, item, state, next_at=at(minutes))
    found = store.read_sync(due_posts.next_times, ["x", "room", "discord", "new"])
    assert list(found.items()) == [
        ("x", NextTimes(send=at(6), look_up=at(5))),
        ("room", NextTimes(send=at(8))),
        ("discord", NextTimes(look_up=at(2))),
    ]
    assert store.read_sync(due_posts.next_times, []) == {}
