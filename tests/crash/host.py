"""Runs a short chat on real adapters and on a pretend ledger, to be killed at any moment and started again.

`main` is run with a setup's file by `tests/cli/preloaded.py`, and prints `ready`. The line `start` on standard input
forks a child that reads the setup and runs the bot, and prints its process id; `stop` kills the child. Forking after
the imports lets fifty starts take seconds, and each child is a fresh process all the same.

With `schedules` in the setup the chats are those of the files below this folder, else it is the `chat`.
With a `control` socket in the setup a test can deliver messages and commands as an adapter does. With `since` and
`speed` all children share one clock that is faster than the wall clock.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import msgspec

import adapters.discord.platform
import adapters.room.platform
import adapters.x.platform  # noqa: F401 -- all are loaded once, before the forks
from adapters.room.render import Renderer
from adapters.room.sessions import Sessions
from bot import log
from bot.authoring.folder_files import FolderFiles
from bot.authoring.schedules import Schedules
from bot.chat import Chat, Programme
from bot.clock import FastClock, WallClock
from bot.errors import PlatformError, StoreError
from bot.file_watch import watching
from bot.messages import Command, Message, Post, Receipt
from bot.ports.inbound import AdapterContext
from bot.ports.platform import Delivery, Features, Platform, TextRules, Traits
from bot.ports.punctuality import check_in_time
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.store import chat_files
from bot.wiring.adapters import builders
from bot.wiring.convenor import Convenor
from tests.fakes.platform import UnreadablePlatform

Renderer("room", Sessions("", secure=False))  # compiles the templates, once for all children


class LedgerAdapter(UnreadablePlatform):
    """The adapter of the pretend ledger: a connection for each call, no state, no retries.

    On `control` it takes one request a line, {"hear": message} or {"answer": command}, and answers each.
    """

    def __init__(self, port: int, clock: WallClock, given: AdapterContext, control: str = "") -> None:
        self._port = port
        self._clock = clock
        self._given = given
        self._control = control
        self._server: asyncio.Server | None = None
        self.traits = Traits(
            platform="ledger",
            text=TextRules(limit=500),
            delivery=Delivery(timeout=0.4, visible_after=0.6),
            features=Features(receipts=True, private=True),
        )

    async def open(self) -> None:
        if self._control and self._server is None:
            self._server = await asyncio.start_unix_server(self._serve, self._control)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            request = json.loads(line)
            try:
                answer = await self._deliver(request)
            except StoreError:
                answer = {"error": "not stored"}
            writer.write(msgspec.json.encode(answer) + b"\n")
            await writer.drain()
        writer.close()

    async def _deliver(self, request: dict[str, Any]) -> object:
        if "hear" in request:
            await self._given.listener.hear(msgspec.convert(request["hear"], Message))
            return {"text": "heard"}
        return await self._given.commands.answer(msgspec.convert(request["answer"], Command))

    async def send(self, post: Post) -> Receipt:
        text = f"(to {post.to}, {post.key}) {post.text}" if post.to else post.text
        answer = await self._ask({"post": post.nonce, "text": text}, check_in_time)
        return Receipt(id=answer["id"] or "", url=None, at=self._clock.now())

    async def find(self, post: Post) -> Receipt | None:
        answer = await self._ask({"find": post.nonce})
        return Receipt(id=answer["id"], url=None, at=self._clock.now()) if answer["id"] else None

    async def _ask(self, request: dict[str, str], ready: Callable[[], object] = bool) -> dict[str, str | None]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            ready()
            writer.write(json.dumps(request).encode() + b"\n")
            line = await reader.readline()
        finally:
            writer.close()
        if not line:
            raise PlatformError("The ledger hung up.", ambiguous=True)
        answer: dict[str, str | None] = json.loads(line)
        return answer


def clock_of(setup: dict[str, Any]) -> WallClock:
    """The wall clock, or a faster one that showed the wall time at `since`."""
    if "speed" not in setup:
        return WallClock()
    since = datetime.fromisoformat(setup["since"])
    return FastClock(since + (datetime.now(UTC) - since) * setup["speed"], setup["speed"])


async def host(setup: dict[str, Any]) -> None:
    chat = msgspec.convert(setup["chat"], type=Chat)
    clock, known = clock_of(setup), builders()

    def build(place: RoomPlace, given: AdapterContext) -> Platform:
        if given.place != "ledger":
            return known[place.platform](place, given)
        return LedgerAdapter(place.port, clock, given, setup.get("control", ""))

    settings, platforms = Settings.model_validate(setup["settings"]), dict.fromkeys(known, build)
    if "schedules" not in setup:
        convenor = Convenor(settings, clock=clock, programme=lambda: Programme(chats=(chat,)), platforms=platforms)
        async with convenor.running():
            await clock.sleep_until(chat.ends + timedelta(hours=1))
        return
    folder = Path(setup["schedules"])
    files = Schedules(
        FolderFiles(folder, clock), {name: place.platform for name, place in settings.places.items()}, clock
    )
    convenor = Convenor(settings, clock=clock, programme=files, platforms=platforms)
    files.known = partial(convenor.database.read_sync, chat_files.all_files)
    async with watching(folder, convenor.scheduler.reload), convenor.running():
        await clock.sleep_until(chat.ends + timedelta(hours=1))


def main() -> None:
    child = 0
    gc.collect()
    gc.freeze()  # or each child would look through all that was imported
    print("ready", flush=True)
    for order in sys.stdin:
        if child:
            if order == "stop\n":
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if order == "stop\n":
            print("stopped", flush=True)
            return
        child = os.fork()
        if not child:
            _child(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
        print(child, flush=True)


def _child(setup: dict[str, Any]) -> NoReturn:
    try:
        log.configure("warning", "json")
        asyncio.run(host(setup))
    except BaseException:  # noqa: BLE001 -- a fork must never go on with its parent's code
        traceback.print_exc()
    os._exit(1)
