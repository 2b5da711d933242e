"""Leads where nobody does: moves a question as answers come, if the host wanted that, and sees to an absent host.

What is decided, `pacing` and `attendance` say; the desk carries it out and writes it down, like anybody's command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot.commands import host_presence, pacing
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar import command_types as w
from bot.commands.handlers import timing
from bot.commands.host_presence import AskDeputies, Seen
from bot.commands.pacing import Flow
from bot.commands.plan.plan import Plan
from bot.commands.roles import Roles, rank
from bot.commands.service import OURS, CommandService
from bot.live import receipts
from bot.live.live_chats import LiveChat, LiveChats
from bot.ports.platform import Clock, Traits
from bot.store import author_history, chats, commands, drafts, links, people
from bot.store.database import Database
from bot.store.drafts import PlannedPost

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
        floors: LiveChats,
        clock: Clock,
        desk: CommandService,
        roster: Roles,
        places: Mapping[str, Traits],
        absent: timedelta,
        lead: timedelta,
    ) -> None:
        self._database, self._floors, self._clock = database, floors, clock
        self._desk, self._roster, self._places = desk, roster, places
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
        await self._roster.tend(now)
        for hall in list(self._floors.halls.values()):
            if hall.chat.starts <= now < hall.ends and not hall.course.cancelled:
                await self._attend(hall, now)
                await self._pace(hall, now)

    async def _attend(self, hall: LiveChat, now: datetime) -> None:
        """Ask the deputies, or end a forgotten pause."""
        if now - hall.chat.starts < self._absent and hall.course.paused_at is None:
            return
        seen = await self._seen(hall)
        decided = host_presence.attended(hall.chat, hall.course, seen, now, absent=self._absent, ends=hall.ends)
        if isinstance(decided, AskDeputies):
            await self._desk.lead(hall.chat.name, "ask the moderators to lead", self._asking(decided))
        elif decided is not None:
            await self._desk.lead(hall.chat.name, "resume", _resuming)

    async def _pace(self, hall: LiveChat, now: datetime) -> None:
        """Hold the next question, or bring it forward."""
        if hall.chat.pace != "follow" or hall.course.paused_at is not None:
            return
        every = max((one.every or 0.0 for place in hall.places for one in self._places[place].sources), default=0.0)
        until = now - timedelta(seconds=every) * self._clock.speed

        def decide(connection: Connection, case: CommandContext) -> CommandResult:
            return _paced(connection, case, until, self._lead)

        shift = await self._database.read(self._wanted, hall, now, until)
        if shift is not None:
            await self._desk.lead(hall.chat.name, pacing.spoken(shift, now), decide)

    def _wanted(self, connection: Connection, hall: LiveChat, now: datetime, until: datetime) -> pacing.Shift | None:
        """What pacing would do now; without the lock that carrying it out takes."""
        case = self._desk.case(connection, hall.chat.name, now)
        return _shift(connection, case, until, self._lead) if case else None

    async def _seen(self, hall: LiveChat) -> Seen:
        """When those who lead were last noticed."""
        last = await self._database.read(_last, hall, self._roster)
        admitted = self._desk.admitted(hall.chat.name)
        host = max(filter(None, (last["host"], admitted.get("host"))), default=None)
        moderator = max(filter(None, (last["moderator"], admitted.get("moderator"))), default=None)
        listed = await self._database.read(links.listed, hall.chat.name)
        linked = any(one.role == "host" for one in listed)
        return Seen(host=host, moderator=moderator, asked=hall.course.asked_at, linked=linked)

    def _asking(self, ask: AskDeputies) -> Callable[[Connection, CommandContext], CommandResult]:
        def decide(connection: Connection, case: CommandContext) -> CommandResult:
            if case.course.deputised:
                return refused("They were asked already.")
            course = msgspec.structs.replace(case.course, deputised=True, asked_at=case.now)
            chats.steer(connection, case.chat.name, course)
            deputies = [one for one in self._roster.deputies(case.chat.name) if self._may_be_told(one)]
            text = host_presence.to_deputies(case.chat, ask)
            drafts.plan(connection, [_letter(case, one, text) for one in deputies])
            return CommandResult(receipt=host_presence.receipt(case.chat, ask, len(deputies)))

        return decide

    def _may_be_told(self, account: tuple[str, str]) -> bool:
        return self._places[account[0]].private


def _resuming(connection: Connection, case: CommandContext) -> CommandResult:
    """The pause ends; what comes of it, the plan says."""
    return timing.steer(connection, case, w.Resume())


def _paced(connection: Connection, case: CommandContext, until: datetime, lead: timedelta) -> CommandResult:
    shift = _shift(connection, case, until, lead)
    if shift is None:
        return refused("It goes by the clock again.")
    change = pacing.paced(case.plan, shift)
    drift = pacing.drifted(_drift(case), change)
    timing.write(connection, case, change, drift={key: by / _SECOND for key, by in drift.items()})
    before, after = timing.summary(case.chat, change.before), timing.summary(case.chat, change.after)
    return CommandResult(receipt=shift.why, before=before, after=after)


def _shift(connection: Connection, case: CommandContext, until: datetime, lead: timedelta) -> pacing.Shift | None:
    plan: Plan = case.plan
    flow = _flow(connection, case, plan, until)
    fixed = frozenset(case.course.fixed)
    return pacing.pace(case.chat, plan, flow, case.now, drift=_drift(case), fixed=fixed, lead=lead)


def _drift(case: CommandContext) -> dict[str, timedelta]:
    return {key: by * _SECOND for key, by in case.course.drift.items()}


def _flow(connection: Connection, case: CommandContext, plan: Plan, until: datetime) -> Flow:
    lately = author_history.times(connection, case.chat.name, case.now - _LATELY)
    answers = tuple(at for question, at in lately if question == plan.floor)
    return Flow(answers=answers, messages=tuple(at for _, at in lately), until=until)


def _last(connection: Connection, hall: LiveChat, roster: Roles) -> dict[str, datetime | None]:
    """When a host, and when a moderator, last said something or gave a command."""
    found: dict[str, list[datetime]] = {"host": [], "moderator": []}
    for place, author, at in people.latest(connection, hall.chat.name):
        role = roster.role(hall.chat, hall.course, place, author)
        if rank(role) > 0:
            found["host" if role == "host" else "moderator"].append(at)
    for entry in commands.newest(connection, hall.chat.name, 50):
        if entry.command.place != OURS and rank(entry.command.role) > 0:
            found["host" if entry.command.role == "host" else "moderator"].append(entry.command.at)
    return {who: max(times, default=None) for who, times in found.items()}


def _letter(case: CommandContext, account: tuple[str, str], text: str) -> PlannedPost:
    place, id = account
    return receipts.answer(case.chat.name, f"deputy-{id}", place, text, case.now, to=id)
