"""People with a title and a surname who are spoken of as patients: "Mrs Hargreaves in bay 3". Pure.

Rule `titled_persons`. Nothing but a surname is needed where the message is about care. Surgeons, teachers, speakers,
people in the news and people in a case study that says so are ordinary talk; so is a title with one letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.clinic import CARE, INTRODUCED, NO_PATIENT, STAFF_WORD
from bot.moderation.guard.first_look import found_by
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.vocabulary import FAMOUS, NOT_AFTER, NOT_NAMES

_CAPITAL = r"[A-Z\u00c0-\u00de]"
_SURNAME = (
    rf"(?:(?:van|de|von|der|la|le|el|al|bin|st)\s|(?:Van|De|St)\.?\s)?(?:O'|D'|Mc|Mac|Al-)?{_CAPITAL}[\w'-]{{1,24}}"
)
_TITLED = re.compile(
    rf"(?<![\w@#'])(?P<title>[Mm]rs?|MRS?|[Mm]s|MS|[Mm]iss|MISS|[Mm]x|[Mm]ister|Master|Rev|Fr|Father|Cllr|Councillor"
    rf"|Sir"
    rf"|Canon|Capt|Captain|Major|Sgt|Pastor|Imam|Rabbi)\b\.?\s?(?P<name>(?:{_CAPITAL}[\w'-]{{0,20}}\.?\s)?{_SURNAME})"
)
_SMALL = re.compile(r"(?<![\w@#'])(?P<title>mrs?|ms|miss)\.? (?P<name>(?:o'|d'|mc)?[a-z]{3,20})(?!\w)")
_USUAL = frozenset({"mr", "mrs", "ms", "miss", "mx", "mister"})
_THINGS = re.compile(
    r"'s (?:clinic|list|team|patients?|theatre|ward round|class|book|theory|model|boys|work|paper|talk|study|research)"
    r"|\s(?:et al|and colleagues|speaking|teaches|presented|argues|wrote|MP|v\.?\s|vs\b|taught|trained|inspired"
    r"|mentored|supervised|tutored|lectured|ran (?:our|my|the)|did (?:it|mine)\b|gave (?:a|us|the)|voice\b)"
)
_NEAR, _AROUND = 20, 300
_LONGEST = 4000
"""Characters that are read."""


@found_by(_TITLED, small=(_SMALL,), cut=True)
def titled_persons(normalized: NormalizedText) -> Iterator[Sign]:
    """A title and a surname in a message about care."""
    lowercase = normalized.lowercase
    if not any(title in lowercase for title in _SIGNS) or NO_PATIENT.search(lowercase):
        return
    for found in _TITLED.finditer(normalized.text, 0, _LONGEST):
        if _is_patient(normalized, found):
            yield Sign("named_patient", *found.span())
    if not _has_capitals(normalized.text):
        for found in _SMALL.finditer(lowercase, 0, _LONGEST):
            is_disease = normalized.text.startswith("MS", found.start())
            if found["name"] not in _WORDS and not is_disease and _is_patient(normalized, found):
                yield Sign("named_patient", *found.span())


def _has_capitals(text: str) -> bool:
    """Whether the author writes names with capitals at all."""
    return re.search(r"(?<=[a-z,] )[A-Z][a-z]{2,}", text) is not None


def _is_patient(normalized: NormalizedText, found: re.Match[str]) -> bool:
    """Whether somebody with a title is neither famous nor on the staff, and the message is about care."""
    lowercase = normalized.lowercase
    surname = found["name"].removesuffix("'s")
    if surname in NOT_NAMES or surname.lower() in FAMOUS or len(surname) == 1:
        return False
    if _THINGS.match(normalized.text, found.start("name") + len(surname)):
        return False
    if INTRODUCED.match(lowercase, found.end()):
        return False
    near = lowercase[max(0, found.start() - _NEAR) : found.start()], lowercase[found.end() : found.end() + _NEAR]
    if any(STAFF_WORD.search(part) for part in near) or _DONE_BY.search(near[0]):
        return False
    rest = (
        f"{lowercase[max(0, found.start() - _AROUND) : found.start()]} {lowercase[found.end() : found.end() + _AROUND]}"
    )
    about = CARE.search(rest) or _PERSON.search(rest)
    return about is not None and (found["title"].lower() in _USUAL or _IN_CARE.search(rest) is not None)


_DONE_BY = re.compile(
    r"\b(?:founded|started|opened|led|run|taught|trained|written|chaired|invented|by) by (?:the late )?$|\bby $"
    r"|\bwho remembers $"
)
_PERSON = re.compile(r"\b(?:he|she|his|her|him|hers|(?:in|on) \d{1,3}|is \d{2,3})\b")
_IN_CARE = re.compile(
    r"\b(?:ward|bed \d|bay \d|patient|client|pt|discharg\w+|admitted|caseload|home visit|side room)\b"
)
_SIGNS = (
    "mr",
    "ms ",
    "ms.",
    "miss",
    "mx ",
    "mister",
    "master",
    "rev",
    "fr ",
    "father",
    "cllr",
    "councillor",
    "sir ",
    "canon",
    "capt",
    "major",
    "sgt",
    "pastor",
    "imam",
    "rabbi",
)
_COMMON = """
the and who was him her them you out this that not all any one for with from but its our are has had can may use used
home score scores error point the target class
"""
_WORDS = frozenset(_COMMON.split()) | NOT_AFTER
