"""Questions that go on below the line of their mark, and lines that say in words that they are one.

A line goes on where no empty line stands between and it ends the sentence in brackets, or asks. What is further away is
left to a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import regex

from bot.authoring.announcement.lines import Line

ASKING = ("?", "\u061f", "\uff1f")
"""Question marks: the usual, the Arabic and the wide one."""

_LONGEST = 600
"""Characters of a question with all its lines."""

_LABEL_ENDS = 25
"""A colon before this column makes a line a label, as in "Prompt: your ward", which belongs to no question."""

_ABOVE, _BELOW = 4, 8
"""Lines above and below a list in which a question may have a name in place of a number."""

_KIND = (
    r"opening|opener|warm(?:ing)?[\s-]?up|ice[\s-]?breaker|starter|starting|introductory|closing|concluding|final"
    r"|last|bonus|extra|optional|wrap[\s-]?up|reflective|reflection|take[\s-]?(?:away|home)|extension"
)
_NAMED = regex.compile(
    rf"""(?xi)^\W*(?:(?:and|then|finally|lastly|und)\b,?\s+)*(?:(?:an?|one|the|our|your|die|eine)\s+)?(?:
        (?:(?:very|{_KIND})\s+)?(?:{_KIND})\s+(?:question|one)(?:\s*\([^)]{{1,30}}\))?
      | bonus | ice[\s-]?breaker | warm[\s-]?up
      | (?:einstiegs|er\u00f6ffnungs|auftakt|abschluss|schluss|zusatz|bonus)frage
      | (?:letzte|abschlie\u00dfende|einleitende)\s+frage
    )\s*(?::|\s[\u2013\u2014-](?=\s))\s*(?=\S)"""
)
"""Before a question with a name in place of a number, as in "Closing question: "."""


_ANOTHER = regex.compile(r"(?<=[?!.])\s+\(?(?:(?i:question|frage)\s?|[QT])\d{1,2}\b")


def with_more_lines(members: Sequence[Line], lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The members of a list with what goes on below each, and the first line of each that may be another question."""
    whole: list[Line] = []
    doubtful: list[Line] = []
    places = {(line.number, line.text): at for at, line in enumerate(lines)}
    for at, line in enumerate(members):
        place = places.get((line.number, line.text), len(lines))
        below = list(_below(lines[place + 1 :]))
        inner = at + 1 < len(members)
        more = _to_the_bracket(line.text, below) or (below[: _asks_to(below)] if inner or not _asks(line.text) else [])
        text = " ".join([line.text, *(one.text for one in more)])
        if not more or len(text) > _LONGEST:
            whole.append(line)
            continue
        if _asks(line.text) and any(map(_ends_asking, more)) and not is_open(line.text):
            doubtful.append(more[0])
        whole.append(msgspec.structs.replace(line, text=text))
    return whole, doubtful


def holds_another(text: str) -> bool:
    """Whether the mark of another question stands in a question, as in "Why? Q4 How?"."""
    return bool(_ANOTHER.search(text))


def is_open(text: str) -> bool:
    """Whether a bracket is opened and not closed."""
    return text.count("(") > text.count(")")


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


def _to_the_bracket(text: str, below: Sequence[Line]) -> Sequence[Line]:
    """The lines with which the last open bracket is closed; none where it is not open, or stays so."""
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
