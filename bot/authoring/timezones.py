"""From the clock on the wall to UTC. Pure.

Twice a year that is not simple: an hour that is skipped does not exist, an hour that comes twice needs to be told
apart by its offset. Anything doubtful is answered with words for the person who wrote it, never with a guess.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.authoring.fields import WEEKDAYS, YEARS
from bot.toml.validation import nearest, shown

_OFFSET = re.compile(r"(?:(?:Etc/)?(?:UTC|GMT))?\s*[+-]\s*\d.*|\d.*", re.IGNORECASE)
_STEP = timedelta(minutes=1)


@cache
def zones() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def strange(zone: str) -> str | None:
    """What is wrong with the name of a time zone, or None."""
    if _OFFSET.fullmatch(zone):
        return f'{shown(zone)} is an offset; name a place on the same clock, as in "Europe/London".'
    if zone in zones():
        return None
    towns = {name.rsplit("/", 1)[-1]: name for name in sorted(zones())}
    town = nearest(zone.rsplit("/", 1)[-1].replace(" ", "_"), towns)
    meant = nearest(zone, zones()) or (towns[town] if town else None)
    return f"{shown(zone)} is not a known time zone; " + (
        f"did you mean '{meant}'?" if meant else 'name a place on the same clock, as in "Europe/London".'
    )


def joined(day: date, clock: time | None) -> datetime | None:
    """A date with the series' time; None where there is none."""
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, clock) if clock else None


def instant(wall: datetime, zone: str) -> tuple[datetime | None, str]:
    """The instant in UTC when the wall clock in `zone` reads `wall`; or None and what is wrong with it.

    A `wall` with an offset is taken only where the zone really has that offset then.
    """
    place = ZoneInfo(zone)
    naive = wall.replace(tzinfo=None)
    both = [naive.replace(tzinfo=place, fold=0), naive.replace(tzinfo=place, fold=1)]
    real = [one for one in both if one.astimezone(UTC).astimezone(place).replace(tzinfo=None) == naive]
    if not real:
        return None, (
            f"{_hour(naive)} does not exist in {zone}: the clocks go forward. "
            f"The next time that does is {_next(naive, place).isoformat()}."
        )
    if wall.tzinfo:
        same = [one for one in real if one.utcoffset() == wall.utcoffset()]
        return (same[0].astimezone(UTC), "") if same else (None, _elsewhere(real[0], zone))
    if real[0].utcoffset() != real[-1].utcoffset():
        first, second = (one.isoformat() for one in real)
        return None, (
            f"{_hour(naive)} comes twice in {zone}: the clocks go back. "
            f"Say which by its offset: {first} is the first, {second} the second."
        )
    return real[0].astimezone(UTC), ""


def other_day(wall: datetime, weekday: str) -> str | None:
    """Words where a chat is not on its series' day of the week."""
    day = WEEKDAYS[wall.weekday()]
    if day == weekday:
        return None
    return f"'starts' is on a {day.capitalize()}, and the series is on {weekday.capitalize()}s; is the date right?"


def far(start: datetime, now: datetime) -> str | None:
    """Words where a chat is so far ahead that its year may be a slip."""
    if start - now <= timedelta(days=366):
        return None
    last = YEARS[-1] + 1
    return f"'starts' is more than a year ahead; is {start.year} the year you mean?" if start.year < last else None


def _hour(naive: datetime) -> str:
    return f"{naive:%H:%M} on {naive:%Y-%m-%d}"


def _elsewhere(real: datetime, zone: str) -> str:
    return f"'starts' has another offset than {zone} has then; write {real.replace(tzinfo=None).isoformat()}."


def _next(naive: datetime, place: ZoneInfo) -> datetime:
    """The first whole minute after `naive` that exists. One zone once skipped a whole day; none more."""
    moment = naive.replace(second=0, microsecond=0)
    while moment.replace(tzinfo=place).astimezone(UTC).astimezone(place).replace(tzinfo=None) != moment:
        moment += _STEP
    return moment
