"""The time that a command takes, from the command service to the call of the last place's adapter, under load.

The real wiring, with the room and two pretend platforms; the whole policy is on. The same run measures the bot without
incoming messages, and the minimum that keeps the promise on this disk: two transactions of plain `sqlite3` with
`synchronous=FULL`, one for the command with its three posts and one to claim them. Wall time, as people feel it.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles

from benchmarks.pretend import conversation
from bot import log
from bot.chat import Chat, Programme, Question
from bot.clock import WallClock
from bot.messages import Author, Command, Post, Receipt
from bot.ports.inbound import AdapterContext
from bot.ports.platform import Delivery, Features, Platform, TextRules, Traits
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.wiring.adapters import builders
from bot.wiring.convenor import Convenor
from tests.fakes.platform import UnreadablePlatform

PLACES = ("room", "first", "second")
_CHAT = "bench/led"
_HOST = Author(id="host", name="Pretend host")
_COMMANDS = (
    "next",
    "extend 1m",
    "say Something to everybody, number {}.",
    "say And more, number {}.",
    "extend 1m",
    "say Once more, number {}.",
    "say And again, number {}.",
    "extend 1m",
    "say Something else, number {}.",
    "extend 1m",
    "say Nearly the last, number {}.",
    "say The last of a round, number {}.",
)
"""In this order, so that five seconds lie between two `next`: a second one within them is refused."""

_PAUSE = (0.42, 0.54)
"""Seconds from one command to the next."""

_TIMEOUT = 30.0
"""Seconds after which a command has failed, and the run with it."""


class Stopwatch:
    """Notes when the posts of a command were handed to all places."""

    def __init__(self) -> None:
        self.sent = 0
        self._begun = 0.0
        self._left = set[str]()
        self._all = asyncio.Event()

    def begin(self) -> None:
        """A command is given now."""
        self._left = set(PLACES)
        self._all.clear()
        self._begun = time.perf_counter()

    def sent_to(self, place: str) -> None:
        """A post was handed to a place."""
        self.sent += 1
        self._left.discard(place)
        if not self._left and not self._all.is_set():
            self.taken = time.perf_counter() - self._begun
            self._all.set()

    async def end(self) -> float:
        """Seconds from `begin` to the last place."""
        async with asyncio.timeout(_TIMEOUT):
            await self._all.wait()
        return self.taken


class Sink(UnreadablePlatform):
    """A pretend platform that accepts everything at once."""

    traits = Traits(
        platform="sink",
        text=TextRules(limit=500),
        delivery=Delivery(idempotent=True),
        features=Features(receipts=True, private=True),
    )

    def __init__(self, clock: WallClock) -> None:
        self._clock = clock

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def find(self, post: Post) -> Receipt | None:
        """No post is ever lost here."""
        return await self.send(post)

    async def send(self, post: Post) -> Receipt:
        """Accept it."""
        return Receipt(id=post.nonce, url=None, at=self._clock.now())


def _with_stopwatch(platform: Platform, place: str, watch: Stopwatch) -> Platform:
    send: Callable[[Post], Awaitable[Receipt]] = platform.send

    async def timed(post: Post) -> Receipt:
        watch.sent_to(place)
        return await send(post)

    platform.send = timed  # type: ignore[method-assign]
    return platform


def _chat(now: datetime) -> Chat:
    """A chat that began two minutes ago and asks nothing by itself in the next half hour."""
    return Chat(
        name=_CHAT,
        title="A led hour",
        hashtag="#bench",
        starts=now - timedelta(minutes=2),
        length=timedelta(hours=20),
        timezone="Europe/London",
        questions=tuple(
            Question(key=f"q{number}", text=f"Question {number}?", at=now + timedelta(minutes=30 + number))
            for number in range(1, 21)
        ),
        welcome="Welcome",
        rules="Be kind",
        closing="Thank you",
    )


async def measure(commands: int, rate: int, folder: Path) -> list[float]:
    """The seconds that each command took."""
    clock, watch = WallClock(), Stopwatch()
    settings = Settings.model_validate(
        {
            "store": {"url": f"sqlite:///{folder / 'ours.db'}"},
            "hosting": {"absent": "23h", "late": "5h"},
            "places": {place: {"platform": "room", "port": 0} for place in PLACES},
        }
    )

    def build(place: RoomPlace, given: AdapterContext) -> Platform:
        platform = builders()["room"](place, given) if given.place == "room" else Sink(clock)
        return _with_stopwatch(platform, given.place, watch)

    chat = _chat(clock.now())
    convenor = Convenor(settings, clock=clock, programme=lambda: Programme(chats=(chat,)), platforms={"room": build})
    async with convenor.running():
        convenor.scheduler.reload()
        while watch.sent < 2 * len(PLACES):  # the welcome and the rules
            await asyncio.sleep(0.1)
        sending = asyncio.create_task(_send_messages(convenor, rate))
        try:
            return await _give_commands(convenor, watch, commands)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def _give_commands(convenor: Convenor, watch: Stopwatch, commands: int) -> list[float]:
    """Give one command after the other, with random pauses."""
    taken, dice, lines = [], random.Random(1), cycle(_COMMANDS)  # noqa: S311 -- no secret
    await asyncio.sleep(2)  # the incoming messages have reached their rate
    for number in range(commands):
        text = next(lines).format(number)
        said = Command(
            place="room", id=f"c{number}", at=convenor.clock.now(), author=_HOST, role="host", text=text, chat=_CHAT
        )
        watch.begin()
        answer = await convenor.service.answer(said)
        assert answer.done, answer.text
        taken.append(await watch.end())
        await asyncio.sleep(dice.uniform(*_PAUSE))
    return taken


async def _send_messages(convenor: Convenor, rate: int) -> None:
    """Send `rate` messages a second on all places, in steps of a hundredth, until cancelled."""
    loop, number = asyncio.get_running_loop(), 0
    begun = loop.time()
    said = conversation(people=20_000, chat=_CHAT, places=PLACES)
    async with asyncio.TaskGroup() as group:
        while rate:
            wanted = int((loop.time() - begun) * rate)
            now = convenor.clock.now()
            for _ in range(wanted - number):
                group.create_task(convenor.inbox.hear(said(now)))
            number = wanted
            await asyncio.sleep(0.01)


def minimum(count: int, folder: Path) -> list[float]:
    """The seconds for the two transactions that are indispensable, one after the other."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE commands (id PRIMARY KEY, text)")
    connection.execute("CREATE TABLE outbox (id INTEGER PRIMARY KEY, command, place, text, state)")
    taken = []
    for number in range(count):
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO commands VALUES (?, 'say Something')", (number,))
        rows = [(number, place, "Something", "planned") for place in PLACES]
        connection.executemany("INSERT INTO outbox (command, place, text, state) VALUES (?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE outbox SET state = 'sending' WHERE state = 'planned'").fetchall()
        connection.execute("COMMIT")
        taken.append(time.perf_counter() - begun)
    connection.close()
    return taken


def shown(taken: Sequence[float]) -> str:
    """Median, p99 and the worst, in milliseconds."""
    p99 = quantiles(taken, n=100, method="inclusive")[98]
    return f"p50 {median(taken) * 1000:5.1f} ms, p99 {p99 * 1000:5.1f} ms, worst {max(taken) * 1000:5.1f} ms"


def main(commands: int = 20, rate: int = 500) -> None:
    """Measure and print."""
    log.configure("error")
    print(f"Commands: {commands} commands, from the service to the call of the last of {len(PLACES)} places")
    middle = []
    for name, coming in ((f"with {rate} messages/s", rate), ("nothing coming in", 0)):
        with tempfile.TemporaryDirectory() as folder:
            taken = asyncio.run(measure(commands, coming, Path(folder)))
        print(f"  {name:<25}{shown(taken)}")
        middle.append(median(taken))
    with tempfile.TemporaryDirectory() as folder:
        taken = minimum(commands, Path(folder))
    ratios = " and ".join(f"{one / median(taken):.0f}" for one in middle)
    print(f"  {'two transactions alone':<25}{shown(taken)}; ratios of the medians {ratios}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
