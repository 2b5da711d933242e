"""Whom a visitor resembles, as long as a chat is on: who wrote from the same network, or under a name like theirs.

Somebody who was muted can drop their cookie and come again. So the core is told, with each message, who its author
might be; where one of them is muted, a moderator looks first. Addresses are kept as hashes with a key that never leaves
this process, and are forgotten when the chat shuts; none is stored or shown.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime

from rapidfuzz.distance import Levenshtein

from adapters.kit.bounded import BackgroundTasks, RecentMap
from adapters.room.look_alikes import skeleton
from adapters.room.sessions import Session
from bot.clock import Clock

_MOST_PEOPLE = 5000
"""People in a chat who are remembered."""
_TYPO_FROM = 5
"""Letters from which words are alike with one letter more, less or other."""
_LOOK_EVERY = 60.0
"""Wall seconds between two looks whether a chat has shut."""

Shuts = Callable[[], Awaitable[datetime | None]]
"""Asks when a chat shuts; None if there is no such chat any more."""


class _Visitors:
    """The visitors of one chat: a hash of the last address and the name of each."""

    def __init__(self) -> None:
        self._known: RecentMap[str, tuple[bytes, list[str]]] = RecentMap(_MOST_PEOPLE)

    def like(self, visitor: str, trace: bytes, name: list[str]) -> set[str]:
        """The others with the same address or a like name; the visitor is one of the known from now on."""
        found = {
            other
            for other, (theirs, called) in self._known.items()
            if other != visitor and (theirs == trace or _alike(called, name))
        }
        self._known.pop(visitor, None)
        self._known[visitor] = trace, name
        return found


class Resemblance:
    """The visitors of the chats that are on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._chats: dict[str, _Visitors] = {}
        self._tasks = BackgroundTasks()

    def like(self, session: Session, address: str, chat: str, shuts: Shuts) -> set[str]:
        """The ids of the visitors of a chat whom a session resembles. The chat is forgotten once it `shuts`."""
        if chat not in self._chats:
            self._chats[chat] = _Visitors()
            self._tasks.start(self._forget(chat, shuts), f"room forget {chat}")
        trace = hashlib.blake2b(address.encode(), key=self._key, digest_size=16).digest()
        return self._chats[chat].like(session.id, trace, _plain(session.name))

    async def close(self) -> None:
        """Forget all."""
        self._chats.clear()
        await self._tasks.close(0)

    async def _forget(self, chat: str, shuts: Shuts) -> None:
        while (until := await shuts()) is not None and until > self._clock.now():  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(_LOOK_EVERY)
        self._chats.pop(chat, None)


def _plain(name: str) -> list[str]:
    """The words of a name as readers see them, in any order, without figures."""
    words = ("".join(char for char in word if not char.isdigit()) for word in name.split())
    return sorted(found for word in words if (found := skeleton(word)))


def _alike(one: list[str], other: list[str]) -> bool:
    return len(one) == len(other) > 0 and all(map(_alike_words, one, other))


def _alike_words(one: str, other: str) -> bool:
    long = max(len(one), len(other)) >= _TYPO_FROM
    return one == other or (long and Levenshtein.distance(one, other, score_cutoff=1) <= 1)
