"""Times of day and zones in German, rewritten as the forms that are read in English: "halb neun Uhr abends", "MESZ".

Hours in words and halves become figures, and a part of the day "am" or "pm". What can't be said so stays as it is.
"""

from __future__ import annotations

from functools import partial

import regex

from bot.authoring.announcement.rewriting import Rewriting

_SPELLED = ("ein", "zwei", "drei", "vier", "f\u00fcnf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zw\u00f6lf")
_HOURS = {name: number for number, name in enumerate(_SPELLED, 1)} | {
    "eins": 1, "achtzehn": 18, "neunzehn": 19, "zwanzig": 20, "einundzwanzig": 21
}  # fmt: skip
_HOUR = rf"(?P<hour>\d{{1,2}}|{'|'.join(sorted(_HOURS, key=len, reverse=True))})"

_PART = regex.compile(
    rf"(?i)\b(?P<before>dreiviertel|halb|viertel(?:\s+(?:vor|nach))?)\s+{_HOUR}\b(?![:.]\d)(?P<uhr>\s+Uhr\b)?"
)
_MINUTES = {
    "halb": (-1, 30), "viertel": (-1, 15), "dreiviertel": (-1, 45), "viertel vor": (-1, 45), "viertel nach": (0, 15)
}  # fmt: skip
"""Hours to add, and minutes: "halb neun" is 8:30, "viertel neun" 8:15, "Viertel nach neun" 9:15."""

_DAY_PART = (
    r"(?P<part>morgens|fr\u00fch|vormittags|mittags|nachmittags|abends|nachts"
    r"|am\s+(?:morgen|vormittag|mittag|nachmittag|abend)\b|in\s+der\s+(?:fr\u00fch|nacht)\b)"
)
_IN_WORDS = regex.compile(
    rf"(?i)\b(?!\d){_HOUR}(?=\s+Uhr\b|\s+(?:{_DAY_PART.replace('?P<part>', '?:')}))"
    rf"|(?<=\b(?:um|ab|gegen|bis)\s)(?!\d|ein\b){_HOUR}\b(?=\s*(?:[.,;:!?)(\u2013-]|$)"
    r"|\s+(?:am|im|in|auf|mit|f\u00fcr|los|an|treffen|beginnt|beginnen|sprechen|reden|geht|(?-i:ME|DE|UT)\w+)\b)"
)
_ALONE = regex.compile(
    r"(?i)(?:(?<=\bum\s)(?P<hour>\d{1,2})|(?<=\b(?:ab|gegen)\s)(?P<hour>1[0-2]|[1-9]))\b(?![:.]\d|\d)(?=\s*(?:[.,;:!?)(\u2013-]|$)"
    r"|\s+(?:am|im|in|auf|mit|f\u00fcr|los|an|treffen|beginnt|beginnen|sprechen|reden|geht|(?-i:ME|DE|UT)\w+)\b)"
)
_UNTIL = regex.compile(
    rf"(?i)\b(?!\d|ein\b){_HOUR}(?=\s+bis\s+(?:{'|'.join(_HOURS)}|\d{{1,2}})\b"
    rf"(?:\s+Uhr\b|\s*(?:[.,;:!?)(\u2013-]|$)|\s+{_DAY_PART.replace('?P<part>', '?:')}))"
)
_MIDNIGHT = regex.compile(r"(?i)\bMitternacht\b")
_NEAR_AN_HOUR = regex.compile(rf"(?i)\b(?:kurz|\w+(?:\s+Minuten)?)\s+(?:vor|nach)\s+{_HOUR}(?=\s+Uhr\b)")

_CLOCK = r"(?P<clock>\d{1,2}(?:[:.]\d\d)?)"
_PART_OF_DAY = regex.compile(
    rf"(?i)\b{_CLOCK}(?:\s+Uhr)?\s+{_DAY_PART}(?!\w)"
    rf"|\b(?P<part>(?:am\s+)?abends?|morgens|mittags|nachmittags|nachts)\s+(?:um|ab|gegen)\s+{_CLOCK}(?:\s+Uhr)?\b(?![:.]\d)"
)
_MORNING = ("morgen", "fr\u00fch", "vormittag")
_NIGHT_ENDS = 6
"""The hour before which "nachts" is after midnight."""
_NOON = 12

_ZONES = (
    (r"mitteleurop\u00e4ische[rn]?\s+Sommerzeit", "MESZ"),
    (r"mitteleurop\u00e4ische[rn]?\s+(?:Winter)?zeit", "MEZ"),
    (r"(?:deutsche[rn]?|Berliner)\s+(?:Orts|Sommer|Winter)?zeit", "Berlin"),
    (r"(?:\u00f6sterreichische[rn]?|Wiener)\s+(?:Orts|Sommer|Winter)?zeit", "Wien"),
    (r"(?:Schweizer|Z\u00fcrcher)\s+(?:Orts|Sommer|Winter)?zeit", "Schweiz"),
    (r"(?:britische[rn]?|Londoner)\s+(?:Orts|Sommer|Winter)?zeit", "London"),
)
_ZONE = [(regex.compile(rf"(?i)\b{form}\b"), name) for form, name in _ZONES]


_IS_GERMAN = regex.compile(
    r"(?i)\b(?:uhr|halb|viertel|dreiviertel|abends?|morgens|(?:nach|vor)?mittags?|nachts|mitternacht|(?:um|ab|gegen|bis)\s+\w+)\b|zeit\b"
)
"""Words without which nothing is to be rewritten."""


def in_known_forms(text: Rewriting) -> None:
    """Write German times of day and zones as they are read; any other text stays as it is."""
    if not _IS_GERMAN.search(text.text):
        return
    text.sub(_PART, _with_minutes)
    text.sub(_NEAR_AN_HOUR, lambda found: found[0].replace(found["hour"], "?"))
    text.sub(_UNTIL, lambda found: f"{_number(found['hour'])} Uhr")
    text.sub(_IN_WORDS, lambda found: str(_number(found["hour"])))
    text.sub(_PART_OF_DAY, _of_half)
    text.sub(_ALONE, lambda found: f"{found['hour']} Uhr")
    text.sub(_MIDNIGHT, lambda _found: "midnight")
    for form, name in _ZONE:
        text.sub(form, partial(_always, name))


def _always(name: str, _found: regex.Match[str]) -> str:
    return name


def _with_minutes(found: regex.Match[str]) -> str:
    more, minutes = _MINUTES[" ".join(found["before"].casefold().split())]
    hour = (_number(found["hour"]) + more) % 24
    return f"{hour}:{minutes:02}{found['uhr'] or ''}"


def _of_half(found: regex.Match[str]) -> str:
    hour = int(regex.split(r"\D", found["clock"])[0])
    if not 1 <= hour <= _NOON:
        return f"{found['clock']} Uhr"  # 20 Uhr abends
    part = found["part"].casefold()
    night = "nacht" in part and (hour < _NIGHT_ENDS or hour == _NOON)
    return f"{found['clock']} {'am' if night or any(one in part for one in _MORNING) else 'pm'}"


def _number(hour: str) -> int:
    return int(hour) if hour.isdigit() else _HOURS[hour.casefold()]
