"""Runs one or several bots, on one database if the setups say so, each to be killed, stopped and started at any moment.

`main` is run with the setups' files by `tests/cli/preloaded.py`, and prints `ready`. A line with a number on standard
input forks a child that reads that setup and runs the bot as `tests/crash/host.py` does, and prints its
process id; the one before it is dead, or will be in a moment. All children are killed when the input ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from bot import log
from tests.crash.host import host


def run(setup: dict[str, Any]) -> NoReturn:
    """Run the bot; if the setup says `again`, whenever it ends, as a service manager does: the store may be away."""
    log.configure("warning", "json")
    while True:
        try:
            asyncio.run(host(setup))
        except BaseException as error:  # noqa: BLE001 -- a fork must never go on with its parent's code
            if not setup.get("again"):
                traceback.print_exc()
                os._exit(1)
            print(repr(error), file=sys.stderr, flush=True)
            time.sleep(0.5)  # nobody waits for this but the process itself


def main() -> None:
    children: dict[str, int] = {}
    gc.collect()
    gc.freeze()  # or each child would look through all that was imported
    print("ready", flush=True)
    for order in sys.stdin:
        if order in children:
            os.waitpid(children[order], 0)
        child = os.fork()
        if not child:
            run(json.loads(Path(sys.argv[1 + int(order)]).read_text(encoding="utf-8")))
        children[order] = child
        print(child, flush=True)
    for child in children.values():
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
