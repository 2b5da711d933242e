"""What every handler of the room needs, handed over once. It holds and does nothing."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.room.last_answers import LastAnswers
from adapters.room.live_updates import LiveUpdates
from adapters.room.private_links import PrivateLinks
from adapters.room.rate_limits import RateLimits
from adapters.room.render import Renderer
from adapters.room.sessions import Sessions
from bot.clock import Clock
from bot.ports.commands import CommandPort
from bot.ports.inbound import Listener
from bot.ports.views import ConversationView


@dataclass(frozen=True, kw_only=True)
class AppContext:
    """The ports and the room's own parts. `origin` is the public scheme and host, or empty."""

    place: str
    clock: Clock
    listener: Listener
    conversation: ConversationView
    commands: CommandPort
    people: Sessions
    keys: PrivateLinks
    receipts: LastAnswers
    pace: RateLimits
    streams: LiveUpdates
    renderer: Renderer
    longest: int
    origin: str
