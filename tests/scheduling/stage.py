"""Stage: the whole bot with its real wiring and database, on fake platforms and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from bot.chat import Chat, Host, Programme
from bot.messages import Author, Command, Message, Role
from bot.ports.commands import Answer
from bot.ports.inbound import AdapterContext
from bot.settings.settings import Settings
from bot.store import commands, outbox_queries
from bot.store.outbox_queries import OutboxRow
from bot.wiring import Convenor
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform

HOST = Author(id="77", handle="@pretend_host", name="Pretend host")
HELPER = Author(id="88", handle="@pretend_helper", name="Pretend helper")
GUEST = Author(id="99", handle="@pretend_guest", name="Pretend guest")

ROOM = {"platform": "room", "limit": 2000, "idempotent": True, "edits": True, "own_pages": True}
X = {"platform": "x", "called": "X", "receipts": True, "unrepeated": True, "actions": frozenset({"hide", "show"})}
DISCORD = {
    "platform": "discord",
    "called": "Discord",
    "receipts": True,
    "edits": True,
    "private": True,
    "actions": frozenset({"timeout", "release", "delete"}),
}

_LONGEST = timedelta(minutes=2)
"""The clock is moved by this at most in one step."""


def a_led_chat(**more: Any) -> Chat:  # noqa: ANN401 -- as in Chat
    host = Host(name="Pretend host", handles={"x": "@pretend_host", "discord": "77", "room": "77"})
    helper = Host(name="Pretend helper", handles={"x": "@pretend_helper", "discord": "88"})
    return msgspec.structs.replace(a_chat(questions=4), hosts=(host,), moderators=(helper,), **more)


class Stage:
    """One run of the bot. `platforms` and the database outlive it."""

    def __init__(
        self, url: str, clock: HandClock, platforms: dict[str, FakePlatform], chat: Chat, hosting: dict[str, str]
    ) -> None:
        self.clock, self.platforms = clock, platforms
        self.chat = chat
        settings = Settings.model_validate(
            {
                "store": {"url": url},
                "hosting": {"absent": "3h"} | hosting,
                "places": {name: {"platform": name} for name in platforms},
            }
        )
        self.convenor = Convenor(
            settings, clock=clock, programme=lambda: Programme(chats=(self.chat,)), platforms=self._builders()
        )
        self._ids = count(1)

    def _builders(self) -> dict[str, Any]:
        def builder(name: str) -> Any:  # noqa: ANN401 -- a platform
            def built(_settings: object, given: AdapterContext) -> FakePlatform:
                self.platforms[name].listener = given.listener
                return self.platforms[name]

            return built

        return {name: builder(name) for name in self.platforms}

    @property
    def service(self) -> Any:  # noqa: ANN401 -- the real command service
        return self.convenor.service

    # the vocabulary of the tests

    async def tell(
        self,
        text: str,
        by: Author = HOST,
        *,
        place: str = "discord",
        role: Role = "participant",
        **more: Any,  # noqa: ANN401 -- as in Command
    ) -> Answer:
        """Give a command, and return its answer."""
        plain = {"place": place, "at": self.clock.now(), "id": f"c{next(self._ids)}"}
        command = Command(**{**plain, **more}, author=by, text=text, role=role)
        answer: Answer = await self.service.answer(command)
        await self.settled()
        return answer

    async def hear(self, text: str, by: Author = GUEST, *, place: str = "x", **more: Any) -> str:  # noqa: ANN401 -- as in Message
        """Post a message on a platform. Returns its id."""
        plain = {"place": place, "at": self.clock.now(), "id": f"m{next(self._ids)}"}
        message = Message(**{**plain, **more}, author=by, text=text)
        await self.convenor.inbox.hear(message)
        return message.id

    async def go(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Move the clock, with everything that is due meanwhile."""
        until = self.clock.now() + timedelta(minutes=minutes, seconds=seconds)
        await self.settled()
        while self.clock.now() < until:
            self.clock.move(seconds=(min(until, self._stop()) - self.clock.now()).total_seconds())
            await self.convenor.services.autopilot.run_once(
                self.clock.now()
            )  # its own task may come late on a busy machine
            await self.settled()

    def _stop(self) -> datetime:
        """The next time at which a post is claimed or due, or the autopilot may act."""
        now, lead = self.clock.now(), timedelta(seconds=10)
        due = [line.next_at for line in self.lines() if line.state in ("planned", "retry", "sending")]
        stops = [one for at in due for one in (at - lead, at) if one > now]
        return min([*stops, now + _LONGEST])

    async def settled(self) -> None:
        """Wait until all posts that are due are sent, and all commands carried out."""
        async with asyncio.timeout(120):
            while True:
                self.convenor.scheduler.wake()
                await asyncio.sleep(0.005)
                if not await self.convenor.database.read(_busy, self.clock.now()):
                    return

    def lines(self, key: str | None = None) -> list[OutboxRow]:
        rows = self.convenor.database.read_sync(outbox_queries.outbox_rows, self.chat.name)
        return [line for line in rows if key in (None, line.post.key)]

    def due(self, key: str) -> datetime:
        return min(line.post.due for line in self.lines(key))

    def at(self, minutes: float) -> datetime:
        return NOON + timedelta(minutes=minutes)

    def said(self, place: str = "x") -> list[str]:
        """The keys of the public posts on a place, in order."""
        return [post.key for post in self.platforms[place].sent if post.aloud and post.kind != "receipt"]

    def commands(self) -> list[commands.CommandRow]:
        return self.convenor.database.read_sync(commands.recent, self.chat.name, 100)


def _busy(connection: Any, now: datetime) -> bool:  # noqa: ANN401 -- the library's
    waiting = commands.waiting(connection)  # first, as what is carried out meanwhile is in the rows
    waits = any(
        (line.state == "sending" and line.next_at - timedelta(seconds=2) <= now)
        or (line.state in ("planned", "retry") and line.next_at <= now)
        for line in outbox_queries.outbox_rows(connection)
    )
    return waits or bool(waiting)


@asynccontextmanager
async def playing(
    url: str,
    *,
    chat: Chat | None = None,
    clock: HandClock | None = None,
    platforms: dict[str, FakePlatform] | None = None,
    **hosting: str,
) -> AsyncIterator[Stage]:
    """A running stage, five minutes before the chat unless `clock` says otherwise."""
    clock = clock or HandClock(NOON - timedelta(minutes=5))
    platforms = platforms or {
        "room": FakePlatform(clock, **ROOM),
        "x": FakePlatform(clock, **X),
        "discord": FakePlatform(clock, **DISCORD),
    }
    stage = Stage(url, clock, platforms, chat or a_led_chat(), hosting)
    async with stage.convenor.running():
        await stage.settled()
        yield stage


__all__ = ["GUEST", "HELPER", "HOST", "Stage", "a_led_chat", "playing"]
