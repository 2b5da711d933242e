"""The cost estimate of a chat on a place, in millionths of a US dollar: its posts, reading the answers, names. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.ports.platform import Source, Traits

SMALL, LARGE = 50, 300
"""Answers in a small chat and in a large one."""

_ANSWERS_PER_PERSON = 4
"""As in #OTalk. Each person's name is asked for once."""


def estimate(traits: Traits, texts: Iterable[str]) -> tuple[int, int] | None:
    """The cost of posting these texts and reading the answers, in a small chat and a large; None where it is free."""
    price = traits.costs.price
    if price is None:
        return None
    posting = sum(price(text) for text in texts)
    low, high = (_cost(traits, posting, answers) for answers in (SMALL, LARGE))
    most = traits.costs.budget.chat if traits.costs.budget else high
    return min(low, max(most, posting)), min(high, max(most, posting))


def reading_costs(traits: Traits) -> dict[str, tuple[int, int]]:
    """The part of the estimate for each source that costs something, in a small chat and in a large one."""
    costs = {source.name: (_reading(source, SMALL), _reading(source, LARGE)) for source in traits.sources}
    return {name: cost for name, cost in costs.items() if any(cost)}


def _reading(source: Source, answers: int) -> int:
    return round(answers * source.share) * source.micros


def _cost(traits: Traits, posting: int, answers: int) -> int:
    """The cost of posting, of reading so many answers, and of as many names as the budget then allows."""
    cost = posting + sum(_reading(source, answers) for source in traits.sources)
    budget = traits.costs.budget
    if budget is None:
        return cost
    return cost + min(answers // _ANSWERS_PER_PERSON, budget.names_left(chat=cost, month=0)) * budget.name
