"""How much slower than alone a process runs on this machine just now, so that a test can allow for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_WORK = 0.01
"""Seconds of processor time that are taken for each measurement."""

_APART = 0.2
"""Seconds between two measurements."""


@contextmanager
def slowness() -> Iterator[list[float]]:
    """Measures while the block runs: how many seconds one second of processor time takes, 1 on an idle machine."""
    found, over = [1.0], threading.Event()

    def measure() -> None:
        while not over.wait(_APART):
            begun, until = time.monotonic(), time.thread_time() + _WORK
            while time.thread_time() < until:
                pass
            found.append(max(1.0, (time.monotonic() - begun) / _WORK))

    thread = threading.Thread(target=measure, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()
