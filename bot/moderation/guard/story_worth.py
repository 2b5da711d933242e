"""What a message as a whole is worth as a story, reckoned quickly: the same as by `words` and `features`. Pure.

Most messages are ordinary, so nothing is made that only a held one needs, and what was seen before is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations, repeat

from bot.moderation.guard.first_look import FirstLook, in_ascii
from bot.moderation.guard.story_phrases import ANY_PHRASE, phrases_in
from bot.moderation.guard.story_words import BEFORE_PLACES, ENDS, WORD, Feature, read_as

_TOKEN = re.compile(re.sub(r"\?P<\w+>", "?:", WORD.pattern))
_SIDE_BY_SIDE, _ANYWHERE = 2, "&"
_MOST_KNOWN = 20_000
"""Words that are remembered. They are words alone: nobody's message can be put together from them."""

_PHRASE = FirstLook(small=(ANY_PHRASE,))


class Scales:
    """The weights, in hundredths, each kind of feature in a table of its own."""

    def __init__(self, weights: Mapping[Feature, float]) -> None:
        self._alone: dict[str, int] = {}
        self._beside: dict[tuple[str, ...], int] = {}
        self._near: dict[tuple[str, ...], int] = {}
        self._anywhere: dict[tuple[str, ...], int] = {}
        for one, weight in weights.items():
            hundredths = round(weight * 100)
            if isinstance(one, str):
                self._alone[one] = hundredths
            elif len(one) == _SIDE_BY_SIDE:
                self._beside[one] = hundredths
            elif one[0] == _ANYWHERE:
                self._anywhere[one[1:]] = hundredths
            else:
                self._near[one[0], one[2]] = hundredths
        self._weighty = frozenset(read for pair in self._anywhere for read in pair)
        self._known: dict[str, str] = {}
        self._opening: dict[str, str] = {}

    def reads(self, text: str) -> tuple[list[str], list[str]]:
        """The words of a text as they stand, and what is read for each; see `words`."""
        tokens = _TOKEN.findall(text)
        if not tokens:
            return [], []
        if text.isupper():
            return tokens, self._shouted(tokens)
        found = self._look_up(tokens)
        found[0] = self._opened(tokens[0])
        if "." in found or ":" in found:
            for place in [place for place, read in enumerate(found[:-1], 1) if read in ENDS]:
                found[place] = self._opened(tokens[place])
        if "NAME" in found:
            for place, read in enumerate(found):
                if place and read == "NAME" and found[place - 1] in BEFORE_PLACES:
                    found[place] = "PLACE"
        return tokens, found

    def hundredths(self, reads: list[str], said: set[str]) -> int:
        """What a message is worth; see `features`."""
        none = repeat(0)
        weighty = sorted(self._weighty.intersection((*reads, *said)))
        near = {*zip(reads, reads[2:], strict=False), *zip(reads, reads[3:], strict=False)}
        return (
            self._alone["^"]
            + sum(map(self._alone.get, {*reads, *said}, none))
            + sum(map(self._beside.get, {*zip(["^", *reads], [*reads, "$"], strict=True)}, none))
            + sum(map(self._near.get, near, none))
            + sum(map(self._anywhere.get, combinations(weighty, 2), none))
        )

    def _look_up(self, tokens: list[str]) -> list[str]:
        """What is read for each word in the middle of a sentence."""
        try:
            return list(map(self._known.__getitem__, tokens))
        except KeyError:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known |= {token: self._read(token) for token in tokens if token not in self._known}
            return [self._known[token] for token in tokens]

    def _opened(self, token: str) -> str:
        """What is read for a word at the beginning of a sentence."""
        read = self._opening.get(token)
        if read is None:
            if len(self._opening) > _MOST_KNOWN:
                self._opening.clear()
            read = self._opening[token] = self._read(token, opens=True)
        return read

    def _shouted(self, tokens: list[str]) -> list[str]:
        """What is read for each word of a text in capitals: no name, and so no place that follows from one."""
        found: list[str] = []
        for token in tokens:
            found.append(self._read(token, opens=not found or found[-1] in ENDS, shouted=True))
        return found

    def _read(self, token: str, *, opens: bool = False, shouted: bool = False) -> str:
        return read_as(token, _kind(token), opens, shouted, self._alone)


def _kind(token: str) -> str:
    """The group of `WORD` by which a word was found."""
    if token[0].isalpha():
        return "initials" if token[1:2] == "." else "word"
    return "tag" if token[0] in "@#" else "number" if token[0].isdigit() else "stop"


def said_in(tokens: list[str], text: str, lowercase: str) -> set[str]:
    """The names of the turns of phrase in a text with these words."""
    plain = in_ascii(lowercase)
    if plain is not None and not _PHRASE.may_find(plain):
        return set()
    return phrases_in(lowercase, 0, text.rindex(tokens[-1]) + len(tokens[-1]))
