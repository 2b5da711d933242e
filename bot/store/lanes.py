"""Lanes: threads for calls that may hang, and the order in which calls of several lanes write.

A lane runs one call after another. A call that waits too long for the database is given up: whoever asked for it gets a
StoreError, its thread is left behind, and a new one goes on. What a call does is not known here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from threading import Condition, Lock, Thread, current_thread, local
from typing import Any, Literal, TypeVar, get_args

from bot.errors import StoreError

T = TypeVar("T")

Lane = Literal["claims", "outgoing", "incoming", "pulse"]
"""Writes, the most urgent first: claims of posts; outcomes, commands and plans; events; the heartbeat."""

_RANKS = {lane: rank for rank, lane in enumerate(get_args(Lane))}

_MOST_OVERTAKEN = 8
"""Writers that may overtake another: the least urgent one gets its turn, too."""

_MOST_LEFT = 8
"""Threads of a lane that may hang at once. While there are more, calls are given up without a thread of their own."""

_CLOSING = 2.0
"""Seconds to wait for the calls under way when the lanes are closed."""

NO_ANSWER = "The store did not answer in time."


class WriteQueue:
    """A lock for writing to SQLite in one process: the most urgent lane first, in a lane first come first served.

    SQLite takes one write at a time, and a connection that finds it locked sleeps and retries, ever longer. Under load
    incoming batches then overtook outgoing posts, and a command took seconds. Here a write waits only for the one under
    way and for more urgent ones. The lock is not reentrant, and other processes are not known here.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: list[_Ticket] = []
        self._busy = False

    @property
    def length(self) -> int:
        """The number of writers that wait."""
        return len(self._waiting)

    @contextmanager
    def turn(self, lane: Lane, patience: float) -> Iterator[None]:
        """Hold the lock during the block. Raises StoreError if it is not free after `patience` seconds."""
        ticket = _Ticket(_RANKS[lane])
        with self._changed:
            self._waiting.append(ticket)
            came = self._changed.wait_for(lambda: not self._busy and self._next() is ticket, patience)
            place = self._waiting.index(ticket)
            del self._waiting[place]
            if not came:
                self._changed.notify_all()
                raise StoreError(NO_ANSWER)
            self._busy = True
            for earlier in self._waiting[:place]:
                earlier.overtaken += 1
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> _Ticket:
        return min(self._waiting, key=lambda one: 0 if one.overtaken >= _MOST_OVERTAKEN else 1 + one.rank)


class _Ticket:
    __slots__ = ("overtaken", "rank")

    def __init__(self, rank: int) -> None:
        self.rank = rank
        self.overtaken = 0


class LaneThreads:
    """The threads of a lane, started with its first call. They are daemons: a process ends whatever hangs in one."""

    def __init__(self, name: str, threads: int, patience: float) -> None:
        self._name, self._patience = name, patience
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._lock = Lock()
        self._running: dict[_Call, Thread] = {}
        self._left: set[_Call] = set()
        self._threads: set[Thread] = set()
        self._to_start = threads

    async def run(self, work: Callable[[], T]) -> T:
        """Run a call in the lane's thread. Raises StoreError if it waits too long; it may be done all the same."""
        call = _Call(partial(copy_context().run, work))  # the language goes along
        self._calls.put(call)
        if self._to_start:
            self._start_all()
        call.limit = asyncio.get_running_loop().call_later(self._patience, self._give_up, call)
        try:
            result: T = await asyncio.wrap_future(call.future)
        finally:
            if call.future.done():  # else whoever asked waits no longer, but the call still holds its thread
                call.limit.cancel()
        return result

    def longest(self) -> float:
        """For how many seconds a call under way, or left behind, has been waiting; 0 if there is none."""
        with self._lock:
            return max((call.waited() for call in self._running), default=0.0)

    def close(self) -> None:
        """Finish all calls, but don't wait for what hangs."""
        with self._lock:
            threads, self._threads, self._to_start = self._threads, set(), 0
        for _ in threads:
            self._calls.put(None)
        until = time.monotonic() + _CLOSING
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0.0))

    def _start_all(self) -> None:
        with self._lock:
            for _ in range(self._to_start):
                self._start()
            self._to_start = 0

    def _start(self) -> None:
        thread = Thread(target=self._work, name=f"store-{self._name}", daemon=True)
        self._threads.add(thread)
        thread.start()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            with self._lock:
                if call.future.done() or not call.future.set_running_or_notify_cancel():
                    continue
                self._running[call] = current_thread()
            _local.call = call
            waits()
            try:
                result, error = call.work(), None
            except BaseException as raised:  # noqa: BLE001 -- it belongs to whoever waits
                result, error = None, raised
            with self._lock:
                del self._running[call]
                if not call.future.done():
                    call.future.set_result(result) if error is None else call.future.set_exception(error)
                if call in self._left:
                    self._left.remove(call)
                    return
            del call, result, error  # nothing is kept alive while the thread waits

    def _give_up(self, call: _Call) -> None:
        """Give up a call that has been waiting for too long, or was never begun."""
        with self._lock:
            waited = call.waited() if call in self._running else self._patience
            if call.future.done():
                return
            if waited < self._patience:
                call.limit = asyncio.get_running_loop().call_later(self._patience - waited, self._give_up, call)
                return
            call.future.set_exception(StoreError(NO_ANSWER))
            thread = self._running.get(call)
            if thread in self._threads and len(self._left) < _MOST_LEFT:
                self._left.add(call)
                self._threads.discard(thread)
                self._start()


class _Call:
    """A call. `since` is when it began to wait, by the monotonic clock; None while it works."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()
        self.since: float | None = None
        self.limit: asyncio.TimerHandle

    def waited(self) -> float:
        """For how many seconds it has been waiting."""
        since = self.since
        return 0.0 if since is None else time.monotonic() - since


_local = local()


def waits() -> None:
    """The call in this thread begins to wait for the database."""
    if call := getattr(_local, "call", None):
        call.since = time.monotonic()


def works() -> None:
    """The call in this thread has its answer, and works on. However long that takes, it is not given up for it."""
    if call := getattr(_local, "call", None):
        call.since = None
