"""One text into parts that fit. Pure: how long a text is, the caller's `measure` says.

Cut at paragraphs where that is enough, else at sentences, else at words, and inside a word only where it does not fit
by itself. Only the white space at a cut is left out. Parts are neither numbered nor tagged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_BOUNDARIES = (
    re.compile(r"\s*\n\s*\n\s*"),
    # a question's number stays with the question, and a hashtag with the sentence it closes
    re.compile(r"(?<=[.!?…:])(?<!^Q\d\.)(?<!^Q\d\d\.)\s+(?![#\s])|\s*\n\s*"),
    re.compile(r"\s+"),
    re.compile(r"(?<=.)(?=.)", re.DOTALL),
)


def split(text: str, limit: int, measure: Callable[[str], int]) -> tuple[str, ...]:
    """The parts of a text, each at most `limit` long. One part where it fits, none where there is nothing to say.

    Raises ValueError where a single character is longer than the limit.
    """
    text = text.strip()
    return tuple(_parts(text, limit, measure, 0)) if text else ()


def _parts(text: str, limit: int, measure: Callable[[str], int], level: int) -> list[str]:
    if measure(text) <= limit:
        return [text]
    if level == len(_BOUNDARIES):
        raise ValueError(f"a limit of {limit} does not hold a single character")
    parts: list[str] = []
    for gap, piece in _pieces(text, _BOUNDARIES[level]):
        if parts and measure(joined := parts[-1] + gap + piece) <= limit:
            parts[-1] = joined
        else:
            parts += _parts(piece, limit, measure, level + 1)
    return parts


def _pieces(text: str, boundary: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Each piece, with the gap before it."""
    begin, gap = 0, ""
    for cut in boundary.finditer(text):
        yield gap, text[begin : cut.start()]
        begin, gap = cut.end(), cut[0]
    yield gap, text[begin:]
