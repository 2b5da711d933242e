"""The top of the host's page: the next question, and the way back from the last change.

Pure: worked out from the dashboard and the last answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from adapters.room.app_context import LastAnswer
from bot.messages import Value
from bot.ports.views import Dashboard, LogEntry, PlanStep

UNDO_FOR = timedelta(seconds=30)
"""How long the way back stands at the top of the page, in wall time. After that it is in the log."""


class WayBack(Value, frozen=True, kw_only=True):
    """The button that takes the last change back: its command, what it undoes, and the wall seconds that are left.

    `by` is the person who made the change, if that was somebody else.
    """

    command: str
    what: str
    seconds: int
    by: str = ""


def next_question(dashboard: Dashboard | None) -> PlanStep | None:
    """The question that `next` would ask; None if none is left."""
    steps = dashboard.steps if dashboard else ()
    return next((one for one in steps if one.kind == "question" and one.state == "coming"), None)


def way_back(dashboard: Dashboard | None, last: LastAnswer | None, now: datetime, speed: float = 1.0) -> WayBack | None:
    """The way back from the newest change, by whomever, for half a minute after it."""
    entry = next((one for one in (dashboard.log if dashboard else ()) if one.undo), None)
    if entry is None:
        return None
    is_own = last is not None and last.undo == entry.undo
    left = UNDO_FOR - (now - (last.at if is_own and last else entry.at)) / speed
    return _way_back(entry, left, is_own=is_own) if left > timedelta(0) else None


def _way_back(entry: LogEntry, left: timedelta, *, is_own: bool) -> WayBack:
    by = "" if is_own else entry.who
    return WayBack(command=entry.undo, what=entry.text, seconds=min(round(left.total_seconds()), 30), by=by)
