"""Stories by which neighbours would recognise a patient without a name: the mayor's wife, the lad from the news. Pure.

Rule `told_stories` weighs clues: that the message is about one patient, a named place, a role in public, an event, the
news, being the only one, the age, a rare condition, relatives, initials. Together they have to reach `ENOUGH`. Against
a story speak the authors themselves, their families, groups of people, and everything public. One clue alone is
ordinary talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.moderation.guard import clues as said
from bot.moderation.guard import roles, subjects
from bot.moderation.guard.clinic import CARE, CONDITION, NO_PATIENT, RARE
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.places import named_places

ENOUGH = 1.65
_ENOUGH_WITHOUT_CARE = 2.25
"""What clues have to reach where the message says nothing of care."""

_LONGEST = 600
"""Characters that are read: a story is short, and the clues of a long text are seldom about one person."""

_VERY_OLD, _OLDEST = 100, 115
_FAMILY_NAME = re.compile(
    r"\b(?:[Tt]he|[Bb]oth) [A-Z][a-z'-]{2,} (?:twins|brothers|sisters|boys|girls|family|kids|children)\b"
)
_INITIALS = re.compile(r"(?<![\w.'/-])(?:[A-Z]\.\s?[A-Z]\.)(?![\w/'-])")

_TELLING = (
    (said.DEFINITE, 0.75),
    (said.EVENT, 1.0),
    (said.NEWS, 1.0),
    (said.FAMILY, 0.5),
    (roles.PUBLIC, 1.0),
    (roles.FAMOUS, 1.25),
    (RARE, 0.5),
)
"""Clues that tell one person from others, and their weights. Without one of these nothing is a story."""

_SUPPORTING = (
    (subjects.ONE_PATIENT, 0.75),
    (subjects.SINGULAR, 0.25),
    (subjects.RELATIVE, 0.25),
    (said.WHEN, 0.25),
    (CONDITION, 0.25),
)
"""Clues that count only beside the others."""


class Clue(NamedTuple):
    """How much something tells, and where it stands."""

    weight: float
    start: int
    end: int


def told_stories(normalized: NormalizedText) -> Iterator[Sign]:
    """A message about one patient in which clues add up, or a picture in which somebody can be recognised."""
    text, lowercase = normalized.text[:_LONGEST], normalized.lowercase[:_LONGEST]
    if photo := said.PHOTO.search(lowercase):
        yield Sign("described_person", *photo.span())
        return
    found = list(_telling(text, lowercase))
    if not found or NO_PATIENT.search(lowercase):
        return
    found += _supporting(lowercase)
    about = CARE.search(lowercase) or RARE.search(lowercase) or subjects.ONE_PATIENT.search(lowercase)
    if sum(clue.weight for clue in found) + _doubt(lowercase) >= (ENOUGH if about else _ENOUGH_WITHOUT_CARE):
        yield Sign("described_person", min(clue.start for clue in found), max(clue.end for clue in found))


def _doubt(lowercase: str) -> float:
    """What speaks against a story, as a negative weight."""
    weight = 0.0
    if subjects.OWN.search(lowercase):
        weight -= 0.25 if subjects.CLOSE.search(lowercase) else 1.0
    if subjects.GENERAL.search(lowercase) or subjects.ON_STAFF.search(lowercase):
        weight -= 1.0
    if (
        subjects.PLURAL.search(lowercase)
        and not said.DEFINITE.search(lowercase)
        and not subjects.ONE_PATIENT.search(lowercase)
    ):
        return weight - 0.75
    return weight


def _telling(text: str, lowercase: str) -> Iterator[Clue]:
    """Each kind of telling clue, at its first place."""
    for pattern, weight in _TELLING:
        if found := pattern.search(lowercase):
            yield Clue(weight, *found.span())
    if place := next((one for one in named_places(text) if not _is_authors(lowercase[: one[0]])), None):
        yield Clue(0.9, *place)
    elif local := said.LOCAL.search(lowercase):
        yield Clue(0.5, *local.span())
    if (only := said.ONLY.search(lowercase)) and not said.ONLY_THING.search(lowercase):
        yield Clue(1.25, *only.span())
    if handle := said.SHOWN.search(lowercase):
        yield Clue(2.0, *handle.span())
    if family := _FAMILY_NAME.search(text):
        yield Clue(0.75, *family.span())
    if initials := _INITIALS.search(text):
        yield Clue(1.25, *initials.span())
    if (age := said.AGE.search(lowercase)) and _VERY_OLD <= _years(age) <= _OLDEST:
        yield Clue(0.75, *age.span())


def _supporting(lowercase: str) -> Iterator[Clue]:
    """Each kind of supporting clue, at its first place."""
    for pattern, weight in _SUPPORTING:
        if found := pattern.search(lowercase):
            yield Clue(weight, *found.span())
    if not roles.PUBLIC.search(lowercase) and (work := roles.WORK.search(lowercase)):
        yield Clue(0.75, *work.span())
    if (age := said.AGE.search(lowercase)) and _years(age) < _VERY_OLD:
        yield Clue(0.5, *age.span())


def _years(age: re.Match[str]) -> int:
    return next((int(one) for one in age.groups() if one), 0)


def _is_authors(before: str) -> bool:
    """Whether the place that follows is where the authors are, not a person they write about."""
    own = subjects.AUTHORS_PLACE.search(before)
    return own is not None and subjects.SINGULAR.search(before, own.start()) is None
