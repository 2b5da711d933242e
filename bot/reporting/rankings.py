"""The rankings of people: most posts, most mentioned, most impressions; or just all participants by name. Pure.

The host chooses, because not everyone likes a league table. People who asked to be left out are in no ranking, not even
as mentioned by others. Accounts on different places are never joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from bot.messages import Value
from bot.ports.views import MessageView
from bot.reporting.event_fold import Key
from bot.reporting.numbers import counted_posts, impressions
from bot.reporting.record import Record
from bot.translation import _

MAX_ENTRIES = 10
"""People in a ranking."""


class RankingEntry(Value, frozen=True, kw_only=True):
    """One line of a ranking. `count` is None if people are only named."""

    name: str
    place: str
    count: int | None = None


class Ranking(Value, frozen=True, kw_only=True):
    """A ranking with its title. `unit` is what its counts count, or empty if there are none."""

    title: str
    unit: str
    people: tuple[RankingEntry, ...]


def rankings_of(record: Record) -> tuple[Ranking, ...]:
    """The rankings that the host chose, without empty ones."""
    posts = counted_posts(record)
    match record.chat.lists:
        case "most":
            found = _top_rankings(record, posts)
        case "alphabetical":
            found = [Ranking(title=_("Who took part"), unit="", people=_participants(posts))]
        case "none":
            found = []
    return tuple(ranking for ranking in found if ranking.people)


def _top_rankings(record: Record, posts: list[MessageView]) -> list[Ranking]:
    names = _names(posts)
    counts = Counter((one.place, one.author.id) for one in posts)
    mentioned, spellings = _mentions(record, posts)
    return [
        Ranking(title=_("Most posts"), unit=_("posts"), people=_ranked(counts, names)),
        Ranking(title=_("Most mentioned"), unit=_("mentions"), people=_ranked(mentioned, spellings)),
        Ranking(title=_("Most impressions"), unit=_("impressions"), people=_ranked(impressions(record, posts), names)),
    ]


def _names(posts: Iterable[MessageView]) -> dict[Key, str]:
    """The latest name of each person."""
    return {(one.place, one.author.id): one.author.shown for one in posts}


def _participants(posts: Iterable[MessageView]) -> tuple[RankingEntry, ...]:
    people = [RankingEntry(name=name, place=place) for (place, _), name in _names(posts).items()]
    return tuple(sorted(people, key=lambda one: (one.name.lstrip("@").casefold(), one.name, one.place)))


def _mentions(record: Record, posts: Iterable[MessageView]) -> tuple[Counter[Key], dict[Key, str]]:
    """The mentions of each handle on each place, and the first spelling of the handle."""
    left_out = record.left_out_handles
    counts: Counter[Key] = Counter()
    spellings: dict[Key, str] = {}
    for one in posts:
        for handle in record.mentions.get((one.place, one.id), ()):
            key = (one.place, handle.lstrip("@").casefold())
            if key not in left_out:
                counts[key] += 1
                spellings.setdefault(key, handle)
    return counts, spellings


def _ranked(counts: Mapping[Key, int], names: Mapping[Key, str]) -> tuple[RankingEntry, ...]:
    """The entries by count, equal ones by name."""
    ranked = sorted(counts, key=lambda key: (-counts[key], names[key].casefold(), key))[:MAX_ENTRIES]
    return tuple(RankingEntry(name=names[key], place=key[0], count=counts[key]) for key in ranked if counts[key])
