"""The other end of a pretend platform: starts it in a process of its own, makes it fail, and asks for the truth.

Synchronous on purpose: a test says what happens, and goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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

    def fails(self, match: str, kind: str, **more: Any) -> None:  # noqa: ANN401 -- as in station.Fault
        """One fault, instead of any set before."""
        self.tell("faults", faults=[{"match": match, "kind": kind, **more}])

    def calls(self, match: str = "") -> list[str]:
        """The requests so far, as "METHOD /path", that have `match` in them."""
        return [call for call in self.ask("calls") if match in call]


@contextmanager
def simulator(name: str, **setup: Any) -> Iterator[Simulator]:  # noqa: ANN401 -- the simulator's own setup, JSON
    """Start `tests.sims.NAME` with a setup; it ends with the block."""
    process = subprocess.Popen(  # noqa: S603 -- our own script
        [sys.executable, "-m", f"tests.sims.{name}", json.dumps(setup)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Simulator(int(process.stdout.readline()))
    finally:
        process.stdin.close()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
