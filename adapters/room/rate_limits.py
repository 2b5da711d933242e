"""Rate limits for each session, address and room. A refusal says when to try again; nobody is blocked for good.

The counts are in memory, in moving windows. What people at one address may post is shared out in `shares`.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Hashable

from limits import RateLimitItem, parse
from starlette.requests import Request

from adapters.kit.bounded import RecentMap
from adapters.kit.summed_log import SummedLog
from adapters.room.network_address import address
from adapters.room.sessions import Session
from adapters.room.shares import Shares

_BAD_LINKS = "20/minute"
"""How many private links that don't work an address may try."""

_LOOKS = "10/minute"
"""How often a session may ask what is held on it, which looks through the whole store."""

_LOOKS_OF_ALL = "100/minute"
"""How often all sessions at an address may: a new session costs nothing."""

_ROOM_TIMES = 10
"""How many times as much as one address all may post in a chat."""

_MOST_CALLERS = 50_000
"""Sessions and addresses that are counted, the newest ones."""

_MOST_SHARED = 10_000
"""Addresses in chats whose shares are kept, the newest ones."""


class TooManyRequests(Exception):  # noqa: N818 - an outcome, not a failure
    """A limit was reached. `seconds` until the next try, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Wait {seconds} seconds.")
        self.seconds = seconds


class RateLimits:
    """Counts what sessions and addresses do. The limits read "12/minute".

    The people at an address have a budget in each chat, and a chat has one for all addresses, ten times as large.
    """

    def __init__(self, per_person: str, per_address: str) -> None:
        self._per_session, self._per_address = parse(per_person), parse(per_address)
        self._bad_links, self._looks = parse(_BAD_LINKS), parse(_LOOKS)
        self._looks_of_all = parse(_LOOKS_OF_ALL)
        self._windows = MovingWindows(_MOST_CALLERS)
        self._over = SummedLog("room.over_rate")
        self._shares: RecentMap[tuple[str, str], Shares] = RecentMap(_MOST_SHARED)

    def count_post(self, session: Session, request: Request, chat: str) -> None:
        """Count one message that is posted or edited. Raises TooManyRequests.

        People with a private link have a budget of their own, whoever else is at their address.
        """
        self._count(self._per_session, "person", session.id)
        if not session.is_staff:
            for caller, times in ((address(request), 1), ("", _ROOM_TIMES)):
                wait = self._shares_of(chat, caller, times).spend(session.id, time.monotonic())
                if wait is not None:
                    self._over.warn(what="address" if caller else "chat", chat=chat)
                    raise TooManyRequests(math.ceil(wait))

    def count_join(self, request: Request, *, waited: bool) -> None:
        """Count one user who joins. Raises TooManyRequests.

        Those who had `waited`, with the page open, have a budget of their own at their address.
        """
        self._count(self._per_address, "join waited" if waited else "join", address(request))

    def count_look(self, session: Session, request: Request) -> None:
        """Count one look of a session at what is held on it. Raises TooManyRequests."""
        self._count(self._looks, "look", session.id)
        self._count(self._looks_of_all, "look of an address", address(request))

    def _shares_of(self, chat: str, caller: str, times: int) -> Shares:
        """The shares of an address in a chat; with an empty address those of the whole chat."""
        found = self._shares.pop((chat, caller), None)
        if found is None:
            limit, own = self._per_address, max(1, self._per_session.amount // 4)
            found = Shares(limit.amount * times, limit.get_expiry(), own)
        self._shares[chat, caller] = found  # so that it is the newest
        return found

    def count_bad_link(self, request: Request) -> None:
        """Count one private link that doesn't work. Raises TooManyRequests."""
        self._count(self._bad_links, "link", address(request))

    def _count(self, limit: RateLimitItem, kind: str, key: str) -> None:
        wait = self._windows.spend(limit, (kind, key), time.monotonic())
        if wait is not None:
            self._over.warn(what=kind)
            raise TooManyRequests(math.ceil(wait))


class MovingWindows:
    """How often each of the `most` last callers did something lately. In memory; time is an argument.

    The `limits` library reads the limits. Its own windows clear all callers' counts after each one that is counted,
    with a change of thread for each: with 200 people that took longer than everything else about a post.
    """

    def __init__(self, most: int) -> None:
        self._times: RecentMap[Hashable, deque[float]] = RecentMap(most)

    def spend(self, limit: RateLimitItem, caller: Hashable, now: float) -> float | None:
        """Count one more of a caller, unless that is over the limit; then the seconds to wait, else None."""
        times = self._times.pop(caller, None) or deque[float]()
        self._times[caller] = times  # so that it is the newest
        window = limit.get_expiry()
        while times and times[0] <= now - window:
            times.popleft()
        if len(times) >= limit.amount:
            return min(times[0] + window - now, window)  # a sum of fractions may be a hair more
        times.append(now)
        return None
