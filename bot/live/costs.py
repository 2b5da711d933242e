"""What a place costs and how much of that may still be spent. Pure sums in millionths of a US dollar.

Questions come first: what they will cost is set aside before anything is read. Nothing here knows a platform.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.messages import Value
from bot.ports.platform import Budget, Source, Traits

SMALL, LARGE = 50, 300
"""Answers in a small chat and a large one, for an estimate."""

_ADDRESSED = 0.9
"""The share of answers that are said to the bot, and so come from the cheapest source."""

_SPEAKERS = 4
"""Answers a person, as #OTalk had them; each person is asked for by name once."""

_NEAR = 4
"""With less than one part in so many left we are near the cap."""

_SLOWER = 4.0
"""So many times as long between two readings, near the cap."""


class Allowance(Value, frozen=True, kw_only=True):
    """How to go on reading: at most `most` messages at a time, and `pace` times as long between two readings."""

    most: int
    pace: float = 1.0


def estimate(traits: Traits, texts: Iterable[str]) -> tuple[int, int] | None:
    """What these posts and the reading of their answers cost, in a small chat and a large; None where it is free."""
    price = traits.costs.price
    if price is None:
        return None
    asked = sum(price(text) for text in texts)
    low, high = (_held(traits, asked, answers) for answers in (SMALL, LARGE))
    most = traits.costs.budget.chat if traits.costs.budget else high
    return min(low, max(most, asked)), min(high, max(most, asked))


def _held(traits: Traits, asked: int, answers: int) -> int:
    """Posts that cost `asked`, so many answers read, and then names as long as there is money for them."""
    prices = sorted(source.micros for source in traits.sources if not source.private) or [0]
    addressed = round(answers * _ADDRESSED)
    cost = asked + addressed * prices[0] + (answers - addressed) * prices[-1]
    most = names(traits.costs.budget, chat=cost, month=0)
    return cost + min(answers // _SPEAKERS, most) * (traits.costs.budget.name if traits.costs.budget else 0)


def allowance(source: Source, budget: Budget | None, *, chat: int, month: int, reserved: int) -> Allowance | None:
    """How to go on reading a source after `chat` and `month` were spent; None where nothing is left for it.

    `reserved` is what the posts still to come will cost.
    """
    fewest, most = source.page
    if budget is None or not source.micros:
        return Allowance(most=most)
    left = min(budget.chat - chat, budget.month - month) - reserved
    if left < fewest * source.micros:
        return None
    near = left * _NEAR < min(budget.chat, budget.month)
    return Allowance(most=min(most, left // source.micros), pace=_SLOWER if near else 1.0)


def names(budget: Budget | None, *, chat: int, month: int) -> int:
    """How many people may still be asked for by name."""
    if budget is None or not budget.name:
        return 0
    left = min(budget.names - chat, budget.chat - chat, budget.month - month)
    return max(left // budget.name, 0)


def dollars(micros: int) -> str:
    """As people write it: `$0.53`."""
    return f"${micros / 1_000_000:.2f}"
