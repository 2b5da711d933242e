"""Numbers that name a person by themselves: they carry a check digit, or a form that nothing else has. Pure.

- NHS number (England, Wales): ten digits, modulus 11, checked by python-stdnum.
- CHI number (Scotland): the same check digit, and the first six digits are a date of birth. Source: Public Health
  Scotland's data dictionary, "Community Health Index Number". (Newer ones may carry a modulus 10 digit instead; those
  are found by their label.)
- Health and Care Number (Northern Ireland): the same check digit, from 320 000 001 to 399 999 999. Source: NHS data
  dictionary, "Health and Care Number".
- IHI (Ireland): 18 digits, a GS1 check digit at the end, within it a core of ten digits with modulus 11, from 812 to
  859. Source: eHealth Ireland, "IHI technical FAQs", and the HSE's answer in uk-fci/nhs-number, issue 9.
- PPSN (Ireland), SSN (United States), UPN (English pupils): by python-stdnum.
- MBI (US Medicare): form only. Source: CMS, "Understanding the Medicare Beneficiary Identifier format".
- National Insurance number: form and prefix. Source: HMRC, NIM39110.

An ISBN of ten digits has the NHS number's check digit. Those of English books begin with 0 or 1 and hardly ever read as
a date; and behind the word ISBN nothing is read at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stdnum import ean
from stdnum.gb import nhs, upn
from stdnum.ie import pps
from stdnum.us import ssn

from bot.moderation.guard.normalized_text import Kind, NormalizedText, Sign

_FEWEST = 6
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


def health_numbers(sight: NormalizedText) -> Iterator[Sign]:
    """Every number that checks out, whatever stands around it."""
    text = sight.text
    if sight.run and _CHEAP_MBI.search(text):
        for found in _MBI.finditer(text):
            yield Sign("mbi", *found.span())
    if sight.run < _FEWEST:
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
    """Which health service a number of ten digits belongs to; None where the check digit or the range is wrong."""
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
"""Kind, form, and the check digit where there is one."""
