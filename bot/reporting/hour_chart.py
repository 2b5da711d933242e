"""The picture of the hour: for each question a row of bars, one for the posts in each interval, divided by place.

Pure geometry, with the same figures as a table. Units are those of the drawing, from its upper left corner; the
template draws it: nothing here knows SVG or colours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from bot.live.attribution import AFTER, BEFORE
from bot.messages import Value
from bot.reporting.figure_tables import Row, Table
from bot.reporting.formatting import LocalTimes, place_label
from bot.reporting.numbers import counted_posts, counting_window
from bot.reporting.record import Record
from bot.translation import _, pending

WIDTH, LEFT, TOP = 640, 92, 26
MINUTES = (5, 10, 15, 30, 60, 180, 360, 1440, 10080)
"""Possible lengths of an interval. Five minutes unless the chat was very long."""

MAX_BARS = 40
"""More bars than this can't be told apart."""

MAX_LABELS = 5
"""Times of day that fit below the bars."""

ROW, ALL, GAP = 40, 110, 16
"""The tallest bar of a question and of all together, and the space between two rows."""

_ALL = "all"
_LABELS = {_ALL: pending("All"), BEFORE: pending("Before"), AFTER: pending("After")}


def _label(row: str) -> str:
    return _(_LABELS[row]) if row in _LABELS else row.upper()


class Bar(Value, frozen=True, kw_only=True):
    """The posts of one place in an interval. `shade` is the number of the place."""

    x: float
    y: float
    width: float
    height: float
    shade: int


class ChartRow(Value, frozen=True, kw_only=True):
    """A question's row, which stands on `ground`, with the line at the time it was asked, if it was in the window.

    `sums` are the posts of each interval, with the place of the number in the picture.
    """

    label: str
    ground: float
    top: float
    bars: tuple[Bar, ...]
    sums: tuple[tuple[int, float, float], ...]
    asked_x: float | None = None
    asked: datetime | None = None


class HourChart(Value, frozen=True, kw_only=True):
    """The whole picture. An interval lasts `minutes`. `labels` are the times below it, each with its place."""

    minutes: int
    rows: tuple[ChartRow, ...]
    labels: tuple[tuple[datetime, float], ...]
    places: tuple[str, ...]
    height: float
    table: Table
    width: int = WIDTH
    left: int = LEFT


class _Counted:
    """The posts in each interval, by row and place."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.since, self.until = counting_window(record)
        length = self.until - self.since
        self.minutes = next((one for one in MINUTES if length / timedelta(minutes=one) <= MAX_BARS), MINUTES[-1])
        self.step = timedelta(minutes=self.minutes)
        self.intervals = max(-(-length // self.step), 1)
        self.posts: Counter[tuple[str, str, int]] = Counter()
        for one in counted_posts(record):
            number = (one.at - self.since) // self.step
            self.posts.update((row, one.place, number) for row in (_ALL, *one.questions))
        counted = {place for _, place, _ in self.posts}
        self.places = tuple(place for place in record.places if place in counted)
        counted_rows = {row for row, _, _ in self.posts}
        asked = [one.key for one in record.chat.questions]
        self.rows = [_ALL, *(key for key in (BEFORE, *asked, AFTER) if key in asked or key in counted_rows)]

    def sum(self, row: str, number: int) -> int:
        """The posts of all places in an interval."""
        return sum(self.posts[row, place, number] for place in self.places)

    def starts(self) -> Iterator[datetime]:
        """The beginning of each interval."""
        return (self.since + number * self.step for number in range(self.intervals))


def hour_chart(record: Record) -> HourChart:
    """The picture of the window in which posts are counted."""
    counted = _Counted(record)
    tallest = {row: max(counted.sum(row, number) for number in range(counted.intervals)) for row in counted.rows}
    questions = max([tallest[row] for row in counted.rows if row != _ALL], default=0)
    unit = min(ROW / max(questions, 1), ALL / max(tallest[_ALL], 1))
    heights = [max(tallest[_ALL] * unit, ROW), *(float(ROW) for _ in counted.rows[1:])]
    grounds = list(accumulate(heights, lambda above, height: above + GAP + height, initial=float(TOP - GAP)))[1:]
    asked = {key: at for at, key in record.asked if counted.since <= at < counted.until}
    every = -(-counted.intervals // MAX_LABELS)
    labels = [(at, round(_x(counted, number), 1)) for number, at in enumerate(counted.starts()) if number % every == 0]
    return HourChart(
        minutes=counted.minutes,
        rows=tuple(
            _row(counted, row, ground, height, unit, asked.get(row))
            for row, ground, height in zip(counted.rows, grounds, heights, strict=True)
        ),
        labels=tuple(labels),
        places=counted.places,
        height=grounds[-1] + 34,
        table=_table(counted),
    )


def _x(counted: _Counted, number: float) -> float:
    return LEFT + (WIDTH - LEFT) * number / counted.intervals


def _row(counted: _Counted, row: str, ground: float, height: float, unit: float, asked: datetime | None) -> ChartRow:
    sums = [(number, count) for number in range(counted.intervals) if (count := counted.sum(row, number))]
    middle = _x(counted, 0.5) - LEFT
    return ChartRow(
        label=_label(row),
        ground=round(ground, 1),
        top=round(ground - height, 1),
        bars=tuple(bar for number, _ in sums for bar in _bars(counted, row, number, ground, unit)),
        sums=tuple(
            (count, round(_x(counted, number) + middle, 1), round(ground - count * unit - 5, 1))
            for number, count in sums
        ),
        asked=asked,
        asked_x=None if asked is None else round(_x(counted, (asked - counted.since) / counted.step), 1),
    )


def _bars(counted: _Counted, row: str, number: int, ground: float, unit: float) -> Iterator[Bar]:
    """The posts of an interval, the first place lowest."""
    width, y = (WIDTH - LEFT) / counted.intervals, ground
    for shade, place in enumerate(counted.places):
        if count := counted.posts[row, place, number]:
            y -= count * unit
            yield Bar(
                x=round(_x(counted, number) + width * 0.12, 1),
                y=round(y, 1),
                width=round(width * 0.76, 1),
                height=round(count * unit, 1),
                shade=min(shade, 3),
            )


def _table(counted: _Counted) -> Table:
    times, shown = LocalTimes(counted.record), counted.rows
    rows = (
        Row(
            heading=f"{times.time(at)}\N{EN DASH}{times.time(min(at + counted.step, counted.until))}",
            cells=tuple(_cell(counted, row, number) for row in shown),
        )
        for number, at in enumerate(counted.starts())
    )
    return Table(
        caption=_("Posts in every {minutes} minutes").format(minutes=counted.minutes),
        columns=(_("Time"), *(_label(row) for row in shown)),
        rows=tuple(rows),
    )


def _cell(counted: _Counted, row: str, number: int) -> str:
    """`0`, `3`, or with several places `3 (X 2, Room 1)`."""
    by_place: Mapping[str, int] = {
        place: count for place in counted.places if (count := counted.posts[row, place, number])
    }
    total = sum(by_place.values())
    return f"{total}{_by_place(by_place) if len(counted.places) > 1 and total else ''}"


def _by_place(counts: Mapping[str, int]) -> str:
    found: Sequence[str] = [f"{place_label(place)} {count}" for place, count in counts.items()]
    return f" ({', '.join(found)})"
