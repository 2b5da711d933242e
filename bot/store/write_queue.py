"""Taking turns at writing to SQLite, within one process: whoever came first goes first.

SQLite lets one write at a time. Whoever has to wait sleeps and looks again, ever longer; so while messages poured in on
a busy machine, those who hear overtook those who say, and a command took seconds. Other processes are not known here.
"""

from __future__ import annotations

from threading import Condition
from types import TracebackType


class WriteQueue:
    """A queue of threads, as a context manager. One that holds its turn must not ask for another.

    `given` is how many turns were asked for, and `over` how many of those are.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self.given = 0
        self.over = 0

    def __enter__(self) -> None:
        with self._changed:
            mine, self.given = self.given, self.given + 1
            self._changed.wait_for(lambda: self.over == mine)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self.over += 1
            self._changed.notify_all()
