"""The figures of a chat, as in the old healthcare hashtag transcripts. Pure.

`rules` has the rule for each figure, in the words printed beside it. Accounts are never joined: a person in two places
counts twice. How the figures are shown is decided elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from bot.messages import Value
from bot.ports.views import MessageView
from bot.reporting.answers import QuestionFigures, count_answering, question_figures
from bot.reporting.event_fold import Key
from bot.reporting.record import Record
from bot.reporting.rounding import divide_rounded, percent
from bot.translation import _, ngettext, pending

_RULES: Mapping[str, str] = {
    "posts": pending("messages by participants in that window; reposts and the bot's own posts are not counted"),
    "participants": pending("accounts that posted at least once; someone on two platforms counts twice"),
    "first_timers": pending(
        "participants whose account wrote in no earlier chat of the series that is kept here; in the first, all of them"
    ),
    "posts_per_hour": pending("posts ÷ hours in the window, rounded to a whole number"),
    "posts_per_participant": pending("posts ÷ participants, rounded to a whole number"),
    "answered": pending("participants with at least one of these posts under a question; in brackets, their share"),
    "busiest_minute": pending(
        "the minute of the clock with the most posts; in brackets, how many; of equal ones the first"
    ),
    "impressions": pending(
        "potential: each account's posts times its followers, added up, where a platform has followers"
    ),
    "views": pending("how often those messages were shown to somebody, as the platform counts it"),
}


class BusiestMinute(Value, frozen=True, kw_only=True):
    """The minute of the clock with the most posts, from `at` on; the first of several."""

    at: datetime
    posts: int


class Figures(Value, frozen=True, kw_only=True):
    """The figures of one place, or of all. `impressions` is None if no followers are known.

    `answered` are the participants who answered a question, `answered_percent` is their share. `busiest_minute` is None
    if there are no posts. `views` is set only if a platform reported it, and `first_timers` only where the earlier
    chats of the series are known.
    """

    window_minutes: int
    posts: int
    participants: int
    posts_per_hour: int
    posts_per_participant: int
    impressions: int | None
    answered: int
    answered_percent: int
    busiest_minute: BusiestMinute | None
    views: int | msgspec.UnsetType = msgspec.UNSET
    first_timers: int | msgspec.UnsetType = msgspec.UNSET
    questions: dict[str, QuestionFigures]


class Numbers(Figures, frozen=True, kw_only=True):
    """All the figures, then place by place."""

    places: dict[str, Figures]


def rules(window: timedelta) -> Mapping[str, str]:
    """The rule for each figure, where posts count until `window` after the end."""
    return {"window_minutes": _after_the_end(window), **{name: _(rule) for name, rule in _RULES.items()}}


def _after_the_end(window: timedelta) -> str:
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    if not window:
        return _("from the start to the end")
    if not window % hour:
        count = window // hour
        said = ngettext(
            "from the start to {count} hour after the end", "from the start to {count} hours after the end", count
        )
    elif not window % minute:
        count = window // minute
        said = ngettext(
            "from the start to {count} minute after the end", "from the start to {count} minutes after the end", count
        )
    else:
        count = window // timedelta(seconds=1)
        said = ngettext(
            "from the start to {count} second after the end", "from the start to {count} seconds after the end", count
        )
    return said.format(count=count)


def count_numbers(record: Record, known: Collection[Key] | None = None) -> Numbers:
    """Count a chat's posts, participants and the rest.

    `known` are the people who wrote in an earlier chat of the series; None if that is unknown.
    """
    posts = counted_posts(record)
    with_followers = _places_with_followers(record)
    by_place = {place: list[MessageView]() for place in record.places}
    for one in posts:
        by_place[one.place].append(one)
    places = {
        place: _figures(record, there, known, has_followers=place in with_followers)
        for place, there in by_place.items()
    }
    together = _figures(record, posts, known, has_followers=bool(with_followers))
    return Numbers(**msgspec.structs.asdict(together), places=places)


def counting_window(record: Record) -> tuple[datetime, datetime]:
    """The start and end of the time in which posts count. The end itself does not."""
    return record.chat.starts, record.ends + record.chat.window


def counted_posts(record: Record) -> list[MessageView]:
    """The messages in the counting window."""
    since, until = counting_window(record)
    return [one for one in record.messages if since <= one.at < until]


def count_reposts(record: Record) -> int:
    """The number of reposts in the window. They are not posts."""
    since, until = counting_window(record)
    return sum(since <= one.at < until for one in record.reposts)


def impressions(record: Record, posts: Iterable[MessageView]) -> Counter[Key]:
    """The posts times the followers of each person whose followers are known."""
    counts = Counter((one.place, one.author.id) for one in posts)
    return Counter({key: count * record.followers[key] for key, count in counts.items() if key in record.followers})


def _people(posts: Iterable[MessageView]) -> set[Key]:
    return {(one.place, one.author.id) for one in posts}


def _places_with_followers(record: Record) -> set[str]:
    """The places on which the number of followers of at least one author is known, even if it is 0."""
    return {place for place, person in _people(record.messages) if (place, person) in record.followers}


def _views(record: Record, posts: Iterable[MessageView]) -> int | msgspec.UnsetType:
    known = [record.views[one.place, one.id] for one in posts if (one.place, one.id) in record.views]
    return sum(known) if known else msgspec.UNSET


def _figures(
    record: Record, posts: list[MessageView], known: Collection[Key] | None, *, has_followers: bool
) -> Figures:
    since, until = counting_window(record)
    tick = timedelta(microseconds=1)
    length, accounts = (until - since) // tick, _people(posts)
    people = len(accounts)
    answered = count_answering(record, posts)
    return Figures(
        window_minutes=divide_rounded(length, timedelta(minutes=1) // tick),
        posts=len(posts),
        participants=people,
        posts_per_hour=divide_rounded(len(posts) * (timedelta(hours=1) // tick), length),
        posts_per_participant=divide_rounded(len(posts), people),
        impressions=impressions(record, posts).total() if has_followers else None,
        answered=answered,
        answered_percent=percent(answered, people),
        busiest_minute=_busiest_minute(posts),
        views=_views(record, posts),
        first_timers=msgspec.UNSET if known is None else len(accounts.difference(known)),
        questions=question_figures(record, posts, people),
    )


def _busiest_minute(posts: Iterable[MessageView]) -> BusiestMinute | None:
    counts = Counter(one.at.astimezone(UTC).replace(second=0, microsecond=0) for one in posts)
    if not counts:
        return None
    at = min(counts, key=lambda minute: (-counts[minute], minute))
    return BusiestMinute(at=at, posts=counts[at])
