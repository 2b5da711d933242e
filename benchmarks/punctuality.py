"""Measures how late questions reach their adapter: 10,000 in the same second, and one by one under load.

For comparison it measures the lower bound in the same run: rows from plain `sqlite3` in a bare asyncio timer heap that
calls the same adapter. All times are wall time.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

from benchmarks.pretend import chat, messages
from bot import log
from bot.chat import Programme
from bot.clock import WallClock
from bot.live.live_chats import LiveChat
from bot.messages import Post, Receipt
from bot.ports.inbound import AdapterContext
from bot.ports.platform import Delivery, TextRules, Traits
from bot.settings.settings import Settings
from bot.store import chats, planned_posts
from bot.wiring.convenor import Convenor
from tests.fakes.platform import UnreadablePlatform

_SOON = timedelta(seconds=12)
"""From planning to the due time: a little more than the lead."""
_SINGLES_SOON = timedelta(seconds=5)
"""The same for a few questions, all of which are claimed in the first tick."""
_AT_ONCE = timedelta(seconds=2)
"""The same for the bare heap."""


class Sink(UnreadablePlatform):
    """An adapter that records how late it was called, in seconds."""

    traits = Traits(platform="sink", text=TextRules(limit=2000), delivery=Delivery(idempotent=True))

    def __init__(self, clock: WallClock) -> None:
        self._clock = clock
        self.late: list[float] = []

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def find(self, post: Post) -> Receipt | None:
        """A receipt: no post is ever lost."""
        return Receipt(id=post.nonce, url=None, at=self._clock.now())

    async def send(self, post: Post) -> Receipt:
        """Accept the post."""
        now = self._clock.now()
        self.late.append((now - post.due).total_seconds())
        return Receipt(id=post.nonce, url=None, at=now)


def p99(late: Sequence[float]) -> float:
    """The 99th percentile of lateness, in seconds."""
    return quantiles(late, n=100)[98] if len(late) > 1 else late[0]


def _posts(count: int, clock: WallClock, apart: timedelta, soon: timedelta = _SOON) -> list[Post]:
    first = clock.now() + soon
    return [
        Post(
            chat=f"bench/{number}",
            key="q1",
            place="sink",
            kind="question",
            text="Why?",
            nonce=planned_posts.nonce("bench", str(number), "sink", 1),
            due=first + number * apart,
        )
        for number in range(count)
    ]


async def timer_heap(count: int, folder: Path, apart: timedelta = timedelta(0)) -> float:
    """The p99 of a bare timer heap over rows, in seconds."""
    clock = WallClock()
    sink, posts = Sink(clock), {post.chat: post for post in _posts(count, clock, apart, _AT_ONCE)}
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute("CREATE TABLE outbox (chat PRIMARY KEY, due)")
    connection.executemany(
        "INSERT INTO outbox VALUES (?, ?)", [(one.chat, one.due.timestamp()) for one in posts.values()]
    )
    connection.commit()
    loop = asyncio.get_running_loop()
    offset = loop.time() - clock.now().timestamp()
    tasks: list[asyncio.Task[Receipt]] = []
    for name, due in connection.execute("SELECT chat, due FROM outbox ORDER BY due"):
        loop.call_at(due + offset, lambda post=posts[name]: tasks.append(loop.create_task(sink.send(post))))  # type: ignore[misc]
    while len(sink.late) < count:
        await asyncio.sleep(0.1)
    connection.close()
    return p99(sink.late)


async def whole_bot(count: int, folder: Path, *, apart: timedelta = timedelta(0), rate: int = 0) -> float:
    """The p99 of the bot, in seconds, with `rate` incoming messages a second."""
    clock = WallClock()
    sink = Sink(clock)
    settings = Settings.model_validate({"store": {"url": f"sqlite:///{folder / 'bot.db'}"}})

    def build(_: object, __: AdapterContext) -> Sink:
        return sink

    convenor = Convenor(settings, clock=clock, programme=lambda: Programme(chats=()), platforms={"room": build})
    the_chat = chat()
    convenor.database.write_sync(chats.save_chat, the_chat, the_chat.ends)
    convenor.live_chats.add(LiveChat(the_chat, ends=the_chat.ends, places=("room",), open_for=(_SOON, _SOON)))
    posts = _posts(count, clock, apart, _SINGLES_SOON if apart else _SOON)
    planned = [
        planned_posts.PlannedPost(post=_at(post, "room"), expires=post.due + timedelta(hours=1)) for post in posts
    ]
    convenor.database.write_sync(planned_posts.save_plan, planned)
    async with convenor.running():
        incoming = asyncio.create_task(_send_messages(convenor, rate))
        while len(sink.late) < count:
            await asyncio.sleep(0.1)
        incoming.cancel()
        await asyncio.gather(incoming, return_exceptions=True)
    return p99(sink.late)


def _at(post: Post, place: str) -> Post:
    return Post(**{name: getattr(post, name) for name in post.__struct_fields__} | {"place": place})


async def _send_messages(convenor: Convenor, rate: int) -> None:
    """Send `rate` messages a second, a few every hundredth, until cancelled."""
    loop, number = asyncio.get_running_loop(), 0
    begun = loop.time()
    async with asyncio.TaskGroup() as group:
        while rate:
            wanted = int((loop.time() - begun) * rate)
            for one in messages(wanted - number, start=number):
                group.create_task(convenor.inbox.hear(one))
            number = wanted
            await asyncio.sleep(0.01)


def _measure(count: int, *, apart: timedelta = timedelta(0), rate: int = 0) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(whole_bot(count, Path(folder), apart=apart, rate=rate)) * 1000


def _bare(count: int, apart: timedelta = timedelta(0)) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(timer_heap(count, Path(folder), apart)) * 1000


def main(count: int = 10_000, rate: int = 2_000, singles: int = 40) -> None:
    """Measure and print."""
    log.configure("error")
    spent, raw = _measure(count), _bare(count)
    print(f"Punctuality: {count:,} questions due in the same second, p99 from the hour to the adapter")
    print(f"  ours {spent:.0f} ms, bare timer heap {raw:.0f} ms, ratio {spent / raw:.1f}")
    often = timedelta(milliseconds=100)
    alone, busy, bare = _measure(singles, apart=often), _measure(singles, apart=often, rate=rate), _bare(singles, often)
    print(f"One question at a time, p99 of {singles}: alone {alone:.1f} ms, with {rate:,} messages/s {busy:.1f} ms,")
    print(f"  bare timer heap {bare:.1f} ms, ratios {alone / bare:.1f} and {busy / bare:.1f}")


if __name__ == "__main__":
    main()
