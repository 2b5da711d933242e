"""The places of a bot: builds the adapter and the listener of each, and opens them; a monitor keeps watch."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path

from bot.commands.kept_texts import StoredKeptTexts
from bot.errors import PlatformError
from bot.listening.conversation import StoredConversation
from bot.listening.inbox import Inbox
from bot.listening.listener import PlaceListener
from bot.messages import Operation
from bot.ports.archive import NoArchive
from bot.ports.commands import CommandPort
from bot.ports.health import HealthCheck, MetricsPage
from bot.ports.inbound import AdapterContext
from bot.ports.platform import Platform, Traits
from bot.ports.team import TeamPort
from bot.scheduling.place_monitor import PlaceMonitor
from bot.settings.places import RoomPlace
from bot.site.archive import SiteArchive
from bot.store import chats
from bot.store.calendar_hosts import calendar_host
from bot.wiring.adapters import Builder
from bot.wiring.community import community
from bot.wiring.foundation import Foundation
from bot.wiring.running_task import running_task

_FIRST_ATTEMPTS = 5.0
"""Wall seconds to wait for the first attempt to open each place: a running chat must not wait for a slow platform."""


class Places:
    """All configured places. `platforms` and `listeners` hold the adapter and the way in of each, by its name."""

    def __init__(
        self,
        foundation: Foundation,
        builders: Mapping[str, Builder],
        *,
        inbox: Inbox,
        commands: CommandPort,
        health: HealthCheck,
        metrics: MetricsPage,
        team: TeamPort | None = None,
    ) -> None:
        self._foundation = foundation
        self._commands, self._health, self._metrics, self._team = commands, health, metrics, team
        names = foundation.settings.places
        self.listeners = {name: PlaceListener(name, inbox, self.record_result) for name in names}
        self.platforms = self._build(builders)
        self.monitor = PlaceMonitor(foundation.database, self.platforms, foundation.clock)
        for listener in self.listeners.values():
            listener.raise_concern, listener.settle_concern = self.monitor.raise_concern, self.monitor.settle_concern
            listener.allowed = self.monitor.allowed

    def traits(self) -> dict[str, Traits]:
        """The traits of each place."""
        return {name: platform.traits for name, platform in self.platforms.items()}

    def conversation(self, name: str) -> StoredConversation:
        """The conversation as a place shows it."""
        return StoredConversation(
            name,
            live_chats=self._foundation.live_chats,
            notifications=self._foundation.notifications,
            database=self._foundation.database,
            clock=self._foundation.clock,
        )

    def record_result(self, name: str, error: PlatformError | None, operation: Operation = "send") -> None:
        """Record the result of a call, in the status of its place."""
        self.monitor.record_result(name, error, operation)

    async def open(self, stack: AsyncExitStack) -> None:
        """Open all places concurrently, and keep them open. Returns after each was tried once, or after a few seconds.

        Raises SetupError if a place on this machine can't be opened with these settings.
        """
        tries = []
        for name, platform in self.platforms.items():
            tries.append(asyncio.Event())
            stack.push_async_callback(platform.close)
            await stack.enter_async_context(running_task(self.monitor.keep_open(name, tries[-1])))
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_ATTEMPTS):
                for tried in tries:
                    await tried.wait()

    def _calendar_host(self, name: str, settings: object) -> str:
        """The end of the UIDs in a place's calendars; empty if it has none."""
        if not isinstance(settings, RoomPlace):
            return ""
        address = settings.public_url.rstrip("/").rpartition("//")[2]
        return self._foundation.database.write_sync(calendar_host, f"of {name}", address)

    def _build(self, builders: Mapping[str, Builder]) -> dict[str, Platform]:
        database, whose = self._foundation.database, community(self._foundation.settings)
        folder = self._foundation.settings.site.folder
        archive = SiteArchive(Path(folder)) if folder else NoArchive()
        secret = database.write_sync(chats.get_fact, "secret", lambda: secrets.token_urlsafe(32)) or ""
        return {
            name: builders[settings.platform](
                settings,
                AdapterContext(
                    place=name,
                    clock=self._foundation.clock,
                    listener=self.listeners[name],
                    conversation=self.conversation(name),
                    commands=self._commands,
                    secret=secret,
                    trouble=database.trouble_for_people,
                    community=whose,
                    health=self._health,
                    resembles=partial(self._foundation.live_chats.resembling.note, name),
                    metrics=self._metrics,
                    team=self._team,
                    archive=archive,
                    kept_texts=StoredKeptTexts(database, self._foundation.clock),
                    calendar_host=self._calendar_host(name, settings),
                ),
            )
            for name, settings in self._foundation.settings.places.items()
        }
