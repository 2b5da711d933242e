"""Dates of birth: a date that the text says is one. Pure.

Rule `dates_of_birth`. A year alone, a date alone ("3 April 2020"), and the birth of a service, a hashtag or a
historical person are ordinary talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.normalized_text import NormalizedText, Sign

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)(?!\w)"
_DATE = (
    rf"(?:\d{{1,2}} ?[/.-] ?\d{{1,2}} ?[/.-] ?{_YEAR}"
    r"|(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2}(?!\w)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ .-]{{0,2}}(?:of )?{_MONTH}[ ,.-]{{0,2}}{_YEAR}"
    rf"|{_MONTH}[ .-]?\d{{1,2}}(?:st|nd|rd|th)?[ ,]{{1,2}}{_YEAR})"
)
_BARE = r"(?:\d{8}|\d{6}|\d\d \d\d (?:\d{4}|\d\d))(?!\w)"
_WORDS = r"(?:\W{0,3}\b\w{1,15}\b){0,6}?\W{0,3}"

_LABELLED = re.compile(
    rf"\b(?:dob|d\.o\.b|d/o/b|date of birth|birth ?date|birthday)\b"
    rf"(?:\W{{0,3}}(?P<bare>{_BARE})|{_WORDS}\b(?P<date>{_DATE}))"
)
_BORN = re.compile(rf"\bborn\W{{1,2}}(?:on\W{{1,2}})?(?:the )?(?P<date>{_DATE})")
_SHORT = re.compile(rf"(?:[,(]|\W- ?) ?b\. ?(?P<date>{_DATE})")
_NOT_A_PATIENT = re.compile(
    r"(?:#\w{1,40}|\b[A-Z]{3,}\w{0,20}|\b(?:profession|service|hashtag|movement|chat|idea|project|charity|college|society"
    r"|team|group|programme))\W+(?:was|were|is|got)\W+$"
)
_LOOK_BACK = 60


def dates_of_birth(normalized: NormalizedText) -> Iterator[Sign]:
    """Dates after a label, after "born", or after "b."."""
    lowercase = normalized.lowercase
    if not normalized.digit_run:
        return
    if "birth" in lowercase or "dob" in lowercase or "d.o.b" in lowercase or "d/o/b" in lowercase:
        for found in _LABELLED.finditer(lowercase):
            yield Sign("date_of_birth", *found.span("bare" if found["bare"] else "date"))
    if "born" in lowercase:
        for found in _BORN.finditer(lowercase):
            if not _NOT_A_PATIENT.search(normalized.text, max(0, found.start() - _LOOK_BACK), found.start()):
                yield Sign("date_of_birth", *found.span("date"))
    if "b." in lowercase:
        for found in _SHORT.finditer(lowercase):
            yield Sign("date_of_birth", *found.span("date"))
