"""A text normalized for the guard's rules, with the way back to the characters as they were given. Pure.

People hide numbers from machines, mostly without meaning to: digits of another script or in words, a letter O for a
zero, a no-break space, a zero-width character. Normalizing undoes that. Links are set aside, and ISBNs and ORCIDs
blanked, because their digits are seldom a patient's. Nothing here decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec

from bot.messages import Value
from bot.moderation.guard.coarser_patterns import ELLIPSIS, coarser, in_ascii, which_of
from bot.moderation.guard.number_words import LOOKS, Figures, figures

Kind = Literal[
    "nhs_number",
    "chi_number",
    "hsc_number",
    "ihi",
    "ppsn",
    "ssn",
    "mbi",
    "medicare",
    "nhi",
    "health_card",
    "social_number",
    "national_insurance",
    "upn",
    "hospital_number",
    "case_number",
    "phone",
    "email",
    "link",
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


class Link(NamedTuple):
    """A link as it was written, and where it began in the normalized text."""

    start: int
    written: str


_MANY = 7
"""Words of the shortest number that counts as dictated."""

Span = tuple[int, int]


class NormalizedText(msgspec.Struct, frozen=True, gc=False):
    """A text as the rules read it.

    `text` has its links blanked and its digits plain; `lowercase` is the same in lower case, character for character,
    and `plain` the same for first looks, as `in_ascii` has it. `digit_run` is the most digits that stand together, gaps
    as in a number allowed; 0 without digits. `spans` holds where each character came from in the text as given, if that
    differs. `dictated` are long numbers that were in words.
    """

    text: str
    lowercase: str
    plain: bytes | None
    digit_run: int
    links: tuple[Link, ...]
    spans: list[Span] | None
    dictated: tuple[Span, ...] = ()

    def reason(self, sign: Sign) -> GuardReason:
        """The sign with offsets in the text as it was given."""
        if self.spans is None:
            return GuardReason(kind=sign.kind, start=sign.start, end=sign.end)
        return GuardReason(kind=sign.kind, start=self.spans[sign.start][0], end=self.spans[sign.end - 1][1])


_WIDTHLESS = r"\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
_WIDTHLESS += r"\u20e3\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_UNSEEN = re.compile(f"[{_WIDTHLESS}]")
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_ODD_MARKS = (
    rf"[{_SPACES}\u2010-\u2015\u2018\u2019\u02bc\u2212\u2024\ufe52\ufe58\ufe63\uff01-\uff5e\u2460-\u2468\u00b2\u00b3\u00b9"
    r"\u2070-\u2079\u2080-\u2089]"
)
_OTHER_DIGITS = r"[^\D0-9]"
_ODD = re.compile(f"{_ODD_MARKS}|{_OTHER_DIGITS}")
"""Characters that are written plainly."""

_PLAIN = {
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc", "'"),
    **dict.fromkeys("\u2024\ufe52", "."),
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
}

_LINK = re.compile(
    r"(?:https?|file)://\S+|(?<![\w.@-])www\.\S+|(?<![\w.-])10\.\d{4,9}/\S+"
    r"|(?<![\w.@-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,12}/\S*",
    re.IGNORECASE,
)
_MAY_BE_LINK = re.compile(r"://|www\.|\.[a-z0-9]{2,12}/", re.IGNORECASE)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_RUN = re.compile(r"[0-9](?:[^\w\n]{0,3}[0-9]|[_\n][0-9])*")
_BOOK = re.compile(
    r"isbn(?:-?1[03])?\W{0,3}(?:is\W)?(?:\d[ -]?){9,12}[\dx](?!\d)|orcid\W{0,3}(?:id\W{0,2})?(?:\d{4}-?){3}\d{3}[\dx]",
    re.IGNORECASE,
)
_LOOK_ALIKES = re.compile(
    r"(?<![A-Za-z0-9])(?=(?:[ .-]?[OoIlSB]?[ .-]?\d){6})[\dOoIlSB](?:[ .-]?[\dOoIlSB]){8,}(?![A-Za-z0-9])"
)
_ZEROS = re.compile(
    r"(?<![A-Za-z0-9])(?=[Oo. -]{0,40}\d)(?=[\d. -]{0,40}[Oo])[\dOo](?:[. -]?[\dOo]){6,}(?![A-Za-z0-9])"
)


def _disguised(length: int, letters: str) -> str:
    """A pattern for so many digits and letters in a row, with a digit beside a letter somewhere among them."""
    gap, others = "[ .-]?", length - len("1O")
    one, both = f"[0-9{letters}]", f"(?:[0-9]{gap}[{letters}]|[{letters}]{gap}[0-9])"
    return "|".join(
        f"(?:{one}{gap}){{{before}}}{both}(?:{gap}{one}){{{others - before}}}" for before in range(others + 1)
    )


_MAY_BE_FIGURES = re.compile(f"{_disguised(7, 'Oo')}|{_disguised(9, 'OoIlSB')}")
"""What both patterns change something in."""

_DIGITS = str.maketrans("OoIlSB", "001158")

_look = which_of([*LOOKS, coarser(_MAY_BE_FIGURES.pattern)])
"""A first look for numbers in words and in disguise."""
_ALL = range(len(LOOKS) + 1)
_OF_FIGURES = _ALL[-1]


def normalize(text: str) -> NormalizedText:
    """Normalize a text. Plain ASCII without numbers in words costs next to nothing."""
    spans: list[Span] | None = None
    dictated: tuple[Span, ...] = ()
    if not text.isascii() and not text.replace(ELLIPSIS, "").isascii():
        beyond = "".join({*_BEYOND_ASCII.findall(text)})
        if _UNSEEN.search(beyond):
            spans = [(place, place + 1) for place, one in enumerate(text) if not _UNSEEN.match(one)]
            text = _UNSEEN.sub("", text)
        if _ODD.search(beyond):
            text = _ODD.sub(_plain, text)
    plain = in_ascii(text)
    may_be = _ALL if plain is None else _look(plain)
    runs = _RUN.findall(text)
    as_given = text
    if may_be:
        if runs and _OF_FIGURES in may_be:
            text = _LOOK_ALIKES.sub(_figures, _ZEROS.sub(_zeros, text))
        if words := figures(_lower(text), may_be if text is as_given else _ALL):
            spans = spans or [(place, place + 1) for place in range(len(text))]
            text, spans, dictated = _in_figures(text, spans, words)
    links: tuple[Link, ...] = ()
    if ("/" in text or "www." in text) and _MAY_BE_LINK.search(text):
        links = tuple(Link(found.start(), found[0]) for found in _LINK.finditer(text))
        text = _LINK.sub(_blank, text)
    lowercase = _lower(text)
    if "isbn" in lowercase or "orcid" in lowercase:
        text = _BOOK.sub(_blank, text)
        lowercase = _lower(text)
    if text is not as_given:
        plain, runs = in_ascii(text), _RUN.findall(text)
    return NormalizedText(text, lowercase, plain, _longest(runs) if runs else 0, links, spans, dictated)


def _longest(runs: list[str]) -> int:
    """The most digits in one of these."""
    longest = 0
    for run in runs:
        if len(run) > longest:
            longest = max(longest, len(run) if run.isdigit() else sum(map(str.isdigit, run)))
    return longest


def without_overlaps(signs: list[Sign]) -> Iterator[Sign]:
    """Signs in text order, without those that overlap an earlier one. Of two at one place the first stays."""
    end = 0
    for sign in sorted(signs, key=lambda one: one.start):
        if sign.start >= end:
            yield sign
            end = sign.end


def _in_figures(text: str, spans: list[Span], words: list[Figures]) -> tuple[str, list[Span], tuple[Span, ...]]:
    """The text with figures instead of words, where each character came from, and where long numbers stand."""
    dictated = []
    parts: list[str] = []
    places: list[Span] = []
    done = 0
    for run in words:
        parts.append(text[done : run.start])
        places += spans[done : run.start]
        for digits, start, end in run.pieces:
            parts.append(digits)
            places += [(spans[start][0], spans[end - 1][1])] * len(digits)
        done = run.end
        if len(run.pieces) >= _MANY:
            dictated.append((len(places) - sum(len(digits) for digits, _, _ in run.pieces), len(places)))
    return "".join([*parts, text[done:]]), places + spans[done:], tuple(dictated)


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


def _figures(run: re.Match[str]) -> str:
    return run[0].translate(_DIGITS)


def _zeros(run: re.Match[str]) -> str:
    return run[0].replace("O", "0").replace("o", "0")


def _blank(link: re.Match[str]) -> str:
    return " " * len(link[0])
