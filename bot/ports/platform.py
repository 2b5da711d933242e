"""The port between the core and every platform, and the clock. Protocols only; nothing here does anything.

Outward the core calls a `Platform`. Inward an adapter speaks to the `Ear` it was given, and a place that has pages of
its own reads the `Board`. An adapter translates: it does not retry, schedule, moderate or store. A platform that must
be asked for what is new declares its `sources`; when to ask, and how much may be spent on it, is the core's business.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from bot.errors import PlatformError
from bot.messages import ActionKind, AnyEvent, Author, Post, Receipt, Time, Value
from bot.ports.views import ChatView, MessageView, PostView


class Clock(Protocol):
    """The only thing that knows what time it is."""

    @property
    def speed(self) -> float:
        """How many seconds of this clock pass in one second of the wall's. 1 except in a rehearsal."""

    def now(self) -> datetime:
        """This instant, UTC."""

    async def sleep_until(self, at: datetime) -> None:
        """Come back when this clock reads `at` or later; at once if it does already."""


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


class ReadRequest(Value, frozen=True, kw_only=True):
    """What to read from one of a platform's sources: all since `since`, in pages of at most `limit` messages.

    `hashtag` is the chat's; `asked` are the ids of the bot's own posts in it; `more` continues where a page ended.
    """

    source: str
    since: Time
    limit: int
    chat: str | None = None
    hashtag: str = ""
    asked: tuple[str, ...] = ()
    more: str | None = None


class Diagnosis(Value, frozen=True, kw_only=True):
    """What an examination found: `ok`, something to look at (`doubt`), or something that will not work (`wrong`)."""

    level: Literal["ok", "doubt", "wrong"]
    text: str
    remedy: str = ""


class Page(Value, frozen=True, kw_only=True):
    """What one call read: events in any order, and how to go on where there is `more`."""

    events: tuple[AnyEvent, ...] = ()
    more: str | None = None


class Source(Value, frozen=True, kw_only=True):
    """Somewhere on a platform that can be read again, and so must be asked.

    `every` is how many wall seconds lie between two readings while a chat is open; None: only after a gap. `overlap` is
    how far back each reading goes again, in wall seconds, because platforms show messages late. `reach` is how far back
    it can be read at all. Each chat is asked for by itself where `by_chat`. What is said in a `private` one is for the
    bot alone: commands, and nothing for the record. `micros` is the price of a message, and `page` the fewest and the
    most messages in one answer.
    """

    name: str
    every: float | None = None
    overlap: float = 10.0
    reach: float = 7 * 86400.0
    by_chat: bool = False
    private: bool = False
    micros: int = 0
    page: tuple[int, int] = (1, 100)


class Budget(Value, frozen=True, kw_only=True):
    """What may be spent on a place, in millionths of a US dollar: for each chat, and in a month of UTC.

    Names cost extra; they are asked for while a chat has cost less than `names`. `name` is the price of one, and `look`
    of asking whether a message is still there.
    """

    chat: int
    month: int
    names: int = 0
    name: int = 0
    look: int = 0


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform can and cannot do, declared so that the core never asks which platform it is.

    `called` is what people call it. `limit` is the longest text in the platform's own `measure`; a longer one is split,
    or refused where it does not `splits`. `links` finds what the platform takes for a link; at most `most_links` posts
    of a chat may have one (None: any number). `timeout` and `visible_after` are in wall seconds: how long a send may
    take, and how long after it a post may still be invisible to `find`. `idempotent` says that sending the same nonce
    twice is harmless however late. `unrepeated` says that it refuses a text it has had before, and minds the same text
    from two accounts. `followers` says that authors carry follower counts, `receipts` that whoever calls the bot is
    answered by a post, `calendar` that chats are entered there. `ours` says that its pages show just what the Board
    does. `edits` says that the bot can change its own posts, `private` that it can write to one person alone,
    `nameless` that authors come without handles, so that a handle has to be sought before somebody is known by it.
    `deeds` are the measures that can be taken. `price` tells what a text costs to post, in millionths of a US
    dollar; None where it is free.
    """

    platform: str
    called: str = ""
    limit: int
    measure: Callable[[str], int] = len
    splits: bool = True
    links: Callable[[str], Sequence[str]] = lambda _: ()
    most_links: int | None = None
    timeout: float = 10.0
    visible_after: float = 0.0
    idempotent: bool = False
    unrepeated: bool = False
    followers: bool = False
    receipts: bool = False
    calendar: bool = False
    ours: bool = False
    edits: bool = False
    private: bool = False
    nameless: bool = False
    action_kinds: frozenset[ActionKind] = frozenset()
    sources: tuple[Source, ...] = ()
    budget: Budget | None = None
    price: Callable[[str], int] | None = None


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


class ConversationView(Protocol):
    """What a place with pages of its own may show: the chats, and a chat's conversation as it stands."""

    async def chat_views(self) -> list[ChatView]:
        """Every chat known, by start."""

    async def chat_view(self, chat: str) -> ChatView | None:
        """One chat, or None."""

    async def asked(self, chat: str) -> list[PostView]:
        """The bot's posts that are out, in order; what `place` has not got is not here."""

    async def heard(
        self, chat: str, *, question: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[MessageView]:
        """The newest `limit` messages, oldest first; of one question, or older than `before`, where given."""

    async def unseen(self, chat: str, author: str) -> list[MessageView]:
        """What somebody said on this place that only they are shown: it waits for a moderator, or was left out."""

    async def counts(self, chat: str) -> dict[str, int]:
        """How many messages stand under each question."""

    async def find(self, place: str, id: str) -> MessageView | None:
        """One message as it stands, or None if there is none or it is gone."""

    def changes(self, chat: str) -> AsyncIterator[str]:
        """One wake-up after each change to the chat, by what changed: `asked`, `heard`, `state` or `queue`.

        Wake-ups are joined while the reader is busy; the reader reads again what it shows.
        """


class Platform(Protocol):
    """One adapter, for one place."""

    @property
    def traits(self) -> Traits:
        """What this platform can do."""

    async def open(self) -> None:
        """Connect, and begin to tell the Ear what is heard. May be called again where it failed.

        Raises PlatformError, `lost` where somebody has to put something right first; SetupError for our own machine.
        """

    async def send(self, post: Post) -> Receipt:
        """Say it, once; the caller sets the time limit. Raises PlatformError, which carries what to do next."""

    async def find(self, post: Post) -> Receipt | None:
        """Look whether this post is on the platform already. Raises PlatformError if it cannot be looked up."""

    async def read(self, reading: ReadRequest) -> Page:
        """Read one page from a source of the traits, oldest pages last or first as the platform has it.

        Raises PlatformError. Never called on a platform without sources.
        """

    async def name(self, ids: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Ask what accounts are called, at most 100; who is not found is left out. Raises PlatformError.

        `chat` bears the cost.

        Never called on a platform whose events carry names already.
        """

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Whose handles these are, at most 100, each with its `@`; who is not found is left out. Raises PlatformError.

        `chat` bears the cost. Only called on a `nameless` platform.
        """

    async def gone(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        """Which of these messages, at most 100, are not there for others any more. Raises PlatformError.

        `chat` bears the cost.

        Never called on a platform without sources.
        """

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Try the account and its permissions with calls that change nothing. Needs no `open`; never raises."""

    async def close(self) -> None:
        """Stop, whatever is under way. May be called twice, and before `open`."""
