"""Connects a process with the others that share its store: who is on duty, and what they changed.

On SQLite there are no others: this process is always on duty, and nothing is listened to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from socket import gethostname

import structlog

from bot.chat import Programme
from bot.errors import StoreError
from bot.listening.inbox import Inbox
from bot.live.duty import Duty
from bot.live.following import Following
from bot.ports.platform import Platform
from bot.scheduling.plan_sync import PlanSync
from bot.scheduling.scheduler import Scheduler
from bot.scheduling.shared_programme import SharedProgramme
from bot.settings.settings import Settings
from bot.store.database import Database
from bot.wiring.chat_services import ChatServices
from bot.wiring.foundation import Foundation
from bot.wiring.only_run import only_run
from bot.wiring.running_task import running_task

_PATIENCE = 5.0
"""Wall seconds to wait for the first connection that tells of changes."""

_log = structlog.get_logger()


def shared_programme(settings: Settings, database: Database, own: Callable[[], Programme]) -> Callable[[], Programme]:
    """The chats of all machines where others may use the store, else those of this one."""
    if not database.is_shared:
        return own
    return SharedProgramme(database, own, f"{settings.store.machine or gethostname()}:{settings.schedules}")


class Sharing:
    """The process among others. `join` before the chats are loaded, `follow` after it; `do_duty` while it runs."""

    def __init__(
        self,
        foundation: Foundation,
        *,
        inbox: Inbox,
        plan_sync: PlanSync,
        scheduler: Scheduler,
        services: ChatServices,
        places: Mapping[str, Platform],
    ) -> None:
        _, _, database, live_chats, notifications = foundation
        self.duty = Duty(database)
        self._database, self._live_chats = database, live_chats
        self._inbox, self._plan_sync, self._scheduler = inbox, plan_sync, scheduler
        self._services, self._places = services, places
        self._following = Following(
            database,
            live_chats,
            notifications,
            reload=plan_sync.reload,
            reload_all=self._reload_all,
            reload_people=self._reload_people,
            wake=self._wake,
            nearby=lambda: {live.chat.name for live in live_chats.near(services.service.now())},
        )
        scheduler.on_duty = lambda: self.duty.is_mine
        if database.is_shared:
            services.recount = self._following.recount

    async def join(self, stack: AsyncExitStack) -> None:
        """Take the duty if it is free, and listen to what others change.

        Raises StoreError, or SetupError where another process uses the store and can't.
        """
        stack.enter_context(only_run(self._database.file))
        await self.duty.renew()
        stack.push_async_callback(self.duty.end)
        if self._database.is_shared:
            from bot.store.change_feed import ChangeFeed  # noqa: PLC0415 -- psycopg is not needed where there are no others

            feed = ChangeFeed(self._database, self._following.changed, self._following.missed)
            await stack.enter_async_context(running_task(feed.run()))
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await feed.listening.wait()

    async def follow(self, stack: AsyncExitStack) -> None:
        """Show what others change, keep the duty or wait for it, and tell the places whether to listen."""
        for work in (self._following.run(), self.duty.run()):
            await stack.enter_async_context(running_task(work))
        await self._listen(wanted=self.duty.is_mine)

    async def do_duty(self, works: Callable[[], Iterable[Coroutine[None, None, None]]]) -> None:
        """Run what only one process may run, whenever this one is on duty, until cancelled."""
        while True:
            await self.duty.begins()
            async with AsyncExitStack() as stack:
                if self._database.is_shared:
                    await self._take_over()
                await self._listen(wanted=True)
                stack.push_async_callback(self._listen, wanted=False)
                for work in works():
                    await stack.enter_async_context(running_task(work))
                await self.duty.ends()

    async def _take_over(self) -> None:
        """Another process planned until now: read what it planned from, and the files."""
        try:
            async with self._scheduler.lock:
                await self._plan_sync.load()
        except StoreError as error:
            _log.warning("sharing.not_loaded", error=str(error))  # each change is compared with the store once more
        self._scheduler.reload()

    async def _listen(self, *, wanted: bool) -> None:
        await asyncio.gather(*(platform.listen(wanted=wanted) for platform in self._places.values()))

    async def _reload_all(self) -> None:
        await self._plan_sync.load()
        await self._following.recount(*self._live_chats.by_name)

    async def _reload_people(self) -> None:
        await self._inbox.reload_people()
        await self._services.roles.open()

    def _wake(self, kind: str) -> None:
        if kind == "files":
            self._scheduler.reload()
        elif kind == "commands":
            self._services.worker.wake()
        else:
            self._scheduler.wake()
