"""Until when a call that posts may begin: if it comes to its socket too late, another process may have made it.

A process, or its whole machine, may stand still at any moment. The outbox sets the limit, and an adapter looks right
before the words leave. Both clocks count: the monotonic one may stop with the machine, and the other may be set back.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import NamedTuple

from bot.errors import PlatformError


class Moment(NamedTuple):
    """A moment by both clocks, in seconds."""

    monotonic: float
    wall: float

    @classmethod
    def now(cls) -> Moment:
        """This moment."""
        return cls(time.monotonic(), time.time())


_limit: ContextVar[Moment | None] = ContextVar("limit", default=None)


def limit_calls(since: Moment, seconds: float) -> None:
    """Let the calls of this task, and of those that it starts, begin within so many seconds after a moment."""
    _limit.set(Moment(since.monotonic + seconds, since.wall + seconds))


def is_too_late() -> bool:
    """Whether the call in hand may not begin any more."""
    limit, now = _limit.get(), Moment.now()
    return limit is not None and (now.monotonic > limit.monotonic or now.wall > limit.wall)


def check_in_time() -> None:
    """Raise PlatformError if the call in hand may not begin any more: nothing was sent, and it is tried again."""
    if is_too_late():
        raise PlatformError("It came too late to be sent; it is looked for and tried again.")
