"""The patience of a person who waits for a page: a store that does not answer is told within three seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from bot.errors import StoreError

Handler = Callable[[Request], Awaitable[Response]]

_FIRST_LOOK, _NEXT_LOOK = 2.1, 0.25
"""Seconds after which a handler that has no answer yet is given up, if it is the store that does not answer."""


def patient(handler: Handler, trouble: Callable[[], str | None]) -> Handler:
    """The handler; it raises StoreError when the store does not answer. A busy machine alone gives nobody up.

    What was to be stored may be stored all the same: a form that is sent again counts once.
    """

    async def handle(request: Request) -> Response:
        loop, limit = asyncio.get_running_loop(), asyncio.timeout(None)
        timer: asyncio.TimerHandle

        def look() -> None:
            nonlocal timer
            if trouble() is None:
                timer = loop.call_later(_NEXT_LOOK, look)
            else:
                limit.reschedule(loop.time())

        timer = loop.call_later(_FIRST_LOOK, look)
        try:
            async with limit:
                return await handler(request)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise StoreError("The store does not answer just now.") from error
        finally:
            timer.cancel()

    return handle
