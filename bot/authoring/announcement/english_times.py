"""Times of day in English words, rewritten in figures: "half seven", "a quarter to eight", "eight in the evening".

What can't be said so stays as it is. `vague_times` finds what names no hour, as "at lunchtime".
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from bot.authoring.announcement.date_forms import sentence
from bot.authoring.announcement.lines import Line
from bot.authoring.announcement.rewriting import Rewriting

_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ANY = "|".join(_HOURS)
_HOUR = rf"(?P<hour>{_ANY}|\d{{1,2}}(?![\d:.]\d))"
_MINUTES = {
    "half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20, "twenty five": 25, "twentyfive": 25,
    "fifteen": 15, "thirty": 30, "forty five": 45, "fortyfive": 45, "forty": 40, "fifty": 50,
}  # fmt: skip
_PARTS = r"(?:in\s+the\s+(?:morning|afternoon|evening)|at\s+night|this\s+(?:morning|afternoon|evening)|tonight)"
_GOES_ON = rf"(?=\s?(?:[ap]\.?\s?m\b|o['\u2019]clock)|,?\s{_PARTS}\b|,?\s\(?(?-i:[A-Z]{{2,4}}\b|UK|London))"
"""What only follows a time: a part of the day, a zone."""

_ENDS = (
    r"(?=\s*(?:[.,;:!?)\u2013\u2014]|-\s|$)(?!\d)"
    r"|\s(?:on|tonight|today|tomorrow|this|sharp|prompt(?:ly)?|for|until|till|with|next)\b"
    rf"|\s?(?:o['\u2019]clock|[ap]\.?\s?m\b)|\s{_PARTS}\b|\s\(?(?-i:[A-Z]{{2,4}}\b|UK|London))"
)
"""What follows an hour, and not a number of things."""

_TO = r"(?:to|until|till|and|-|\u2013|\u2014)"

_PAST = regex.compile(
    rf"(?i)\b(?P<minutes>half|(?:a\s+)?quarter|five|ten|twenty(?:[\s-]five)?)(?:\s+minutes)?[\s-](?P<way>past|after)[\s-]{_HOUR}\b"
)
_BEFORE = regex.compile(
    rf"(?i)\b(?P<minutes>(?:a\s+)?quarter)[\s-](?P<way>to)[\s-]{_HOUR}\b"
    rf"|(?:(?<=\bat\s)|(?<!\b(?:from|between)\s))\b(?P<minutes>five|ten|twenty(?:[\s-]five)?)(?:\s+minutes)?[\s-](?P<way>to)[\s-]{_HOUR}\b{_GOES_ON}"
    rf"|(?<=\bat\s)(?P<minutes>five|ten|twenty(?:[\s-]five)?)(?:\s+minutes)?[\s-](?P<way>to)[\s-]{_HOUR}\b{_ENDS}"
)
_HALF = regex.compile(rf"(?i)\bhalf[\s-](?P<hour>{_ANY})\b(?!\s+(?:of|the)\b)")
_HOUR_AND_MINUTES = regex.compile(
    rf"(?i)(?:(?<=\b(?:at|from|until|till|to)\s)\b(?P<hour>{_ANY})[\s-](?P<minutes>fifteen|thirty|forty(?:[\s-]five)?)\b{_ENDS}"
    rf"|\b(?P<hour>{_ANY})[\s-](?P<minutes>ten|fifteen|twenty|thirty|forty(?:[\s-]five)?|fifty)\b{_GOES_ON})"
)
_RANGE = regex.compile(
    rf"(?i)\b(?P<hour>{_ANY})(?=\s?{_TO}\s?(?:{_ANY}|\d{{1,2}}(?:[:.]\d\d)?)(?:\s?(?:[ap]\.?m\b|o['\u2019]clock)|\s{_PARTS}\b))"
    rf"|(?<=\bfrom\s)(?P<hour>{_ANY})(?=\s(?:to|until|till)\s(?:{_ANY})\b{_ENDS})"
)
_UNTIL = regex.compile(
    rf"(?i)\b(?P<hour>{_ANY})(?=\s(?:until|till)\s(?:{_ANY}|\d)|\s(?:sharp|prompt|on\s+the\s+(?:dot|hour))\b)"
)
_HUNDREDS = {"sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20}
_HUNDRED = regex.compile(rf"(?i)\b(?P<hour>{'|'.join(_HUNDREDS)})[\s-]hundred(?=\s+hours\b|{_GOES_ON})")
_NAMED = regex.compile(
    rf"(?i)\b(?P<hour>{_ANY})(?=\s?(?:o['\u2019]clock|[ap]\.?m\b)|\s{_PARTS}\b)|(?<=\b(?:until|till)\s)(?P<hour>{_ANY})\b"
)
_AT = regex.compile(
    rf"(?i)(?:(?<=(?<!\b(?:not|look|looks|looked|looking)\s)\bat\s)(?P<hour>{_ANY}|1[0-2]|[1-9])"
    rf"|(?<=\bfrom\s)(?P<hour>{_ANY}))\b(?![.:]\d){_ENDS}(?!\s?(?:o['\u2019]clock|[ap]\.?\s?m\b))"
)
_PART_OF_DAY = regex.compile(
    r"(?i)\b(?P<clock>\d{1,2}(?:[:.]\d\d)?)(?:\s?o['\u2019]clock)?,?\s(?:in\sthe|at|this)\s(?P<part>morning|afternoon|evening|night)\b"
    r"|\b(?P<clock>\d{1,2}(?:[:.]\d\d)?)(?:\s?o['\u2019]clock)?,?\s(?P<part>tonight)\b"
)
_NOON = regex.compile(rf"(?i)(?<!\b12\s)\b(?:noon|midday)\b(?=\s?{_TO}\s?\d)")
_LAST_HOUR = 12

_VAGUE = regex.compile(
    rf"""(?xi)\b(?: (?:at|over|around|before|after|until)\s+(?:lunch|tea|dinner|supper|breakfast|bed)(?:[\s-]?time)?
    | (?:lunch|tea|dinner|supper|bed)[\s-]?time
    | (?:just|shortly|soon|a\s+(?:little|bit))\s+(?:after|before)\s+(?:{_ANY}|\d{{1,2}})
    | at\s+(?:dawn|dusk|sunset|sunrise) | after\s+work
    | zur\s+mittagszeit | am\s+mittag | in\s+der\s+mittagspause | nach\s+feierabend
    | kurz\s+(?:vor|nach)\s+\w+(?:\s+uhr)? )\b"""
)


def in_figures(text: Rewriting) -> None:
    """Write the hours of the clock that are words in figures."""
    text.sub(_PAST, lambda found: _moved(found, 0))
    text.sub(_BEFORE, lambda found: _moved(found, -1))
    text.sub(_HALF, lambda found: f"{_number(found['hour'])}:30")
    text.sub(_HOUR_AND_MINUTES, lambda found: f"{_number(found['hour'])}:{_minutes(found):02}")
    text.sub(_RANGE, lambda found: str(_number(found["hour"])))
    text.sub(_UNTIL, _o_clock)
    text.sub(_HUNDRED, lambda found: f"{_HUNDREDS[found['hour'].casefold()]}:00")
    text.sub(_NAMED, lambda found: str(_number(found["hour"])))
    text.sub(_AT, lambda found: f"{found['hour']} o'clock" if found["hour"].isdigit() else _o_clock(found))
    text.sub(_PART_OF_DAY, _of_half)
    text.sub(_NOON, lambda _found: "12 noon")


def vague_times(line: Line) -> Iterator[tuple[str, str]]:
    """Words for a time that name no hour, as "at lunchtime", each with its sentence."""
    for found in _VAGUE.finditer(line.text):
        yield found[0], sentence(line.text[: found.start()], line.text[found.end() :])


def _o_clock(found: regex.Match[str]) -> str:
    return f"{_number(found['hour'])} o'clock"


def _number(hour: str) -> int:
    return int(hour) if hour.isdigit() else _HOURS.index(hour.casefold()) + 1


def _minutes(found: regex.Match[str]) -> int:
    said = " ".join(regex.split(r"[\s-]+", found["minutes"].casefold())).removeprefix("a ")
    return _MINUTES[said]


def _moved(found: regex.Match[str], hours: int) -> str:
    """Minutes past an hour; or before it, with the hour before (`hours` is -1)."""
    hour = _number(found["hour"])
    if hour > 23:  # noqa: PLR2004 -- hours of a day
        return found[0]
    minutes = _minutes(found)
    if not hours:
        return f"{hour}:{minutes:02}"
    return f"{hour - 1 or _LAST_HOUR}:{60 - minutes:02}"


def _of_half(found: regex.Match[str]) -> str:
    hour = int(regex.split(r"\D", found["clock"])[0])
    if not 1 <= hour <= _LAST_HOUR:
        return found["clock"] if ":" in found["clock"] or "." in found["clock"] else f"{hour}:00"
    part = found["part"].casefold()
    morning = part == "morning" or (part == "night" and hour < 6) or (part == "night" and hour == _LAST_HOUR)  # noqa: PLR2004
    return f"{found['clock']} {'am' if morning else 'pm'}"
