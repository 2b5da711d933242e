"""Keeps the plan in the store in step with the chat files, and moves it when a chat fell behind.

What the plan is, and how it moves, `planning` says; this room writes it down and keeps the halls true to it. It reads
no file: `programme` brings it the chats.
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
from bot.store import chats, messages, outbox, outbox_queries, planned_posts
from bot.store.chats import ChatState
from bot.store.database import Database

_log = structlog.get_logger()


class SchedulingRules(Value, frozen=True, kw_only=True):
    """The operator's choices for the hour, as in `[hosting]` of the settings."""

    late: timedelta
    shift: timedelta
    open_before: timedelta
    open_after: timedelta


class PlanSync:
    """The plan of every chat on every place. It moves for places that are `available`: the others catch up later."""

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
        self._planned: dict[str, Chat] = {}

    async def open(self) -> None:
        """Remember everything: the chats, and what was said where."""
        lines = await self._database.read(outbox_queries.outbox_rows)
        for one in await self._database.read(chats.all_chats):
            self._enter(one.chat, one.ends, one.state)
            if one.state.steered and one.written is not None:
                self._planned[one.chat.name] = one.written  # the same file must not undo what was steered
            self._note_coming(one.chat, [line for line in lines if line.post.chat == one.chat.name])
        pictures = {(line.post.place, line.receipt): line.post.image for line in lines}
        for posted in await self._database.read(messages.own_posts):
            self._live_chats.say(posted, pictures.get((posted.place, posted.id)))

    async def refresh(self, name: str) -> None:
        """Somebody else changed the plan of a chat in the store: take note of it."""
        one = await self._database.read(chats.find, name)
        if one is not None:
            self._enter(one.chat, one.ends, one.state)
            self._note_coming(one.chat, await self._lines(one.chat))
            self._notifications.ring(name, "state")

    async def sync(self, now: datetime) -> None:
        """Bring the plan in step with the chat files. A chat that is on keeps its times."""
        programme = await asyncio.to_thread(self._programme)
        named = {chat.name for chat in programme.chats} | programme.doubtful
        for name, live in list(self._live_chats.by_name.items()):
            if name not in named and now < live.chat.starts:
                await self._remove(live, now)
        for chat in programme.chats:
            if self._planned.get(chat.name) != chat:
                await self._admit(chat, now)
                self._planned[chat.name] = chat

    async def _remove(self, live: LiveChat, now: datetime) -> None:
        """A file that is gone before its hour takes its chat along; what was said already stays on record."""
        name, entered = live.chat.name, await self._database.read(outbox_queries.calendar_places, live.chat.name)
        places = {place: traits for place, traits in self._traits(live.chat).items() if place in entered}
        await self._database.write("outgoing", _write_removal, name, planning.struck(live.chat, places, now))
        self._live_chats.leave(name)
        self._planned.pop(name, None)
        _log.info("agenda.chat_removed", chat=name)

    async def _admit(self, chat: Chat, now: datetime) -> None:
        """Plan a new or changed file: whole before the chat's hour, its words during it, nothing after it."""
        live = self._live_chats.by_name.get(chat.name)
        if live is not None and live.state.cancelled and self._hour(chat) == chat.starts:
            _log.info("agenda.called_off", chat=chat.name, remedy="give it another start to hold it after all")
            return
        if live is not None and live.chat.starts <= now < live.ends:
            await self._reword(live, chat)
            return
        if timeline.over(chat, now) or self._goes_on_elsewhere(chat, now):
            _log.info("agenda.not_planned", chat=chat.name, remedy="give it a later start, or a file of its own")
            return
        if live is not None and now >= live.ends and any(line.attempts for line in await self._lines(chat)):
            _log.warning("agenda.chat_was_held", chat=chat.name, remedy="give the new chat a file of its own")
            return
        await self._plan(chat, chat.ends, timeline.slots(chat), under_way=False, written=chat)

    def _hour(self, chat: Chat) -> datetime | None:
        """The start that the chat's file had before."""
        before = self._planned.get(chat.name)
        return before.starts if before else None

    def _goes_on_elsewhere(self, chat: Chat, now: datetime) -> bool:
        """Whether this is a chat that is on under the name its file had before: it must not be asked twice."""
        by_name = [live for name, live in self._live_chats.by_name.items() if name != chat.name]
        return any(
            live.chat.starts <= now < live.ends and (live.chat.starts, live.chat.title) == (chat.starts, chat.title)
            for live in by_name
        )

    async def _reword(self, live: LiveChat, chat: Chat) -> None:
        written, chat = chat, _reworded(live.chat, chat)
        slots = planning.untried(chat, await self._lines(chat), states=("planned", "paused"))
        await self._plan(chat, live.ends, slots, under_way=True, written=written)

    async def _plan(
        self, chat: Chat, ends: datetime, slots: Sequence[Slot], *, under_way: bool, written: Chat | None = None
    ) -> None:
        """Write the slots down. While a chat is on, other posts of it stay as they are, and so does its course."""
        planned = planning.drafts(chat, slots, self._traits(chat), ends=ends, slack=self._rules.shift)
        live = self._live_chats.by_name.get(chat.name)
        state = live.state if live and under_way else ChatState()
        only = {draft.post.key for draft in planned} if under_way else None
        await self._database.write("outgoing", _write_plan, chat, ends, state, planned, written=written, only=only)
        self._enter(chat, ends, state)
        self._note_coming(chat, await self._lines(chat))
        self._notifications.ring(chat.name, "state")
        _log.info("agenda.chat_planned", chat=chat.name, starts=chat.starts.isoformat(), posts=len(planned))

    async def catch_up(self, now: datetime) -> None:
        """Move the rest of every chat that fell behind, and tell people."""
        before = now - self._rules.late
        for post in await self._database.write("outgoing", outbox.skip_superseded, list(self._places), now, before):
            _log.warning("agenda.superseded", chat=post.chat, key=post.key, place=post.place)
        there = [place for place in self._places if self._available(place)]
        for name in await self._database.write("outgoing", outbox_queries.overdue_chats, there, before):
            if name in self._live_chats.by_name:
                await self._move(self._live_chats.by_name[name], now)

    async def _move(self, live: LiveChat, now: datetime) -> None:
        chat, rules = live.chat, self._rules
        lines = await self._lines(chat)
        move = planning.caught_up(chat, lines, ends=live.ends, now=now, grace=rules.late, slack=rules.shift)
        if move is None:
            return
        slots = [*move.slots, move.notice] if move.notice else list(move.slots)
        await self._plan(chat, move.ends, slots, under_way=True)
        _log.warning("agenda.moved", chat=chat.name, posts=len(move.slots), ends=move.ends.isoformat())

    async def _lines(self, chat: Chat) -> list[outbox_queries.OutboxRow]:
        lines = await self._database.write("outgoing", outbox_queries.outbox_rows, chat.name)
        return [line for line in lines if line.post.place in self._places]

    def _note_coming(self, chat: Chat, lines: Iterable[outbox_queries.OutboxRow]) -> None:
        coming = tuple(line.post.due for line in lines if line.state == "planned")
        self._live_chats.by_name[chat.name].coming = coming

    def _enter(self, chat: Chat, ends: datetime, state: ChatState) -> None:
        live, places = self._live_chats.by_name.get(chat.name), tuple(self._traits(chat))
        if live:
            live.update(chat, ends, places, state)
            return
        open_for = (self._rules.open_before, self._rules.open_after)
        self._live_chats.enter(LiveChat(chat, ends=ends, places=places, open_for=open_for, state=state))

    def _traits(self, chat: Chat) -> dict[str, Traits]:
        """The places a chat goes to: those it names, or all."""
        return {place: traits for place, traits in self._places.items() if not chat.places or place in chat.places}


def _reworded(old: Chat, new: Chat) -> Chat:
    """A chat that is on, with the new words and the old times."""
    words = {question.key: question for question in new.questions}
    questions = tuple(
        msgspec.structs.replace(words.get(question.key, question), at=question.at) for question in old.questions
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
    """The chat and its posts, all or nothing. Other untried posts are skipped, of all keys or of `only` these."""
    chats.save_chat(connection, chat, ends)
    chats.save_state(connection, chat.name, state)
    if written is not None:
        chats.save_file_version(connection, written)
    planned_posts.save_plan(connection, planned)
    keep = {(draft.post.key, draft.post.place, draft.post.part) for draft in planned}
    planned_posts.skip_unplanned(connection, chat.name, keep, only=only)
    if state.paused_at is not None:
        planned_posts.pause_posts(
            connection, chat.name, {draft.post.key for draft in planned if draft.post.kind == "question"}
        )


def _write_removal(connection: Connection, name: str, struck: list[planned_posts.PlannedPost]) -> None:
    planned_posts.skip_unplanned(connection, name, ())
    planned_posts.save_plan(connection, struck)
    chats.remove_chat(connection, name)
