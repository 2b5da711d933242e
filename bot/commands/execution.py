"""Executes one command in one transaction: permission, the handler, the receipt, and the event in the log.

So a crash leaves a command either undone, with no receipt, or done once. A command that is delivered again gets the
receipt of the first time. `HANDLERS` says what is called for each type of command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection

from bot.commands import queries
from bot.commands.context import (
    CommandContext,
    CommandEnvironment,
    CommandResult,
    ResolvedCommand,
    read_context,
    refused,
)
from bot.commands.grammar import command_types, moderation_types, record_types
from bot.commands.grammar.catalogue import COMMANDS, info_of
from bot.commands.grammar.command_types import Help, Misunderstood, ParsedCommand
from bot.commands.grammar.permissions import may_give
from bot.commands.handlers import (
    corrections,
    leading,
    message_decisions,
    moving,
    people,
    posting,
    publication,
    rewording,
    timing,
    undoing,
)
from bot.commands.plan.apply import CHANGES
from bot.messages import Command, Role, Value
from bot.store import commands
from bot.translation import _, pending, speaking

_OUTDATED = timedelta(minutes=2)
"""A command about the plan that arrives this long after it was given is not executed: the chat has moved on."""

DENIED = pending("Only those who lead this chat can do that.")

_NO_CHAT = pending("No chat is planned here.")

_TIMING_NAMES = tuple(info.name for info in COMMANDS if info.group == "timing")

_replace = msgspec.structs.replace


class ExecutedCommand(Value, frozen=True, kw_only=True):
    """A command, its name in the catalogue, and what came of it. `repeated`: it had been executed before.

    `undo` is the command that takes it back while it is the last change, or None.
    """

    command: Command
    name: str
    result: CommandResult
    repeated: bool = False
    undo: str | None = None


def execute(
    connection: Connection,
    environment: CommandEnvironment,
    resolved: ResolvedCommand,
    now: datetime,
    *,
    public: bool = False,
) -> ExecutedCommand:
    """Execute a command once, and store what came of it. `public`: everybody can read the reply."""
    command, role = resolved.command, resolved.role
    if before := _earlier_result(connection, command):
        return before
    context = read_context(connection, environment, command, role, now)
    result = _decide(connection, _replace(context, public=public), resolved.parsed) if context else refused(_(_NO_CHAT))
    return save_result(connection, _replace(command, role=role), result, name_of(resolved.parsed))


def execute_own(
    connection: Connection,
    environment: CommandEnvironment,
    command: Command,
    now: datetime,
    decide: Callable[[Connection, CommandContext], CommandResult],
) -> ExecutedCommand:
    """Execute what the bot decides by itself. A decision that changes nothing is not stored."""
    context = read_context(connection, environment, command, command.role, now)
    with speaking(context.chat.language if context else ""):
        result = decide(connection, context) if context else refused(_("There is no such chat."))
    if result.outcome != "done":
        return ExecutedCommand(command=command, name="", result=result, repeated=True)
    commands.enqueue(connection, [command])
    return save_result(connection, command, _replace(result, change=None))  # `undo` is for what people did


def look_up(connection: Connection, environment: CommandEnvironment, resolved: ResolvedCommand, now: datetime) -> str:
    """The answer to a command that only asks, for those who lead. Stores nothing."""
    context = read_context(connection, environment, resolved.command, resolved.role, now)
    if context is None or isinstance(resolved.parsed, Misunderstood):
        return _(_NO_CHAT)
    return HANDLERS[type(resolved.parsed)](connection, context, resolved.parsed).receipt


def deny(connection: Connection, command: Command) -> ExecutedCommand:
    """Store that a person without a role gave this command. Its text is not even parsed."""
    denied = CommandResult(receipt=_(DENIED), outcome="denied")
    return _earlier_result(connection, command) or save_result(connection, command, denied)


def save_result(connection: Connection, command: Command, result: CommandResult, name: str = "") -> ExecutedCommand:
    """Store what came of a command.

    The receipt of `held` is not stored: it says why messages are held. Nor is what somebody was told of themselves.
    """
    receipt = None if name in {"held", queries.PRIVACY} else result.receipt
    command = _replace(command, outcome=result.outcome, before=result.before, after=result.after, receipt=receipt)
    number = commands.save_outcome(connection, command, name=name, change=result.change)
    return ExecutedCommand(command=command, name=name, result=result, undo=undoing.undo_command(number, result.change))


def name_of(parsed: ParsedCommand | Misunderstood) -> str:
    """The name of a command in the catalogue; empty if it was misunderstood."""
    return "" if isinstance(parsed, Misunderstood) else info_of(parsed).name


def _earlier_result(connection: Connection, command: Command) -> ExecutedCommand | None:
    """The result of a command that is delivered again; None for a new one, which is enqueued."""
    commands.enqueue(connection, [command])
    known = commands.find(connection, command.place, command.id, lock=True)
    if known is None or known.outcome is None:
        return None
    result = CommandResult(receipt=known.receipt or "", outcome=known.outcome)
    undo = undoing.undo_command(known.seq, None if known.undone else known.change)
    return ExecutedCommand(command=known.command, name=known.name or "", result=result, repeated=True, undo=undo)


def _decide(connection: Connection, context: CommandContext, parsed: ParsedCommand | Misunderstood) -> CommandResult:
    if isinstance(parsed, Misunderstood):
        return CommandResult(receipt=parsed.hint, outcome="misread")
    info = info_of(parsed)
    if not may_give(context.role, info.name):
        return CommandResult(receipt=_denied(info.role), outcome="denied")
    changes_plan = info.group in ("timing", "content") or info.name == "undo"
    late = _too_late(connection, context, info.name) if changes_plan else None
    return late or HANDLERS[type(parsed)](connection, context, parsed)


def _denied(role: Role) -> str:
    return _(DENIED) if role != "host" else _("Only the host of this chat can do that.")


def _too_late(connection: Connection, context: CommandContext, name: str) -> CommandResult | None:
    """The refusal of a command that arrived long after it was given, or after a later one was executed."""
    given_at = context.command.at
    if context.now - given_at > _OUTDATED * context.environment.speed:
        minutes = round((context.now - given_at) / timedelta(minutes=1))
        return CommandResult(
            receipt=_("I heard that only {minutes} minutes later, so nothing changed.").format(minutes=minutes),
            outcome="late",
        )
    last = _must_not_overtake(connection, context, name)
    # a time in the future is no later command: the clock was set back
    if last is not None and given_at < last <= context.now:
        return CommandResult(receipt=_("A later command came before this one, so nothing changed."), outcome="late")
    return None


def _must_not_overtake(connection: Connection, context: CommandContext, name: str) -> datetime | None:
    """When the latest command was given that this one must not overtake."""
    chat = context.chat.name
    if name == "undo":
        entry = next(iter(commands.recent(connection, chat, 1, changes=True)), None)
        return entry.command.at if entry else None
    if name not in _TIMING_NAMES:
        return None
    return commands.last_given_at(connection, chat, context.command.place, _TIMING_NAMES)


def _help(_connection: Connection, context: CommandContext, command: Help) -> CommandResult:
    return CommandResult(receipt=queries.help(context.role, command.topic))


HANDLERS: Mapping[type[ParsedCommand], Callable[[Connection, CommandContext, Any], CommandResult]] = {
    command_types.Status: queries.status,
    command_types.Log: queries.log,
    command_types.Help: _help,
    command_types.Say: posting.say,
    command_types.Edit: rewording.edit,
    command_types.Announce: posting.announce,
    command_types.Move: moving.move,
    moderation_types.Hide: message_decisions.hide,
    moderation_types.Show: message_decisions.show,
    moderation_types.Hold: message_decisions.hold,
    moderation_types.Held: message_decisions.held,
    moderation_types.Approve: message_decisions.approve,
    moderation_types.Drop: message_decisions.drop,
    record_types.File: corrections.file,
    record_types.Merge: corrections.merge,
    record_types.Unmerge: corrections.unmerge,
    record_types.Highlight: corrections.highlight,
    record_types.Unhighlight: corrections.unhighlight,
    record_types.Summary: corrections.summary,
    record_types.PublishNow: publication.publish_now,
    record_types.PublishLater: publication.publish_later,
    record_types.Withhold: publication.withhold,
    moderation_types.Mute: people.mute,
    moderation_types.Unmute: people.unmute,
    moderation_types.Ban: people.ban,
    moderation_types.Slow: people.slow,
    moderation_types.HoldAll: people.hold_all,
    command_types.Handover: leading.handover,
    command_types.Lead: leading.lead,
    command_types.Undo: undoing.undo,
    **dict.fromkeys(CHANGES, timing.execute),
}
"""The handler of each type of command; each takes the type beside it."""
