"""Numbers that name a person because a label says so: "MRN 123456", "hospital no. H123456". Pure.

Beside a label, a wrong check digit does not matter: a mistyped NHS number still points at somebody. A label with
nothing behind it ("put the NHS number on every page") is ordinary talk, and so are plurals ("patient numbers 1400").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.normalized_text import Kind, NormalizedText, Sign

_FEWEST = 4
_ID = r"(?:\s?(?:number|num|no|nr|id|ref|#)\b|\s?#)"
_GAP = r"\W{0,3}(?:(?:is|was)\b\W{0,3})?"
_ASIDE = r"(?:\W{0,3}\b[a-z]{1,12}\b){0,3}"
_TEN = r"\d{3}[ .-]{0,2}\d{3}[ .-]{0,2}\d{4}(?!\w)"
_CODE = r"(?:[a-z]{1,3}\d?[ -]?)?\d{%d,}(?:[-/ ]?\d{2,})?[a-z]?(?!\w|[.,]\d)"
_YEAR = re.compile(r"(?:19|20)\d\d")


def _row(kind: Kind, word: str, label: str, value: str) -> tuple[Kind, str, re.Pattern[str]]:
    return kind, word, re.compile(rf"\b(?:{label}){_GAP}({value})", re.IGNORECASE)


_LABELS = (
    _row("nhs_number", "nhs", rf"nhs(?:{_ID}{_ASIDE})?", _TEN),
    _row("chi_number", "chi", rf"chi(?:{_ID}{_ASIDE})?", _TEN),
    _row("hsc_number", "hc", rf"hcn|hsc{_ID}?", _TEN),
    _row("hsc_number", "h&c", rf"h&c{_ID}?", _TEN),
    _row("hsc_number", "health and care", r"health and care (?:number|no)", _TEN),
    _row("ihi", "ihi", rf"ihi{_ID}?", r"\d{7} ?\d{10} ?\d(?!\w)|" + _TEN),
    _row("ppsn", "pps", rf"ppsn?{_ID}?", r"\d{7} ?[a-w][a-z]?(?!\w)"),
    _row("ssn", "ssn", rf"ssn{_ID}?", r"\d{3}[ -]?\d\d[ -]?\d{4}(?!\w)"),
    _row("ssn", "ss#", r"ss#", r"\d{3}[ -]?\d\d[ -]?\d{4}(?!\w)"),
    _row("ssn", "social", rf"social(?: security)?{_ID}?", r"\d{3}[ -]?\d\d[ -]?\d{4}(?!\w)"),
    _row("hospital_number", "mrn", rf"mrn{_ID}?", _CODE % 4),
    _row("hospital_number", "hosp", rf"hosp(?:ital)?{_ID}", _CODE % 4),
    _row("hospital_number", "hn", rf"hn{_ID}?", _CODE % 5),
    _row("hospital_number", "record", rf"(?:medical|patient|health) records?{_ID}", _CODE % 4),
    _row("hospital_number", "rio", rf"rio{_ID}", _CODE % 4),
    _row("hospital_number", "systmone", rf"systmone{_ID}", _CODE % 4),
    _row("hospital_number", "emis", rf"emis{_ID}", _CODE % 4),
    _row("hospital_number", "pas", rf"pas{_ID}", _CODE % 4),
    _row("hospital_number", "patient", rf"patient{_ID}", _CODE % 4),
    _row("hospital_number", "client", rf"client{_ID}", _CODE % 4),
    _row("hospital_number", "pt", rf"pt{_ID}", _CODE % 4),
    _row("hospital_number", "unit", rf"unit{_ID}", _CODE % 4),
    _row("hospital_number", "chart", rf"chart{_ID}", _CODE % 4),
    _row("hospital_number", "case", rf"case{_ID}", r"(?:[a-z]{1,3}[ -]?)?\d{1,4}-\d{3,}|" + _CODE % 4),
)
"""Kind, the word to look for first, and label with value."""


def labelled_numbers(sight: NormalizedText) -> Iterator[Sign]:
    """Every value that stands right behind its label."""
    if sight.run < _FEWEST:
        return
    for kind, word, pattern in _LABELS:
        if word in sight.low:
            for found in pattern.finditer(sight.text):
                if not _YEAR.fullmatch(found[1]):
                    yield Sign(kind, *found.span(1))
