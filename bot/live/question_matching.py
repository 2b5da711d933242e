"""Finds the questions of an edited chat file among those known already: by their ids, else by what they say. Pure.

Where a question stands decides nothing, but helps to recognise one that was reworded where it stood.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import product

import regex
from rapidfuzz import fuzz

from bot.messages import Value

SIMILAR_IN_PLACE, SIMILAR_ELSEWHERE = 70.0, 85.0
"""How similar (0 to 100) two texts of one question are at least: between the same neighbours as before, or elsewhere.

The questions of two real chats resemble each other by at most 51; a typo or a few other words leave 80 and more, half a
rewritten sentence 70. Questions made from one pattern ("What are the risks of online groups?" and "… benefits …")
reach 88, so a question that was exchanged for its like, where it stood, counts as reworded: better that it is not asked
than that one is asked twice.
"""

_SIGNS = regex.compile(r"[^\w]+")


class Wording(Value, frozen=True, kw_only=True):
    """A question with its own id, if it has one, and the texts that it had so far."""

    texts: tuple[str, ...]
    id: str = ""


def match_questions(known: Sequence[Wording], written: Sequence[Wording]) -> dict[int, int]:
    """The index of the known question that each written one is; new questions are missing.

    Both are in the order of their files. The same id wins, then the same text, then the most similar pairs. Two ids
    that differ are two questions, whatever they say.
    """
    found = _by_id(known, written)
    _add_same_texts(found, known, written)
    _add_similar(found, known, written)
    return found


def same_texts(text: str) -> str:
    """A text without case, punctuation and white space, as two texts are compared."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _SIGNS.sub(" ", plain).strip() or plain.strip()


def similarity(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 100, without case, punctuation and white space."""
    return fuzz.ratio(same_texts(one), same_texts(other))


def _by_id(known: Sequence[Wording], written: Sequence[Wording]) -> dict[int, int]:
    index = {one.id: number for number, one in enumerate(known) if one.id}
    return {number: index[one.id] for number, one in enumerate(written) if one.id in index}


def _add_same_texts(found: dict[int, int], known: Sequence[Wording], written: Sequence[Wording]) -> None:
    waiting: dict[str, list[int]] = {}
    for number, one in enumerate(known):
        if number not in found.values():
            for text in dict.fromkeys(map(same_texts, one.texts)):
                waiting.setdefault(text, []).append(number)
    for number, one in enumerate(written):
        if number in found:
            continue
        taken = set(found.values())
        same = (index for text in one.texts for index in waiting.get(same_texts(text), ()) if index not in taken)
        if (index := next((each for each in same if _may_be_one(known[each], one)), None)) is not None:
            found[number] = index


def _add_similar(found: dict[int, int], known: Sequence[Wording], written: Sequence[Wording]) -> None:
    old, new = _neighbours(len(known), set(found.values())), _neighbours(len(written), set(found))
    ends = {-1: -1, len(written): len(known)}
    pairs = [
        (ratio, -abs(index - number), index, number)
        for index, number in product(old, new)
        if _may_be_one(known[index], written[number])
        if (ratio := _similarity(known[index], written[number]))
        >= (SIMILAR_IN_PLACE if old[index] == _as_known(new[number], found, ends) else SIMILAR_ELSEWHERE)
    ]
    for _, _, index, number in sorted(pairs, reverse=True):
        if number not in found and index not in found.values():
            found[number] = index


def _may_be_one(known: Wording, written: Wording) -> bool:
    return not (known.id and written.id and known.id != written.id)


def _similarity(known: Wording, written: Wording) -> float:
    pairs = product(known.texts, written.texts)
    return max((similarity(one, other) for one, other in pairs), default=0.0)


def _neighbours(count: int, matched: set[int]) -> Mapping[int, tuple[int, int]]:
    """For each unmatched index, the nearest matched ones before and after it; -1 and `count` are the ends."""
    before = [-1]
    for index in range(count):
        before.append(index if index in matched else before[-1])
    after = [count]
    for index in reversed(range(count)):
        after.append(index if index in matched else after[-1])
    after.reverse()
    return {index: (before[index], after[index + 1]) for index in range(count) if index not in matched}


def _as_known(new: tuple[int, int], found: Mapping[int, int], ends: Mapping[int, int]) -> tuple[int, int]:
    """The neighbours of a written question, as indexes of the known questions that they are."""
    before, after = ({**found, **ends}[one] for one in new)
    return before, after
