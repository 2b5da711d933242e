"""A proxy between one process and its database, in a thread of its own: it can cut every connection, or go mute."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial


class TcpProxy:
    """Listens on a free port of this machine and passes all on to a Unix socket, as it is told."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._loop = asyncio.new_event_loop()
        self._passing = asyncio.Event()
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port: int = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(60)

    def cut(self) -> None:
        """End every connection, and each new one, until `mend`."""
        self._loop.call_soon_threadsafe(partial(self._set, passing=False, cut=True))

    def mute(self) -> None:
        """Pass nothing on until `mend`, but keep every connection."""
        self._loop.call_soon_threadsafe(partial(self._set, passing=False, cut=False))

    def mend(self) -> None:
        """Pass all on again."""
        self._loop.call_soon_threadsafe(partial(self._set, passing=True, cut=False))

    def close(self) -> None:
        """End the thread with all connections."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    def _set(self, *, passing: bool, cut: bool) -> None:
        (self._passing.set if passing else self._passing.clear)()
        self._cut = cut
        if cut:
            for writer in self._writers:
                writer.transport.abort()

    async def _listen(self) -> int:
        self._passing.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _end(self) -> None:
        self._server.close()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        self._set(passing=True, cut=True)
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        behind, onward = await asyncio.open_unix_connection(self._socket)
        both = {writer, onward}
        self._writers |= both
        await asyncio.gather(self._pass(reader, onward), self._pass(behind, writer))
        self._writers -= both

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._passing.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@contextmanager
def tcp_proxy(socket: str) -> Iterator[TcpProxy]:
    """A proxy to a Unix socket during the block."""
    made = TcpProxy(socket)
    try:
        yield made
    finally:
        made.close()
