"""Numbers in words as figures: "oh seven double oh" is 0700, "a seventy-two year old" is 72. Pure.

Read are runs of words that give at least six digits, as people dictate a number; a year such as "nineteen fifty-one";
tens from twenty to ninety-nine; and a small number where it is an age, a ward, a bed or a house. Other words stay.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from bot.moderation.guard.coarser_patterns import coarser

_DIGIT_WORDS = """
zero one two three four five six seven eight nine
"""
_TEEN_WORDS = """
ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
_TEN_WORDS = """
twenty thirty forty fifty sixty seventy eighty ninety
"""
_UNITS = {
    **dict(zip(_DIGIT_WORDS.split(), "0123456789", strict=True)),
    **dict.fromkeys(("oh", "o", "nought", "naught", "nil"), "0"),
}
_TEENS = {word: str(number) for number, word in enumerate(_TEEN_WORDS.split(), 10)}
_TENS = dict(zip(_TEN_WORDS.split(), "23456789", strict=True))
_TIMES = {"double": 2, "treble": 3, "triple": 3}

_NATO = """
alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec
romeo sierra tango uniform victor whiskey whisky xray yankee zulu
"""
_LETTERS = {word: word[0] for word in _NATO.split()}

_WORDS = frozenset((*_UNITS, *_TEENS, *_TENS, *_TIMES, *_LETTERS, "hundred"))
_SHORT_OR_NUMBER = _WORDS | frozenset("abcdefghijklmnopqrstuvwxyz")
_LATIN = re.compile(r"[a-z]+")
_WORD = "|".join((*_UNITS, *_TEENS, *_TENS, *_TIMES, *_LETTERS, "hundred", "[a-z](?![a-z'])"))
_GAP = r"(?:[ ,.\n-]{1,3}(?:(?:then|and then|dash|hyphen|space|slash|dot)[ ,.-]{1,2})?)"
_RUN = re.compile(
    rf"(?<![\w'-])(?!d[. ]{{1,2}}o[. ]{{1,2}}b\b)(?:{_WORD}|\d{{1,6}})(?:{_GAP}(?:{_WORD}|\d{{1,6}}))+(?![\w'])"
)
_BETWEEN_WORDS = rf"(?:{_GAP}\d{{1,6}})*{_GAP}"
_LONG_ENOUGH = re.compile(rf"(?<!\w)(?:(?:{_WORD}){_BETWEEN_WORDS}){{2}}(?:{_WORD})(?!\w)|nineteen")
"""What a run needs that counts: three words, or the one with which a year begins."""
_TOKEN = re.compile(rf"(?<![a-z])(?:{_WORD})(?![a-z])|\d+")
_TWO = re.compile(
    rf"(?<![\w'-])(?P<tens>{'|'.join(_TENS)})(?:[ -](?P<unit>one|two|three|four|five|six|seven|eight|nine))?(?![\w'])"
)
_BELOW_TWENTY = "|".join((*_UNITS, *_TEENS))
_SMALL = re.compile(
    rf"(?<![\w'-])(?P<word>{_BELOW_TWENTY})(?=[ -](?:years?|yrs?|months?|mths?)[ -]?old\b|[ -]?y/?o\b)"
    rf"|(?:(?<=\b(?:ward|flat|aged|room|unit) )|(?<=\b(?:bed|bay|age) ))(?P<after>{_BELOW_TWENTY})(?![\w'-])"
)
_BESIDE_SMALL = ("old", "y/o", "age ", "aged ", "ward ", "flat ", "room ", "unit ", "bed ", "bay ")
_YEARS_OLD = re.compile(r"yo\b")

_FEWEST_DIGITS, _FEWEST_WORDS, _LONGEST_YEAR = 4, 3, 4


class Figures(NamedTuple):
    """Figures that stand for `lowercase[start:end]`; `pieces` are they, each with the words that it came from."""

    start: int
    end: int
    pieces: tuple[tuple[str, int, int], ...]


_OF_RUNS, _OF_TENS, _OF_SMALL = range(3)
LOOKS = tuple(coarser(one.pattern, re.IGNORECASE) for one in (_LONG_ENOUGH, _TWO, _SMALL))
"""Patterns for RE2 that tell whether `figures` may find anything."""


def figures(lowercase: str, may_be: Collection[int]) -> list[Figures]:
    """All numbers in words in a text in lower case, in its order, none overlapping.

    `may_be` says which of `LOOKS`, by number, are in it.
    """
    found = []
    if _OF_RUNS in may_be and _may_be_dictated(lowercase):
        found = [run for match in _RUN.finditer(lowercase) if (run := _dictated(match))]
    taken = [(run.start, run.end) for run in found]
    others = list(_TWO.finditer(lowercase)) if _OF_TENS in may_be else []
    if _OF_SMALL in may_be and _may_have_small(lowercase):
        others += _SMALL.finditer(lowercase)
    for match in others:
        if not any(start < match.end() and match.start() < end for start, end in taken):
            taken.append(match.span())
            found.append(Figures(*match.span(), ((_value(match), *match.span()),)))
    return sorted(found)


def _value(match: re.Match[str]) -> str:
    words = match.groupdict()
    if "tens" in words:
        return _TENS[words["tens"]] + _UNITS[words["unit"] or "zero"]
    word = next(filter(None, words.values()))
    return _UNITS.get(word) or _TEENS[word]


def _may_have_small(lowercase: str) -> bool:
    """Whether a text has a word beside which small numbers are read."""
    for word in _BESIDE_SMALL:
        if word in lowercase:
            return True
    return _YEARS_OLD.search(lowercase) is not None


def _may_be_dictated(lowercase: str) -> bool:
    """Whether a text has as many words as the shortest run, or the one with which a year begins."""
    words = _LATIN.findall(lowercase)
    return "nineteen" in words or sum(map(_SHORT_OR_NUMBER.__contains__, words)) >= _FEWEST_WORDS


def _dictated(run: re.Match[str]) -> Figures | None:
    """A run of words and digits as one number; None where it is too short to be one."""
    tokens = [(one[0], run.start() + one.start(), run.start() + one.end()) for one in _TOKEN.finditer(run[0])]
    words = sum(piece.isalpha() for piece, _, _ in tokens)
    pieces = tuple(_pieces(tokens))
    digits = "".join(piece for piece, _, _ in pieces)
    if tokens[0][0] == "nineteen" and len(digits) == _LONGEST_YEAR:
        return Figures(*run.span(), pieces)
    is_spoken = any(len(word) > 1 and word.isalpha() for word, _, _ in tokens)  # not one written, as "Z P W 0961"
    long = (
        is_spoken
        and words >= _FEWEST_WORDS
        and len(digits) >= _FEWEST_DIGITS
        and sum(map(str.isdigit, digits)) >= _FEWEST_WORDS
    )
    return Figures(*run.span(), pieces) if long else None


def _pieces(tokens: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    times = 1
    for place, (word, start, end) in enumerate(tokens):
        following = tokens[place + 1][0] if place + 1 < len(tokens) else ""
        if word in _TIMES:
            times = _TIMES[word]
            continue
        if word in _TENS:
            joined = following in _UNITS and following not in {"o", "oh", "zero"}
            digits = _TENS[word] + ("" if joined else "0")
        else:
            digits = "00" if word == "hundred" else _UNITS.get(word) or _TEENS.get(word) or _LETTERS.get(word, word)
        yield digits * times, start, end
        times = 1
