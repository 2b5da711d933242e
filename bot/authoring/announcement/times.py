"""Finds the time of day, the zone and the length of the chat in an announcement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import regex

from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.lines import Line
from bot.authoring.announcement.time_forms import FoundTime, times_in
from bot.authoring.zone_names import ZoneMeaning, meaning_of
from bot.messages import Value
from bot.toml.duration import format_duration

_ZONE_OF_ALL = regex.compile(
    r"(?i)\b(?:all\s+times\s+(?:are\s+)?(?:in\s+)?|times?\s+(?:are\s+)?in\s+|time\s*zone\s*:?\s*)"
    r"(?P<zone>[A-Za-z][\w/ ]{1,30}?)(?=[.,;)]|$)"
)
_SHORT_NAMES = frozenset(
    [
        "GMT",
        "BST",
        "EST",
        "EDT",
        "CST",
        "CDT",
        "MST",
        "MDT",
        "PST",
        "PDT",
        "CET",
        "CEST",
        "EET",
        "EEST",
        "AEST",
        "AEDT",
        "NZST",
        "NZDT",
        "IST",
    ]
)
"""Names of a zone's time in winter or in summer, which are often written for the wrong half of the year."""

_LENGTH = regex.compile(
    r"""(?xi)\b(?: (?:an|one|1)[\s-]hour(?:[\s-]long)?\b | hour-long | (?P<half>half\s+an\s+hour)
      | (?P<number>\d{1,3}(?:\.5)?|two|three)[\s-]?(?P<unit>minutes?|mins?|hours?|hrs?)\b )"""
)
_SPELLED = {"two": 2.0, "three": 3.0}
_DAYS_LONG = regex.compile(
    r"(?i)\b(?:(?:24|36|48|72)[\s-]?(?:hours?|hrs?)|all[\s-]day|week[\s-]long|all\s+week|(?:two|three)[\s-]day)\b"
)
_ABOUT_CHAT = regex.compile(r"(?i)\b(?:chat|join|hosted|tweet|live|session|discussion|lasts?)\b|#\w")

_SHORTEST, _LONGEST = timedelta(minutes=10), timedelta(hours=4)
"""Lengths that a chat may have; what is longer is doubted, what is shorter is not its length."""

_RIVAL = 2.5
"""How much less likely another time may be and still be a doubt."""


class FoundStart(Value, frozen=True, kw_only=True):
    """When the chat begins by the clock of `zone`, and how long it is; None for what the text does not say."""

    clock: time | None = None
    zone: str | None = None
    length: timedelta | None = None
    doubts: tuple[Doubt, ...] = ()


def find_start(lines: Sequence[Line], day: date | None, day_line: int | None) -> FoundStart:
    """The time of the chat on `day`, which stands in `day_line`."""
    own = [line for line in lines if not line.after]
    found = sorted((one for line in own for one in times_in(line, day_line) if one.weight > 0), key=lambda o: -o.weight)
    if not found:
        length, doubts = _said_length(own)
        return FoundStart(length=length, doubts=tuple(doubts))
    best = found[0]
    zone, doubts = _zone(best, best.zone or _zone_of_all(own), day)
    length, more = _length_until(best) if best.end else _said_length(own)
    doubts += [*_unsure(best), *_rivals(found, zone, day), *more]
    return FoundStart(clock=best.clock, zone=zone, length=length, doubts=tuple(doubts))


def _zone_of_all(lines: Sequence[Line]) -> str:
    """The zone that is said once, for all times."""
    found = (match["zone"].strip() for line in lines for match in _ZONE_OF_ALL.finditer(line.text))
    return next((said for said in found if meaning_of(said)), "")


def _zone(best: FoundTime, said: str, day: date | None) -> tuple[str | None, list[Doubt]]:
    """The zone that was meant, with the doubts about the words for it."""
    if not said:
        return None, []
    meaning = meaning_of(said) or ZoneMeaning(words="", places=())
    if len(meaning.places) != 1:
        choice = " or ".join(f'"{one}"' for one in meaning.places)
        why = f"It may be {meaning.words}: {choice}. Write whose clock is meant."
        return None, [Doubt(field="timezone", line=best.line, said=said, assumed=None, why=why)]
    zone = meaning.places[0]
    short = said.replace(".", "").upper()
    shown = datetime.combine(day, best.clock, ZoneInfo(zone)).tzname() if day else short
    if short not in _SHORT_NAMES or shown == short:
        return zone, []
    town = zone.rsplit("/", 1)[-1].replace("_", " ")
    why = f"On that day the clocks of {town} show {shown}, not {short}. Their time was taken; is {short} meant exactly?"
    return zone, [Doubt(field="timezone", line=best.line, said=f"{best.said} {said}", assumed=zone, why=why)]


def _unsure(best: FoundTime) -> Iterator[Doubt]:
    if not best.sure:
        why = "It may be the morning or the evening; this was taken. Write it like 20:00."
        yield Doubt(field="starts", line=best.line, said=best.said, assumed=f"{best.clock:%H:%M}", why=why)


def _rivals(found: Sequence[FoundTime], zone: str | None, day: date | None) -> Iterator[Doubt]:
    """Another time that may be the chat's, unless it is the same instant by another clock."""
    best = found[0]
    for other in found[1:]:
        if other.clock == best.clock and other.zone in ("", best.zone):
            continue
        if other.weight > best.weight - _RIVAL and not _same_instant(best, other, zone, day):
            said = f"{other.said} {other.zone}".strip()
            why = f"The text also names {best.said}, in line {best.line}. Which is the start? One chat has one start."
            yield Doubt(field="starts", line=other.line, said=said, assumed=f"{best.clock:%H:%M}", why=why)
            return


def _same_instant(one: FoundTime, other: FoundTime, zone: str | None, day: date | None) -> bool:
    meaning = meaning_of(other.zone) if other.zone else None
    if not (zone and day and meaning):
        return False
    at = datetime.combine(day, one.clock, ZoneInfo(zone))
    return any(at.astimezone(ZoneInfo(place)).time() == other.clock for place in meaning.places)


def _length_until(best: FoundTime) -> tuple[timedelta | None, list[Doubt]]:
    if best.end is None:
        return None, []
    on = date(2000, 1, 1)
    length = (datetime.combine(on, best.end) - datetime.combine(on, best.clock)) % timedelta(days=1)
    if _SHORTEST <= length <= _LONGEST:
        return length, []
    why = "A chat lasts from some minutes to some hours. Write how long it is."
    return None, [Doubt(field="length", line=best.line, said=best.said, assumed=None, why=why)]


def _said_length(lines: Sequence[Line]) -> tuple[timedelta | None, list[Doubt]]:
    """The length that the text says in words."""
    for line in lines:
        if line.text.endswith("?") or not _ABOUT_CHAT.search(line.text):
            continue
        if match := _DAYS_LONG.search(line.text):
            why = f"Convenor holds chats of up to {format_duration(_LONGEST)} or so. Write how long this one is."
            return None, [Doubt(field="length", line=line.number, said=match[0], assumed=None, why=why)]
        match = _LENGTH.search(line.text)
        if match and _SHORTEST <= (length := _duration(match)) <= _LONGEST:
            return length, []
    return None, []


def _duration(match: regex.Match[str]) -> timedelta:
    if match["half"] or not match["number"]:
        return timedelta(minutes=30 if match["half"] else 60)
    number = _SPELLED.get(match["number"].casefold()) or float(match["number"])
    return timedelta(minutes=number) if match["unit"].casefold().startswith("m") else timedelta(hours=number)
