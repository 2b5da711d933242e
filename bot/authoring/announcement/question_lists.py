"""The lists in an announcement, and how much each reads like the questions of a chat."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import regex

from bot.authoring.announcement.lines import Line
from bot.authoring.announcement.longer_questions import ASKING, with_more_lines
from bot.messages import Value

_LEADING_IN = (
    r"(?:and|so|but|ok|okay|now|finally|lastly|first(?:ly)?|next|then|in\s+your\s+\w+|as\s+an?\s+\w+"
    r"|(?:thinking|if|when|given|following|with|for)\s[^,.?]*(?=,)|under\s[^,:]*)"
)
_ASKS = regex.compile(
    rf"""(?i)^\W*(?:{_LEADING_IN},?\s+)?
    (?: what | how | why | which | who | whom | whose | where | when | do | does | did | is | are | was | were
      | can | could | should | would | will | have | has | had | may | might | am | to\s+what\s+extent | in\s+what
      | tell | share | describe | discuss | explain | reflect | consider | imagine | think | name | give | list
      | was | wie | warum | wieso | weshalb | wer | wen | wem | welche[mnrs]? | wo | wohin | woher | wann | wozu | womit
      | kann | k\u00f6nnen | sollte?n? | gibt | ist | sind | haben | hat
      | (?:erz\u00e4hl|beschreib|nenn|bericht|\u00fcberleg|diskutier)(?:e|en|t)?
      | suggest | introduce | recommend | choose | pick | talk\s+(?:us|me) | show | finish | any\b.*\?)\b""",
    regex.VERBOSE,
)
_INTRODUCES = regex.compile(
    r"""(?i)\b(?: questions? | (?:leit)?fragen | discuss(?:ing|ion)?\s+(?:points?|topics?|the\s+following) | prompts?
      | topics?\s+(?:to|for) | topics(?=\s*:\s*$) | (?:things|points)\s+to\s+(?:consider|discuss)
      | (?<=^\W*)(?:for\s+discussion|zur\s+diskussion)(?=\W*$)
      | we(?:\s+will|['\u2019]ll)\s+(?:be\s+)?(?:ask|discuss|explor|consider|talk\s+about)\w*
      | we(?:\s+will|['\u2019]ll)?\s+(?:start|begin|open|end|close|finish)\s+(?:with|by) | running\s+order
      | talking\s+points | what\s+we\s+will\s+talk\s+about | to\s+think\s+about )\b""",
    regex.VERBOSE,
)
_OTHER_LIST = regex.compile(
    r"""(?i)\b(?: references? | bibliography | (?:further\s+)?reading | read\s+more | resources? | links?
      | sources? | themes? | steps?
      | how\s+to\s+(?:join|take\s+part|participate) | instructions | agenda | programme | tips | rules
      | aims? | objectives? | outcomes? | schedule | timetable | upcoming | previous | past | sponsors? | definitions?
      | cookies? | housekeeping | recommendations? | principles | key\s+points | findings | results | contents
      | top\s+(?:five|ten|three|\d+) | reasons? | guidelines | stages | levels | dates | chats )\b""",
    regex.VERBOSE,
)
_REFERENCE = regex.compile(
    r"(?i)\(\d{4}[a-z]?\)|https?://|\bdoi\b|\bet al\b|\bpp?\.\s?\d|\bvol\.|\b\d+\(\d+\)",
)
_SHORT_INTRO = 120
"""Characters of a sentence that may be the heading of a list."""

_LONGEST = 200
"""Lines in which a list ends."""

_PAUSES = {"Q": 6, "T": 6}
"""Lines without a mark that may stand between two questions; two between the items of other lists."""

_NUMBERED = ("Q", "T", "1")

_HINT = regex.compile(r"(?i)\W*(?:prompts?|hints?|tips?|hinweis)\s*:")
"""What says something about the question above, as in "Prompt: think of your ward."."""

_PAUSE = 2
"""Lines without a mark that may stand between two items of a list with bullets, or of which each is numbered 1."""

_GAP = 2
"""How much further a list may count from one item to the next: a number may be missing, or not be read as one."""

_WEIGHTS: dict[str, float] = {"Q": 2.0, "T": 2.0}


class QuestionCandidates(Value, frozen=True, kw_only=True):
    """A list: its lines, the parts below each, the line above it, and how much it reads like questions.

    `doubtful` are lines that were taken for more of the question above, `cut` those below one that were
    left out, `between` the first that stands in the list and
    is no part of it, where no number says that the list goes on.
    """

    lines: tuple[Line, ...]
    parts: tuple[tuple[Line, ...], ...]
    above: str
    score: float = 0.0
    doubtful: tuple[Line, ...] = ()
    cut: tuple[Line, ...] = ()
    between: Line | None = None


def introduces_questions(text: str) -> bool:
    """Whether a line announces questions."""
    return bool(_INTRODUCES.search(text))


def is_reference(text: str) -> bool:
    """Whether a line reads like a reference, whose title may ask something."""
    return bool(_REFERENCE.search(text))


def find_lists(lines: Sequence[Line]) -> list[QuestionCandidates]:
    """The lists in the text, the likeliest first. A list goes on over lines without marks as long as its numbers do.

    One with numbers may begin with any: it may go on from an earlier chat, or after other text.
    """
    found: list[QuestionCandidates] = []
    taken: set[int] = set()
    for at, line in enumerate(lines):
        if line.number in taken or not line.style or (line.sub and line.value != 1):
            continue
        between = None
        if line.style == "•":
            members, parts, between = _bullets(lines[at : at + _LONGEST])
        elif line.value == 1 or line.style in _NUMBERED:
            members, parts = _counted(lines[at : at + _LONGEST])
        else:
            continue
        taken |= {one.number for one in members} | {one.number for some in parts for one in some}
        above = next((one.text for one in reversed(lines[max(0, at - _LONGEST) : at]) if not one.style), "")
        longer = with_more_lines(members, lines[at : at + _LONGEST + 1])
        one = QuestionCandidates(
            lines=longer.whole,
            parts=tuple(map(tuple, parts)),
            above=above,
            doubtful=longer.doubtful,
            cut=longer.cut,
            between=between,
        )
        found.append(_scored(one))
    return sorted(found, key=lambda one: -one.score)


def _bullets(lines: Sequence[Line]) -> tuple[list[Line], list[list[Line]], Line | None]:
    """A list with bullets, over sentences without one that stand between items that ask; and the first of these."""
    members: list[Line] = []
    parts: list[list[Line]] = []
    between: Line | None = None
    pause: list[Line] = []
    for line in lines:
        if line.style != "•":
            pause.append(line)
            if line.style or len(pause) > _PAUSE or not _is_background(line) or not _all_ask(members):
                break
        elif pause and not (line.indent == members[0].indent and _all_ask([line])):
            break
        elif members and line.indent > members[0].indent + 1:
            parts[-1].append(line)
        else:
            between = between or next(iter(pause), None)
            pause = []
            members.append(line)
            parts.append([])
    return members, parts, between


def _is_background(line: Line) -> bool:
    """Whether a line between items is a sentence, no heading of another list."""
    leads = introduces_questions(line.text) and not _HINT.match(line.text)
    return line.text.endswith((".", "!", "\u2026", ")")) and not leads


def _all_ask(lines: Sequence[Line]) -> bool:
    return all(line.text.endswith(ASKING) for line in lines)


def _counted(lines: Sequence[Line]) -> tuple[list[Line], list[list[Line]]]:
    """A list that counts, as 1, 2, 3, with the lettered, Roman or bulleted parts below each.

    One of which every item is numbered 1, as where a word processor began anew after each paragraph, is counted here.
    """
    lines = _counted_anew(lines)
    style, members, pause = lines[0].style, [lines[0]], 0
    parts: list[list[Line]] = [[]]
    for line in lines[1:]:
        last = members[-1].value or 0
        if line.style == style and line.value is not None:
            if line.sub and line.value == last:
                parts[-1].append(line)
            elif last < line.value <= last + _GAP or (style in _PAUSES and line.value > last):
                members.append(line)
                parts.append([])
            elif line.value <= last:
                break
            pause = 0
        elif line.style in ("a", "i", "•") and style not in ("a", "i"):
            if pause == 0:
                parts[-1].append(line)
        elif not line.style:
            pause += 1
            if pause > _PAUSES.get(style, _PAUSE):
                break
    return members, parts


def _counted_anew(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines; the numbers of a list of ones that stand apart are 1, 2, 3 and so on."""
    ones: list[Line] = []
    pause = 0
    for line in lines if lines[0].style == "1" else ():
        if line.style == "1" and not line.sub:
            ones.append(line)
        pause = 0 if line.style else pause + 1
        if pause > _PAUSE:
            break
    if len(ones) < 2 or any(line.value != 1 for line in ones):  # noqa: PLR2004 -- one alone is no list
        return lines
    places = {line.number: at for at, line in enumerate(ones, 1)}
    return [msgspec.structs.replace(one, value=places.get(one.number, one.value)) for one in lines]


def _scored(one: QuestionCandidates) -> QuestionCandidates:
    texts = [line.text for line in one.lines]
    style = one.lines[0].style
    score = 2.0 * sum(map(asks, texts)) / len(texts) - 1.0 + _WEIGHTS.get(style, 0.0)
    above = regex.split(r"(?<=[.!?])\s", one.above)[-1]
    if _INTRODUCES.search(one.above[-_SHORT_INTRO:]):
        score += 1.2
    elif _OTHER_LIST.search(above) and len(above) < _SHORT_INTRO:
        score -= 1.5
    references = [text for text in texts if _REFERENCE.search(text) and not text.rstrip().endswith("?")]
    if len(references) * 2 > len(texts):
        score -= 2.0
    if len(texts) == 1 and style not in _PAUSES:
        score -= 1.0
    return msgspec.structs.replace(one, score=score)


def asks(text: str) -> float:
    """How much a line reads like a question, from 0 to 1: 1 with a question mark, less if it only begins like one."""
    if any(sign in text for sign in ASKING):
        return 1.0
    return 0.7 if _ASKS.match(text) else 0.0
