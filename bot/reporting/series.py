"""A series over time: posts, participants and first-timers of each of its chats, as rows and as a chart. Pure.

The template draws the chart: nothing here knows SVG, colours or people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.messages import Time, Value
from bot.reporting.rounding import divide_rounded
from bot.translation import pending

SERIES_RULES: Mapping[str, str] = {
    pending("Posts"): pending("messages by participants from the start of the chat until posts stop counting"),
    pending("Participants"): pending("accounts that posted at least once in it; someone on two platforms counts twice"),
    pending("First-timers"): pending(
        "participants whose account wrote in no earlier chat of the series, among those that are kept here; "
        "in the first of these chats everybody is one"
    ),
}
"""The rule for each column, in the words that are printed beside it."""

WIDTH, HEIGHT = 640, 400
LEFT = 8
POSTS_TOP, POSTS_BOTTOM = 40, 180
PEOPLE_TOP, PEOPLE_BOTTOM = 230, 360

MOST_LABELS = 5
"""Dates that fit below the chart."""

_WIDEST = 60
"""A bar is no wider than this, where there are few chats."""


class SeriesRow(Value, frozen=True, kw_only=True):
    """One chat of a series. `first_timers` is None where nobody can say any more."""

    name: str
    title: str
    starts: Time
    timezone: str
    posts: int
    participants: int
    first_timers: int | None


class Bar(Value, frozen=True, kw_only=True):
    """A bar of the chart, from `y` down by `height`."""

    y: float
    height: float


class SeriesPoint(Value, frozen=True, kw_only=True):
    """A chat in the chart: where its bars stand. Those of `new` people stand on those who were there `before`."""

    row: SeriesRow
    x: float
    width: float
    posts: Bar
    before: Bar
    new: Bar
    labelled: bool


class SeriesChart(Value, frozen=True, kw_only=True):
    """The chart: above, a bar for the posts of each chat; below, one for its participants, first-timers on top."""

    points: tuple[SeriesPoint, ...]
    most_posts: int
    most_people: int
    width: int = WIDTH
    height: int = HEIGHT
    posts_top: int = POSTS_TOP
    posts_bottom: int = POSTS_BOTTOM
    people_top: int = PEOPLE_TOP
    people_bottom: int = PEOPLE_BOTTOM


class SeriesTotals(Value, frozen=True, kw_only=True):
    """A series as a whole. `typical_posts` and `typical_participants` are medians."""

    chats: int
    posts: int
    typical_posts: int
    typical_participants: int


def totals(rows: Iterable[SeriesRow]) -> SeriesTotals:
    """The totals of some chats."""
    every = list(rows)
    return SeriesTotals(
        chats=len(every),
        posts=sum(one.posts for one in every),
        typical_posts=_median([one.posts for one in every]),
        typical_participants=_median([one.participants for one in every]),
    )


def series_chart(rows: Iterable[SeriesRow]) -> SeriesChart:
    """The chart of a series' chats, in order of their start."""
    every = sorted(rows, key=lambda one: (one.starts, one.name))
    most_posts = max([one.posts for one in every] + [1])
    most_people = max([one.participants for one in every] + [1])
    step = (WIDTH - 2 * LEFT) / max(len(every), 1)
    label_every = -(-len(every) // MOST_LABELS)

    def point(number: int, row: SeriesRow) -> SeriesPoint:
        before = row.participants - (row.first_timers or 0)
        people = _bar(row.participants, most_people, PEOPLE_TOP, PEOPLE_BOTTOM)
        known = _bar(before, most_people, PEOPLE_TOP, PEOPLE_BOTTOM)
        width = min(step * 0.7, _WIDEST)
        return SeriesPoint(
            row=row,
            x=round(LEFT + (number + 0.5) * step - width / 2, 2),
            width=round(width, 2),
            posts=_bar(row.posts, most_posts, POSTS_TOP, POSTS_BOTTOM),
            before=known,
            new=Bar(y=people.y, height=round(known.y - people.y, 2)),
            labelled=number % label_every == 0,
        )

    points = tuple(point(number, row) for number, row in enumerate(every))
    return SeriesChart(points=points, most_posts=most_posts, most_people=most_people)


def series_of(name: str) -> str:
    """The series of a chat, by the chat's name."""
    return name.partition("/")[0]


def _bar(value: int, most: int, top: int, bottom: int) -> Bar:
    height = round((bottom - top) * value / most, 2)
    return Bar(y=round(bottom - height, 2), height=height)


def _median(values: list[int]) -> int:
    if not values:
        return 0
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(ordered) % 2 else divide_rounded(ordered[middle - 1] + ordered[middle], 2)
