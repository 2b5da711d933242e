"""Leads where nobody does: moves a question as answers come, if the host wanted that, and sees to an absent host.

What is decided, `pacing` and `attendance` say; the desk carries it out and writes it down, like anybody's command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands import host_presence, pacing
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.command_types import Resume
from bot.commands.handlers import timing
from bot.commands.host_presence import AskDeputies, Seen
from bot.commands.pacing import Flow
from bot.commands.plan.plan import Plan
from bot.commands.roles import Roles, rank
from bot.commands.service import OURS, CommandService
from bot.live import receipts
from bot.live.live_chats import LiveChat, LiveChats
from bot.ports.platform import Traits
from bot.store import author_history, chats, commands, people, planned_posts, private_links
from bot.store.database import Database
from bot.store.planned_posts import PlannedPost

_GLANCE = timedelta(seconds=2)
"""Between two looks at a chat that is on."""

_LATELY = timedelta(minutes=15)
"""How far back we ask when people spoke."""

_SECOND = timedelta(seconds=1)

_log = structlog.get_logger()


class Autopilot:
    """Watches every chat that is on.

    `absent` is how long a host may be silent, by this clock; `lead` is how early posts are claimed, in wall time.
    """

    def __init__(
        self,
        *,
        database: Database,
        live_chats: LiveChats,
        clock: Clock,
        service: CommandService,
        roles: Roles,
        places: Mapping[str, Traits],
        absent: timedelta,
        lead: timedelta,
    ) -> None:
        self._database, self._live_chats, self._clock = database, live_chats, clock
        self._service, self._roles, self._places = service, roles, places
        self._absent, self._lead = absent, lead * clock.speed

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now() + _GLANCE * self._clock.speed)
            try:
                await self.tend(self._clock.now())
            except Exception as error:  # noqa: BLE001 -- a chat goes on by its timetable whatever is wrong here
                _log.warning("chair.failed", error=type(error).__name__)

    async def tend(self, now: datetime) -> None:
        """Do what is to be done in the chats that are on."""
        await self._roles.tend(now)
        for live in list(self._live_chats.by_name.values()):
            if live.chat.starts <= now < live.ends and not live.state.cancelled:
                await self._attend(live, now)
                await self._pace(live, now)

    async def _attend(self, live: LiveChat, now: datetime) -> None:
        """Ask the deputies, or end a forgotten pause."""
        if now - live.chat.starts < self._absent and live.state.paused_at is None:
            return
        seen = await self._seen(live)
        decided = host_presence.attended(live.chat, live.state, seen, now, absent=self._absent, ends=live.ends)
        if isinstance(decided, AskDeputies):
            await self._service.lead(live.chat.name, "ask the moderators to lead", self._asking(decided))
        elif decided is not None:
            await self._service.lead(live.chat.name, "resume", _resuming)

    async def _pace(self, live: LiveChat, now: datetime) -> None:
        """Hold the next question, or bring it forward."""
        if live.chat.pace != "follow" or live.state.paused_at is not None:
            return
        every = max((one.every or 0.0 for place in live.places for one in self._places[place].sources), default=0.0)
        until = now - timedelta(seconds=every) * self._clock.speed

        def decide(connection: Connection, context: CommandContext) -> CommandResult:
            return _paced(connection, context, until, self._lead)

        shift = await self._database.read(self._wanted, live, now, until)
        if shift is not None:
            await self._service.lead(live.chat.name, pacing.spoken(shift, now), decide)

    def _wanted(self, connection: Connection, live: LiveChat, now: datetime, until: datetime) -> pacing.Shift | None:
        """What pacing would do now; without the lock that carrying it out takes."""
        context = self._service.context(connection, live.chat.name, now)
        return _shift(connection, context, until, self._lead) if context else None

    async def _seen(self, live: LiveChat) -> Seen:
        """When those who lead were last noticed."""
        last = await self._database.read(_last, live, self._roles)
        admitted = self._service.admitted(live.chat.name)
        host = max(filter(None, (last["host"], admitted.get("host"))), default=None)
        moderator = max(filter(None, (last["moderator"], admitted.get("moderator"))), default=None)
        listed = await self._database.read(private_links.active_links, live.chat.name)
        linked = any(one.role == "host" for one in listed)
        return Seen(host=host, moderator=moderator, asked=live.state.asked_at, linked=linked)

    def _asking(self, ask: AskDeputies) -> Callable[[Connection, CommandContext], CommandResult]:
        def decide(connection: Connection, context: CommandContext) -> CommandResult:
            if context.state.deputised:
                return refused("They were asked already.")
            state = msgspec.structs.replace(context.state, deputised=True, asked_at=context.now)
            chats.save_state(connection, context.chat.name, state)
            deputies = [one for one in self._roles.deputies(context.chat.name) if self._may_be_told(one)]
            text = host_presence.to_deputies(context.chat, ask)
            planned_posts.save_plan(connection, [_letter(context, one, text) for one in deputies])
            return CommandResult(receipt=host_presence.receipt(context.chat, ask, len(deputies)))

        return decide

    def _may_be_told(self, account: tuple[str, str]) -> bool:
        return self._places[account[0]].features.private


def _resuming(connection: Connection, context: CommandContext) -> CommandResult:
    """The pause ends; what comes of it, the plan says."""
    return timing.steer(connection, context, Resume())


def _paced(connection: Connection, context: CommandContext, until: datetime, lead: timedelta) -> CommandResult:
    shift = _shift(connection, context, until, lead)
    if shift is None:
        return refused("It goes by the clock again.")
    change = pacing.paced(context.plan, shift)
    drift = pacing.drifted(_drift(context), change)
    timing.write(connection, context, change, drift={key: by / _SECOND for key, by in drift.items()})
    before, after = timing.summary(context.chat, change.before), timing.summary(context.chat, change.after)
    return CommandResult(receipt=shift.why, before=before, after=after)


def _shift(connection: Connection, context: CommandContext, until: datetime, lead: timedelta) -> pacing.Shift | None:
    plan: Plan = context.plan
    flow = _flow(connection, context, plan, until)
    fixed = frozenset(context.state.fixed)
    return pacing.pace(context.chat, plan, flow, context.now, drift=_drift(context), fixed=fixed, lead=lead)


def _drift(context: CommandContext) -> dict[str, timedelta]:
    return {key: by * _SECOND for key, by in context.state.drift.items()}


def _flow(connection: Connection, context: CommandContext, plan: Plan, until: datetime) -> Flow:
    lately = author_history.message_times(connection, context.chat.name, context.now - _LATELY)
    answers = tuple(at for question, at in lately if question == plan.floor)
    return Flow(answers=answers, messages=tuple(at for _, at in lately), until=until)


def _last(connection: Connection, live: LiveChat, roles: Roles) -> dict[str, datetime | None]:
    """When a host, and when a moderator, last said something or gave a command."""
    found: dict[str, list[datetime]] = {"host": [], "moderator": []}
    for place, author, at in people.last_message_times(connection, live.chat.name):
        role = roles.role(live.chat, live.state, place, author)
        if rank(role) > 0:
            found["host" if role == "host" else "moderator"].append(at)
    for entry in commands.recent(connection, live.chat.name, 50):
        if entry.command.place != OURS and rank(entry.command.role) > 0:
            found["host" if entry.command.role == "host" else "moderator"].append(entry.command.at)
    return {who: max(times, default=None) for who, times in found.items()}


def _letter(context: CommandContext, account: tuple[str, str], text: str) -> PlannedPost:
    place, id = account
    return receipts.receipt(context.chat.name, f"deputy-{id}", place, text, context.now, to=id)
