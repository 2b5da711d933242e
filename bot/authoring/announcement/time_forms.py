"""The times of day in a line of an announcement, with the zone that is said beside each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec
import regex

from bot.authoring.announcement.german_times import in_known_forms
from bot.authoring.announcement.lines import Line
from bot.authoring.zone_names import meaning_of
from bot.messages import Value

_CLOCK = r"(?P<{0}h>\d{{1,2}})(?:\s?[:.h]\s?(?P<{0}m>[0-5]\d))?\s?(?P<{0}half>[ap]\.?\s?m\b\.?|noon\b)?"
_NO_NUMBER_BEFORE = r"(?<![\d.:/,\u00a3$\u20ac#@-])"
_RANGE = regex.compile(
    rf"""(?xi){_NO_NUMBER_BEFORE}{_CLOCK.format("a")} (?:\s?(?:hrs|hours|h|Uhr)\b | \s?o['\u2019]clock)?
    (?:\s?[A-Z]{{2,4}})?
    \s?(?:-|\u2013|\u2014|to|until|till|and|bis)\s? {_CLOCK.format("b")} (?P<uhr>\s?Uhr\b)? (?:\s?(?:hrs|hours|h)\b)?
    (?![\d/%:.]\d | \s?(?:minutes?|mins?|weeks?|days?|years?|questions?|people|months?|hours?)\b)"""
)
_SINGLE = regex.compile(
    rf"""(?xi){_NO_NUMBER_BEFORE}(?:
        (?P<h>\d{{1,2}})(?:\s?[:.]\s?(?P<m>[0-5]\d))?\s?(?P<half>[ap]\.?\s?m\b\.?)
      | (?P<h>[01]?\d|2[0-3])[:.h](?P<m>[0-5]\d)(?:\s?(?:hrs?|hours|h|Uhr)\b)?(?![\d.%]|\s?(?:%|km|kg|million))
      | (?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)\s?(?:hrs?|hours|h)\b
      | (?P<h>\d{{1,2}})\s?o['\u2019]clock
      | (?P<h>[01]?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))?\s?Uhr\b(?:\s?(?P<m>[0-5]\d)(?![\d.:]))?
      | (?P<noon>noon|midday|midnight)\b
    )"""
)
_HOURS = (*("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),)
_HALF_PAST = regex.compile(rf"(?i)\bhalf[\s-]past[\s-]({'|'.join(_HOURS)})\b")
_PART_OF_DAY = regex.compile(
    r"(?i)\b(\d{1,2}(?:[:.]\d\d)?)(?:\s?o['\u2019]clock)?\s(?:in\sthe\s|at\s)(morning|afternoon|evening|night)\b"
)
_HOUR_IN_WORDS = regex.compile(
    rf"(?i)\b({'|'.join(_HOURS)})\b(?=\s?(?:o['\u2019]clock|[ap]\.?m\b|(?:until|till)\s(?:{'|'.join(_HOURS)}|\d)))"
    rf"|(?<=\b(?:until|till)\s)\b({'|'.join(_HOURS)})\b"
)
_ZONE_AFTER = regex.compile(
    r"^\s*[,(\[]?\s*(?:in\s+)?(?P<zone>(?:[A-Z][A-Za-z.]*|[A-Z]{2,5})(?:[ /](?:[A-Z][a-z]+|[A-Z]{2,5}|[Tt]ime)){0,3}"
    r"(?:\s*\([A-Z]{2,5}\))?)"
)
_ABOUT_CHAT = regex.compile(
    r"(?i)\b(?:chat|join|hosted|tweet|time|when|tonight|from|at|start|live|hour|session|discussion"
    r"|um|ab|von|beginn|beginnt|uhrzeit|wann|dabei|treffen)\b|#\w"
)
_ABOUT_OTHERS = regex.compile(
    r"(?i)\b(?:posted|published|sent|written|office\s+hours|phone|deadline|edited|received|replies|transcript|webinar"
    r"|bus|train|doors|breakfast|shift|clinic|ward|at\s+night|woke|asleep|open(?:s|ing)?\s+(?:daily|hours|from|mon)|daily|helpline|careline"
    r"|ver\u00f6ffentlicht|gesendet|telefonisch|sprechzeit\w*|sprechstunde|anmeldeschluss|protokoll|nachts|t\u00e4glich)\b"
)
_AROUND = 120
"""Characters before and after a time that say what it is the time of."""

_NEAR = 45
"""Characters after a time in which the place of a doubtful zone may be named."""

_NOON = 12
_DAY = 24
_SHORTEST_NAME = 4
"""Letters of a place; a shorter word after a time is a zone only in capitals."""


class FoundTime(Value, frozen=True, kw_only=True):
    """A time of day, the end if it is a range, and the words for its zone, or none.

    `after` is what follows it. `weight` is how likely it is the chat's: above 0 it may be.
    `sure`: it can't be half a day off.
    """

    clock: dt.time
    end: dt.time | None
    zone: str
    after: str
    line: int
    said: str
    weight: float
    sure: bool


def times_in(line: Line, day_line: int | None) -> Iterator[FoundTime]:
    """The times in a line. `day_line` is the number of the line with the chat's day."""
    line = msgspec.structs.replace(line, text=_in_figures(line.text))
    taken: list[tuple[int, int]] = []
    for match in (*_RANGE.finditer(line.text), *_SINGLE.finditer(line.text)):
        if any(match.start() < end and begin < match.end() for begin, end in taken):
            continue
        if found := _range(match) if match.re is _RANGE else _single(match):
            taken.append((match.start(), match.end()))
            yield _made(match, line, day_line, found)


def _in_figures(text: str) -> str:
    """The text with the hours of the clock that are written as words in figures."""
    text = in_known_forms(text)
    text = _HALF_PAST.sub(lambda found: f"{_HOURS.index(found[1].casefold()) + 1}:30", text)
    text = _HOUR_IN_WORDS.sub(lambda found: str(_HOURS.index((found[1] or found[2]).casefold()) + 1), text)
    return _PART_OF_DAY.sub(lambda found: f"{found[1]} {'am' if found[2][:1] in 'mM' else 'pm'}", text)


def _range(match: regex.Match[str]) -> tuple[dt.time, dt.time | None, bool] | None:
    """Start, end, and whether the start is sure; None for two numbers that are no times."""
    halves = match["ahalf"], match["bhalf"]
    if not any(halves) and not match["uhr"] and not (match["am"] and match["bm"]):
        return None
    end = _clock(match["bh"], match["bm"], halves[1])
    start = _clock(match["ah"], match["am"], halves[0] or halves[1])
    if start and end and not halves[0] and start[0] > end[0]:  # "11-1pm"
        start = _clock(match["ah"], match["am"], "am" if end[0].hour >= _NOON else "pm")
    return (start[0], end[0] if end else None, start[1]) if start else None


def _single(match: regex.Match[str]) -> tuple[dt.time, dt.time | None, bool] | None:
    if noon := match["noon"]:
        midnight = noon.casefold() == "midnight"  # the beginning of a day, or its end
        return dt.time(0 if midnight else _NOON), None, not midnight
    start = _clock(match["h"], match["m"], match["half"])
    return (start[0], None, start[1]) if start else None


def _clock(hours: str, minutes: str | None, half: str | None) -> tuple[dt.time, bool] | None:
    """A time of day, and whether it is sure; without "am" or "pm" it is taken for the later one."""
    hour, minute = int(hours), int(minutes or 0)
    if hour >= _DAY:
        return None
    if half and 1 <= hour <= _NOON:
        afternoon = not half.casefold().startswith("a")
        return dt.time(hour % _NOON + _NOON * afternoon, minute), True
    if hour > _NOON or hours.startswith("0"):
        return dt.time(hour, minute), True
    return dt.time(hour + _NOON if hour < _NOON else _NOON, minute), False


def _made(
    match: regex.Match[str], line: Line, day_line: int | None, found: tuple[dt.time, dt.time | None, bool]
) -> FoundTime:
    around = line.text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
    zone = zone_words(line.text[match.end() :])
    asks = bool(line.style) and line.text.endswith("?")
    weight = 0.5 + 2.0 * (line.number == day_line) + bool(_ABOUT_CHAT.search(around)) + 1.5 * bool(zone)
    weight += 0.5 * bool(found[1]) - 3.0 * bool(_ABOUT_OTHERS.search(around)) - 3.0 * asks
    return FoundTime(
        clock=found[0],
        end=found[1],
        sure=found[2],
        zone=zone,
        after=line.text[match.end() : match.end() + _NEAR],
        line=line.number,
        said=match[0].strip(),
        weight=weight,
    )


def zone_words(after: str) -> str:
    """The words for a zone right after a time; empty if there are none."""
    match = _ZONE_AFTER.match(after)
    words = match["zone"].split() if match else []
    for count in range(len(words), 0, -1):
        said = " ".join(words[:count])
        if meaning_of(said) and (count > 1 or said.isupper() or len(said) >= _SHORTEST_NAME):
            return said
    return ""
