"""The part of a place's budget that may still be spent on reading."""

from __future__ import annotations

import pytest

from bot.listening.budget import Allowance, allowance
from bot.ports.platform import Budget, Source

MENTIONS = Source(name="mentions", every=10, micros=1_000, page=(5, 100))
SEARCH = Source(name="search", every=60, by_chat=True, micros=5_000, page=(10, 100))
LIMITS = Budget(chat=2_000_000, month=20_000_000, names=600_000, name=10_000)


def allowed(source: Source = MENTIONS, *, chat: int = 0, month: int = 0, reserved: int = 0) -> Allowance | None:
    return allowance(source, LIMITS, chat=chat, month=month, reserved=reserved)


def test_without_a_cap_or_a_price_everything_is_allowed() -> None:
    free = Source(name="history", page=(1, 50))
    assert allowance(MENTIONS, None, chat=9, month=9, reserved=9) == Allowance(most=100)
    assert allowance(free, LIMITS, chat=9**9, month=9**9, reserved=0) == Allowance(most=50)


@pytest.mark.parametrize(
    ("spent", "most", "pace"), [(0, 100, 1.0), (1_500_000, 100, 1.0), (1_500_001, 100, 4.0), (1_950_000, 50, 4.0)]
)
def test_it_reads_more_slowly_and_less_at_a_time_near_the_cap(spent: int, most: int, pace: float) -> None:
    assert allowed(chat=spent) == Allowance(most=most, pace=pace)


def test_it_stops_before_the_smallest_page_would_pass_the_cap() -> None:
    assert allowed(chat=1_995_000) == Allowance(most=5, pace=4.0)
    assert allowed(chat=1_995_001) is None
    assert allowed(SEARCH, chat=1_950_001) is None
    assert allowed(month=19_995_001) is None


def test_the_questions_to_come_are_paid_first() -> None:
    assert allowed(chat=1_900_000, reserved=95_000) == Allowance(most=5, pace=4.0)
    assert allowed(chat=1_900_000, reserved=95_001) is None


@pytest.mark.parametrize(
    ("chat", "month", "people"), [(0, 0, 60), (595_000, 0, 0), (590_000, 0, 1), (0, 19_985_000, 1), (900_000, 0, 0)]
)
def test_names_are_asked_for_while_a_chat_is_cheap(chat: int, month: int, people: int) -> None:
    assert LIMITS.names_left(chat=chat, month=month) == people


def test_names_that_cost_nothing_are_not_bought() -> None:
    assert Budget(chat=9, month=9).names_left(chat=0, month=0) == 0
