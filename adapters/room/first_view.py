"""The first view of a long chat: the part that is shown, and its heading. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.ports.views import MessageView

MAX_SHOWN = 100
"""Messages read per question, and shown on a page of older ones."""
FIRST_VIEW = 90
"""Messages on the page that one opens: of more, half are for the question on the floor. Older ones are a link away."""


def home(question: str, asked: Sequence[str]) -> str:
    """The section of messages about a question: its own, or while it isn't asked that of the one before it."""
    if question in asked or question in {"before", "after"}:
        return question
    number = _number(question)
    return next((one for one in reversed(asked) if _number(one) < number), "before")


def newest(messages: Sequence[MessageView], most: int, *, cut: bool = False) -> Sequence[MessageView]:
    """The newest `most` of some messages. `cut`: there are older ones than these.

    Older ones are asked for by the time of the oldest one shown, and several may have been said in the same second. So
    a second of which some would be left out is left out as a whole, unless nothing else remains.
    """
    first = max(0, len(messages) - most)
    if first == 0 and not cut:
        return messages
    before = messages[first - 1].at if first else messages[0].at if messages else None
    whole = next((index for index in range(first, len(messages)) if messages[index].at != before), first)
    return messages[whole:]


def shares(totals: Mapping[str, int], on_floor: str | None) -> dict[str, int]:
    """How many messages of each section are shown, by how many there are."""
    if sum(totals.values()) <= FIRST_VIEW:
        return dict.fromkeys(totals, MAX_SHOWN)
    others = sum(total > 0 for key, total in totals.items() if key != on_floor)
    for_floor = 0 if on_floor is None else FIRST_VIEW // 2 if others else FIRST_VIEW
    each = max(1, (FIRST_VIEW - for_floor) // max(1, others))
    return {key: for_floor if key == on_floor else each for key in totals}


def _number(key: str) -> int:
    return int(key[1:]) if key[1:].isdecimal() else 0
