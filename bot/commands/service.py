"""Every command comes here, from whatever place, and they are executed in the order in which they came.

A command that only asks is answered and not stored. One that changes something is stored with what came of it, then
answered. Commands that wait in the store are brought here by `worker`; `executor` carries them out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec
import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands import addressing, execution, queries
from bot.commands.context import CommandContext, CommandEnvironment, ResolvedCommand, read_context
from bot.commands.dashboard import DashboardBuilder
from bot.commands.execution import ExecutedCommand
from bot.commands.executor import CommandExecutor
from bot.commands.grammar.catalogue import COMMANDS
from bot.commands.grammar.command_types import Handover, Help, Log, Misunderstood, Status
from bot.commands.grammar.moderation_types import Ban, Held, Mute, Unmute
from bot.commands.grammar.parser import parse
from bot.commands.links import Links
from bot.commands.role_lookup import Roles
from bot.errors import StoreError, cause_of
from bot.live.consent import CONFIRMED, is_privacy_request, privacy_request
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Command, Role
from bot.messages.keyed_ids import logged_id
from bot.ports.commands import Answer, Choice, CommandInfo, Kind, PrivacyRequest
from bot.ports.views import Dashboard
from bot.store.commands import own_command
from bot.store.database import Database
from bot.translation import _, pending, speaking

_FAILED = pending("I could not do that just now. Please try again in a moment.")
_NO_ANSWER = pending(
    "The store did not answer, so I don't know whether that is done. Look at `status` before you say it again."
)

_log = structlog.get_logger()

_replace = msgspec.structs.replace


class CommandService:
    """Implements `bot.ports.commands.CommandPort`.

    `about_self`, set once the rest of the bot is built, does what people ask for about themselves, and says what it
    did; it is given the same request once for each account of the person.
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
        self.links = Links(database, clock, live_chats, environment.places)
        self.executor = CommandExecutor(database, clock, environment)
        self.about_self: Callable[[Sequence[Command]], Awaitable[str]] = _ignore

    @property
    def catalogue(self) -> tuple[CommandInfo, ...]:
        """All commands, in the order of help."""
        return COMMANDS

    async def answer(self, command: Command) -> Answer:
        """Execute a command, or say why not."""
        return await self.answer_person((command,))

    async def answer_person(self, commands: tuple[Command, ...]) -> Answer:
        """The same for what a person asks for about themselves under several accounts."""
        try:
            return await self._answer(commands)
        except Exception as error:  # noqa: BLE001 -- the person who asks gets an answer whatever happens
            _log.warning("commands.failed", place=commands[0].place, error=cause_of(error))
            return Answer(text=_(_NO_ANSWER if isinstance(error, StoreError) else _FAILED))

    def privacy_request(self, text: str) -> PrivacyRequest | None:
        """The request about its author that a text makes."""
        return privacy_request(text)

    async def answer_one(self, commands: tuple[Command, ...]) -> Answer:
        """Answer the one of several commands whose chat can be meant, or ask which."""
        return await addressing.answer_one(commands, resolve=self.resolve, answer=self.answer, now=self._clock.now())

    async def complete(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        """The choices for a field while a person types."""
        live = self._find_chat(command)
        if live is None or self._role(live, command) == "participant":
            return ()
        now = self._clock.now()
        try:
            return await self._database.read(queries.choices, live.chat, live.places, kind, typed, now)
        except StoreError:
            return ()

    def context(self, connection: Connection, chat: str, now: datetime) -> CommandContext | None:
        """A chat as the bot itself sees it."""
        return read_context(connection, self._environment, own_command(chat, now, ""), "admin", now)

    async def staff_names(self, chat: str) -> frozenset[str]:
        """The names of admins and moderators of every chat, and of holders of links."""
        return await self.links.holders(chat) | self._roles.staff_names

    async def dashboard(self, chat: str) -> Dashboard | None:
        """The dashboard of a chat."""
        return await self._dashboards.dashboard(chat, self._clock.now())

    def now(self) -> datetime:
        """The time of this service's clock."""
        return self._clock.now()

    def resolve(self, command: Command) -> ResolvedCommand:
        """Parse a command, and find its chat and the author's role in it."""
        live = self._find_chat(command)
        with speaking(live.chat.language if live else ""):
            parsed = parse(command.text, about=command.about, places=tuple(self._environment.places))
        return ResolvedCommand(
            command=_replace(command, chat=live.chat.name) if live else command,
            parsed=parsed,
            role=self._role(live, command),
            live=live,
        )

    def is_denied(self, resolved: ResolvedCommand) -> bool:
        """Whether nothing can come of a command, because its author has no role. That is logged."""
        if is_privacy_request(resolved.command.text) or resolved.role != "participant":
            return False
        command = resolved.command
        by = logged_id(command.author.id, command.chat)
        _log.warning("commands.denied", place=command.place, chat=command.chat, by=by)
        return True

    async def execute(
        self, resolved: ResolvedCommand, *, posted: bool = False, public: bool = False
    ) -> ExecutedCommand:
        """Execute a command. Raises StoreError.

        With `posted` the reply is planned as a post, `public` where others read it.
        """
        with speaking(resolved.live.chat.language if resolved.live else ""):
            return await self.executor.execute(await self._prepare(resolved), posted=posted, public=public)

    async def _answer(self, commands: Sequence[Command]) -> Answer:
        live = self._find_chat(commands[0])
        with speaking(live.chat.language if live else ""):
            return await self._answer_in_language(commands)

    async def _answer_in_language(self, commands: Sequence[Command]) -> Answer:
        command = commands[0]
        if is_privacy_request(command.text):
            said, asked = await self.about_self(commands), privacy_request(command.text)
            return Answer(
                text=said, done=asked not in {"hold", "forget"}, confirm=CONFIRMED if asked == "forget" else None
            )
        resolved = self.resolve(command)
        text = await self._look_up(resolved)
        if text is not None:
            return Answer(text=text)
        if self.is_denied(resolved):
            await self._database.write("outgoing", execution.deny, resolved.command)
            return Answer(text=_(execution.DENIED))
        executed = await self.execute(resolved)
        result = executed.result
        return Answer(
            text=result.receipt,
            confirm=result.confirm,
            done=result.outcome == "done",
            undo=executed.undo,
            link=result.link,
        )

    async def _look_up(self, resolved: ResolvedCommand) -> str | None:
        """The answer to a command that only asks; None for one that changes something."""
        parsed, role = resolved.parsed, resolved.role
        leads = resolved.live is not None and role != "participant"
        now = self._clock.now()
        match parsed:
            case Misunderstood():
                explained = role == "participant" and not parsed.declined
                return f"{parsed.hint} {queries.help('participant')}" if explained else parsed.hint
            case Help():
                return queries.help(role, parsed.topic)
            case Status() if not leads:
                return queries.describe_for_all(self._live_chats.by_name.values(), resolved.command.place, now)
            case Status() | Held() | Log() if leads:
                return await self._database.read(execution.look_up, self._environment, resolved, now)
        return None

    async def _prepare(self, resolved: ResolvedCommand) -> ResolvedCommand:
        """The command with its author's handle; the platform is asked for an unknown handle that the command names.

        After that question the role is looked up again: the answer takes time.
        """
        command, live, parsed = resolved.command, resolved.live, resolved.parsed
        command = _replace(command, author=self._roles.with_handle(command.place, command.author))
        person = parsed.person if isinstance(parsed, Mute | Unmute | Ban | Handover) else None
        if person is not None and live is not None and resolved.role != "participant":
            named_by_id = person.place and person.id and not person.id.isdigit()
            handle = person.handle or (f"@{person.id}" if named_by_id else "")
            if handle:
                await self._roles.look_up_handle(live, handle, person.place)
        return _replace(resolved, command=command, role=self._role(live, command))

    def _find_chat(self, command: Command) -> LiveChat | None:
        return self._roles.find_chat(command.place, command.chat, self._clock.now(), command.author)

    def _role(self, live: LiveChat | None, command: Command) -> Role:
        if live is None:
            return command.role
        return self._roles.role(live.chat, live.state, command.place, command.author, command.role)


async def _ignore(_commands: Sequence[Command]) -> str:
    return ""
