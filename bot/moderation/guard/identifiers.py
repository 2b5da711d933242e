"""Numbers that identify a person: by a check digit or a unique form, or by a label before them. Pure.

Rule `health_numbers` finds numbers by themselves:
- NHS number (England, Wales): ten digits, modulus 11, checked by python-stdnum.
- CHI number (Scotland): the same check digit, and the first six digits are a date of birth. Source: Public Health
  Scotland's data dictionary, "Community Health Index Number". (Newer ones may have a modulus 10 digit instead; those
  are found by their label.)
- Health and Care Number (Northern Ireland): the same check digit, from 320 000 001 to 399 999 999. Source: NHS data
  dictionary, "Health and Care Number".
- IHI (Ireland): 18 digits with a GS1 check digit at the end; within them ten digits with modulus 11, from 812 to 859.
  Source: eHealth Ireland, "IHI technical FAQs", and the HSE's answer in uk-fci/nhs-number, issue 9.
- PPSN (Ireland), SSN (United States), UPN (English pupils): checked by python-stdnum.
- MBI (US Medicare): form only. Source: CMS, "Understanding the Medicare Beneficiary Identifier format".
- National Insurance number: form and prefix. Source: HMRC, NIM39110.

An ISBN of ten digits has the same check digit as an NHS number. ISBNs of English books begin with 0 or 1 and hardly
ever read as a date; and digits after the word ISBN are not read at all.

Rule `labelled_numbers` finds numbers with a label: "MRN 123456", "hospital no. H123456". There a wrong check digit
doesn't matter: a mistyped NHS number still points at a person. A label without a number ("put the NHS number on every
page") is ordinary talk, and so are plurals ("patient numbers 1400").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stdnum import ean
from stdnum.gb import nhs, upn
from stdnum.ie import pps
from stdnum.us import ssn

from bot.moderation.guard.normalized_text import Kind, NormalizedText, Sign

_FEWEST_DIGITS = 6
"""Digits of the shortest number that is found by itself."""

_ALONE = r"(?<!\w)(?<!\d[.,/-])"
_ENDED = r"(?!\w|[.,/-]\d)"

_TEN = re.compile(rf"{_ALONE}(?:\d{{3}}[ .-]{{0,2}}\d{{3}}[ .-]{{0,2}}\d{{4}}|\d(?: \d){{9}}){_ENDED}")
_EIGHTEEN = re.compile(rf"{_ALONE}\d{{7}} ?\d{{10}} ?\d{_ENDED}")
_PPSN = re.compile(rf"{_ALONE}\d{{7}}(?:[A-W][ABHWTX]?|[a-w][abhwtx]?| [A-W][ABHWTX]?){_ENDED}")
_SSN = re.compile(rf"{_ALONE}\d{{3}}-\d\d-\d{{4}}{_ENDED}")
_CHEAP_MBI = re.compile(r"[1-9][A-Za-z][A-Za-z0-9]\d-?[A-Za-z]")
_LETTER = "[AC-HJKMNP-RT-Y]"
_MBI = re.compile(
    rf"(?<![\w-])[1-9]{_LETTER}(?:{_LETTER}|\d)\d-?{_LETTER}(?:{_LETTER}|\d)\d-?{_LETTER}{_LETTER}\d\d(?![\w-])",
    re.IGNORECASE,
)
_NATIONAL = re.compile(r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d\d){3} ?[A-D](?!\w)")
_UPN = re.compile(r"(?<!\w)[A-Z]\d{11}[0-9A-Z](?!\w)")


def health_numbers(normalized: NormalizedText) -> Iterator[Sign]:
    """Numbers with a valid check digit or a unique form, whatever stands around them."""
    text = normalized.text
    if normalized.digit_run and _CHEAP_MBI.search(text):
        for found in _MBI.finditer(text):
            yield Sign("mbi", *found.span())
    if normalized.digit_run < _FEWEST_DIGITS:
        return
    for found in _TEN.finditer(text):
        kind = _ten_digits(re.sub(r"\D", "", found[0]))
        if kind:
            yield Sign(kind, *found.span())
    yield from _by_form(text)


def _by_form(text: str) -> Iterator[Sign]:
    for kind, form, checks in _FORMS:
        for found in form.finditer(text):
            if checks is None or checks(found[0]):
                yield Sign(kind, *found.span())


def _ten_digits(digits: str) -> Kind | None:
    """The kind of a number of ten digits; None where the check digit or the range is wrong."""
    if not nhs.is_valid(digits) or len(set(digits)) == 1:
        return None
    if _begins_with_date(digits):
        return "chi_number"
    if "3200000010" <= digits <= "3999999999":
        return "hsc_number"
    return "nhs_number" if digits[0] in "34679" else None


def _begins_with_date(digits: str) -> bool:
    """Whether six digits can be a day, a month and a year: 29 February counts, 30 February does not."""
    day, month = int(digits[:2]), int(digits[2:4])
    return 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]


_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_ihi(written: str) -> bool:
    digits = written.replace(" ", "")
    core = digits[7:17]
    return "812" <= core[:3] <= "859" and nhs.is_valid(core) and ean.calc_check_digit(digits[:17]) == digits[17]


_FORMS: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool] | None], ...] = (
    ("ihi", _EIGHTEEN, _is_ihi),
    ("ppsn", _PPSN, pps.is_valid),
    ("ssn", _SSN, ssn.is_valid),
    ("upn", _UPN, upn.is_valid),
    ("national_insurance", _NATIONAL, None),
)
"""Kind, form, and the check where there is a check digit."""


# By a label -----------------------------------------------------------------------------------------------

_FEWEST_LABELLED = 4
"""Digits of the shortest number that is found by its label."""

_ID = r"(?:\s?(?:number|num|no|nr|id|ref|#)\b|\s?#)"
_GAP = r"\W{0,3}(?:(?:is|was)\b\W{0,3})?"
_ASIDE = r"(?:\W{0,3}\b[a-z]{1,12}\b){0,3}"
_TEN_DIGITS = r"\d{3}[ .-]{0,2}\d{3}[ .-]{0,2}\d{4}(?!\w)"
_CODE = r"(?:[a-z]{1,3}\d?[ -]?)?\d{%d,}(?:[-/ ]?\d{2,})?[a-z]?(?!\w|[.,]\d)"
_YEAR = re.compile(r"(?:19|20)\d\d")


def _label(kind: Kind, word: str, label: str, value: str) -> tuple[Kind, str, re.Pattern[str]]:
    return kind, word, re.compile(rf"\b(?:{label}){_GAP}({value})", re.IGNORECASE)


_LABELS = (
    _label("nhs_number", "nhs", rf"nhs(?:{_ID}{_ASIDE})?", _TEN_DIGITS),
    _label("chi_number", "chi", rf"chi(?:{_ID}{_ASIDE})?", _TEN_DIGITS),
    _label("hsc_number", "hc", rf"hcn|hsc{_ID}?", _TEN_DIGITS),
    _label("hsc_number", "h&c", rf"h&c{_ID}?", _TEN_DIGITS),
    _label("hsc_number", "health and care", r"health and care (?:number|no)", _TEN_DIGITS),
    _label("ihi", "ihi", rf"ihi{_ID}?", r"\d{7} ?\d{10} ?\d(?!\w)|" + _TEN_DIGITS),
    _label("ppsn", "pps", rf"ppsn?{_ID}?", r"\d{7} ?[a-w][a-z]?(?!\w)"),
    _label("ssn", "ssn", rf"ssn{_ID}?", r"\d{3}[ -]?\d\d[ -]?\d{4}(?!\w)"),
    _label("ssn", "ss#", r"ss#", r"\d{3}[ -]?\d\d[ -]?\d{4}(?!\w)"),
    _label("ssn", "social", rf"social(?: security)?{_ID}?", r"\d{3}[ -]?\d\d[ -]?\d{4}(?!\w)"),
    _label("hospital_number", "mrn", rf"mrn{_ID}?", _CODE % 4),
    _label("hospital_number", "hosp", rf"hosp(?:ital)?{_ID}", _CODE % 4),
    _label("hospital_number", "hn", rf"hn{_ID}?", _CODE % 5),
    _label("hospital_number", "record", rf"(?:medical|patient|health) records?{_ID}", _CODE % 4),
    _label("hospital_number", "rio", rf"rio{_ID}", _CODE % 4),
    _label("hospital_number", "systmone", rf"systmone{_ID}", _CODE % 4),
    _label("hospital_number", "emis", rf"emis{_ID}", _CODE % 4),
    _label("hospital_number", "pas", rf"pas{_ID}", _CODE % 4),
    _label("hospital_number", "patient", rf"patient{_ID}", _CODE % 4),
    _label("hospital_number", "client", rf"client{_ID}", _CODE % 4),
    _label("hospital_number", "pt", rf"pt{_ID}", _CODE % 4),
    _label("hospital_number", "unit", rf"unit{_ID}", _CODE % 4),
    _label("hospital_number", "chart", rf"chart{_ID}", _CODE % 4),
    _label("hospital_number", "case", rf"case{_ID}", r"(?:[a-z]{1,3}[ -]?)?\d{1,4}-\d{3,}|" + _CODE % 4),
)
"""Kind, the word to look for first, and the pattern of label and value."""


def labelled_numbers(normalized: NormalizedText) -> Iterator[Sign]:
    """Values right behind their label."""
    if normalized.digit_run < _FEWEST_LABELLED:
        return
    for kind, word, pattern in _LABELS:
        if word in normalized.lowercase:
            for found in pattern.finditer(normalized.text):
                if not _YEAR.fullmatch(found[1]):
                    yield Sign(kind, *found.span(1))
