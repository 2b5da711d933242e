"""Hosts a short chat on real adapters and on the pretend ledger, to be killed at any moment and started again.

Run as `python tests/crash/host.py SETUP.json`; prints `ready` once everything is loaded. The line `start` on standard
input forks a child that reads the setup and hosts, and prints its process id; `stop` kills the child. Forking after the
imports lets fifty starts take seconds, and each child is a fresh process all the same.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import msgspec

import adapters.discord
import adapters.x  # noqa: F401 -- both are loaded once, before the forks
from bot import log
from bot.chat import Chat, Programme
from bot.clock import WallClock
from bot.config import Settings
from bot.errors import PlatformError
from bot.messages import Post, Receipt
from bot.places import RoomPlace
from bot.port import Platform, Traits
from bot.wiring import PLATFORMS, Convenor, Given
from tests.fakes.platform import Mute


class LedgerAdapter(Mute):
    """The pretend platform's adapter: a connection a call, no memory, no second try."""

    def __init__(self, port: int, clock: WallClock) -> None:
        self._port = port
        self._clock = clock
        self.traits = Traits(platform="ledger", limit=500, timeout=0.4, visible_after=0.6)

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def send(self, post: Post) -> Receipt:
        answer = await self._ask({"post": post.nonce, "text": post.text})
        return Receipt(id=answer["id"] or "", url=None, at=self._clock.now())

    async def find(self, post: Post) -> Receipt | None:
        answer = await self._ask({"find": post.nonce})
        return Receipt(id=answer["id"], url=None, at=self._clock.now()) if answer["id"] else None

    async def _ask(self, request: dict[str, str]) -> dict[str, str | None]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(json.dumps(request).encode() + b"\n")
            line = await reader.readline()
        finally:
            writer.close()
        if not line:
            raise PlatformError("The ledger hung up.", ambiguous=True)
        answer: dict[str, str | None] = json.loads(line)
        return answer


async def host(setup: dict[str, Any]) -> None:
    chat = msgspec.convert(setup["chat"], type=Chat)
    clock = WallClock()

    def build(place: RoomPlace, given: Given) -> Platform:
        ledger = given.place == "ledger"
        return LedgerAdapter(place.port, clock) if ledger else PLATFORMS[place.platform](place, given)

    convenor = Convenor(
        Settings.model_validate(setup["settings"]),
        clock=clock,
        programme=lambda: Programme(chats=(chat,)),
        platforms=dict.fromkeys(PLATFORMS, build),
    )
    async with convenor.running():
        await clock.sleep_until(chat.ends + timedelta(hours=1))


def main() -> None:
    child = 0
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
        log.start("warning", "json")
        asyncio.run(host(setup))
    except BaseException:  # noqa: BLE001 -- a fork must never go on with its parent's code
        traceback.print_exc()
    os._exit(1)


if __name__ == "__main__":
    main()
