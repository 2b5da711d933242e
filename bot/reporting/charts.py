"""The chart of a chat: a bar for the posts in each interval, a mark for each question. Pure geometry.

Units are those of the drawing, from its upper left corner. The template draws it: nothing here knows SVG or colours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.messages import Value
from bot.reporting.numbers import counted_posts, counting_window
from bot.reporting.record import Record

WIDTH, HEIGHT = 640, 240
LEFT, TOP, BOTTOM = 8, 48, 208
MINUTES = (5, 10, 15, 30, 60, 180, 360, 1440, 10080)
"""Possible lengths of an interval. Five minutes unless the chat was very long."""

MAX_BARS = 40
"""More bars than this can't be told apart."""

MAX_LABELS = 6
"""Times of day that fit below the bars."""


class Bar(Value, frozen=True, kw_only=True):
    """An interval from `since` to before `until`. `labelled` if its time is written below it."""

    since: datetime
    until: datetime
    posts: int
    x: float
    y: float
    width: float
    height: float
    labelled: bool


class QuestionMark(Value, frozen=True, kw_only=True):
    """The line at the time a question was asked."""

    key: str
    at: datetime
    x: float


class Chart(Value, frozen=True, kw_only=True):
    """The whole chart. An interval lasts `minutes`; bars stand on `bottom` and end at `top` or below."""

    minutes: int
    bars: tuple[Bar, ...]
    marks: tuple[QuestionMark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    top: int = TOP
    bottom: int = BOTTOM


def chart_of(record: Record) -> Chart:
    """The chart of the window in which posts are counted."""
    since, until = counting_window(record)
    minutes = next((one for one in MINUTES if (until - since) / timedelta(minutes=one) <= MAX_BARS), MINUTES[-1])
    step = timedelta(minutes=minutes)
    counts = Counter((one.at - since) // step for one in counted_posts(record))
    marks = [(at, key) for at, key in record.asked if since <= at < until]
    return Chart(minutes=minutes, bars=_bars(since, until, step, counts), marks=_marks(marks, since, until, step))


def _bars(since: datetime, until: datetime, step: timedelta, counts: Counter[int]) -> tuple[Bar, ...]:
    count = _count(since, until, step)
    width = (WIDTH - 2 * LEFT) / count
    tallest = max([*counts.values(), 1])
    label_every = -(-count // MAX_LABELS)
    return tuple(
        Bar(
            since=since + number * step,
            until=min(since + (number + 1) * step, until),
            posts=counts[number],
            x=round(LEFT + number * width + width * 0.1, 2),
            y=round(BOTTOM - (BOTTOM - TOP) * counts[number] / tallest, 2),
            width=round(width * 0.8, 2),
            height=round((BOTTOM - TOP) * counts[number] / tallest, 2),
            labelled=number % label_every == 0,
        )
        for number in range(count)
    )


def _marks(
    asked: Iterable[tuple[datetime, str]], since: datetime, until: datetime, step: timedelta
) -> tuple[QuestionMark, ...]:
    width = (WIDTH - 2 * LEFT) / _count(since, until, step)
    return tuple(QuestionMark(key=key, at=at, x=round(LEFT + (at - since) / step * width, 2)) for at, key in asked)


def _count(since: datetime, until: datetime, step: timedelta) -> int:
    return -(-(until - since) // step)
