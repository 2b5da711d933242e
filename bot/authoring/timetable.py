"""When each question is asked, counted from the start. Pure.

`first` is when Q1 comes; then each comes `every` after the one before. A question's own `at` counts from the start and
the following go on from there. Where `every` is left out, the time between two fixed points is shared out evenly, and
the last question has as much room before the end as the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from bot.authoring.chatfile import QuestionTable, SeriesFile
from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.toml.duration import format_duration
from bot.toml.positions import KeyPath

LENGTH = timedelta(minutes=60)
FIRST = timedelta(minutes=10)
PART = 6
"""In a short chat the first question comes after one sixth of it."""

CLOSE = timedelta(minutes=1)
"""Questions nearer to each other than this are doubted."""

_SECOND = timedelta(seconds=1)


def length(values: SeriesFile) -> timedelta:
    """How long the chat is."""
    return values.length or LENGTH


def offsets(values: SeriesFile) -> tuple[timedelta, ...]:
    """When each question comes, counted from the start."""
    questions: list[QuestionTable] = values.questions or []
    fixed = {index: one.at for index, one in enumerate(questions) if one.at}
    fixed.setdefault(0, values.first or min(FIRST, length(values) // PART))
    times: list[timedelta] = []
    for index in range(len(questions)):
        anchor = max(one for one in fixed if one <= index)
        times.append(fixed[anchor] + _share(values, fixed, anchor, len(questions)) * (index - anchor))
    return tuple(_whole(one) for one in times)


def _share(values: SeriesFile, fixed: dict[int, timedelta], anchor: int, count: int) -> timedelta:
    """The gap between questions after the one at `anchor`."""
    if values.every:
        return values.every
    after = min((one for one in fixed if one > anchor), default=count)
    until = fixed.get(after, length(values))
    return (until - fixed[anchor]) / (after - anchor)


def _whole(offset: timedelta) -> timedelta:
    """A share that is no whole second is rounded down; what was written is kept."""
    return offset if offset < _SECOND else offset // _SECOND * _SECOND


def too_late(draft: ChatSource) -> Iterator[Problem]:
    """No question comes at the end of the chat or after it."""
    end, times = length(draft.values), offsets(draft.values)
    said: set[KeyPath] = set()
    for index, offset in enumerate(times):
        path = _cause(draft.values, index)
        if offset >= end and path not in said:
            said.add(path)
            yield draft.problem(path, _late(draft.values, path, index, times))


def _cause(values: SeriesFile, index: int) -> KeyPath:
    """Where it is said when a question comes."""
    questions = values.questions or []
    anchor = next((n for n in range(index, -1, -1) if questions[n].at), 0)
    if questions[index].at:
        return ("questions", index, "at")
    if index == anchor:
        return ("first",) if values.first else ("length",)
    if values.every:
        return ("every",)
    return ("questions", anchor, "at") if questions[anchor].at else ("first",)


def _late(values: SeriesFile, path: KeyPath, index: int, times: tuple[timedelta, ...]) -> str:
    end, offset = format_duration(length(values)), format_duration(times[index])
    remedy = "ask it earlier, or make 'length' longer."
    if path == ("every",):
        every = format_duration(values.every) if values.every else ""
        remedy = "make it shorter, leave it out to share the time evenly, or make 'length' longer."
        return f"'every' is {every}, so Q{index + 1} would come at {offset}, but the chat ends at {end}; {remedy}"
    return f"'{path[-1]}' puts Q{index + 1} at {offset}, but the chat ends at {end}; {remedy}"


def disordered(draft: ChatSource) -> Iterator[Problem]:
    """Questions come in the order in which they stand, never two at once."""
    times = offsets(draft.values)
    end = length(draft.values)
    for index, (before, after) in enumerate(pairwise(times), 1):
        path = _cause(draft.values, index)
        if after == before:
            yield draft.problem(
                path,
                f"Q{index + 1} comes at {format_duration(after)}, at the same time as Q{index}; give it its own time.",
            )
        elif after < before:
            yield draft.problem(
                path,
                f"Q{index + 1} comes at {format_duration(after)}, before Q{index} at {format_duration(before)}; "
                "put the questions in the order of their times.",
            )
        elif after - before < CLOSE and after < end:
            yield draft.problem(
                path, f"Q{index + 1} comes only {format_duration(after - before)} after Q{index}.", severity="warning"
            )
