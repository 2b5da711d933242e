"""Local times to UTC. Pure.

When clocks change, a skipped hour does not exist, and a repeated one needs an offset to be clear. Anything ambiguous
gets a message for the person who wrote it, never a guess.
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
def known_timezones() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def timezone_mistake(zone: str) -> str | None:
    """The message for an unknown time zone; None if it is known."""
    if _OFFSET.fullmatch(zone):
        return f'{shown(zone)} is an offset; name a place on the same clock, as in "Europe/London".'
    if zone in known_timezones():
        return None
    towns = {name.rsplit("/", 1)[-1]: name for name in sorted(known_timezones())}
    town = nearest(zone.rsplit("/", 1)[-1].replace(" ", "_"), towns)
    meant = nearest(zone, known_timezones()) or (towns[town] if town else None)
    return f"{shown(zone)} is not a known time zone; " + (
        f"did you mean '{meant}'?" if meant else 'name a place on the same clock, as in "Europe/London".'
    )


def with_time(day: date, clock: time | None) -> datetime | None:
    """A date with the series' time; None if the series has none."""
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, clock) if clock else None


def to_utc(wall: datetime, zone: str) -> tuple[datetime | None, str]:
    """The time in UTC at which the clocks in `zone` show `wall`; or None and a message.

    A `wall` with an offset counts only if the zone has that offset at the time.
    """
    timezone = ZoneInfo(zone)
    naive = wall.replace(tzinfo=None)
    both = [naive.replace(tzinfo=timezone, fold=0), naive.replace(tzinfo=timezone, fold=1)]
    existing = [one for one in both if one.astimezone(UTC).astimezone(timezone).replace(tzinfo=None) == naive]
    if not existing:
        return None, (
            f"{_hour(naive)} does not exist in {zone}: the clocks go forward. "
            f"The next time that does is {_next_existing(naive, timezone).isoformat()}."
        )
    if wall.tzinfo:
        same = [one for one in existing if one.utcoffset() == wall.utcoffset()]
        return (same[0].astimezone(UTC), "") if same else (None, _wrong_offset(existing[0], zone))
    if existing[0].utcoffset() != existing[-1].utcoffset():
        first, second = (one.isoformat() for one in existing)
        return None, (
            f"{_hour(naive)} comes twice in {zone}: the clocks go back. "
            f"Say which by its offset: {first} is the first, {second} the second."
        )
    return existing[0].astimezone(UTC), ""


def wrong_weekday(wall: datetime, weekday: str) -> str | None:
    """The message for a chat that is not on its series' weekday; None if it is."""
    day = WEEKDAYS[wall.weekday()]
    if day == weekday:
        return None
    return f"'starts' is on a {day.capitalize()}, and the series is on {weekday.capitalize()}s; is the date right?"


def far_ahead(start: datetime, now: datetime) -> str | None:
    """The message for a start so far ahead that its year may be a typing error; else None."""
    if start - now <= timedelta(days=366):
        return None
    last = YEARS[-1] + 1
    return f"'starts' is more than a year ahead; is {start.year} the year you mean?" if start.year < last else None


def _hour(naive: datetime) -> str:
    return f"{naive:%H:%M} on {naive:%Y-%m-%d}"


def _wrong_offset(existing: datetime, zone: str) -> str:
    return f"'starts' has another offset than {zone} has then; write {existing.replace(tzinfo=None).isoformat()}."


def _next_existing(naive: datetime, timezone: ZoneInfo) -> datetime:
    """The first whole minute after `naive` that exists. No zone ever skipped more than a day."""
    moment = naive.replace(second=0, microsecond=0)
    while moment.replace(tzinfo=timezone).astimezone(UTC).astimezone(timezone).replace(tzinfo=None) != moment:
        moment += _STEP
    return moment
