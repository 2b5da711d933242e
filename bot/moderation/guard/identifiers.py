"""Numbers that identify a person by a check digit or a unique form, whatever stands around them. Pure.

Rule `health_numbers` finds:
- NHS number (England, Wales): ten digits, modulus 11, checked by python-stdnum.
- CHI number (Scotland): the same check digit, and the first six digits are a date of birth. Source: Public Health
  Scotland's data dictionary, "Community Health Index Number". (Newer ones may have a modulus 10 digit instead; those
  are found by their label.)
- Health and Care Number (Northern Ireland): the same check digit, from 320 000 001 to 399 999 999. Source: NHS data
  dictionary, "Health and Care Number".
- IHI (Ireland, Australia), Medicare card (Australia), NHI number (New Zealand), RAMQ (Quebec): see `check_digits`.
- PPSN (Ireland), SSN (United States), UPN (English pupils), BC PHN (Canada): checked by python-stdnum.
- identity numbers of South Africa, India (Aadhaar) and Malaysia: checked by python-stdnum; Singapore: `check_digits`.
- MBI (US Medicare): form only. Source: CMS, "Understanding the Medicare Beneficiary Identifier format".
- National Insurance number: form and prefix. Source: HMRC, NIM39110.

Ten digits may be grouped as people group them, with any marks in between; not as two figures each, which are scores.
An ISBN of ten digits has the same check digit as an NHS number. ISBNs of English books begin with 0 or 1 and hardly
ever read as a date; and digits after the word ISBN are not read at all, nor are those of meetings, orders and tickets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stdnum import luhn
from stdnum.ca import bc_phn
from stdnum.gb import nhs, upn
from stdnum.ie import pps
from stdnum.in_ import aadhaar
from stdnum.my import nric
from stdnum.za import idnr

from bot.moderation.guard.check_digits import (
    begins_with_date,
    is_australian_ihi,
    is_medicare,
    is_nhi,
    is_ramq,
    is_singaporean,
)
from bot.moderation.guard.first_look import FirstLook, found_by, found_in
from bot.moderation.guard.normalized_text import Kind, NormalizedText, Sign

_TEN_DIGITS = 10

_ALONE = r"(?<![^\W_])(?<!\d[.,/-])"
_ENDED = r"(?![^\W_]|[.,/-]\d)"

_TEN = re.compile(rf"{_ALONE}\d(?:(?:[^\w\n]{{0,3}}|[_\n])\d){{9}}{_ENDED}")
_GROUPS = re.compile(r"\d+")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ -]?){3}")
_CARD = re.compile(r"(?!1[38]00)[1-9]\d{3}([ -])\d{3}\1\d{3}")
_MOST_GROUPS = 4
_OF_DATES, _OF_ONTARIO = (2, 2, 2, 4), (4, 3, 3)
_NOT_A_PERSONS = re.compile(
    r"\b(?:meeting|webinar|zoom|isbn|issn|po|p\.o\.|quote|part|order|ticket|invoice|tracking|charity|grant|pmid|doi"
    r"|barcode|account"
    r"|registration|serial|model|licen[cs]e|company|vat|hcpc|gmc|nmc|ahpra)\b\W{0,3}"
    r"(?:(?:id|no|number|ref|is|code)\b\W{0,3}){0,2}$"
    r"|\b(?:sku|gtin|ean|asset(?: tag)?|batch|lot|passcode|dial[ -]in|promo|voucher|discount|video|issue"
    r"|volume)\b\W{0,3}(?:(?:id|no|number|ref|is|code)\b\W{0,3}){0,2}$"
    r"|(?<!\d)(?:19|20)\d\d ?; ?\d{1,4} ?(?:\([^()]{1,12}\))? ?: ?e?$"
)
_LOOK_BACK = 40

_MBI_LETTER = "[AC-HJKMNP-RT-Y]"
_FORMS: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool] | None], ...] = (
    ("ihi", re.compile(rf"{_ALONE}539(?:[ -]?\d){{15}}{_ENDED}"), None),
    ("ihi", re.compile(rf"{_ALONE}8003[ -]?60\d\d[ -]?\d{{4}}[ -]?\d{{4}}{_ENDED}"), is_australian_ihi),
    ("medicare", re.compile(rf"{_ALONE}[2-6]\d{{3}}[ -]?\d{{5}}[ -]?\d(?:[ /-]{{1,2}}\d)?{_ENDED}"), is_medicare),
    (
        "nhi",
        re.compile(
            r"(?<![\w/.-])(?:[A-HJ-NP-Z]{3} ?(?!(?:19|20)\d\d)|[a-hj-np-z]{3})\d\d"
            r"(?:\d\d|[A-HJ-NP-Z]{2}|[a-hj-np-z]{2})(?![\w/-])"
        ),
        is_nhi,
    ),
    ("health_card", re.compile(r"(?<![\w/-])[A-Z]{4} ?\d{4} ?\d{4}(?![\w/-])"), is_ramq),
    ("health_card", re.compile(rf"{_ALONE}9\d{{3}}[ -]\d{{3}}[ -]\d{{3}}{_ENDED}"), bc_phn.is_valid),
    ("health_card", re.compile(rf"{_ALONE}\d{{4}}[ -]\d{{3}}[ -]\d{{3}}[ -]?[A-Z]{{2}}{_ENDED}"), None),
    ("ppsn", re.compile(rf"{_ALONE}\d{{7}}(?:[A-W][ABHWTX]?|[a-w][abhwtx]?| [A-W][ABHWTX]?){_ENDED}"), pps.is_valid),
    ("ssn", re.compile(rf"{_ALONE}(?!000)\d{{3}}-\d\d-\d{{4}}{_ENDED}"), None),
    ("social_number", re.compile(rf"{_ALONE}\d{{6}} ?\d{{4}} ?\d{{3}}{_ENDED}"), idnr.is_valid),
    ("social_number", re.compile(rf"{_ALONE}[2-9]\d{{3}}([ -]?)\d{{4}}\1\d{{4}}{_ENDED}"), aadhaar.is_valid),
    ("social_number", re.compile(rf"{_ALONE}\d{{6}}-\d\d-\d{{4}}{_ENDED}"), nric.is_valid),
    ("social_number", re.compile(r"(?<![\w-])[STFGstfg]\d{7}[A-Za-z](?![\w-])"), is_singaporean),
    ("upn", re.compile(r"(?<!\w)[A-Z]\d{11}[0-9A-Z](?!\w)"), upn.is_valid),
    ("nhi", re.compile(r"(?<![\w.-])(?:[A-HJ-NP-Za-hj-np-z][ .-]){3}(?:\d[ .-]){3}\d(?!\w)"), None),
    (
        "mbi",
        re.compile(
            rf"(?<![\w-])[1-9]{_MBI_LETTER}(?:{_MBI_LETTER}|\d)\d[ -]?{_MBI_LETTER}(?:{_MBI_LETTER}|\d)\d[ -]?"
            rf"{_MBI_LETTER}{{2}}\d\d(?![\w-])",
            re.IGNORECASE,
        ),
        None,
    ),
    (
        "national_insurance",
        re.compile(
            r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ .-]?\d\d){3}[ .-]?[A-D](?!\w)"
            r"|(?<!\w)(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z]\d{6}[a-d](?!\w)"
        ),
        None,
    ),
)
"""Kind, form, and the check where there is a check digit."""

_FEWEST = 6
_FORMS_OF_FEW_DIGITS = tuple(one for one in _FORMS if one[0] in {"nhi", "mbi"})
_CHEAP_FEW = re.compile(
    r"(?:[A-Z] ?|[a-z])\d\d[\dA-Za-z]{2}|[A-Za-z][ .-]\d[ .-]\d[ .-]"
    r"|\d[A-Za-z\u212a][\dA-Za-z\u212a]\d[ -]?[A-Za-z\u212a]"
)
"""Forms in which fewer digits than that stand together, and what all of them need."""


_FEWEST_DICTATED = 7
_HELPLINE = re.compile(r"03[0347]|080[08]|084|087\d{8}|1[38]00")
_COUNTED = "12345678910 10987654321 0123456789 9876543210"
_SHORTEST_PIECE = 3
_MOBILE = re.compile(r"07\d{9}|08[35-9]\d{7}|04\d{8}")
_SPLIT_WORD = re.compile(r"\b(?:half|then|rest|followed|ends?|ending|last|first|second|next|continues|plus|bit|part)\b")
_SPLIT = re.compile(
    r"(?<!\w)\d{3,7}(?:[^\w\n]{0,3}\d{1,4})?(?:[^\d\n]{2,30}\d{3,7}(?:[^\w\n]{0,3}\d{1,4})?){1,2}(?!\w)"
)


_LOOK_FORMS = FirstLook(*(form for _, form, _ in _FORMS))


@found_by(
    _TEN, *(form for _, form, _ in _FORMS), digits=2, short=(_FEWEST, [form for _, form, _ in _FORMS_OF_FEW_DIGITS])
)
def health_numbers(normalized: NormalizedText) -> Iterator[Sign]:
    """Numbers with a valid check digit or a unique form."""
    if not normalized.digit_run:
        return
    forms = _LOOK_FORMS.among(_FORMS, normalized.plain)
    if normalized.digit_run < _FEWEST:
        forms = _FORMS_OF_FEW_DIGITS if _CHEAP_FEW.search(normalized.text) else ()
    for kind, form, checks in forms:
        for found in form.finditer(normalized.text):
            if _YEARS.fullmatch(found[0]):
                continue
            if (checks is None or checks(re.sub(r"[\W_]", "", found[0]).upper())) and not _of_a_thing(
                normalized, found
            ):
                yield Sign(kind, *found.span())
    if normalized.digit_run < _TEN_DIGITS:
        return
    for found in _TEN.finditer(normalized.text):
        ten = _ten_digits(found[0])
        if ten and not _of_a_thing(normalized, found):
            yield Sign(ten, *found.span())


@found_by(small=(_SPLIT,), digits=_SHORTEST_PIECE, beside=FirstLook(small=(_SPLIT_WORD,)).may_find)
def split_numbers(normalized: NormalizedText) -> Iterator[Sign]:
    """A number given in two or three pieces with words between them: "first half 99912, then 34578"."""
    if normalized.digit_run < _SHORTEST_PIECE or not _SPLIT_WORD.search(normalized.lowercase):
        return
    for found in _SPLIT.finditer(normalized.lowercase):
        digits = "".join(_GROUPS.findall(found[0]))
        kind = "phone" if _MOBILE.fullmatch(digits) else _ten_digits(digits)
        if kind:
            yield Sign(kind, *found.span())


@found_in("dictated")
def dictated_numbers(normalized: NormalizedText) -> Iterator[Sign]:
    """A long number in words: people dictate what they would not write. Helplines and counting are ordinary talk."""
    for start, end in normalized.dictated:
        number = normalized.text[start:end]
        if sum(map(str.isdigit, number)) >= _FEWEST_DICTATED and not _HELPLINE.match(number) and number not in _COUNTED:
            yield Sign("case_number", start, end)


def _of_a_thing(normalized: NormalizedText, found: re.Match[str]) -> bool:
    """Whether the words before say that the number is a meeting's, an order's or a professional's."""
    back = max(0, found.start() - _LOOK_BACK)
    return _NOT_A_PERSONS.search(normalized.lowercase, back, found.start()) is not None


def _ten_digits(written: str) -> Kind | None:
    """The kind of a number of ten digits; None where the check digit, the range or the groups are wrong."""
    groups = tuple(map(len, _GROUPS.findall(written)))
    digits = re.sub(r"[\W_]", "", written)
    if _MOST_GROUPS < len(groups) < _TEN_DIGITS or len(set(digits)) == 1:
        return None
    if groups == _OF_ONTARIO and luhn.is_valid(digits) and _CARD.fullmatch(written):
        return "health_card"
    if not nhs.is_valid(digits):
        return None
    if begins_with_date(digits):
        return "chi_number"
    if "3200000010" <= digits <= "3999999999":
        return "hsc_number"
    return "nhs_number" if digits[0] in "34679" and groups != _OF_DATES else None
