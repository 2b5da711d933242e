"""Sees to it that an SQLite store is used by one `convenor run` at a time, by a lock on a file beside it.

The system takes the lock away from a process that dies, on Windows as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import SetupError


@contextmanager
def only_run(store: Path | None) -> Iterator[None]:
    """Hold the lock during the block. Raises SetupError if another process holds it. None: a store with no file."""
    if store is None:
        yield
        return
    lock = FileLock(store.with_name(f"{store.name}-run"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise SetupError(
            f"Another `convenor run` uses the store {store}. End it first, or take PostgreSQL, which many may use."
        ) from None
    except (OSError, NotImplementedError) as error:  # the latter where a file system knows no locks
        raise SetupError(f"The lock beside the store {store} cannot be taken: {error}.") from error
    try:
        yield
    finally:
        lock.release()
