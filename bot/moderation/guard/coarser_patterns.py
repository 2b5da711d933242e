"""Patterns of the guard's rules for RE2, made coarser, and texts for them. Pure.

RE2 knows less than Python's patterns: what stands beside a match is looked for only at the edges of a pattern, and what
a text has besides ASCII is replaced. So a pattern that isn't found by RE2 isn't there; one that is may not be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import re2

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

ELLIPSIS = "\u2026"
"""What most texts have of all that isn't ASCII."""

_ASCII, _MOST_TIMES = 128, 12
_LETTER_BEYOND = re.compile(r"[^\W\x00-\x7f]")
_UNLIKE = re.compile("[\u0130\u0131\u017f\u212a]")
"""Letters that Python takes for an i, an s or a k where capitals don't matter."""


def in_ascii(text: str) -> bytes | None:
    """A text for first looks, a byte a character; None where rules would see what they can't.

    That is where letters are alike only to Python, and in a text in capitals, which some rules read in small letters.
    """
    if text.isupper():
        return None
    if (plainly := text.replace(ELLIPSIS, "?")).isascii():
        return plainly.encode()
    if _LETTER_BEYOND.search(text):
        if _UNLIKE.search(text):
            return None
        text = text.translate(_stand_ins)
    return text.encode("ascii", "replace")


@cache  # a pattern that a rule needs is often in a set of patterns, too
def coarser(pattern: str, flags: int = 0, *, cut: bool = False) -> str:
    """A pattern for RE2 that matches wherever this one does, in a text without letters beyond ASCII.

    `cut` says that a rule may look for it in the beginning of a text, where a word can be cut in two.
    """
    translated = _Translation(cut=cut).sequence(parser.parse(pattern, flags), edges="<>")
    return f"(?i:{translated})" if flags & re.IGNORECASE else translated


def which_of(patterns: Iterable[str]) -> Callable[[bytes], list[int] | None]:
    """Tell which of some patterns for RE2, by number, are in a text, which is given as `in_ascii` has it."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # a byte is a character, so RE2 needs fewer states
    found = re2.Set.SearchSet(options)
    for one in patterns:
        found.Add(one)
    found.Compile()
    match: Callable[[bytes], list[int] | None] = found.Match
    return match


class _Translation:
    """The translation of one pattern. What stands in a group is kept, for those that repeat it."""

    def __init__(self, *, cut: bool) -> None:
        self._groups: dict[int, str] = {}
        self._cut = cut

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
        if what is op.ASSERT_NOT:
            return self._not_beside(edges, *value)
        if what in {op.ASSERT, op.AT}:
            return ""
        raise NotImplementedError(what)

    def _not_beside(self, edges: str, direction: int, parts: Any) -> str:  # noqa: ANN401
        other = _other_than(parts)
        if other and direction < 0 and "<" in edges:
            return f"(?:\\A|{other})"
        return f"(?:{other}|\\z)" if other and direction > 0 and ">" in edges and not self._cut else ""

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


_ALPHANUMERIC = [(op.NEGATE, None), (op.CATEGORY, op.CATEGORY_NOT_WORD), (op.LITERAL, ord("_"))]
"""As the parser reads `[^\\W_]`."""


def _other_than(parts: Any) -> str:  # noqa: ANN401
    """A class of all characters but those that mustn't stand beside a match; empty if that can't be said of RE2's.

    It can be of a class of words' and digits' characters and of marks, but for the one that stands for others.
    """
    if len(parts) != 1:
        return ""
    what, value = parts[0]
    members = value if what is op.IN else [(what, value)]
    if members == _ALPHANUMERIC:
        return r"[\W_]"
    inside = ""
    for kind, one in members:
        if kind is op.CATEGORY and one in {op.CATEGORY_WORD, op.CATEGORY_DIGIT}:
            inside += _CLASSES[one]
        elif kind is op.LITERAL and one < _ASCII and not chr(one).isalnum() and chr(one) not in _STAND_INS:
            inside += _exactly(one)
        else:
            return ""
    return f"[^{inside}]"


def _exactly(code: int) -> str:
    return chr(code) if chr(code).isalnum() else f"\\x{{{code:x}}}"


class _StandIns(dict[int, str]):
    def __missing__(self, code: int) -> str:
        letter = chr(code)
        stand_in = "?" if not letter.isalnum() else "Z" if letter.isupper() else "z"
        self[code] = stand_in if code >= _ASCII else letter
        return self[code]


_stand_ins = _StandIns()
