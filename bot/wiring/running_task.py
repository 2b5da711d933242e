"""A task that runs for as long as a block does: half a bot is worse than none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

_STOPPING = 3.0
"""Seconds in which a task that is asked to stop finishes what is under way; then it is cancelled."""


@asynccontextmanager
async def running_task(
    work: Coroutine[None, None, None], stop: Callable[[], None] | None = None
) -> AsyncIterator[None]:
    """Run a task during the block, then call `stop` or cancel it. One that does not stop in time is cancelled.

    If the task fails, the block ends with its error: half a bot is worse than none.
    """
    owner, task = asyncio.current_task(), asyncio.create_task(work)

    def cancel_owner(task: asyncio.Task[None]) -> None:
        if owner is not None and not task.cancelled() and task.exception() is not None:
            owner.cancel()

    task.add_done_callback(cancel_owner)
    try:
        yield
    except asyncio.CancelledError:
        if owner is not None and task.done() and not task.cancelled() and (error := task.exception()) is not None:
            owner.uncancel()
            raise error from None
        raise
    finally:
        task.remove_done_callback(cancel_owner)
        if stop is None:
            task.cancel()
        else:
            stop()
        _, unfinished = await asyncio.wait({task}, timeout=None if stop is None else _STOPPING)
        if unfinished:
            task.cancel()
            await asyncio.wait({task})
