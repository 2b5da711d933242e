"""The cost of one incoming message, from the event at the port to stored, attributed and visible.

Beside it, in the same run, two raw limits: the same rows into plain `sqlite3` in batches of 500, one table, no
more; and that with each event's line parsed by the standard library's `json` first, as the least bot would do.
CPU time of the whole process (all threads), not wall time; the store is SQLite in a temporary folder.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from benchmarks.pretend import chat, messages, posted
from bot.clock import WallClock
from bot.listening.conversation import StoredConversation
from bot.listening.inbox import Inbox
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.messages import Message
from bot.moderation.policy import Policy
from bot.store import chats
from bot.store.database import Database
from bot.wiring.garbage_collector import tune_garbage_collector

_BATCH = 500


def through_sqlite(heard: list[Message], folder: Path) -> float:
    """CPU microseconds a row for plain sqlite3 in batches of 500."""
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(
        "CREATE TABLE events (seq INTEGER PRIMARY KEY, chat, place, type, id, raw, UNIQUE (place, type, id))"
    )
    encode = msgspec.json.Encoder().encode
    begun = time.process_time()
    for start in range(0, len(heard), _BATCH):
        rows = [(one.chat, one.place, "message", one.id, encode(one).decode()) for one in heard[start : start + _BATCH]]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO events (chat, place, type, id, raw) VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
    spent = time.process_time() - begun
    connection.close()
    return spent / len(heard) * 1e6


def parsing(heard: list[Message]) -> float:
    """CPU microseconds to parse a line with the standard library."""
    lines = [msgspec.json.encode(one) for one in heard]
    begun = time.process_time()
    for line in lines:
        json.loads(line)
    return (time.process_time() - begun) / len(heard) * 1e6


async def through_inbox(
    heard: list[Message], folder: Path, *, flood: int = 2000, policy: Policy | None = None
) -> tuple[float, float]:
    """CPU microseconds a message in a flood, and wall milliseconds of the slowest of 50 that come one by one."""
    async with opened(folder, policy=policy) as (inbox, conversation, live):
        begun = time.process_time()
        for start in range(0, len(heard), flood):
            assert not await inbox.hear_all(heard[start : start + flood])  # as the poller does with what it has read
        spent = (time.process_time() - begun) / len(heard) * 1e6
        assert sum(live.counts.values()) >= 0.99 * len(heard)  # an ordinary message may be held, one in 200 at most
        return spent, await _slowly(inbox, conversation, live.chat.name)


@asynccontextmanager
async def opened(
    folder: Path, *, place: str = "room", policy: Policy | None = None
) -> AsyncIterator[tuple[Inbox, StoredConversation, LiveChat]]:
    """An inbox over a store in this folder, what a page reads of it, and a chat that is on."""
    database = Database(f"sqlite:///{folder / 'ours.db'}")
    the_chat = chat()
    database.write_sync(chats.save_chat, the_chat, the_chat.ends)
    live_chats, notifications = LiveChats(), Notifications()
    live = LiveChat(the_chat, ends=the_chat.ends, places=(place,), open_for=(timedelta(hours=1), timedelta(hours=1)))
    live_chats.add(live)
    for post in posted(the_chat, place):
        live_chats.add_post(post)
    inbox = Inbox(database, live_chats, notifications, policy=policy)
    await inbox.open()
    writer = asyncio.create_task(inbox.run())
    conversation = StoredConversation(
        place, live_chats=live_chats, notifications=notifications, database=database, clock=WallClock()
    )
    try:
        yield inbox, conversation, live
    finally:
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        database.close()


async def _slowly(inbox: Inbox, conversation: StoredConversation, name: str) -> float:
    """Wall milliseconds from the port to visible on the live page, the worst of 50, one at a time."""
    worst = 0.0
    for one in messages(50, start=10_000_000):
        begun = time.perf_counter()
        await inbox.hear(one)
        found = await conversation.find(one.place, one.id)
        worst = max(worst, time.perf_counter() - begun)
        assert found is not None
        assert found.question in await conversation.counts(name)
        await asyncio.sleep(0.01)
    return worst * 1000


def main(sizes: tuple[int, ...] = (1_000, 10_000, 100_000)) -> None:
    """Measure and print."""
    print("Inbound: CPU a message, from the port to stored, attributed and visible (SQLite)")
    tune_garbage_collector()  # as `convenor run` does at its start
    with tempfile.TemporaryDirectory() as folder:  # statements and patterns are made with the first messages
        asyncio.run(through_inbox(messages(500), Path(folder)))
    first = 0.0
    for size in sizes:
        heard = messages(size)
        runs = 5 if size <= 1_000 else 1
        spent, raw, slowest = min(_beside(heard) for _ in range(runs))
        whole, first = raw + parsing(heard), first or spent
        print(
            f"  {size:>7,} messages: {spent:5.1f} µs ours ({spent / first - 1:+.0%}), {raw:4.1f} µs plain sqlite3,"
            f" ratio {spent / raw:4.1f}; {whole:4.1f} µs with the JSON parsed, ratio {spent / whole:4.1f};"
            f" one at a time visible after {slowest:.1f} ms at worst of 50"
        )


def _beside(heard: list[Message]) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        raw = through_sqlite(heard, Path(folder))
        spent, slowest = asyncio.run(through_inbox(heard, Path(folder)))
    return spent, raw, slowest


if __name__ == "__main__":
    main()
