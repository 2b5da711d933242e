"""People called by name whose care the message is about: "Margaret's daughter", "Little Tyrell in my group". Pure.

Rule `persons_in_care`. There is no list of names: a word counts by its capital, its place in the sentence, and what is
said of it. Care and a word for one person ("he", "her") have to be there as well. Authors of books, people in the
news, colleagues, the authors' own families, and everybody who is thanked or greeted are ordinary talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from bot.moderation.guard.clinic import CARE, INTRO, NO_PATIENT
from bot.moderation.guard.given_names import ALL_NAMES, EVERYDAY_NAMES, GIVEN_NAMES
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.said_of import DOES, FAMED, HAPPENED, KIN, OTHERS_BEFORE, OTHERS_BEHIND, PERSON, THEIRS
from bot.moderation.guard.subjects import GENERAL
from bot.moderation.guard.vocabulary import FAMOUS, NOT_NAMES, NOT_PLACES

_CAPITAL = r"[A-Z\u00c0-\u00de]"
_WORD = rf"{_CAPITAL}[a-z\u00df-\u00ff]?['a-z\u00df-\u00ff-][\w'-]{{0,20}}"
_LINKS = r"(?:\s(?:Bean|van|de|der|bin|al|U\u00ed|N\u00ed|O|Mc|Mac))?"
_ALONE = r"(?<![\w@#'.-])"
_FIRST = rf"{_ALONE}(?P<first>{_WORD})"

_FULL = re.compile(rf"{_FIRST}(?:\s[A-Z]\.?)?{_LINKS}\s(?P<last>(?:O'|Mc|Mac|D')?{_WORD})(?!\w)")
_POSSESSIVE = re.compile(rf"(?<![\w@#'-])(?P<first>{_WORD}?)'s (?:\w+ )?(?:{KIN}|{THEIRS})\b")
_FONDLY = re.compile(
    r"\b(?:[Ll]ittle|[Yy]oung|[Oo]ld|[Pp]oor(?: old)?|[Ww]ee|[Dd]ear(?: old)?|[Ll]ovely|[Bb]loody|[Bb]ig|[Dd]arling"
    r"|[Bb]less|[Ss]weet|[Gg]ood old|[Oo]ur|[Nn]ana|[Nn]anny|[Gg]ranny|[Gg]rand(?:ad|ma|pa)|[Aa]unt(?:ie|y)?|[Uu]ncle"
    rf"|[Mm]ad) (?P<first>{_WORD})(?!\w)(?! [A-Z])"
)
_LETTER = re.compile(rf"{_FIRST} [A-Z]\.?(?=[\s,.;:)]|$)(?! [A-Z][a-z])")
_GROUP = re.compile(
    rf"{_FIRST},? (?:is |was )?(?:in|from|on|at) (?:my|our) (?:\w+ ){{0,2}}"
    r"(?:group|grp|class|clinic|ward|unit|list|caseload|school|nursery|kindy|rehab)\b"
)
_OF_MINE = re.compile(
    r"\b(?:patient|client|student|pupil|resident|lady|gent|chap|lad|girl|boy|kid)s? of (?:mine|ours|hers|his)[,:]? "
    rf"(?P<first>{_WORD})(?!\w)"
)
_ON_WARD = re.compile(
    rf"{_FIRST},? (?:up |down |over )?(?:on|off|from|in) (?:[Ww]ard|[Bb]ay|[Bb]ed|[Rr]oom|[Rr]m) ?\w?\d{{1,3}}"
)
_UNIT = re.compile(
    rf"{_FIRST},? (?:is |was )?(?:up |down |over )?(?:on|off|from|in) (?:the )?"
    r"(?:(?:\w+ )?(?:ward|unit|rehab)\b|(?:[Bb]ay|[Bb]ed|[Ww]ard) [A-Z]\b|MAU|ITU|ICU|CCU|PICU|AMU|HDU|ED\b)"
)
_GRADER = re.compile(
    r"\b(?:kiddo|grader|preschooler|toddler|kindergart(?:e?ner|ner)|twin|baby|veteran|lady|gent|chap|lad"
    r"|boy|girl|kid),? "
    rf"(?P<first>{_WORD})(?!\w)(?! [A-Z])"
)
_SMALL_KIN = re.compile(rf"(?<![\w@#'-])(?P<first>[a-z]{{3,14}})'s {KIN}\b")
_BED = re.compile(
    rf"{_FIRST}(?:,| in| from|'s in)? (?:the )?(?:bed|bay|room|rm|side room|cubicle|flat)\s?\w?\d{{1,3}}\b"
)
_ACTS = re.compile(
    rf"{_FIRST}(?: [A-Z]\.?| {_WORD})?,? (?:(?:who|finally|just|still|again|only|also|never|now|then) )*{DOES}(?!\w)"
)
_LEFT = re.compile(
    rf"\b(?:[Gg]oodbye|[Rr]est in peace|RIP|[Ff]arewell|[Mm]iss you|[Ss]leep well),? (?P<first>{_WORD})(?!\w)"
)
_MET = re.compile(
    r"\b(?:saw|seen|seeing|section|sectioned|lost|discharge|visit|hoist|treated|treating|visited|assessed"
    r"|met|splinted|hoisted|discharged|admitted|hx on|re|about"
    rf"|for|with|got|had|from)\s(?P<first>{_WORD})(?! (?:{_WORD}|(?:[a-z]+ ){{0,2}}(?:team|group|service)))(?!\w)"
)
_TAGGED = re.compile(r"#(?P<first>[A-Z][a-z]{2,15})\W{1,3}\d{1,2} ?(?:yrs?|yo|y/o|months|mths)\b")
_WITHIN = re.compile(
    rf"(?<=[a-z,;:-] )(?<!\bin )(?<!\bat )(?<!\bfrom )(?<!\bnear )(?<!\bto )(?<!\bin the )"
    rf"(?P<first>{_WORD})(?![\w'-])"
)
_ANY = re.compile(rf"{_ALONE}(?P<first>{_CAPITAL}['\w-]{{2,20}})(?![\w-])")
_SMALL_ANY = re.compile(rf"{_ALONE}(?P<first>[a-z]{{3,14}}(?:'s)?)(?![\w'-])")
_SMALL_IN_BED = re.compile(
    r"(?<![\w@#'-])(?P<first>[a-z]{3,12}) (?:(?:with|w) (?:the |a )?\w+ |in |from |on )?"
    r"(?:bed|bay|side room|rm|room) ?\d+\b"
)
_SURE = (_OF_MINE, _POSSESSIVE, _GROUP, _BED, _ACTS, _LEFT)
"""Here the words beside a name say by themselves that somebody is in care."""

_STUDENT = re.compile(r"\bstudent,? $")
_AT_SCHOOL = re.compile(
    r"\b(?:iep|ehcp|grade|aide|classroom|playground|recess"
    r"|asd|adhd|cp|autis\w+|speech|pencil|kindergarten|dyspraxi\w+)\b"
)
_SURNAME = re.compile(r" (?:[A-Z]\.? )?[A-Z][a-z'-]+")
_CITED = re.compile(
    r",? \(?(?:19|20)\d\d|,? et al| (?:&|and) [A-Z][a-z]+ ?\(|'s? (?:book|chapter|work|talk|blog|model|paper)"
)
_SPOT = re.compile(r"\b(?:group|grp|ward|bed|stroke|flat|\d\d)\b")
_BEFORE, _BEHIND = re.compile(OTHERS_BEFORE), re.compile(OTHERS_BEHIND)
_LOOK_BACK, _LOOK_AHEAD, _SOON = 40, 40, 70
_LONGEST = 4000
"""Characters that are read."""

_NOUNS = """
lady man woman patient chap guy gent gentleman bloke client one resident person someone anyone everyone girl boy lad
kid student nurse doctor staff team from the his her new empty another every each that this next only clean call bell
light window get got back and for with bay bed side room ward moved move visit see saw any our your their down over
near was is everyone everybody somebody nobody nobodys people kids today tonight tomorrow mother father mum mam mom dad
son daughter wife husband nan gran sister brother friend neighbour colleague boss manager teacher physio pts patients
clients carers child baby twin children womens mens its theirs whos whose whats thats that's it's he's she's there's
what's who's god
"""
_NOT_SMALL = frozenset(_NOUNS.split())


def persons_in_care(normalized: NormalizedText) -> Iterator[Sign]:
    """A name of which something is said that is only said of patients."""
    text, lowercase = normalized.text[:_LONGEST], normalized.lowercase[:_LONGEST]
    if NO_PATIENT.search(lowercase) or text.isupper():
        return
    greets = INTRO.search(lowercase) is not None and PERSON.search(lowercase) is None
    for found in chain(_named(text), _in_care(text, lowercase)):
        if _is_name(found["first"]) and not greets and not _is_someone_else(lowercase, found):
            yield Sign("named_patient", *found.span("first"))
    kin = _SMALL_KIN.finditer(lowercase) if CARE.search(lowercase) and not has_capitals(text) else ()
    beds = _SMALL_IN_BED.finditer(lowercase) if PERSON.search(lowercase) else ()
    for found in chain(kin, beds):
        if found["first"] not in _NOT_SMALL and text[found.start()].islower():
            yield Sign("named_patient", *found.span("first"))


def _named(text: str) -> Iterator[re.Match[str]]:
    """Names of whom the words beside them say that they are in care."""
    for pattern in _SURE:
        yield from pattern.finditer(text)
    for found in chain(_ON_WARD.finditer(text), _UNIT.finditer(text)):
        if found["first"].lower() in ALL_NAMES and found["first"] not in NOT_NAMES:
            yield found
    if "#" in text:
        yield from _TAGGED.finditer(text)


def _in_care(text: str, lowercase: str) -> Iterator[re.Match[str]]:
    """Names in a message about care: with a surname, or where it also says "he" or "her"."""
    if not CARE.search(lowercase):
        return
    person = PERSON.search(lowercase) is not None
    famed = FAMED.search(lowercase) is not None
    for found in _FULL.finditer(text) if not (famed or GENERAL.search(lowercase)) else ():
        known = person or _is_given(found["first"])
        if known and _is_name(found["last"].removesuffix("'s")) and not _CITED.match(text, found.end()):
            yield found
    for found in chain(_ANY.finditer(text), () if has_capitals(text) else _SMALL_ANY.finditer(lowercase)):
        told = _is_given(found["first"], small=found.re is _SMALL_ANY) and _is_told_of(lowercase, found)
        if told and (not famed or _is_plain(text, lowercase, found)):
            yield found
    for found in _MET.finditer(text):
        if _is_given(found["first"]) and not famed:
            yield found
    yield from (found for found in _GRADER.finditer(text) if person or _is_given(found["first"]))
    if person and not famed:
        yield from _MET.finditer(text)
        yield from _FONDLY.finditer(text)
        yield from _WITHIN.finditer(text)
    if person or _SPOT.search(lowercase):
        yield from _LETTER.finditer(text)


def _is_told_of(lowercase: str, found: re.Match[str]) -> bool:
    """Whether soon after a name comes "he", "her", care, or something that happens to patients."""
    stop = found.end() + _SOON
    return any(
        (
            PERSON.search(lowercase, found.end(), stop),
            HAPPENED.search(lowercase, found.start(), stop),
            CARE.search(lowercase, found.end(), stop),
        )
    )


def _is_plain(text: str, lowercase: str, found: re.Match[str]) -> bool:
    """Whether a first name stands alone and is taken up by "he" or "her", as famous names are not."""
    alone = _SURNAME.match(text, found.end()) is None
    return alone and PERSON.search(lowercase, found.end(), found.end() + _SOON) is not None


def _is_given(word: str, *, small: bool = False) -> bool:
    plain = word.lower().removesuffix("'s")
    return plain in GIVEN_NAMES and not (small and plain in EVERYDAY_NAMES)


def has_capitals(text: str) -> bool:
    """Whether the author writes names with capitals at all."""
    return re.search(r"(?<=[a-z,] )[A-Z][a-z]{2,}", text) is not None


def _is_name(word: str) -> bool:
    plain = word.removesuffix("'s")
    return (
        len(plain) > 1
        and plain not in NOT_NAMES
        and plain not in NOT_PLACES
        and plain.lower() not in FAMOUS
        and not plain[1:].isupper()
        and not plain.endswith(("ing", "tion", "ment", "ology", "therapy"))
    )


def _is_someone_else(lowercase: str, found: re.Match[str]) -> bool:
    """Whether the words before or right behind say that it is a colleague, a relative or somebody who is greeted."""
    if _STUDENT.search(lowercase, 0, found.start("first")) and _AT_SCHOOL.search(lowercase):
        return False
    before = lowercase[max(0, found.start("first") - _LOOK_BACK) : found.start("first")]
    behind = lowercase[found.end("first") : found.end("first") + _LOOK_AHEAD]
    return _BEHIND.match(behind) is not None or (found.re is not _OF_MINE and _BEFORE.search(before) is not None)
