"""Plan sync keeps the plan in the database in step with the chat files, and moves it when a chat fell behind.

`planning` decides what the plan is and how it moves; this module saves it and updates the live chats. It reads no file:
`programme` returns the chats.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection

from bot.chat import Chat, Programme
from bot.errors import StoreError
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.messages import Value
from bot.ports.platform import Traits
from bot.publication import USUAL_WAIT
from bot.scheduling.file_plans import places_of, plan_files
from bot.scheduling.held_back import SCHEDULES, HeldBackFiles
from bot.scheduling.known_chats import KnownChats
from bot.scheduling.late_plans import move_late
from bot.scheduling.plan_changes import PlanChange, basis, write_removals
from bot.scheduling.planned_files import PlannedFiles, file_versions
from bot.store import chats, messages, outbox_queries, place_status
from bot.store.chats import ChatState
from bot.store.database import Database
from bot.store.outbox_queries import Upcoming

_BATCH = 50
"""Chats that are planned in one transaction: a question that is due must not wait for thousands."""

_log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")


class SchedulingRules(Value, frozen=True, kw_only=True):
    """The settings that decide how plans move, when chats are open, and when they are published."""

    late: timedelta
    shift: timedelta
    open_before: timedelta
    open_after: timedelta
    publish_after: timedelta = USUAL_WAIT


class PlanSync:
    """The plans of all chats. Only posts of `available` places count as late: the others catch up later.

    `lock` is held while a plan changes, and by the scheduler and the commands for the same reason. `held_back` are
    files that look like a chat that there is already. `may_plan` is asked last in each transaction: this process may
    have stood still while another took over.
    """

    def __init__(
        self,
        *,
        database: Database,
        live_chats: LiveChats,
        notifications: Notifications,
        places: Mapping[str, Traits],
        rules: SchedulingRules,
        programme: Callable[[], Programme],
        available: Callable[[str], bool] = lambda _place: True,
    ) -> None:
        self._database = database
        self._live_chats = live_chats
        self._notifications = notifications
        self._places = places
        self._rules = rules
        self._programme = programme
        self._available = available
        self._files = PlannedFiles(database, basis(places, rules))
        self._known = KnownChats(places, live_chats)
        self.held_back = HeldBackFiles()
        self.may_plan: Callable[[Connection], bool] = lambda _connection: True
        self.lock = asyncio.Lock()

    async def load(self) -> None:
        """Load the chats from the database, and the posts that were sent."""
        coming = await self._database.read(outbox_queries.planned_times, list(self._places))
        stored_chats = await self._database.read(chats.all_chats)
        self._update_live([(one.chat, one.ends, one.state) for one in stored_chats], coming)
        await self._files.load(stored_chats)
        self._known.load(stored_chats)
        self.held_back.load(await self._database.read(place_status.concerns_at, SCHEDULES))
        pictures = await self._database.read(outbox_queries.sent_images)
        posts = await self._database.read(messages.own_posts)
        self._live_chats.add_posts((one, pictures.get((one.place, one.id))) for one in posts)

    @property
    def files(self) -> PlannedFiles:
        """The files that were planned, and how many are still to be read."""
        return self._files

    async def reload(self, name: str) -> None:
        """Load a chat again after a command, or another process, changed its plan in the database."""
        stored = await self._database.read(chats.find, name)
        if stored is None:
            self._live_chats.remove(name)
        else:
            coming = await self._database.read(outbox_queries.planned_times, list(self._places), [name])
            self._update_live([(stored.chat, stored.ends, stored.state)], coming)
            self._notifications.notify(name, "state")

    async def sync(self, now: datetime) -> bool:
        """Update the plans from chat files: of many only some at once. Returns whether there are more.

        The nearest chat comes first. `lock` is taken for a batch at a time, so that due posts go out meanwhile.
        """
        programme = await asyncio.to_thread(self._programme)
        await self._files.begin()
        there = {chat.name for chat in programme.chats} | programme.invalid | programme.unread
        changed = sorted(self._files.changed(programme), key=lambda chat: abs(chat.starts - now))
        if self._database.is_shared and not all(self._known.has_file(chat.name) for chat in changed):
            self._known.load(await self._database.read(chats.all_chats))  # another process may have planned them
        self._known.look(there)
        self.held_back.look(there)
        for batch in _batches(changed):
            async with self.lock:
                await self._plan_files(batch, programme.versions, now)
        if not programme.unread:  # one of these may be a file that was renamed
            gone = [live for live in self._live_chats.by_name.values() if self._is_removed(live, now)]
            self.held_back.look_for_missing({live.chat.name for live in gone})
            for some in _batches([(live, live.chat.starts) for live in gone]):
                async with self.lock:
                    await self._remove(some, now)
            await self._files.end()
        self._files.was_read(programme)
        await self._files.save_reading()
        return bool(programme.unread)

    async def read_files(self) -> bool:
        """Have the chat files read, for the process on duty, which plans them. Returns whether there are more."""
        programme = await asyncio.to_thread(self._programme)
        self._files.was_read(programme)
        return bool(programme.unread)

    def _is_removed(self, live: LiveChat, now: datetime) -> bool:
        """Whether the file of a chat was deleted before its start. One that was called off stays so, file or not."""
        return now < live.chat.starts and self._known.is_gone(live.chat.name) and not live.state.cancelled

    async def _remove(self, gone: Sequence[tuple[LiveChat, datetime]], now: datetime) -> None:
        """Remove chats, unless one has begun or was moved meanwhile, or people were told of it: that one is held.

        What was sent already stays on record.
        """
        waiting = [live.chat for live, starts in gone if live.chat.starts == starts]
        files = {chat.name: self._known.file_of(chat.name) for chat in waiting}
        removals = [(chat, self._traits(chat)) for chat in waiting]
        removed, told = await self._write(write_removals, removals, [*files.values()], now)
        for chat in waiting:
            if chat.name in told:
                self.held_back.miss(files[chat.name], chat.name)
        self._live_chats.remove(*removed)
        self._files.forget(files[name] for name in removed)
        for name, is_kept in removed.items():
            self._known.forget(name, kept=is_kept)
            _log.info("plan_sync.chat_removed", chat=name)

    async def _plan_files(self, changed: Sequence[Chat], versions: Mapping[str, str], now: datetime) -> None:
        """Plan new and changed files, all or none, except those that are held back."""
        same = [chat for chat in changed if self._files.planned(chat.name) == chat]  # written again as it was
        new = {name: chat for chat in changed if chat not in same if (name := await self._name_of(chat, now))}
        files = file_versions([*same, *new.values()], versions)
        if not new and not files:
            return
        on = frozenset(name for name in new if name in self._live_chats.by_name)
        changes, coming = await self._write(
            plan_files, new, files, now, places=self._places, slack=self._rules.shift, on=on
        )
        self._show(changes, coming)
        self._files.remember(new.values(), files)

    async def _name_of(self, file: Chat, now: datetime) -> str | None:
        """The name of the chat that a file is; None if it is held back."""
        verdict = self._known.judge(file, now)
        if verdict.why:
            self.held_back.hold(file.name, verdict.name, verdict.why)
            return None
        self.held_back.settle(file.name)
        name, live = verdict.name, self._live_chats.by_name.get(verdict.name)
        if verdict.renamed and live is not None and now < live.chat.starts:
            # nobody knows it by its old name yet
            name = file.name if await self._database.read(chats.is_untouched, name) else name
        if verdict.renamed:
            _log.info("plan_sync.file_renamed", chat=name, before=self._known.file_of(verdict.name), file=file.name)
        self._known.remember(name, file)
        return name

    def _show(self, changes: Sequence[PlanChange], coming: Mapping[str, tuple[Upcoming, ...]]) -> None:
        self._update_live([(one.chat, one.ends, one.state) for one in changes], coming)
        for one in changes:
            chat = one.chat
            self._notifications.notify(chat.name, "state")
            _log.info("plan_sync.chat_planned", chat=chat.name, starts=chat.starts.isoformat(), posts=len(one.planned))
            if one.report:
                _log.info("plan_sync.file_edited", chat=chat.name, what=one.report)

    async def catch_up(self, now: datetime) -> None:
        """Skip what is too late, and move the rest of every chat that fell behind, with a notice."""
        places, before = list(self._places), now - self._rules.late
        reachable = [place for place in places if self._available(place)]
        found, overdue = await self._database.read(outbox_queries.outdated, places, reachable, now, before)
        if found:
            late, passed = await self._database.write("outgoing", outbox_queries.skip_outdated, places, now, before)
            for post in late:
                _log.warning("scheduler.post_expired", chat=post.chat, key=post.key, place=post.place)
            for post in passed:
                _log.warning("plan_sync.superseded", chat=post.chat, key=post.key, place=post.place)
            overdue = await self._database.read(outbox_queries.overdue_chats, reachable, before)
        for name in overdue:
            if name in self._live_chats.by_name:
                await self._move(name, now)

    async def _move(self, name: str, now: datetime) -> None:
        rules = self._rules
        moved = await self._write(move_late, name, now, places=self._places, late=rules.late, slack=rules.shift)
        if moved is not None:
            change, coming = moved
            self._show([change], coming)
            _log.warning("plan_sync.moved", chat=name, posts=len(change.planned), ends=change.ends.isoformat())

    async def _write(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Change plans in one transaction. Raises StoreError, also where another process plans by now."""

        def change(connection: Connection) -> T:
            result = query(connection, *args, **kwargs)
            if not self.may_plan(connection):
                raise StoreError("Another process plans the chats now.")
            return result

        return await self._database.write("outgoing", change)

    def _update_live(
        self, changed: Iterable[tuple[Chat, datetime, ChatState]], coming: Mapping[str, tuple[Upcoming, ...]]
    ) -> None:
        """Show chats with their ends, states and the times of their posts to come."""
        new = []
        open_for = (self._rules.open_before, self._rules.open_after)
        for chat, ends, state in changed:
            live, places = self._live_chats.by_name.get(chat.name), tuple(self._traits(chat))
            if live:
                live.update(chat, ends, places, state)
            else:
                wait = self._rules.publish_after
                live = LiveChat(chat, ends=ends, places=places, open_for=open_for, state=state, publish_after=wait)
                new.append(live)
            live.upcoming = coming.get(chat.name, ())
        self._live_chats.add(*new)

    def _traits(self, chat: Chat) -> dict[str, Traits]:
        return places_of(chat, self._places)


def _batches(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    return (whole[at : at + _BATCH] for at in range(0, len(whole), _BATCH))
