"""The picture of a chat: how many posts in each stretch of time, when each question was asked. Pure geometry.

Units are those of the drawing, from its upper left corner. Nothing here knows about SVG or colours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.messages import Value
from bot.reporting.numbers import counted, window
from bot.reporting.record import Record

WIDTH, HEIGHT = 640, 240
LEFT, TOP, FLOOR = 8, 48, 208
MINUTES = (5, 10, 15, 30, 60, 180, 360, 1440, 10080)
"""How long a stretch may be. Five minutes unless the chat was very long."""

MOST = 40
"""How many bars a reader can tell apart."""

LABELS = 6
"""How many times of day fit below the bars."""


class Bar(Value, frozen=True, kw_only=True):
    """One stretch, from `since` to before `until`. `labelled` where its time is written below it."""

    since: datetime
    until: datetime
    posts: int
    x: float
    y: float
    width: float
    height: float
    labelled: bool


class Mark(Value, frozen=True, kw_only=True):
    """When a question was asked."""

    key: str
    at: datetime
    x: float


class Picture(Value, frozen=True, kw_only=True):
    """All of it. `minutes` is how long a stretch is; bars stand on `floor` and reach no higher than `top`."""

    minutes: int
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    top: int = TOP
    floor: int = FLOOR


def picture(record: Record) -> Picture:
    """Draw the window in which posts are counted."""
    since, until = window(record)
    minutes = next((one for one in MINUTES if (until - since) / timedelta(minutes=one) <= MOST), MINUTES[-1])
    step = timedelta(minutes=minutes)
    made = Counter((one.at - since) // step for one in counted(record))
    marks = [(at, key) for at, key in record.asked if since <= at < until]
    return Picture(minutes=minutes, bars=_bars(since, until, step, made), marks=_marks(marks, since, until, step))


def _bars(since: datetime, until: datetime, step: timedelta, made: Counter[int]) -> tuple[Bar, ...]:
    count = _count(since, until, step)
    wide = (WIDTH - 2 * LEFT) / count
    tallest = max([*made.values(), 1])
    every = -(-count // LABELS)
    return tuple(
        Bar(
            since=since + number * step,
            until=min(since + (number + 1) * step, until),
            posts=made[number],
            x=round(LEFT + number * wide + wide * 0.1, 2),
            y=round(FLOOR - (FLOOR - TOP) * made[number] / tallest, 2),
            width=round(wide * 0.8, 2),
            height=round((FLOOR - TOP) * made[number] / tallest, 2),
            labelled=number % every == 0,
        )
        for number in range(count)
    )


def _marks(
    asked: Iterable[tuple[datetime, str]], since: datetime, until: datetime, step: timedelta
) -> tuple[Mark, ...]:
    per = (WIDTH - 2 * LEFT) / _count(since, until, step)
    return tuple(Mark(key=key, at=at, x=round(LEFT + (at - since) / step * per, 2)) for at, key in asked)


def _count(since: datetime, until: datetime, step: timedelta) -> int:
    return -(-(until - since) // step)
