"""The way in: what an adapter gets from the core, and the `Listener` to which it reports events and their cost.

Values and a protocol only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import AnyEvent, Time, Value
from bot.ports.archive import Archive, NoArchive
from bot.ports.commands import CommandPort
from bot.ports.community import Community
from bot.ports.health import HealthCheck, MetricsPage, unmeasured, unwatched
from bot.ports.kept_texts import KeptTexts, NothingKept
from bot.ports.team import TeamPort
from bot.ports.views import ConversationView


class Charge(Value, frozen=True, kw_only=True):
    """The cost of a call: `micros` are millionths of a US dollar.

    `what` is the platform's own word for it ("post read"), `resource` the id of what was paid for: if a platform
    charges for a resource once a day, a second charge on the same day counts nothing.
    """

    what: str
    resource: str
    micros: int
    at: Time
    chat: str | None = None


class Listener(Protocol):
    """Receives events, costs and the state of the connection from an adapter. One for each place."""

    async def hear(self, event: AnyEvent) -> None:
        """Return once the event is stored, with the reading position. The same event again changes nothing.

        Raises StoreError if it could not be stored; the adapter then tells the person who waits.
        """

    async def paid(self, *charges: Charge) -> None:
        """Return once the charges are in the ledger. If the store is unreachable they are kept and written later."""

    def up(self, account: str = "") -> None:
        """The connection is up: events arrive from now on. What happened while it was down is read again.

        `account` is the id of our own account on the platform, if it has one.
        """

    def concern(self, what: str, text: str, chat: str | None = None) -> None:
        """Tell host and operator of something that did not work although no call failed, and what to do.

        They are told once for each chat and `what`, a short constant name. `text` has no participant's words.
        """

    def settled(self, what: str) -> None:
        """A concern about the whole place is over. If it comes again, it counts as new."""

    def down(self, error: PlatformError) -> None:
        """The connection is down, with the reason: no events arrive until `up`. Posts may still go out."""

    def may_post(self, error: PlatformError | None) -> None:
        """The platform allows posts, or (with the error) it doesn't.

        An adapter checks when the platform says that something has changed. If posts are allowed, a lost place is
        opened again at once; a refusal counts even before the next post is due.
        """


class AdapterContext(Value, frozen=True, kw_only=True):
    """All that the core gives to an adapter.

    `place` is the adapter's name in the settings. `secret` is a random key of this installation, for an adapter that
    signs something. `trouble` says why the store does not answer just now; None if it does. `archive` has the pages of
    published chats. `community` is who runs the chats. `health` and `metrics` are those of the whole bot, for
    monitoring. `team` plans chats; None where nobody does, as in a rehearsal. `calendar_host` ends the UIDs in the
    place's calendar files. `kept_texts` are the forms that are half written.
    """

    place: str
    clock: Clock
    listener: Listener
    conversation: ConversationView
    commands: CommandPort
    secret: str
    trouble: Callable[[], str | None] = lambda: None
    community: Community = Community()
    health: HealthCheck = unwatched
    resembles: Callable[[str, Collection[str]], None] = lambda _id, _accounts: None
    metrics: MetricsPage = unmeasured
    team: TeamPort | None = None
    archive: Archive = NoArchive()
    calendar_host: str = ""
    kept_texts: KeptTexts = NothingKept()

    def __repr__(self) -> str:
        """Without the secret."""
        return f"AdapterContext(place={self.place!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """The same for rich."""
        return [("place", self.place)]
