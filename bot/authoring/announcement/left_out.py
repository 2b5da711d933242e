"""What asks something near the questions of an announcement and is in none of them: said, never dropped silently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from textwrap import shorten

import regex

from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.lines import PARAGRAPH, Line
from bot.authoring.announcement.longer_questions import ASKING, without_name
from bot.authoring.announcement.question_lists import is_reference
from bot.translation import lazy

_ABOVE = 6
"""Lines above the first question in which a list item that asks may be one that was missed."""

_BELOW = 6
"""Lines that ask nothing, one after the other, with which what belongs to the questions has ended."""

_LONGEST = 500
"""Characters of what is named in one doubt."""

_SENTENCE = regex.compile(
    r"[^.!?\u061f\uff1f]*(?:[.!](?=\w)[^.!?\u061f\uff1f]*)*[.!?\u061f\uff1f]+[)\"\u201d]*\s*|[^.!?]+$"
)
_INVITES = regex.compile(
    r"""(?xi)^\W*(?:(?:sorry,?\s+)?(?:can['\u2019]?t|cannot|unable|not\s+able)\b | (?:never|not)\s+(?:been|done|used)\b
    | (?:are\s+you\s+)?(?:new|interested|curious|ready)\b | (?:do\s+you\s+)?(?:want|wish|need|like)\s+to\b
    | (?:any|got|have)\s+(?:\w+\s+)?questions\b | questions\W*$ | first\s+time\b | missed\b | need\s+help\b
    | kannst\s+du\s+nicht\b | keine\s+zeit\b | neu\s+(?:hier|dabei)\b | (?:noch\s+)?fragen\W*$)"""
)
"""The beginning of what is only asked to tell how to take part, as in "Can't make it? Read the transcript."."""

_CALLED = regex.compile(r"(?i)\b(?:question|frage)\b[^.?!:]{0,30}:\s*\S")
"""A line that says of itself that it is a question."""

_FORMULA = regex.compile(
    r"(?i)^\W*(?:unsubscribe|(?:want|need|like)\s+more\b.{0,20}|(?:any|got|noch)?\s*(?:questions|fragen))\W*$"
)
"""What stands at the end of posts and asks nobody anything."""


def left_out(
    lines: Sequence[Line], taken: Sequence[Line], texts: Sequence[str], said: AbstractSet[int | None]
) -> Iterator[Doubt]:
    """Doubts that name what asks near the `taken` lines, is in none of the questions' `texts`, nor is background.

    Lines one below the other are one doubt; one whose lines are among `said` already is not repeated.
    """
    numbers = {line.number for line in taken}
    places = [at for at, line in enumerate(lines) if line.number in numbers]
    if not places:
        return
    known = [_plain(text) for text in texts]
    run: list[tuple[Line, str]] = []
    for at in range(max(0, places[0] - _ABOVE), _end(lines, places[-1])):
        line = lines[at]
        may_ask = line not in taken and _may_be_missed(line, above=at < places[0])
        words = " ".join(one for one in _asking(line.text) if not _is_in(one, known)) if may_ask else ""
        if words:
            run.append((line, words))
            continue
        yield from _doubts(run, said)
        run = []
    yield from _doubts(run, said)


def _may_be_missed(line: Line, *, above: bool) -> bool:
    """Whether a line near the questions, or above them, may be one: no background, no reference, above no heading."""
    background = not line.style and len(line.text) >= PARAGRAPH
    heading = above and not line.style and not _CALLED.search(line.text)
    return not background and not heading and not is_reference(line.text)


def _doubts(run: Sequence[tuple[Line, str]], said: AbstractSet[int | None]) -> Iterator[Doubt]:
    if not run or said & {one.number for one, _ in run}:
        return
    why = lazy("This asks something, too, but is in none of the questions. Is it one, or a part of one?")
    words = shorten(" ".join(words for _, words in run), _LONGEST, placeholder=" \u2026")
    yield Doubt(field="questions", line=run[0][0].number, said=words, assumed=None, why=why)


def _end(lines: Sequence[Line], last: int) -> int:
    """The place behind the last line that may belong to the questions."""
    quiet = 0
    for at in range(last + 1, len(lines)):
        quiet = 0 if any(sign in lines[at].text for sign in ASKING) else quiet + 1
        if quiet == _BELOW:
            return at
    return len(lines)


def _asking(text: str) -> Iterator[str]:
    """The sentences of a line that ask, but for those that only invite, with the answer behind them."""
    sentences = [one.strip() for one in _SENTENCE.findall(text)]
    for at, one in enumerate(sentences):
        asks = one.rstrip(')"\u201d').endswith(ASKING) and regex.search(r"\p{L}{2}", one)
        told = at + 1 < len(sentences) and not sentences[at + 1].endswith(ASKING)
        if asks and not (told and _INVITES.match(one)) and not _FORMULA.match(one):
            yield one


def _is_in(sentence: str, known: Sequence[str]) -> bool:
    plain = _plain(without_name(sentence))
    return any(plain in one for one in known)


def _plain(text: str) -> str:
    return regex.sub(r"\W+", " ", text).strip().casefold()
