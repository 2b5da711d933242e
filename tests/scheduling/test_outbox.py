"""The outbox on both databases, with a clock that is moved by hand and a platform that fails on request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.errors import PlatformError
from bot.messages import Image, Post, Posted, Receipt
from bot.ports import punctuality
from bot.scheduling.outbox import Outbox
from bot.scheduling.outbox_callbacks import OutboxCallbacks
from bot.store import claims, messages, outbox, outbox_queries, planned_posts
from bot.store.database import Database
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform


class Stage:
    """An outbox with one place, and its observations."""

    def __init__(self, database: Database, clock: HandClock, platform: FakePlatform, lead: float = 10) -> None:
        self.database = database
        self.clock = clock
        self.platform = platform
        self.shown: list[Posted] = []
        self.available, self.wanted = True, 0
        self.failed: list[tuple[str, int, str]] = []
        self.woken: asyncio.Event | None = None
        self.outbox = Outbox(
            database,
            {"x": platform},
            clock=clock,
            lead=timedelta(seconds=lead),
            callbacks=OutboxCallbacks(
                on_sent=self._on_sent,
                on_wanted=self._on_wanted,
                on_failed=self._on_failed,
                on_answered=self._on_answered,
            ),
            available=lambda _place: self.available,
        )

    def _on_sent(self, posted: Posted, _: Image | None) -> None:
        self.shown.append(posted)

    def _on_answered(self) -> bool:
        if self.woken is not None:
            self.woken.set()
        return self.woken is not None

    def _on_wanted(self, place: str) -> None:
        assert place == "x"
        self.wanted += 1

    def _on_failed(self, post: Post, reason: str) -> None:
        self.failed.append((post.key, post.part, reason))

    def plan_parts(self, *texts: str, key: str = "q1") -> None:
        """A post that is split into these parts."""
        for part, text in enumerate(texts, 1):
            due = NOON + timedelta(milliseconds=part - 1)
            post = Post(
                chat="a/b",
                key=key,
                place="x",
                kind="question",
                text=text,
                nonce=planned_posts.nonce("a/b", key, "x", part),
                due=due,
                part=part,
            )
            self.database.write_sync(
                planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=due + timedelta(hours=1))]
            )

    def parts(self, key: str = "q1") -> list[tuple[int, str, str]]:
        lines = self.database.write_sync(outbox_queries.outbox_rows)
        return [(line.post.part, line.state, line.post.text) for line in lines if line.post.key == key]

    async def settles(self) -> None:
        """Until nothing is left to be sent; the clock goes on a little meanwhile."""
        async with asyncio.timeout(60):
            while any(
                line.state in ("planned", "sending", "retry")
                for line in await asyncio.to_thread(self.database.write_sync, outbox_queries.outbox_rows)
            ):
                await self.claim_due()
                await asyncio.sleep(0)
                self.clock.move(seconds=0.01)

    def plan(self, key: str = "q1", *, seconds: float = 0, text: str = "Why?", chat: str = "a/b") -> None:
        due = NOON + timedelta(seconds=seconds)
        post = Post(
            chat=chat,
            key=key,
            place="x",
            kind="question",
            text=text,
            nonce=planned_posts.nonce(chat, key, "x", 1),
            due=due,
        )
        self.database.write_sync(
            planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=due + timedelta(hours=1))]
        )

    def state(self, key: str = "q1") -> str:
        return next(line.state for line in self.database.write_sync(outbox_queries.outbox_rows) if line.post.key == key)

    async def reaches(self, state: str, key: str = "q1") -> None:
        """Wait until the row is in this state."""
        async with asyncio.timeout(60):
            while await asyncio.to_thread(self.state, key) != state:
                await asyncio.sleep(0)

    async def claim_due(self) -> None:
        await self.outbox.claim_due(self.clock.now())


@asynccontextmanager
async def stage(url: str, **traits: object) -> AsyncIterator[Stage]:
    """An outbox at work. Its platform is a FakePlatform, or the one that `traits` bring as `kind`."""
    clock = HandClock()
    database = Database(url)
    kind = traits.pop("kind", FakePlatform)
    assert isinstance(kind, type)
    made = Stage(database, clock, kind(clock, **traits))
    writer = asyncio.create_task(made.outbox.run())
    try:
        yield made
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
        await made.outbox.stop()
        database.close()


async def test_a_post_is_sent_once_when_it_is_due(store_url: str) -> None:
    async with stage(store_url) as here:
        here.plan(seconds=5)
        await here.claim_due()
        assert (here.state(), here.platform.posted) == ("sending", [])
        here.clock.move(seconds=5)
        await here.reaches("sent")
        await here.claim_due()
        assert here.platform.posted == ["Why?"]
        assert [one.key for one in here.shown] == ["q1"]
        assert [event.id for event in here.database.write_sync(messages.own_posts)] == ["id-1"]


async def test_as_long_as_nothing_is_due_a_tick_waits_for_no_writer(store_url: str) -> None:
    locked, go_on = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":  # SQLite locks the whole file for any write
            connection.exec_driver_sql("LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE")
        locked.set()
        go_on.wait(60)

    async with stage(store_url) as here:
        here.plan(seconds=60)
        await here.claim_due()
        with closing(Database(store_url)) as other:
            writer = asyncio.create_task(other.write("outgoing", hold))
            try:
                await asyncio.to_thread(locked.wait)
                assert await here.outbox.claim_due(NOON) == NOON + timedelta(seconds=50)
            finally:
                go_on.set()
                await writer


async def test_a_post_that_is_not_due_soon_is_not_claimed(store_url: str) -> None:
    async with stage(store_url) as here:
        here.plan(seconds=60)
        assert await here.outbox.claim_due(NOON) == NOON + timedelta(seconds=50)
        assert here.state() == "planned"


async def test_a_temporary_refusal_is_retried_later(store_url: str) -> None:
    async with stage(store_url) as here:
        here.platform.refuses(PlatformError("busy", retry_after=30))
        here.plan()
        await here.claim_due()
        await here.reaches("retry")
        here.clock.move(seconds=30)
        await here.claim_due()
        await here.reaches("sent")
        assert here.platform.posted == ["Why?"]


async def test_a_permanent_refusal_is_not_retried(store_url: str) -> None:
    async with stage(store_url) as here:
        here.platform.refuses(PlatformError("forbidden", permanent=True))
        here.plan()
        await here.claim_due()
        await here.reaches("failed")
        here.clock.move(seconds=600)
        await here.claim_due()
        assert (here.state(), here.platform.posted) == ("failed", [])


async def test_a_lost_answer_is_looked_up_and_not_posted_again(store_url: str) -> None:
    async with stage(store_url, visible_after=3) as here:
        here.platform.loses_the_answer()
        here.plan()
        await here.claim_due()
        await here.reaches("ambiguous")
        here.clock.move(seconds=4)  # before timeout and delay are over nobody looks
        await here.claim_due()
        assert here.state() == "ambiguous"
        here.clock.move(seconds=1)
        await here.claim_due()
        await here.reaches("sent")
        assert here.platform.posted == ["Why?"]


async def test_a_post_that_never_arrived_is_sent_after_the_lookup(store_url: str) -> None:
    async with stage(store_url) as here:
        here.platform.refuses(TimeoutError())
        here.plan()
        await here.claim_due()
        await here.reaches("ambiguous")
        here.clock.move(seconds=2)
        await here.claim_due()
        await here.reaches("retry")
        await here.claim_due()
        await here.reaches("sent")
        assert here.platform.posted == ["Why?"]


async def test_after_a_crash_before_the_answer_the_next_process_looks_the_post_up(store_url: str) -> None:
    async with stage(store_url) as here:
        here.plan()
        lease = timedelta(seconds=2)
        items = here.database.write_sync(outbox.claim, "x", now=NOON, until=NOON, lease=lease, patience=lease)
        if here.database.is_shared:
            here.database.write_sync(claims.confirm, items[0].claim or "", [items[0].id], timedelta(0))
        await here.platform.send(items[0].post)  # the first process dies here
        await here.claim_due()
        assert here.state() == "sending"
        here.clock.move(seconds=2)
        await here.claim_due()
        await here.reaches("sent")
        assert here.platform.posted == ["Why?"]


async def test_a_process_that_starts_on_sqlite_waits_only_as_long_as_a_call_takes_to_show(sqlite_url: str) -> None:
    """Whoever held the store before is dead, so no call of theirs begins any more, however late a lease ends."""
    async with stage(sqlite_url, visible_after=3) as here:
        here.plan("q1", text="Out?")
        here.plan("q2", seconds=9, text="Not out.", chat="a/c")
        now, lease = here.clock.now(), timedelta(seconds=11)
        items = here.database.write_sync(outbox.claim, "x", now=now, until=now + lease, lease=lease, patience=lease)
        assert [one.post.key for one in items] == ["q1", "q2"]
        await here.platform.send(items[0].post)  # the first process dies here
        here.clock.move(seconds=1)
        await here.claim_due()
        here.clock.move(seconds=4.9)
        await here.claim_due()
        assert (here.platform.looked_up, here.state("q1"), here.state("q2")) == (0, "sending", "sending")
        here.clock.move(seconds=0.1)
        await here.claim_due()
        await here.reaches("sent", "q1")
        here.clock.move(seconds=2.9)
        await here.claim_due()
        assert (here.platform.looked_up, here.state("q2")) == (1, "sending"), "it must not be asked before its time"
        here.clock.move(seconds=0.1)
        await here.claim_due()
        await here.reaches("retry", "q2")
        await here.claim_due()
        await here.reaches("sent", "q2")
        assert here.platform.posted == ["Out?", "Not out."]


async def test_after_sleeping_past_the_due_time_the_true_attempt_is_recorded(store_url: str) -> None:
    async with stage(store_url, visible_after=30) as here:
        here.platform.loses_the_answer()
        here.plan(seconds=5)
        await here.claim_due()
        here.clock.move(seconds=120)  # asleep
        await here.reaches("planned")
        await here.claim_due()
        await here.reaches("ambiguous")
        here.clock.move(seconds=31)  # the platform shows the post only now
        await here.claim_due()
        assert here.state() == "ambiguous"
        here.clock.move(seconds=1)
        await here.claim_due()
        await here.reaches("sent")
        assert here.platform.posted == ["Why?"]


async def test_a_place_that_is_not_available_is_wanted_once_for_each_post_that_becomes_due(store_url: str) -> None:
    async with stage(store_url) as here:
        here.available = False
        here.plan("q1", seconds=60)
        here.plan("q2", seconds=120)
        wanted = []
        for _ in range(13):
            await here.claim_due()
            await here.claim_due()
            wanted.append(here.wanted)
            here.clock.move(seconds=10)
        assert wanted == [0] * 5 + [1] * 6 + [2] * 2, "each as early as it would be claimed"
        here.available = True
        await here.claim_due()
        await here.reaches("sent")


async def test_a_post_refused_by_what_may_be_a_mistake_is_looked_up_before_it_is_sent_again(store_url: str) -> None:
    async with stage(store_url, visible_after=3) as here:
        here.platform.refuses(PlatformError("pay first", lost=True, ambiguous=True))
        here.plan()
        await here.claim_due()
        await here.reaches("ambiguous")
        here.clock.move(seconds=2)
        await here.claim_due()
        assert here.state() == "ambiguous"
        here.clock.move(seconds=1)
        await here.claim_due()
        await here.reaches("retry")
        await here.claim_due()
        await here.reaches("sent")
        assert here.platform.posted == ["Why?"]


async def test_a_wait_without_sense_is_bounded(store_url: str) -> None:
    async with stage(store_url) as here:
        here.platform.refuses(PlatformError("busy", retry_after=10.0**9))
        here.plan()
        await here.claim_due()
        await here.reaches("retry")
        here.clock.move(seconds=960)
        await here.claim_due()
        await here.reaches("sent")


async def test_parts_after_a_refused_one_do_not_go_out_and_the_host_is_told(store_url: str) -> None:
    async with stage(store_url) as here:
        here.plan_parts("One.", "Two.", "Three.", "Four.")
        here.plan("q2", seconds=1, text="And how?")
        here.platform.refuses_text("Two.", PlatformError("not this", permanent=True, too_long=True))
        await here.settles()
        assert here.platform.posted == ["One.", "And how?"], "it is short, so its length is not the reason"
        assert [state for _, state, _ in here.parts()] == ["sent", "failed", "skipped", "skipped"]
        assert here.failed == [("q1", 2, "not this")]


async def test_a_part_waits_for_the_one_before_it_however_long(store_url: str) -> None:
    async with stage(store_url) as here:
        here.plan_parts("One.", "Two.")
        here.plan("q2", seconds=400, text="And how?")
        here.platform.refuses(*[PlatformError("busy", retry_after=600)])
        await here.claim_due()
        await here.reaches("retry")
        here.clock.move(seconds=400)
        await here.claim_due()
        await here.reaches("sent", "q2")
        assert here.parts()[1][1] == "planned", "its first part is not out, though it is more than five minutes late"
        here.clock.move(seconds=200)
        await here.settles()
        assert here.platform.posted == ["And how?", "One.", "Two."]


TOO_LONG = PlatformError("The text is too long.", permanent=True, too_long=True)


async def test_a_part_that_may_be_too_long_is_cut_again_once(store_url: str) -> None:
    long = "This is the first half of it. " + "And here is the second one, which is longer than the first by a bit."
    async with stage(store_url, limit=120) as here:
        here.plan_parts("One.", long, "Three.", "Four.")
        here.platform.refuses_text(long, TOO_LONG)
        await here.settles()
        first, second = "This is the first half of it.", long[30:]
        assert here.platform.posted == ["One.", first, second, "Three.", "Four."]
        assert [(part, state) for part, state, _ in here.parts()] == [(n, "sent") for n in range(1, 6)]
        assert here.failed == []
        replies = [(post.text, post.reply_to) for post in here.platform.sent]
        assert replies == [(text, f"id-{n}" if n else None) for n, text in enumerate(here.platform.posted)]


async def test_a_part_that_is_refused_again_after_it_was_cut_is_given_up(store_url: str) -> None:
    long = "This is the first half of it. " + "And here is the second one, which is longer than the first by a bit."
    async with stage(store_url, limit=120) as here:
        here.plan_parts(long, "Three.")
        here.platform.refuses_text(long, TOO_LONG)
        here.platform.refuses_text(long[30:], TOO_LONG)
        await here.settles()
        assert here.platform.posted == ["This is the first half of it."]
        assert [state for _, state, _ in here.parts()] == ["sent", "failed", "skipped"]
        assert here.failed == [("q1", 2, "The text is too long.")]


async def test_a_post_in_one_part_can_be_cut_as_well_unless_it_must_not_be(store_url: str) -> None:
    long = "This is the first half of it. " + "And here is the second one, which is longer than the first by a bit."
    for splits in (True, False):
        async with stage(store_url, limit=120, splits=splits) as here:
            key = f"q{int(splits)}"
            here.plan_parts(long, key=key)
            here.platform.refuses_text(long, TOO_LONG)
            await here.settles()
            assert [state for _, state, _ in here.parts(key)] == (["sent", "sent"] if splits else ["failed"])


async def test_posts_of_a_chat_keep_their_order_even_at_the_same_instant(store_url: str) -> None:
    async with stage(store_url) as here:
        for number in range(1, 5):
            here.plan(f"q{number}", text=f"Q{number}")
        async with asyncio.timeout(60):
            while len(here.platform.posted) < 4:
                await here.claim_due()
        assert here.platform.posted == ["Q1", "Q2", "Q3", "Q4"]


async def test_posts_that_wait_for_one_another_follow_at_each_answer(store_url: str) -> None:
    """Nothing but answers wakes it here, also those that come within a second of one before."""
    async with stage(store_url) as here:
        here.woken = asyncio.Event()
        for number in range(1, 6):
            here.plan(f"q{number}", text=f"Q{number}")
        here.woken.set()
        async with asyncio.timeout(60):
            while len(here.shown) < 5:
                await here.woken.wait()
                here.woken.clear()
                await here.claim_due()
        assert here.platform.posted == ["Q1", "Q2", "Q3", "Q4", "Q5"]


async def test_stopping_while_the_database_is_busy_loses_no_receipt(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.plan()
        await here.claim_due()
        held, free = threading.Event(), threading.Event()

        def hold(connection: Connection) -> None:
            connection.exec_driver_sql("UPDATE meta SET value = value")
            held.set()
            free.wait(60)

        hanging = asyncio.create_task(here.database.write("incoming", hold))
        await asyncio.to_thread(held.wait, 60)
        async with asyncio.timeout(60):
            while not here.shown:
                await asyncio.sleep(0)
        stopping = asyncio.create_task(here.outbox.stop())
        await asyncio.sleep(0)
        free.set()
        await asyncio.gather(hanging, stopping)
        assert here.state() == "sent"


async def test_stopping_releases_claims_that_are_not_due(store_url: str) -> None:
    async with stage(store_url) as here:
        here.plan(seconds=5)
        await here.claim_due()
        await here.outbox.stop()
        assert (here.state(), here.platform.posted) == ("planned", [])


async def test_a_disk_that_hangs_does_not_delay_a_question(sqlite_url: str) -> None:
    async with stage(sqlite_url) as here:
        here.plan(seconds=5)
        await here.claim_due()
        held, free = threading.Event(), threading.Event()

        def hold(connection: Connection) -> None:
            connection.exec_driver_sql("UPDATE meta SET value = value")
            held.set()
            free.wait(60)

        hanging = asyncio.create_task(here.database.write("incoming", hold))
        await asyncio.to_thread(held.wait, 60)
        here.clock.move(seconds=5)
        async with asyncio.timeout(60):
            while not here.shown:
                await asyncio.sleep(0)
        assert here.platform.posted == ["Why?"]
        assert not hanging.done(), "the disk must still have hung when the question went out"
        free.set()
        await hanging
        await here.reaches("sent")


async def test_a_question_waits_for_the_one_before_it_but_not_for_ever(store_url: str) -> None:
    async with stage(store_url) as here:
        here.platform.refuses(PlatformError("busy", retry_after=600))
        here.plan("q1")
        here.plan("q2", seconds=60, text="And how?")
        await here.claim_due()
        await here.reaches("retry")
        here.clock.move(seconds=90)
        await here.claim_due()
        assert (here.state("q1"), here.state("q2")) == ("retry", "planned")
        here.clock.move(seconds=250)
        await here.claim_due()
        await here.reaches("sent", "q2")
        assert here.platform.posted == ["And how?"]


async def test_claiming_does_not_look_through_all_that_is_due(sqlite_url: str) -> None:
    """SQLite's own steps are counted: ten times the posts may cost three times as many for the same claim, at most."""

    def steps(connection: Connection) -> int:
        counted: list[None] = []
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(lambda: counted.append(None), 100)
        try:
            claimed = outbox.claim(
                connection, "x", now=NOON, until=NOON, lease=timedelta(0), patience=timedelta(minutes=5), limit=50
            )
        finally:
            driver.set_progress_handler(None, 0)
        assert len(claimed) == 50
        return len(counted)

    async with stage(sqlite_url) as here:
        for number in range(60):
            here.plan(chat=f"a/{number}")
        few = here.database.write_sync(steps)
        for number in range(60, 600):
            here.plan(chat=f"a/{number}")
        assert here.database.write_sync(steps) < 3 * few


async def test_two_processes_never_claim_the_same_row(store_url: str) -> None:
    async with stage(store_url) as here:
        for number in range(50):
            here.plan(chat=f"a/{number}")
        other = Database(store_url)
        lease = timedelta(seconds=2)

        def claim(database: Database) -> list[int]:
            taken: list[int] = []
            while found := database.write_sync(
                outbox.claim, "x", now=NOON, until=NOON, lease=lease, patience=lease, limit=3
            ):
                taken += [item.id for item in found]
            return taken

        one, two = await asyncio.gather(asyncio.to_thread(claim, here.database), asyncio.to_thread(claim, other))
        other.close()
        assert len(one) + len(two) == len({*one, *two}) == 50


@pytest.mark.parametrize("state", ["sent", "sending", "failed"])
async def test_a_changed_plan_leaves_tried_posts_alone(store_url: str, state: str) -> None:
    async with stage(store_url) as here:
        here.plan()
        [item] = here.database.write_sync(
            outbox.claim, "x", now=NOON, until=NOON, lease=timedelta(0), patience=timedelta(0)
        )
        if state != "sending":
            done = outbox.PostOutcome(id=item.id, state=state, next_at=NOON, attempts=1)  # type: ignore[arg-type]
            here.database.write_sync(outbox.save_outcomes, [done])
        here.plan(text="Something else", seconds=900)
        [line] = here.database.write_sync(outbox_queries.outbox_rows)
        assert (line.state, line.post.text) == (state, "Why?")


class StandingStill(FakePlatform):
    """Stands still once, between the last look at the store and the socket."""

    still_for = 100.0

    async def send(self, post: Post) -> Receipt:
        still, self.still_for = self.still_for, 0.0
        with pytest.MonkeyPatch.context() as patch:
            now = punctuality.Moment.now()
            patch.setattr(punctuality.Moment, "now", lambda: now._replace(monotonic=now.monotonic + still))
            punctuality.check_in_time()
        return await super().send(post)


async def test_what_comes_too_late_to_its_socket_is_not_sent_but_tried_again(store_url: str) -> None:
    async with stage(store_url, kind=StandingStill) as here:
        here.plan()
        await here.settles()
        assert here.platform.posted == ["Why?"]
        assert here.database.read_sync(outbox_queries.outbox_rows)[0].attempts == 2
