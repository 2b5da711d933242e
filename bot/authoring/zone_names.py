"""Other names for time zones that people write: abbreviations, countries, towns. Pure.

Each leads to the place that is meant, or to a question where several may be. Nothing is guessed from its spelling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial
from importlib import resources
from zoneinfo import available_timezones

from bot.authoring.zone_words import ABBREVIATIONS, PLACES, QUESTIONS
from bot.local_dates import city
from bot.messages import Value
from bot.translation import ENGLISH, LazyText, language, lazy

_MANY = 5
"""A question names at most this many places."""

_NOISE = re.compile(r"\b(?:the|us|time|timezone|zone|standard|daylight|summer|winter|local|clock)\b")

_SEPARATORS = re.compile(r"[/,()]|\bor\b|\band\b", re.IGNORECASE)
"""Between two names for one clock, as in "GMT/BST"."""

_NO_TOWNS = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/", "posix/", "right/")
"""Groups of zones that are not named after towns."""

_WITH_OFFSET = re.compile(r"(?:\b(?:UTC|GMT))?\s*[+\u2212-]\s*\d[\d:]*", re.IGNORECASE)
"""An offset beside a name, as in "BST (UTC+1)"."""


class ZoneMeaning(Value, frozen=True, kw_only=True):
    """The meaning of such a name: in words, and the place; or several places, of which the host must name one.

    The words can be translated.
    """

    words: str
    places: tuple[str, ...]


def meaning_of(written: str) -> ZoneMeaning | None:
    """The meaning of something that is no zone's name, without regard to case; None if nobody can tell."""
    whole = _single_meaning(written)
    parts = [_single_meaning(part) for part in _SEPARATORS.split(_WITH_OFFSET.sub(" ", written)) if part.strip()]
    if whole or not parts or not all(parts):
        return whole
    known = [part for part in parts if part]
    agreed = tuple(place for place in known[0].places if all(place in part.places for part in known))
    narrowest = min(known, key=lambda part: len(part.places))
    return ZoneMeaning(words=narrowest.words, places=agreed) if agreed else None


def _single_meaning(written: str) -> ZoneMeaning | None:
    exact = " ".join(re.sub(r"[\s_]+", " ", written.replace(".", "").casefold()).split())
    plain = " ".join(_NOISE.sub(" ", exact).split())
    return next((known for name in (exact, plain) if name and (known := _known().get(name))), None)


@cache
def _known() -> Mapping[str, ZoneMeaning]:
    """All meanings by casefolded name. Our own tables count before the countries of the time zone database."""
    found = {name: ZoneMeaning(words=words, places=places) for name, (words, places) in _database_names().items()}
    for place, names in PLACES.items():
        found |= {name.casefold(): ZoneMeaning(words=_clock_of(place), places=(place,)) for name in names}
    for spelled, (words, places) in QUESTIONS.items():
        found |= {name: ZoneMeaning(words=lazy(words), places=places) for name in spelled.split("|")}
    for spelled, (words, places) in ABBREVIATIONS.items():
        found |= {name: ZoneMeaning(words=lazy(words), places=places) for name in spelled.split()}
    return found


@cache
def country_of(zone: str) -> str:
    """The two letters of the country that a zone belongs to; empty if it is none's, or has an old name."""
    return next((code for code, _, name, *_ in _table("zone.tab") if name == zone), "")


def _database_names() -> dict[str, tuple[LazyText, tuple[str, ...]]]:
    """Countries by their English names, and towns, as the time zone database has them."""
    zones: dict[str, list[str]] = {}
    for code, _, zone, *_ in _table("zone.tab"):
        zones.setdefault(code, []).append(zone)
    found: dict[str, tuple[LazyText, tuple[str, ...]]] = {}
    for code, country, *_ in _table("iso3166.tab"):
        if places := tuple(zones.get(code, ())[:_MANY]):
            found[country.casefold()] = (lazy("the clock of {place}", place=partial(_country, code, country)), places)
    canonical = [zone for places in zones.values() for zone in places]
    for zone in (*sorted(available_timezones()), *canonical):
        if "/" in zone and not zone.startswith(_NO_TOWNS):
            found[_town(zone).casefold()] = (_clock_of(zone), (zone,))
    return found


def _clock_of(zone: str) -> LazyText:
    return lazy("the clock of {place}", place=partial(city, zone))


def _country(code: str, english: str) -> str:
    """The name of a country in the language that is spoken here."""
    if language() == ENGLISH:
        return english
    from babel import Locale  # noqa: PLC0415 -- most communities speak English

    return str(Locale.parse(language()).territories.get(code, english))


def _table(name: str) -> list[list[str]]:
    """The rows of a table of the time zone database."""
    text = resources.files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [row.split("\t") for row in text.splitlines() if row and not row.startswith("#")]


def _town(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")
