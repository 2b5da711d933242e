"""The other end of a pretend platform: starts it in a process of its own, makes it fail, and asks for the truth.

Synchronous on purpose: a test says what happens, and goes on.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from tests.sims.simulator_server import EXCHANGES

ROOT = Path(__file__).parents[2]


class Simulator:
    """One that runs. `address` is its origin, without a slash at the end."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def tell(self, what: str, **data: Any) -> Any:  # noqa: ANN401 -- JSON
        """POST to `/_sim/what`."""
        body = json.dumps(data).encode()
        request = urllib.request.Request(  # noqa: S310 -- our own simulator
            f"{self.address}/_sim/{what}", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 -- as above
            return json.load(answer)

    def ask(self, what: str) -> Any:  # noqa: ANN401 -- JSON
        """GET `/_sim/what`."""
        with urllib.request.urlopen(f"{self.address}/_sim/{what}", timeout=120) as answer:  # noqa: S310 -- as above
            return json.load(answer)

    def fails(self, match: str, kind: str, **more: Any) -> None:  # noqa: ANN401 -- as in simulator_server.Fault
        """One fault, instead of any set before."""
        self.tell("faults", faults=[{"match": match, "kind": kind, **more}])

    def calls(self, match: str = "") -> list[str]:
        """The requests so far, as "METHOD /path", that have `match` in them."""
        return [call for call in self.ask("calls") if match in call]


@contextmanager
def simulator(name: str, **setup: Any) -> Iterator[Simulator]:  # noqa: ANN401 -- the simulator's own setup, JSON
    """Start `tests.sims.NAME` with a setup, in a process of its own; it ends with the block."""
    with TemporaryDirectory(prefix="sim-") as folder:
        life = Path(folder) / "life"
        os.mkfifo(life)
        told = {"setup": setup, "life": str(life), "exchanges": os.environ.get(EXCHANGES, "")}
        with _one_at_a_time:
            orders, answers = _warm(name)
            orders.write(json.dumps(told) + "\n")
            orders.flush()
            held = life.open("w")
            process, port = int(answers.readline()), int(answers.readline())
        try:
            yield Simulator(port)
        finally:
            held.close()
            _ended(process)


_one_at_a_time = threading.Lock()


@cache
def _warm(name: str) -> tuple[IO[str], IO[str]]:
    """The process that has this simulator loaded and forks it; it ends with ours."""
    process = subprocess.Popen(  # noqa: S603 -- our own script
        [sys.executable, "-m", "tests.sims.preloaded", name],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(_cool, process)
    assert process.stdin
    assert process.stdout
    return process.stdin, process.stdout


def _cool(process: subprocess.Popen[str]) -> None:
    process.communicate()


def _ended(process: int) -> None:
    """Wait until a simulator is gone; one that does not go is killed."""
    until = time.monotonic() + 60
    with suppress(ProcessLookupError):
        while True:
            os.kill(process, 0 if time.monotonic() < until else signal.SIGKILL)
            time.sleep(0.002)
