"""The desk: every command comes here, whatever the place, and is carried out in the order in which it came.

A command that only asks is answered and forgotten. One that changes something is written down with what came of it,
and answered then. What waits in the store, `tray` brings here.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import msgspec
import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands import completion, execution, queries, replies
from bot.commands.context import CommandContext, CommandEnvironment, CommandResult, read
from bot.commands.dashboard import DashboardBuilder
from bot.commands.execution import ExecutedCommand
from bot.commands.grammar.catalogue import COMMANDS
from bot.commands.grammar.command_types import (
    Ban,
    Handover,
    Held,
    Help,
    Log,
    Misunderstood,
    Mute,
    ParsedCommand,
    Status,
    Unmute,
)
from bot.commands.grammar.parser import parse
from bot.commands.roles import Roles
from bot.errors import StoreError
from bot.live.consent import is_opt_out, is_privacy_request
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Author, Command, Role
from bot.ports.commands import Answer, Choice, CommandInfo, Kind, LinkAccess
from bot.ports.views import Dashboard
from bot.store import private_links
from bot.store.database import Database

_TROUBLE = "I could not do that just now. Please try again in a moment."
_LEFT_OUT = "Done: nothing of yours will be in the transcript."
_STOPPED = "Done: I will not write to you again."

OURS = "convenor"
"""The place of what the bot decides by itself, in the log."""

_CONVENOR = Author(id="convenor", name="Convenor")

_log = structlog.get_logger()


class CommandService:
    """Implements `bot.ports.commands.Desk`.

    `still` is held while something is carried out. `give_back` lets go of what of a chat is about to be said; `changed`
    is told of a chat whose plan or record may be another now, with how the counts under its questions changed; `leave`
    grants the wish to be left out, or never to be written to.
    """

    def __init__(
        self,
        *,
        database: Database,
        live_chats: LiveChats,
        clock: Clock,
        environment: CommandEnvironment,
        roles: Roles,
        dashboards: DashboardBuilder,
    ) -> None:
        self._database, self._live_chats, self._clock = database, live_chats, clock
        self._environment, self._roles, self._dashboards = environment, roles, dashboards
        self.still = asyncio.Lock()
        self._stale: set[str] = set()
        self._admitted: dict[str, dict[Role, datetime]] = {}
        self.give_back: Callable[[str], Awaitable[None]] = _nothing
        self.changed: Callable[[str, Sequence[tuple[str, int]]], Awaitable[None]] = _unchanged
        self.leave: Callable[[Command], Awaitable[None]] = _stays

    @property
    def catalogue(self) -> tuple[CommandInfo, ...]:
        """All that can be said."""
        return COMMANDS

    async def answer(self, command: Command) -> Answer:
        """Carry a command out, or say why not."""
        try:
            return await self._answer(command)
        except Exception as error:  # noqa: BLE001 -- whoever asks gets an answer
            _log.warning("desk.failed", place=command.place, error=type(error).__name__)
            return Answer(text=_TROUBLE)

    async def complete(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        """What may be filled in while somebody types."""
        live = self._live_chat(command)
        if live is None or self._role(live, command) == "participant":
            return ()
        try:
            return await self._database.read(completion.choices, live.chat, live.places, kind, typed, self._clock.now())
        except StoreError:
            return ()

    async def open_link(self, key: str) -> LinkAccess | None:
        """What a private link is good for."""
        now = self._clock.now()
        try:
            found = await self._database.read(private_links.find_by_key, key, now)
        except StoreError:
            return None
        if found is not None:
            self._admitted.setdefault(found.chat, {})[found.role] = now
        return found

    def admitted(self, chat: str) -> Mapping[Role, datetime]:
        """When somebody in each role last opened a page of a chat."""
        return self._admitted.get(chat, {})

    def context(self, connection: Connection, chat: str, now: datetime) -> CommandContext | None:
        """A chat as the bot itself sees it."""
        return read(connection, self._environment, _ours(chat, now, ""), "admin", now)

    async def dashboard(self, chat: str) -> Dashboard | None:
        """All that whoever leads wants to see."""
        return await self._dashboards.dashboard(chat, self._clock.now())

    def now(self) -> datetime:
        """By the clock that everything here goes by."""
        return self._clock.now()

    async def mend(self) -> None:
        """Take note of changes of which nobody could take note when they were made."""
        for chat in list(self._stale):
            await self.changed(chat, ())
            self._stale.discard(chat)

    async def _answer(self, command: Command) -> Answer:
        if is_privacy_request(command.text):
            await self.leave(command)
            return Answer(text=granted(command.text), done=True)
        order = self._read(command)
        live = self._live_chat(command)
        role = self._role(live, command)
        told = await self._told(live, command, order, role)
        if told is not None:
            return Answer(text=told)
        denied = self.denied(command)
        if denied is not None:
            await self._database.write("outgoing", execution.deny, denied)
            return Answer(text=execution.DENIED)
        effect = (await self.carry(command)).effect
        return Answer(text=effect.receipt, confirm=effect.confirm, done=effect.outcome == "done")

    async def _told(
        self,
        live: LiveChat | None,
        command: Command,
        order: ParsedCommand | Misunderstood,
        role: Role,
    ) -> str | None:
        """The answer to whoever only asks; None for what changes something."""
        match order:
            case Misunderstood():
                return order.hint if role != "participant" else f"{order.hint} {queries.help('participant')}"
            case Help():
                return queries.help(role, order.topic)
            case Status() if live is None or role == "participant":
                return queries.coming(self._live_chats.by_name.values(), command.place, self._clock.now())
            case Status() | Held() | Log() if live is not None and role != "participant":
                command = _addressed(command, live)
                now = self._clock.now()
                return await self._database.read(execution.look_up, self._environment, command, order, role, now)
        return None

    async def lead(self, chat: str, text: str, decide: Callable[[Connection, CommandContext], CommandResult]) -> None:
        """Let the bot itself decide something about a chat; the log has it like any command. Raises StoreError."""
        async with self.still:
            now = self._clock.now()
            await self.give_back(chat)
            said = _ours(chat, now, text)
            carried = await self._database.write("outgoing", execution.lead, self._environment, said, now, decide)
            await self._note(chat, carried)

    def denied(self, command: Command) -> Command | None:
        """The command, with the chat it is about, if nothing can come of it: whoever says it has no role at all.

        That is logged. None where something may come of it.
        """
        live = self._live_chat(command)
        if is_privacy_request(command.text) or self._role(live, command) != "participant":
            return None
        command = _addressed(command, live)
        _log.warning("desk.denied", place=command.place, chat=command.chat, by=command.author.id)
        return command

    async def carry(self, command: Command, *, posted: bool = False, public: bool = False) -> ExecutedCommand:
        """One at a time: nothing is claimed or planned meanwhile. Raises StoreError.

        With `posted` the answer is planned as a post, `public` where others read it; else whoever asked waits for it.
        """
        command = msgspec.structs.replace(command, author=self._roles.named(command.place, command.author))
        order, live = self._read(command), self._live_chat(command)
        await self._meet(order, live, command)
        role = self._role(live, command)
        chat = live.chat.name if live else ""
        async with self.still:
            now = self._clock.now()
            if chat and role != "participant":
                await self.give_back(chat)
            carried = await self._database.write(
                "outgoing", self._transact, _addressed(command, live), order, role, now, posted, public=public
            )
            await self._note(chat, carried)
        return carried

    async def _meet(self, order: ParsedCommand | Misunderstood, live: LiveChat | None, command: Command) -> None:
        """Where people come without handles, find out whose the handle is that a command names."""
        person = order.person if isinstance(order, Mute | Unmute | Ban | Handover) else None
        if person is None or live is None or self._role(live, command) == "participant":
            return
        handle = person.handle or (f"@{person.id}" if person.place and person.id and not person.id.isdigit() else "")
        if handle:
            await self._roles.meet(live, handle, person.place)

    async def _note(self, chat: str, carried: ExecutedCommand) -> None:
        """It is written down; whatever shows it takes note. Should that fail, it is done all the same."""
        if carried.again:
            return
        if chat and carried.effect.outcome == "done":
            try:
                await self.changed(chat, carried.effect.counted)
            except Exception as error:  # noqa: BLE001 -- nobody may be told that what is done is not
                _log.warning("desk.stale", chat=chat, error=type(error).__name__)
                self._stale.add(chat)
        said = carried.said
        tell = _log.warning if said.outcome == "denied" else _log.info
        by, name = said.author.id, carried.name
        tell("desk.command", place=said.place, chat=said.chat, by=by, name=name, outcome=said.outcome)

    def _transact(
        self,
        connection: Connection,
        command: Command,
        order: ParsedCommand | Misunderstood,
        role: Role,
        now: datetime,
        posted: bool,  # noqa: FBT001 -- it is passed on by position, in a thread
        *,
        public: bool,
    ) -> ExecutedCommand:
        carried = execution.carry_out(connection, self._environment, command, order, role, now, public=public)
        if posted and not carried.again:
            replies.plan(connection, self._environment, carried, now, public=public)
        return carried

    def _read(self, command: Command) -> ParsedCommand | Misunderstood:
        return parse(command.text, about=command.about, places=tuple(self._environment.places))

    def _live_chat(self, command: Command) -> LiveChat | None:
        return self._roles.live(command.place, command.chat, self._clock.now(), command.author)

    def _role(self, live: LiveChat | None, command: Command) -> Role:
        if live is None:
            return command.role
        return self._roles.role(live.chat, live.state, command.place, command.author, command.role)


def granted(text: str) -> str:
    """The answer to whoever asked to be left out, or told the bot to stop."""
    return _LEFT_OUT if is_opt_out(text) else _STOPPED


def _ours(chat: str, now: datetime, text: str) -> Command:
    """What the bot tells itself to do."""
    return Command(place=OURS, at=now, id=secrets.token_hex(8), author=_CONVENOR, text=text, chat=chat, role="admin")


def _addressed(command: Command, live: LiveChat | None) -> Command:
    """The command, with the chat it is about."""
    return msgspec.structs.replace(command, chat=live.chat.name) if live else command


async def _nothing(_chat: str) -> None:
    pass


async def _unchanged(_chat: str, _counted: Sequence[tuple[str, int]]) -> None:
    pass


async def _stays(_command: Command) -> None:
    pass
