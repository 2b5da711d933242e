"""The room's open connections: how many there may be, in all and from one address, and which one makes way for another.

One that waits for its client makes way: for a request, for the rest of one, or for an answer to be read. Whoever holds
many of these keeps nobody out, and a browser whose idle one is closed opens another. Counts only; the protocol is in
`http_server`.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import NamedTuple, Protocol

if sys.platform != "win32":
    import resource

PER_ADDRESS = 500
"""Connections from one address, which a hospital's people may share; half of all where that is less."""
BACKLOG = 128
"""Connections that may be accepted in one turn, before any of them is counted."""

_MOST = 4000
_FOR_OTHERS = 128
"""Files for the store, the platforms and the log."""
_LEAST = 32
_BOUNDLESS = 2**20
_WINDOWS = 512
"""Files that a process on Windows may open."""


class OpenFiles(NamedTuple):
    """How many files this process may open: now, and when it has raised its limit."""

    now: int
    at_most: int

    @property
    def visitors(self) -> int:
        """The connections that the room takes within `now`."""
        return max(_LEAST, min(_MOST, self.now - BACKLOG - _FOR_OTHERS))


def open_files(*, raised: bool = False) -> OpenFiles:
    """The limit of this process. With `raised` it is set as high as the system allows, up to what is of use."""
    if sys.platform == "win32":
        return OpenFiles(_WINDOWS, _WINDOWS)
    soft, hard = (_bounded(one) for one in resource.getrlimit(resource.RLIMIT_NOFILE))
    useful = min(hard, _MOST + BACKLOG + _FOR_OTHERS)
    if raised and soft < useful:
        with suppress(OSError, ValueError):  # where it is forbidden, the limit stays
            resource.setrlimit(resource.RLIMIT_NOFILE, (useful, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
            soft = useful
    return OpenFiles(soft, max(soft, useful))


def _bounded(limit: int) -> int:
    """A limit; a large number instead of the one that stands for none."""
    return limit if 0 <= limit < _BOUNDLESS else _BOUNDLESS


class Connection(Protocol):
    """An open connection."""

    @property
    def waits(self) -> bool:
        """Whether it waits for its client."""

    def drop(self) -> None:
        """Close it now."""


class Connections:
    """Admits connections up to `most` in all and `per_address` from one address, and knows them until `forget`."""

    def __init__(self, most: int, per_address: int) -> None:
        self._most, self._per_address = most, per_address
        self._count = 0
        self._open: dict[str, dict[Connection, None]] = {}

    def __len__(self) -> int:
        return self._count

    def admit(self, connection: Connection, address: str) -> bool:
        """Whether there is room for a connection. Where there is none, one that waits, of the same address, makes way.

        Where all addresses together hold too many, one makes way of the address that holds the most.
        """
        mine = self._open.get(address, {})
        if len(mine) >= self._per_address and not self._make_way(address):
            return False
        if self._count >= self._most:
            largest = max(self._open, key=lambda one: len(self._open[one]))
            if len(self._open[largest]) <= len(mine) or not self._make_way(largest):
                return False
        self._open.setdefault(address, {})[connection] = None
        self._count += 1
        return True

    def forget(self, connection: Connection, address: str) -> None:
        """A connection was closed. Harmless for one that was not admitted."""
        theirs = self._open.get(address)
        if theirs is not None and connection in theirs:
            del theirs[connection]
            self._count -= 1
            if not theirs:
                del self._open[address]

    def _make_way(self, address: str) -> bool:
        """Close the oldest connection of an address that waits, if there is one."""
        waiting = next((one for one in self._open[address] if one.waits), None)
        if waiting is None:
            return False
        self.forget(waiting, address)
        waiting.drop()
        return True
