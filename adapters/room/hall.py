"""What every handler of the room needs, handed over once. It holds and does nothing."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.room.keys import Keys
from adapters.room.pace import Pace
from adapters.room.people import People
from adapters.room.receipts import Receipts
from adapters.room.render import Renderer
from adapters.room.stream import Streams
from bot.desk import Desk
from bot.port import Board, Clock, Ear


@dataclass(frozen=True, kw_only=True)
class Hall:
    """The ports and the room's own parts. `origin` is the public scheme and host, or empty."""

    place: str
    clock: Clock
    ear: Ear
    board: Board
    desk: Desk
    people: People
    keys: Keys
    receipts: Receipts
    pace: Pace
    streams: Streams
    renderer: Renderer
    longest: int
    origin: str
