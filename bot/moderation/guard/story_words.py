"""A text as words for weighing: each by its class, by itself where it is common, else by its shape. Pure.

A name, a town and a rare word aren't looked up anywhere: what they are worth follows from the words beside them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from bot.moderation.guard.vocabulary import NOT_INITIALS, NOT_NAMES, NOT_PLACES
from bot.moderation.guard.word_classes import class_of

_WORD = re.compile(
    r"(?P<initials>\b[A-Z]\.\s?[A-Z]\b\.?)|(?P<number>\d+)|(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*)|(?P<stop>[.!?,;:()\n]+)"
    r"|(?P<tag>[@#]\w+)"
)
_LONGEST_NUMBER, _OLDEST = 3, 115
_AUTHORS = frozenset({"my", "our", "i", "we", "."})
PAIR, NEAR, BOTH = 0.7, 0.5, 0.4
"""What two words side by side count, two that stand near, and two classes anywhere, beside 1 for a word."""


class Word(NamedTuple):
    """What is read for a word at `text[start:end]`: a class in capitals, a common word, or `rare`."""

    read: str
    start: int
    end: int


def words(text: str, common: Container[str]) -> list[Word]:
    """The words of a text. Those that are neither in a class nor `common` are read by their shape."""
    found = []
    opens, shouted = True, text.isupper()
    for one in _WORD.finditer(text):
        read = _read(one, common, opens=opens, plain=shouted)
        found.append(Word(read, *one.span()))
        opens = read in {".", ":"}
    return found


def features(reads: list[str]) -> Iterator[tuple[str, float]]:
    """What is weighed: each word, and pairs of them; some come twice."""
    for read in reads:
        yield read, 1.0
    for one, other in zip(["^", *reads], [*reads, "$"], strict=True):
        yield f"{one} {other}", PAIR
    for apart in (2, 3):
        for one, other in zip(reads, reads[apart:], strict=False):
            yield f"{one} ~ {other}", NEAR
    for one, other in combinations(sorted({read for read in reads if read.isupper() or read in _AUTHORS}), 2):
        yield f"{one} & {other}", BOTH


def _read(one: re.Match[str], common: Container[str], *, opens: bool, plain: bool) -> str:
    written, kind = one[0], one.lastgroup
    if kind != "word":
        return _mark(written, str(kind))
    small = written.lower()
    known = _class_of(small)
    if known:
        return known
    shape = "" if plain or written[0].islower() else _shape(written, opens=opens)
    return small if shape in {"", "OPENER"} and small in common else shape or "rare"


def _mark(written: str, kind: str) -> str:
    """What is read for initials, a number, a stop or a tag."""
    if kind == "number":
        return "AGE" if len(written) <= _LONGEST_NUMBER and 1 < int(written) < _OLDEST else "number"
    if kind == "stop":
        return "." if any(mark in written for mark in ".!?\n") else written[0]
    return "INITIALS" if kind == "initials" else written[0]


_class_of = lru_cache(maxsize=4096)(class_of)


def _shape(written: str, *, opens: bool) -> str:
    """What a capital makes of a word: NAME, OPENER at the beginning of a sentence, INITIALS; empty for nothing."""
    plain = written.removesuffix("'s")
    if plain in NOT_NAMES or plain in NOT_PLACES:
        return ""
    if written.isupper():
        return "INITIALS" if len(written) == len("JB") and written not in NOT_INITIALS else ""
    if len(plain) < len("Bob") or not written[0].isupper():
        return ""
    return "OPENER" if opens else "NAME"
