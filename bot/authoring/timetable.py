"""The time of each question, counted from the start, and how far pacing may move it. Pure.

Q1 comes at `first`, and each later question `every` after the one before. A question's own `at` counts from the start,
and the next ones follow it. Without `every`, the time between two fixed questions is divided evenly, and the last
question has as much time before the end as the others. With pace = "follow", `later` and `sooner` limit how far a
question may move by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Literal

from bot.authoring.chatfile import QuestionTable, SeriesFile
from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.toml.duration import format_duration
from bot.toml.positions import KeyPath
from bot.translation import LazyText, lazy, pending

DEFAULT_LENGTH = timedelta(minutes=60)
DEFAULT_FIRST = timedelta(minutes=10)
FIRST_SHARE = 6
"""In a short chat the first question comes after a sixth of its length."""

MIN_INTERVAL = timedelta(minutes=1)
"""Questions closer together than this get a warning."""

DEFAULT_LATER, DEFAULT_SOONER = timedelta(minutes=3), timedelta(minutes=2)

_EVERY_TOO_LONG = pending(
    "'every' is {every}, so Q{number} would come at {offset}, but the chat ends at {end}; make it shorter, leave it "
    "out to share the time evenly, or make 'length' longer."
)
_AFTER_END = pending(
    "'{key}' puts Q{number} at {offset}, but the chat ends at {end}; ask it earlier, or make 'length' longer."
)
_SAME_TIME = pending("Q{number} comes at {after}, at the same time as Q{previous}; give it its own time.")
_OUT_OF_ORDER = pending(
    "Q{number} comes at {after}, before Q{previous} at {before}; put the questions in the order of their times."
)
_TOO_CLOSE = pending("Q{number} comes only {gap} after Q{previous}.")
_WIDE_LIMIT = pending(
    "'{key}' is {limit}, but Q{number} comes {interval} after Q{previous}; make it shorter than that."
)
_WIDE_DEFAULT = pending(
    "'{key}' is {limit} where it is left out, but Q{number} comes {interval} after Q{previous}; make it shorter than "
    "that."
)

_SECOND = timedelta(seconds=1)


def length(values: SeriesFile) -> timedelta:
    """The length of the chat."""
    return values.length or DEFAULT_LENGTH


def offsets(values: SeriesFile) -> tuple[timedelta, ...]:
    """The time of each question, counted from the start."""
    questions: list[QuestionTable] = values.questions or []
    if not questions:
        return ()
    fixed = {index: one.at for index, one in enumerate(questions) if one.at}
    fixed.setdefault(0, values.first or min(DEFAULT_FIRST, length(values) // FIRST_SHARE))
    times: list[timedelta] = []
    for anchor, after in pairwise([*sorted(fixed), len(questions)]):
        interval = _interval(values, fixed, anchor, len(questions))
        times += (fixed[anchor] + interval * steps for steps in range(after - anchor))
    return tuple(_whole_seconds(one) for one in times)


def _interval(values: SeriesFile, fixed: dict[int, timedelta], anchor: int, count: int) -> timedelta:
    """The time between questions after the one at index `anchor`."""
    if values.every:
        return values.every
    after = min((one for one in fixed if one > anchor), default=count)
    until = fixed.get(after, length(values))
    return (until - fixed[anchor]) / (after - anchor)


def _whole_seconds(offset: timedelta) -> timedelta:
    """An offset rounded down to whole seconds; one below a second is kept as it was written."""
    return offset if offset < _SECOND else offset // _SECOND * _SECOND


def questions_after_end(source: ChatSource) -> Iterator[Problem]:
    """Errors for questions at or after the end of the chat."""
    end, times = length(source.values), offsets(source.values)
    reported: set[KeyPath] = set()
    for index, offset in enumerate(times):
        path = _deciding_path(source.values, index)
        if offset >= end and path not in reported:
            reported.add(path)
            yield source.problem(path, _after_end_message(source.values, path, index, times))


def _deciding_path(values: SeriesFile, index: int) -> KeyPath:
    """The path of the value that decides the time of a question."""
    questions = values.questions or []
    anchor = next((n for n in range(index, -1, -1) if questions[n].at), 0)
    if questions[index].at:
        return ("questions", index, "at")
    if index == anchor:
        return ("first",) if values.first else ("length",)
    if values.every:
        return ("every",)
    return ("questions", anchor, "at") if questions[anchor].at else ("first",)


def _after_end_message(values: SeriesFile, path: KeyPath, index: int, times: tuple[timedelta, ...]) -> LazyText:
    end, offset = format_duration(length(values)), format_duration(times[index])
    if path == ("every",):
        every = format_duration(values.every) if values.every else ""
        return lazy(_EVERY_TOO_LONG, every=every, number=index + 1, offset=offset, end=end)
    return lazy(_AFTER_END, key=path[-1], number=index + 1, offset=offset, end=end)


def questions_out_of_order(source: ChatSource) -> Iterator[Problem]:
    """Errors for questions that are not in the order of their times, and warnings for close ones."""
    times = offsets(source.values)
    end = length(source.values)
    for index, (before, after) in enumerate(pairwise(times), 1):
        path = _deciding_path(source.values, index)
        said = partial(lazy, number=index + 1, previous=index, after=format_duration(after))
        if after == before:
            yield source.problem(path, said(_SAME_TIME))
        elif after < before:
            yield source.problem(path, said(_OUT_OF_ORDER, before=format_duration(before)))
        elif after - before < MIN_INTERVAL and after < end:
            yield source.problem(path, said(_TOO_CLOSE, gap=format_duration(after - before)), severity="warning")


def pacing_limits(values: SeriesFile) -> dict[Literal["later", "sooner"], timedelta]:
    """How much later and sooner a question may come. `0s` is allowed."""
    return {
        "later": DEFAULT_LATER if values.later is None else values.later,
        "sooner": DEFAULT_SOONER if values.sooner is None else values.sooner,
    }


def unused_pacing_limits(source: ChatSource) -> Iterator[Problem]:
    """Warnings for limits without pace = "follow".

    None for the series' limits if the chat's own file sets another pace.
    """
    own = "pace" in source.chat.document.data
    if source.values.pace == "follow" or not source.valid(("pace",)):
        return
    for key in ("later", "sooner"):
        if getattr(source.values, key) is not None and not (own and source.file_of(key) is source.series):
            message = lazy("'{key}' does nothing without pace = \"follow\"; write that too, or leave it out.", key=key)
            yield source.problem((key,), message, severity="warning")


def wide_pacing_limits(source: ChatSource) -> Iterator[Problem]:
    """Warnings for limits that are longer than the shortest time between two questions."""
    interval, number = min(
        ((after - before, number) for number, (before, after) in enumerate(pairwise(offsets(source.values)), 2)),
        default=(timedelta(0), 0),
    )
    if source.values.pace != "follow" or interval <= timedelta(0):
        return
    for key, limit in pacing_limits(source.values).items():
        if limit >= interval and source.valid((key,)):
            yield _wide_limit(source, key, limit, (number, interval))


def _wide_limit(source: ChatSource, key: str, limit: timedelta, shortest: tuple[int, timedelta]) -> Problem:
    """The warning for a limit; `shortest` is a question with the time after the one before."""
    given, (number, interval) = getattr(source.values, key) is not None, shortest
    message = lazy(
        _WIDE_LIMIT if given else _WIDE_DEFAULT,
        key=key,
        limit=format_duration(limit),
        number=number,
        interval=format_duration(interval),
        previous=number - 1,
    )
    return source.problem((key,) if given else ("pace",), message, severity="warning")
