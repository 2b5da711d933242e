"""The estimate of a chat's cost before it is held."""

from __future__ import annotations

from adapters.x.settings import XSettings, traits_of
from bot.authoring.cost_estimate import estimate, reading_costs
from bot.ports.platform import Budget, Source, Traits
from tests.fakes.platform import flat_traits

MENTIONS = Source(name="mentions", every=10, micros=1_000, page=(5, 100), share=0.9)
SEARCH = Source(name="search", every=60, by_chat=True, micros=5_000, page=(10, 100), share=0.1)
LIMITS = Budget(chat=2_000_000, month=20_000_000, names=600_000, name=10_000)


def price(text: str) -> int:
    return 200_000 if "https://" in text else 15_000


def traits(limits: Budget | None = LIMITS) -> Traits:
    return flat_traits(platform="x", limit=280, price=price, sources=(MENTIONS, SEARCH), budget=limits)


def test_an_estimate_is_posts_answers_and_names() -> None:
    posts = ["Welcome https://example.org", "Q1", "Q2"]  # 0.23
    small = 45 * 1_000 + 5 * 5_000 + 12 * 10_000  # mentions, what only a search finds, and a name for each four
    large = 270 * 1_000 + 30 * 5_000  # with the posts that is more than a chat may cost if names are to be bought
    assert estimate(traits(), posts) == (230_000 + small, 230_000 + large)
    assert estimate(traits(), ["Q1"]) == (15_000 + small, 15_000 + large + 16 * 10_000)


def test_an_estimate_never_passes_the_cap_except_for_the_questions() -> None:
    small = Budget(chat=100_000, month=20_000_000)
    assert estimate(traits(small), ["Q1"]) == (85_000, 100_000)
    assert estimate(traits(small), ["https://one.example"]) == (200_000, 200_000)


def test_the_estimate_says_what_each_source_costs() -> None:
    assert reading_costs(traits()) == {"mentions": (45_000, 270_000), "search": (25_000, 150_000)}
    assert reading_costs(flat_traits(platform="room", limit=2000)) == {}
    quotes = dict(reading_costs(traits_of(XSettings())))["quotes"]
    assert quotes == (10_000, 75_000), "two and fifteen posts that only quote a question"


def test_what_is_free_has_no_estimate() -> None:
    assert estimate(flat_traits(platform="room", limit=2000), ["Q1"]) is None
