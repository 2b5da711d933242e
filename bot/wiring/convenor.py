"""Convenor, the whole bot: builds all parts, connects them, and runs them. What starts first stops last."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import structlog

from bot.chat import Programme
from bot.clock import Clock
from bot.errors import PlatformError
from bot.listening.budget import ReadingBudget
from bot.listening.conversation import StoredConversation
from bot.listening.final_sweep import FinalSweep
from bot.listening.listener import PlaceListener
from bot.listening.poller import AccountGroup, PolledPlace, Poller
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.messages import Edited, Image, Operation, Posted
from bot.ports.inbound import AdapterContext
from bot.ports.platform import Platform, Traits
from bot.scheduling.heartbeat import Heartbeat
from bot.scheduling.outage_notices import OutageNotices
from bot.scheduling.outbox import Outbox
from bot.scheduling.outbox_callbacks import OutboxCallbacks
from bot.scheduling.place_monitor import PlaceMonitor
from bot.scheduling.plan_sync import PlanSync, SchedulingRules
from bot.scheduling.scheduler import Scheduler
from bot.scheduling.store_watch import StoreWatch
from bot.settings.settings import Settings
from bot.store import chats
from bot.store.database import Database
from bot.wiring.adapters import Builder, builders
from bot.wiring.chat_services import ChatServices
from bot.wiring.concerns import Concerns
from bot.wiring.garbage_collector import tune_garbage_collector
from bot.wiring.health import HealthWatch
from bot.wiring.running_task import running_task
from bot.wiring.sharing import Sharing, shared_programme

_FIRST_ATTEMPTS = 5.0
"""Wall seconds to wait for the first attempt to open each place: a running chat must not wait for a slow platform."""

_log = structlog.get_logger()


class Convenor:
    """The whole bot. `running` starts and stops it."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        programme: Callable[[], Programme],
        platforms: Mapping[str, Builder] | None = None,
    ) -> None:
        self._settings = settings
        self._programme = programme
        self.clock = clock
        self.database = Database(settings.store.url)
        self.live_chats = LiveChats()
        self.notifications = Notifications()
        self.services = ChatServices(
            settings, database=self.database, live_chats=self.live_chats, notifications=self.notifications, clock=clock
        )
        self.inbox = self.services.inbox(answered=self._wake)
        self.service = self.services.service
        self._listeners = {place: PlaceListener(place, self.inbox, self._record_result) for place in settings.places}
        self.places = self._build(builders() if platforms is None else platforms)
        self.monitor = PlaceMonitor(self.database, self.places, clock)
        for listener in self._listeners.values():
            listener.raise_concern, listener.settle_concern = self.monitor.raise_concern, self.monitor.settle_concern
            listener.allowed = self.monitor.allowed
        self.services.add_places(self.places, self.monitor)
        self._concerns = Concerns(
            self.monitor, places=self.places, roles=self.services.roles, notifications=self.notifications
        )
        self._outbox = Outbox(
            self.database,
            self.places,
            clock=clock,
            lead=settings.hosting.lead,
            callbacks=OutboxCallbacks(
                on_sent=self._on_sent,
                on_edited=self._on_edited,
                on_answered=self._save_soon,
                on_saved=self._wake,
                on_result=self._record_result,
                on_failed=self._concerns.post_failed,
                on_wanted=self.monitor.want,
            ),
            available=self.monitor.available,
        )
        self._plan_sync = self._make_plan_sync()
        self._heartbeat = self._make_heartbeat()
        self.scheduler = self._make_scheduler()
        self._health = HealthWatch(self.database, self.scheduler, self.monitor, clock)
        self._sharing = Sharing(
            self.database,
            self.live_chats,
            self.notifications,
            inbox=self.inbox,
            plan_sync=self._plan_sync,
            scheduler=self.scheduler,
            services=self.services,
            places=self.places,
        )
        self.monitor.keeps_statuses = self.scheduler.on_duty
        held_back = self._plan_sync.held_back
        held_back.raise_concern, held_back.settle_concern = self.monitor.raise_concern, self.monitor.settle_concern
        self.services.connect(self._plan_sync, self._outbox, self.scheduler)
        self.monitor.on_changed = self._wake
        self._groups = {one.traits.platform: self._group(one.traits) for one in self.places.values()}
        self._readers = [self._make_readers(place) for place, one in self.places.items() if one.traits.sources]

    def conversation(self, place: str) -> StoredConversation:
        """The conversation as a place shows it."""
        return StoredConversation(
            place,
            live_chats=self.live_chats,
            notifications=self.notifications,
            database=self.database,
            clock=self.clock,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run until the block ends, then stop cleanly: calls under way are finished and saved.

        A platform that can't be reached does not stop the others. Raises SetupError if a place on this machine can't be
        opened with these settings.
        """
        tune_garbage_collector()
        async with AsyncExitStack() as stack:
            stack.callback(self.database.close)
            await self._sharing.join(stack)
            await self._plan_sync.load()
            if not self._sharing.duty.is_mine or await self._plan_sync.sync(self.clock.now()):
                self.scheduler.reload()  # the nearest chats are planned; the rest must not keep the bot from starting
            await self.services.roles.open()
            await self.inbox.open()
            await stack.enter_async_context(running_task(self.inbox.run()))
            await stack.enter_async_context(running_task(self.scheduler.follow_files()))
            await self._sharing.follow(stack)
            await self._open(stack)
            stack.push_async_callback(self._outbox.stop)
            stack.push_async_callback(self._heartbeat.stop)
            watch = StoreWatch(self.database, self.monitor, self.clock)
            for work in (watch.run(), self._outbox.run(), self._heartbeat.run()):
                await stack.enter_async_context(running_task(work))
            await stack.enter_async_context(running_task(self._sharing.do_duty(self._duties)))
            await stack.enter_async_context(running_task(self.scheduler.run(), stop=self.scheduler.stop))
            await stack.enter_async_context(running_task(self.services.worker.run()))
            self._health.started = True
            yield
            self._health.started = False

    def _duties(self) -> Iterator[Coroutine[None, None, None]]:
        """What only one process may do."""
        yield from (work.run() for reader in self._readers for work in reader)
        yield self.services.autopilot.run()

    async def _open(self, stack: AsyncExitStack) -> None:
        """Open all places concurrently. Returns after each was tried once, or after a few seconds."""
        tries = []
        for place, platform in self.places.items():
            tries.append(asyncio.Event())
            stack.push_async_callback(platform.close)
            await stack.enter_async_context(running_task(self.monitor.keep_open(place, tries[-1])))
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_ATTEMPTS):
                for tried in tries:
                    await tried.wait()

    def _build(self, platforms: Mapping[str, Builder]) -> dict[str, Platform]:
        secret = self.database.write_sync(chats.get_fact, "secret", lambda: secrets.token_urlsafe(32)) or ""
        return {
            place: platforms[settings.platform](
                settings,
                AdapterContext(
                    place=place,
                    clock=self.clock,
                    listener=self._listeners[place],
                    conversation=self.conversation(place),
                    commands=self.service,
                    secret=secret,
                    trouble=self.database.trouble_for_people,
                    health=lambda: self._health.look(),  # noqa: PLW0108 -- it is made after the places
                ),
            )
            for place, settings in self._settings.places.items()
        }

    def _make_plan_sync(self) -> PlanSync:
        hosting = self._settings.hosting
        return PlanSync(
            database=self.database,
            live_chats=self.live_chats,
            notifications=self.notifications,
            places={place: platform.traits for place, platform in self.places.items()},
            rules=SchedulingRules(
                late=hosting.late,
                shift=hosting.shift,
                open_before=hosting.open_before,
                open_after=hosting.open_after,
            ),
            programme=shared_programme(self._settings, self.database, self._programme),
            available=self.monitor.available,
        )

    def _make_heartbeat(self) -> Heartbeat:
        unreadable = frozenset(place for place, platform in self.places.items() if not platform.traits.sources)
        return Heartbeat(
            database=self.database,
            live_chats=self.live_chats,
            store_event=self.inbox.hear,
            clock=self.clock,
            unreadable=unreadable,
        )

    def _make_scheduler(self) -> Scheduler:
        traits = {place: platform.traits for place, platform in self.places.items()}
        return Scheduler(
            clock=self.clock,
            plan_sync=self._plan_sync,
            outbox=self._outbox,
            monitor=self.monitor,
            outage_notices=OutageNotices(
                self.database, self.live_chats, self.monitor, traits, self._settings.hosting.lost
            ),
            live_chats=self.live_chats,
            notifications=self.notifications,
        )

    def _group(self, traits: Traits) -> AccountGroup:
        """The places on this platform."""
        same = (place for place, one in self.places.items() if one.traits.platform == traits.platform)
        return AccountGroup(tuple(same), self.monitor.available)

    def _make_readers(self, name: str) -> tuple[Poller, FinalSweep]:
        """The poller and the final sweep of a place that has to be polled."""
        platform, listener = self.places[name], self._listeners[name]
        listener.use_push_source(platform.traits)
        place = PolledPlace(
            name=name,
            platform=platform,
            listener=listener,
            budget=ReadingBudget(name, platform.traits, self.database, self._concerns.budget_used_up),
            group=self._groups[platform.traits.platform],
            available=lambda: self.monitor.available(name),
        )
        poller = Poller(
            place,
            inbox=self.inbox,
            live_chats=self.live_chats,
            clock=self.clock,
            record_result=self._record_result,
        )
        sweep = FinalSweep(
            place,
            poller=poller,
            inbox=self.inbox,
            live_chats=self.live_chats,
            clock=self.clock,
            database=self.database,
        )
        return poller, sweep

    def _wake(self) -> None:
        """Wake the scheduler: something may be due."""
        self.scheduler.wake()

    def _save_soon(self) -> bool:
        """Wake the scheduler: it saves outcomes and claims what waited for them, in one transaction."""
        self.scheduler.wake()
        return True

    def _record_result(self, place: str, error: PlatformError | None, operation: Operation = "send") -> None:
        self.monitor.record_result(place, error, operation)

    def _on_edited(self, chat: str, edited: Edited) -> None:
        self.live_chats.change_post(edited.place, edited.id, edited.text)
        self.notifications.notify(chat, "asked")

    def _on_sent(self, posted: Posted, image: Image | None) -> None:
        """Show a sent post before it is saved."""
        self.live_chats.add_post(posted, image)
        if posted.chat is not None:
            self.notifications.notify(posted.chat, "asked")
