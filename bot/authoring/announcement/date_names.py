"""Names of months and days of the week in the languages of announcements, as patterns and as numbers.

The names are those of Unicode's locale data, by Babel, with a few spellings besides. Each language is a row of a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import regex
from babel import Locale

_LOCALES = ("en", "de", "de_AT")

_MORE_MONTHS = {"sept": 9, "maerz": 3, "mrz": 3, "feber": 2, "jaenner": 1}
_MORE_WEEKDAYS = {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3, "satur": 5, "sonnabend": 5}
"""Spellings that are not in the locale data; months count from 1, days from 0 for Monday."""

_OF_TWO = 2
"""Letters of the shortest names of German days, which are also English words: "so", "do"."""


def _names(kind: str, shift: int) -> dict[str, int]:
    """All names of two letters and more, in small letters and without a full stop, with their numbers."""
    found: dict[str, int] = {}
    for code in _LOCALES:
        calendar: Mapping[str, Mapping[str, Mapping[int, str]]] = getattr(Locale.parse(code), kind)
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = calendar[form][width]
                found |= {name.rstrip(".").casefold(): number + shift for number, name in names.items()}
    return found


MONTHS: Mapping[str, int] = _names("months", 0) | _MORE_MONTHS
WEEKDAYS: Mapping[str, int] = _names("days", 0) | _MORE_WEEKDAYS
"""Names in small letters, and what they stand for."""


def _either(names: Iterable[str]) -> str:
    return "|".join(map(regex.escape, sorted(names, key=len, reverse=True)))


MONTH_NAMES = _either(MONTHS)
WEEKDAY_NAMES = _either(name for name in WEEKDAYS if len(name) > _OF_TWO)
MONTH = rf"(?P<month>{MONTH_NAMES})\b\.?"

WEEKDAY = (
    rf"(?:\b(?:(?P<weekday>{WEEKDAY_NAMES})(?:day)?\b[,.]?"
    r"|(?-i:(?P<weekday>Mo|Di|Mi|Fr|Sa)[.,],?|(?P<weekday>Do|So)\.,?))"
    r"\s+(?:(?:the|de[nmr])\s+)?)"
)
"""A day before a date. One of two letters has its full stop, or a comma where it is no English word."""


def month_of(name: str) -> int:
    """The month that a name stands for."""
    return MONTHS[name.rstrip(".").casefold()]


def weekday_of(name: str) -> int:
    """The day of the week that a name stands for, 0 for Monday."""
    return WEEKDAYS[name.casefold()]
