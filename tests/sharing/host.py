"""Runs several bots on one database, each to be killed, stopped and started again at any moment.

Run as `python tests/sharing/host.py SETUP.json …`; it prints `ready` once everything is imported. A line with a number
on standard input forks a child that reads that setup and runs the bot as `tests/crash/host.py` does, and prints its
process id. All children are killed when the input ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from bot import log
from tests.crash.host import host


def run_again_and_again(setup: dict[str, Any]) -> NoReturn:
    """Run the bot, and again when it ends by itself, as a service manager does: the store may be out of reach."""
    log.configure("warning", "json")
    while True:
        try:
            asyncio.run(host(setup))
        except Exception as error:  # noqa: BLE001 -- a fork must never go on with its parent's code
            print(repr(error), file=sys.stderr, flush=True)
            time.sleep(0.5)  # nobody waits for this but the process itself


def main() -> None:
    children: list[int] = []
    print("ready", flush=True)
    for order in sys.stdin:
        child = os.fork()
        if not child:
            run_again_and_again(json.loads(Path(sys.argv[1 + int(order)]).read_text(encoding="utf-8")))
        children.append(child)
        print(child, flush=True)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
