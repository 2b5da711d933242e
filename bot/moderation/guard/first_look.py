"""First looks: RE2 tells in about a microsecond whether a rule could find anything in a text. Pure.

Each rule names the patterns without which it finds nothing. They are translated for RE2, which looks for all of them at
once and never goes back. It knows less than Python's patterns, so the translation is coarser: a match may be a false
alarm, but a miss is certain. After a match the rule itself decides. Each rule has its own look: one for all would have
too many states.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple, TypeVar

from bot.moderation.guard.coarser_patterns import coarser, which_of
from bot.moderation.guard.normalized_text import NormalizedText, Sign

Rule = Callable[[NormalizedText], Iterator[Sign]]
Each = TypeVar("Each")


class FirstLook:
    """Looks for any of some patterns: `patterns` in a text as it is, `small` where capitals don't matter.

    `cut` says that they are looked for in parts of a text.
    """

    def __init__(self, *patterns: re.Pattern[str], small: Iterable[re.Pattern[str]] = (), cut: bool = False) -> None:
        as_it_is = [coarser(one.pattern, one.flags, cut=cut) for one in patterns]
        in_small = [coarser(one.pattern, one.flags | re.IGNORECASE, cut=cut) for one in small]
        self._which = which_of([*as_it_is, *in_small])
        self.may_find: Callable[[bytes], object] = self._which
        """True if any of the patterns may be in a text, which is given as `in_ascii` has it."""

    def among(self, each: Sequence[Each], plain: bytes | None) -> Sequence[Each]:
        """Those, of one for each pattern, of which the pattern may be in a text; all where a look can't tell."""
        return each if plain is None else [each[number] for number in sorted(self._which(plain) or ())]


class Need(NamedTuple):
    """A pattern, for RE2, that a rule may find something with where at least so many digits stand together."""

    fewest: int
    pattern: str


NEEDS: dict[Rule, tuple[Need, ...]] = {}
"""For each rule that has some, the patterns without which it finds nothing."""


BESIDE: dict[Rule, Callable[[bytes], object]] = {}
"""For each rule that has some, what a text must have besides, somewhere."""


def found_by(
    *patterns: re.Pattern[str],
    small: Iterable[re.Pattern[str]] = (),
    digits: int = 0,
    short: tuple[int, Iterable[re.Pattern[str]]] = (0, ()),
    beside: Callable[[bytes], object] | None = None,
    cut: bool = False,
) -> Callable[[Rule], Rule]:
    """Say what a rule needs: one of its patterns, in the text or in the text in small letters, and digits together.

    With fewer digits than `short` has, only its patterns can be found. `beside` is needed as well, anywhere in the
    text. `cut` says that the rule looks for its patterns in parts of a text.
    """
    few, some = short[0], list(short[1])
    fewest = {one: digits if one in some else max(digits, few) for one in (*patterns, *some)}
    needs = [Need(least, coarser(one.pattern, one.flags, cut=cut)) for one, least in fewest.items()]
    needs += [Need(max(digits, few), coarser(one.pattern, one.flags | re.IGNORECASE, cut=cut)) for one in small]

    def note(rule: Rule) -> Rule:
        NEEDS[rule] = tuple(needs)
        if beside is not None:
            BESIDE[rule] = beside
        return rule

    return note


PARTS: dict[Rule, Callable[[NormalizedText], object]] = {}
"""For each rule that reads only a part that few texts have, what tells whether it is there."""


def found_in(part: str) -> Callable[[Rule], Rule]:
    """Say that a rule finds nothing where this field of the normalized text is empty."""

    def note(rule: Rule) -> Rule:
        PARTS[rule] = attrgetter(part)
        return rule

    return note


class FirstLooks:
    """First looks for several rules at once. A rule that says nothing about what it needs is always tried.

    The patterns of rules that are `together` are in one set, those of each other rule in a set of its own. A set makes
    its states as it meets new texts, up to the product of what its patterns can be in: few together are cheap for
    texts that nobody has seen, many for texts that were seen before.
    """

    def __init__(self, rules: Sequence[Rule], together: Iterable[Sequence[Rule]] = ()) -> None:
        self._rules = rules
        self._parts = [(PARTS[rule], number) for number, rule in enumerate(rules) if rule in PARTS]
        self._always = {number for number, rule in enumerate(rules) if rule not in NEEDS and rule not in PARTS}
        self._fewest = [
            (min(need.fewest for need in NEEDS[rule]), number) for number, rule in enumerate(rules) if rule in NEEDS
        ]
        self._beside = {number: BESIDE[rule] for number, rule in enumerate(rules) if rule in BESIDE}
        groups = {rule: place for place, some in enumerate(together) for rule in some}
        alike: dict[tuple[int, object], list[tuple[Need, int]]] = {}
        for number, rule in enumerate(rules):
            for need in NEEDS.get(rule, ()):
                band = next(place for place, (_, below) in enumerate(_BANDS) if need.fewest < below)
                alike.setdefault((band, groups.get(rule, rule)), []).append((need, number))
        self._sets = [_SharedSet.of(needs) for needs in alike.values()]
        self._bounds = {one.fewest for one in self._sets}

    def tried(self, texts: Sequence[NormalizedText]) -> list[tuple[Rule, list[int]]]:
        """The rules that may find anything in some texts, in their order, and in which texts by number.

        All texts are looked at for the same patterns one after another, because the processor still has these at hand;
        and several at once, because most have none of them, and to ask takes longer than to look.
        """
        found = [[number for has, number in self._parts if has(one)] for one in texts]
        looked_at: list[_LookedAt] = []
        for one, numbers in zip(texts, found, strict=True):
            if one.plain is not None:
                looked_at.append((one.plain, one.digit_run, numbers))
            else:
                numbers += [number for fewest, number in self._fewest if one.digit_run >= fewest]
        self._look_at(looked_at)
        for plain, _, numbers in looked_at:
            if numbers:
                numbers[:] = [each for each in {*numbers} if each not in self._beside or self._beside[each](plain)]
        wanted: list[list[int]] = [[] for _ in self._rules]
        for place, numbers in enumerate(found):
            for number in {*numbers, *self._always}:
                wanted[number].append(place)
        return [(rule, places) for rule, places in zip(self._rules, wanted, strict=True) if places]

    def _look_at(self, texts: Sequence[_LookedAt]) -> None:
        """Note the rules of which a pattern is found."""
        if len(texts) < _AT_ONCE:
            for one in self._sets:
                one.look_at(texts)
            return
        several = {fewest: _joined([one for one in texts if one[1] >= fewest]) for fewest in self._bounds}
        for one in self._sets:
            for joined, some in several[one.fewest]:
                if one.match(joined):
                    one.look_at(some)


_LookedAt = tuple[bytes, int, list[int]]
"""A text, the digits that stand together in it, and the numbers of the rules to be tried."""

_AT_ONCE, _BETWEEN = 8, b"\0\n\0"
"""Texts that are looked at together, and what stands between them. No pattern forbids a NUL beside a match, so what is
in one of them alone is found in all; and few go on over the end of a line."""


def _joined(texts: list[_LookedAt]) -> list[tuple[bytes, list[_LookedAt]]]:
    groups = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
    return [(_BETWEEN.join([plain for plain, _, _ in some]), some) for some in groups]


_BANDS = ((0, 1), (1, 2), (2, 4), (4, 99))
"""Digits together, from and below: patterns that need about as many are looked for together."""


class _SharedSet(NamedTuple):
    """Patterns in one set, and by the index of each the digits that are needed, at least so many, and the rule."""

    fewest: int
    match: Callable[[bytes], list[int] | None]
    needs: list[tuple[int, int]]

    def look_at(self, texts: Sequence[_LookedAt]) -> None:
        """Note the rules of which a pattern is found in each of some texts."""
        fewest, match, needs = self
        for plain, run, numbers in texts:
            if run >= fewest and (indices := match(plain)):
                numbers += [needs[index][1] for index in indices if run >= needs[index][0]]

    @classmethod
    def of(cls, needs: Sequence[tuple[Need, int]]) -> _SharedSet:
        match = which_of(need.pattern for need, _ in needs)
        return cls(min(need.fewest for need, _ in needs), match, [(need.fewest, number) for need, number in needs])
