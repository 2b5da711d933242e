"""Local times to UTC. Pure.

When clocks change, a skipped hour does not exist, and a repeated one needs an offset to be clear. Anything ambiguous
gets a message for the person who wrote it, never a guess.
"""

from __future__ import annotations

import difflib
import re
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo, available_timezones

from bot.authoring.fields import WEEKDAYS, YEARS
from bot.authoring.zone_names import ZoneMeaning, meaning_of
from bot.authoring.zone_words import FIXED
from bot.local_dates import city, spoken_date, weekday_name, zone_initials
from bot.toml.validation import shown
from bot.translation import LazyText, lazy, pending

_OFFSET = re.compile(r"(?:(?:Etc/)?(?:UTC|GMT))?\s*[+-]\s*\d.*|\d.*", re.IGNORECASE)

DEFAULT_TIMEZONE = "UTC"
"""The time zone of a chat that names none."""

_SUMMER_TIME = pending(
    '{written} is read as the clock of {town}, which shows summer time ({summer}) then; write "{place}" if that is '
    "what you mean."
)
_NO_SUMMER_TIME = pending(
    '{written} knows no summer time: at {time} {zone} the clocks in {town} show {local} ({summer}). Write "{place}" '
    "if you mean the time there."
)
_DID_YOU_MEAN = pending("{zone} is not a known time zone; did you mean '{meant}'?")
_MAY_BE = pending("{zone} may be {words}; write which place you mean: {choices}.")
_IS = pending("{zone} is {words}; write which place you mean: {choices}.")

_NEARLY_THE_SAME = 0.8
"""How much of a town's name has to be right: one or two letters may be wrong or in another order."""


@cache
def known_timezones() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def timezone_mistake(zone: str) -> LazyText | None:
    """The message for an unknown time zone; None if it is known."""
    if _OFFSET.fullmatch(zone):
        return lazy('{zone} is an offset; name a place on the same clock, as in "Europe/London".', zone=shown(zone))
    if zone in known_timezones():
        return None
    meant = _nearest_in_region(zone)
    if not meant and (known := meaning_of(zone) or _meaning_in_region(zone)):
        return _meaning_message(zone, known)
    if meant:
        return lazy(_DID_YOU_MEAN, zone=shown(zone), meant=meant)
    return lazy(
        '{zone} is not a known time zone; name a place on the same clock, as in "Europe/London".', zone=shown(zone)
    )


def _meaning_in_region(zone: str) -> ZoneMeaning | None:
    """The meaning of a name after a region, as in "Europe/Scotland"; None if it has no known region before it."""
    region, _, name = zone.partition("/")
    regions = {known.partition("/")[0].casefold() for known in known_timezones() if "/" in known}
    return meaning_of(name) if region.strip().casefold() in regions else None


def _nearest_in_region(zone: str) -> str | None:
    """The zone that was meant by a name with its region, in which a letter may be wrong; else None.

    Such a name was copied from a list. The spelling of any other says nothing.
    """
    region, _, town = zone.strip().replace(" ", "_").casefold().rpartition("/")
    towns = {
        name.rpartition("/")[2].casefold(): name
        for name in sorted(known_timezones())
        if name.rpartition("/")[0].casefold() == region
    }
    found = difflib.get_close_matches(town, towns, 1, _NEARLY_THE_SAME) if region else []
    return towns[found[0]] if found else None


def _meaning_message(zone: str, known: ZoneMeaning) -> LazyText:
    """The message for something that people write for a zone: the place to write, or the question which."""
    places = known.places
    if len(places) > 1:
        quoted = [f'"{place}"' for place in places]
        choices = lazy("{some} or {last}", some=", ".join(quoted[:-1]), last=quoted[-1])
        message = _MAY_BE if " or " in known.words or known.words.startswith("one of") else _IS
        return lazy(message, zone=shown(zone), words=known.words, choices=choices)
    if zone.replace(" ", "_").casefold() == places[0].rsplit("/", 1)[-1].casefold():
        return lazy(_DID_YOU_MEAN, zone=shown(zone), meant=places[0])
    return lazy(
        '{zone} is {words}, not the name of a time zone; write "{place}".',
        zone=shown(zone),
        words=known.words,
        place=places[0],
    )


def fixed_zone_doubt(zone: str, start: datetime) -> LazyText | None:
    """The message for a zone named by an abbreviation, where a place with that winter time has summer time; else None.

    Some of these names, such as EST and GMT, never have summer time; others, such as CET, are read as a place's clock.
    """
    place = FIXED.get(zone)
    local = start.astimezone(ZoneInfo(place)) if place else None
    if not local or not place or not local.dst():
        return None
    there = start.astimezone(ZoneInfo(zone))
    said = partial(
        lazy, written=shown(zone), town=partial(city, place), summer=partial(zone_initials, local), place=place
    )
    if there.utcoffset() == local.utcoffset():
        return said(_SUMMER_TIME)
    return said(_NO_SUMMER_TIME, zone=zone, time=f"{there:%H:%M}", local=f"{local:%H:%M}")


def with_time(day: date, clock: time | None) -> datetime | None:
    """A date with the series' time; None if the series has none."""
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, clock) if clock else None


def wrong_weekday(wall: datetime, weekday: str) -> LazyText | None:
    """The message for a chat that is not on its series' weekday; None if it is."""
    off = WEEKDAYS.index(weekday) - wall.weekday()
    if not off:
        return None
    return lazy(
        "'starts' is on a {day}, and the series is on {usual}s; is the date right?",
        day=partial(weekday_name, wall),
        usual=partial(weekday_name, wall.replace(tzinfo=None) + timedelta(days=off)),
    )


def is_past(wall: datetime, ends: datetime, now: datetime) -> LazyText | None:
    """The message for a chat that is over, whose year or month may be a typing error; else None."""
    if now < ends:
        return None
    return lazy(
        "'starts' is on {day}, so the chat is over; is the year right? To hold it again, give it a new start.",
        day=partial(spoken_date, wall, "year"),
    )


def far_ahead(start: datetime, now: datetime) -> LazyText | None:
    """The message for a start so far ahead that its year may be a typing error; else None."""
    if start - now <= timedelta(days=366):
        return None
    if start.year > YEARS[-1]:
        return None
    return lazy("'starts' is more than a year ahead; is {year} the year you mean?", year=start.year)
