"""Contacts: phone numbers and e-mail addresses of people. Pure.

Rule `phone_numbers` finds numbers that can be a person's: landline, mobile, pager, internet. The kinds of numbers are
those of the phonenumbers library. Numbers that only organisations have are ordinary talk in a chat about health: short
ones (999, 111, 116 123), freephone (0800, 1800), shared cost, premium and the 03 range. Rule `emails` leaves out
handles (@kate, @kate@example.social) and mailboxes of organisations (info@…).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberType,
    is_possible_number,
    is_valid_number,
    number_type,
    parse,
)

from bot.moderation.guard.normalized_text import NormalizedText, Sign

_BEGINS = r"(?<![\w+])(?<!\d[.,/-])"
_MORE = r"[ .()-]{0,3}\d"
_ABROAD = re.compile(rf"{_BEGINS}\(?(?:\+\d|00 ?[1-9])(?:{_MORE}){{7,14}}(?!\d)")
_HOME = re.compile(rf"{_BEGINS}\(?0(?!0)(?:{_MORE}){{8,10}}(?!\d)")
_AMERICAN = re.compile(rf"{_BEGINS}(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]{{1,2}}[2-9]\d\d[ .-]\d{{4}}(?!\w|[.,-]\d)")

_ORGANISATIONS = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)
_MOBILE = re.compile(r"07[1-9]\d{8}|01632\d{6}")
"""British mobile numbers by form, because ranges are assigned faster than lists follow; and Ofcom's area for drama."""

_FEWEST = 9
_CUTS = 4


def phone_numbers(normalized: NormalizedText) -> Iterator[Sign]:
    """British and Irish numbers as dialled at home, American ones as written there, and any with a plus."""
    text = normalized.text
    if normalized.digit_run < _FEWEST:
        return
    for pattern, regions in ((_ABROAD, ("GB",)), (_HOME, ("GB", "IE")), (_AMERICAN, ("US",))):
        for found in pattern.finditer(text):
            length = _length(found[0], regions)
            if length:
                yield Sign("phone", found.start(), found.start() + length)


def _length(written: str, regions: tuple[str, ...]) -> int:
    """The length of a person's phone number in characters; 0 for none. The pattern may have caught the next one too."""
    for _ in range(_CUTS):
        if sum(map(str.isdigit, written)) < _FEWEST:
            break
        if any(_a_persons(written, region) for region in regions):
            return len(written)
        cut = max(written.rfind(mark) for mark in " .-(")
        written = written[: max(cut, 0)].rstrip(" .-(")
    return 0


def _a_persons(written: str, region: str) -> bool:
    if region == "GB" and _MOBILE.fullmatch(re.sub(r"\D", "", written)):
        return True
    try:
        number = parse(written, region)
    except NumberParseException:
        return False
    return _could_exist(number) and number_type(number) not in _ORGANISATIONS


def _could_exist(number: PhoneNumber) -> bool:
    """Whether a number is valid. For a British mobile written with its country code the form is enough, as at home."""
    if is_valid_number(number):
        return True
    return is_possible_number(number) and _MOBILE.fullmatch(f"0{number.national_number}") is not None


_DOMAIN = re.compile(r"@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24})(?![\w@])")
_LOCAL = re.compile(r"[a-z0-9_](?:[\w.+'-]{0,63})?$")
_SPELT = re.compile(
    r"(?<![\w@.])([a-z0-9_][\w.+'-]{0,63})\s?(?:\s|[(\[{<])\s?at\s?(?:\s|[)\]}>])\s?"
    r"[a-z0-9-]{1,63}(?:\s?(?:\s|[(\[{<])\s?dot\s?(?:\s|[)\]}>])\s?[a-z0-9-]{1,63}){1,3}(?:\.[a-z]{2,3})?(?!\w)"
)
_ORGANISATION = """
admin booking bookings conference contact editor enquiries enquiry event events hello help info media members membership
news newsletter no-reply noreply office press privacy reception research support survey team training
"""
_BOXES = frozenset(_ORGANISATION.split())
_ENDINGS = frozenset({"com", "org", "net", "uk", "ie", "info", "edu", "gov", "io", "eu", "us", "scot", "wales"})


def emails(normalized: NormalizedText) -> Iterator[Sign]:
    """E-mail addresses with `@`, or spelt with "at" and "dot"."""
    lowercase = normalized.lowercase
    if "@" in lowercase:
        for found in _DOMAIN.finditer(lowercase):
            before = _LOCAL.search(lowercase, max(0, found.start() - 64), found.start())
            if before and _a_person(before[0]) and lowercase[before.start() - 1 : before.start()] != "@":
                yield Sign("email", before.start(), found.end())
    if "dot" in lowercase and "at" in lowercase:
        for spelt in _SPELT.finditer(lowercase):
            if _a_person(spelt[1]) and re.split(r"\W+", spelt[0])[-1] in _ENDINGS:
                yield Sign("email", *spelt.span())


def _a_person(local: str) -> bool:
    return local not in _BOXES
