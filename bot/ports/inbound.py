"""The way in: what an adapter is given, and the `Listener` that it tells what happened and what that cost.

Values and a protocol only.
"""

from __future__ import annotations

from typing import Protocol

from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import AnyEvent, Time, Value
from bot.ports.commands import CommandPort
from bot.ports.views import ConversationView


class Charge(Value, frozen=True, kw_only=True):
    """What a call cost: `micros` are millionths of a US dollar.

    `what` is the platform's own word for it ("post read"), `resource` what was paid for: where a platform charges for
    the same thing once a day, a second charge for it on the same day counts nothing.
    """

    what: str
    resource: str
    micros: int
    at: Time
    chat: str | None = None


class Listener(Protocol):
    """Where an adapter tells what it heard, what that cost, and how its connection is. One for each place."""

    async def hear(self, event: AnyEvent) -> None:
        """Return once the event is stored, with how far was read. A second hearing changes nothing.

        Raises StoreError if it could not be stored; the adapter then says so to whoever is waiting.
        """

    async def paid(self, *charges: Charge) -> None:
        """Return once the charges are in the ledger. What cannot be written now is kept and written later."""

    def up(self, account: str = "") -> None:
        """Whatever happens from now on is heard. What happened before is read again, from where hearing stopped.

        `account` is the id there of our own account, where it has one.
        """

    def down(self, error: PlatformError) -> None:
        """Nothing is heard until `up`, and why."""


class AdapterContext(Value, frozen=True, kw_only=True):
    """All that the core gives to an adapter.

    `place` is the adapter's name in the settings. `secret` is a random key of this installation, for an adapter that
    has to sign something.
    """

    place: str
    clock: Clock
    listener: Listener
    conversation: ConversationView
    commands: CommandPort
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"AdapterContext(place={self.place!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """The same for rich."""
        return [("place", self.place)]
