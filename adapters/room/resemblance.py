"""Whom a visitor resembles, as long as a chat is on: who wrote from the same network, or under a name like theirs.

Somebody who was muted can drop their cookie and come again. So the core is told, with each message, who its author
might be; where one of them is muted, a moderator looks first. Addresses are kept as hashes with a key that never leaves
this process, and are forgotten when the chat shuts; none is stored or shown.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from functools import lru_cache

from adapters.kit.bounded import BackgroundTasks
from adapters.room.look_alikes import skeleton
from bot.clock import Clock
from bot.messages import Author

_MOST_PEOPLE = 5000
"""People in a chat who are remembered."""
_TYPO_FROM = 5
"""Letters from which words are alike with one letter more, less or other."""
_LOOK_EVERY = 60.0
"""Wall seconds between two looks whether a chat has shut."""

Mark = bytes | tuple[str, ...]
"""What visitors may have in common: the hash of an address, or a form of a name."""

Shuts = Callable[[], Awaitable[datetime | None]]
"""Asks when a chat shuts; None if there is no such chat any more."""


class _Visitors:
    """The visitors of one chat, and what each is known by: a hash of the last address, and forms of the name.

    Whoever has one of these in common resembles the other, so that many visitors cost no more than a few.
    """

    def __init__(self) -> None:
        self._known_by: dict[str, frozenset[Mark]] = {}
        self._marked: dict[Mark, set[str]] = {}

    def like(self, visitor: str, marks: frozenset[Mark]) -> set[str]:
        """The others with one of these marks; the visitor is known by them from now on."""
        found = {other for mark in marks for other in self._marked.get(mark, ())} - {visitor}
        self._forget(visitor)
        if len(self._known_by) >= _MOST_PEOPLE:
            self._forget(next(iter(self._known_by)))
        self._known_by[visitor] = marks
        for mark in marks:
            self._marked.setdefault(mark, set()).add(visitor)
        return found

    def _forget(self, visitor: str) -> None:
        for mark in self._known_by.pop(visitor, ()):
            self._marked[mark].discard(visitor)
            if not self._marked[mark]:
                del self._marked[mark]


class Resemblance:
    """The visitors of the chats that are on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._chats: dict[str, _Visitors] = {}
        self._tasks = BackgroundTasks()

    def like(self, author: Author, address: str, chat: str, shuts: Shuts) -> set[str]:
        """The ids of the visitors of a chat whom an author resembles. The chat is forgotten once it `shuts`."""
        if chat not in self._chats:
            self._chats[chat] = _Visitors()
            self._tasks.start(self._forget(chat, shuts), f"room forget {chat}")
        trace = hashlib.blake2b(address.encode(), key=self._key, digest_size=16).digest()
        return self._chats[chat].like(author.id, frozenset({trace, *_forms(author.name)}))

    async def close(self) -> None:
        """Forget all."""
        self._chats.clear()
        await self._tasks.close(0)

    async def _forget(self, chat: str, shuts: Shuts) -> None:
        while (until := await shuts()) is not None and until > self._clock.now():  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(_LOOK_EVERY)
        self._chats.pop(chat, None)


@lru_cache(maxsize=_MOST_PEOPLE)
def _forms(name: str) -> tuple[Mark, ...]:
    """The forms of a name: two names that are alike have one in common.

    They are alike with the same words in any order, without figures, and as readers see them; a longer word may have a
    letter more, less or other.
    """
    plain = ("".join(char for char in word if not char.isdigit()) for word in name.split())
    words = sorted(found for word in plain if (found := skeleton(word)))
    return tuple(_with_typos(words))


def _with_typos(words: list[str]) -> Iterator[Mark]:
    for number, word in enumerate(words):
        others = tuple(words[:number] + words[number + 1 :])
        shorter = (word[:at] + word[at + 1 :] for at in range(len(word))) if len(word) >= _TYPO_FROM else ()
        for form in (word, *shorter):
            yield form, *others
