"""Keeps the plan in the store in step with the chat files, and moves it when a chat fell behind.

What the plan is, and how it moves, `planning` says; this room writes it down and keeps the halls true to it. It reads
no file: `programme` brings it the chats.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot.chat import Chat, Programme, Slot
from bot.hosting import planning, timeline
from bot.listening.bell import Bell
from bot.listening.floors import Floors, Hall
from bot.messages import Value
from bot.port import Traits
from bot.store import drafts, incoming, outgoing, roll
from bot.store.database import Database

_log = structlog.get_logger()


class Rules(Value, frozen=True, kw_only=True):
    """The operator's choices for the hour, as in `[hosting]` of the settings."""

    late: timedelta
    shift: timedelta
    open_before: timedelta
    open_after: timedelta


class Agenda:
    """The plan of every chat on every place."""

    def __init__(
        self,
        *,
        database: Database,
        floors: Floors,
        bell: Bell,
        places: Mapping[str, Traits],
        rules: Rules,
        programme: Callable[[], Programme],
    ) -> None:
        self._database = database
        self._floors = floors
        self._bell = bell
        self._places = places
        self._rules = rules
        self._programme = programme

    async def open(self) -> None:
        """Remember everything: the chats, and what was said where."""
        for one in await self._database.read(roll.enrolled):
            self._enter(one.chat, one.ends)
        pictures = {
            (line.post.place, line.receipt): line.post.image for line in await self._database.read(outgoing.lines)
        }
        for posted in await self._database.read(incoming.posted):
            self._floors.say(posted, pictures.get((posted.place, posted.id)))
        for hall in list(self._floors.halls.values()):
            await self._note_coming(hall.chat)

    async def sync(self, now: datetime) -> None:
        """Bring the plan in step with the chat files. A chat that is on keeps its times."""
        programme = await asyncio.to_thread(self._programme)
        for chat in programme.chats:
            await self._admit(chat, now)
        named = {chat.name for chat in programme.chats} | programme.doubtful
        for name, hall in list(self._floors.halls.items()):
            if name not in named and now < hall.opens:
                await self._database.write("outward", drafts.prune, name, [])
                del self._floors.halls[name]
                _log.info("agenda.chat_removed", chat=name)

    async def _admit(self, chat: Chat, now: datetime) -> None:
        hall = self._floors.halls.get(chat.name)
        if now >= (hall.ends if hall else chat.ends) or (hall and hall.chat == chat):
            return
        if hall and now >= hall.chat.starts:
            chat = _reworded(hall.chat, chat)
            ends, slots = hall.ends, planning.untried(chat, await self._lines(chat))
        else:
            ends, slots = chat.ends, tuple(slot for slot in timeline.slots(chat) if not self._missed(slot, now))
        places = self._traits(chat)
        planned = planning.drafts(chat, slots, places, ends=ends, slack=self._rules.shift)
        await self._database.write("outward", _write_plan, chat, ends, planned, prune=hall is None or now < chat.starts)
        self._enter(chat, ends)
        await self._note_coming(chat)
        self._bell.ring(chat.name, "state")
        _log.info("agenda.chat_planned", chat=chat.name, starts=chat.starts.isoformat(), posts=len(planned))

    def _missed(self, slot: Slot, now: datetime) -> bool:
        return slot.kind == "reminder" and timeline.late(slot.at, now, self._rules.late)

    async def catch_up(self, now: datetime) -> None:
        """Move the rest of every chat that fell behind, and tell people."""
        before = now - self._rules.late
        for name in await self._database.read(outgoing.overdue, list(self._places), before):
            if name in self._floors.halls:
                await self._move(self._floors.halls[name], now)

    async def _move(self, hall: Hall, now: datetime) -> None:
        chat, rules = hall.chat, self._rules
        lines = await self._lines(chat)
        move = planning.caught_up(chat, lines, ends=hall.ends, now=now, grace=rules.late, slack=rules.shift)
        if move is None:
            return
        slots = [*move.slots, move.notice] if move.notice else list(move.slots)
        planned = planning.drafts(chat, slots, self._traits(chat), ends=move.ends, slack=rules.shift)
        await self._database.write("outward", _write_plan, chat, move.ends, planned, prune=False)
        hall.update(chat, move.ends)
        await self._note_coming(chat)
        _log.warning("agenda.moved", chat=chat.name, posts=len(move.slots), ends=move.ends.isoformat())

    async def _lines(self, chat: Chat) -> list[outgoing.Line]:
        lines = await self._database.read(outgoing.lines, chat.name)
        return [line for line in lines if line.post.place in self._places]

    async def _note_coming(self, chat: Chat) -> None:
        lines = await self._lines(chat)
        self._floors.halls[chat.name].coming = tuple(line.post.due for line in lines if line.state == "planned")

    def _enter(self, chat: Chat, ends: datetime) -> None:
        hall = self._floors.halls.get(chat.name)
        if hall:
            hall.update(chat, ends)
            return
        open_for = (self._rules.open_before, self._rules.open_after)
        self._floors.enter(Hall(chat, ends=ends, places=tuple(self._traits(chat)), open_for=open_for))

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
    connection: Connection, chat: Chat, ends: datetime, planned: list[drafts.Draft], *, prune: bool
) -> None:
    """The chat and its posts, all or nothing."""
    roll.enrol(connection, chat, ends)
    drafts.plan(connection, planned)
    if prune:
        keep = [(draft.post.key, draft.post.place, draft.post.part) for draft in planned]
        drafts.prune(connection, chat.name, keep)
