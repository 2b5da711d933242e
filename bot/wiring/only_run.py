"""Sees to it that an SQLite store is used by one `convenor run` at a time, by a lock on a file beside it.

The system takes the lock away from a process that dies, so nothing is left behind but an empty file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import SetupError


@contextmanager
def only_run(store: Path | None) -> Iterator[None]:
    """Hold the lock during the block. Raises SetupError if another process holds it. None: a store with no file.

    Where the system has no such locks, as on Windows, nothing is held.
    """
    try:
        import fcntl  # noqa: PLC0415 -- not on every system
    except ImportError:
        store = None
    if store is None:
        yield
        return
    with store.with_name(f"{store.name}-run").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError(
                f"Another `convenor run` uses the store {store}. End it first, or take PostgreSQL, which many may use."
            ) from None
        yield
