"""What every platform promises about commands: the same words, effects and receipts, over a whole bot on real sockets."""

from __future__ import annotations

import pytest

from tests.contract.stages import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_next_brings_the_next_question_at_once_and_says_what_follows(early: Stage) -> None:
    answer = await early.order("next")
    second = f"{early.house.due('q2'):%H:%M}"
    assert answer == f"Q1 now, Q2 at {second}, closing still at {early.house.hall.ends:%H:%M}."
    await early.shown(f"Q1. What helps (1)? {early.house.tag}")


async def test_status_says_what_is_on_and_what_comes(stage: Stage) -> None:
    for way in stage.ways:
        answer = await stage.order("status", way=way)
        assert answer.startswith(f"Contract {stage.house.number}: Q1 is on since ")
        assert f"Q2 at {stage.house.due('q2'):%H:%M}, closing still at" in answer
