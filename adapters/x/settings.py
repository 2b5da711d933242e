"""The settings of one X account, and its traits. Nothing here connects."""

from __future__ import annotations

from typing import Any

from adapters.kit.connection import Network
from adapters.x.counting import links_in, weight
from adapters.x.prices import DIRECT_READ, OWN_READ, POST_READ, USER_READ, post_price
from bot.messages import Value
from bot.ports.platform import Budget, Costs, Delivery, Features, Source, TextRules, Traits

SEARCH_REACH = 7 * 86400.0 - 300.0
"""Seconds that the recent search looks back: seven days, and a little less so that no request comes too late."""

_DIRECT_EVERY = 75.0
"""Seconds between two looks for direct messages: X allows 15 in 15 minutes, and some are for further pages."""

_DIRECT_PAGE = (1, 5)
"""Direct messages in one answer. X can't be asked for new ones only, and each costs a cent once a day."""

_QUOTES_EVERY = 150.0
"""Seconds between two looks for quotes: X allows 75 calls in 15 minutes, and each of our posts takes one."""

_GRACE = 1.0
"""Seconds that the core waits beyond our own time limit, so that it learns whether the request had left."""


class Credentials(Value, frozen=True, kw_only=True):
    """OAuth 1.0a's four keys under tweepy's names, or an OAuth 2.0 `user_token`, which is used instead if given."""

    consumer_key: str = ""
    consumer_secret: str = ""
    access_token: str = ""
    access_token_secret: str = ""
    user_token: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the settings that X requires."""
        keys = {
            "consumer_key": self.consumer_key,
            "consumer_secret": self.consumer_secret,
            "access_token": self.access_token,
            "access_token_secret": self.access_token_secret,
        }
        return () if self.user_token else tuple(name for name, value in keys.items() if not value)

    def __repr__(self) -> str:
        """Without any of them."""
        return "Credentials(...)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """The same for rich."""
        return []


class XNetwork(Network, frozen=True, kw_only=True):
    """How X is reached."""

    api_url: str = "https://api.x.com"
    visible_after: float = 15.0


class Caps(Value, frozen=True, kw_only=True):
    """Spending limits, in millionths of a US dollar; names are bought while a chat has cost less than `names_up_to`."""

    per_chat: int = 2_000_000
    per_month: int = 20_000_000
    names_up_to: int = 550_000


class PostRules(Value, frozen=True, kw_only=True):
    """Whether a long text `splits` into a thread, and how many posts of a chat may have a link (None: any number)."""

    splits: bool = True
    most_links: int | None = 1


class Polling(Value, frozen=True, kw_only=True):
    """The interval between two readings of a source, in wall seconds."""

    mentions_every: float = 10.0
    search_every: float = 60.0


class Extras(Value, frozen=True, kw_only=True):
    """Optional parts of a chat on X.

    `hide`: replies may be hidden; `quotes`: search for quotes of our own posts; `direct`: read and answer direct
    messages; `followers` and `views`: ask X for these numbers as well.
    """

    hide: bool = True
    quotes: bool = True
    direct: bool = False
    followers: bool = False
    views: bool = False


class XSettings(Value, frozen=True, kw_only=True):
    """One account of X."""

    handle: str = ""
    credentials: Credentials = Credentials()
    network: XNetwork = XNetwork()
    caps: Caps = Caps()
    posts: PostRules = PostRules()
    polling: Polling = Polling()
    extras: Extras = Extras()

    def __repr__(self) -> str:
        """The handle only."""
        return f"XSettings(handle={self.handle!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The same for rich."""
        return [("handle", self.handle)]


def traits_of(settings: XSettings) -> Traits:
    """The traits of this account: it has a budget and has to be polled.

    It is never `private`: a bot may answer a direct message, but not write one unasked.
    """
    return Traits(
        platform="x",
        called="X",
        text=TextRules(
            limit=280,
            length=weight,
            splits=settings.posts.splits,
            links=links_in,
            most_links=settings.posts.most_links,
            unrepeated=True,
        ),
        delivery=Delivery(timeout=settings.network.timeout + _GRACE, visible_after=settings.network.visible_after),
        features=Features(
            actions=frozenset({"hide", "show"}) if settings.extras.hide else frozenset(),
            receipts=True,
            followers=settings.extras.followers,
            nameless=True,
        ),
        costs=Costs(
            budget=Budget(
                chat=settings.caps.per_chat,
                month=settings.caps.per_month,
                names=settings.caps.names_up_to,
                name=USER_READ,
                look=POST_READ,
            ),
            price=post_price,
        ),
        sources=_sources(settings.polling, settings.extras),
    )


def _sources(polling: Polling, extras: Extras) -> tuple[Source, ...]:
    """The lists of posts and messages that are read, with their prices and shares of the budget."""
    mentions = Source(
        name="mentions",
        every=polling.mentions_every,
        overlap=30.0,
        micros=OWN_READ,
        page=(5, 100),
        share=0.9,
    )
    search = Source(
        name="search",
        every=polling.search_every,
        overlap=60.0,
        reach=SEARCH_REACH,
        by_chat=True,
        micros=POST_READ,
        page=(10, 100),
        share=0.1,
    )
    quotes = Source(
        name="quotes",
        every=max(_QUOTES_EVERY, polling.search_every),
        overlap=60.0,
        by_chat=True,
        own=True,
        micros=POST_READ,
        page=(10, 100),
        share=0.05,
    )
    messages = Source(
        name="messages",
        private=True,
        every=_DIRECT_EVERY,
        overlap=30.0,
        reach=SEARCH_REACH,
        micros=DIRECT_READ,
        page=_DIRECT_PAGE,
    )
    return mentions, search, *([quotes] if extras.quotes else []), *([messages] if extras.direct else [])
