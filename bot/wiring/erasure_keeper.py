"""Erasing in a running bot: carries out requests to forget a person, also those that a crash interrupted."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection

import structlog

from bot.erasure.eraser import Eraser
from bot.errors import ConvenorError
from bot.live.following import read_posts
from bot.store import erasures, messages
from bot.wiring.foundation import Foundation
from bot.wiring.outputs import outside

_INTERVAL = 1.0
"""Wall seconds between two looks for requests."""

_AGAIN = 5.0
"""Wall seconds after which a request is looked at again that waits for its last receipt to go out."""

_PAUSE = 30.0
"""Wall seconds after one that could not be carried out."""

_log = structlog.get_logger()


class ErasureKeeper:
    """Carries requests out for as long as `run` runs.

    `reload_people` reads again who asked for what, `reload_chat` a chat, whose hosts may be fewer.
    """

    def __init__(
        self,
        foundation: Foundation,
        *,
        reload_people: Callable[[], Awaitable[None]],
        reload_chat: Callable[[str], Awaitable[None]],
    ) -> None:
        settings, self._clock, self._database, self._live_chats, self._notifications = foundation
        self._reload_people, self._reload_chat = reload_people, reload_chat
        self._changed: set[str] = set()
        self._not_before: dict[str, float] = defaultdict(float)
        self._eraser = Eraser(
            self._database,
            outside(settings, self._database, self._clock.now),
            platforms={name: place.platform for name, place in settings.places.items()},
            worker=self._database.process,
            changed=self._changed.update,
        )

    async def run(self) -> None:
        """Carry requests out until cancelled."""
        while True:
            await asyncio.sleep(_INTERVAL)
            try:
                await self.run_once()
            except (ConvenorError, OSError) as error:
                _log.warning("erasure.failed", error=str(error))  # neither names a person
                await asyncio.sleep(_PAUSE)

    async def run_once(self) -> None:
        """Take each request as far as it goes. While people may be in a chat, nobody is kept waiting for the disk."""
        ids = [
            one.id
            for one in await self._database.read(erasures.unfinished)
            if (one.stage != "rewritten" or self._is_quiet()) and time.monotonic() >= self._not_before[one.id]
        ]
        if ids:
            await self._work(ids)

    async def _work(self, ids: Collection[str]) -> None:
        try:
            await asyncio.to_thread(self._eraser.work, ids, self._clock.now, waiting=True, whole=self._is_quiet())
        finally:
            self._not_before.update(dict.fromkeys(ids, time.monotonic() + _AGAIN))
            await self._show(self._changed)

    async def _show(self, changed: Collection[str]) -> None:
        """Show what has changed on the pages at once."""
        chats = set(changed)
        if not chats:
            return
        for chat in chats & self._live_chats.by_name.keys():
            await self._reload_chat(chat)
        await self._reload_people()
        await read_posts(self._database, self._live_chats, chats)
        counts = await self._database.read(messages.question_counts, chats)
        for chat in chats:
            if live := self._live_chats.by_name.get(chat):
                live.counts = defaultdict(int, counts.get(chat, {}))
            for what in ("asked", "heard", "queue"):
                self._notifications.notify(chat, what)
        self._changed -= chats

    def _is_quiet(self) -> bool:
        """Whether nobody may be in a chat."""
        now = self._clock.now()
        return not any(one.opens <= now < one.shuts for one in self._live_chats.near(now))
