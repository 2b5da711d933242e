"""Notices when something below a folder changes. Says only that it did; who wants to know reads for themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from watchfiles import awatch

_AGAIN = 60.0
"""Wall seconds between two looks in any case: some file systems tell nobody."""

_log = structlog.get_logger()


@asynccontextmanager
async def watching(folder: Path, changed: Callable[[], None]) -> AsyncIterator[None]:
    """Call `changed` after each change below `folder`, and once a minute, while the block runs."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(_told(folder, changed, stop))
        group.create_task(_by_the_clock(changed, stop))
        try:
            yield
        finally:
            stop.set()


async def _told(folder: Path, changed: Callable[[], None], stop: asyncio.Event) -> None:
    try:
        async for _ in awatch(folder, stop_event=stop, recursive=True):
            changed()
    except (OSError, RuntimeError) as error:  # watchfiles has no error of its own to catch
        _log.warning("file_watch.failed", error=type(error).__name__, remedy="changes are noticed once a minute")


async def _by_the_clock(changed: Callable[[], None], stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            async with asyncio.timeout(_AGAIN):
                await stop.wait()
        except TimeoutError:
            changed()
