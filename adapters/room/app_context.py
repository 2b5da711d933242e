"""The room's settings, and all that its handlers share. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from adapters.kit.bounded import RecentMap
from adapters.room.live_updates import LiveUpdates
from adapters.room.private_links import PrivateLinks
from adapters.room.rate_limits import RateLimits
from adapters.room.render import Renderer
from adapters.room.sessions import Sessions
from bot.errors import SetupError
from bot.messages import Time, Value
from bot.ports.inbound import AdapterContext


class RoomSettings(Value, frozen=True, kw_only=True):
    """The settings of one room.

    `public_url` is its public address, without a path (empty: the address it listens on). `secret` signs cookies and
    forms; empty: a new one at each start, so that everybody has to join again. `behind_proxy`: a proxy on a private
    network is trusted to name the client's address. `per_person` and `per_address` are rates as the `limits` library
    writes them ("12/minute"). `longest` is the longest message in characters.
    """

    host: str
    port: int
    public_url: str
    secret: str
    behind_proxy: bool
    per_person: str
    per_address: str
    longest: int

    def __repr__(self) -> str:
        """Without the secret."""
        return f"RoomSettings(host={self.host!r}, port={self.port})"

    def __rich_repr__(self) -> list[tuple[str, str | int]]:
        """The same for rich."""
        return [("host", self.host), ("port", self.port)]

    @property
    def origin(self) -> str:
        """The public scheme and host, from which forms are sent; or empty."""
        return self.public_url.rstrip("/")

    @property
    def is_https(self) -> bool:
        """Whether cookies are kept to https."""
        return self.public_url.startswith("https:")

    def check(self) -> None:
        """Raises SetupError for a public address that can't work: the pages' links start at the root."""
        parts = urlsplit(self.origin)
        if parts.path or parts.query or (self.origin and parts.scheme not in {"http", "https"}):
            raise SetupError(f"public_url '{self.origin}' must read like https://chat.example.org, with no path")


class LastAnswer(Value, frozen=True):
    """The answer to a command from the host's page. `command` is what it answers; `at` is UTC.

    `confirm` is the command to send if the host is sure. `draft` is text that the host typed and that was not carried
    out; the page puts it back into the field.
    """

    text: str
    at: Time
    command: str = ""
    confirm: str | None = None
    draft: str = ""
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class AppContext:
    """What every handler needs: the ports, the settings, and the parts that keep something in memory.

    `last_answers` are by session id, so that the page fetched after a form can show the answer. A restart loses only
    these texts: the log keeps what was done.
    """

    adapter: AdapterContext
    settings: RoomSettings
    sessions: Sessions
    private_links: PrivateLinks
    rate_limits: RateLimits
    last_answers: RecentMap[str, LastAnswer]
    live_updates: LiveUpdates
    renderer: Renderer
