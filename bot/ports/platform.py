"""The way out: what the core asks of a platform, and what a platform says it can do. Protocols and values only.

An adapter implements `Platform`. It translates; it does not retry, schedule, moderate or store. A platform that has to
be polled declares its `sources`; the core decides when to read them and how much may be spent on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal, Protocol

import msgspec

from bot.messages import ActionKind, AnyEvent, Author, Edited, Post, Receipt, Time, Value


class ReadRequest(Value, frozen=True, kw_only=True):
    """A request for messages of one source: all since `since`, in pages of at most `limit` messages.

    `hashtag` is the chat's; `posts` are the ids of the bot's own posts in it; `more` continues where a page ended.
    """

    source: str
    since: Time
    limit: int
    chat: str | None = None
    hashtag: str = ""
    posts: tuple[str, ...] = ()
    more: str | None = None


class Diagnosis(Value, frozen=True, kw_only=True):
    """One finding of a diagnosis: `ok`, a possible problem (`doubt`), or one that stops the chat there (`wrong`)."""

    level: Literal["ok", "doubt", "wrong"]
    text: str
    remedy: str = ""


class ReadCount(Value, frozen=True, kw_only=True):
    """A platform's own count of the messages that it charged for, by day of UTC; `kinds` are the charges it means."""

    kinds: tuple[str, ...]
    by_day: dict[date, int]


class Page(Value, frozen=True, kw_only=True):
    """The result of one call: events in any order, and a token for the next page if there is `more`."""

    events: tuple[AnyEvent, ...] = ()
    more: str | None = None


class CurrentMessages(Value, frozen=True, kw_only=True):
    """The state of some messages: those that are `there`, with their `edits`, those `deleted`, and those `withheld`.

    A platform withholds a message whose author is suspended or protected; it may come back later. If an id is in none
    of these, the platform said nothing about it.
    """

    there: tuple[str, ...] = ()
    edits: tuple[Edited, ...] = ()
    deleted: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


class Source(Value, frozen=True, kw_only=True):
    """A list of messages on a platform that can be read again, so the core polls it.

    Times are in wall seconds. `every` is the interval between readings while a chat is open; None: read it only after a
    gap. `overlap` is the time that two readings share, because platforms show messages late. `reach` is how far back
    the platform can read. `by_chat`: each chat is read by itself. `own`: it is about the bot's own posts, so each of
    the bot's accounts reads its own. `private`: its messages go to the bot alone; they are commands, and are not
    recorded. `micros` is the price of a message, `page` the fewest and the most messages in one response. `share` is
    the part of a chat's answers that usually costs money here, for the estimate.
    """

    name: str
    every: float | None = None
    overlap: float = 10.0
    reach: float = 7 * 86400.0
    by_chat: bool = False
    own: bool = False
    private: bool = False
    micros: int = 0
    page: tuple[int, int] = (1, 100)
    share: float = 0.0


class Budget(Value, frozen=True, kw_only=True):
    """The spending limits of a place, in millionths of a US dollar: for each chat, and for a month of UTC.

    Names cost extra; they are looked up only while a chat has cost less than `names`. `name` is the price of a name,
    `look` the price of checking whether a message still exists.
    """

    chat: int
    month: int
    names: int = 0
    name: int = 0
    look: int = 0

    def names_left(self, *, chat: int, month: int) -> int:
        """The number of names that may still be looked up after `chat` and `month` were spent."""
        if not self.name:
            return 0
        left = min(self.names - chat, self.chat - chat, self.month - month)
        return max(left // self.name, 0)


class TextRules(msgspec.Struct, frozen=True, kw_only=True):
    """Limits to a post's text: at most `limit`, counted by `length`; a longer one is split, or refused unless `splits`.

    `links` finds what the platform counts as links; at most `most_links` posts of a chat may have one (None: any
    number). `unrepeated`: it refuses a text that it has seen before, and objects to one text from two accounts.
    """

    limit: int
    length: Callable[[str], int] = len
    splits: bool = True
    links: Callable[[str], Sequence[str]] = lambda _: ()
    most_links: int | None = None
    unrepeated: bool = False


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Timing of a send, in wall seconds: the `timeout`, and for how long after it `find` may not see the post yet.

    `idempotent`: sending the same nonce twice is harmless, however late.
    """

    timeout: float = 10.0
    visible_after: float = 0.0
    idempotent: bool = False


class Features(msgspec.Struct, frozen=True, kw_only=True):
    """The abilities of a platform besides posting.

    `actions` are the kinds of PlatformAction it can take. The bot can change its own posts (`edits`), write to one
    person (`private`), enter chats in a `calendar`, and answer a command with a post (`receipts`). Authors have counts
    of `followers`, or are `nameless`: their handles must be looked up. `own_pages` show exactly what the
    ConversationView shows.
    """

    actions: frozenset[ActionKind] = frozenset()
    edits: bool = False
    private: bool = False
    calendar: bool = False
    receipts: bool = False
    followers: bool = False
    nameless: bool = False
    own_pages: bool = False


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """Costs: the `budget`, None without a limit, and the `price` of posting a text, in millionths of a US dollar.

    `price` is None where posting is free.
    """

    budget: Budget | None = None
    price: Callable[[str], int] | None = None


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """The abilities and limits of a platform, declared so that the core never asks which platform it is.

    `platform` is its name in settings and records; `called` is its name for people. `address` is the public address of
    its own pages, if it has any: a chat's page is below it. It has no slash at its end. `connection` names the
    connection that brings the events, if places share one; one process has it and listens to all of them. Empty: a
    connection of its own.
    """

    platform: str
    called: str = ""
    address: str = ""
    connection: str = ""
    text: TextRules
    delivery: Delivery = Delivery()
    features: Features = Features()
    costs: Costs = Costs()
    sources: tuple[Source, ...] = ()


class Platform(Protocol):
    """A platform's adapter, for one place."""

    @property
    def traits(self) -> Traits:
        """The platform's abilities and limits, the same for as long as the adapter lives."""

    async def open(self) -> None:
        """Connect, and begin to report events to the Listener. May be called again after it failed.

        Raises PlatformError, `lost` if a person has to fix something first; SetupError if this machine is the reason.
        """

    async def listen(self, *, wanted: bool) -> None:
        """Start or stop reporting events, now and after each `open`; at first they are wanted.

        While stopped, another process reports them; calls still go out. Never raises; the Listener hears of failures.
        """

    async def send(self, post: Post) -> Receipt:
        """Post it once; the caller sets the time limit. Raises PlatformError, which says what to do next."""

    async def find(self, post: Post) -> Receipt | None:
        """Look whether this post is already on the platform. Raises PlatformError if that can't be determined."""

    async def read(self, reading: ReadRequest) -> Page:
        """Read one page from a source in the traits; the platform decides which page comes first.

        Raises PlatformError. Never called on a platform without sources.
        """

    async def find_names(self, ids: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Look up the names of at most 100 accounts; unknown ones are left out. Raises PlatformError.

        The cost is charged to `chat`. Never called on a platform whose events have names.
        """

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Look up the accounts of at most 100 handles, each with its `@`; unknown ones are left out.

        Raises PlatformError. The cost is charged to `chat`. Only called on a `nameless` platform.
        """

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        """Return those of at most 100 messages that others can no longer see. Raises PlatformError.

        `chat` bears the cost. Never called on a platform without sources.
        """

    async def find_current(self, ids: Sequence[str], chat: str) -> CurrentMessages:
        """Look up the present state of at most 100 messages. Raises PlatformError.

        `chat` bears the cost. Never called on a platform without sources.
        """

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Test the account and its permissions with calls that change nothing. Needs no `open`; never raises."""

    async def count_reads(self, days: int) -> ReadCount:
        """The platform's own count of what it charged for reads in the last `days`. Needs no `open`.

        Raises PlatformError if it doesn't say. Only called on a platform with a budget.
        """

    async def close(self) -> None:
        """Cancel running calls and disconnect. May be called twice, and before `open`."""
