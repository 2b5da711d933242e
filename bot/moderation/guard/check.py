"""The guard's list of rules, and its verdict on a text. Pure.

Each rule looks for something cheap first and returns at once if it is missing; the libraries come last. A verdict says
nothing about the author, and is deleted once a moderator has decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.moderation.guard.addresses import addresses, door_codes
from bot.moderation.guard.dates_of_birth import dates_of_birth
from bot.moderation.guard.descriptions import described_persons
from bot.moderation.guard.emails import emails
from bot.moderation.guard.first_look import FirstLooks
from bot.moderation.guard.identifiers import dictated_numbers, health_numbers, split_numbers
from bot.moderation.guard.initials import placed_persons
from bot.moderation.guard.labels import labelled_numbers, numbers_before_labels
from bot.moderation.guard.links import file_names, links
from bot.moderation.guard.names import named_patients
from bot.moderation.guard.normalized_text import GuardReason, GuardVerdict, Sign, normalize, without_overlaps
from bot.moderation.guard.phones import phone_numbers
from bot.moderation.guard.postcodes import postcodes
from bot.moderation.guard.records import record_numbers
from bot.moderation.guard.stories import stories_in
from bot.moderation.guard.titles import titled_persons

RULES = (
    health_numbers,
    split_numbers,
    labelled_numbers,
    numbers_before_labels,
    postcodes,
    phone_numbers,
    dictated_numbers,
    emails,
    links,
    file_names,
    addresses,
    door_codes,
    dates_of_birth,
    record_numbers,
    described_persons,
    placed_persons,
    named_patients,
    titled_persons,
)
"""Where two rules find the same characters, the earlier one names them. Stories are read if none finds anything."""

_TOGETHER = (
    (emails, file_names),
    (addresses, placed_persons),
    (named_patients, titled_persons),
    (postcodes, described_persons),
    (split_numbers, numbers_before_labels),
    (phone_numbers, record_numbers),
)
"""Rules of which the patterns are looked for at once; measured on messages that are new to them."""

_LOOKS = FirstLooks(RULES, _TOGETHER)
_KEEP = GuardVerdict(verdict="keep")


def check_text(text: str, before: str = "") -> GuardVerdict:
    """The verdict on a text, with every sign that was found. The time grows with the length of the text.

    `before` is what the same author wrote just before. A sign counts that begins there and ends in the text, or that
    only the words before make one, if the text reads as their continuation. Offsets are those of the text.
    """
    return check_further(text, check_texts([text])[0], before)


def check_texts(texts: Sequence[str]) -> list[GuardVerdict]:
    """The verdicts on texts, each by itself. Many at once take about half the time that they take one by one."""
    normalized = [normalize(text) for text in texts]
    signs: list[list[Sign]] = [[] for _ in texts]
    for rule, places in _LOOKS.tried(normalized):
        for place in places:
            signs[place] += rule(normalized[place])
    found = zip(normalized, signs, strict=True)
    for place, story in stories_in({place: one for place, (one, some) in enumerate(found) if not some}):
        signs[place].append(story)
    return [
        GuardVerdict(verdict="hold", reasons=tuple(map(one.reason, without_overlaps(some)))) if some else _KEEP
        for one, some in zip(normalized, signs, strict=True)
    ]


def check_further(text: str, alone: GuardVerdict, before: str) -> GuardVerdict:
    """The verdict on a text, with the words before it, if it is known what the text is by itself."""
    if alone.reasons or not before:
        return alone
    reasons = _continued(text, before)
    return GuardVerdict(verdict="hold", reasons=reasons) if reasons else _KEEP


def _continued(text: str, before: str) -> tuple[GuardReason, ...]:
    """The signs that only both texts together have, as far as they are in the second one."""
    if not (_GOES_ON.match(text) or _IS_OPEN.search(before)):
        return ()
    cut = len(before) + 1
    both = (reason for reason in check_texts([f"{before} {text}"])[0].reasons if reason.end > cut)
    return tuple(
        GuardReason(kind=reason.kind, start=max(0, reason.start - cut), end=reason.end - cut) for reason in both
    )


_GOES_ON = re.compile(
    r"\W{0,3}(?:[a-z\d]|(?:And|But|So|Or|He|She|They|His|Her|Their|From|In|On|At|Aged?|Lives|Living|Name|Named|Called"
    r"|DOB"
    r"|NHS|With|Who|Under|Near|Born|It's|Its|Ward|Bed)\b|\.\.|\u2026)"
)
_IS_OPEN = re.compile(r"(?:[,:;\u2026(-]|\.\.|\b(?:is|the|a|of|in|on|at|from|called|named|and|number|no|with))\s*$")
"""Signs that one message goes on with the other: it begins in the middle of a sentence, or the other one ends there."""


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
