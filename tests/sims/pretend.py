"""A pretend third platform: people and one bot in one channel; each call is a line of JSON, over TCP.

`{"do": …}` is answered by one line, and the connection ends; after `{"do": "listen"}` every event is a line. The calls
are `who`, `post`, `edit`, `delete`, `history` and `there`. People act over `/_sim/…`, as in every simulator, where
the next posts can be made to fail as well.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aiohttp import web

from tests.sims.simulator_server import SimulatorServer

LIMIT = 1000
_PAGE = 50
_BOT = "1"


def server(setup: dict[str, Any]) -> Pretend:
    del setup
    return Pretend()


class Pretend:
    """The channel, the messages to one person alone, and whoever listens."""

    def __init__(self) -> None:
        self._server = SimulatorServer("pretend")
        self._messages: dict[str, dict[str, Any]] = {}
        self._ids = count(100)
        self._listening: set[asyncio.StreamWriter] = set()
        self._fault, self._times, self._port = "", 0, 0
        router = self._server.app.router
        router.add_post("/_sim/say", self._say)
        router.add_post("/_sim/change", self._change)
        router.add_post("/_sim/fail", self._fail)
        router.add_post("/_sim/cut", self._cut)
        router.add_get("/_sim/truth", self._truth)

    async def serve(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        await self._server.serve()

    # over HTTP: what people do

    async def _say(self, request: web.Request) -> web.Response:
        told = await request.json()
        message = self._add(told["by"], told)
        await self._tell("said", message)
        return web.json_response(message)

    async def _change(self, request: web.Request) -> web.Response:
        told = await request.json()
        message = self._messages[told["id"]]
        if told.get("text"):
            message |= {"text": told["text"], "edited": _now()}
        else:
            message["deleted"] = True
        await self._tell("deleted" if message["deleted"] else "edited", message)
        return web.json_response(message)

    async def _fail(self, request: web.Request) -> web.Response:
        told = await request.json()
        self._fault, self._times = told["fault"], told["times"]
        return web.json_response({})

    async def _cut(self, _request: web.Request) -> web.Response:
        """End every connection on which the bot listens."""
        for writer in self._listening:
            writer.close()
        return web.json_response({})

    async def _truth(self, _request: web.Request) -> web.Response:
        return web.json_response({"port": self._port, "messages": list(self._messages.values())})

    # over TCP: what the bot asks

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = json.loads(await reader.readline() or '{"do": ""}')
        if asked["do"] == "listen":
            self._listening.add(writer)
            writer.write(_line({"me": _BOT}))
            with suppress(ConnectionError):
                await reader.read()
            self._listening.discard(writer)
        elif answer := self._answered(asked):
            writer.write(_line(answer))
        writer.close()

    def _answered(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        failing = self._times > 0 and asked["do"] == "post"
        self._times -= failing
        if failing and self._fault == "busy":
            return {"status": 503}
        if failing and self._fault == "unreachable":
            return None
        answer = getattr(self, f"_do_{asked['do']}", lambda _: {"status": 404})(asked)
        return None if failing else {"status": 200, **answer}

    def _do_who(self, _asked: dict[str, Any]) -> dict[str, Any]:
        return {"id": _BOT}

    def _do_post(self, asked: dict[str, Any]) -> dict[str, Any]:
        if len(asked["text"]) > LIMIT:
            return {"status": 413}
        known = (one for one in self._messages.values() if one["nonce"] == asked["nonce"])
        return next(known, None) or self._add(_BOT, asked)

    def _do_edit(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["id"] not in self._messages:
            return {"status": 404}
        self._messages[asked["id"]]["text"] = asked["text"]
        return self._messages[asked["id"]]

    def _do_delete(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["id"] in self._messages:
            self._messages[asked["id"]]["deleted"] = True
        return {}

    def _do_history(self, asked: dict[str, Any]) -> dict[str, Any]:
        after = int(asked["more"] or 0)
        since = datetime.fromisoformat(asked["since"])
        rest = [
            one
            for one in self._messages.values()
            if int(one["id"]) > after and datetime.fromisoformat(one["at"]) >= since and not one["deleted"]
        ]
        return {"messages": rest[:_PAGE], "more": rest[_PAGE - 1]["id"] if len(rest) > _PAGE else None}

    def _do_there(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = [self._messages[id] for id in asked["ids"] if id in self._messages]
        return {"messages": [one for one in found if not one["deleted"]]}

    def _add(self, by: str, told: dict[str, Any]) -> dict[str, Any]:
        id = str(next(self._ids))
        kept = {key: told.get(key) for key in ("text", "nonce", "reply_to", "to", "picture")}
        self._messages[id] = {"id": id, "by": by, "at": _now(), "edited": None, "deleted": False, **kept}
        return self._messages[id]

    async def _tell(self, event: str, message: dict[str, Any]) -> None:
        for writer in self._listening:
            writer.write(_line({"event": event, "message": message}))


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode() + b"\n"


def _now() -> str:
    return datetime.now(UTC).isoformat()
