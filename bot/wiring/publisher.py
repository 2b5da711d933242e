"""The publisher: publishes each chat when it is due, and writes its files anew when something in it changes later.

`bot/publication.py` decides what is due. First the files are written, into a folder of the settings if there is one;
then the chat is marked as published. So a crash in between only writes the same files once more. A chat whose files
can't be written stays unpublished; those who lead it are told, and it is tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.context import CommandContext, CommandResult, refused
from bot.errors import SetupError, StoreError
from bot.live.live_chats import LiveChat, LiveChats
from bot.scheduling.place_monitor import PlaceMonitor
from bot.store import chats
from bot.translation import _, speaking
from bot.wiring.published_folder import PublishedFolder

PUBLICATION = "publication"
"""Where these concerns are, instead of a place: they are about the folder of the settings."""

_INTERVAL = timedelta(seconds=15)
"""Between two looks at all chats, by the clock at normal speed."""

_PAUSE = timedelta(minutes=5)
"""After files could not be written."""

Decide = Callable[[Connection, CommandContext], CommandResult]
ExecuteOwn = Callable[[str, str, Decide], Awaitable[None]]
"""Executes a decision of the bot about a chat, as `CommandExecutor.execute_own` does."""

_log = structlog.get_logger()


class Publisher:
    """Publishes chats. Their files are written into `folder`; None: nowhere."""

    def __init__(
        self,
        *,
        live_chats: LiveChats,
        clock: Clock,
        execute_own: ExecuteOwn,
        folder: PublishedFolder | None,
        monitor: PlaceMonitor,
    ) -> None:
        self._live_chats, self._clock, self._execute_own = live_chats, clock, execute_own
        self._folder, self._monitor = folder, monitor
        self._not_before: dict[str, datetime] = {}
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now() + _INTERVAL * self._clock.speed)
            try:
                await self.run_once(self._clock.now())
            except Exception as error:  # noqa: BLE001 -- one odd chat must not keep all others from being published
                _log.warning("publication.failed", error=type(error).__name__)

    async def run_once(self, now: datetime) -> None:
        """Publish what is due, write the files of published chats that have changed, and delete what is taken back."""
        async with self._lock:
            if self._folder is not None:
                await self._folder.look()
            for live in list(self._live_chats.by_name.values()):
                found = live.publication(now)
                if found.phase == "withheld" and live.state.publication.published_at is not None:
                    await self._delete(live.chat.name)
                elif (found.is_public or found.is_due(now)) and now >= self._not_before.get(live.chat.name, now):
                    await self._try_to_publish(live, now, is_new=not found.is_public)

    async def _try_to_publish(self, live: LiveChat, now: datetime, *, is_new: bool) -> None:
        try:
            await self._publish(live, is_new=is_new)
        except (SetupError, StoreError, OSError) as error:
            self._failed(live, str(error), now)

    async def _publish(self, live: LiveChat, *, is_new: bool) -> None:
        name, published_at = live.chat.name, live.state.publication.published_at
        if self._folder is not None and (is_new or await self._folder.is_stale(live.chat, published_at)):
            await self._folder.write(live.chat)
            self._monitor.settle_concern(PUBLICATION, "files", name)
        if is_new:
            await self._execute_own(name, "publish", _mark)
            _log.info("publication.published", chat=name)

    async def _delete(self, chat: str) -> None:
        """Delete the files of a chat that is withheld after it was published; they are written anew if it is not."""
        if self._folder is None:
            return
        try:
            await self._folder.delete(chat)
        except OSError as error:
            _log.warning("publication.failed", chat=chat, error=f"its files cannot be deleted: {error.strerror}")

    def _failed(self, live: LiveChat, why: str, now: datetime) -> None:
        self._not_before[live.chat.name] = now + _PAUSE
        with speaking(live.chat.language):
            text = f"{_('The record of this chat could not be published, and is tried again.')} {why}"
        self._monitor.raise_concern(PUBLICATION, "files", text, live.chat.name)
        _log.warning("publication.failed", chat=live.chat.name, error=why)


def _mark(connection: Connection, context: CommandContext) -> CommandResult:
    """Mark a chat as published, unless its host said otherwise meanwhile."""
    choice = context.state.publication
    if choice.withheld or choice.published_at is not None:
        return refused(_("It is published already, or withheld."))
    published = msgspec.structs.replace(choice, published_at=context.now)
    chats.save_state(connection, context.chat.name, msgspec.structs.replace(context.state, publication=published))
    return CommandResult(receipt=_("The record is published."), before="waiting", after="published")
