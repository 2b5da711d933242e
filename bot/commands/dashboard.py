"""Builds the dashboard of a chat for its hosts and moderators, from the store and the status of the places.

Changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat
from bot.commands import hand_over, queries
from bot.commands.context import as_unclaimed, current_plan
from bot.commands.plan import announcements
from bot.live.live_chats import LiveChats, chat_view_of
from bot.messages import Value
from bot.moderation import reasons
from bot.ports.platform import Traits
from bot.ports.views import Dashboard, HeldMessage, LeaderView, LogEntry, MessageView, PlaceView, PlanStep, TextMark
from bot.readable import readable_command
from bot.scheduling import timeline
from bot.store import (
    chats,
    commands,
    corrections,
    ledger,
    message_views,
    messages,
    moderation_queue,
    outbox_queries,
    people,
    place_status,
)
from bot.store.chats import ChatState
from bot.store.database import Database
from bot.store.message_rows import view_of
from bot.store.moderation_queue import StoredReason
from bot.store.outbox_queries import OutboxRow
from bot.store.place_status import PlaceStatus
from bot.store.post_states import SIDE_KINDS
from bot.translation import _

_LOG = 30
"""Entries of the log that are shown."""

_CONTEXT = 2
"""Earlier messages that are shown with a held one, as its context."""

_OVERDUE = timedelta(seconds=30)
"""A place whose next post is later than this is behind."""

_BEING_SENT = ("sending", "retry", "ambiguous")


class DashboardData(Value, frozen=True, kw_only=True):
    """The data of one chat in the store. `places` has the figures of each place."""

    plan_summary: str
    current_question: str | None
    steps: tuple[PlanStep, ...]
    queue: tuple[HeldMessage, ...]
    log: tuple[LogEntry, ...]
    state: ChatState
    places: PlaceFigures
    concerns: tuple[str, ...]
    leaders: tuple[LeaderView, ...]
    summary: str


class PlaceFigures(Value, frozen=True, kw_only=True):
    """By place: how many people wrote and how many messages, and the money spent (millionths of a US dollar).

    `overdue` are the places with an overdue post.
    """

    people_and_messages: dict[str, tuple[int, int]]
    spent: dict[str, int]
    overdue: frozenset[str]


class DashboardBuilder:
    """Builds the dashboard of a chat. `conditions` gives the status of each place; it is set once there are places."""

    def __init__(self, database: Database, live_chats: LiveChats, places: Mapping[str, Traits]) -> None:
        self._database, self._live_chats, self._places = database, live_chats, places
        self.conditions: Callable[[], Mapping[str, PlaceStatus]] = dict

    async def dashboard(self, name: str, now: datetime) -> Dashboard | None:
        """The dashboard of a chat; None if there is no such chat."""
        live = self._live_chats.by_name.get(name)
        if live is None:
            return None
        data = await self._database.read(_read, name, now)
        if data is None:
            return None
        return Dashboard(
            chat_view=chat_view_of(live, now),
            plan_summary=data.plan_summary,
            current_question=data.current_question,
            paused=data.state.paused_at is not None,
            cancelled=data.state.cancelled,
            steps=data.steps,
            queue=data.queue,
            places=tuple(self._place(one, data.places) for one in live.places),
            log=data.log,
            hold_all=data.state.hold_all,
            slow=data.state.slow,
            moderators_lead=data.state.moderators_lead,
            moderators_stay=data.state.moderators_stay,
            leaders=data.leaders,
            concerns=data.concerns,
            summary=data.summary,
        )

    def _place(self, place: str, figures: PlaceFigures) -> PlaceView:
        traits, status = self._places[place], self.conditions().get(place)
        state = status.state if status else "connecting"
        authors, count = figures.people_and_messages.get(place, (0, 0))
        return PlaceView(
            place=place,
            called=traits.called or place,
            state="behind" if state in ("connected", "posting") and place in figures.overdue else state,
            reason=status.reason if status and state != "connected" else "",
            people=authors,
            messages=count,
            spent=figures.spent.get(place, 0) if traits.costs.budget else None,
            cap=traits.costs.budget.chat if traits.costs.budget else None,
        )


def _read(connection: Connection, name: str, now: datetime) -> DashboardData | None:
    found = chats.find(connection, name)
    if found is None:
        return None
    rows = [as_unclaimed(row, now) for row in outbox_queries.outbox_rows(connection, name)]
    plan = current_plan(found, rows, now)
    return DashboardData(
        plan_summary=announcements.describe_plan(found.chat, plan, now),
        current_question=plan.current_question,
        steps=tuple(_steps(found.chat, rows)),
        queue=tuple(_queue(connection, found.chat)),
        log=_log(connection, found.chat),
        state=found.state,
        places=PlaceFigures(
            people_and_messages=people.counts_by_place(connection, name),
            spent=ledger.chat_totals(connection, name),
            overdue=frozenset(row.post.place for row in rows if _is_overdue(row, now)),
        ),
        concerns=tuple(one.text for one in place_status.concerns_of(connection, name)),
        leaders=hand_over.leaders(connection, found, now),
        summary=told.text if (told := corrections.summary_of(connection, name)) else "",
    )


def _is_overdue(row: OutboxRow, now: datetime) -> bool:
    waits = row.state in ("planned", "retry", "ambiguous", "sending")
    return waits and row.post.kind not in SIDE_KINDS and now - row.post.due > _OVERDUE


def _steps(chat: Chat, outbox_rows: Sequence[OutboxRow]) -> Iterable[PlanStep]:
    """Every post to everybody, by time. A split post counts once, and one without a row is left out."""
    by_key: dict[str, list[OutboxRow]] = {}
    for row in outbox_rows:
        if row.post.kind not in SIDE_KINDS and row.post.part == 1 and row.post.is_public:
            by_key.setdefault(row.post.key, []).append(row)
    texts = {slot.key: slot.text for slot in timeline.all_slots(chat)}
    steps = [_step(found, texts.get(key)) for key, found in by_key.items()]
    return sorted(steps, key=lambda one: one.at)


def _step(rows: Sequence[OutboxRow], text: str | None) -> PlanStep:
    states = {row.state for row in rows}
    first = min((row.sent_at for row in rows if row.sent_at), default=min(row.post.due for row in rows))
    post = rows[0].post
    step = PlanStep(key=post.key, kind=post.kind, text=text or post.text, at=first, state="coming")
    if states & {"sent"}:
        return msgspec.structs.replace(step, state="out")
    if states & set(_BEING_SENT):
        return msgspec.structs.replace(step, state="now")
    if states <= {"failed", "skipped"}:
        return msgspec.structs.replace(step, state="failed" if "failed" in states else "left_out")
    return step


def _queue(connection: Connection, chat: Chat) -> Iterable[HeldMessage]:
    entries = moderation_queue.queue_entries(connection, chat.name)
    rows = messages.get_rows(connection, [(one.place, one.id) for one in entries], lock=False)
    for entry in entries:
        row = rows.get((entry.place, entry.id))
        if row is not None and row.author is not None and not row.gone:
            message = view_of(row, row.author)
            yield HeldMessage(
                number=entry.number,
                message=message,
                reasons=_unmarked(entry.reasons),
                marks=tuple(_marks(entry.reasons)),
                patient=bool(reasons.about_patients(entry.reasons)),
                before=_context(connection, chat, message),
            )


def _unmarked(found: Sequence[StoredReason]) -> tuple[str, ...]:
    """The reasons that are not about a part of the text."""
    if not found:
        return (_("put here by a moderator"),)
    return reasons.texts(one for one in found if one.start is None or one.end is None)


def _marks(found: Iterable[StoredReason]) -> Iterable[TextMark]:
    for one in found:
        if one.start is not None and one.end is not None:
            yield TextMark(start=one.start, end=one.end, what=reasons.sign(one))


def _context(connection: Connection, chat: Chat, message: MessageView) -> tuple[MessageView, ...]:
    return tuple(message_views.shown_under(connection, chat.name, message.question, message.at, _CONTEXT))


def _log(connection: Connection, chat: Chat) -> tuple[LogEntry, ...]:
    entries = commands.recent(connection, chat.name, _LOG, without=queries.NOT_LISTED)
    undoable = next((one.seq for one in entries if one.change is not None and not one.undone), None)
    return tuple(
        LogEntry(
            at=one.command.at,
            who=one.command.author.shown,
            place=one.command.place,
            text=one.name if one.name == "undo" else readable_command(one.command, chat.timezone),
            receipt=f"{one.receipt or ''}{' (taken back)' if one.undone else ''}",
            outcome=one.outcome or "",
            undo=f"undo {one.seq}" if one.seq == undoable else "",
        )
        for one in entries
    )
