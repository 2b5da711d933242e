"""The Numbers, as people know them from the healthcare hashtag transcripts. Pure.

Each rule stands in `RULES` in the words that are printed beside its figure. Nothing here knows how they are shown, and
no two accounts are ever joined: someone on two places counts twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from bot.messages import Value
from bot.ports.views import MessageView
from bot.reporting.event_fold import Key
from bot.reporting.record import Record

AFTERWARDS = timedelta(minutes=15)
"""How long after the end a post still counts."""

RULES: Mapping[str, str] = {
    "window_minutes": "from the start to 15 minutes after the end",
    "posts": "messages by participants in that window; reposts and the bot's own posts are not counted",
    "participants": "accounts that posted at least once; someone on two platforms counts twice",
    "posts_per_hour": "posts ÷ hours in the window, rounded to a whole number",
    "posts_per_participant": "posts ÷ participants, rounded to a whole number",
    "impressions": "potential: each account's posts times its followers, added up, where a platform has followers",
    "views": "how often those messages were shown to somebody, as the platform counts it",
}


class Tally(Value, frozen=True, kw_only=True):
    """The figures of one place, or of all. `impressions` is None where nobody has followers.

    `views` is only there where a platform told it.
    """

    window_minutes: int
    posts: int
    participants: int
    posts_per_hour: int
    posts_per_participant: int
    impressions: int | None
    views: int | msgspec.UnsetType = msgspec.UNSET


class Count(Value, frozen=True, kw_only=True):
    """The figures of one question."""

    posts: int
    participants: int


class Numbers(Tally, frozen=True, kw_only=True):
    """All the figures, then place by place and question by question."""

    places: dict[str, Tally]
    questions: dict[str, Count]


def numbers(record: Record) -> Numbers:
    """Count."""
    posts = counted(record)
    followed = _followed(record)
    spoken = {place: list[MessageView]() for place in record.places}
    for one in posts:
        spoken[one.place].append(one)
    places = {place: _place(record, said, followed=place in followed) for place, said in spoken.items()}
    reached = [tally.impressions for tally in places.values() if tally.impressions is not None]
    return Numbers(
        **_figures(window(record), len(posts), len(_people(posts))),
        impressions=sum(reached) if reached else None,
        views=_views(record, posts),
        places=places,
        questions=_questions(record, posts),
    )


def window(record: Record) -> tuple[datetime, datetime]:
    """From when, and until before when, posts are counted."""
    return record.chat.starts, record.ends + AFTERWARDS


def counted(record: Record) -> list[MessageView]:
    """The messages in the window."""
    since, until = window(record)
    return [one for one in record.messages if since <= one.at < until]


def reposted(record: Record) -> int:
    """Reposts in the window. They are counted apart."""
    since, until = window(record)
    return sum(since <= one.at < until for one in record.reposts)


def whole(part: int, of: int) -> int:
    """`part` ÷ `of` as a whole number, a half upwards; 0 where there is nothing to divide by."""
    return (2 * part + of) // (2 * of) if of else 0


def reach(record: Record, posts: Iterable[MessageView]) -> Counter[Key]:
    """Each person's posts times followers, where those are known."""
    made = Counter((one.place, one.author.id) for one in posts)
    return Counter({key: count * record.followers[key] for key, count in made.items() if key in record.followers})


def _people(posts: Iterable[MessageView]) -> set[Key]:
    return {(one.place, one.author.id) for one in posts}


def _followed(record: Record) -> set[str]:
    """The places where somebody who spoke is known to have followers, or none yet."""
    return {place for place, person in _people(record.messages) if (place, person) in record.followers}


def _place(record: Record, posts: list[MessageView], *, followed: bool) -> Tally:
    return Tally(
        **_figures(window(record), len(posts), len(_people(posts))),
        impressions=reach(record, posts).total() if followed else None,
        views=_views(record, posts),
    )


def _views(record: Record, posts: Iterable[MessageView]) -> int | msgspec.UnsetType:
    known = [record.views[one.place, one.id] for one in posts if (one.place, one.id) in record.views]
    return sum(known) if known else msgspec.UNSET


def _figures(span: tuple[datetime, datetime], posts: int, people: int) -> dict[str, int]:
    tick = timedelta(microseconds=1)
    length = (span[1] - span[0]) // tick
    return {
        "window_minutes": whole(length, timedelta(minutes=1) // tick),
        "posts": posts,
        "participants": people,
        "posts_per_hour": whole(posts * (timedelta(hours=1) // tick), length),
        "posts_per_participant": whole(posts, people),
    }


def _questions(record: Record, posts: list[MessageView]) -> dict[str, Count]:
    made = Counter(one.question for one in posts)
    people = Counter(question for question, *_ in {(one.question, one.place, one.author.id) for one in posts})
    keys = (question.key for question in record.chat.questions)
    return {key: Count(posts=made[key], participants=people[key]) for key in keys}
