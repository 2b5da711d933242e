"""Following: this process shows what other processes on the same store said, heard and decided.

They tell what changed; it is read again from the store. Changes within a moment are joined.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping

import structlog

from bot.errors import StoreError
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.store import messages, sent_posts
from bot.store.database import Database

_JOINED = 0.05
"""Wall seconds within which changes are joined."""

_RETRY = 1.0
"""Wall seconds before what could not be read is read again."""

_ALL = "*"

_SHOWN = {"posts": "asked", "messages": "heard", "queue": "queue"}
"""Kinds of changes in a chat, and how its pages are told."""

_WAKING = ("due", "commands", "files")
"""Kinds of changes that other parts wait for: they look by themselves."""

_log = structlog.get_logger()


class Following:
    """Follows while `run` runs.

    `reload` reads a chat with its plan, `reload_all` all of them, `reload_people` who asked for what; `wake` is called
    with the kind of a change that another part waits for: `due` posts, `commands` or chat `files`. `nearby` returns the
    names of the chats that people may be looking at.
    """

    def __init__(
        self,
        database: Database,
        live_chats: LiveChats,
        notifications: Notifications,
        *,
        reload: Callable[[str], Awaitable[None]],
        reload_all: Callable[[], Awaitable[None]],
        reload_people: Callable[[], Awaitable[None]],
        wake: Callable[[str], None],
        nearby: Callable[[], set[str]],
    ) -> None:
        self._database, self._live_chats, self._notifications = database, live_chats, notifications
        self._reload, self._reload_all, self._reload_people, self._wake = reload, reload_all, reload_people, wake
        self._nearby = nearby
        self._pending: dict[tuple[str, str], None] = {}
        self._any = asyncio.Event()

    def changed(self, kind: str, which: str) -> None:
        """Something was changed by another process: its kind, and the chat or place."""
        if kind in _WAKING:
            self._wake(kind)
        else:
            self._pending[kind, which] = None
            self._any.set()

    def missed(self) -> None:
        """Anything may have been changed."""
        for kind in (*_WAKING, "chats", "people"):
            self.changed(kind, _ALL)

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            await self._any.wait()
            await asyncio.sleep(_JOINED)
            self._any.clear()
            pending, self._pending = self._pending, {}
            try:
                await self._follow(pending)
            except StoreError as error:
                _log.warning("following.not_read", error=str(error))
                self._pending = pending | self._pending
                self._any.set()
                await asyncio.sleep(_RETRY)

    async def recount(self, *chats: str) -> None:
        """Count the messages under the questions of these chats again, after all own batches."""
        found = await self._database.write("incoming", messages.question_counts, chats)
        for chat in chats:
            if live := self._live_chats.by_name.get(chat):
                live.counts = defaultdict(int, found.get(chat, {}))

    async def _follow(self, pending: Iterable[tuple[str, str]]) -> None:
        named: dict[str, set[str]] = defaultdict(set)
        for kind, which in pending:
            named[kind].add(which)
        if named["people"]:
            await self._reload_people()
        if _ALL in named["chats"]:
            await self._reload_all()
            named = defaultdict(set, {kind: {_ALL} for kind in _SHOWN})
        named |= {kind: self._nearby() for kind in _SHOWN if _ALL in named[kind]}
        await self._read(named)
        for kind, what in _SHOWN.items():
            for chat in named[kind]:
                self._notifications.notify(chat, what)

    async def _read(self, named: Mapping[str, set[str]]) -> None:
        unknown = {*named["posts"], *named["messages"]} - self._live_chats.by_name.keys()
        for chat in named["chats"] | unknown:
            await self._reload(chat)
        if posts := named["posts"] | named["chats"]:
            await read_posts(self._database, self._live_chats, posts)
        if heard := named["messages"]:
            await self.recount(*heard)


async def read_posts(database: Database, live_chats: LiveChats, chats: Collection[str]) -> None:
    """Show the bot's posts in these chats as they are stored now: a person who was erased is in none by name."""
    posts = await database.read(sent_posts.sent_posts, chats)
    texts = {(one.place, one.id): one.text for one, _ in posts}
    live_chats.add_posts(posts)
    for (place, id), text in (texts | await database.read(sent_posts.edited_texts, chats)).items():
        live_chats.change_post(place, id, text)
