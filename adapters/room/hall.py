"""What every handler of the room needs, handed over once. It holds and does nothing."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.room.pace import Pace
from adapters.room.people import People
from adapters.room.render import Renderer
from adapters.room.stream import Streams
from bot.port import Board, Clock, Ear


@dataclass(frozen=True, kw_only=True)
class Hall:
    """The ports and the room's own parts. `origin` is the public scheme and host, or empty."""

    place: str
    clock: Clock
    ear: Ear
    board: Board
    people: People
    pace: Pace
    streams: Streams
    renderer: Renderer
    longest: int
    origin: str
