"""The settings of the room, and its traits. Nothing is opened here."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from bot.errors import SetupError
from bot.messages import Value
from bot.ports.platform import Delivery, Features, TextRules, Traits
from bot.translation import pending

TRAITS = Traits(
    platform="room",
    called=pending("the web room"),
    text=TextRules(limit=2000),
    delivery=Delivery(timeout=5.0, idempotent=True),
    features=Features(edits=True, own_pages=True),
)


def traits_of(public_url: str) -> Traits:
    """The traits of a room with this public address, or with none."""
    return msgspec.structs.replace(TRAITS, address=public_url.rstrip("/"))


class RoomSettings(Value, frozen=True, kw_only=True):
    """The settings of one room.

    `public_url` is its public address, without a path (empty: the address it listens on). `secret` signs cookies and
    forms; empty: a new one at each start, so that everybody has to join again. `behind_proxy`: a proxy on a private
    network is trusted to name the client's address. `per_person` and `per_address` are rates as the `limits` library
    writes them ("12/minute"). `longest` is the longest message in characters. `metrics_token` opens `/metrics`; empty:
    programs on this machine may read it.
    """

    host: str
    port: int
    public_url: str
    secret: str
    behind_proxy: bool
    per_person: str
    per_address: str
    longest: int
    metrics_token: str = ""

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
