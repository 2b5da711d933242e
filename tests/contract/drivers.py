"""Drives each platform for the contract's tests: the same for all, by each one's own means.

A driver lets a participant write there, knows what the bot has really posted, and makes the next posts fail.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Literal

from adapters.discord.platform import Discord
from adapters.discord.settings import DiscordSettings
from adapters.kit.connection import Network
from adapters.room.browser_client import BrowserClient
from adapters.x.platform import X
from adapters.x.settings import XSettings
from bot.messages import AnyEvent, Post
from bot.ports.platform import Platform, ReadRequest
from tests.adapters.conftest import make_room
from tests.contract.pretend import Pretend
from tests.fakes.flat import flat
from tests.fakes.ports import CHAT, FakeClock, FakeCommands, FakeCore, chat_view, context
from tests.sims.simulator import Simulator, simulator
from tests.sims.x_faults import HTML_503

SPEAKER = "Pretend participant A"

Fault = Literal["lost", "busy", "unreachable"]
"""The answer is lost after the post was taken; the platform is busy; the connection breaks before it was taken."""


class Clock(FakeClock):
    """The machine's: the simulators live by it."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class PlatformDriver(ABC):
    """A platform that is open, or can be opened, and a participant on it."""

    platform: Platform
    fails: bool = True
    """Whether a send can fail at all: the room's cannot."""

    def __init__(self, core: FakeCore) -> None:
        self.core = core

    @property
    def place(self) -> str:
        return self.platform.traits.platform

    @abstractmethod
    def posted(self) -> list[str]:
        """What the bot has posted, by the platform's own account."""

    def pictures(self) -> list[str]:
        """The alternative texts of the pictures that were posted."""
        return []

    @abstractmethod
    def fail(self, fault: Fault, times: int = 1) -> None:
        """Let the next posts fail."""

    @abstractmethod
    async def say(self, text: str, reply_to: str | None = None) -> str:
        """A participant says something that the bot gets to hear."""

    @abstractmethod
    async def edit(self, id: str, text: str) -> None:
        """They change it."""

    @abstractmethod
    async def delete(self, id: str) -> None:
        """They take it back."""

    async def read(self, since: datetime) -> list[AnyEvent]:
        """All that can be read again since a moment, from every source."""
        found: list[AnyEvent] = []
        for source in self.platform.traits.sources:
            more: str | None = None
            while True:
                page = await self.platform.read(
                    ReadRequest(
                        source=source.name, since=since, limit=source.page[1], chat=CHAT, hashtag="#OTalk", more=more
                    )
                )
                found += page.events
                more = page.more
                if more is None:
                    break
        return found

    async def heard(self, since: datetime) -> list[AnyEvent]:
        """All that was told, or can be read."""
        return [*self.core.events, *await self.read(since)]


class RoomDriver(PlatformDriver):
    """Our own room: it tells everything at once, and never fails to take a post."""

    fails = False

    def __init__(self, core: FakeCore) -> None:
        super().__init__(core)
        core.clock = Clock()
        now = datetime.now(UTC)
        core.add_chat(chat_view(starts=now))
        self.platform = self._room = make_room(core)
        self._visitor: BrowserClient | None = None
        self._said: list[str] = []

    def posted(self) -> list[str]:
        return [one.text for one in self.core.bot_posts]

    def fail(self, fault: Fault, times: int = 1) -> None:
        raise NotImplementedError

    async def say(self, text: str, reply_to: str | None = None) -> str:
        visitor = await self._there()
        return await visitor.post(text, question="q1" if reply_to else "")

    async def edit(self, id: str, text: str) -> None:
        await (await self._there()).edit(id, text)

    async def delete(self, id: str) -> None:
        await (await self._there()).delete(id)

    async def _there(self) -> BrowserClient:
        if self._visitor is None:
            self._visitor = BrowserClient(self._room.address, CHAT, SPEAKER)
            await self._visitor.join()
        return self._visitor

    async def leave(self) -> None:
        if self._visitor is not None:
            await self._visitor.__aexit__(None, None, None)


class XDriver(PlatformDriver):
    """X must be asked; who replies to the bot mentions it."""

    def __init__(self, core: FakeCore, sim: Simulator) -> None:
        super().__init__(core)
        self.sim = sim
        self._names: dict[str, str] = {}
        account = flat(
            XSettings,
            handle="@OTalk_",
            consumer_key="ck",
            consumer_secret="cs",
            access_token="1000-at",
            access_token_secret="ats",
            api_url=sim.address,
            timeout=15.0,
            visible_after=0.5,
        )
        self.platform = X(context("x", Clock(), core), account)

    def posted(self) -> list[str]:
        return [post["text"] for post in self.sim.ask("truth")["posts"] if post["by"] == "OTalk_"]

    def pictures(self) -> list[str]:
        return [one["alt"] for post in self.sim.ask("truth")["posts"] for one in post["media"]]

    def fail(self, fault: Fault, times: int = 1) -> None:
        kinds: dict[Fault, dict[str, Any]] = {
            "lost": {"kind": "lost"},
            "busy": HTML_503,
            "unreachable": {"kind": "refused"},
        }
        self.sim.fails("POST /2/tweets$", **{**kinds[fault], "times": times})

    async def say(self, text: str, reply_to: str | None = None) -> str:
        more = {"reply_to": reply_to} if reply_to else {}
        said = await asyncio.to_thread(lambda: self.sim.tell("say", by="pretend_a", text=f"{text} #OTalk", **more))
        return str(said["id"])

    async def edit(self, id: str, text: str) -> None:
        await asyncio.to_thread(self.sim.tell, "edit", id=id, text=f"{text} #OTalk")

    async def delete(self, id: str) -> None:
        await asyncio.to_thread(self.sim.tell, "delete", id=id)


class DiscordDriver(PlatformDriver):
    """Discord tells by itself what names the bot, and shows the rest of the past when asked."""

    def __init__(self, core: FakeCore, sim: Simulator) -> None:
        super().__init__(core)
        self.sim = sim
        server = flat(
            DiscordSettings,
            token="bot-token",
            guild=500,
            channel=600,
            api_url=f"{sim.address}/api/v10",
            timeout=15.0,
            visible_after=0.2,
        )
        self.platform = Discord(context("discord", Clock(), core, FakeCommands()), server)

    def posted(self) -> list[str]:
        return [one["content"] for one in self.sim.ask("truth")["messages"] if one["bot"]]

    def pictures(self) -> list[str]:
        return [it["description"] for one in self.sim.ask("truth")["messages"] for it in one["attachments"]]

    def fail(self, fault: Fault, times: int = 1) -> None:
        kinds: dict[Fault, dict[str, Any]] = {
            "lost": {"kind": "lost"},
            "busy": {"kind": "status", "status": 503},
            "unreachable": {"kind": "refused"},
        }
        self.sim.fails("POST .*/messages$", **{**kinds[fault], "times": times})

    async def say(self, text: str, reply_to: str | None = None) -> str:
        more = {"reply_to": reply_to} if reply_to else {}
        words = text if reply_to else f"<@1000> {text}"
        said = await asyncio.to_thread(lambda: self.sim.tell("say", by=SPEAKER, text=words, **more))
        return str(said["id"])

    async def edit(self, id: str, text: str) -> None:
        await asyncio.to_thread(self.sim.tell, "edit", id=id, text=f"<@1000> {text}")

    async def delete(self, id: str) -> None:
        await asyncio.to_thread(self.sim.tell, "delete", id=id)


class PretendDriver(PlatformDriver):
    """A third platform, made of the adapters' kit alone."""

    def __init__(self, core: FakeCore, sim: Simulator) -> None:
        super().__init__(core)
        self.sim = sim
        network = Network(api_url=f"127.0.0.1:{sim.ask('truth')['port']}", timeout=15.0, visible_after=0.2)
        self.platform = Pretend(context("pretend", Clock(), core, core.commands), network)

    def messages(self) -> list[dict[str, Any]]:
        """The messages there, by the platform's own account."""
        found: list[dict[str, Any]] = self.sim.ask("truth")["messages"]
        return found

    def posted(self) -> list[str]:
        return [one["text"] for one in self.messages() if one["by"] == "1"]

    def pictures(self) -> list[str]:
        return [one["picture"] for one in self.messages() if one["picture"]]

    def fail(self, fault: Fault, times: int = 1) -> None:
        self.sim.tell("fail", fault=fault, times=times)

    async def say(self, text: str, reply_to: str | None = None) -> str:
        said = await asyncio.to_thread(self.sim.tell, "say", by=SPEAKER, text=text, reply_to=reply_to)
        return str(said["id"])

    async def edit(self, id: str, text: str) -> None:
        await asyncio.to_thread(self.sim.tell, "change", id=id, text=text)

    async def delete(self, id: str) -> None:
        await asyncio.to_thread(self.sim.tell, "change", id=id)


@asynccontextmanager
async def on_room() -> AsyncIterator[PlatformDriver]:
    driver = RoomDriver(FakeCore())
    yield driver
    await driver.leave()


@asynccontextmanager
async def on_x() -> AsyncIterator[PlatformDriver]:
    with simulator("x", visible_after=0.1) as sim:
        yield XDriver(FakeCore(), sim)


@asynccontextmanager
async def on_discord() -> AsyncIterator[PlatformDriver]:
    with simulator("discord", visible_after=0.1) as sim:
        yield DiscordDriver(FakeCore(), sim)


@asynccontextmanager
async def on_pretend() -> AsyncIterator[PretendDriver]:
    with simulator("pretend") as sim:
        yield PretendDriver(FakeCore(), sim)


DRIVERS: dict[str, Callable[[], AbstractAsyncContextManager[PlatformDriver]]] = {
    "room": on_room,
    "x": on_x,
    "discord": on_discord,
    "pretend": on_pretend,
}
"""A new platform joins the contract by one line here."""


def a_post(driver: PlatformDriver, key: str = "q1", text: str = "Q1. Why? #OTalk", **more: Any) -> Post:  # noqa: ANN401 -- fields of Post
    """A question that is due now."""
    plain: dict[str, Any] = {"kind": "question", "nonce": f"nonce-{key}", "due": datetime.now(UTC)}
    return Post(**({"chat": CHAT, "key": key, "place": driver.place, "text": text} | plain | more))
