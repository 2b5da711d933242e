"""A whole real bot, hosting one chat after another on real sockets, for the contract of the commands.

Only commands move anything: the questions lie far apart. Its clock is the machine's, and can be put forward by seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, bindparam, select

from bot import transfer
from bot.chat import Chat, Host, Programme, Question
from bot.clock import WallClock
from bot.live.live_chats import LiveChat
from bot.messages import AnyEvent, Author, Command, Role
from bot.ports.commands import Answer
from bot.settings.settings import Settings
from bot.store import commands, messages, outbox_queries, schema
from bot.store.commands import CommandRow
from bot.store.message_rows import MessageRow
from bot.store.outbox_queries import OutboxRow
from bot.wiring.adapters import Builder
from bot.wiring.convenor import Convenor
from tests.store.new_sqlite import new_sqlite

T = TypeVar("T")

PATIENCE = 60.0
"""Wall seconds in which anything must have happened."""

START = 120.0
"""Wall seconds in which a bot must be up, or down again."""

_LOOK = 0.03
"""Wall seconds between two looks."""

State = Literal["coming", "welcomed", "asked"]
"""How far a chat is: nothing is out, all before the first question, or that as well."""

_APART = timedelta(minutes=20)
_LENGTH = timedelta(hours=2)
_SOON = timedelta(seconds=50)
"""So far ahead is a chat that is coming: the bot listens to it already."""


_OUT: dict[State, tuple[str, ...]] = {"coming": (), "welcomed": ("welcome",), "asked": ("q1", "rules")}
"""What must be out before a test begins."""


class Clock(WallClock):
    """The machine's, and what it was put forward by."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self._ahead

    def skip(self, seconds: float) -> None:
        """So little in all that the platforms do not notice: they live by the machine's clock."""
        self._ahead += timedelta(seconds=seconds)
        assert self._ahead < timedelta(seconds=90)


@asynccontextmanager
async def within(what: Callable[[], str], seconds: float = PATIENCE) -> AsyncIterator[None]:
    """Whatever is awaited inside has its limit, and a failure that names it."""
    try:
        async with asyncio.timeout(seconds) as limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise AssertionError(f"not within {seconds:g} s: {what()}") from None


async def until(is_so: Callable[[], T | None], what: Callable[[], str], seconds: float = PATIENCE) -> T:
    """What it gives, as soon as that is something."""
    async with within(what, seconds):
        while not (found := is_so()):
            await asyncio.sleep(_LOOK)
    return found


class RunningBot:
    """The bot, and the chat that is on. `places` are the settings of each; `host` and `helper` their handles."""

    def __init__(
        self,
        folder: Path,
        places: Mapping[str, Mapping[str, Any]],
        host: Mapping[str, str],
        helper: Mapping[str, str],
        platforms: Mapping[str, Builder] | None = None,
    ) -> None:
        self.clock = Clock()
        self._host = Host(name="Pretend host", handles=dict(host))
        self._helper = Host(name="Pretend helper", handles=dict(helper))
        self._chats: list[Chat] = []
        self._numbers, self._ids = count(1), count(1)
        settings = Settings.model_validate(
            {
                "site": {"folder": ""},
                "store": {"url": new_sqlite(folder)},
                "hosting": {"lead": "1s", "late": "5m", "absent": "3h", "open_before": "1m", "open_after": "10s"},
                "moderation": {"flood": "500/minute"},
                "places": {place: dict(one) for place, one in places.items()},
            }
        )
        self.places = tuple(places)
        self.convenor = Convenor(
            settings,
            clock=self.clock,
            programme=lambda: Programme(chats=tuple(self._chats)),
            platforms=platforms,
        )

    @property
    def chat(self) -> Chat:
        """The one that is on, as its file has it."""
        return self._chats[-1]

    @property
    def number(self) -> int:
        return len(self._chats)

    @property
    def live(self) -> LiveChat:
        return self.convenor.live_chats.by_name[self.chat.name]

    @property
    def tag(self) -> str:
        return self.chat.hashtag

    async def begin(self, state: State) -> None:
        """A new chat is there, and so far."""
        self._chats.append(self._a_chat(next(self._numbers), state))
        async with within(lambda: "a chat is taken up"):
            await self.convenor.plan_sync.sync(self.clock.now())
        self.convenor.scheduler.wake()
        for key in _OUT[state]:
            await self.out(key)

    async def end(self) -> None:
        """It is over, if it was not yet."""
        if self.clock.now() < self.live.ends:
            await self.tell("end yes", role="admin")

    async def out(self, key: str) -> None:
        """Until it was said everywhere."""
        await until(
            lambda: self.said(key), lambda: f"{key} is out: {[(x.post.key, x.state, x.error) for x in self.lines()]}"
        )

    def said(self, key: str) -> bool:
        out = self.convenor.database.read_sync(_places_of_sent, self.chat.name, key)
        return len(out) == len(self.places)

    def _a_chat(self, number: int, state: State) -> Chat:
        now = WallClock().now()  # the platforms' time
        starts = self.clock.now() + _SOON if state == "coming" else now
        first = now if state == "asked" else starts + _APART
        return Chat(
            name=f"contract/{number}",
            title=f"Contract {number}",
            hashtag=f"#contract{number}",
            starts=starts,
            length=_LENGTH,
            timezone="UTC",
            questions=tuple(
                Question(key=f"q{n + 1}", text=f"What helps ({n + 1})?", at=first + _APART * n) for n in range(4)
            ),
            hosts=(self._host,),
            moderators=(self._helper,),
            welcome=f"Welcome to #contract{number}",
            rules=f"This is recorded #contract{number}",
            closing=f"Thank you #contract{number}",
        )

    # by the side of every platform

    async def tell(self, text: str, *, role: Role = "participant", author: str = "900", **more: Any) -> Answer:  # noqa: ANN401 -- as in Command
        """A command that comes by no platform's door."""
        plain = {"place": "shell", "id": f"told-{next(self._ids)}", "chat": self.chat.name, "at": self.clock.now()}
        by = Author(id=author, name="Pretend operator")
        command = Command(**{**plain, **more}, author=by, text=text, role=role)
        async with within(lambda: f"{text} is answered"):
            return await self.convenor.service.answer(command)

    # what the store knows

    def lines(self, key: str | None = None) -> list[OutboxRow]:
        rows = self.convenor.database.read_sync(outbox_queries.outbox_rows, self.chat.name)
        return [one for one in rows if key in (None, one.post.key)]

    def log(self) -> list[CommandRow]:
        """The chat's commands with what came of them, oldest first."""
        return self.convenor.database.read_sync(commands.recent, self.chat.name, 200)[::-1]

    def came(self) -> list[tuple[str, str | None]]:
        return [(one.command.text, one.outcome) for one in self.log()]

    def command(self, place: str, id: str) -> CommandRow | None:
        found = self.convenor.database.read_sync(commands.find, place, id)
        return found if found is not None and found.outcome is not None else None

    def row(self, place: str, id: str) -> MessageRow | None:
        return self.convenor.database.read_sync(messages.get_rows, [(place, id)]).get((place, id))

    def events(self) -> list[AnyEvent]:
        return list(transfer.export_events(self.convenor.database, self.chat))

    def store(self) -> str:
        """All that is written down about this chat, in every table, but the chat itself."""
        return "\n".join(map(str, self.convenor.database.read_sync(_rows, self.chat.name)))

    def due(self, key: str) -> datetime:
        return min(one.post.due for one in self.lines(key))

    def planned(self, key: str) -> bool:
        """Whether it is still to be said."""
        return any(one.state in ("planned", "paused", "retry") for one in self.lines(key))

    def plan(self) -> list[tuple[str, str, datetime, str]]:
        """All of the outbox that is not a receipt."""
        return sorted(
            (one.post.key, one.post.place, one.post.due, one.post.text)
            for one in self.lines()
            if one.post.kind != "receipt" and one.state != "skipped"
        )

    async def record(self) -> list[str]:
        """What stands in the record, in order of time."""
        heard = await self.convenor.conversation(self.places[0]).messages(self.chat.name)
        return [one.text for one in heard]

    async def recorded(self, *texts: str) -> None:
        """Until exactly this stands in the record, without whom it is to."""
        last: list[str] = []

        async def so() -> bool:
            last[:] = [_bare(one) for one in await self.record()]
            return last == list(texts)

        await self.soon(so, lambda: f"the record is {texts}, it is {last}")

    async def soon(self, asked: Callable[[], Awaitable[T | None]], what: Callable[[], str]) -> T:
        """As `until`, of something that has to be awaited."""
        async with within(what):
            while not (found := await asked()):
                await asyncio.sleep(_LOOK)
        return found


_SENT = select(schema.outbox.c.place).where(
    schema.outbox.c.chat == bindparam("named"),
    schema.outbox.c.key == bindparam("wanted"),
    schema.outbox.c.state == "sent",
)
"""Made once: it is asked for again and again."""


def _places_of_sent(connection: Connection, chat: str, key: str) -> set[str]:
    return set(connection.scalars(_SENT, {"named": chat, "wanted": key}))


def _rows(connection: Connection, chat: str) -> list[object]:
    tables = [table for table in schema.metadata.sorted_tables if "chat" in table.c]
    return [row for table in tables for row in connection.execute(select(table).where(table.c.chat == chat))]


def _bare(text: str) -> str:
    words = text.split()
    while words and words[0].startswith("@"):
        words.pop(0)
    return " ".join(words)


@asynccontextmanager
async def running_bot(bot: RunningBot) -> AsyncIterator[RunningBot]:
    async with AsyncExitStack() as stack:
        async with within(lambda: f"the bot is up on {bot.places}", START):
            await stack.enter_async_context(bot.convenor.running())
        yield bot
        async with within(lambda: f"the bot is down on {bot.places}", START):
            await stack.aclose()
