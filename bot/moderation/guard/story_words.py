"""A text as words for weighing: each by its class, by itself where it is common, else by its shape. Pure.

A name, a town and a rare word aren't looked up anywhere: what they are worth follows from the words beside them.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from itertools import combinations, pairwise, product, repeat

import msgspec

from bot.moderation.guard.vocabulary import NOT_INITIALS, NOT_NAMES, NOT_PLACES
from bot.moderation.guard.word_classes import class_of

WORD = re.compile(
    r"(?P<initials>\b[A-Z]\.\s?[A-Z]\b\.?)|(?P<number>\d+)|(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*)"
    r"|(?P<stop>[.!?,;:()\n]+)"
    r"|(?P<tag>[@#]\w+)"
)
_LONGEST_NUMBER, _OLDEST = 3, 115
_AUTHORS = frozenset({"my", "our", "i", "we", "."})
BEFORE_PLACES = frozenset({"in", "at", "from", "near", "outside", "round", "past", "PLACE"})
FULL_NAME = "FULLNAME"
_FULL_NAMES = frozenset(product(("NAME", "OPENER", "PLACE"), ("NAME", "WHOSE")))
ENDS = frozenset({".", ":"})
_ENDINGS = ("ing", "ed", "ly", "s")


Feature = str | tuple[str, ...]
_ANYWHERE = ("&",)
_SIDE_BY_SIDE, _NEAR, _BOTH = 0.7, 0.5, 0.4


class Word(msgspec.Struct, frozen=True, gc=False):
    """What is read for a word at `text[start:end]`: a class in capitals, a common word, or `rare`."""

    read: str
    start: int
    end: int


def words(text: str, common: Container[Feature]) -> list[Word]:
    """The words of a text. Those that are neither in a class nor `common` are read by their shape."""
    found = []
    opens, places, shouted = True, False, text.isupper()
    for one in WORD.finditer(text):
        read = read_as(one[0], str(one.lastgroup), opens, shouted, common)
        if places and read == "NAME":
            read = "PLACE"
        found.append(Word(read, one.start(), one.end()))
        opens = read in ENDS
        places = read in BEFORE_PLACES
    return found


def full_names(reads: list[str]) -> set[str]:
    """A turn of phrase of its own: two names that stand side by side."""
    return set() if _FULL_NAMES.isdisjoint(pairwise(reads)) else {FULL_NAME}


def features(reads: list[str], said: set[str]) -> set[Feature]:
    """What is weighed, each once: words, turns of phrase that are `said`, and pairs of them."""
    said = said | full_names(reads)
    weighty = {read for read in reads if read.isupper() or read in _AUTHORS}
    return {
        *reads,
        *said,
        *zip(["^", *reads], [*reads, "$"], strict=True),
        *zip(reads, repeat("~"), reads[2:], strict=False),
        *zip(reads, repeat("~"), reads[3:], strict=False),
        *map(_ANYWHERE.__add__, combinations(sorted(weighty | said), 2)),
    }


def read_as(written: str, kind: str, opens: bool, plain: bool, common: Container[Feature]) -> str:  # noqa: FBT001
    """What is read for a word. `kind` is its group in `WORD`; `opens` says that it begins a sentence."""
    word, otherwise = _look(written, kind, opens, plain)
    return word if word and word in common else otherwise


def weight_of(feature: Feature) -> float:
    """How much a feature counts before it is weighed, beside 1 for a word: pairs count less."""
    if isinstance(feature, str):
        return 1.0
    return _SIDE_BY_SIDE if len(feature) == len(("a", "b")) else _BOTH if feature[0] == "&" else _NEAR


def written(feature: Feature) -> str:
    """A feature as a line of `weights.tsv` has it: "a", "a b" side by side, "a ~ b" near, "a & b" anywhere."""
    if isinstance(feature, str):
        return feature
    return " ".join(feature if feature[0] != "&" else (feature[1], "&", feature[2]))


def feature(line: str) -> Feature:
    """The feature that is written so."""
    parts = tuple(line.split(" "))
    if len(parts) == 1:
        return line
    return parts if parts[1] != "&" else ("&", parts[0], parts[2])


@lru_cache(maxsize=8192)
def _look(written: str, kind: str, opens: bool, plain: bool) -> tuple[str, str]:  # noqa: FBT001 -- keywords cost
    """What a word is read as where it is common, if it may be, and where it isn't. People use the same words."""
    if kind != "word":
        return "", _mark(written, kind)
    small = written.lower()
    known = class_of(small)
    if known:
        return "", known
    shape = "" if plain or written[0].islower() else _shape(written, opens=opens)
    common = small if shape in {"", "OPENER"} else ""
    if small.endswith("'s"):
        return common, "WHOSE"
    if not shape and small.endswith(_ENDINGS):
        shape = next(f"rare-{ending}" for ending in _ENDINGS if small.endswith(ending))
    return common, shape or "rare"


def _mark(written: str, kind: str) -> str:
    """What is read for initials, a number, a stop or a tag."""
    if kind == "number":
        return "AGE" if len(written) <= _LONGEST_NUMBER and 1 < int(written) < _OLDEST else "number"
    if kind == "stop":
        return "." if any(mark in written for mark in ".!?\n") else written[0]
    return "INITIALS" if kind == "initials" else written[0]


def _shape(written: str, *, opens: bool) -> str:
    """What a capital makes of a word: NAME, OPENER at the beginning of a sentence, INITIALS; empty for nothing."""
    plain = written.removesuffix("'s")
    if plain in NOT_NAMES or plain in NOT_PLACES:
        return ""
    if written.isupper():
        return "INITIALS" if len(written) == len("JB") and written not in NOT_INITIALS else ""
    if len(plain) < len("Bob") or not written[0].isupper():
        return ""
    return "NAME" if not opens else "OPENER" if plain == written else "WHOSE"
