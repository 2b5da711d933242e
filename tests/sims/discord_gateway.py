"""The pretend gateway: sessions that outlive their sockets, and sockets that can be cut.

Every dispatch is kept for its session, so that a RESUME replays what was missed, in order.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.sims import discord_payloads as shapes
from tests.sims.discord_world import BOT, DM, GUILD, Json, World

GUILDS, MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, GUILD_REACTIONS = 1 << 9, 1 << 10
DIRECT_MESSAGES, DIRECT_REACTIONS = 1 << 12, 1 << 13
CONTENT, SCHEDULED_EVENTS = 1 << 15, 1 << 16
"""Intents."""

ALWAYS = -1
"""Told whatever the intents: interactions have none."""

_PRIVILEGED = {"members": MEMBERS, "presences": PRESENCES, "message_content": CONTENT}

Build = Callable[[bool], Json]
"""Makes an event's data for a session that may read content, or may not."""


def origin(request: web.Request) -> str:
    """Host and port we were really reached at, whatever name the client thinks we have."""
    assert request.transport
    host, port = request.transport.get_extra_info("sockname")[:2]
    return f"{host}:{port}"


class Line:
    """One socket: what is said is sent in this order, compressed if that was asked for."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, *, squeeze: bool) -> None:
        self._socket = socket
        self._transport = transport
        self._zlib = zlib.compressobj() if squeeze else None
        self._queue: asyncio.Queue[Json | int] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def say(self, op: int, data: object = None, **more: object) -> None:
        self._queue.put_nowait({"op": op, "d": data, "s": None, "t": None} | more)

    def close(self, code: int) -> None:
        """After what was said before."""
        self._queue.put_nowait(code)

    def abort(self) -> None:
        self._writer.cancel()
        if self._transport:
            self._transport.abort()

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                what = await self._queue.get()
                if isinstance(what, int):
                    await self._socket.close(code=what)
                    return
                text = json.dumps(what)
                if self._zlib:
                    packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                    await self._socket.send_bytes(packed)
                else:
                    await self._socket.send_str(text)


@dataclass(kw_only=True)
class Session:
    id: str
    intents: int
    line: Line | None
    told: list[Json] = field(default_factory=list)

    def tell(self, event: str, data: Json) -> None:
        """Keep a dispatch, numbered from 1, and send it if anybody listens."""
        self.told.append({"t": event, "s": len(self.told) + 1, "data": data})
        self._send(self.told[-1])

    def resume(self, line: Line, after: int) -> None:
        self.line = line
        for one in self.told[after:]:
            self._send(one)
        self.tell("RESUMED", {"_trace": ["pretend"]})

    def _send(self, one: Json) -> None:
        if self.line:
            self.line.say(0, one["data"], s=one["s"], t=one["t"])


class Gateway:
    """All sessions of the one bot; there may be several at a time."""

    def __init__(self, world: World, heartbeat_interval: int) -> None:
        self._world = world
        self._interval = heartbeat_interval
        self._sessions: dict[str, Session] = {}
        self._lines: set[Line] = set()
        self._url = ""
        self.identified: list[int] = []
        self.blocked = False

    def tell(self, event: str, build: Build, *, intent: int, channel: int | None = None) -> None:
        """Tell every session whose intents cover it, if the bot may see the channel."""
        room = self._world.channels.get(channel or 0)
        if room and room.type != DM and not self._world.may("VIEW_CHANNEL", room):
            return
        for session in self._sessions.values():
            if intent == ALWAYS or session.intents & intent:
                session.tell(event, build(bool(session.intents & CONTENT)))

    # What a test does ---------------------------------------------------------------------------------------

    async def drop(self) -> None:
        """Cut every socket; the sessions can be resumed."""
        for line in list(self._lines):
            line.abort()
        self._lines.clear()
        for session in self._sessions.values():
            session.line = None

    async def block(self) -> None:
        """A firewall that lets no WebSocket through: sockets are cut, upgrades refused, REST goes on."""
        self.blocked = True
        await self.drop()

    async def unblock(self) -> None:
        self.blocked = False

    async def invalidate(self) -> None:
        self._sessions, gone = {}, self._sessions
        for session in gone.values():
            if session.line:
                session.line.say(9, data=False)

    async def repeat(self) -> None:
        """Tell the last interaction once more, as a resumption that goes back too far does."""
        for session in self._sessions.values():
            last = next((one for one in reversed(session.told) if one["t"] == "INTERACTION_CREATE"), None)
            if last:
                session.tell(last["t"], last["data"])

    async def reconnect(self) -> None:
        """Ask every client to come again."""
        for line in self._lines:
            line.say(7)

    def open(self) -> int:
        """How many sessions have somebody who listens."""
        return sum(session.line is not None for session in self._sessions.values())

    # Sockets ------------------------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.blocked:
            return web.Response(status=403, text="<html>No WebSockets here</html>", content_type="text/html")
        compress = request.query.get("compress")
        if compress not in (None, "zlib-stream") or request.query.get("encoding", "json") != "json":
            return web.Response(status=400, text="this gateway speaks JSON, plain or as zlib-stream")
        socket = web.WebSocketResponse(max_msg_size=4096 * 4)
        await socket.prepare(request)
        self._url = f"ws://{origin(request)}/gateway"
        transport: Any = request.transport
        line = Line(socket, transport, squeeze=compress is not None)
        self._lines.add(line)
        line.say(10, {"heartbeat_interval": self._interval, "_trace": ["pretend"]})
        session: Session | None = None
        try:
            async for said in socket:
                if said.type is WSMsgType.TEXT:
                    session = self._hear(line, session, said.data)
        finally:
            self._left(line, session, socket.close_code)
        return socket

    def _left(self, line: Line, session: Session | None, code: int | None) -> None:
        """A client that says goodbye (1000, 1001) gives its session up; any other may come back."""
        self._lines.discard(line)
        line.abort()
        if session and session.line is line:
            session.line = None
            if code in (1000, 1001):
                self._sessions.pop(session.id, None)

    def _hear(self, line: Line, session: Session | None, text: str) -> Session | None:
        try:
            said = json.loads(text)
            op, data = said["op"], said.get("d")
        except (ValueError, KeyError, TypeError):
            line.close(4002)
            return session
        if op == 1:
            line.say(11)
        elif op == 2:
            return self._identify(line, session, data)
        elif op == 6:
            return self._resume(line, data)
        elif session is None:
            line.close(4003)
        elif op == 8:
            self._members(session, data)
        elif op not in (3, 4):
            line.close(4001)
        return session

    def _identify(self, line: Line, session: Session | None, data: Json) -> Session | None:
        intents = data.get("intents")
        allowed = self._world.intents_allowed
        if session is not None:
            line.close(4005)
        elif data.get("token") != self._world.token:
            line.close(4004)
        elif not isinstance(intents, int):
            line.close(4013)
        elif any(intents & bit and name not in allowed for name, bit in _PRIVILEGED.items()):
            line.close(4014)
        else:
            return self._begin(line, intents)
        return session

    def _begin(self, line: Line, intents: int) -> Session:
        session = Session(id=secrets.token_hex(16), intents=intents, line=line)
        self._sessions[session.id] = session
        self.identified.append(intents)
        application = shapes.application(self._world)
        ready = {
            "v": 10,
            "user": shapes.myself(self._world),
            "guilds": [{"id": str(id), "unavailable": True} for id in self._world.guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._url,
            "shard": [0, 1],
            "application": {"id": application["id"], "flags": application["flags"]},
        }
        session.tell("READY", ready)
        if intents & GUILDS:
            for id in self._world.guilds:
                session.tell("GUILD_CREATE", shapes.guild_opened(self._world, id))
        return session

    def _resume(self, line: Line, data: Json) -> Session | None:
        session = self._sessions.get(data.get("session_id") or "")
        if data.get("token") != self._world.token:
            line.close(4004)
        elif session is None:
            line.say(9, data=False)
        elif not 0 <= (data.get("seq") or 0) <= len(session.told):
            line.close(4007)
        else:
            if session.line:
                session.line.abort()
            session.resume(line, data.get("seq") or 0)
            return session
        return None

    def _members(self, session: Session, data: Json) -> None:
        people = [one for one in self._world.people.values() if session.intents & MEMBERS or one.id == BOT]
        asked = data.get("user_ids")
        ids = None if asked is None else {int(id) for id in (asked if isinstance(asked, list) else [asked])}
        start = (data.get("query") or "").lower()
        found = [one for one in people if (one.id in ids if ids is not None else one.name.lower().startswith(start))]
        chunk = {
            "guild_id": str(GUILD),
            "members": [shapes.member(one) for one in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "nonce": data.get("nonce"),
        }
        session.tell("GUILD_MEMBERS_CHUNK", chunk)
