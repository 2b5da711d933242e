"""Starts and kills a process again and again, and finds a free port for it. Nothing is checked."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(script: Path, *arguments: Path | str) -> Iterator[tuple[IO[str], IO[str]]]:
    process = subprocess.Popen(  # noqa: S603 -- our own script
        [sys.executable, str(script), *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    try:
        yield process.stdin, process.stdout
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def start(orders: IO[str], answers: IO[str]) -> int:
    """Start the bot; the one before it must be dead. Returns the process id."""
    orders.write("start\n")
    orders.flush()
    return int(answers.readline())


def stop(orders: IO[str], answers: IO[str]) -> None:
    """Kill the running bot."""
    orders.write("stop\n")
    orders.flush()
    answers.readline()
