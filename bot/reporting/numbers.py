"""The Numbers of a chat, as known from healthcare hashtag transcripts. Pure.

`rules` has the rule for each figure, in the words that are printed beside it. How the figures are shown is decided
elsewhere. Accounts are never joined: a person on two places counts twice.
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

_RULES: Mapping[str, str] = {
    "posts": "messages by participants in that window; reposts and the bot's own posts are not counted",
    "participants": "accounts that posted at least once; someone on two platforms counts twice",
    "posts_per_hour": "posts ÷ hours in the window, rounded to a whole number",
    "posts_per_participant": "posts ÷ participants, rounded to a whole number",
    "impressions": "potential: each account's posts times its followers, added up, where a platform has followers",
    "views": "how often those messages were shown to somebody, as the platform counts it",
}


class Figures(Value, frozen=True, kw_only=True):
    """The figures of one place, or of all. `impressions` is None if no followers are known.

    `views` is set only if a platform reported it.
    """

    window_minutes: int
    posts: int
    participants: int
    posts_per_hour: int
    posts_per_participant: int
    impressions: int | None
    views: int | msgspec.UnsetType = msgspec.UNSET


class QuestionFigures(Value, frozen=True, kw_only=True):
    """The figures of one question."""

    posts: int
    participants: int


class Numbers(Figures, frozen=True, kw_only=True):
    """All the figures, then place by place and question by question."""

    places: dict[str, Figures]
    questions: dict[str, QuestionFigures]


def rules(window: timedelta) -> Mapping[str, str]:
    """The rule for each figure, where posts count until `window` after the end."""
    return {"window_minutes": f"from the start to {_after_the_end(window)}", **_RULES}


def _after_the_end(window: timedelta) -> str:
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    if not window:
        return "the end"
    unit, name = (hour, "hour") if not window % hour else (minute, "minute")
    if window % unit:
        unit, name = timedelta(seconds=1), "second"
    return f"{window // unit} {name}{'s' * (window // unit != 1)} after the end"


def count_numbers(record: Record) -> Numbers:
    """Count a chat's posts, participants and the rest."""
    posts = counted_posts(record)
    with_followers = _places_with_followers(record)
    by_place = {place: list[MessageView]() for place in record.places}
    for one in posts:
        by_place[one.place].append(one)
    places = {
        place: _place_figures(record, place_posts, has_followers=place in with_followers)
        for place, place_posts in by_place.items()
    }
    known = [tally.impressions for tally in places.values() if tally.impressions is not None]
    return Numbers(
        **_figures(counting_window(record), len(posts), len(_people(posts))),
        impressions=sum(known) if known else None,
        views=_views(record, posts),
        places=places,
        questions=_question_figures(record, posts),
    )


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


def divide_rounded(part: int, of: int) -> int:
    """`part` ÷ `of` as a whole number, rounded half up; 0 if `of` is 0."""
    return (2 * part + of) // (2 * of) if of else 0


def impressions(record: Record, posts: Iterable[MessageView]) -> Counter[Key]:
    """The posts times the followers of each person whose followers are known."""
    counts = Counter((one.place, one.author.id) for one in posts)
    return Counter({key: count * record.followers[key] for key, count in counts.items() if key in record.followers})


def _people(posts: Iterable[MessageView]) -> set[Key]:
    return {(one.place, one.author.id) for one in posts}


def _places_with_followers(record: Record) -> set[str]:
    """The places on which the number of followers of at least one author is known, even if it is 0."""
    return {place for place, person in _people(record.messages) if (place, person) in record.followers}


def _place_figures(record: Record, posts: list[MessageView], *, has_followers: bool) -> Figures:
    return Figures(
        **_figures(counting_window(record), len(posts), len(_people(posts))),
        impressions=impressions(record, posts).total() if has_followers else None,
        views=_views(record, posts),
    )


def _views(record: Record, posts: Iterable[MessageView]) -> int | msgspec.UnsetType:
    known = [record.views[one.place, one.id] for one in posts if (one.place, one.id) in record.views]
    return sum(known) if known else msgspec.UNSET


def _figures(span: tuple[datetime, datetime], posts: int, people: int) -> dict[str, int]:
    tick = timedelta(microseconds=1)
    length = (span[1] - span[0]) // tick
    return {
        "window_minutes": divide_rounded(length, timedelta(minutes=1) // tick),
        "posts": posts,
        "participants": people,
        "posts_per_hour": divide_rounded(posts * (timedelta(hours=1) // tick), length),
        "posts_per_participant": divide_rounded(posts, people),
    }


def _question_figures(record: Record, posts: list[MessageView]) -> dict[str, QuestionFigures]:
    counts = Counter(question for one in posts for question in one.questions)
    people = Counter(
        question
        for question, *_ in {(question, one.place, one.author.id) for one in posts for question in one.questions}
    )
    keys = (question.key for question in record.chat.questions)
    return {key: QuestionFigures(posts=counts[key], participants=people[key]) for key in keys}
