"""Watches a folder and calls a function after each change. It does not tell what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from watchfiles import awatch

_INTERVAL = 60.0
"""Wall seconds between two calls in any case: some file systems don't report changes."""

_FIRST_LOOK = 1000
"""Milliseconds. Without changes the watch reports after this time, too, which shows that it has begun."""

_log = structlog.get_logger()


@asynccontextmanager
async def watching(folder: Path, changed: Callable[[], None]) -> AsyncIterator[None]:
    """Call `changed` after each change below `folder`, and once a minute, while the block runs."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(_watch(folder, changed, stop))
        group.create_task(_poll(changed, stop))
        try:
            yield
        finally:
            stop.set()


async def _watch(folder: Path, changed: Callable[[], None], stop: asyncio.Event) -> None:
    """Call `changed` after each change, and once soon after the watch began: before it, nothing was noticed."""
    began = False
    try:
        async for changes in awatch(
            folder, stop_event=stop, recursive=True, rust_timeout=_FIRST_LOOK, yield_on_timeout=True
        ):
            if changes or not began:
                changed()
            began = True
    except (OSError, RuntimeError) as error:  # watchfiles has no error of its own to catch
        _log.warning("file_watch.failed", error=type(error).__name__, remedy="changes are noticed once a minute")


async def _poll(changed: Callable[[], None], stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            async with asyncio.timeout(_INTERVAL):
                await stop.wait()
        except TimeoutError:
            changed()
