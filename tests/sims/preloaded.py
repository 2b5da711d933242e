"""A pretend platform that is loaded once and forked for each test: loading takes ten times as long as serving one.

Run as `python -m tests.sims.preloaded NAME`. Each line on standard input is {"setup", "life", "exchanges"}; the last is
the folder to write exchanges down in, or nothing. For each a child prints its process id and its port, and ends when
nobody holds the other end of the pipe `life` any more.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import random
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from tests.sims.simulator_server import EXCHANGES


def main() -> None:
    platform = importlib.import_module(f"tests.sims.{sys.argv[1]}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a child ended
    gc.freeze()
    for line in sys.stdin:
        if not os.fork():
            _child(platform, json.loads(line))


def _child(platform: Any, told: dict[str, Any]) -> NoReturn:  # noqa: ANN401 -- a module
    """A process as fresh as if it had been started."""
    try:
        os.environ[EXCHANGES] = told["exchanges"]
        random.seed()
        with Path(told["life"]).open(encoding="utf-8") as sys.stdin:
            print(os.getpid(), flush=True)
            asyncio.run(platform.server(told["setup"]).serve())
    except BaseException:  # noqa: BLE001 -- a fork must never go on with its parent's code
        traceback.print_exc()
    os._exit(0)


if __name__ == "__main__":
    main()
