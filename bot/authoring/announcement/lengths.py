"""The length of the chat, as an announcement says it in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import regex

from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.lines import Line
from bot.messages import Value
from bot.toml.duration import format_duration
from bot.translation import lazy

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=4)
"""Lengths that a chat may have; what is longer is doubted, what is shorter is not its length."""

_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ONES = {"a": 1, "an": 1, "one": 1, "two": 2, "ein": 1, "eine": 1, "zwei": 2, "three": 3, "five": 5}
_SPELLED = {"fifteen": 15, **_TENS, **_ONES}
_NUMBER = rf"\d{{1,3}}(?:\.5)?|fifteen|(?:{'|'.join(_TENS)})(?:-five)?|one|two|three|an?|eine?|zwei"
_LENGTH = regex.compile(
    rf"""(?xi)\b(?: (?P<half>half[\s-]+an[\s-]+hour) | (?P<more>(?:an|one|1)[\s-]hour[\s-]and[\s-]a[\s-]half)
      | (?P<quarters>three[\s-]quarters[\s-]of[\s-]an[\s-]hour)
      | (?<![.:\d])(?P<number>{_NUMBER})[\s-]?(?P<unit>minuten?|minutes?|mins?|hours?|hrs?|stunden?)
        (?P<and>[\s-]and[\s-]a[\s-]half)?\b
      | (?P<hour>hour-long)
      | (?P<half>(?:eine\s+)?halbe\s+stunde) | (?P<more>(?:anderthalb|eineinhalb)\s+stunden?)
      | (?P<quarters>(?:eine\s+)?dreiviertel\s?stunde) )\b"""
)
_DAYS_LONG = regex.compile(
    r"(?i)\b(?:(?:24|36|48|72)[\s-]?(?:hours?|hrs?)|all[\s-]day|week[\s-]long|all\s+week|(?:two|three)[\s-]day)\b"
)
_ABOUT_CHAT = regex.compile(
    r"""(?i)\b(?:chat|join|hosted|tweet|live|session|discussion|lasts?|runs?\s+for|go(?:es)?\s+on|how\s+long|length
    |duration|prompts|dauer|dauert|dauern|lang)\b|\#\w|\d\s?[ap]\.?m\b|\d[:.]\d\d""",
    regex.VERBOSE,
)
_ABOUT_OTHERS = regex.compile(
    r"(?i)\b(?:every|within|ago|after|before|later|reminder|drive|read|vor|nach|alle|jede|jeder|sp\u00e4ter|vorher)\b"
)


class SaidLength(Value, frozen=True, kw_only=True):
    """The length that the text says, None if it says none; and what is doubtful about it."""

    length: timedelta | None = None
    doubts: tuple[Doubt, ...] = ()


def said_length(lines: Sequence[Line]) -> SaidLength:
    """The first length that is said about the chat, or alone on a line."""
    for line in lines:
        alone = _LENGTH.fullmatch(line.text.rstrip("."))
        if not alone and (line.text.endswith("?") or not _ABOUT_CHAT.search(line.text)):
            continue
        if match := _DAYS_LONG.search(line.text):
            most = format_duration(LONGEST)
            why = lazy("Convenor holds chats of up to {most} or so. Write how long this one is.", most=most)
            return SaidLength(doubts=(Doubt(field="length", line=line.number, said=match[0], assumed=None, why=why),))
        for match in _LENGTH.finditer(line.text):
            around = line.text[max(0, match.start() - 12) : match.end() + 7]
            if not _ABOUT_OTHERS.search(around) and SHORTEST <= (length := _duration(match)) <= LONGEST:
                return SaidLength(length=length)
    return SaidLength()


def _duration(match: regex.Match[str]) -> timedelta:
    if not match["number"]:
        minutes = {"half": 30, "more": 90, "quarters": 45, "hour": 60}
        return timedelta(minutes=next(count for name, count in minutes.items() if match[name]))
    number = _number(match["number"].casefold())
    return (
        timedelta(minutes=number)
        if match["unit"].casefold().startswith("m")
        else timedelta(hours=number + 0.5 * bool(match["and"]))
    )


def _number(said: str) -> float:
    return float(said) if said[0].isdigit() else sum(_SPELLED[part] for part in said.split("-"))
