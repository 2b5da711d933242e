"""What a message as a whole is worth as a story, reckoned quickly: the same as by `words` and `features`. Pure.

Most messages are ordinary, so nothing is made that only a held one needs, and what was seen before is looked up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import chain, combinations, repeat

from bot.moderation.guard.first_look import FirstLook
from bot.moderation.guard.normalized_text import NormalizedText
from bot.moderation.guard.story_phrases import ANY_PHRASE, TURNS, phrases_in
from bot.moderation.guard.story_words import BEFORE_PLACES, ENDS, WORD, Feature, full_names, read_as

_TOKEN = re.compile(re.sub(r"\?P<\w+>", "?:", WORD.pattern))
_TO_BE_JOINED = re.compile(r"\b[A-Z]\.$")
"""An initial at the end of a piece: the next piece may begin with the other one."""

_SIDE_BY_SIDE, _ANYWHERE = 2, "&"
_MOST_KNOWN, _LONGEST_KNOWN = 20_000, 24
"""Pieces between spaces that are remembered, and their longest: nobody's message can be put together from them."""

Table = dict[str, tuple[str, ...]]
"""What is read for a piece. One is for pieces inside a sentence; one for those that begin one, where that differs."""

_PHRASE = FirstLook(small=(ANY_PHRASE,), cut=True)


class _Pairs:
    """The worth of pairs, in hundredths."""

    def __init__(self) -> None:
        self.worth: dict[tuple[str, ...], int] = {}
        self._known: frozenset[tuple[str, ...]] = frozenset()

    def close(self) -> None:
        """No pair is added from now on."""
        self._known = frozenset(self.worth)

    def among(self, pairs: set[tuple[str, str]]) -> int:
        """What these pairs are worth, each once."""
        return sum(map(self.worth.__getitem__, pairs & self._known))


class Scales:
    """The weights, in hundredths, each kind of feature in a table of its own."""

    def __init__(self, weights: Mapping[Feature, float]) -> None:
        self._alone: dict[str, int] = {}
        self._beside, self._near = _Pairs(), _Pairs()
        self._anywhere: dict[tuple[str, ...], int] = {}
        for one, weight in weights.items():
            hundredths = round(weight * 100)
            if isinstance(one, str):
                self._alone[one] = hundredths
            elif len(one) == _SIDE_BY_SIDE:
                self._beside.worth[one] = hundredths
            elif one[0] == _ANYWHERE:
                self._anywhere[one[1:]] = hundredths
            else:
                self._near.worth[one[0], one[2]] = hundredths
        self._beside.close()
        self._near.close()
        self._weighty = frozenset(read for pair in self._anywhere for read in pair)
        self._either_way = self._anywhere | {pair[::-1]: worth for pair, worth in self._anywhere.items()}
        self._turns, self._with_turns = self._most_of_turns()
        single = self._alone.keys() | self._with_turns.keys()
        self._before = self._alone["^"] + self._turns
        self._most_alone = {read: self._alone.get(read, 0) + self._with_turns.get(read, 0) for read in single}
        self._gains_beside, self._gains_near = _gains(self._beside.worth), _gains(self._near.worth)
        self._known: tuple[Table, Table] = {}, {}

    def reads(self, text: str) -> list[str]:
        """What is read for each word of a text; see `words`."""
        if text.isupper():
            return self._shouted(text)
        pieces = text.split(" ")
        inside, opening = self._known
        try:
            each = [*map(inside.__getitem__, pieces)]
        except KeyError:
            if len(inside) > _MOST_KNOWN:  # in new tables, because another thread may be reading in these
                self._known = inside, opening = {}, {}
            each = self._learn(pieces, inside, opening)
        if not each:
            found = self._in_one(text)
        else:
            first = opening.get(pieces[0], each[0])
            found = [*first, *chain.from_iterable(each[1:])]
            if "NAME" in found and not (first and ENDS.isdisjoint(found)):
                found = _by_sentences(pieces, each, opening)
        if "NAME" not in found:
            return found
        place = -1
        for _ in range(found.count("NAME")):
            place = found.index("NAME", place + 1)
            if place and found[place - 1] in BEFORE_PLACES:
                found[place] = "PLACE"
        return found

    def reach(self, enough: float, reads: list[str], normalized: NormalizedText) -> bool:
        """Whether a message with these words is worth more than `enough` hundredths.

        The cheapest comes first. Most messages are worth far less, and two of three others have no turn of phrase.
        """
        most = self.roughly_at_most(reads)
        if most <= enough:
            return False
        if not may_say(normalized):
            return most - self._turns > enough and self.hundredths(reads, set()) > enough
        return self.at_most(reads) > enough and self.hundredths(reads, said_in(normalized)) > enough

    def roughly_at_most(self, reads: list[str]) -> int:
        """What a message with these words is worth at most, whatever turns of phrase it has: never less than `at_most`.

        Words and turns that are beside and near each other count where they speak for a story, each time they are.
        """
        alone = {*reads}
        if "NAME" in alone or "WHOSE" in alone:
            alone |= full_names(reads)
        none, near = repeat(0), self._gains_near.get
        return (
            self._before
            + sum(map(self._most_alone.get, alone, none))
            + sum(map(self._either_way.get, combinations(self._weighty & alone, 2), none))
            + sum(map(self._gains_beside.get, zip(["^", *reads], [*reads, "$"], strict=True), none))
            + sum(map(near, zip(reads, reads[2:], strict=False), none))
            + sum(map(near, zip(reads, reads[3:], strict=False), none))
        )

    def at_most(self, reads: list[str]) -> int:
        """What a message with these words is worth at most, whatever turns of phrase it has."""
        alone = {*reads, *full_names(reads)}
        return self.hundredths(reads, set()) + self._turns + sum(map(self._with_turns.get, alone, repeat(0)))

    def hundredths(self, reads: list[str], said: set[str]) -> int:
        """What a message is worth; see `features`."""
        none = repeat(0)
        alone = {*reads, *said, *full_names(reads)}
        return (
            self._alone["^"]
            + sum(map(self._alone.get, alone, none))
            + self._beside.among({*zip(["^", *reads], [*reads, "$"], strict=True)})
            + self._near.among({*zip(reads, reads[2:], strict=False), *zip(reads, reads[3:], strict=False)})
            + sum(map(self._either_way.get, combinations(self._weighty & alone, 2), none))
        )

    def _most_of_turns(self) -> tuple[int, dict[str, int]]:
        """What all turns of phrase are worth at most by themselves, and beside each word."""
        alone = sum(max(0, self._alone.get(turn, 0)) for turn in TURNS)
        beside: Counter[str] = Counter()
        for pair, worth in self._anywhere.items():
            others = [read for read in pair if read not in TURNS]
            if worth > 0 and len(others) < len(pair):
                beside[others[0] if others else ""] += worth
        return alone + beside.pop("", 0), dict(beside)

    def _learn(self, pieces: list[str], inside: Table, opening: Table) -> list[tuple[str, ...]]:
        """What is read for each piece inside a sentence; none if one is too long, or to be read with the next one."""
        for piece in pieces:
            if piece in inside:
                continue
            if len(piece) > _LONGEST_KNOWN or _TO_BE_JOINED.search(piece):
                return []
            tokens = _TOKEN.findall(piece)
            read = tuple(self._read_all(tokens, opens=False))
            if read[:1] == ("NAME",):
                opening[piece] = (*self._read_all(tokens[:1], opens=True), *read[1:])
            inside[piece] = read
        return [inside[piece] for piece in pieces]

    def _in_one(self, text: str) -> list[str]:
        """What is read for each word of a text with initials, but for places."""
        return self._read_all(_TOKEN.findall(text), opens=True)

    def _shouted(self, text: str) -> list[str]:
        """What is read for each word of a text in capitals: no name, and so no place that follows from one."""
        return self._read_all(_TOKEN.findall(text), opens=True, shouted=True)

    def _read_all(self, tokens: list[str], *, opens: bool, shouted: bool = False) -> list[str]:
        found: list[str] = []
        for token in tokens:
            found.append(read_as(token, _kind(token), opens, shouted, self._alone))
            opens = found[-1] in ENDS
        return found


def _by_sentences(pieces: list[str], each: list[tuple[str, ...]], opening: Table) -> list[str]:
    """What is read for each word, but for places, where more pieces than the first may begin a sentence."""
    found: list[str] = []
    opens = True
    for piece, read in zip(pieces, each, strict=True):
        found += opening.get(piece, read) if opens else read
        if read:
            opens = read[-1] in ENDS
    return found


def _gains(pairs: Mapping[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
    """The pairs that speak for a story."""
    return {pair: worth for pair, worth in pairs.items() if worth > 0}


def _kind(token: str) -> str:
    """The group of `WORD` by which a word was found."""
    if token[0].isalpha():
        return "initials" if token[1:2] == "." else "word"
    return "tag" if token[0] in "@#" else "number" if token[0].isdigit() else "stop"


def may_say(normalized: NormalizedText) -> bool:
    """Whether a text may have a turn of phrase."""
    return normalized.plain is None or bool(_PHRASE.may_find(normalized.plain))


def said_in(normalized: NormalizedText) -> set[str]:
    """The names of the turns of phrase in a text, up to its last word."""
    if not may_say(normalized):
        return set()
    last = _TOKEN.findall(normalized.text)[-1]
    return phrases_in(normalized.lowercase, 0, normalized.text.rindex(last) + len(last))
