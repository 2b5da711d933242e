"""The lists of people: most posts, most mentioned, most impressions; or simply who took part. Pure.

The host chooses, because not everyone likes a league table. Someone who asked to be left out is in no list, not even as
mentioned by others. Nothing is joined across places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from bot.messages import Value
from bot.ports.views import MessageView
from bot.reporting.event_fold import Key
from bot.reporting.numbers import counted, reach
from bot.reporting.record import Record

LENGTH = 10
"""How many people a list of the most has."""

_MENTION = re.compile(r"(?<![\w@./-])@(\w{1,64})")


class RankingEntry(Value, frozen=True, kw_only=True):
    """One line of a list. `count` is None where people are only named."""

    name: str
    place: str
    count: int | None = None


class Ranking(Value, frozen=True, kw_only=True):
    """A list with its title and what its figures count; `unit` is empty where there are none."""

    title: str
    unit: str
    people: tuple[RankingEntry, ...]


def listings(record: Record) -> tuple[Ranking, ...]:
    """The lists that the host chose, without those that would be empty."""
    posts = counted(record)
    match record.chat.lists:
        case "most":
            found = _most(record, posts)
        case "alphabetical":
            found = [Ranking(title="Who took part", unit="", people=_everyone(posts))]
        case "none":
            found = []
    return tuple(listing for listing in found if listing.people)


def _most(record: Record, posts: list[MessageView]) -> list[Ranking]:
    names = _names(posts)
    made = Counter((one.place, one.author.id) for one in posts)
    mentioned, called = _mentions(record, posts)
    return [
        Ranking(title="Most posts", unit="posts", people=_top(made, names)),
        Ranking(title="Most mentioned", unit="mentions", people=_top(mentioned, called)),
        Ranking(title="Most impressions", unit="impressions", people=_top(reach(record, posts), names)),
    ]


def _names(posts: Iterable[MessageView]) -> dict[Key, str]:
    """What each person was last called."""
    return {(one.place, one.author.id): one.author.shown for one in posts}


def _everyone(posts: Iterable[MessageView]) -> tuple[RankingEntry, ...]:
    people = [RankingEntry(name=name, place=place) for (place, _), name in _names(posts).items()]
    return tuple(sorted(people, key=lambda one: (one.name.lstrip("@").casefold(), one.name, one.place)))


def _mentions(record: Record, posts: Iterable[MessageView]) -> tuple[Counter[Key], dict[Key, str]]:
    """How often each handle was mentioned on each place, and how it was written first."""
    silent = record.silent
    made: Counter[Key] = Counter()
    called: dict[Key, str] = {}
    for one in posts:
        for handle in _MENTION.findall(one.text) if "@" in one.text else ():
            key = (one.place, handle.casefold())
            if key not in silent:
                made[key] += 1
                called.setdefault(key, f"@{handle}")
    return made, called


def _top(made: Mapping[Key, int], names: Mapping[Key, str]) -> tuple[RankingEntry, ...]:
    """The most first; among equals by name."""
    ranked = sorted(made, key=lambda key: (-made[key], names[key].casefold(), key))[:LENGTH]
    return tuple(RankingEntry(name=names[key], place=key[0], count=made[key]) for key in ranked if made[key])
