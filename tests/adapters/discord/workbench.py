"""What the tests of the Discord adapter stand on: a core that writes down what it is told, and the pretend Discord."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.discord.account import Accounts
from adapters.discord.platform import Discord
from adapters.discord.settings import DiscordSettings
from bot.commands.grammar.catalogue import COMMANDS
from bot.errors import PlatformError, StoreError
from bot.live.consent import privacy_request
from bot.messages import (
    AnyEvent,
    Command,
    Message,
    Post,
)
from bot.ports.commands import Answer, Choice, CommandInfo, Kind, LinkPort, PrivacyRequest
from bot.ports.inbound import Charge
from bot.ports.platform import ReadRequest
from bot.ports.views import Dashboard
from tests.fakes.clock import HandClock
from tests.fakes.flat import flat
from tests.fakes.ports import context
from tests.sims.simulator import Simulator

A, B = "Pretend participant A", "Pretend participant B"
CHAT = "otalk/2026-03-03-online-groups"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass
class Core:
    """The Listener and the CommandPort: records every call.

    `confirms` is what it asks once more, `undoes` what takes an answer back; while it is not `open`, answers wait;
    where it is `failing`, it raises.
    """

    events: list[AnyEvent] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    downs: list[PlatformError] = field(default_factory=list)
    concerns: list[tuple[str, str, str | None]] = field(default_factory=list)
    looks: list[PlatformError | None] = field(default_factory=list)
    settled_concerns: list[str] = field(default_factory=list)
    asked: list[tuple[Command, ...]] = field(default_factory=list)
    meant: str = ""
    commands: list[Command] = field(default_factory=list)
    broken: bool = False
    failing: bool = False
    confirms: dict[str, str] = field(default_factory=dict)
    undoes: dict[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = (Choice(value="q4", label="Q4. Why?"),)
    typed: list[tuple[Kind, str]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    unstored: int = 0

    def __post_init__(self) -> None:
        self.open.set()

    async def hear(self, event: AnyEvent) -> None:
        if self.broken:
            self.unstored += 1
            raise StoreError
        self.events.append(event)

    async def paid(self, *charges: Charge) -> None:
        raise AssertionError(charges)

    def up(self, account: str = "") -> None:
        del account
        self.calls.append("up")

    def concern(self, what: str, text: str, chat: str | None = None) -> None:
        self.concerns.append((what, text, chat))

    def down(self, error: PlatformError) -> None:
        self.calls.append("down")
        self.downs.append(error)

    def settled(self, what: str) -> None:
        self.settled_concerns.append(what)

    def may_post(self, error: PlatformError | None) -> None:
        self.looks.append(error)

    @property
    def catalogue(self) -> tuple[CommandInfo, ...]:
        return COMMANDS

    async def answer(self, command: Command) -> Answer:
        self.commands.append(command)
        await self.open.wait()
        if self.failing:
            raise ValueError(command)
        text, confirm = f"Answer to {command.text}.", self.confirms.get(command.text)
        return Answer(text=text, confirm=confirm, undo=self.undoes.get(command.text))

    async def answer_one(self, commands: tuple[Command, ...]) -> Answer:
        """Carry out the one that is `meant`, by its place; else ask which."""
        self.asked.append(commands)
        found = [one for one in commands if one.place == self.meant]
        if found:
            return msgspec.structs.replace(await self.answer(found[0]), place=self.meant)
        choices = tuple(Choice(value=one.place, label=f"Chat in {one.place}") for one in commands)
        return Answer(text="Which chat do you mean?", choices=choices)

    def privacy_request(self, text: str) -> PrivacyRequest | None:
        return privacy_request(text)

    async def answer_person(self, commands: tuple[Command, ...]) -> Answer:
        return await self.answer(commands[0])

    async def complete(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        self.commands.append(command)
        self.typed.append((kind, typed))
        await self.open.wait()
        if self.failing:
            raise ValueError(command)
        return self.choices

    @property
    def links(self) -> LinkPort:
        raise AssertionError

    async def staff_names(self, chat: str) -> frozenset[str]:
        raise AssertionError(chat)

    async def dashboard(self, chat: str) -> Dashboard | None:
        raise AssertionError(chat)

    def heard(self, kind: type[AnyEvent]) -> list[Any]:
        return [one for one in self.events if isinstance(one, kind)]

    @property
    def said(self) -> list[str]:
        """What it was asked to do."""
        return [one.text for one in self.commands]

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.heard(Message)]


Opened = Callable[..., Awaitable[Discord]]


def adapter(
    sim: Simulator,
    core: Core,
    *,
    place: str = "discord",
    accounts: Accounts | None = None,
    **settings: Any,  # noqa: ANN401 -- as in Server
) -> Discord:
    """One place; places with the same `accounts` and token have one bot."""
    plain = {"token": "bot-token", "guild": 500, "channel": 600, "api_url": f"{sim.address}/api/v10", "timeout": 4.0}
    server = flat(DiscordSettings, **{**plain, **settings})
    return Discord(context(place, HandClock(datetime.now(UTC)), core, core), server, accounts)


async def until(is_so: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait, with a limit, until something is so."""
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0.01)


def post(key: str = "q1", text: str = "", **more: Any) -> Post:  # noqa: ANN401 -- as in Post
    plain: dict[str, Any] = {
        "chat": CHAT,
        "key": key,
        "place": "discord",
        "kind": "question",
        "text": text or f"{key.upper()}. Why? #OTalk",
        "nonce": f"nonce-{key}",
        "due": datetime.now(UTC),
    }
    return Post(**{**plain, **more})


def truth(sim: Simulator, what: str = "messages") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sim.ask("truth")[what]
    return found


def reading(**more: Any) -> ReadRequest:  # noqa: ANN401 -- as in Reading
    return ReadRequest(**{"source": "history", "since": datetime.now(UTC) - timedelta(minutes=5), "limit": 100, **more})


@asynccontextmanager
async def behind(sim: Simulator, instead: Callable[[web.Request], str | None]) -> AsyncIterator[str]:
    """The simulator's API behind a server that answers some calls itself, with JSON or what should be."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:

        async def forward(request: web.Request) -> web.Response:
            if (body := instead(request)) is not None:
                return web.Response(body=body.encode(), content_type="application/json")
            url, data = f"{sim.address}{request.path_qs}", await request.read()
            async with session.request(request.method, url, data=data, headers=request.headers) as answer:
                return web.Response(body=await answer.read(), status=answer.status, headers=answer.headers)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", forward)
        async with TestServer(app) as server:
            yield str(server.make_url("/api/v10"))


async def registered(sim: Simulator) -> None:
    """Wait until Discord knows the commands."""
    await until(lambda: truth(sim, "commands"))


async def answered(sim: Simulator, count: int = 1) -> list[dict[str, Any]]:
    """What people were answered, once there are that many answers."""
    await until(lambda: len(sim.ask("answers")) >= count)
    found: list[dict[str, Any]] = sim.ask("answers")
    return found


async def asked(sim: Simulator, count: int = 1, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- as in the simulator
    """The answer to an interaction of A's, which is the one of that count."""
    await registered(sim)
    sim.tell("interact", **{"by": A, **more})
    return (await answered(sim, count))[count - 1]
