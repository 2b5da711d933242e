"""The verdict on a text: the list of rules, and nothing else. Pure.

Each rule takes a cheap look first and returns at once where nothing is; the libraries come last. A verdict says nothing
about who wrote the text, and nobody keeps it: a moderator decides, and then it is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from bot.moderation.guard.addresses import addresses, postcodes
from bot.moderation.guard.checked_numbers import health_numbers
from bot.moderation.guard.contacts import emails, phone_numbers
from bot.moderation.guard.dates_of_birth import dates_of_birth
from bot.moderation.guard.descriptions import described_persons
from bot.moderation.guard.labelled_numbers import labelled_numbers
from bot.moderation.guard.names import named_patients
from bot.moderation.guard.normalized_text import GuardVerdict, apart, look

RULES = (
    health_numbers,
    labelled_numbers,
    postcodes,
    phone_numbers,
    emails,
    addresses,
    dates_of_birth,
    described_persons,
    named_patients,
)
"""What the guard looks for. Where two rules find the same characters, the earlier one names them."""

_KEEP = GuardVerdict(verdict="keep")


def verdict(text: str) -> GuardVerdict:
    """Keep or hold, with every sign that was found. Takes any text, of any length, in time that grows with it."""
    sight = look(text)
    signs = list(chain.from_iterable(rule(sight) for rule in RULES))
    if not signs:
        return _KEEP
    return GuardVerdict(verdict="hold", reasons=tuple(sight.reason(sign) for sign in apart(signs)))


def judged(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One JSON object a line: the text without its line break, the verdict, and the reasons."""
    for line in lines:
        text = line.rstrip("\r\n")
        found = verdict(text)
        yield {
            "text": text,
            "verdict": found.verdict,
            "reasons": [{"kind": one.kind, "start": one.start, "end": one.end} for one in found.reasons],
        }
