"""All that whoever leads a chat wants to see at a glance, put together from the store and from how the places are.

Only looks. What is not in the store is asked of whoever knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat
from bot.commands import queries
from bot.commands.context import as_it_is, plan_of
from bot.commands.plan import announcements
from bot.live.live_chats import LiveChats, chat_view_of
from bot.messages import Value
from bot.moderation import reasons
from bot.ports.platform import Traits
from bot.ports.views import Dashboard, HeldMessage, LogEntry, MessageView, PlaceView, PlanStep
from bot.scheduling import timeline
from bot.store import chats, commands, ledger, messages, moderation_queue, outbox_queries, people
from bot.store.database import Database
from bot.store.message_rows import view_of
from bot.store.outbox import SIDE_KINDS
from bot.store.outbox_queries import OutboxRow
from bot.store.place_status import PlaceStatus

_LOG = 30
"""Entries of the log that are shown."""

_BEFORE = 2
"""Messages that are shown with one that waits, as its context."""

_BEHIND = timedelta(seconds=30)
"""A place whose next post is later than this is behind."""

_NOW = ("sending", "retry", "ambiguous")


class DashboardData(Value, frozen=True, kw_only=True):
    """What one look at the store gives."""

    standing: str
    floor: str | None
    steps: tuple[PlanStep, ...]
    queue: tuple[HeldMessage, ...]
    log: tuple[LogEntry, ...]
    state: chats.ChatState
    persons: dict[str, tuple[int, int]]
    spent: dict[str, int]
    late: frozenset[str]


class DashboardBuilder:
    """Makes consoles. `conditions` tells how each place is now."""

    def __init__(self, database: Database, live_chats: LiveChats, places: Mapping[str, Traits]) -> None:
        self._database, self._live_chats, self._places = database, live_chats, places
        self.conditions: Callable[[], Mapping[str, PlaceStatus]] = dict

    async def dashboard(self, name: str, now: datetime) -> Dashboard | None:
        """A chat's console, or None where there is no such chat."""
        live = self._live_chats.by_name.get(name)
        if live is None:
            return None
        read = await self._database.read(_read, name, now)
        if read is None:
            return None
        return Dashboard(
            chat_view=chat_view_of(live, now),
            standing=read.standing,
            floor=read.floor,
            paused=read.state.paused_at is not None,
            cancelled=read.state.cancelled,
            steps=read.steps,
            queue=read.queue,
            places=tuple(self._place(one, read) for one in live.places),
            log=read.log,
            hold_all=read.state.hold_all,
            slow=read.state.slow,
            deputised=read.state.deputised,
        )

    def _place(self, place: str, read: DashboardData) -> PlaceView:
        traits, condition = self._places[place], self.conditions().get(place)
        state = condition.state if condition else "connecting"
        persons, said = read.persons.get(place, (0, 0))
        return PlaceView(
            place=place,
            called=traits.called or place,
            state="behind" if state == "connected" and place in read.late else state,
            reason=condition.reason if condition and state != "connected" else "",
            people=persons,
            messages=said,
            spent=read.spent.get(place, 0) if traits.costs.budget else None,
            cap=traits.costs.budget.chat if traits.costs.budget else None,
        )


def _read(connection: Connection, name: str, now: datetime) -> DashboardData | None:
    found = chats.find(connection, name)
    if found is None:
        return None
    chat, lines = found.chat, [as_it_is(line, now) for line in outbox_queries.outbox_rows(connection, name)]
    plan = plan_of(chat, lines, found.ends, found.state, now)
    return DashboardData(
        standing=announcements.standing(chat, plan, now),
        floor=plan.floor,
        steps=tuple(_steps(chat, lines)),
        queue=tuple(_queue(connection, chat)),
        log=_log(connection, chat),
        state=found.state,
        persons=people.counts_by_place(connection, name),
        spent=ledger.chat_totals(connection, name),
        late=frozenset(line.post.place for line in lines if _late(line, now)),
    )


def _late(line: OutboxRow, now: datetime) -> bool:
    waits = line.state in ("planned", "retry", "ambiguous", "sending")
    return waits and line.post.kind not in SIDE_KINDS and now - line.post.due > _BEHIND


def _steps(chat: Chat, lines: Sequence[OutboxRow]) -> Iterable[PlanStep]:
    """Everything that is said to all, by its time; what is split counts once, and what waits nowhere is left out."""
    rows: dict[str, list[OutboxRow]] = {}
    for line in lines:
        if line.post.kind not in SIDE_KINDS and line.post.part == 1 and line.post.aloud:
            rows.setdefault(line.post.key, []).append(line)
    texts = {slot.key: slot.text for slot in timeline.all_slots(chat)}
    steps = [_step(found, texts.get(key)) for key, found in rows.items()]
    return sorted(steps, key=lambda one: one.at)


def _step(rows: Sequence[OutboxRow], text: str | None) -> PlanStep:
    states = {line.state for line in rows}
    first = min((line.sent_at for line in rows if line.sent_at), default=min(line.post.due for line in rows))
    post = rows[0].post
    step = PlanStep(key=post.key, kind=post.kind, text=text or post.text, at=first, state="coming")
    if states & {"sent"}:
        return msgspec.structs.replace(step, state="out")
    if states & set(_NOW):
        return msgspec.structs.replace(step, state="now")
    if states <= {"failed", "skipped"}:
        return msgspec.structs.replace(step, state="failed" if "failed" in states else "left_out")
    return step


def _queue(connection: Connection, chat: Chat) -> Iterable[HeldMessage]:
    entries = moderation_queue.queue_entries(connection, chat.name)
    rows = messages.get_rows(connection, [(one.place, one.id) for one in entries])
    for entry in entries:
        row = rows.get((entry.place, entry.id))
        if row is not None and row.author is not None and not row.gone:
            message = view_of(row, row.author)
            yield HeldMessage(
                number=entry.number,
                message=message,
                reasons=tuple(reasons.each(entry.reasons)) or ("put here by a moderator",),
                spans=tuple(
                    (one.start, one.end) for one in entry.reasons if one.start is not None and one.end is not None
                ),
                before=_context(connection, chat, message),
            )


def _spans(entry: moderation_queue.QueueEntry) -> Iterable[tuple[int, int]]:
    return ((one.start, one.end) for one in entry.reasons if one.start is not None and one.end is not None)


def _context(connection: Connection, chat: Chat, message: MessageView) -> tuple[MessageView, ...]:
    return tuple(messages.shown_under(connection, chat.name, message.question, message.at, _BEFORE))


def _log(connection: Connection, chat: Chat) -> tuple[LogEntry, ...]:
    entries = commands.recent(connection, chat.name, _LOG, without=queries.ASKING)
    undoable = next((one.seq for one in entries if one.change is not None and not one.undone), None)
    return tuple(
        LogEntry(
            at=one.command.at,
            who=one.command.author.shown,
            place=one.command.place,
            text=one.command.text,
            receipt=f"{one.receipt or ''}{' (taken back)' if one.undone else ''}",
            outcome=one.outcome or "",
            undoable=one.seq == undoable,
        )
        for one in entries
    )
