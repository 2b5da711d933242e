"""An open stream of server-sent events. The response begins like any other; updates are then written to its connection.

Through the framework each update woke four tasks for each reader and went through the HTTP library's states once more:
with 200 readers that was most of a post's cost. Here an update is framed once, and the same bytes are written to all.
What is sent, and to whom, is decided in `live_channel`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import NamedTuple

from sse_starlette import ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.room.stream_seats import Seat, TooManyWatchers

MAX_BEHIND = 256 * 1024
"""Bytes that may wait for a reader. Whoever is further behind is cut off, and catches up when they connect again."""


class Update(NamedTuple):
    """Bytes for all streams: as they are, and as a chunk of HTTP/1.1."""

    plain: bytes
    chunk: bytes

    @classmethod
    def of(cls, event: ServerSentEvent) -> Update:
        """An event, framed."""
        plain = event.encode()
        return cls(plain, b"%x\r\n%b\r\n" % (len(plain), plain))


_WELCOME = ServerSentEvent(comment="welcome", retry=3000).encode()


class Watcher:
    """One open stream, to which nothing is written after it has ended."""

    def __init__(self, transport: asyncio.Transport, *, chunked: bool) -> None:
        self._transport, self._chunked = transport, chunked
        self.ended = asyncio.get_running_loop().create_future()

    def send(self, update: Update) -> None:
        """Write an update, or cut the connection off if too much is waiting. Never blocks."""
        if self.ended.done() or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > MAX_BEHIND:
            self._transport.abort()
            return
        self._transport.write(update.chunk if self._chunked else update.plain)

    def end(self) -> None:
        """End the stream. The browser connects again."""
        if not self.ended.done():
            self.ended.set_result(None)


class EventStream(Response):
    """The response that stays open. `watching` has the watcher sent what there is while its block lasts.

    `seat` is taken before anything is answered. Raises HTTPException, 503, if there is none.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        seat: Callable[[], AbstractContextManager[Seat]],
        watching: Callable[[Watcher, Seat], AbstractContextManager[None]],
    ) -> None:
        self._seat, self._watching = seat, watching
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the reader disconnects or the stream ends. `scope` has the connection, see `http_server`."""
        with ExitStack() as stack:
            try:
                seat = stack.enter_context(self._seat())
            except TooManyWatchers:
                raise HTTPException(503, headers={"Retry-After": "30"}) from None
            await self._stream(seat, scope, receive, send)

    async def _stream(self, seat: Seat, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        is_get = scope["method"] == "GET"
        await send({"type": "http.response.body", "body": _WELCOME, "more_body": is_get})
        if is_get:
            watcher = Watcher(scope["state"]["transport"], chunked=scope["http_version"] == "1.1")
            with self._watching(watcher, seat):
                await _until_over(watcher, receive)
            await send({"type": "http.response.body", "body": b""})


async def _until_over(watcher: Watcher, receive: Receive) -> None:
    leaving = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({leaving, watcher.ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        watcher.end()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
