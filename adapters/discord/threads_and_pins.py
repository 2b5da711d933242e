"""The thread and the pin of a post. A failure of either never fails the post; the host is told what is missing."""

from __future__ import annotations

import asyncio
import re
from typing import Literal

import structlog

from adapters.discord.errors import HAS_THREAD, NO_PERMISSION, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, code_of
from adapters.discord.location import ChannelIndex
from adapters.discord.rest import Json, Rest, mapping, mappings, number
from adapters.discord.settings import DiscordSettings
from adapters.kit.bounded import BackgroundTasks
from bot.errors import PlatformError
from bot.ports.inbound import Listener

_log = structlog.get_logger()

_NAME = 100
"""The most characters of a thread's name."""

DAY: Literal[1440] = 1440
"""Minutes without a message until Discord archives a thread. The next message opens it again."""

_QUESTION = re.compile(r"Q\d+\b")
"""The beginning of our questions, to recognize pins from before a restart."""


_LACKING: dict[str, str] = {
    "discord.thread_failed": "give its role Create Public Threads under Edit Channel → Permissions.",
    "discord.pin_failed": "give its role Pin Messages under Edit Channel → Permissions, or set pin = false.",
}
_NOT_DONE: dict[str, str] = {
    "discord.thread_failed": "The bot could not open a thread on Discord",
    "discord.pin_failed": "The bot could not pin a question on Discord",
}


def title(text: str) -> str:
    """The name of a thread, or the title of a post in a forum: the beginning of its first message."""
    return " ".join(text.split())[:_NAME].strip() or "Chat"


class ThreadsAndPins:
    """Opens threads at once, because the next post may belong in one, and pins in the background."""

    def __init__(
        self, *, place: str, settings: DiscordSettings, rest: Rest, channels: ChannelIndex, listener: Listener
    ) -> None:
        self._settings, self._rest, self._channels, self._listener = settings, rest, channels, listener
        self._log = _log.bind(place=place)
        self._pinned: set[int] = set()
        self._logged: set[tuple[str, str]] = set()
        self._pins = asyncio.Lock()
        self._tasks = BackgroundTasks()

    async def open(self, where: int, id: int, text: str, *, chat: str | None = None) -> bool:
        """Open a thread at a message, named after a text. Returns whether there is one now. Twice is harmless.

        `chat` is the one whose host is told of a refusal, if any is to be.
        """
        name = title(text)
        try:
            async with asyncio.timeout(self._settings.network.timeout / 4):
                http = self._rest.http
                await self._rest.call(http.start_thread_with_message(where, id, name=name, auto_archive_duration=DAY))
        except (PlatformError, TimeoutError) as error:
            if code_of(error) != HAS_THREAD:
                self._fail("discord.thread_failed", error, chat)
                return False
        self._channels.threads.add(id)
        return True

    async def wake(self, thread: int) -> bool:
        """Take a thread out of the archive. Returns whether that worked: a moderator may have locked it."""
        try:
            async with asyncio.timeout(self._settings.network.timeout / 4):
                await self._rest.call(self._rest.http.edit_channel(thread, archived=False))
        except (PlatformError, TimeoutError) as error:
            self._fail("discord.thread_failed", error, None)
            return False
        return True

    def pin(self, where: int, id: int, *, chat: str) -> None:
        """Pin a question, and unpin our older ones there, in the background. The chat's host is told of a refusal."""
        self._tasks.start(self._pin(where, id, chat), name=f"discord pin {id}")

    async def close(self) -> None:
        """Drop pins that aren't done yet."""
        await self._tasks.close(grace=0)

    async def _pin(self, where: int, id: int, chat: str) -> None:
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
            self._fail("discord.pin_failed", error, chat)

    def _ours(self, pinned: Json) -> list[int]:
        """The pinned messages that are our questions; a moderator's pins stay."""
        messages = [mapping(item.get("message")) for item in mappings(pinned.get("items"))]
        ours = [one for one in messages if number(mapping(one.get("author")).get("id")) == self._rest.me]
        ids = {number(one.get("id")): str(one.get("content")) for one in ours}
        return sorted(id for id, content in ids.items() if id in self._pinned or _QUESTION.match(content))

    def _fail(self, event: str, error: Exception, chat: str | None) -> None:
        """Log a failure, once for each reason: a missing permission is missing at every question."""
        reason = str(error) or type(error).__name__
        if (event, reason) not in self._logged:
            self._logged.add((event, reason))
            self._log.warning(event, reason=reason, code=error.code if isinstance(error, PlatformError) else "")
        gone = code_of(error) in {UNKNOWN_CHANNEL, UNKNOWN_MESSAGE}  # by somebody who wanted that
        if chat and isinstance(error, PlatformError) and (error.permanent or error.lost) and not gone:
            why = _LACKING[event] if code_of(error) == NO_PERMISSION else reason
            self._listener.concern(event.removeprefix("discord."), f"{_NOT_DONE[event]}: {why}", chat)
