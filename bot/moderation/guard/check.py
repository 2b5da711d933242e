"""The guard's list of rules, and its verdict on a text. Pure.

Each rule looks for something cheap first and returns at once if it is missing; the libraries come last. A verdict says
nothing about the author, and is deleted once a moderator has decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from bot.moderation.guard.addresses import addresses, postcodes
from bot.moderation.guard.contacts import emails, phone_numbers
from bot.moderation.guard.dates_of_birth import dates_of_birth
from bot.moderation.guard.descriptions import described_persons
from bot.moderation.guard.identifiers import health_numbers, labelled_numbers
from bot.moderation.guard.names import named_patients
from bot.moderation.guard.normalized_text import GuardVerdict, normalize, without_overlaps

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
"""Where two rules find the same characters, the earlier one names them."""

_KEEP = GuardVerdict(verdict="keep")


def check_text(text: str) -> GuardVerdict:
    """The verdict on a text, with every sign that was found. The time grows with the length of the text."""
    normalized = normalize(text)
    signs = list(chain.from_iterable(rule(normalized) for rule in RULES))
    if not signs:
        return _KEEP
    return GuardVerdict(verdict="hold", reasons=tuple(normalized.reason(sign) for sign in without_overlaps(signs)))


def check_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The verdict on each line as an object for JSON: the text without its line break, the verdict, and the reasons."""
    for line in lines:
        text = line.rstrip("\r\n")
        found = check_text(text)
        yield {
            "text": text,
            "verdict": found.verdict,
            "reasons": [{"kind": one.kind, "start": one.start, "end": one.end} for one in found.reasons],
        }
