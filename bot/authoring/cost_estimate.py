"""The cost estimate of a chat on a place, in millionths of a US dollar: its posts, reading the answers, names. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.ports.platform import Traits

SMALL, LARGE = 50, 300
"""Answers in a small chat and in a large one."""

_SHARE_OF_MENTIONS = 0.9
"""The share of answers that mention the bot, and so come from the cheapest source."""

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


def _cost(traits: Traits, posting: int, answers: int) -> int:
    """The cost of posting, of reading so many answers, and of as many names as the budget then allows."""
    prices = sorted(source.micros for source in traits.sources if not source.private) or [0]
    mentions = round(answers * _SHARE_OF_MENTIONS)
    cost = posting + mentions * prices[0] + (answers - mentions) * prices[-1]
    budget = traits.costs.budget
    if budget is None:
        return cost
    return cost + min(answers // _ANSWERS_PER_PERSON, budget.names_left(chat=cost, month=0)) * budget.name
