"""The pretend platform's library, as tweepy is X's: it sends a line of JSON and reads one, and knows nothing of us."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any


class PretendClient:
    """Calls over a connection each, and one to listen. Raises OSError, TimeoutError and ValueError."""

    def __init__(self, address: str, timeout: float) -> None:
        self._host, _, self._port = address.rpartition(":")
        self._timeout = timeout

    async def call(self, do: str, ready: Callable[[], object] = bool, **fields: Any) -> Any:  # noqa: ANN401 -- JSON
        """The answer, with its `status`. `ready` is called right before the line is written."""
        async with asyncio.timeout(self._timeout):
            reader, writer = await self._dial({"do": do, **fields}, ready)
            line = await reader.readline()
            writer.close()
        if not line:
            raise ConnectionResetError
        return json.loads(line)

    async def listen(self) -> AsyncIterator[Any]:
        """Who we are, and then everything that happens, until the connection ends."""
        reader, writer = await self._dial({"do": "listen"})
        try:
            while line := await reader.readline():
                yield json.loads(line)
        finally:
            writer.close()

    async def _dial(
        self, asked: dict[str, Any], ready: Callable[[], object] = bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self._host, int(self._port), limit=2**20)
        try:
            ready()
        except BaseException:
            writer.close()
            raise
        writer.write(json.dumps(asked).encode() + b"\n")
        return reader, writer
