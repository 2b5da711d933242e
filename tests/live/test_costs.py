"""What a place costs, and how much of that may still be spent."""

from __future__ import annotations

import pytest

from bot.live import costs
from bot.live.costs import Allowance
from bot.ports.platform import Budget, Source, Traits
from tests.fakes.platform import flat_traits

MENTIONS = Source(name="mentions", every=10, micros=1_000, page=(5, 100))
SEARCH = Source(name="search", every=60, by_chat=True, micros=5_000, page=(10, 100))
LIMITS = Budget(chat=2_000_000, month=20_000_000, names=600_000, name=10_000)


def price(text: str) -> int:
    return 200_000 if "https://" in text else 15_000


def traits(limits: Budget | None = LIMITS) -> Traits:
    return flat_traits(platform="x", limit=280, price=price, sources=(MENTIONS, SEARCH), budget=limits)


def allowed(source: Source = MENTIONS, *, chat: int = 0, month: int = 0, reserved: int = 0) -> Allowance | None:
    return costs.allowance(source, LIMITS, chat=chat, month=month, reserved=reserved)


def test_an_estimate_is_posts_answers_and_names() -> None:
    posts = ["Welcome https://example.org", "Q1", "Q2"]  # 0.23
    small = 45 * 1_000 + 5 * 5_000 + 12 * 10_000  # mentions, what only a search finds, and a name for each four
    large = 270 * 1_000 + 30 * 5_000  # with the posts that is more than a chat may cost if names are to be bought
    assert costs.estimate(traits(), posts) == (230_000 + small, 230_000 + large)
    assert costs.estimate(traits(), ["Q1"]) == (15_000 + small, 15_000 + large + 16 * 10_000)


def test_an_estimate_never_passes_the_cap_except_for_the_questions() -> None:
    small = Budget(chat=100_000, month=20_000_000)
    assert costs.estimate(traits(small), ["Q1"]) == (85_000, 100_000)
    assert costs.estimate(traits(small), ["https://one.example"]) == (200_000, 200_000)


def test_what_is_free_has_no_estimate() -> None:
    assert costs.estimate(flat_traits(platform="room", limit=2000), ["Q1"]) is None


def test_without_a_cap_or_a_price_everything_is_allowed() -> None:
    free = Source(name="history", page=(1, 50))
    assert costs.allowance(MENTIONS, None, chat=9, month=9, reserved=9) == Allowance(most=100)
    assert costs.allowance(free, LIMITS, chat=9**9, month=9**9, reserved=0) == Allowance(most=50)


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
    assert costs.names(LIMITS, chat=chat, month=month) == people


def test_names_that_cost_nothing_are_not_bought() -> None:
    assert costs.names(None, chat=0, month=0) == costs.names(Budget(chat=9, month=9), chat=0, month=0) == 0


def test_money_as_people_write_it() -> None:
    assert [costs.dollars(micros) for micros in (2_000_000, 526_000, 1_000)] == ["$2.00", "$0.53", "$0.00"]
