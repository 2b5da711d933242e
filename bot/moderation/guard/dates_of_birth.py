"""Dates of birth: a date that the text says is one. Pure.

Rule `dates_of_birth`. A year alone, a date alone ("3 April 2020"), and the birth of a service, a hashtag or a
historical person are ordinary talk. A day and a month count with an age beside them ("turns 90 on 3 April").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from bot.moderation.guard.clinic import INVENTED
from bot.moderation.guard.first_look import found_by
from bot.moderation.guard.normalized_text import NormalizedText, Sign

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_NTH = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|\w{3,5}teen|\w{4,7}teenth|twentieth|thirtieth"
    r"|(?:20|30)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))"
)
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)(?!\w)"
_DATE = (
    rf"(?:\d{{1,2}} ?[/.-] ?\d{{1,2}} ?[/.-] ?{_YEAR}"
    r"|(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2}(?!\w)"
    rf"|{_NTH}[ ./-]{{0,2}}(?:of )?{_MONTH}[ ,./-]{{0,2}}{_YEAR}"
    rf"|{_MONTH}[ .-]?(?:the )?{_NTH}[ ,]{{1,2}}{_YEAR})"
)
_BARE = r"(?:\d{8}|\d{6}|\d{1,2}[ _|]\d{1,2}[ _|](?:\d{4}|\d\d))(?!\w)"
_WORDS = r"(?:\W{0,3}\b\w{1,15}\b){0,6}?\W{0,5}"

_LABELLED = re.compile(
    rf"\b(?:dob|d\.o\.b|d/o/b|d o b|d of b|date of birth|birth ?dat(?:e|es)|b'?day|birthday)\b"
    rf"(?:\W{{0,3}}(?P<bare>{_BARE})|{_WORDS}\b(?P<date>{_DATE}))"
)
_BEFORE_LABEL = re.compile(
    rf"(?P<date>{_DATE})\W{{1,3}}(?:(?:is|was|as|that's)\W)?(?:(?:the|her|his|their|my \w+'s)\W)?"
    r"(?:dob|d\.o\.b|date of birth|birthday)\b"
)
_NOTED = re.compile(
    rf"(?P<date>{_DATE})\W{{1,3}}(?:is )?(?:on|in|says|from|per) (?:the|her|his|their) (?:wristband|notes|chart|form"
    rf"|referral|sheet|system"
    r"|label|band|letter|card|passport|record)\b"
)
_RECORDS = (
    "band",
    "notes",
    "chart",
    "form",
    "referral",
    "sheet",
    "system",
    "label",
    "letter",
    "card",
    "record",
    "passport",
)
_THIS_DAY = re.compile(r"(?<![\w/.,-])\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?(?:19[1-9]\d|[3-9]\d)(?![\w/.-]|,\d)")
_DATED = re.compile(
    r"\b(?:assent|passed|died|since|on|from|until|till|by|before|after|opened|started|qualified|dated|published|founded|est|act|of"
    r"|version|v|updated|issued|in"
    r"|the|to|due|expires?|and|between|released|signed|built|closed|registered|joined|retired|page|score|scores|ratio"
    r"|dose)\W{0,3}$"
)
_BORN = re.compile(rf"\bborn\W{{1,2}}(?:on\W{{1,2}})?(?:[a-z']{{2,12}} ){{0,2}}?(?P<date>{_DATE})")
_TURNS = re.compile(
    rf"\b(?:turn(?:s|ed|ing)?|will be|was|is)\W{{1,2}}\d{{2,3}} (?:on|this|last) (?:the )?"
    rf"(?P<date>{_NTH} (?:of )?{_MONTH}|{_MONTH} {_NTH})(?!\w)"
)
_SHORT = re.compile(rf"(?:^|[,(]|\W- ?) ?b\. ?(?P<date>{_DATE})")
_OF_A_THING = re.compile(
    r"\b(?:department|ward|unit|service|profession|college|team|chat|charity|society|hospital|hashtag|journal"
    r"|university|clinic|our)\b"
)
_NOT_A_PATIENT = re.compile(
    r"(?:#\w{1,40}|\bOT|\b[A-Z]{3,}\w{0,20}|\b(?:profession|service|hashtag|movement|chat|idea|project|charity|college"
    r"|society|team|group|programme))\W+(?:was|were|is|got)\W+$"
)
_LONG_AGO = re.compile(r"(?:1[0-8]\d\d|190\d|191[0-4])$")
"""A year of birth that nobody alive has."""
_THINGS_BIRTH = re.compile(
    r"\W{1,3}(?:(?:so|and|which makes)\W{1,2})?(?:the|our|this)\W"
    r"(?:nhs|service|profession|college|department|unit|charity|society|hospital"
    r"|hashtag|chat|team|clinic|group|journal)\b"
)
_AUTHORS = re.compile(
    r"\b(?:i|i'll|we(?: were| was| are)?|my (?:own )?(?:mum|mam|mom|dad|nan|gran|granny|son|daughter"
    r"|wife|husband|partner|sister|brother|dog|cat|boss|manager)"
    r"|(?:nhs|service|college|department|charity|hospital|chat|journal))\W{1,2}(?:(?:will|also|finally)\W)?$"
)
_LABELS = ("birth", "dob", "d.o.b", "d/o/b", "d o b", "d of b", "bday", "b'day")
_LOOK_BACK, _JUST_BEFORE = 60, 18
_PATIENT = re.compile(
    r"\b(?:she|he|her|his|him|pt|patient|client|resident|lady|gent|lives alone|nof|cva|ward \d|bed \d|l?r? ?thr|tkr"
    r"|admitted|nkda|nok)\b"
)


@found_by(small=(_LABELLED, _BEFORE_LABEL, _SHORT, _NOTED, _THIS_DAY, _BORN, _TURNS), digits=1)
def dates_of_birth(normalized: NormalizedText) -> Iterator[Sign]:
    """Dates after a label, after "born", or after "b."."""
    if normalized.digit_run and not INVENTED.search(normalized.lowercase):
        for found in chain(_labelled(normalized.lowercase), _born(normalized), _beside_somebody(normalized)):
            yield Sign("date_of_birth", *found)


def _labelled(lowercase: str) -> Iterator[tuple[int, int]]:
    if any(label in lowercase for label in _LABELS):
        for found in _LABELLED.finditer(lowercase):
            if "birthday" in found[0] and _OF_A_THING.search(
                lowercase, max(0, found.start() - _JUST_BEFORE), found.end()
            ):
                continue
            yield found.span("bare" if found["bare"] else "date")
        for found in _BEFORE_LABEL.finditer(lowercase):
            yield found.span("date")
    if "b." in lowercase:
        for found in _SHORT.finditer(lowercase):
            yield found.span("date")


def _beside_somebody(normalized: NormalizedText) -> Iterator[tuple[int, int]]:
    """Dates of the wristband or the notes; and a date long ago in figures, beside a word for a patient."""
    lowercase = normalized.lowercase
    for found in _NOTED.finditer(lowercase) if any(record in lowercase for record in _RECORDS) else ():
        yield found.span("date")
    if normalized.digit_run < len("010151"):
        return
    for found in _THIS_DAY.finditer(lowercase):
        back = max(0, found.start() - _LOOK_BACK)
        if not _DATED.search(lowercase, back, found.start()) and _PATIENT.search(
            lowercase, back, found.end() + _LOOK_BACK
        ):
            yield found.span()


def _born(normalized: NormalizedText) -> Iterator[tuple[int, int]]:
    lowercase = normalized.lowercase
    if "born" in lowercase:
        for found in _BORN.finditer(lowercase):
            back = max(0, found.start() - _LOOK_BACK)
            if not (
                _NOT_A_PATIENT.search(normalized.text, back, found.start())
                or _AUTHORS.search(lowercase, back, found.start())
                or _LONG_AGO.search(found["date"])
                or _THINGS_BIRTH.match(lowercase, found.end())
            ):
                yield found.span("date")
    if " on " in lowercase or " this " in lowercase or " last " in lowercase:
        for found in _TURNS.finditer(lowercase):
            back = max(0, found.start() - _LOOK_BACK)
            if not (
                _NOT_A_PATIENT.search(normalized.text, back, found.start() + 1)
                or _AUTHORS.search(lowercase, back, found.start())
            ):
                yield found.span("date")
