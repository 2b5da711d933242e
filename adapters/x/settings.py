"""The settings of one X account, and what X can do with them. Nothing here connects."""

from __future__ import annotations

from typing import Any

from twitter_text import extract_urls, parse_tweet

from adapters.x.prices import DIRECT_READ, OWN_READ, POST_READ, USER_READ, of_post
from bot.messages import Value
from bot.ports.platform import Budget, Costs, Delivery, Features, Source, TextRules, Traits

SEARCH_REACH = 7 * 86400.0 - 300.0
"""Seconds that the recent search looks back: seven days, and a little less so that no request comes too late."""

_DIRECT_EVERY = 75.0
"""Seconds between two looks for direct messages: X allows 15 in 15 minutes, and some are for further pages."""

_DIRECT_PAGE = (1, 5)
"""Direct messages in one answer. X cannot be asked for the new ones alone, and each costs a cent once a day."""

_GRACE = 1.0
"""Seconds that the core waits beyond our own time limit, so that it learns whether the request had left."""


class XSettings(Value, frozen=True, kw_only=True):
    """One account of X, wherever it is used.

    The four keys are OAuth 1.0a's, under tweepy's names; `user_token` is an OAuth 2.0 user access token, and is used
    instead where given. `api_url` is another host for a proxy or a simulator, `proxy` an HTTP proxy's address.
    `timeout` and `visible_after` are seconds; `chat_cap`, `month_cap` and `names_up_to` millionths of a US dollar.
    `followers` and `views` ask X for these numbers as well. `hide` lets replies be hidden, `direct` has direct messages
    read and answered. Secrets are shown nowhere.
    """

    handle: str = ""
    consumer_key: str = ""
    consumer_secret: str = ""
    access_token: str = ""
    access_token_secret: str = ""
    user_token: str = ""
    api_url: str = "https://api.x.com"
    proxy: str = ""
    timeout: float = 10.0
    visible_after: float = 15.0
    splits: bool = True
    most_links: int | None = 1
    chat_cap: int = 2_000_000
    month_cap: int = 20_000_000
    names_up_to: int = 550_000
    hide: bool = True
    direct: bool = False
    followers: bool = False
    views: bool = False
    mentions_every: float = 10.0
    search_every: float = 60.0

    def __repr__(self) -> str:
        """The handle only."""
        return f"Account(handle={self.handle!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The same for rich."""
        return [("handle", self.handle)]

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the settings without which nobody gets in."""
        keys = {
            "consumer_key": self.consumer_key,
            "consumer_secret": self.consumer_secret,
            "access_token": self.access_token,
            "access_token_secret": self.access_token_secret,
        }
        return () if self.user_token else tuple(name for name, value in keys.items() if not value)


def weight(text: str) -> int:
    """How long X takes a text to be, of 280: a link counts 23, an emoji or a CJK character 2."""
    return int(parse_tweet(text).weightedLength)


def traits_of(account: XSettings) -> Traits:
    """What X can do for this account: it has a budget, and must be asked for what is new.

    It is never `private`: a bot may answer a direct message, but not write one that nobody asked for.
    """
    mentions = Source(name="mentions", every=account.mentions_every, overlap=30.0, micros=OWN_READ, page=(5, 100))
    search = Source(
        name="search",
        every=account.search_every,
        overlap=60.0,
        reach=SEARCH_REACH,
        by_chat=True,
        micros=POST_READ,
        page=(10, 100),
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
    return Traits(
        platform="x",
        called="X",
        text=TextRules(
            limit=280,
            length=weight,
            splits=account.splits,
            links=extract_urls,
            most_links=account.most_links,
            unrepeated=True,
        ),
        delivery=Delivery(timeout=account.timeout + _GRACE, visible_after=account.visible_after),
        features=Features(
            actions=frozenset({"hide", "show"}) if account.hide else frozenset(),
            receipts=True,
            followers=account.followers,
            nameless=True,
        ),
        costs=Costs(
            budget=Budget(
                chat=account.chat_cap,
                month=account.month_cap,
                names=account.names_up_to,
                name=USER_READ,
                look=POST_READ,
            ),
            price=of_post,
        ),
        sources=(mentions, search, messages) if account.direct else (mentions, search),
    )
