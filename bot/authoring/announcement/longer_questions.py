"""Questions that go on below the line of their mark, and lines that say in words that they are one.

A line goes on where no empty line stands between and it ends the sentence in brackets, or asks. What is further away is
left to a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import regex

from bot.authoring.announcement.lines import PARAGRAPH, Line
from bot.messages import Value

ASKING = ("?", "\u061f", "\uff1f")
"""Question marks: the usual, the Arabic and the wide one."""

_LONGEST = 600
"""Characters of a question with all its lines."""

_MOST_LINES = 12
"""Lines of a question below that of its mark."""

_LABEL_ENDS = 25
"""A colon before this column makes a line a label, as in "Prompt: your ward", which belongs to no question."""

_GOES_ON = (":", ",", ";", "\u2026", "...", " -", " \u2013")
"""What a line ends with that goes on below."""

_ABOVE, _BELOW = 4, 8
"""Lines above and below a list in which a question may have a name in place of a number."""

_KIND = (
    r"opening|opener|warm(?:ing)?[\s-]?up|ice[\s-]?breaker|starter|starting|introductory|closing|concluding|final"
    r"|last|bonus|extra|optional|wrap[\s-]?up|reflective|reflection|take[\s-]?(?:away|home)|extension"
)
_NAMED = regex.compile(
    rf"""(?xi)^\W*(?:(?:and|then|finally|lastly|und)\b,?\s+)*(?:(?:an?|one|the|our|your|die|eine)\s+)?(?:
        (?:(?:very|{_KIND})\s+)?(?:{_KIND})\s+(?:question|one|q)(?:\s*\([^)]{{1,30}}\))?
      | bonus | ice[\s-]?breaker | warm[\s-]?up
      | (?:einstiegs|er\u00f6ffnungs|auftakt|abschluss|schluss|zusatz|bonus)frage
      | (?:letzte|abschlie\u00dfende|einleitende)\s+frage
    )\s*(?::|\s[\u2013\u2014-](?=\s))\s*(?=\S)"""
)
"""Before a question with a name in place of a number, as in "Closing question: "."""


_NO_BRACKET = regex.compile(r"(?<=\d)\"|[:;]['\u2019]?-?\(")
"""Inches, and sad faces."""

_ANOTHER = regex.compile(r"(?<=[?!.])\s+\(?(?:(?i:question|frage)\s?|[QT])\d{1,2}\b")


class Longer(Value, frozen=True, kw_only=True):
    """The members of a list with what goes on below each.

    `doubtful`: the first line of each that may be another question. `cut`: lines directly below a question that were
    left out.
    """

    whole: tuple[Line, ...]
    doubtful: tuple[Line, ...]
    cut: tuple[Line, ...]


def with_more_lines(members: Sequence[Line], lines: Sequence[Line]) -> Longer:
    """The members of a list, each with the lines below it that belong to it."""
    whole: list[Line] = []
    doubtful: list[Line] = []
    cut: list[Line] = []
    places = {(line.number, line.text): at for at, line in enumerate(lines)}
    for at, line in enumerate(members):
        place = places.get((line.number, line.text), len(lines))
        below = list(_below(lines[place + 1 : place + 1 + _MOST_LINES]))
        more = _more(line.text, below, inner=at + 1 < len(members))
        text = " ".join([line.text, *(one.text for one in more)])
        if len(text) > _LONGEST:
            text, more = line.text, ()
        if at + 1 < len(members) and (rest := [one for one in below[len(more) :] if len(one.text) < PARAGRAPH]):
            cut.append(rest[0])
        if _asks(line.text) and any(map(_ends_asking, more)) and not is_open(line.text):
            doubtful.append(more[0])
        whole.append(msgspec.structs.replace(line, text=text))
    return Longer(whole=tuple(whole), doubtful=tuple(doubtful), cut=tuple(cut))


def _more(text: str, below: Sequence[Line], *, inner: bool) -> Sequence[Line]:
    """The lines below a question that belong to it; below the last one only those without which it is none."""
    if closing := _to_the_end_of_what_is_open(text, below):
        return closing
    asked = below[: _asks_to(below)] if inner or not _asks(text) else []
    return asked or (below[:1] if text.endswith(_GOES_ON) else [])


def holds_another(text: str) -> bool:
    """Whether the mark of another question stands in a question, as in "Why? Q4 How?"."""
    return bool(_ANOTHER.search(text))


def is_open(text: str) -> bool:
    """Whether a bracket or a quotation is opened and not closed."""
    text = _NO_BRACKET.sub("", text)
    low, high, right = (text.count(sign) for sign in "\u201e\u201c\u201d")
    quoted = low > high + right if low else high > right
    return quoted or text.count("(") > text.count(")") or text.count('"') % 2 == 1


def without_name(text: str) -> str:
    """A question without what says that it is one, as "Closing question: "."""
    return _NAMED.sub("", text)


def named_questions(lines: Sequence[Line], first: int, last: int) -> Iterator[Line]:
    """The lines near those numbered `first` to `last` that say that they are a question, without what says it."""
    places = [at for at, line in enumerate(lines) if first <= line.number <= last]
    for line in lines[max(0, places[0] - _ABOVE) : places[-1] + 1 + _BELOW]:
        if line.style in ("", "\u2022") and (name := _NAMED.match(line.text)):
            text = line.text[name.end() :]
            text = text.removesuffix(")") if "(" in name[0] and text.count(")") > text.count("(") else text
            if "question" in name[0].casefold() or "frage" in name[0].casefold() or _asks(text):
                yield msgspec.structs.replace(line, text=text)


def _below(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        if line.style or line.apart or ":" in line.text[:_LABEL_ENDS]:
            return
        yield line


def _to_the_end_of_what_is_open(text: str, below: Sequence[Line]) -> Sequence[Line]:
    """The lines with which the open bracket or quotation is closed; none where nothing is open, or it stays so."""
    for count in range(1, len(below) + 1) if is_open(text) else ():
        if not is_open(" ".join([text, *(line.text for line in below[:count])])):
            return below[:count]
    return ()


def _asks_to(below: Sequence[Line]) -> int:
    return max((at + 1 for at, line in enumerate(below) if _ends_asking(line)), default=0)


def _ends_asking(line: Line) -> bool:
    return line.text.rstrip(')"\u201d').endswith(ASKING)


def _asks(text: str) -> bool:
    return any(sign in text for sign in ASKING)
