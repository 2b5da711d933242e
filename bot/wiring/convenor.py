"""Convenor, the whole bot: builds all parts, connects them, and runs them. What starts first stops last."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from bot.chat import Programme
from bot.clock import Clock
from bot.listening.conversation import StoredConversation
from bot.ports.health import Health
from bot.scheduling.store_watch import StoreWatch
from bot.settings.settings import Settings
from bot.wiring.adapters import Builder, builders
from bot.wiring.afterwards import Afterwards
from bot.wiring.chat_services import ChatServices
from bot.wiring.concerns import Concerns
from bot.wiring.foundation import Foundation, foundation
from bot.wiring.garbage_collector import tune_garbage_collector
from bot.wiring.health import HealthWatch
from bot.wiring.metrics import Metrics
from bot.wiring.places import Places
from bot.wiring.platform_readers import readers
from bot.wiring.posting import Posting
from bot.wiring.running_task import running_task
from bot.wiring.sharing import Sharing
from bot.wiring.team import team_service


class Convenor:
    """The whole bot. `running` starts and stops it. With `plans_chats` its rooms have the page of the team."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        programme: Callable[[], Programme],
        platforms: Mapping[str, Builder] | None = None,
        plans_chats: bool = False,
    ) -> None:
        ground = foundation(settings, clock)
        _, self.clock, self.database, self.live_chats, self.notifications = ground
        self.services = ChatServices(ground)
        self.service = self.services.service
        self.inbox = self.services.inbox(answered=self._wake)
        self._team = team_service(ground, self._replan) if plans_chats else None
        self._places = self._make_places(ground, builders() if platforms is None else platforms)
        self.places, self.monitor = self._places.platforms, self._places.monitor
        self.services.add_places(self.places, self.monitor)
        concerns = Concerns(
            self.monitor, places=self.places, roles=self.services.roles, notifications=self.notifications
        )
        self._posting = Posting(ground, places=self._places, inbox=self.inbox, concerns=concerns, programme=programme)
        self.plan_sync, self.scheduler = self._posting.plan_sync, self._posting.scheduler
        self._health = HealthWatch(self.database, self.scheduler, self.monitor, clock)
        self._metrics = Metrics(self.database, self.scheduler, self.monitor, self.places, clock)
        self.services.connect(self.plan_sync, self._posting.outbox, self.scheduler)
        self.afterwards = self._make_afterwards(ground)
        self._sharing = self._make_sharing(ground)
        self._readers = list(readers(ground, self._places, self.inbox, concerns))

    def conversation(self, place: str) -> StoredConversation:
        """The conversation as a place shows it."""
        return self._places.conversation(place)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run until the block ends, then stop cleanly: running calls are finished and their results saved.

        A platform that can't be reached does not stop the others. Raises SetupError if a place on this machine can't be
        opened with these settings.
        """
        tune_garbage_collector()
        async with AsyncExitStack() as stack:
            stack.callback(self.database.close)
            await self._sharing.join(stack)
            await self.plan_sync.load()
            if not self.scheduler.on_duty() or await self.plan_sync.sync(self.clock.now()):
                self.scheduler.reload()  # the nearest chats are planned; the rest must not keep the bot from starting
            self.afterwards.open(stack)
            await self.services.roles.open()
            await self.inbox.open()
            await stack.enter_async_context(running_task(self.inbox.run()))
            await stack.enter_async_context(running_task(self.scheduler.follow_files()))
            await self._sharing.follow(stack)
            await self._places.open(stack)
            if self._team is not None:
                stack.push_async_callback(self._team.rehearsals.close)
            await self._posting.run(stack)
            watch = StoreWatch(self.database, self.monitor, self.clock)
            await stack.enter_async_context(running_task(watch.run()))
            for work in self._sharing.duties(self._helping, self._reading):
                await stack.enter_async_context(running_task(work))
            await stack.enter_async_context(running_task(self.scheduler.run(), stop=self.scheduler.stop))
            await stack.enter_async_context(running_task(self.services.worker.run()))
            await self.afterwards.run(stack)
            self._health.started = True
            yield
            self._health.started = False

    async def _reload_people(self) -> None:
        """Read again who asked for what, and who has a role."""
        await self.inbox.reload_people()
        await self.services.roles.open()

    def _wake(self) -> None:
        """Wake the scheduler: something may be due. It is built after the parts that call this."""
        self.scheduler.wake()

    def _replan(self) -> None:
        """Read changed chat files. The scheduler is built after the parts that call this."""
        self.scheduler.reload()

    async def _look(self) -> Health:
        """The health of the bot. The watch is built after the parts that call this."""
        return await self._health.look()

    async def _measure(self) -> bytes:
        """The metrics of the bot. They are built after the parts that call this."""
        return await self._metrics.text()

    def _helping(self) -> Iterator[Coroutine[None, None, None]]:
        """Work for the process that plans, and no other."""
        yield self.services.autopilot.run()
        yield from self.afterwards.planning()

    def _make_places(self, ground: Foundation, platforms: Mapping[str, Builder]) -> Places:
        return Places(
            ground,
            platforms,
            inbox=self.inbox,
            commands=self.service,
            health=self._look,
            metrics=self._measure,
            team=self._team,
        )

    def _make_afterwards(self, ground: Foundation) -> Afterwards:
        return Afterwards(
            ground,
            self.monitor,
            execute_own=self.service.executor.execute_own,
            reload_people=self._reload_people,
            reload_chat=self.plan_sync.reload,
        )

    def _make_sharing(self, ground: Foundation) -> Sharing:
        return Sharing(
            ground,
            inbox=self.inbox,
            plan_sync=self.plan_sync,
            scheduler=self.scheduler,
            services=self.services,
            places=self.places,
            monitor=self.monitor,
        )

    def _reading(self, places: Collection[str]) -> Callable[[], Iterator[Coroutine[None, None, None]]]:
        """Work for the process that listens on these places, and no other."""
        return lambda: (one.run() for where, one in self._readers if where in places)
