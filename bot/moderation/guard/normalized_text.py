"""A text normalized for the guard's rules, with the way back to the characters as they were given. Pure.

People hide numbers from machines, mostly without meaning to: digits of another script, a no-break space, a zero-width
character. Normalizing undoes that. Links and ISBNs are blanked, because their digits are seldom a person's. Nothing
here decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

from bot.messages import Value

Kind = Literal[
    "nhs_number",
    "chi_number",
    "hsc_number",
    "ihi",
    "ppsn",
    "ssn",
    "mbi",
    "national_insurance",
    "upn",
    "hospital_number",
    "phone",
    "email",
    "postcode",
    "address",
    "date_of_birth",
    "described_person",
    "named_patient",
]


class GuardReason(Value, frozen=True, kw_only=True):
    """One sign at `text[start:end]`, in characters (code points) of the text as it was given."""

    kind: Kind
    start: int
    end: int


class GuardVerdict(Value, frozen=True, kw_only=True):
    """Keep the message, or hold it for a moderator. Held exactly when there are reasons; they stand in text order."""

    verdict: Literal["keep", "hold"]
    reasons: tuple[GuardReason, ...] = ()


class Sign(NamedTuple):
    """A sign as a rule finds it, with offsets in the normalized text."""

    kind: Kind
    start: int
    end: int


class NormalizedText(NamedTuple):
    """A text as the rules read it.

    `text` has its links blanked and its digits plain; `lowercase` is the same in lower case, character for character.
    `digit_run` is the most digits that stand together, gaps as in a number allowed; 0 without digits. `offsets` holds
    each character's offset in the text as given, if that differs.
    """

    text: str
    lowercase: str
    digit_run: int
    offsets: list[int] | None

    def reason(self, sign: Sign) -> GuardReason:
        """The sign with offsets in the text as it was given."""
        if self.offsets is None:
            return GuardReason(kind=sign.kind, start=sign.start, end=sign.end)
        return GuardReason(kind=sign.kind, start=self.offsets[sign.start], end=self.offsets[sign.end - 1] + 1)


_WIDTHLESS = r"\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
_WIDTHLESS += r"\u20e3\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_UNSEEN = re.compile(f"[{_WIDTHLESS}]")
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_ODD = re.compile(
    rf"[{_SPACES}\u2010-\u2015\u2018\u2019\u02bc\u2212\u2024\ufe52\ufe58\ufe63\uff01-\uff5e\u2460-\u2468\u00b2\u00b3\u00b9"
    r"\u2070-\u2079\u2080-\u2089]|(?![0-9])\d"
)
_PLAIN = {
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc", "'"),
    **dict.fromkeys("\u2024\ufe52", "."),
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
}

_LINK = re.compile(
    r"https?://\S+|(?<![\w.@-])www\.\S+|(?<![\w.-])10\.\d{4,9}/\S+"
    r"|(?<![\w.@-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,12}/\S*",
    re.IGNORECASE,
)
_RUN = re.compile(r"[0-9](?:[ .()/-]{0,3}[0-9])*")
_BOOK = re.compile(r"isbn(?:-?1[03])?:?\s?(?:\d[ -]?){9,12}[\dx](?!\d)", re.IGNORECASE)


def normalize(text: str) -> NormalizedText:
    """Normalize a text. Plain ASCII costs next to nothing."""
    offsets = None
    if not text.isascii():
        if _UNSEEN.search(text):
            offsets = [place for place, character in enumerate(text) if not _UNSEEN.match(character)]
            text = _UNSEEN.sub("", text)
        text = _ODD.sub(_plain, text)
    if "/" in text or "www." in text:
        text = _LINK.sub(_blank, text)
    lowercase = _lower(text)
    if "isbn" in lowercase:
        text, lowercase = _BOOK.sub(_blank, text), _BOOK.sub(_blank, lowercase)
    return NormalizedText(text, lowercase, _longest_run(text), offsets)


def without_overlaps(signs: list[Sign]) -> Iterator[Sign]:
    """Signs in text order, without those that overlap an earlier one. Of two at one place the first stays."""
    end = 0
    for sign in sorted(signs, key=lambda one: one.start):
        if sign.start >= end:
            yield sign
            end = sign.end


def _longest_run(text: str) -> int:
    return max(
        (sum(map(str.isdigit, digit_run)) if len(digit_run) > 1 else 1 for digit_run in _RUN.findall(text)), default=0
    )


def _lower(text: str) -> str:
    """The text in lower case, of the same length: capitals with two small letters stay as they are."""
    lowercase = text.lower()
    return (
        lowercase
        if len(lowercase) == len(text)
        else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    )


def _plain(odd: re.Match[str]) -> str:
    character = odd[0]
    return _PLAIN.get(character) or str(unicodedata.digit(character, " "))


def _blank(link: re.Match[str]) -> str:
    return " " * len(link[0])
