"""What both pretend platforms share: a server that can be told to fail, and that writes down every exchange.

A simulator adds its routes to `SimulatorServer.app` and keeps its own ground truth. Faults are set over `/_sim/…`; see
`simulator.py` for the other end. Nothing here knows a platform.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

EXCHANGES = "PRETEND_PLATFORM_EXCHANGES"
"""Names the folder where exchanges are written, one file a process; left out, they are not."""


@dataclass
class Fault:
    """What happens to the next `times` requests whose "METHOD /path" matches, and whose content has this `type`.

    `kind`: `status` (an answer instead of the work), `spoilt` (the same after the work is done), `refused` (the
    connection breaks before the work), `lost` (the work is done, then the connection breaks), `late` (done at once,
    answered after `seconds`), `slow` (done after `seconds`).
    """

    match: str
    kind: str
    times: int = 1
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    seconds: float = 0.0
    chance: float = 1.0
    type: str = ""


class SimulatorServer:
    """One server. `down_until` is on the monotonic clock; while it is down nobody gets through."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.app = web.Application(middlewares=[self._middleware], client_max_size=16 * 2**20)
        self.calls: list[str] = []
        self.dice = random.Random(0)  # noqa: S311 -- a platform's mood, not a secret
        self.down_until = 0.0
        self.on_down: Callable[[], Awaitable[None]] | None = None
        self._faults: list[Fault] = []
        folder = os.environ.get(EXCHANGES)
        self._file = Path(folder) / f"{name}-{os.getpid()}.jsonl" if folder else None
        self.app.router.add_post("/_sim/faults", self._set_faults)
        self.app.router.add_post("/_sim/down", self._go_down)
        self.app.router.add_get("/_sim/calls", self._tell_calls)

    async def _set_faults(self, request: web.Request) -> web.Response:
        """Replace all faults; `seed` starts the dice anew."""
        told = await request.json()
        self.dice.seed(told.get("seed", 0))
        self._faults = [Fault(**one) for one in told["faults"]]
        return web.json_response({})

    async def _go_down(self, request: web.Request) -> web.Response:
        self.down_until = time.monotonic() + (await request.json())["seconds"]
        if self.on_down:
            await self.on_down()
        return web.json_response({})

    async def _tell_calls(self, _request: web.Request) -> web.Response:
        return web.json_response(self.calls)

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/_sim/"):
            return await handler(request)
        call = f"{request.method} {request.path}"
        self.calls.append(call)
        if time.monotonic() < self.down_until:
            return _break(request)
        fault = self._next_fault(call, request.content_type)
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return _break(request) if fault else await handler(request)
        answer = await self._answer(request, handler, fault)
        if isinstance(answer, web.Response):
            await self._write_down(request, answer)
        return _break(request) if fault and fault.kind == "lost" else answer

    async def _answer(self, request: web.Request, handler: Handler, fault: Fault | None) -> web.StreamResponse:
        if fault is None or fault.kind == "lost":
            return await handler(request)
        if fault.kind == "refused":
            return _break(request)
        if fault.kind == "status":
            return _told(fault)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        answer = await handler(request)
        if fault.kind == "spoilt":
            return _told(fault)
        if fault.kind == "late":
            await asyncio.sleep(fault.seconds)
        return answer

    def _next_fault(self, call: str, content: str) -> Fault | None:
        for fault in self._faults:
            if not content.startswith(fault.type):
                continue
            if fault.times > 0 and re.search(fault.match, call) and self.dice.random() < fault.chance:
                fault.times -= 1
                return fault
        return None

    async def _write_down(self, request: web.Request, answer: web.Response) -> None:
        if self._file is None:
            return
        secret = {"authorization", "cookie"}
        line = {
            "method": request.method,
            "url": str(request.url),
            "path": request.path,
            "query": list(request.query.items()),
            "headers": {k: v for k, v in request.headers.items() if k.lower() not in secret},
            "content_type": request.content_type,
            "body": (await request.read()).decode("utf-8", "replace")
            if request.can_read_body or request.body_exists
            else "",
            "status": answer.status,
            "answer_type": answer.content_type,
            "answer": answer.text or "",
        }
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    async def serve(self) -> None:
        """Serve on a free port, print it, and end with the standard input."""
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        await runner.cleanup()


def _told(fault: Fault) -> web.Response:
    kind = "text/html" if fault.body.startswith("<") else "application/json"
    body = (fault.body or "{}").encode()  # bytes name no charset; with one, Discord's library sees no JSON
    return web.Response(status=fault.status, headers={"Content-Type": kind, **fault.headers}, body=body)


def _break(request: web.Request) -> web.Response:
    """Cut the connection in the middle, as a reset does; what is returned goes nowhere."""
    transport: Any = request.transport
    if transport is not None:
        transport.abort()
    return web.Response(status=500)
