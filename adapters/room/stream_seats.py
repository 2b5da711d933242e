"""Seats for live updates: exact limits for each address and in all, and who makes way for whom.

At a full address, such as a hospital's, the browser with the most streams gives one up for a browser with fewer; then
somebody who only reads gives theirs up for somebody who has joined. Whoever gets none still has the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

MAX_WATCHERS, MAX_PER_ADDRESS = 2000, 50


class TooManyWatchers(Exception):  # noqa: N818 - an outcome, not a failure
    """There is no capacity for another stream."""


class Reader(NamedTuple):
    """A reader who asks for a stream. `visitor` is their browser's session, empty if it has none."""

    address: str
    visitor: str
    is_known: bool = False


class Seat:
    """One reader's stream. `give_up` ends it; the stream sets it once it has begun."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.is_taken_back = False
        self.give_up: Callable[[], None] = lambda: None


class StreamSeats:
    """The seats that are taken, oldest first. `most` in all."""

    def __init__(self, most: int = MAX_WATCHERS, per_address: int = MAX_PER_ADDRESS) -> None:
        self._most, self._per_address = most, per_address
        self._taken: dict[str, list[Seat]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._taken.values()))

    @contextmanager
    def seat(self, reader: Reader) -> Iterator[Seat]:
        """A seat for the time of the block. Raises TooManyWatchers."""
        taken = self._take(reader)
        try:
            yield taken
        finally:
            self._free(taken)

    def _take(self, reader: Reader) -> Seat:
        theirs = self._taken.get(reader.address, [])
        if len(theirs) >= self._per_address:
            self._take_back(_gives_way(theirs, reader))
        if len(self) >= self._most:
            largest = max(self._taken.values(), key=len)
            fairer = len(largest) > len(self._taken.get(reader.address, [])) + 1
            self._take_back(_of_the_largest(largest)[0] if fairer else None)
        seat = Seat(reader)
        self._taken.setdefault(reader.address, []).append(seat)
        return seat

    def _take_back(self, seat: Seat | None) -> None:
        if seat is None:
            raise TooManyWatchers
        self._free(seat)
        seat.is_taken_back = True
        seat.give_up()

    def _free(self, seat: Seat) -> None:
        theirs = self._taken.get(seat.reader.address, [])
        if seat in theirs:
            theirs.remove(seat)
            if not theirs:
                del self._taken[seat.reader.address]


def _gives_way(taken: list[Seat], reader: Reader) -> Seat | None:
    """The seat at a full address that a reader gets, if any: the same people asking again and again get none."""
    largest = _of_the_largest(taken)
    if len(largest) > sum(one.reader.visitor == reader.visitor for one in taken) + 1:
        return largest[0]
    return next((one for one in taken if reader.is_known and not one.reader.is_known), None)


def _of_the_largest(taken: list[Seat]) -> list[Seat]:
    """The seats of the browser that has the most, oldest first."""
    most = Counter(one.reader.visitor for one in taken).most_common(1)[0][0]
    return [one for one in taken if one.reader.visitor == most]
