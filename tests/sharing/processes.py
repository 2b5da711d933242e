"""Bots in processes of their own, killed, stopped, and cut off from their database. Nothing is checked."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import msgspec

from tests.cli.preloaded import preloaded
from tests.crash.lives import free_port
from tests.store.store_proxy import StoreProxy

STANDSTILL = 11.0
"""Seconds that a process is stopped: longer than the lease."""


@dataclass(eq=False)
class Worker:
    """One process: its proxy to the database, if it has one, its room, and its process id."""

    number: int
    proxy: StoreProxy | None = None
    room: int = field(default_factory=free_port)
    pid: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.room}"


@dataclass
class Processes:
    """All processes, and the one that starts them, which reads their setups in `folder`."""

    workers: Sequence[Worker]
    folder: Path
    orders: IO[str]
    answers: IO[str]

    def set_up(self, worker: Worker, setup: dict[str, Any]) -> None:
        """Write what a worker reads when it starts: `chat` and `settings`, and what else the hosts know."""
        (self.folder / f"setup-{worker.number}.json").write_bytes(msgspec.json.encode(setup))

    def start(self, worker: Worker) -> None:
        """Start a worker, which is dead or was never alive."""
        self.orders.write(f"{worker.number}\n")
        self.orders.flush()
        worker.pid = int(self.answers.readline())

    def harm(self, worker: Worker, how: str) -> None:
        """Kill or stop it, or cut its way to the database, or make that mute."""
        if how in {"kill", "stop"}:
            os.kill(worker.pid, signal.SIGKILL if how == "kill" else signal.SIGSTOP)
        elif worker.proxy is not None:
            {"cut": worker.proxy.cut, "mute": worker.proxy.mute, "mute_old": worker.proxy.mute_old}[how]()

    def mend(self, worker: Worker, how: str) -> None:
        """Undo a harm."""
        if how == "kill":
            self.start(worker)
        elif how == "stop":
            os.kill(worker.pid, signal.SIGCONT)
        elif worker.proxy is not None:
            worker.proxy.speak()


@contextmanager
def processes(workers: Sequence[Worker], folder: Path) -> Iterator[Processes]:
    """Everything is imported, and nothing started. All are killed after the block."""
    setups = [folder / f"setup-{worker.number}.json" for worker in workers]
    with preloaded().running("tests.sharing.host:main", *setups) as (orders, answers):
        assert answers.readline() == "ready\n"
        yield Processes(workers, folder, orders, answers)


def harm_at_random(
    them: Processes, until: datetime, dice: random.Random, hows: Sequence[str], pause: tuple[float, float]
) -> list[str]:
    """Harm one process after the other until then, with such pauses in seconds; mend all. Returns what was done."""
    begun, done, again = time.monotonic(), list[str](), list[tuple[float, Worker, str]]()
    while datetime.now(UTC) < until:
        time.sleep(dice.uniform(*pause))  # the moment is random: there is no event to wait for
        for at, worker, how in [one for one in again if one[0] < time.monotonic()]:
            again.remove((at, worker, how))
            them.mend(worker, how)
        free = [one for one in them.workers if one not in {worker for _, worker, _ in again}]
        if not free:
            continue
        worker, how = dice.choice(free), dice.choice(hows)
        them.harm(worker, how)
        again.append((time.monotonic() + (STANDSTILL if how == "stop" else dice.uniform(0.2, 6.0)), worker, how))
        done.append(f"{how} {worker.number} at {time.monotonic() - begun:.1f}")
    for _, worker, how in again:
        them.mend(worker, how)
    return done
