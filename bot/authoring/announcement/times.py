"""Finds the time of day, the zone and the length of the chat in an announcement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import regex

from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.english_times import vague_times
from bot.authoring.announcement.lengths import LONGEST, SHORTEST, SaidLength, said_length
from bot.authoring.announcement.lines import Line
from bot.authoring.announcement.time_forms import FoundTime, tells_of_start, times_in
from bot.authoring.zone_names import ZoneMeaning, meaning_of
from bot.local_dates import city, zone_initials
from bot.messages import Value
from bot.translation import LazyText, _, lazy

_ZONE_OF_ALL = regex.compile(
    r"(?i)\b(?:all\s+times\s+(?:are\s+)?(?:in\s+)?|times?\s+(?:are\s+)?in\s+|time\s*zone\s*:?\s*)"
    r"(?P<zone>[A-Za-z][\w/ ]{1,30}?)(?=[.,;)]|$)"
)
_NAMES = regex.compile(r"\p{Lu}\w+(?:\s\p{Lu}\w+)?")
_AMERICAN = regex.compile(
    r"(?i)\b(?:eastern|pacific|mountain)\b|\b(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december)\s\d{1,2},?\s20\d\d"
)

_OFFSET = regex.compile(r"(?i)\b(?:GMT|UTC)\s?[+\-\u2212\u2013]\s?\d{1,2}(?:[:.]?\d\d)?(?!\d|\s?[ap]\.?m)")
"""A zone that is given by its distance from Greenwich."""

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

_GERMAN = {"MEZ": "CET", "MESZ": "CEST", "OEZ": "EET", "OESZ": "EEST"}
"""The same names in German."""

_RIVAL = 2.5
"""How much less likely another time may be and still be a doubt."""

_MOST = 100
"""Times of which one may be another start."""


class FoundStart(Value, frozen=True, kw_only=True):
    """When the chat begins by the clock of `zone`, and how long it is; None for what the text does not say.

    `said` are the words for the time.
    """

    clock: time | None = None
    said: str = ""
    zone: str | None = None
    length: timedelta | None = None
    doubts: tuple[Doubt, ...] = ()


def find_start(lines: Sequence[Line], day: date | None, day_line: int | None) -> FoundStart:
    """The time of the chat on `day`, which stands in `day_line`."""
    own = [line for line in lines if not line.after]
    found = sorted((one for line in own for one in times_in(line, day_line) if one.weight > 0), key=lambda o: -o.weight)
    if not found:
        said = said_length(own)
        return FoundStart(length=said.length, doubts=said.doubts)
    best = found[0]
    zone, doubts = _zone(best, best.zone or _zone_of_all(own), day, own)
    said = _length_until(best, best.end) if best.end else said_length(own)
    doubts += [*_unsure(best), *_rivals(found, zone, day), *_vague(own, best), *said.doubts]
    return FoundStart(clock=best.clock, said=best.said, zone=zone, length=said.length, doubts=tuple(doubts))


def _zone_of_all(lines: Sequence[Line]) -> str:
    """The zone that is said once, for all times."""
    found = (match["zone"].strip() for line in lines for match in _ZONE_OF_ALL.finditer(line.text))
    return next((said for said in found if meaning_of(said)), "")


def _zone(best: FoundTime, said: str, day: date | None, lines: Sequence[Line]) -> tuple[str | None, list[Doubt]]:
    """The zone that was meant, with the doubts about the words for it."""
    if not said:
        return None, []
    written = best.zone_said or said
    if offset := _OFFSET.search(f"{said} {best.after}"):
        why = lazy(
            "That is a distance from Greenwich, which no town keeps for sure all year. Write whose clock is meant."
        )
        return None, [Doubt(field="timezone", line=best.line, said=offset[0], assumed=None, why=why)]
    meaning = meaning_of(said) or ZoneMeaning(words="", places=())
    meaning = _narrowed(meaning, best)
    if len(meaning.places) > 1 and (likely := _by_context(said, lines)):
        why = lazy("Central time in North America was taken, as dates and other times are written there. Is it?")
        return likely, [Doubt(field="timezone", line=best.line, said=written, assumed=likely, why=why)]
    if len(meaning.places) != 1:
        quoted = [f'"{one}"' for one in meaning.places]
        choice = LazyText(lambda: _(" or ").join(quoted))
        why = lazy("It may be {words}: {places}. Write whose clock is meant.", words=meaning.words, places=choice)
        return None, [Doubt(field="timezone", line=best.line, said=written, assumed=None, why=why)]
    zone = meaning.places[0]
    short = said.replace(".", "").upper()
    at = datetime.combine(day, best.clock, ZoneInfo(zone)) if day else None
    if not at or _GERMAN.get(short, short) not in _SHORT_NAMES or at.tzname() == _GERMAN.get(short, short):
        return zone, []
    why = lazy(
        "On that day the clocks of {town} show {shown}, not {short}. Their time was taken; is {short} meant exactly?",
        town=partial(city, zone),
        shown=partial(zone_initials, at),
        short=short,
    )
    return zone, [Doubt(field="timezone", line=best.line, said=f"{best.said} {written}", assumed=zone, why=why)]


def _narrowed(meaning: ZoneMeaning, best: FoundTime) -> ZoneMeaning:
    """The one place of several that is also named just after the time, as in "8pm AEDT (Sydney time)"."""
    for name in _NAMES.findall(best.after) if len(meaning.places) > 1 else ():
        other = meaning_of(name)
        places = tuple(one for one in meaning.places if other and one in other.places)
        if len(places) == 1:
            return ZoneMeaning(words=meaning.words, places=places)
    return meaning


def _by_context(said: str, lines: Sequence[Line]) -> str | None:
    """The place of "Central time" beside what is only written in North America."""
    american = regex.sub(r"(?i)\W*time$", "", said).casefold() in ("central", "cst")
    return "America/Chicago" if american and any(_AMERICAN.search(line.text) for line in lines) else None


def _unsure(best: FoundTime) -> Iterator[Doubt]:
    if not best.sure:
        why = lazy("It may be the morning or the evening; this was taken. Write it like 20:00.")
        yield Doubt(field="starts", line=best.line, said=best.said, assumed=f"{best.clock:%H:%M}", why=why)


def _rivals(found: Sequence[FoundTime], zone: str | None, day: date | None) -> Iterator[Doubt]:
    """Another time that may be the chat's, unless it is the same instant by another clock."""
    best = found[0]
    for other in found[1:_MOST]:
        if other.clock == best.clock and other.zone in ("", best.zone):
            continue
        if (other.starts or other.weight > best.weight - _RIVAL or not _during(best, other)) and not _same_instant(
            best, other, zone, day
        ):
            said = f"{other.said} {other.zone_said}".strip()
            why = lazy(
                "The text also names {time}, in line {line}. Which is the start? One chat has one start.",
                time=best.said,
                line=best.line,
            )
            yield Doubt(field="starts", line=other.line, said=said, assumed=f"{best.clock:%H:%M}", why=why)
            return


def _during(best: FoundTime, other: FoundTime) -> bool:
    """Whether a time is within the hours after the start: of a part of the chat, or its end."""
    on = date(2000, 1, 1)
    return datetime.combine(on, other.clock) - datetime.combine(on, best.clock) <= LONGEST and other.clock >= best.clock


def _vague(lines: Sequence[Line], best: FoundTime) -> Iterator[Doubt]:
    """Words that may name another time without an hour, as "at lunchtime", in a sentence about the chat."""
    for line in lines:
        for said, around in vague_times(line) if not (line.style and line.text.endswith("?")) else ():
            if tells_of_start(around):
                why = lazy('The text also says "{words}". When does the chat begin?', words=said)
                yield Doubt(field="starts", line=line.number, said=said, assumed=f"{best.clock:%H:%M}", why=why)
                return


def _same_instant(one: FoundTime, other: FoundTime, zone: str | None, day: date | None) -> bool:
    meaning = meaning_of(other.zone) if other.zone else None
    if not (zone and day and meaning):
        return False
    at = datetime.combine(day, one.clock, ZoneInfo(zone))
    return any(at.astimezone(ZoneInfo(place)).time() == other.clock for place in meaning.places)


def _length_until(best: FoundTime, end: time) -> SaidLength:
    on = date(2000, 1, 1)
    length = (datetime.combine(on, end) - datetime.combine(on, best.clock)) % timedelta(days=1)
    if SHORTEST <= length <= LONGEST:
        return SaidLength(length=length)
    why = lazy("A chat lasts from some minutes to some hours. Write how long it is.")
    return SaidLength(doubts=(Doubt(field="length", line=best.line, said=best.said, assumed=None, why=why),))
