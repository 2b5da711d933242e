"""The Numbers as English text, each with its rule, in rows for the page and for Markdown. Pure.

Nothing is counted here. Times are in the chat's own zone.
"""

from __future__ import annotations

from bot.messages import Value
from bot.reporting.answers import ANSWER_RULES, QuestionFigures
from bot.reporting.formatting import LocalTimes, counted, duration, listed, on_place, place_label, short_number
from bot.reporting.numbers import Figures, Numbers, rules
from bot.reporting.record import Record

LABELS = {
    "posts": "Posts",
    "participants": "Participants",
    "posts_per_hour": "Average posts per hour",
    "posts_per_participant": "Average posts per participant",
    "answered": "Answered a question",
    "busiest_minute": "Busiest minute",
    "impressions": "Impressions",
    "views": "Views",
    "window_minutes": "Minutes counted",
}

ANSWER_LABELS = {
    "posts": "Posts",
    "participants": "Participants",
    "first_answer": "First answer",
    "median_answer": "Median time to answer",
}

_NONE = "n/a"


class Row(Value, frozen=True, kw_only=True):
    """A row of a table: its heading, and a cell for each column."""

    heading: str
    cells: tuple[str, ...]


class Table(Value, frozen=True, kw_only=True):
    """A table with its caption; `columns` are the headings of all columns, the first one's as well."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def figures(record: Record, numbers: Figures) -> list[tuple[str, str, str]]:
    """The label, the formatted value and the rule of each figure."""
    values, printed = _values(record, numbers), rules(record.chat.window)
    return [(label, values[name], printed[name]) for name, label in LABELS.items() if name in values]


def what_it_was(numbers: Numbers) -> str:
    """The chat in one sentence: `26 posts by 6 participants in the room and on X.`."""
    if not numbers.posts:
        return "Nobody wrote anything in the time that was counted."
    places = [on_place(place) for place, one in numbers.places.items() if one.posts]
    return f"{counted(numbers.posts, 'post')} by {counted(numbers.participants, 'participant')} {listed(places)}."


def answer_rules() -> list[tuple[str, str]]:
    """The label and the rule of each figure of a question."""
    return [(label, ANSWER_RULES[name]) for name, label in ANSWER_LABELS.items()]


def place_table(record: Record, numbers: Numbers) -> Table | None:
    """The figures of each place side by side, or None if there is only one."""
    if len(numbers.places) < 2:  # noqa: PLR2004 -- one place has the figures of the whole
        return None
    values = [_values(record, one) for one in numbers.places.values()]
    names = [name for name in LABELS if name != "window_minutes" and any(name in one for one in values)]
    return Table(
        caption="Place by place",
        columns=("Figure", *map(place_label, numbers.places)),
        rows=tuple(Row(heading=LABELS[name], cells=tuple(one.get(name, _NONE) for one in values)) for name in names),
    )


def question_tables(record: Record, numbers: Numbers) -> list[Table]:
    """The figures of each question: of all places together, then of each place if there are several."""
    found = [_question_table(record, "Question by question", numbers)]
    if len(numbers.places) > 1:
        found += [_question_table(record, place_label(place), one) for place, one in numbers.places.items()]
    return found if numbers.questions else []


def _question_table(record: Record, caption: str, numbers: Figures) -> Table:
    times = LocalTimes(record)
    rows = (Row(heading=key.upper(), cells=_answers(one, times)) for key, one in numbers.questions.items())
    return Table(caption=caption, columns=("Question", *ANSWER_LABELS.values()), rows=tuple(rows))


def _answers(one: QuestionFigures, times: LocalTimes) -> tuple[str, ...]:
    first = times.time(one.first_answer_at) if one.first_answer_at else _NONE
    if one.first_answer_seconds is not None:
        first += f" ({duration(one.first_answer_seconds)})"
    median = _NONE if one.median_answer_seconds is None else duration(one.median_answer_seconds)
    return f"{one.posts:,}", _share(one.participants, one.answered_percent), first, median


def _values(record: Record, numbers: Figures) -> dict[str, str]:
    plain = {name: f"{count:,}" for name in LABELS if isinstance(count := getattr(numbers, name), int)}
    busiest, times = numbers.busiest_minute, LocalTimes(record)
    return plain | {
        "impressions": short_number(numbers.impressions),
        "answered": _share(numbers.answered, numbers.answered_percent),
        "busiest_minute": f"{times.time(busiest.at)} ({busiest.posts:,})" if busiest else _NONE,
    }


def _share(people: int, percent: int) -> str:
    return f"{people:,} ({percent}%)"
