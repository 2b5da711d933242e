"""Writes are first come, first served, and a failed write lets the next one in."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from bot.store.database import WriteQueue


def queued(queue: WriteQueue, order: list[str], name: str) -> threading.Thread:
    """A thread that wants to write; returns once it is in the queue."""
    before = queue.tickets

    def work() -> None:
        with queue:
            order.append(name)

    thread = threading.Thread(target=work)
    thread.start()
    while queue.tickets == before:
        time.sleep(0)
    return thread


def test_writes_are_first_come_first_served() -> None:
    queue, order = WriteQueue(), list[str]()
    names = [f"pretend {number}" for number in range(20)]
    with queue:
        threads = [queued(queue, order, name) for name in names]
        assert order == []
    for thread in threads:
        thread.join(60)
    assert order == names


def test_a_failed_write_lets_the_next_one_in() -> None:
    queue = WriteQueue()
    with suppress(ValueError), queue:
        raise ValueError
    with queue:
        assert queue.served == 1
