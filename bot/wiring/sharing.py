"""Connects a process with the others that share its store: who has which duty, and what they changed.

On SQLite there are no others: this process has all duties, and nothing is followed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, suppress
from functools import partial
from socket import gethostname

import structlog

from bot.chat import Programme
from bot.errors import StoreError
from bot.listening.inbox import Inbox
from bot.live.following import Following
from bot.live.process_duties import Duties, listening
from bot.ports.platform import Platform
from bot.scheduling.place_monitor import PlaceMonitor
from bot.scheduling.plan_sync import PlanSync
from bot.scheduling.programmes import SharedProgramme
from bot.scheduling.scheduler import Scheduler
from bot.settings.settings import Settings
from bot.store import leases
from bot.store.database import Database
from bot.store.leases import PLANNING
from bot.wiring.chat_services import ChatServices
from bot.wiring.foundation import Foundation
from bot.wiring.only_run import only_run
from bot.wiring.running_task import running_task

_PATIENCE = 5.0
"""Wall seconds to wait for the first connection that tells of changes."""

Works = Callable[[], Iterable[Coroutine[None, None, None]]]

_log = structlog.get_logger()


def shared_programme(settings: Settings, database: Database, own: Callable[[], Programme]) -> Callable[[], Programme]:
    """The chats of all machines where others may use the store, else those of this one."""
    if not database.is_shared:
        return own
    return SharedProgramme(database, own, f"{settings.store.machine or gethostname()}:{settings.schedules}")


class Sharing:
    """The process among others. `join` before the chats are loaded, `follow` after it; `duties` while it runs."""

    def __init__(
        self,
        foundation: Foundation,
        *,
        inbox: Inbox,
        plan_sync: PlanSync,
        scheduler: Scheduler,
        services: ChatServices,
        places: Mapping[str, Platform],
        monitor: PlaceMonitor,
    ) -> None:
        _, _, database, live_chats, notifications = foundation
        self._connections: dict[str, list[str]] = {}
        for place, one in places.items():
            self._connections.setdefault(one.traits.connection or place, []).append(place)
        self._duties, self._term = Duties(database, self._connections), 0
        self._duties.reachable = lambda connection: any(map(monitor.is_heard, self._connections[connection]))
        monitor.looks_after = lambda place: self._duties.listens(places[place].traits.connection or place)
        self._monitor, self._listening = monitor, set[str]()
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
        scheduler.on_duty = lambda: self._duties.plans
        if database.is_shared:
            services.recount = self._following.recount
            plan_sync.may_plan = lambda connection: leases.plans(connection, database.process)

    async def join(self, stack: AsyncExitStack) -> None:
        """Take the duties that are free and keep them, and learn of what others change.

        Raises StoreError, or SetupError where another process uses the store and can't.
        """
        stack.enter_context(only_run(self._database.file))
        await asyncio.to_thread(self._database.mark_file)
        await self._duties.renew()
        self._term = self._duties.term
        stack.push_async_callback(self._duties.end)
        await stack.enter_async_context(running_task(self._duties.run()))
        if self._database.is_shared:
            await self._database.write("pulse", leases.forget_dead)
            from bot.store.change_feed import ChangeFeed  # noqa: PLC0415 -- psycopg is not needed where there are no others

            feed = ChangeFeed(self._database, self._following.changed, self._following.missed)
            await stack.enter_async_context(running_task(feed.run()))
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await feed.listening.wait()

    async def follow(self, stack: AsyncExitStack) -> None:
        """Show what others change, and tell the places whether to listen."""
        await stack.enter_async_context(running_task(self._following.run()))
        for connection in self._connections:
            await self._listen(connection, wanted=self._duties.listens(connection))

    def duties(
        self, planning: Works, reading: Callable[[Collection[str]], Works]
    ) -> Iterator[Coroutine[None, None, None]]:
        """A process's work for its duties, only while it has them: planning, and reading the places."""
        yield self._do(PLANNING, self._take_over, planning)
        for connection, places in self._connections.items():
            yield self._do(listening(connection), partial(self._begin_to_listen, connection), reading(places))

    async def _do(self, duty: str, begin: Callable[[AsyncExitStack], Awaitable[None]], works: Works) -> None:
        while True:
            await self._duties.begins(duty)
            async with AsyncExitStack() as stack:
                await begin(stack)
                for work in works():
                    await stack.enter_async_context(running_task(work))
                await self._duties.ends(duty)

    async def _begin_to_listen(self, connection: str, stack: AsyncExitStack) -> None:
        if connection not in self._listening:
            for place in self._connections[connection]:
                self._monitor.listens_anew(place)
        stack.push_async_callback(self._listen, connection, wanted=False)
        await self._listen(connection, wanted=True)

    async def _take_over(self, _stack: AsyncExitStack) -> None:
        """Another process planned until now, unless this is the first duty: read what it planned, and the files."""
        before, self._term = self._term, self._duties.term
        if before == self._term:
            return
        try:
            async with self._scheduler.lock:
                await self._plan_sync.load()
        except StoreError as error:
            _log.warning("sharing.not_loaded", error=str(error))  # each change is compared with the store once more
        self._scheduler.reload()

    async def _listen(self, connection: str, *, wanted: bool) -> None:
        (self._listening.add if wanted else self._listening.discard)(connection)
        places = [self._places[place] for place in self._connections[connection]]
        await asyncio.gather(*(one.listen(wanted=wanted) for one in places))

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
