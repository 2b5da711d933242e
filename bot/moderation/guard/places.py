"""Places narrow enough to lead to a person: a town, a school, a shop, a named ward. Pure.

There is no list of places. A word with a capital counts after "in", "at", "from" and the like, or before a word such as
Primary, Hospital or Lodge, unless the vocabulary says that it is a country, a county, a day or a tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.vocabulary import NOT_NAMES, NOT_PLACES

_CAPITAL = r"[A-Z\u00c0-\u00de]"
_WORD = rf"{_CAPITAL}[^\W\d_]?['a-z\u00df-\u00ff-][\w'-]{{0,24}}"
_NAME = rf"(?:(?:The|St|Mt|Ft|Te|Bally|Ard)\.?\s)?{_WORD}"
_AFTER = re.compile(
    r"\b(?:from|in|at|near|outside|of|round|around|to|up|above|by|behind|over in|on)\s(?:the\s|his\s|her\s|a\s)?"
    rf"(?:(?:old|little|great|upper|lower|north|south|east|west)\s)?(?P<place>{_NAME}(?:\s{_WORD})?)"
)
_KINDS = """
primary school academy grammar high elementary kindy nursery hospital hosp infirmary hospice lodge court farm care_home
nursing_home cottage ward unit valley village island prison co-?op post_office quarry church parish club pub arms hotel
surgery health_centre county hurlers rovers united convent
"""
_KIND = "|".join(kind.replace("_", " ") for kind in _KINDS.split())
_BEFORE = re.compile(rf"(?<![\w#@])(?P<place>(?:St\.?\s)?{_WORD}(?:\s{_WORD})?\s(?:(?i:{_KIND})|FC|GAA|RFC))\b")
_PRISON = re.compile(r"\bHMP [A-Z]\w+")
_SHORT = """
LGI QMC RVI RUH RLH UCLH GRI WGH ERI RIE MRI BRI DRI HRI PRH RHH RPH RSH KCH GSTT UHW UHB NNUH QEH QEUH QE JR MWH CUH
SVUH RAH RBWH RPA RNSH PAH MGH BWH JPUH WRH RCH QAH WXH STH CHFT SJUH
"""
_ACRONYM = re.compile(rf"\b(?P<place>{'|'.join(_SHORT.split())}|Jimmy's)\b")
"""Hospitals by the letters that their staff use."""


def named_places(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Where narrow places stand between two offsets, those after a preposition first."""
    stop = len(text) if end is None else end
    for found in _AFTER.finditer(text, start, stop):
        if _is_place(found["place"]) and not _is_thing(text, found.end()):
            yield found.span("place")
    for found in _BEFORE.finditer(text, start, stop):
        if _is_place(found["place"]):
            yield found.span("place")
    for pattern in (_PRISON, _ACRONYM):
        for found in pattern.finditer(text, start, stop):
            yield found.span()


def _is_place(written: str) -> bool:
    words = [word.strip(".'").removesuffix("'s") for word in written.split() if word[:1].isupper()]
    first = words[0]
    if first in {"The", "St", "Mt", "Ft", "Te", "Bally", "Ard"}:
        return len(words) > 1
    return first not in NOT_NAMES and first not in NOT_PLACES


def _is_thing(text: str, end: int) -> bool:
    """Whether the word after says that a capital begins the name of a method, a tool or an author's work."""
    return _THING.match(text, end) is not None


_THING = re.compile(
    r"(?:'s)?\s(?:scale|index|score|model|framework|method|approach|test|assessment|tool|technique|chart|sheet|et al"
    r"|and colleagues|\(?(?:19|20)\d\d|theory|syndrome|disease|palsy|form|forms|group|meeting|call|study|paper|book"
    r"|chat|act\b|guidance|splints?|frames?|lift|\d)"
)
