"""Dates and times in words, for a zone and the current language. Pure but for the language.

English dates are British. Other languages use the forms of the Unicode CLDR, by Babel.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.clock import clock_time
from bot.translation import ENGLISH, _, language

Form = Literal["day", "year", "weekday", "full"]
"""How much is said: 13 October; 13 October 2020; Tuesday 13 October; Tuesday 13 October 2020."""

_STYLES: dict[str, Literal["long", "full"]] = {"year": "long", "full": "full"}


def spoken_date(day: date, form: Form = "full") -> str:
    """A date in words. A datetime's is that of its own zone."""
    if language() == ENGLISH:
        weekday = f"{day:%A} " if form in {"weekday", "full"} else ""
        year = f" {day.year}" if form in {"year", "full"} else ""
        return f"{weekday}{day.day} {day:%B}{year}"
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415 -- most communities speak English

    if form in _STYLES:
        return format_date(day, _STYLES[form], locale=language())
    date = format_skeleton("MMMMd", day, locale=language())
    return _("{weekday} {date}").format(weekday=weekday_name(day), date=date) if form == "weekday" else date


def short_date(day: date) -> str:
    """A date in few letters, with its year: 13 Oct 2020."""
    if language() == ENGLISH:
        return f"{day.day} {day:%b %Y}"
    from babel.dates import format_skeleton  # noqa: PLC0415 -- as above

    return format_skeleton("yMMMd", day, locale=language())


def short_month(day: date) -> str:
    """A month in few letters, with its year: Oct 2020."""
    if language() == ENGLISH:
        return f"{day:%b %Y}"
    from babel.dates import format_skeleton  # noqa: PLC0415 -- as above

    return format_skeleton("yMMM", day, locale=language())


def city(zone: str) -> str:
    """The city in a zone's name: London for Europe/London."""
    plain = zone.rpartition("/")[2].replace("_", " ")
    if language() == ENGLISH or "/" not in zone or zone.startswith("Etc/"):
        return plain
    from babel.dates import get_timezone_location  # noqa: PLC0415 -- as above

    return get_timezone_location(zone, locale=language(), return_city=True) or plain


def zone_in_words(local: datetime, zone: str) -> str:
    """A zone as it is called in the language on that day: in German MEZ for Europe/Berlin, or Zeit in London.

    In English it is the zone's own name.
    """
    if language() == ENGLISH or "/" not in zone or zone.startswith("Etc/"):
        return zone
    from babel.dates import get_timezone_name  # noqa: PLC0415 -- as above

    short = get_timezone_name(local, width="short", locale=language())
    return short if short.isalpha() else _("{city} time").format(city=city(zone))


def zone_initials(local: datetime) -> str:
    """The short name of a time's zone on that day, such as BST; in German, such as MESZ."""
    english = local.tzname() or ""
    if language() == ENGLISH:
        return english
    from babel.dates import get_timezone_name  # noqa: PLC0415 -- as above

    found = get_timezone_name(local, width="short", locale=language())
    return found if found.isalpha() else english


def spoken_moment(at: datetime, zone: str, others: Sequence[str] = (), *, form: Form = "weekday") -> str:
    """A day and time in a zone, which is named, and the same time in the `others`.

    `Tuesday 13 October, 20:00 (Europe/London)`, in German `… (Zeit in London)`;
    with others `… 20:00 London time (21:00 Berlin, 15:00 New York)`.
    """
    return f"{spoken_date(at.astimezone(ZoneInfo(zone)), form)}, {spoken_time(at, zone, others)}"


def spoken_time(at: datetime, zone: str, others: Sequence[str] = ()) -> str:
    """A time in a zone, which is named, and the same time in the `others`."""
    local = at.astimezone(ZoneInfo(zone))
    time = clock_time(local)
    if not others:
        return _("{time} ({zone})").format(time=time, zone=zone_in_words(local, zone))
    return _("{time} {city} time ({elsewhere})").format(
        time=time, city=city(zone), elsewhere=elsewhere(at, zone, others)
    )


def elsewhere(at: datetime, zone: str, others: Sequence[str]) -> str:
    """The time in the other zones, with the weekday where it is another day: 21:00 Berlin, Wednesday 06:00 Sydney."""
    today = at.astimezone(ZoneInfo(zone)).date()
    return ", ".join(_time_there(at.astimezone(ZoneInfo(one)), one, today) for one in others)


def _time_there(local: datetime, zone: str, today: date) -> str:
    day = "" if local.date() == today else f"{weekday_name(local)} "
    return f"{day}{clock_time(local)} {city(zone)}"


def weekday_name(day: date) -> str:
    """The day of the week in words."""
    if language() == ENGLISH:
        return f"{day:%A}"
    from babel.dates import format_date  # noqa: PLC0415 -- as above

    return format_date(day, "EEEE", locale=language())
