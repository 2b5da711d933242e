"""The servers that the benchmark of the room measures, each a process of its own: the whole bot, and two raw limits.

`python -m benchmarks.room_servers ours|form|streams FOLDER` prints its address, then answers each line on its standard
input: `cpu` with the CPU seconds of the process so far, `fill N` once N more messages are stored.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import uvicorn
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from adapters.room.platform import Room
from benchmarks.pretend import conversation
from bot import log
from bot.chat import Chat, Programme, Question
from bot.clock import WallClock
from bot.settings.settings import Settings
from bot.wiring.convenor import Convenor

CHAT = "bench/room"
QUESTIONS = 6

_SETTINGS = {
    "hosting": {"absent": "23h", "late": "5h"},
    "moderation": {"flood": "100000/second"},
    "places": {
        "room": {
            "platform": "room",
            "port": 0,
            "behind_proxy": True,
            "per_person": "100000/second",
            "per_address": "100000/second",
        }
    },
}


def _chat(clock: WallClock) -> Chat:
    """A chat whose questions are all asked within seconds."""
    starts = clock.now() + timedelta(seconds=1)
    return Chat(
        name=CHAT,
        title="An hour in the room",
        hashtag="#bench",
        starts=starts,
        length=timedelta(hours=2),
        timezone="Europe/London",
        questions=tuple(
            Question(key=f"q{number}", text=f"Question {number}?", at=starts + timedelta(seconds=number / 4))
            for number in range(1, QUESTIONS + 1)
        ),
        welcome="Welcome",
        rules="Be kind",
        closing="Thank you",
    )


async def ours(folder: Path) -> None:
    """The bot with its room and a live chat, all questions asked."""
    log.configure("error")
    clock = WallClock()
    chat, settings = _chat(clock), _SETTINGS | {"store": {"url": f"sqlite:///{folder / 'ours.db'}"}}
    convenor = Convenor(Settings.model_validate(settings), clock=clock, programme=lambda: Programme(chats=(chat,)))
    said = conversation(people=300, chat=CHAT, places=["room"])
    async with convenor.running():
        convenor.scheduler.reload()
        while sum(one.kind == "question" for one in await convenor.conversation("room").posts(CHAT)) < QUESTIONS:
            await asyncio.sleep(0.1)
        posts = {one.key: one.id for one in await convenor.conversation("room").posts(CHAT)}

        async def fill(wanted: int) -> None:
            """Answers to all questions, from 300 people."""
            ids = cycle(posts[f"q{number}"] for number in range(1, QUESTIONS + 1))
            for _ in range(0, wanted, 500):
                async with asyncio.TaskGroup() as group:
                    for id in islice(ids, 500):
                        group.create_task(convenor.inbox.hear(replace(said(clock.now()), reply_to=id)))

        room = convenor.places["room"]
        assert isinstance(room, Room)
        await _serve_orders(room.address, fill)


async def form(folder: Path) -> None:
    """The least for a post: the same server and framework parse the form, plain sqlite3 stores it."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE said (seq INTEGER PRIMARY KEY, token, text)")

    async def say(request: Request) -> Response:
        async with request.form() as fields:
            connection.execute("INSERT INTO said (token, text) VALUES (?, ?)", (fields["token"], fields["text"]))
        return RedirectResponse("/", 303)

    await _bare([Route("/say", say, methods=["POST"])])


async def streams(folder: Path) -> None:
    """The least for an update: the same server sends the body of each request to all open streams."""
    del folder
    readers = set[asyncio.Queue[bytes]]()

    async def stream(_: Request) -> Response:
        async def updates() -> AsyncIterator[bytes]:
            queue = asyncio.Queue[bytes]()
            readers.add(queue)
            try:
                yield b": welcome\n\n"
                while True:
                    yield await queue.get()
            finally:
                readers.discard(queue)

        return StreamingResponse(updates(), media_type="text/event-stream")

    async def say(request: Request) -> Response:
        body = await request.body()
        for one in readers:
            one.put_nowait(body)
        return Response(status_code=204)

    await _bare([Route("/stream", stream), Route("/say", say, methods=["POST"])])


async def _bare(routes: list[Route]) -> None:
    config = uvicorn.Config(
        Starlette(routes=routes), port=0, http="h11", loop="asyncio", lifespan="off", log_level="critical"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    await _serve_orders(f"http://127.0.0.1:{port}", None)
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def _serve_orders(address: str, fill: Callable[[int], Awaitable[None]] | None) -> None:
    """Print the address, then answer orders until the standard input ends."""
    print(address, flush=True)
    loop = asyncio.get_running_loop()
    while order := (await loop.run_in_executor(None, sys.stdin.readline)).split():
        if order[0] == "fill" and fill:
            await fill(int(order[1]))
        print(json.dumps(time.process_time()), flush=True)


if __name__ == "__main__":
    asyncio.run({"ours": ours, "form": form, "streams": streams}[sys.argv[1]](Path(sys.argv[2])))
