"""Phone numbers of people. Pure.

Rule `phone_numbers` finds numbers that can be a person's: landline, mobile, pager, internet. The kinds of numbers are
those of the phonenumbers library. Numbers that only organisations have are ordinary talk in a chat about health: short
ones (999, 111, 116 123), freephone (0800, 1800), shared cost, premium and the 03 range; and so are those that the text
calls a helpline or an office.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from phonenumbers import (
    NumberParseException,
    PhoneNumberType,
    is_possible_number,
    number_type,
    parse,
)

from bot.moderation.guard.first_look import found_by
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.public import is_plainly_public, is_public

_BEGINS = r"(?<![\w+])(?<!\d[.,/-])"
_GAP = r"[ .()/_*,-]{0,3}"
_MORE = rf"{_GAP}\d"
_ABROAD = re.compile(rf"{_BEGINS}\(?(?:\+\d|00 ?[1-9])(?:{_MORE}){{7,14}}(?!\d)")
_HOME = re.compile(rf"{_BEGINS}\(?0(?!0)(?:{_MORE}){{8,10}}(?!\d)")
_AMERICAN = re.compile(rf"{_BEGINS}(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]{{1,2}}[2-9]\d\d[ .-]\d{{4}}(?!\w|[.,-]\d)")

_THING = re.compile(
    r"\b(?:part|item|product|stock|order|model|catalogue|serial|invoice|meeting|ticket|lot|batch)\b\W{0,3}"
    r"(?:no|number|code|id|ref)?\b\W{0,3}$"
    r"|(?<!area )(?<!dialling )\b(?:code|sku|asset tag|cat no|isbn|doi|pmid|tracking|parcel)\b\W{0,3}(?:is\b\W{0,3})?$"
    r"|(?<!\d)(?:19|20)\d\d ?; ?\d{1,4} ?(?:\([^()]{1,12}\))? ?: ?$"
)
_CALLED = re.compile(
    r"(?:cell|mobile|mob|phone|tel|telephone|call|ring|text|whatsapp|number|contact|reach|on)\b[^\d\n]{0,30}$"
)
_BARE = re.compile(rf"{_BEGINS}(?:7\d{{3}} ?\d{{6}}|7\d{{3}} \d{{3}} \d{{3}}|[2-9]\d\d[2-9]\d{{6}})(?!\w|[.,-]\d)")

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

_DRAMA = re.compile(r"555\W01\d\d$")
_LOCAL = re.compile(r"(?<![\w.,/-])[2-9]\d\d-\d{4}(?!\w|[.,-]\d)")
_LOCAL_DIGITS = 7
"""American numbers without their area, after words such as "call"; and those of films, which are nobody's."""

_FREE = re.compile(rf"\(?0{_GAP}8{_GAP}0{_GAP}[08]")
"""Numbers that are nobody's in Britain, Ireland, Australia, New Zealand and South Africa, by the library's own lists.
To ask it would take a look at each region and each length."""

_PATTERNS = ((_ABROAD, ("GB",)), (_HOME, ("GB", "IE", "AU", "NZ", "ZA")), (_AMERICAN, ("US",)))

_FEWEST = 9
_CUTS = 4
_MOST = 200
"""Numbers of one form that are looked at: parsing is slow, and a hostile text may have thousands."""


@found_by(_LOCAL, _ABROAD, _HOME, _AMERICAN, _BARE, digits=_LOCAL_DIGITS)
def phone_numbers(normalized: NormalizedText) -> Iterator[Sign]:
    """Numbers as dialled in the British Isles, Australia, New Zealand, South Africa or America; any with a plus."""
    text = normalized.text
    if normalized.digit_run >= _LOCAL_DIGITS:
        for found in _LOCAL.finditer(text):
            called = _CALLED.search(normalized.lowercase, max(0, found.start() - 40), found.start())
            if called and not is_public(normalized, *found.span()):
                yield Sign("phone", *found.span())
    if normalized.digit_run < _FEWEST:
        return
    for pattern, regions in _PATTERNS:
        for found in islice(pattern.finditer(text), _MOST):
            start = found.start()
            length = 0 if _FREE.match(found[0]) or _of_others(normalized, start) else _length(found[0], regions)
            if length and not is_public(normalized, start, start + length):
                yield Sign("phone", start, start + length)
    for found in _BARE.finditer(text):
        if _CALLED.search(normalized.lowercase, max(0, found.start() - 40), found.start()) and _is_bare(found[0]):
            yield Sign("phone", *found.span())


def _of_others(normalized: NormalizedText, start: int) -> bool:
    """Whether the words before a number say that it is a thing's or an organisation's, whatever it is."""
    thing = _THING.search(normalized.lowercase, max(0, start - 25), start)
    return thing is not None or is_plainly_public(normalized, start)


def _is_bare(written: str) -> bool:
    """Whether it is a British mobile without its zero, or an American number without gaps."""
    return (written.startswith("7") and len(written) <= len("7700 900 123")) or _a_persons(written, "US")


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
    if region == "US" and _DRAMA.search(written):
        return True
    kind = number_type(number)
    if kind != PhoneNumberType.UNKNOWN:
        return kind not in _ORGANISATIONS
    # not valid; but for a British mobile written with its country code the form is enough, as at home
    return is_possible_number(number) and _MOBILE.fullmatch(f"0{number.national_number}") is not None
