"""A pretend platform in a process of its own: takes posts over a real socket and keeps the ground truth in a file.

It is as awkward as the real ones: it answers late, it shows a post only some time after it took it, and it takes the
same post twice if asked twice. One JSON object a line each way: {"post": nonce, "text": …} or {"find": nonce}.

Run as `python tests/sims/ledger.py FILE`; prints its port. Ends with its standard input. With `knows-nonces` behind the
file it knows a post by its nonce, as Discord does, and only writes down that it was asked again.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path

VISIBLE_AFTER = 0.5
"""Seconds until a post can be found."""

_SLOWEST = 0.1
"""Most seconds before a post is taken, and again before the answer is sent."""


class Ledger:
    """What was posted, in order."""

    def __init__(self, truth: Path, *, knows_nonces: bool) -> None:
        self._knows_nonces = knows_nonces
        self._truth = truth
        self._posts: list[tuple[str, str, float]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            request = json.loads(line)
            answer = await self._post(request) if "post" in request else self._find(request["find"])
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _post(self, request: dict[str, str]) -> dict[str, str | None]:
        await asyncio.sleep(random.uniform(0, _SLOWEST))  # noqa: S311 -- a platform's mood, not a secret
        if self._knows_nonces and (known := [id for nonce, id, _ in self._posts if nonce == request["post"]]):
            self._write({"again": request["text"]})
            return {"id": known[0]}
        id = str(len(self._posts) + 1)
        self._posts.append((request["post"], id, time.monotonic()))
        self._write({"id": id, "text": request["text"]})
        await asyncio.sleep(random.uniform(0, _SLOWEST))  # noqa: S311 -- as above
        return {"id": id}

    def _write(self, line: dict[str, str]) -> None:
        with self._truth.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _find(self, nonce: str) -> dict[str, str | None]:
        seen = time.monotonic() - VISIBLE_AFTER
        return {"id": next((id for known, id, at in self._posts if known == nonce and at <= seen), None)}


async def main() -> None:
    ledger = Ledger(Path(sys.argv[1]), knows_nonces="knows-nonces" in sys.argv)
    server = await asyncio.start_server(ledger.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
