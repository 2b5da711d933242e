"""What every handler of the room needs, handed over once. It holds and does nothing."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.room.last_answers import Receipts
from adapters.room.live_updates import Streams
from adapters.room.private_links import Keys
from adapters.room.rate_limits import Pace
from adapters.room.render import Renderer
from adapters.room.sessions import People
from bot.ports.commands import Desk
from bot.ports.platform import Board, Clock, Ear


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
