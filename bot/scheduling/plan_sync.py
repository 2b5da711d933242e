"""Plan sync keeps the plan in the database in step with the chat files, and moves it when a chat fell behind.

`planning` decides what the plan is and how it moves; this module saves it and updates the live chats. It reads no file:
`programme` returns the chats.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot.chat import Chat, Programme, Slot
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.messages import Value
from bot.ports.platform import Traits
from bot.scheduling import planning, timeline
from bot.store import chats, messages, outbox_queries, planned_posts
from bot.store.chats import ChatState
from bot.store.database import Database

_log = structlog.get_logger()


class SchedulingRules(Value, frozen=True, kw_only=True):
    """The settings in `[hosting]` that decide how plans move and when chats are open."""

    late: timedelta
    shift: timedelta
    open_before: timedelta
    open_after: timedelta


class PlanSync:
    """The plans of all chats. Only posts of `available` places count as late: the others catch up later."""

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
        self._from_file: dict[str, Chat] = {}

    async def load(self) -> None:
        """Load the live chats from the database, and the posts that were sent."""
        rows = await self._database.read(outbox_queries.outbox_rows)
        for stored in await self._database.read(chats.all_chats):
            self._update_live(stored.chat, stored.ends, stored.state)
            if stored.state.plan_changed and stored.written is not None:
                self._from_file[stored.chat.name] = stored.written  # the same file must not undo what commands changed
            self._set_coming(stored.chat, [row for row in rows if row.post.chat == stored.chat.name])
        pictures = {(row.post.place, row.receipt): row.post.image for row in rows}
        for posted in await self._database.read(messages.own_posts):
            self._live_chats.add_post(posted, pictures.get((posted.place, posted.id)))

    async def reload(self, name: str) -> None:
        """Load a chat again after a command changed its plan in the database."""
        stored = await self._database.read(chats.find, name)
        if stored is not None:
            self._update_live(stored.chat, stored.ends, stored.state)
            self._set_coming(stored.chat, await self._rows(stored.chat))
            self._notifications.notify(name, "state")

    async def sync(self, now: datetime) -> None:
        """Update the plan from the chat files. A chat that is running keeps its times."""
        programme = await asyncio.to_thread(self._programme)
        named = {chat.name for chat in programme.chats} | programme.invalid
        for name, live in list(self._live_chats.by_name.items()):
            if name not in named and now < live.chat.starts:
                await self._remove(live, now)
        for chat in programme.chats:
            if self._from_file.get(chat.name) != chat:
                await self._plan_file(chat, now)
                self._from_file[chat.name] = chat

    async def _remove(self, live: LiveChat, now: datetime) -> None:
        """Remove a chat whose file was deleted before its start. What was sent already stays on record."""
        name, entered = live.chat.name, await self._database.read(outbox_queries.calendar_places, live.chat.name)
        places = {place: traits for place, traits in self._traits(live.chat).items() if place in entered}
        await self._database.write(
            "outgoing", _write_removal, name, planning.cancelled_calendar_posts(live.chat, places, now)
        )
        self._live_chats.remove(name)
        self._from_file.pop(name, None)
        _log.info("plan_sync.chat_removed", chat=name)

    async def _plan_file(self, chat: Chat, now: datetime) -> None:
        """Plan a new or changed file: all of it before the chat starts, only its texts during it, nothing after it."""
        live = self._live_chats.by_name.get(chat.name)
        if live is not None and live.state.cancelled and self._planned_start(chat) == chat.starts:
            _log.info("plan_sync.called_off", chat=chat.name, remedy="give it another start to hold it after all")
            return
        if live is not None and live.chat.starts <= now < live.ends:
            await self._reword(live, chat)
            return
        if timeline.is_over(chat, now) or self._runs_under_other_name(chat, now):
            _log.info("plan_sync.not_planned", chat=chat.name, remedy="give it a later start, or a file of its own")
            return
        if live is not None and now >= live.ends and any(row.attempts for row in await self._rows(chat)):
            _log.warning("plan_sync.chat_was_held", chat=chat.name, remedy="give the new chat a file of its own")
            return
        await self._save_plan(chat, chat.ends, timeline.all_slots(chat), under_way=False, written=chat)

    def _planned_start(self, chat: Chat) -> datetime | None:
        """The start in the previous version of the chat's file, or None."""
        before = self._from_file.get(chat.name)
        return before.starts if before else None

    def _runs_under_other_name(self, chat: Chat, now: datetime) -> bool:
        """Whether this is a running chat whose file was renamed: its questions must not be asked twice."""
        others = [live for name, live in self._live_chats.by_name.items() if name != chat.name]
        return any(
            live.chat.starts <= now < live.ends and (live.chat.starts, live.chat.title) == (chat.starts, chat.title)
            for live in others
        )

    async def _reword(self, live: LiveChat, chat: Chat) -> None:
        written, chat = chat, _reworded(live.chat, chat)
        slots = planning.untried_slots(chat, await self._rows(chat), states=("planned", "paused"))
        await self._save_plan(chat, live.ends, slots, under_way=True, written=written)

    async def _save_plan(
        self, chat: Chat, ends: datetime, slots: Sequence[Slot], *, under_way: bool, written: Chat | None = None
    ) -> None:
        """Save the posts of these slots. With `under_way` the chat's state and its other posts stay as they are."""
        planned = planning.plan_posts(chat, slots, self._traits(chat), ends=ends, slack=self._rules.shift)
        live = self._live_chats.by_name.get(chat.name)
        state = live.state if live and under_way else ChatState()
        only = {one.post.key for one in planned} if under_way else None
        await self._database.write("outgoing", _write_plan, chat, ends, state, planned, written=written, only=only)
        self._update_live(chat, ends, state)
        self._set_coming(chat, await self._rows(chat))
        self._notifications.notify(chat.name, "state")
        _log.info("plan_sync.chat_planned", chat=chat.name, starts=chat.starts.isoformat(), posts=len(planned))

    async def catch_up(self, now: datetime) -> None:
        """Move the rest of every chat that fell behind, with a notice."""
        before = now - self._rules.late
        for post in await self._database.write(
            "outgoing", outbox_queries.skip_superseded, list(self._places), now, before
        ):
            _log.warning("plan_sync.superseded", chat=post.chat, key=post.key, place=post.place)
        reachable = [place for place in self._places if self._available(place)]
        for name in await self._database.write("outgoing", outbox_queries.overdue_chats, reachable, before):
            if name in self._live_chats.by_name:
                await self._move(self._live_chats.by_name[name], now)

    async def _move(self, live: LiveChat, now: datetime) -> None:
        chat, rules = live.chat, self._rules
        rows = await self._rows(chat)
        move = planning.move_late_slots(chat, rows, ends=live.ends, now=now, grace=rules.late, slack=rules.shift)
        if move is None:
            return
        slots = [*move.slots, move.notice] if move.notice else list(move.slots)
        await self._save_plan(chat, move.ends, slots, under_way=True)
        _log.warning("plan_sync.moved", chat=chat.name, posts=len(move.slots), ends=move.ends.isoformat())

    async def _rows(self, chat: Chat) -> list[outbox_queries.OutboxRow]:
        rows = await self._database.write("outgoing", outbox_queries.outbox_rows, chat.name)
        return [row for row in rows if row.post.place in self._places]

    def _set_coming(self, chat: Chat, rows: Iterable[outbox_queries.OutboxRow]) -> None:
        coming = tuple(row.post.due for row in rows if row.state == "planned")
        self._live_chats.by_name[chat.name].upcoming = coming

    def _update_live(self, chat: Chat, ends: datetime, state: ChatState) -> None:
        live, places = self._live_chats.by_name.get(chat.name), tuple(self._traits(chat))
        if live:
            live.update(chat, ends, places, state)
            return
        open_for = (self._rules.open_before, self._rules.open_after)
        self._live_chats.add(LiveChat(chat, ends=ends, places=places, open_for=open_for, state=state))

    def _traits(self, chat: Chat) -> dict[str, Traits]:
        """The places of a chat: those that it names, or all."""
        return {place: traits for place, traits in self._places.items() if not chat.places or place in chat.places}


def _reworded(old: Chat, new: Chat) -> Chat:
    """A running chat with new texts and the old times."""
    updated = {question.key: question for question in new.questions}
    questions = tuple(
        msgspec.structs.replace(updated.get(question.key, question), at=question.at) for question in old.questions
    )
    return msgspec.structs.replace(new, starts=old.starts, length=old.length, questions=questions)


def _write_plan(
    connection: Connection,
    chat: Chat,
    ends: datetime,
    state: ChatState,
    planned: list[planned_posts.PlannedPost],
    *,
    written: Chat | None,
    only: Collection[str] | None,
) -> None:
    """Save a chat and its posts, all or nothing. Other untried posts are skipped, of all keys or of `only` these."""
    chats.save_chat(connection, chat, ends)
    chats.save_state(connection, chat.name, state)
    if written is not None:
        chats.save_file_version(connection, written)
    planned_posts.save_plan(connection, planned)
    keep = {(one.post.key, one.post.place, one.post.part) for one in planned}
    planned_posts.skip_unplanned(connection, chat.name, keep, only=only)
    if state.paused_at is not None:
        planned_posts.pause_posts(
            connection, chat.name, {one.post.key for one in planned if one.post.kind == "question"}
        )


def _write_removal(connection: Connection, name: str, cancelled: list[planned_posts.PlannedPost]) -> None:
    planned_posts.skip_unplanned(connection, name, ())
    planned_posts.save_plan(connection, cancelled)
    chats.remove_chat(connection, name)
