"""Descriptions by which neighbours would recognise a person: two of age, name or initials, and place. Pure.

Rule `described_persons`. Age alone, a town alone, a group ("75 year olds in Leeds"), the authors themselves and their
families, colleagues, and places as broad as a country or a county are ordinary talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from bot.moderation.guard.clinic import NO_PATIENT, STAFF_WORD
from bot.moderation.guard.first_look import FirstLook, found_by
from bot.moderation.guard.initials import CAPITAL, INITIALS, NAME, NOUN, TITLED, is_someone
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.vocabulary import NOT_NAMES

_CHEAP_AGE = re.compile(r"\d(?:[MF]|[ -]?y|[,)]| and| who| from)")
_CHEAP_AGED = re.compile(r"aged \d")
_CHEAP_NAME = re.compile(r"[,( ]\d{1,3}(?:[,;:.)]| ?y[or]|$)")
_BEFORE, _BEHIND = 32, 14

_AGE = re.compile(
    rf"(?<![\w.,/-])(?P<years>\d{{1,3}})(?:[ -]?(?:years?|yrs?)[ -]?(?:and\s\w+\s)?old(?!\w)|\s?y\.?\s?/?o\b\.?(?!')"
    r"|(?<=\d\d)[MF](?!\w))"
    r"|\baged (?P<aged>\d{1,3})(?!\w|\s?(?:to|and|or|-)\b|\s?-|\+)"
    rf"|\b(?:[Ss]he|[Hh]e|[Tt]hey)(?:'s| is| was|'re)\s(?P<told>\d{{1,3}})(?=,| and\b| from\b| in\b)"
    rf"|\b(?:{NOUN}|referral) (?:is|was) (?P<said>\d{{1,3}})(?=,| and\b| from\b| in\b)"
    rf"|\b{NOUN}(?:,\s|\s\(|\sof\s)(?P<of>\d{{1,3}})(?=[,)]| who\b| from\b| in\b| at\b| with\b| near\b)"
)
_OWN = re.compile(
    r"(?:(?P<my>\b[Mm]y)|(?P<our>\b[Oo]ur)|\b(?:I'm|I am|I was|me),?(?: \w{1,12}){0,2}|\b[Aa]s an?|\b[Aa]t|\b[Ii]'m"
    r"|\bOT,)\s$"
)
_FAMILY = re.compile(
    r"\W{0,2}(?:mum|dad|mother|father|son|daughter|nan|gran|grandma|grandad|husband|wife|uncle|aunt|cousin|friend)\b"
)
_INTRO = re.compile(r"(?:\b[Ii]'?m|\b[Ii] am|\b[Mm]y name(?:'s| is)|\b[Hh]i,?|\b[Hh]ello,?|\b[Hh]ey,?)\s$")
_OWN_KIN = re.compile(
    r"\b[Mm]y (?:mum|mam|mom|dad|mother|father|son|daughter|nan|gran|grandma|grandad|husband|wife|partner|uncle"
    r"|aunt|auntie|cousin"
    r"|brother|sister|friend|nephew|niece|twin|dog|cat),? $"
)
_OWN_AGED = re.compile(r"(?:mum|mam|mom|dad|nan|gran)\b", re.IGNORECASE)
_COLLEAGUE = re.compile(
    r"\W{0,2}(?:self|OTs?|occupational|therapist|nurse|student|physio|lecturer|clinician|colleague|building|policy"
    r"|study"
    r"|problem)\b"
)
_PATIENT = re.compile(r"\W{0,2}(?:\w{1,12} ){0,2}(?:patient|client|pt|resident|pupil|service user)\b")
_STUDY = re.compile(r"\bn ?=|\b(?:participants?|sample|recruited|mean|median|range|trial|cohort)\b")
_TOLD_NAME = re.compile(
    rf"\b(?:called|named|initials|known as|name is|name's)\s(?:are\s)?({CAPITAL}[\w.'-]{{0,24}})|{TITLED}"
)
_WARD = re.compile(
    rf"\b(?:[Ww]ard|[Bb]ed|[Bb]ay)\s(?:\d{{1,3}}\w?|[A-Z])(?!\w)|\b{CAPITAL}\w{{2,20}} [Ww]ard\b|\b[Ss]ide room \d"
)
_PLACE = re.compile(rf"(?:\b(?:from|in|at|near|outside)\s(?:the\s)?|,\s)({NAME})")

_AGED_NAME = re.compile(
    rf"(?P<who>{TITLED}\.?|{INITIALS}|(?<![\w@#]){NAME})(?: [A-Z]\.?)?(?:,\s?|\s?\(|\s)"
    rf"(?P<age>\d{{1,3}})(?=(?P<end>[,;)]|[:.](?!\d)|\s?y[or]|$))"
)
_OLDEST = 115
_MOST = 200
"""Ages that are looked at in one text."""
_AHEAD = 70
_BACK = 45
_STOP = re.compile(r"[!?\n]|[a-z)]\.\s")


_TITLE = re.compile("Mr|Ms|Miss")
_APART = re.compile(rf"(?:{INITIALS}|(?<![\w@#]){NAME})(?: [A-Z]\.?(?:,\s?|\s?\(|\s)|,\s?|\s?\()\d{{1,3}}")
"""What an age behind a name needs: a title, or more than a space between them."""

_ELSE = FirstLook(_TITLE, _TOLD_NAME, _WARD, _PLACE, cut=True)


@found_by(_TITLE, _APART, _AGE, digits=1, cut=True, beside=_ELSE.may_find)
def described_persons(normalized: NormalizedText) -> Iterator[Sign]:
    """An age with a name or a place near it, and a name with an age."""
    if not normalized.digit_run:
        return
    found = list(_described(normalized))
    if found and not NO_PATIENT.search(normalized.lowercase):
        yield from found


def _described(normalized: NormalizedText) -> Iterator[Sign]:
    text = normalized.text
    for found in _around(_AGED_NAME, text, _CHEAP_NAME.finditer(text)):
        end = _named_and_aged(text, found)
        if end:
            yield Sign("described_person", found.start(), end)
    spots = chain(_CHEAP_AGE.finditer(text), _CHEAP_AGED.finditer(text) if "aged" in normalized.lowercase else ())
    for found in islice(_around(_AGE, text, spots), _MOST):
        yield from _aged(normalized, found)


def _around(pattern: re.Pattern[str], text: str, spots: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Matches near some spots, in the order of the spots, none twice in a row."""
    reached = 0
    for spot in spots:
        start = spot.start() - _BEFORE
        for found in pattern.finditer(text, max(0, start, min(reached, spot.start())), spot.end() + _BEHIND):
            yield found
            reached = found.end()


def _aged(normalized: NormalizedText, age: re.Match[str]) -> Iterator[Sign]:
    """A description made of an age and its surroundings."""
    text, back = normalized.text, max(0, age.start() - _BACK)
    if int(age[age.lastgroup or 0]) > _OLDEST or _is_own(text, age) or _COLLEAGUE.match(text, age.end()):
        return
    if _STUDY.search(normalized.lowercase, back, age.end()):
        return
    ahead = _sentence(text, age.end(), age.end() + _AHEAD)
    for found in (_TOLD_NAME.search(text, age.end(), ahead), _WARD.search(text, age.end(), ahead)):
        if found:
            yield Sign("described_person", age.start(), found.end())
            return
    place = _place(text, age.end(), ahead)
    if place:
        yield Sign("described_person", age.start(), place)
        return
    before = _TOLD_NAME.search(text, back, age.start())
    if before and not _STOP.search(text, before.end(), age.start()):
        yield Sign("described_person", before.start(), age.end())


def _is_own(text: str, age: re.Match[str]) -> bool:
    """Whether the authors write about themselves or their family."""
    if _OWN_AGED.match(text, age.start()) and not text[: age.start()].strip():
        return True
    own = _OWN.search(text, max(0, age.start() - 25), age.start())
    if own is None:
        return False
    if own["our"]:
        return _FAMILY.match(text, age.end()) is not None
    return not (own["my"] and _PATIENT.match(text, age.end()))


def _named_and_aged(text: str, found: re.Match[str]) -> int:
    """The end of a description that begins with a name and an age; 0 if it is none."""
    who = found["who"]
    if (
        int(found["age"]) > _OLDEST
        or not is_someone(who)
        or _INTRO.search(text, max(0, found.start() - 12), found.start())
    ):
        return 0
    if _OWN_KIN.search(text, max(0, found.start() - 20), found.start()):
        return 0
    if not text[: found.start()].strip() and STAFF_WORD.search(text.lower(), found.end(), found.end() + _AHEAD):
        return 0
    whole = found.end() + (found["end"] == ")")
    if who.startswith(("Mr", "Ms", "Miss")):
        return whole
    if text[found.end("who") : found.start("age")].isspace():
        return 0
    ahead = _sentence(text, found.end(), found.end() + _AHEAD)
    ward = _WARD.search(text, whole, ahead)
    return ward.end() if ward else _place(text, found.end("age"), ahead)


def _place(text: str, start: int, end: int) -> int:
    """The end of a narrow place in a stretch of text; 0 if none is named."""
    for found in _PLACE.finditer(text, start, end):
        if found[1].removesuffix("'s") not in NOT_NAMES:
            return found.end()
    return 0


def _sentence(text: str, start: int, end: int) -> int:
    """The end of the sentence, at the latest `end`."""
    found = _STOP.search(text, start, end)
    return found.start() + 1 if found else min(end, len(text))
