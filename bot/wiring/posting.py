"""Builds what posts: the plan, the outbox, the heartbeat and the scheduler that turns them, and connects them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial

from bot.authoring.schedules import Schedules
from bot.chat import Programme
from bot.listening.inbox import Inbox
from bot.messages import Edited, Image, Posted
from bot.scheduling import stored_files
from bot.scheduling.heartbeat import Heartbeat
from bot.scheduling.outage_notices import OutageNotices
from bot.scheduling.outbox import Outbox
from bot.scheduling.outbox_callbacks import OutboxCallbacks
from bot.scheduling.plan_sync import PlanSync, SchedulingRules
from bot.scheduling.programmes import BothProgrammes
from bot.scheduling.scheduler import Scheduler
from bot.scheduling.stored_files import StoredFiles
from bot.store import chat_files
from bot.wiring.concerns import Concerns
from bot.wiring.foundation import Foundation
from bot.wiring.places import Places
from bot.wiring.running_task import running_task
from bot.wiring.sharing import shared_programme


class Posting:
    """The way out of the bot. A post is shown before it is saved; the scheduler is woken where something may be due."""

    def __init__(
        self,
        foundation: Foundation,
        *,
        places: Places,
        inbox: Inbox,
        concerns: Concerns,
        programme: Callable[[], Programme],
    ) -> None:
        self._foundation, self._places = foundation, places
        self.plan_sync = self._make_plan_sync(programme)
        self.outbox = self._make_outbox(concerns)
        self.heartbeat = self._make_heartbeat(inbox)
        self.scheduler = self._make_scheduler()
        monitor, held_back = places.monitor, self.plan_sync.held_back
        held_back.raise_concern, held_back.settle_concern = monitor.raise_concern, monitor.settle_concern
        monitor.on_changed = self.scheduler.wake

    async def run(self, stack: AsyncExitStack) -> None:
        """Save what was sent and keep the heart beating until the stack closes; then finish the calls under way."""
        stack.push_async_callback(self.outbox.stop)
        stack.push_async_callback(self.heartbeat.stop)
        watch = stored_files.watch(self._foundation.database, self.scheduler.reload)
        for work in (self.outbox.run(), self.heartbeat.run(), watch):
            await stack.enter_async_context(running_task(work))

    def _make_plan_sync(self, programme: Callable[[], Programme]) -> PlanSync:
        settings, _, database, live_chats, notifications = self._foundation
        hosting = settings.hosting
        platforms = {place: traits.platform for place, traits in self._places.traits().items()}
        stored = Schedules(StoredFiles(database, self._foundation.clock), platforms, self._foundation.clock)
        stored.known = partial(database.read_sync, chat_files.all_files)
        return PlanSync(
            database=database,
            live_chats=live_chats,
            notifications=notifications,
            places=self._places.traits(),
            rules=SchedulingRules(
                late=hosting.late,
                shift=hosting.shift,
                open_before=hosting.open_before,
                open_after=hosting.open_after,
                publish_after=settings.publication.draft,
            ),
            programme=BothProgrammes(shared_programme(settings, database, programme), stored),
            available=self._places.monitor.available,
        )

    def _make_outbox(self, concerns: Concerns) -> Outbox:
        return Outbox(
            self._foundation.database,
            self._places.platforms,
            clock=self._foundation.clock,
            lead=self._foundation.settings.hosting.lead,
            callbacks=OutboxCallbacks(
                on_sent=self._on_sent,
                on_edited=self._on_edited,
                on_answered=self._save_soon,
                on_saved=lambda: self.scheduler.wake(),  # noqa: PLW0108 -- it is made after the outbox
                on_result=self._places.record_result,
                on_failed=concerns.post_failed,
                on_wanted=self._places.monitor.want,
            ),
            available=self._places.monitor.available,
        )

    def _make_heartbeat(self, inbox: Inbox) -> Heartbeat:
        return Heartbeat(
            database=self._foundation.database,
            live_chats=self._foundation.live_chats,
            store_event=inbox.hear,
            clock=self._foundation.clock,
            unreadable=frozenset(place for place, traits in self._places.traits().items() if not traits.sources),
        )

    def _make_scheduler(self) -> Scheduler:
        settings, clock, database, live_chats, notifications = self._foundation
        monitor = self._places.monitor
        return Scheduler(
            clock=clock,
            plan_sync=self.plan_sync,
            outbox=self.outbox,
            monitor=monitor,
            outage_notices=OutageNotices(database, live_chats, monitor, self._places.traits(), settings.hosting.lost),
            live_chats=live_chats,
            notifications=notifications,
        )

    def _save_soon(self) -> bool:
        """Wake the scheduler: it saves outcomes and claims what waited for them, in one transaction."""
        self.scheduler.wake()
        return True

    def _on_edited(self, chat: str, edited: Edited) -> None:
        self._foundation.live_chats.change_post(edited.place, edited.id, edited.text)
        self._foundation.notifications.notify(chat, "asked")

    def _on_sent(self, posted: Posted, image: Image | None) -> None:
        """Show a sent post before it is saved."""
        self._foundation.live_chats.add_post(posted, image)
        if posted.chat is not None:
            self._foundation.notifications.notify(posted.chat, "asked")
