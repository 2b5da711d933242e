"""The thread and the pin of a post. A failure of either never fails the post."""

from __future__ import annotations

import asyncio
import re
from typing import Literal

import structlog

from adapters.discord.errors import HAS_THREAD, code_of
from adapters.discord.location import ChannelIndex
from adapters.discord.rest import Json, Rest, mapping, mappings, number
from adapters.discord.settings import DiscordSettings
from adapters.kit.bounded import BackgroundTasks
from bot.errors import PlatformError

_log = structlog.get_logger()

_NAME = 100
"""The most characters of a thread's name."""

_DAY: Literal[1440] = 1440
"""Minutes without a message until Discord archives a thread. The next message opens it again."""

_QUESTION = re.compile(r"Q\d+\b")
"""The beginning of our questions, to recognize pins from before a restart."""


class ThreadsAndPins:
    """Opens threads at once, because the next post may belong in one, and pins in the background."""

    def __init__(self, *, place: str, settings: DiscordSettings, rest: Rest, channels: ChannelIndex) -> None:
        self._settings, self._rest, self._channels = settings, rest, channels
        self._log = _log.bind(place=place)
        self._pinned: set[int] = set()
        self._logged: set[tuple[str, str]] = set()
        self._pins = asyncio.Lock()
        self._tasks = BackgroundTasks()

    async def open(self, where: int, id: int, text: str) -> bool:
        """Open a thread at a message, named after a text. Returns whether there is one now. Twice is harmless."""
        name = " ".join(text.split())[:_NAME] or "Chat"
        try:
            async with asyncio.timeout(self._settings.network.timeout / 4):
                http = self._rest.http
                await self._rest.call(http.start_thread_with_message(where, id, name=name, auto_archive_duration=_DAY))
        except (PlatformError, TimeoutError) as error:
            if code_of(error) != HAS_THREAD:
                self._fail("discord.thread_failed", error)
                return False
        self._channels.threads.add(id)
        return True

    def pin(self, where: int, id: int) -> None:
        """Pin a question, and unpin our older ones there, in the background."""
        self._tasks.start(self._pin(where, id), name=f"discord pin {id}")

    async def close(self) -> None:
        """Drop pins that aren't done yet."""
        await self._tasks.close(grace=0)

    async def _pin(self, where: int, id: int) -> None:
        try:
            async with self._pins:
                http = self._rest.http
                pinned = mapping(await self._rest.call(http.pins_from(where, 50)))
                await self._rest.call(http.pin_message(where, id))
                self._pinned.add(id)
                for old in self._ours(pinned):
                    if old < id:
                        await self._rest.call(http.unpin_message(where, old))
        except PlatformError as error:
            self._fail("discord.pin_failed", error)

    def _ours(self, pinned: Json) -> list[int]:
        """The pinned messages that are our questions; a moderator's pins stay."""
        messages = [mapping(item.get("message")) for item in mappings(pinned.get("items"))]
        ours = [one for one in messages if number(mapping(one.get("author")).get("id")) == self._rest.me]
        ids = {number(one.get("id")): str(one.get("content")) for one in ours}
        return sorted(id for id, content in ids.items() if id in self._pinned or _QUESTION.match(content))

    def _fail(self, event: str, error: Exception) -> None:
        """Log a failure, once for each reason: a missing permission is missing at every question."""
        reason = str(error) or type(error).__name__
        if (event, reason) not in self._logged:
            self._logged.add((event, reason))
            self._log.warning(event, reason=reason)
