"""Whoever came first writes first, and a write that fails gives its turn up."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from bot.store.write_queue import WriteQueue


def asks(turns: WriteQueue, order: list[str], name: str) -> threading.Thread:
    """A thread that wants a turn; returns once it stands in the queue."""
    before = turns.given

    def work() -> None:
        with turns:
            order.append(name)

    thread = threading.Thread(target=work)
    thread.start()
    while turns.given == before:
        time.sleep(0)
    return thread


def test_whoever_came_first_goes_first() -> None:
    turns, order = WriteQueue(), list[str]()
    names = [f"pretend {number}" for number in range(20)]
    with turns:
        threads = [asks(turns, order, name) for name in names]
        assert order == []
    for thread in threads:
        thread.join(60)
    assert order == names


def test_a_write_that_fails_gives_its_turn_up() -> None:
    turns = WriteQueue()
    with suppress(ValueError), turns:
        raise ValueError
    with turns:
        assert turns.over == 1
