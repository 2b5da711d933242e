"""The times of day in a line of an announcement, with the zone that is said beside each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec
import regex

from bot.authoring.announcement.date_forms import sentence
from bot.authoring.announcement.english_times import in_figures
from bot.authoring.announcement.german_times import in_known_forms
from bot.authoring.announcement.lines import Line
from bot.authoring.announcement.rewriting import Rewriting
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
      | (?P<h>[01]?\d|2[0-3])[:.h](?P<m>[0-5]\d)(?:\s?(?:hrs?|hours|h|Uhr)\b)?(?![\d%]|\.\d|\s?(?:%|km|kg|million))
      | (?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)\s?(?:hrs?|hours|h)\b
      | (?P<h>\d{{1,2}})\s?o['\u2019]clock
      | (?P<h>[01]?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))?\s?Uhr\b(?:\s?(?P<m>[0-5]\d)(?![\d.:]))?
      | (?P<noon>noon|midday|midnight)\b
    )"""
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
    r"|wrote|schrieb|ver\u00f6ffentlicht|gesendet|telefonisch|sprechzeit\w*|sprechstunde|anmeldeschluss|protokoll|nachts|t\u00e4glich)\b"
)
_STARTS = regex.compile(
    r"(?i)\b(?:starts?|begins?|kick(?:s|ing)?[\s-]off|join\s+(?:us|in)|get\s+going"
    r"|we(?:['\u2019]ll|\s+will)?\s+(?:talk|meet|discuss)"
    r"|los|beginnt|beginnen|startet|starten|treffen\s+wir|wir\s+(?:treffen|sprechen|reden|diskutieren))\b"
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
    `sure`: it can't be half a day off. `starts`: its sentence says that something begins then.
    `said` and `zone_said` are the text's own words.
    """

    clock: dt.time
    end: dt.time | None
    zone: str
    after: str
    line: int
    said: str
    zone_said: str
    weight: float
    sure: bool
    starts: bool


def times_in(line: Line, day_line: int | None) -> Iterator[FoundTime]:
    """The times in a line. `day_line` is the number of the line with the chat's day."""
    text = Rewriting(line.text)
    in_known_forms(text)
    in_figures(text)
    line = msgspec.structs.replace(line, text=text.text)
    taken: list[tuple[int, int]] = []
    for match in (*_RANGE.finditer(line.text), *_SINGLE.finditer(line.text)):
        if any(match.start() < end and begin < match.end() for begin, end in taken):
            continue
        if found := _range(match) if match.re is _RANGE else _single(match):
            taken.append((match.start(), match.end()))
            yield _made(match, line, day_line, found, text)


def tells_of_start(text: str) -> bool:
    """Whether the text says that something begins."""
    return bool(_STARTS.search(text))


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
    match: regex.Match[str],
    line: Line,
    day_line: int | None,
    found: tuple[dt.time, dt.time | None, bool],
    text: Rewriting,
) -> FoundTime:
    around = line.text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
    zone = zone_words(line.text[match.end() :])
    zone_at = line.text.find(zone, match.end())
    own = sentence(line.text[: match.start()], line.text[match.end() :])
    asks = bool(line.style) and line.text.endswith("?")
    weight = 0.5 + 2.0 * (line.number == day_line) + bool(_ABOUT_CHAT.search(around)) + 1.5 * bool(zone)
    starts = tells_of_start(own) and not asks
    weight += 1.5 * starts + 0.5 * bool(found[1]) - 3.0 * bool(_ABOUT_OTHERS.search(around)) - 3.0 * asks
    return FoundTime(
        clock=found[0],
        end=found[1],
        sure=found[2],
        zone=zone,
        after=line.text[match.end() : match.end() + _NEAR],
        line=line.number,
        said=_without_full_stop(text.written(match.start(), match.end())),
        zone_said=text.written(zone_at, zone_at + len(zone)) if zone else "",
        weight=weight,
        starts=starts,
    )


def _without_full_stop(said: str) -> str:
    return said if regex.search(r"(?i)\b[ap]\.\s?m\.$", said) else said.rstrip(".")


def zone_words(after: str) -> str:
    """The words for a zone right after a time; empty if there are none."""
    match = _ZONE_AFTER.match(after)
    words = match["zone"].split() if match else []
    for count in range(len(words), 0, -1):
        said = " ".join(words[:count])
        if meaning_of(said) and (count > 1 or said.isupper() or len(said) >= _SHORTEST_NAME):
            return said
    return ""
