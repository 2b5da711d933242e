"""The keys `pace`, `later` and `sooner`: by how much questions may come at another time by themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from bot.authoring.chatfile import SeriesFile
from bot.authoring.source import ChatSource
from bot.authoring.timetable import offsets
from bot.errors import Problem
from bot.toml.duration import format_duration

LATER, SOONER = timedelta(minutes=3), timedelta(minutes=2)
"""What is meant where the keys are left out."""


def limits(values: SeriesFile) -> dict[Literal["later", "sooner"], timedelta]:
    """How much later and sooner a question may come. Nothing (`0s`) is as good as any."""
    return {
        "later": LATER if values.later is None else values.later,
        "sooner": SOONER if values.sooner is None else values.sooner,
    }


def idle(draft: ChatSource) -> Iterator[Problem]:
    """Limits that nothing comes of. A chat that goes by the clock though its series does not says so itself."""
    own = "pace" in draft.chat.document.data
    if draft.values.pace == "follow" or not draft.sound(("pace",)):
        return
    for key in ("later", "sooner"):
        if getattr(draft.values, key) is not None and not (own and draft.source(key) is draft.series):
            message = f"'{key}' does nothing without pace = \"follow\"; write that too, or leave it out."
            yield draft.problem((key,), message, severity="warning")


def crowded(draft: ChatSource) -> Iterator[Problem]:
    """A question should not move by more than there is between two of them."""
    gap, number = min(
        ((after - before, number) for number, (before, after) in enumerate(pairwise(offsets(draft.values)), 2)),
        default=(timedelta(0), 0),
    )
    if draft.values.pace != "follow" or gap <= timedelta(0):
        return
    for key, limit in limits(draft.values).items():
        if limit >= gap and draft.sound((key,)):
            yield _crowded(draft, key, limit, f"Q{number} comes {format_duration(gap)} after Q{number - 1}")


def _crowded(draft: ChatSource, key: str, limit: timedelta, gap: str) -> Problem:
    given = getattr(draft.values, key) is not None
    what = f"'{key}' is {format_duration(limit)}" + ("" if given else " where it is left out")
    path = (key,) if given else ("pace",)
    return draft.problem(path, f"{what}, but {gap}; make it shorter than that.", severity="warning")
