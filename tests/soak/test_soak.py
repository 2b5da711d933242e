"""A few soak trials in every test run; `make soak` runs hundreds."""

from __future__ import annotations

import asyncio

from tests.soak.__main__ import attempt

SEEDS = (4, 5, 8)
"""Two with kills, one with an edited file. Those with PostgreSQL take longer; `tests/sharing` has a trial of them."""


async def test_each_post_and_each_answer_exactly_once_despite_faults() -> None:
    results = await asyncio.gather(*map(attempt, SEEDS))
    assert {result.seed: (result.wrong, result.faults) for result in results if result.wrong} == {}
    assert all(
        result.asked >= 24 and result.answers > 20 and result.attributed > 20 and result.faults for result in results
    )
