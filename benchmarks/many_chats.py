"""Thousands of chats: their files dropped beside a chat that is on, all of them planned, a restart, and an idle minute.

The real wiring and a store on disk, with one place that only notes how late it was called. The limits, in the same run:
reading the same files with `tomllib` alone, and asking the file system for the state of each. Processor time, which
says more than wall time on a busy machine; how late questions were is wall time, as people feel it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.punctuality import Sink
from bot import log
from bot.authoring.chat_folder import states
from bot.authoring.folder_files import FolderFiles
from bot.authoring.schedules import Schedules
from bot.clock import WallClock
from bot.file_watch import watching
from bot.ports.inbound import AdapterContext
from bot.settings.settings import Settings
from bot.store import chat_files
from bot.wiring.convenor import Convenor

COUNT = 5000
_IDLE = 30.0
"""Seconds for which an idle bot is measured: half of what it does once a minute is in them."""

_SOON, _PACE = timedelta(seconds=8), 1
"""From writing the chat that is on to its start; seconds from one of its questions to the next."""


def write_chats(root: Path, count: int) -> None:
    """Write chats of an hour with five questions each, over the next months, in folders of a hundred."""
    first = datetime.now(UTC).replace(microsecond=0, tzinfo=None) + timedelta(days=1)
    for number in range(count):
        folder = root / f"s{number // 100}"
        folder.mkdir(parents=True, exist_ok=True)
        head = f'title = "Chat {number} about the work of the week"\nhashtag = "#C{number}"\ntimezone = "UTC"\n'
        starts = (first + timedelta(minutes=30 * number)).isoformat()
        asked = (f'[[questions]]\ntext = "Question {n} of {number}: what comes first, and why?"\n' for n in range(1, 6))
        (folder / f"c{number}.toml").write_text(f"{head}starts = {starts}\nlength = '1h'\n{''.join(asked)}")


def _write_current(root: Path) -> None:
    """A chat that begins soon, with twelve questions, one every second."""
    starts = (datetime.now(UTC) + _SOON).replace(microsecond=0, tzinfo=None).isoformat()
    asked = (f'[[questions]]\ntext = "Question {n}?"\nat = "{_PACE * n}s"\n' for n in range(1, 13))
    (root / "now").mkdir(parents=True)
    head = f'title = "The chat that is on"\ntimezone = "UTC"\nstarts = {starts}\nlength = "1m"\n'
    (root / "now" / "on.toml").write_text(head + "".join(asked))


@asynccontextmanager
async def hosting(root: Path, store: Path) -> AsyncIterator[tuple[Convenor, Sink]]:
    """The bot as `convenor run` builds it, with one place."""
    clock = WallClock()
    sink = Sink(clock)
    settings = Settings.model_validate({"store": {"url": f"sqlite:///{store}"}, "schedules": str(root)})

    def build(_: object, __: AdapterContext) -> Sink:
        return sink

    schedules = Schedules(FolderFiles(root, clock), {"room": "room"}, clock)
    convenor = Convenor(settings, clock=clock, programme=schedules, platforms={"room": build})
    schedules.known = partial(convenor.database.read_sync, chat_files.all_files)
    async with watching(root, convenor.scheduler.reload), convenor.running():
        yield convenor, sink


async def _planned(convenor: Convenor, count: int) -> None:
    while len(convenor.live_chats.by_name) < count:
        await asyncio.sleep(0.05)


async def dropped(root: Path, store: Path, count: int) -> tuple[float, float, float]:
    """Drop all files while a chat begins: seconds and CPU time until all are planned, and the latest question."""
    _write_current(root)
    async with hosting(root, store) as (convenor, sink):
        await asyncio.sleep(3)
        began, cpu = time.monotonic(), time.process_time()
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.many_chats", str(root), str(count), env=os.environ
        )
        await writer.wait()
        await _planned(convenor, count + 1)
        took, cost = time.monotonic() - began, time.process_time() - cpu
        while len(sink.late) < 14:
            await asyncio.sleep(0.1)
    return took, cost, max(sink.late)


async def begun(root: Path, store: Path) -> tuple[float, float]:
    """Seconds and processor time until a bot with a new store is ready: what comes within the hour is planned."""
    began, cpu = time.monotonic(), time.process_time()
    async with hosting(root, store) as (convenor, _):
        while not convenor.scheduler.is_planned:
            await asyncio.sleep(0.01)
        return time.monotonic() - began, time.process_time() - cpu


async def restarted(root: Path, store: Path, count: int) -> tuple[float, float, float]:
    """Seconds and processor time until a restarted bot is ready, and its processor time in an idle minute."""
    began, cpu = time.monotonic(), time.process_time()
    async with hosting(root, store) as (convenor, _):
        await _planned(convenor, count)
        ready, cost = time.monotonic() - began, time.process_time() - cpu
        await asyncio.sleep(3)
        cpu = time.process_time()
        await asyncio.sleep(_IDLE)
        return ready, cost, (time.process_time() - cpu) * 60 / _IDLE


def _limits(root: Path) -> tuple[float, float]:
    """Processor time of reading all files with `tomllib` alone, and of asking for the state of each."""
    began = time.process_time()
    for file in root.glob("*/*.toml"):
        tomllib.loads(file.read_text())
    parsed = time.process_time()
    states(root)
    return parsed - began, time.process_time() - parsed


def main(count: int = COUNT) -> None:
    """Measure and print a table."""
    log.configure("error")
    with tempfile.TemporaryDirectory() as folder:
        root, store = Path(folder) / "schedules", Path(folder) / "bot.db"
        took, cost, late = asyncio.run(dropped(root, store, count))
        parsed, states = _limits(root)
        ready, restart, idle = asyncio.run(restarted(root, store, count))
        first, new = asyncio.run(begun(root, Path(folder) / "new.db"))
    print(f"\n{count:,} chat files beside a chat that is on", flush=True)
    print(f"  planned after {took:.1f} s, {cost:.1f} s of CPU; tomllib alone {parsed:.2f} s: ratio {cost / parsed:.0f}")
    print(f"  latest question meanwhile: {late * 1000:.0f} ms")
    print(
        f"  ready after a restart: {ready:.1f} s, {restart:.2f} s of CPU; the state of each file alone {states:.3f} s"
    )
    print(f"  ready with a new store: {first:.1f} s, {new:.1f} s of CPU")
    print(f"  idle: {idle:.2f} s of CPU a minute")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        write_chats(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
