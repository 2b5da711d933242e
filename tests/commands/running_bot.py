"""A whole bot: the real wiring over a real store, with pretend platforms and a clock moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, literal, null, select, union_all

from bot.chat import Chat, Host, Programme
from bot.commands.service import CommandService
from bot.messages import Author, Command, Message, Role
from bot.ports.commands import Answer
from bot.ports.inbound import AdapterContext
from bot.ports.views import Dashboard
from bot.scheduling import post_transitions
from bot.settings.settings import Settings
from bot.store import commands, outbox_queries
from bot.store.outbox_queries import OutboxRow
from bot.store.schema import commands as commands_table
from bot.store.schema import outbox
from bot.wiring.convenor import Convenor
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
"""The longest step of the clock."""


def a_chat_with_hosts(**more: Any) -> Chat:  # noqa: ANN401 -- as in Chat
    host = Host(name="Pretend host", handles={"x": "@pretend_host", "discord": "77", "room": "77"})
    helper = Host(name="Pretend helper", handles={"x": "@pretend_helper", "discord": "88"})
    return msgspec.structs.replace(a_chat(questions=4), hosts=(host,), moderators=(helper,), **more)


class RunningBot:
    """One life of the bot. `platforms` and the store outlive it."""

    def __init__(
        self, url: str, clock: HandClock, platforms: dict[str, FakePlatform], chat: Chat, hosting: dict[str, str]
    ) -> None:
        self.clock, self.platforms = clock, platforms
        self.chat = chat
        settings = Settings.model_validate(
            {
                "site": {"folder": ""},
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
    def service(self) -> CommandService:
        return self.convenor.service

    # a vocabulary for tests

    async def command(
        self,
        text: str,
        by: Author = HOST,
        *,
        place: str = "discord",
        role: Role = "participant",
        **more: Any,  # noqa: ANN401 -- as in Command
    ) -> Answer:
        """A person gives a command, and gets the answer once its effects have settled."""
        plain = {"place": place, "at": self.clock.now(), "id": f"c{next(self._ids)}"}
        command = Command(**{**plain, **more}, author=by, text=text, role=role)
        answer = await self.service.answer(command)
        await self.settle()
        return answer

    async def message(self, text: str, by: Author = GUEST, *, place: str = "x", **more: Any) -> str:  # noqa: ANN401 -- as in Message
        """A person writes a message on a platform. Returns its id."""
        plain = {"place": place, "at": self.clock.now(), "id": f"m{next(self._ids)}"}
        message = Message(**{**plain, **more}, author=by, text=text)
        await self.convenor.inbox.hear(message)
        return message.id

    async def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Move the clock, step by step, and do everything that is due on the way."""
        until = self.clock.now() + timedelta(minutes=minutes, seconds=seconds)
        await self.settle()
        while self.clock.now() < until:
            self.clock.move(seconds=(min(until, self._next_stop()) - self.clock.now()).total_seconds())
            # the autopilot's own task may come late on a busy machine
            await self.convenor.services.autopilot.run_once(self.clock.now())
            await self.settle()

    def _next_stop(self) -> datetime:
        """The next time at which a post is claimed or due, or the autopilot should look."""
        now, lead = self.clock.now(), timedelta(seconds=10)
        due = self.convenor.database.read_sync(_times, self.chat.name)
        stops = [one for at in due for one in (at - lead, at) if one > now]
        return min([*stops, now + _LONGEST])

    async def settle(self) -> None:
        """Wait until every due post is sent and every command executed."""
        leases = {name: post_transitions.lease(one.traits, self.clock.speed) for name, one in self.platforms.items()}
        async with asyncio.timeout(120):
            while True:
                self.convenor.scheduler.wake()
                await asyncio.sleep(0.005)
                if not await self.convenor.database.read(_busy, self.clock.now(), leases):
                    return

    def outbox_rows(self, key: str | None = None) -> list[OutboxRow]:
        rows = self.convenor.database.read_sync(outbox_queries.outbox_rows, self.chat.name)
        return [row for row in rows if key in (None, row.post.key)]

    def due(self, key: str) -> datetime:
        return min(row.post.due for row in self.outbox_rows(key))

    def at(self, minutes: float) -> datetime:
        return NOON + timedelta(minutes=minutes)

    def posted_keys(self, place: str = "x") -> list[str]:
        """The keys of the posts to everybody on a place, in order."""
        return [post.key for post in self.platforms[place].sent if post.is_public and post.kind != "receipt"]

    async def dashboard(self) -> Dashboard:
        found = await self.service.dashboard(self.chat.name)
        assert found
        return found

    def stored_commands(self) -> list[commands.CommandRow]:
        return self.convenor.database.read_sync(commands.recent, self.chat.name, 100)


_OPEN = select(outbox.c.place, outbox.c.state, outbox.c.next_at).where(
    outbox.c.state.in_(("planned", "retry", "sending"))
)
_TIMES = select(outbox.c.next_at).where(
    outbox.c.chat == bindparam("named"), outbox.c.state.in_(("planned", "retry", "sending"))
)
_WAITING = select(literal(""), literal("waiting"), null()).where(
    select(commands_table.c.seq).where(commands_table.c.state == "waiting").exists()
)
_UNFINISHED = union_all(_OPEN, _WAITING)
"""In one statement, which sees one state of both: a command that is executed meanwhile leaves rows in the outbox."""


def _times(connection: Connection, chat: str) -> list[datetime]:
    return list(connection.scalars(_TIMES, {"named": chat}))


def _busy(connection: Connection, now: datetime, leases: dict[str, timedelta]) -> bool:
    return any(
        state == "waiting" or at - (leases[place] if state == "sending" else timedelta(0)) <= now
        for place, state, at in connection.execute(_UNFINISHED)
    )


@asynccontextmanager
async def running_bot(
    url: str,
    *,
    chat: Chat | None = None,
    clock: HandClock | None = None,
    platforms: dict[str, FakePlatform] | None = None,
    **hosting: str,
) -> AsyncIterator[RunningBot]:
    """A bot that is running, five minutes before the chat unless the clock says otherwise."""
    clock = clock or HandClock(NOON - timedelta(minutes=5))
    platforms = platforms or {
        "room": FakePlatform(clock, **ROOM),
        "x": FakePlatform(clock, **X),
        "discord": FakePlatform(clock, **DISCORD),
    }
    bot = RunningBot(url, clock, platforms, chat or a_chat_with_hosts(), hosting)
    async with bot.convenor.running():
        await bot.settle()
        yield bot


__all__ = ["GUEST", "HELPER", "HOST", "RunningBot", "a_chat_with_hosts", "running_bot"]
