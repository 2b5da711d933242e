"""Moves questions as answers come, if the chat file says so, and looks after a chat whose host is absent.

`pacing` and `host_presence` decide. The command service executes and logs it, like a person's command.
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
from bot.commands.grammar.permissions import rank
from bot.commands.handlers import timing
from bot.commands.host_presence import AskModerators, EndLead, LastSeen
from bot.commands.pacing import Flow
from bot.commands.plan.plan import Plan
from bot.commands.role_lookup import Roles
from bot.commands.service import CommandService
from bot.live import receipts
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Author
from bot.ports.platform import Traits
from bot.store import author_history, chats, commands, people, planned_posts, private_links
from bot.store.commands import OWN_PLACE
from bot.store.database import Database
from bot.store.planned_posts import PlannedPost
from bot.translation import _

_INTERVAL = timedelta(seconds=2)
"""Between two looks at a chat that is on, by the clock at normal speed."""

_HISTORY = timedelta(minutes=15)
"""How far back messages count for pacing."""

_SECOND = timedelta(seconds=1)

_log = structlog.get_logger()


class Autopilot:
    """Watches every chat that is on.

    `absent` is the silence of a host after which the moderators are asked, by this clock. `lead` is how early posts are
    claimed, in wall time.
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
        """Watch until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now() + _INTERVAL * self._clock.speed)
            try:
                await self.run_once(self._clock.now())
            except Exception as error:  # noqa: BLE001 -- a chat goes on by its timetable whatever is wrong here
                _log.warning("autopilot.failed", error=type(error).__name__)

    async def run_once(self, now: datetime) -> None:
        """Look at each chat that is on, once."""
        await self._roles.look_up_handles(now)
        for live in self._live_chats.near(now):
            if live.chat.starts <= now < live.ends and not live.state.cancelled:
                await self._check_host(live, now)
                await self._pace(live, now)

    async def _check_host(self, live: LiveChat, now: datetime) -> None:
        """Ask the moderators to lead, or end a forgotten pause, if the host is absent."""
        state = live.state
        if now - live.chat.starts < self._absent and state.paused_at is None and not state.moderators_lead:
            return
        seen = await self._last_seen(live)
        decided = host_presence.decide(live.chat, live.state, seen, now, absent=self._absent, ends=live.ends)
        if isinstance(decided, AskModerators):
            await self._service.executor.execute_own(
                live.chat.name, "ask the moderators to lead", self._asking(decided)
            )
        elif isinstance(decided, EndLead):
            await self._service.executor.execute_own(live.chat.name, "end the moderators' lead", _end_lead)
        elif decided is not None:
            await self._service.executor.execute_own(live.chat.name, "resume", _resume)

    async def _pace(self, live: LiveChat, now: datetime) -> None:
        """Hold the next question back, or bring it forward."""
        if live.chat.pace != "follow" or live.state.paused_at is not None:
            return
        every = max((one.every or 0.0 for place in live.places for one in self._places[place].sources), default=0.0)
        until = now - timedelta(seconds=every) * self._clock.speed

        def decide(connection: Connection, context: CommandContext) -> CommandResult:
            return _shift_question(connection, context, until, self._lead)

        shift = await self._database.read(self._preview_shift, live, now, until)
        if shift is not None:
            await self._service.executor.execute_own(live.chat.name, pacing.as_command(shift, now), decide)

    def _preview_shift(
        self, connection: Connection, live: LiveChat, now: datetime, until: datetime
    ) -> pacing.Shift | None:
        """The shift that pacing would make now, found without the lock that executing it takes."""
        context = self._service.context(connection, live.chat.name, now)
        return _next_shift(connection, context, until, self._lead) if context else None

    async def _last_seen(self, live: LiveChat) -> LastSeen:
        """When a host and a moderator were last seen."""
        last = await self._database.read(_last_active, live, self._roles)
        opened = await self._service.links.openings.last(live.chat.name)
        host = max(filter(None, (last["host"], opened.get("host"))), default=None)
        moderator = max(filter(None, (last["moderator"], opened.get("moderator"))), default=None)
        linked = bool(await self._database.read(private_links.host_links, live.chat.name, self._clock.now()))
        return LastSeen(host=host, moderator=moderator, asked=live.state.moderators_asked_at, linked=linked)

    def _asking(self, ask: AskModerators) -> Callable[[Connection, CommandContext], CommandResult]:
        def decide(connection: Connection, context: CommandContext) -> CommandResult:
            chat = context.chat
            if context.state.moderators_lead:
                return refused(_("They were asked already."))
            state = msgspec.structs.replace(context.state, moderators_lead=True, moderators_asked_at=context.now)
            chats.save_state(connection, chat.name, state)
            accounts = [
                one for one in self._roles.moderator_accounts(chat.name) if self._places[one[0]].features.private
            ]
            text = host_presence.moderator_message(chat, ask)
            planned_posts.save_plan(connection, [_private_message(context, one, text) for one in accounts])
            return CommandResult(receipt=host_presence.log_line(chat, ask, len(accounts)))

        return decide


def _end_lead(connection: Connection, context: CommandContext) -> CommandResult:
    if not context.state.moderators_lead or context.state.moderators_stay:
        return refused(_("They lead no longer."))
    chats.save_state(connection, context.chat.name, msgspec.structs.replace(context.state, moderators_lead=False))
    return CommandResult(receipt=host_presence.log_line(context.chat, EndLead()))


def _resume(connection: Connection, context: CommandContext) -> CommandResult:
    return timing.execute(connection, context, Resume())


def _shift_question(connection: Connection, context: CommandContext, until: datetime, lead: timedelta) -> CommandResult:
    shift = _next_shift(connection, context, until, lead)
    if shift is None:
        return refused(_("It goes by the clock again."))
    change = pacing.apply_shift(context.plan, shift)
    shifts = pacing.total_shifts(_shifts(context), change)
    state = msgspec.structs.replace(context.state, pacing_shifts={key: by / _SECOND for key, by in shifts.items()})
    timing.save_change(connection, context, change, state)
    before, after = timing.summary(context.chat, change.before), timing.summary(context.chat, change.after)
    return CommandResult(receipt=shift.why, before=before, after=after)


def _next_shift(
    connection: Connection, context: CommandContext, until: datetime, lead: timedelta
) -> pacing.Shift | None:
    plan: Plan = context.plan
    flow = _flow(connection, context, plan, until)
    fixed = frozenset(context.state.fixed_questions)
    return pacing.decide_shift(context.chat, plan, flow, context.now, shifts=_shifts(context), fixed=fixed, lead=lead)


def _shifts(context: CommandContext) -> dict[str, timedelta]:
    return {key: by * _SECOND for key, by in context.state.pacing_shifts.items()}


def _flow(connection: Connection, context: CommandContext, plan: Plan, until: datetime) -> Flow:
    recent = author_history.message_times(connection, context.chat.name, context.now - _HISTORY)
    answers = tuple(at for question, at in recent if question == plan.current_question)
    return Flow(answers=answers, messages=tuple(at for _, at in recent), until=until)


def _last_active(connection: Connection, live: LiveChat, roles: Roles) -> dict[str, datetime | None]:
    """When a host, and when a moderator, last wrote a message or gave a command. A moderator who leads is no host."""
    found: dict[str, list[datetime]] = {"host": [], "moderator": []}
    by_themselves = msgspec.structs.replace(live.state, moderators_lead=False)
    by_link = private_links.host_links(connection, live.chat.name)

    def is_host(place: str, author: Author) -> bool:
        linked = author.id.removeprefix("link-") in by_link and author.id.startswith("link-")
        return linked or roles.role(live.chat, by_themselves, place, author) == "host"

    for place, author, at in people.last_message_times(connection, live.chat.name):
        if is_host(place, author) or rank(roles.role(live.chat, live.state, place, author)) > 0:
            found["host" if is_host(place, author) else "moderator"].append(at)
    for entry in commands.recent(connection, live.chat.name, 50):
        command = entry.command
        if command.place != OWN_PLACE and rank(command.role) > 0:
            found["host" if is_host(command.place, command.author) else "moderator"].append(command.at)
    return {role: max(times, default=None) for role, times in found.items()}


def _private_message(context: CommandContext, account: tuple[str, str], text: str) -> PlannedPost:
    place, id = account
    return receipts.receipt(context.chat.name, f"deputy-{id}-{context.key_suffix}", place, text, context.now, to=id)
