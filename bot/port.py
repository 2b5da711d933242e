"""The port between the core and every platform, and the clock. Protocols only; nothing here does anything.

Outward the core calls a `Platform`. Inward an adapter speaks to the `Ear` it was given, and a place that has pages of
its own reads the `Board`. An adapter translates: it does not retry, schedule, moderate or store.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Protocol

import msgspec

from bot.messages import AnyEvent, Asked, Heard, Post, Receipt, Sheet


class Clock(Protocol):
    """The only thing that knows what time it is."""

    @property
    def speed(self) -> float:
        """How many seconds of this clock pass in one second of the wall's. 1 except in a rehearsal."""

    def now(self) -> datetime:
        """This instant, UTC."""

    async def sleep_until(self, at: datetime) -> None:
        """Come back when this clock reads `at` or later; at once if it does already."""


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform can and cannot do, declared so that the core never asks which platform it is.

    `limit` is the longest text in the platform's own measure; `timeout` and `visible_after` are in wall seconds: how
    long a send may take, and how long after it a post may still be invisible to `find`. `idempotent` says that sending
    the same nonce twice is harmless however late. `followers` says that authors carry follower counts.
    """

    platform: str
    limit: int
    measure: Callable[[str], int] = len
    timeout: float = 10.0
    visible_after: float = 0.0
    idempotent: bool = False
    followers: bool = False


class Ear(Protocol):
    """Where an adapter tells what it heard."""

    async def hear(self, event: AnyEvent, position: str | None = None) -> None:
        """Return once the event is stored, together with the reading position. A second hearing changes nothing.

        Raises StoreError if it could not be stored; the adapter then says so to whoever is waiting.
        """

    async def position(self, place: str) -> str | None:
        """Where reading stopped, as last given to `hear`; None at the very first start."""


class Board(Protocol):
    """What a place with pages of its own may show: the chats, and a chat's conversation as it stands."""

    async def sheets(self) -> list[Sheet]:
        """Every chat known, by start."""

    async def sheet(self, chat: str) -> Sheet | None:
        """One chat, or None."""

    async def asked(self, chat: str) -> list[Asked]:
        """The bot's posts that are out, in order; what `place` has not got is not here."""

    async def heard(
        self, chat: str, *, question: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[Heard]:
        """The newest `limit` messages, oldest first; of one question, or older than `before`, where given."""

    async def counts(self, chat: str) -> dict[str, int]:
        """How many messages stand under each question."""

    async def find(self, place: str, id: str) -> Heard | None:
        """One message as it stands, or None if there is none or it is gone."""

    def changes(self, chat: str) -> AsyncIterator[str]:
        """One wake-up after each change to the chat, as the name of what changed: `asked`, `heard` or `state`.

        Wake-ups are joined while the reader is busy; the reader reads again what it shows.
        """


class Platform(Protocol):
    """One adapter, for one place."""

    @property
    def traits(self) -> Traits:
        """What this platform can do."""

    async def open(self) -> None:
        """Connect, and begin to tell the Ear what is heard. Raises PlatformError (permanent if settings are wrong)."""

    async def send(self, post: Post) -> Receipt:
        """Say it, once; the caller sets the time limit. Raises PlatformError, which carries what to do next."""

    async def find(self, post: Post) -> Receipt | None:
        """Look whether this post is on the platform already. Raises PlatformError if it cannot be looked up."""

    async def close(self) -> None:
        """Stop, whatever is under way. May be called twice, and before `open`."""
