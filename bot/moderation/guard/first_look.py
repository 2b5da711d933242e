"""First looks: whether a text can have what a rule looks for, told by RE2 in about a microsecond. Pure.

Each rule names the patterns without which it finds nothing. They are translated for RE2, which looks for all of them
at once and never goes back. It knows less than Python's patterns, so the translation is coarser: what it doesn't find
isn't there, what it finds may not be there. Then the rule looks for itself. Rules have a look each: one for all of them
would have too many states.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import re2

from bot.moderation.guard.normalized_text import NormalizedText, Sign

Rule = Callable[[NormalizedText], Iterator[Sign]]

_CLASSES = {
    op.CATEGORY_DIGIT: "0-9",
    op.CATEGORY_SPACE: r"\s\v\x1c-\x1f",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_NOT_WORD: r"\W",
}
_STAND_INS = "Zz?"
"""What stands for capitals, for other letters, and for all else that isn't ASCII."""

_ASCII, _MOST_TIMES = 128, 12
_LETTER_BEYOND = re.compile(r"[^\W\x00-\x7f]")
_UNLIKE = re.compile("[\u0130\u0131\u017f\u212a]")
"""Letters that Python takes for an i, an s or a k where capitals don't matter."""


class FirstLook:
    """Looks for any of some patterns: `patterns` in a text as it is, `small` where capitals don't matter."""

    def __init__(self, *patterns: re.Pattern[str], small: Iterable[re.Pattern[str]] = ()) -> None:
        self._set = re2.Set.SearchSet()
        for one in patterns:
            self._set.Add(coarser(one.pattern, one.flags))
        for one in small:
            self._set.Add(coarser(one.pattern, one.flags | re.IGNORECASE))
        self._set.Compile()
        self.may_find: Callable[[bytes], object] = self._set.Match
        """True if any pattern may be in a text, which is given as `in_ascii` has it."""


class Need(NamedTuple):
    """A pattern, for RE2, that a rule may find something with where at least so many digits stand together."""

    fewest: int
    pattern: str


NEEDS: dict[Rule, tuple[Need, ...]] = {}
"""For each rule that has some, the patterns without which it finds nothing."""


def found_by(
    *patterns: re.Pattern[str],
    small: Iterable[re.Pattern[str]] = (),
    digits: int = 0,
    short: tuple[int, Iterable[re.Pattern[str]]] = (0, ()),
) -> Callable[[Rule], Rule]:
    """Say what a rule needs: one of its patterns, in the text or in the text in small letters, and digits together.

    With fewer digits than `short` has, only its patterns can be found.
    """
    few, some = short[0], list(short[1])
    fewest = {one: digits if one in some else max(digits, few) for one in (*patterns, *some)}
    needs = [Need(least, coarser(one.pattern, one.flags)) for one, least in fewest.items()]
    needs += [Need(max(digits, few), coarser(one.pattern, one.flags | re.IGNORECASE)) for one in small]

    def note(rule: Rule) -> Rule:
        NEEDS[rule] = tuple(needs)
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
    """First looks for several rules at once. A rule that says nothing about what it needs is always tried."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._parts = [(PARTS[rule], number) for number, rule in enumerate(rules) if rule in PARTS]
        self._always = {number for number, rule in enumerate(rules) if rule not in NEEDS and rule not in PARTS}
        needs = [(need, number) for number, rule in enumerate(rules) for need in NEEDS.get(rule, ())]
        self._fewest = [
            (min(need.fewest for need in NEEDS[rule]), number) for number, rule in enumerate(rules) if rule in NEEDS
        ]
        self._sets = [_SharedSet(alike) for band in _BANDS for alike in _shared(needs, band)]

    def tried(self, normalized: NormalizedText) -> list[Rule]:
        """The rules that may find anything in a text, in their order."""
        run, plain = normalized.digit_run, in_ascii(normalized.text)
        found = {number for has, number in self._parts if has(normalized)} | self._always
        if plain is None:
            found.update(number for fewest, number in self._fewest if run >= fewest)
        else:
            for one in self._sets:
                if run >= one.fewest and (indices := one.match(plain)):
                    found.update(one.numbers[index] for index in indices if run >= one.least[index])
        return [self._rules[number] for number in sorted(found)] if found else []


_BANDS = ((0, 1), (1, 4), (4, 99))
"""Digits together, from and below: patterns that need about as many are looked for together."""

_MOST_TOGETHER = 4
"""Rules of which the patterns are looked for together: of more, RE2 would have to make very many states."""


class _SharedSet:
    """Patterns of a few rules in one set: the number of the rule and the digits that are needed, by index."""

    def __init__(self, needs: Sequence[tuple[Need, int]]) -> None:
        found = re2.Set.SearchSet()
        for need, _ in needs:
            found.Add(need.pattern)
        found.Compile()
        self.match: Callable[[bytes], list[int] | None] = found.Match
        self.numbers = [number for _, number in needs]
        self.least = [need.fewest for need, _ in needs]
        self.fewest = min(self.least)


def _shared(needs: Sequence[tuple[Need, int]], band: tuple[int, int]) -> Iterator[list[tuple[Need, int]]]:
    """The patterns of a band, those of a few rules together."""
    alike = [(need, number) for need, number in needs if band[0] <= need.fewest < band[1]]
    numbers = list(dict.fromkeys(number for _, number in alike))
    for start in range(0, len(numbers), _MOST_TOGETHER):
        some = numbers[start : start + _MOST_TOGETHER]
        yield [one for one in alike if one[1] in some]


def in_ascii(text: str) -> bytes | None:
    """A text for first looks, a byte a character; None where rules would see what they can't.

    That is where letters are alike only to Python, and in a text in capitals, which some rules read in small letters.
    """
    if text.isupper():
        return None
    if not text.isascii() and _LETTER_BEYOND.search(text):
        if _UNLIKE.search(text):
            return None
        text = text.translate(_stand_ins)
    return text.encode("ascii", "replace")


def coarser(pattern: str, flags: int = 0) -> str:
    """A pattern for RE2 that matches wherever this one does, in a text without letters beyond ASCII."""
    translated = _Translation().sequence(parser.parse(pattern, flags), edges="<>")
    return f"(?i:{translated})" if flags & re.IGNORECASE else translated


class _Translation:
    """The translation of one pattern. What stands in a group is kept, for those that repeat it."""

    def __init__(self) -> None:
        self._groups: dict[int, str] = {}

    def sequence(self, parts: Any, edges: str = "") -> str:  # noqa: ANN401 -- the parser's own types are private
        """Translate parts. `edges` has "<" where nothing stands before them, and ">" where nothing stands behind.

        There what a match has to stand beside may as well be in it, and so is looked for.
        """
        last = len(parts) - 1
        return "".join(
            self._part(what, value, "<" * ("<" in edges and place == 0) + ">" * (">" in edges and place == last))
            for place, (what, value) in enumerate(parts)
        )

    def _part(self, what: object, value: Any, edges: str) -> str:  # noqa: ANN401, C901, PLR0911
        if what is op.LITERAL:
            return self._literal(value)
        if what is op.NOT_LITERAL:
            return f"[^{_exactly(value)}]"
        if what is op.ANY:
            return "(?s:.)"
        if what is op.IN:
            return self._class(value)
        if what is op.BRANCH:
            return f"(?:{'|'.join(self.sequence(one, edges) for one in value[1])})"
        if what is op.SUBPATTERN:
            return self._group(edges, *value)
        if what in {op.MAX_REPEAT, op.MIN_REPEAT}:
            return self._repeat(*value)
        if what is op.GROUPREF:
            return self._groups[value]
        if what is op.AT and value is op.AT_BOUNDARY:
            return r"\b"
        if what is op.ASSERT and ("<" if value[0] < 0 else ">") in edges:
            return f"(?:{self.sequence(value[1])})"
        if what in {op.ASSERT, op.ASSERT_NOT, op.AT}:
            return ""
        raise NotImplementedError(what)

    def _group(self, edges: str, group: int | None, add: int, remove: int, parts: Any) -> str:  # noqa: ANN401
        flag = "i" if add & re.IGNORECASE else "-i" if remove & re.IGNORECASE else ""
        if group is not None:
            self._groups[group] = f"(?{flag}:{self.sequence(parts)})"
        return f"(?{flag}:{self.sequence(parts, edges)})"

    def _repeat(self, least: int, most: int, parts: Any) -> str:  # noqa: ANN401
        inside = f"(?:{self.sequence(parts)})"
        least = min(least, _MOST_TIMES)
        if (least, most) == (0, 1):
            return f"{inside}?"
        return f"{inside}{{{least},}}" if most > _MOST_TIMES or most - least > 1 else f"{inside}{{{least},{most}}}"

    def _class(self, members: Any) -> str:  # noqa: ANN401
        inside = ""
        for what, value in members:
            if what is op.NEGATE:
                inside += "^"
            elif what is op.CATEGORY:
                inside += _CLASSES[value]
            elif what is op.LITERAL:
                inside += _exactly(value) if value < _ASCII else "" if inside[:1] == "^" else _STAND_INS
            elif value[1] < _ASCII:
                inside += f"{_exactly(value[0])}-{_exactly(value[1])}"
            else:
                inside += "" if inside[:1] == "^" else _STAND_INS
        return f"[{inside}]"

    def _literal(self, code: int) -> str:
        return _exactly(code) if code < _ASCII else f"[{_STAND_INS}]"


def _exactly(code: int) -> str:
    return chr(code) if chr(code).isalnum() else f"\\x{{{code:x}}}"


class _StandIns(dict[int, str]):
    def __missing__(self, code: int) -> str:
        letter = chr(code)
        stand_in = "Z" if letter.isupper() else "z" if letter.isalnum() else "?"
        self[code] = stand_in if code >= _ASCII else letter
        return self[code]


_stand_ins = _StandIns()
