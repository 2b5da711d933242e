"""Public holidays where a chat's clock is. Pure."""

from __future__ import annotations

from datetime import date

from bot.authoring.zone_names import country_of


def holiday(day: date, timezone: str) -> str:
    """The name of the public holiday on a day in the country of a time zone; empty if it is none, or unknown.

    A holiday of a part of the country alone is not named.
    """
    import holidays  # noqa: PLC0415 -- a large library, which hosting does not need

    country = country_of(timezone)
    if country not in holidays.list_supported_countries():
        return ""
    return holidays.country_holidays(country, years=day.year).get(day) or ""
