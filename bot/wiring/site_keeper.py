"""Keeps the site in the folder of the settings up to date while the bot runs, and shows it to the room.

After each publication, correction and erasure the pages that changed are written again. A folder that can't be written
is told as a concern and tried again; the pages that are there stay whole meanwhile.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.errors import SetupError, StoreError
from bot.settings.settings import Settings
from bot.site.build import SiteChanges, build_site
from bot.site.folder import check_ours, is_site
from bot.store.database import Database
from bot.store.outputs import remember_output
from bot.store.record_versions import records_version
from bot.wiring.published_chats import kept_site, published_chats

SITE = "site"
"""Where its concerns are, instead of a place."""

_INTERVAL = timedelta(seconds=15)
"""Between two looks whether anything changed, by the clock at normal speed."""

_PAUSE = timedelta(minutes=5)
"""After the folder could not be written."""

_log = structlog.get_logger()


class TakesConcerns(Protocol):
    """Tells host and operator what does not work, as the monitor of the places does."""

    def raise_concern(self, place: str, what: str, text: str, chat: str | None = None) -> None:
        """Tell a concern, once."""

    def settle_concern(self, place: str, what: str, chat: str | None = None) -> None:
        """It is over."""


class SiteKeeper:
    """Keeps one folder. Nothing is written there before a chat is published."""

    def __init__(self, settings: Settings, *, database: Database, clock: Clock, monitor: TakesConcerns) -> None:
        self._settings, self._database, self._clock, self._monitor = settings, database, clock, monitor
        self._folder = Path(settings.site.folder)
        self._written: str | None = None
        self._not_before: datetime | None = None

    async def run(self) -> None:
        """Keep it until cancelled."""
        while True:
            await self.run_once(self._clock.now())
            await self._clock.sleep_until(self._clock.now() + _INTERVAL * self._clock.speed)

    async def run_once(self, now: datetime) -> None:
        """Bring it up to date if anything changed since it was last."""
        if self._not_before is not None and now < self._not_before:
            return
        try:
            changes = await asyncio.to_thread(self._update, now)
        except (SetupError, StoreError) as error:
            self._not_before = now + _PAUSE
            text = f"The archive of published chats is not up to date, and is tried again. {error}"
            self._monitor.raise_concern(SITE, "folder", text)
            _log.warning("site.failed", error=str(error))
            return
        if changes is not None:
            self._not_before = None
            self._monitor.settle_concern(SITE, "folder")
            _log.info("site.written", chats=changes.chats, written=len(changes.written), removed=len(changes.removed))

    def _update(self, now: datetime) -> SiteChanges | None:
        """Write what changed. None if nothing did."""
        version, there = self._database.read_sync(records_version), is_site(self._folder)
        if not (version or there) or (there and version == self._written):
            return None
        check_ours(self._folder)
        self._database.write_sync(remember_output, self._folder, "site", now)
        site = kept_site(self._database, self._settings)
        changes = build_site(self._folder, site, published_chats(self._database, site, now), now)
        self._written = version
        return changes
