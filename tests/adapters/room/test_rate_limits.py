"""A moving window lets through what its limit says, at every moment, and forgets nobody who came lately."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import example, given
from hypothesis import strategies as st
from limits import parse

from adapters.room.rate_limits import MovingWindows

LIMIT = parse("3/minute")
STEPS = st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 40)), max_size=60)


@given(STEPS)
@example([("a", 4.911103087469593), *[("a", 0.0)] * 3])  # 4.9… + 60 - 4.9… is more than 60
def test_each_caller_gets_what_is_left_of_the_last_minute_and_waits_no_longer_than_that(
    steps: list[tuple[str, float]],
) -> None:
    windows, counted, now = MovingWindows(10), defaultdict[str, list[float]](list), 0.0
    for caller, pause in steps:
        now += pause
        lately = [at for at in counted[caller] if at > now - 60]
        wait = windows.spend(LIMIT, caller, now)
        assert (wait is None) == (len(lately) < 3)
        if wait is None:
            counted[caller].append(now)
        else:
            assert wait == min(lately[0] + 60 - now, 60)
            assert 0 < wait <= 60


def test_whoever_came_last_is_remembered() -> None:
    windows = MovingWindows(2)
    for _ in range(3):
        windows.spend(LIMIT, "a", 0.0)
    windows.spend(LIMIT, "b", 1.0)
    windows.spend(LIMIT, "a", 2.0)
    windows.spend(LIMIT, "c", 3.0)
    assert windows.spend(LIMIT, "a", 4.0) == 56.0
