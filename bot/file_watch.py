"""Watches a folder and calls a function after each change. It does not tell what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import structlog
from watchfiles import awatch

_INTERVAL = 60.0
"""Wall seconds between two calls in any case: some file systems don't report changes."""

_FIRST_LOOK = 1000
"""Milliseconds. Without changes the watch reports after this time, too, which shows that it has begun."""

_SECOND_LOOK = 2.0
"""Wall seconds after a change: what came into a new folder before that was watched, too, is seen then."""

_log = structlog.get_logger()


@asynccontextmanager
async def watching(folder: Path, changed: Callable[[], None]) -> AsyncIterator[None]:
    """Call `changed` after each change below `folder`, and once a minute, while the block runs.

    The folder may come later, go, or be replaced by another.
    """
    stop = asyncio.Event()
    # no task group: it would wrap the errors of the block
    tasks = [asyncio.create_task(one) for one in (_watch(folder, changed, stop), _poll(changed, stop))]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def _watch(folder: Path, changed: Callable[[], None], stop: asyncio.Event) -> None:
    """Watch the folder for as long as it is the same one, then the next."""
    told = False
    while not stop.is_set():
        try:
            if _identity(folder) is not None:
                await _watch_this(folder, changed, stop)
                told = False
        except (OSError, RuntimeError) as error:  # watchfiles has no error of its own to catch
            if not told:
                _log.warning(
                    "file_watch.failed", error=type(error).__name__, remedy="changes are noticed once a minute"
                )
            told = True
        await _pause(stop, _FIRST_LOOK / 1000)


async def _watch_this(folder: Path, changed: Callable[[], None], stop: asyncio.Event) -> None:
    """Call `changed` after each change, and once soon after the watch began: before it, nothing was noticed."""
    began, watched, loop = False, _identity(folder), asyncio.get_running_loop()
    looks = awatch(folder, stop_event=stop, recursive=True, rust_timeout=_FIRST_LOOK, yield_on_timeout=True)
    async with aclosing(looks):
        async for changes in looks:
            if changes:
                loop.call_later(_SECOND_LOOK, changed)
            if changes or not began:
                changed()
            began = True
            if _identity(folder) != watched:
                changed()
                return


async def _poll(changed: Callable[[], None], stop: asyncio.Event) -> None:
    while not await _pause(stop, _INTERVAL):
        changed()


async def _pause(stop: asyncio.Event, seconds: float) -> bool:
    """Wait, but not beyond `stop`. Returns whether that was set."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True


def _identity(folder: Path) -> tuple[int, int] | None:
    """The identity of a folder, which tells it from another at the same path; None if there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
