"""The publisher: publishes each chat when it is due, and writes its files anew when something in it changes later.

`bot/publication.py` decides what is due. First the files are written, into a folder of the settings if there is one;
then the chat is marked as published. So a crash in between only writes the same files once more. A chat whose files
can't be written stays unpublished; those who lead it are told, and it is tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import structlog
from sqlalchemy import Connection

from bot.chat import Chat
from bot.clock import Clock
from bot.commands.context import CommandContext, CommandResult, refused
from bot.errors import SetupError, StoreError
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.reporting.imprint import Imprint
from bot.scheduling.place_monitor import PlaceMonitor
from bot.store import chats
from bot.store.database import Database
from bot.store.outputs import remember_output
from bot.store.picture_files import PictureFiles
from bot.transfer import published_events
from bot.translation import _, speaking
from bot.wiring.published_chats import known_before

PUBLICATION = "publication"
"""Where these concerns are, instead of a place: they are about the folder of the settings."""

_INTERVAL = timedelta(seconds=15)
"""Between two looks at all chats, by the clock at normal speed."""

_PAUSE = timedelta(minutes=5)
"""After files could not be written."""

_RECENT = timedelta(days=31)
"""So long after a chat was published its files are written once more after a start: it may have changed just before a
crash, and by then the platforms were last looked at."""

_Version = tuple[int, Chat | None]
"""How often a chat's messages have changed, and the chat as it was then."""

_DELETED: _Version = (-1, None)
"""Instead of a version: no files are there."""

Decide = Callable[[Connection, CommandContext], CommandResult]
ExecuteOwn = Callable[[str, str, Decide], Awaitable[None]]
"""Executes a decision of the bot about a chat, as `CommandExecutor.execute_own` does."""

_log = structlog.get_logger()


class Publisher:
    """Publishes chats. `folder` is where their files are written, each chat's below its name; None: nowhere."""

    def __init__(
        self,
        *,
        database: Database,
        live_chats: LiveChats,
        notifications: Notifications,
        clock: Clock,
        execute_own: ExecuteOwn,
        imprint: Callable[[], Imprint],
        folder: Path | None,
        monitor: PlaceMonitor,
    ) -> None:
        self._database, self._live_chats, self._notifications = database, live_chats, notifications
        self._clock, self._execute_own = clock, execute_own
        self._imprint, self._folder = imprint, folder
        self._monitor = monitor
        self._written: dict[str, _Version] = {}
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
            for live in list(self._live_chats.by_name.values()):
                found = live.publication(now)
                if found.phase == "withheld" and live.state.publication.published_at is not None:
                    await asyncio.to_thread(self._delete, live.chat.name)
                    continue
                wanted = found.is_due(now) or (found.is_public and self._has_changed(live, now))
                if wanted and now >= self._not_before.get(live.chat.name, now):
                    await self._try_to_publish(live, now, is_new=not found.is_public)

    async def _try_to_publish(self, live: LiveChat, now: datetime, *, is_new: bool) -> None:
        try:
            await self._publish(live, is_new=is_new)
        except (SetupError, StoreError) as error:
            self._failed(live, str(error), now)

    async def _publish(self, live: LiveChat, *, is_new: bool) -> None:
        name = live.chat.name
        version = self._version(live)
        if self._folder is not None:
            folder = self._folder.joinpath(*name.split("/"))
            await self._database.write("outgoing", remember_output, folder, "report", self._clock.now(), name)
            await asyncio.to_thread(self._write, live, folder)
            self._monitor.settle_concern(PUBLICATION, "files", name)
        self._written[name] = version
        if is_new:
            await self._execute_own(name, "publish", _mark)
            _log.info("publication.published", chat=name)

    def _write(self, live: LiveChat, folder: Path) -> None:
        from bot.reporting.files import write  # noqa: PLC0415 -- a bot that writes no files needs none of it

        events = published_events(self._database, live.chat)
        pictures = PictureFiles(self._database)
        write(
            folder,
            pictures.of_chat(live.chat),
            events,
            imprint=self._imprint(),
            known=known_before(self._database, live.chat),
        )

    def _delete(self, chat: str) -> None:
        """Delete the files of a chat that is withheld after it was published; they are written anew if it is not."""
        if self._folder is None or self._written.get(chat) == _DELETED:
            return
        from bot.reporting.file_set import finish_writing  # noqa: PLC0415 -- as above
        from bot.reporting.files import NAMES  # noqa: PLC0415 -- as above

        folder = self._folder.joinpath(*chat.split("/"))
        try:
            finish_writing(folder)  # a crash may have left some beside them, which would come back
            for name in NAMES.values():
                (folder / name).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("publication.failed", chat=chat, error=f"{folder} cannot be cleared: {error.strerror}")
            return
        self._written[chat] = _DELETED

    def _failed(self, live: LiveChat, why: str, now: datetime) -> None:
        self._not_before[live.chat.name] = now + _PAUSE
        with speaking(live.chat.language):
            text = f"{_('The record of this chat could not be published, and is tried again.')} {why}"
        self._monitor.raise_concern(PUBLICATION, "files", text, live.chat.name)
        _log.warning("publication.failed", chat=live.chat.name, error=why)

    def _has_changed(self, live: LiveChat, now: datetime) -> bool:
        """Whether a published chat has changed since its files were written, or may have while no bot was running."""
        if self._folder is None:
            return False
        since = live.state.publication.published_at
        known = self._written.get(live.chat.name)
        if known is None and since is not None and now - since < _RECENT:
            return True
        version = self._version(live)
        return self._written.setdefault(live.chat.name, version) != version

    def _version(self, live: LiveChat) -> _Version:
        return sum(self._notifications.versions(live.chat.name).values()), live.chat


def _mark(connection: Connection, context: CommandContext) -> CommandResult:
    """Mark a chat as published, unless its host said otherwise meanwhile."""
    choice = context.state.publication
    if choice.withheld or choice.published_at is not None:
        return refused(_("It is published already, or withheld."))
    published = msgspec.structs.replace(choice, published_at=context.now)
    chats.save_state(connection, context.chat.name, msgspec.structs.replace(context.state, publication=published))
    return CommandResult(receipt=_("The record is published."), before="waiting", after="published")
