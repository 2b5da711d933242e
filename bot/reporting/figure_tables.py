"""The Numbers as English text, each with its rule, in rows for the page and for Markdown. Pure.

Nothing is counted here. Times are in the chat's own zone.
"""

from __future__ import annotations

from bot.messages import Value
from bot.reporting.answers import ANSWER_RULES, QuestionFigures
from bot.reporting.formatting import LocalTimes, counted, duration, grouped, listed, on_place, place_label, short_number
from bot.reporting.numbers import Figures, Numbers, rules
from bot.reporting.record import Record
from bot.translation import _, ngettext, pending

LABELS = {
    "posts": pending("Posts"),
    "participants": pending("Participants"),
    "first_timers": pending("First-timers"),
    "posts_per_hour": pending("Average posts per hour"),
    "posts_per_participant": pending("Average posts per participant"),
    "answered": pending("Answered a question"),
    "busiest_minute": pending("Busiest minute"),
    "impressions": pending("Impressions"),
    "views": pending("Views"),
    "window_minutes": pending("Minutes counted"),
}

ANSWER_LABELS = {
    "posts": pending("Posts"),
    "participants": pending("Participants"),
    "first_answer": pending("First answer"),
    "median_answer": pending("Median time to answer"),
}

_NONE = pending("n/a")


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
    values, printed = _values(record, numbers), dict(rules(record.chat.window))
    if record.chat.publish == "pseudonyms":
        printed["impressions"] = _("not given with pseudonyms: a number of followers tells who somebody is")
    return [(_(label), values[name], printed[name]) for name, label in LABELS.items() if name in values]


def what_it_was(numbers: Numbers) -> str:
    """The chat in one sentence: `26 posts by 6 participants in the room and on X.`."""
    if not numbers.posts:
        return _("Nobody wrote anything in the time that was counted.")
    places = [on_place(place) for place, one in numbers.places.items() if one.posts]
    posts = counted(numbers.posts, ngettext("{count} post", "{count} posts", numbers.posts))
    return _("{posts} by {participants} {places}.").format(
        posts=posts, participants=counted_participants(numbers.participants), places=listed(places)
    )


def counted_participants(count: int) -> str:
    """`1 participant`, `6 participants`, after "by"."""
    return counted(count, ngettext("{count} participant", "{count} participants", count))


def answer_rules() -> list[tuple[str, str]]:
    """The label and the rule of each figure of a question."""
    return [(_(label), _(ANSWER_RULES[name])) for name, label in ANSWER_LABELS.items()]


def place_table(record: Record, numbers: Numbers) -> Table | None:
    """The figures of each place side by side, or None if there is only one."""
    if len(numbers.places) < 2:  # noqa: PLR2004 -- one place has the figures of the whole
        return None
    values = [_values(record, one) for one in numbers.places.values()]
    names = [name for name in LABELS if name != "window_minutes" and any(name in one for one in values)]
    return Table(
        caption=_("Place by place"),
        columns=(_("Figure"), *map(place_label, numbers.places)),
        rows=tuple(
            Row(heading=_(LABELS[name]), cells=tuple(one.get(name, _(_NONE)) for one in values)) for name in names
        ),
    )


def question_tables(record: Record, numbers: Numbers) -> list[Table]:
    """The figures of each question: of all places together, then of each place if there are several."""
    found = [_question_table(record, _("Question by question"), numbers)]
    if len(numbers.places) > 1:
        found += [_question_table(record, place_label(place), one) for place, one in numbers.places.items()]
    return found if numbers.questions else []


def _question_table(record: Record, caption: str, numbers: Figures) -> Table:
    times = LocalTimes(record)
    rows = (Row(heading=key.upper(), cells=_answers(one, times)) for key, one in numbers.questions.items())
    return Table(caption=caption, columns=(_("Question"), *map(_, ANSWER_LABELS.values())), rows=tuple(rows))


def _answers(one: QuestionFigures, times: LocalTimes) -> tuple[str, ...]:
    first = times.time(one.first_answer_at) if one.first_answer_at else _(_NONE)
    if one.first_answer_seconds is not None:
        first += f" ({duration(one.first_answer_seconds)})"
    median = _(_NONE) if one.median_answer_seconds is None else duration(one.median_answer_seconds)
    return grouped(one.posts), _share(one.participants, one.answered_percent), first, median


def _values(record: Record, numbers: Figures) -> dict[str, str]:
    plain = {name: grouped(count) for name in LABELS if isinstance(count := getattr(numbers, name), int)}
    busiest, times = numbers.busiest_minute, LocalTimes(record)
    return plain | {
        "impressions": short_number(numbers.impressions),
        "answered": _share(numbers.answered, numbers.answered_percent),
        "busiest_minute": f"{times.time(busiest.at)} ({grouped(busiest.posts)})" if busiest else _(_NONE),
    }


def _share(people: int, percent: int) -> str:
    return _("{count} ({percent}%)").format(count=grouped(people), percent=percent)
