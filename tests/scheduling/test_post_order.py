"""Posts of a chat that are claimed together: they go out in their order, and wait for each other but for no disk."""

from __future__ import annotations

import asyncio

from bot.errors import PlatformError
from bot.messages import Post, Receipt
from bot.store import outbox_queries
from tests.fakes.platform import FakePlatform
from tests.scheduling.test_outbox import Stage, stage


class Slow(FakePlatform):
    """A platform that keeps each call until it is told to `answer`."""

    answers: asyncio.Event

    async def send(self, post: Post) -> Receipt:
        """Take it once told to."""
        if not hasattr(self, "answers"):
            self.answers = asyncio.Event()
        self.begun = [*getattr(self, "begun", []), post.key]
        await self.answers.wait()
        return await super().send(post)


async def turns(number: int = 200) -> None:
    """Let everything go on that waits for nothing else."""
    for _ in range(number):
        await asyncio.sleep(0)


def plan_three(here: Stage) -> None:
    """Three questions, a second apart."""
    for number in (1, 2, 3):
        here.plan(f"q{number}", seconds=number, text=f"Question {number}?")


async def test_posts_that_are_due_one_after_the_other_need_one_claim(store_url: str) -> None:
    """The scheduler claims once; whatever a disk takes to save an outcome, the next question doesn't wait for it."""
    async with stage(store_url) as here:
        plan_three(here)
        await here.claim_due()
        assert [here.state(f"q{number}") for number in (1, 2, 3)] == ["sending"] * 3
        for number in (1, 2, 3):
            here.clock.move(seconds=1)
            async with asyncio.timeout(60):
                while len(here.platform.posted) < number:
                    await asyncio.sleep(0)
        assert here.platform.posted == [f"Question {number}?" for number in (1, 2, 3)]
        assert [one.opening for one in here.platform.sent] == [None, "id-1", "id-1"], (
            "the first was not out at the claim"
        )
        for number in (1, 2, 3):
            await here.reaches("sent", f"q{number}")


async def test_a_post_waits_for_the_answer_to_the_one_before_it(sqlite_url: str) -> None:
    async with stage(sqlite_url, kind=Slow) as here:
        plan_three(here)
        await here.claim_due()
        here.clock.move(seconds=3)
        await turns()
        platform = here.platform
        assert isinstance(platform, Slow)
        assert platform.begun == ["q1"]
        platform.answers.set()
        async with asyncio.timeout(60):
            while len(platform.posted) < 3:
                await asyncio.sleep(0)
        assert platform.begun == ["q1", "q2", "q3"]


async def test_posts_after_one_that_is_refused_for_now_are_given_back(store_url: str) -> None:
    async with stage(store_url) as here:
        here.platform.refuses(PlatformError("busy", retry_after=2))
        plan_three(here)
        await here.claim_due()
        here.clock.move(seconds=1)
        await here.reaches("retry", "q1")
        here.clock.move(seconds=1)
        await here.reaches("planned", "q2")
        assert here.platform.posted == []
        await here.settles()
        assert here.platform.posted == [f"Question {number}?" for number in (1, 2, 3)]
        rows = await here.database.read(outbox_queries.outbox_rows)
        assert {row.post.key: row.attempts for row in rows} == {"q1": 2, "q2": 1, "q3": 1}


async def test_posts_after_one_that_is_refused_for_good_go_out(store_url: str) -> None:
    async with stage(store_url) as here:
        here.platform.refuses(PlatformError("no", permanent=True))
        plan_three(here)
        await here.claim_due()
        here.clock.move(seconds=1)
        await here.reaches("failed", "q1")
        here.clock.move(seconds=1)
        await here.reaches("sent", "q2")


async def test_posts_whose_plan_changes_are_given_back_while_they_wait_for_each_other(sqlite_url: str) -> None:
    async with stage(sqlite_url, kind=Slow) as here:
        plan_three(here)
        await here.claim_due()
        here.clock.move(seconds=3)
        await turns()
        await here.outbox.release_claims("a/b")
        assert [here.state(f"q{number}") for number in (1, 2, 3)] == ["sending", "planned", "planned"]
        platform = here.platform
        assert isinstance(platform, Slow)
        platform.answers.set()
        await here.reaches("sent", "q1")
        await turns()
        assert platform.begun == ["q1"]


async def test_another_process_takes_nothing_that_follows_a_claimed_post(postgres_url: str) -> None:
    async with stage(postgres_url) as here, stage(postgres_url) as other:
        here.plan("q1", seconds=1)
        await here.claim_due()
        here.plan("q2", seconds=2)
        await other.claim_due()
        assert here.state("q2") == "planned"
        await here.claim_due()
        assert here.state("q2") == "sending"
        other.clock.move(seconds=2)
        await turns()
        assert other.platform.posted == []
        here.clock.move(seconds=2)
        async with asyncio.timeout(60):
            while len(here.platform.posted) < 2:
                await asyncio.sleep(0)
