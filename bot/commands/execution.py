"""Carries out one command in one transaction: who may, what comes of it, the receipt, the event in the log.

So a crash at any moment leaves it either undone, with nobody told that it is done, or done once. A command that is told
a second time gets the receipt of the first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.commands import queries
from bot.commands.context import CommandContext, CommandEnvironment, CommandResult, read, refused
from bot.commands.grammar.catalogue import COMMANDS, info_of
from bot.commands.grammar.command_types import (
    Announce,
    Approve,
    Ban,
    Cancel,
    Drop,
    Edit,
    End,
    Handover,
    Held,
    Help,
    Hide,
    Hold,
    HoldAll,
    Log,
    Misunderstood,
    Mute,
    ParsedCommand,
    Say,
    Show,
    Slow,
    StartNow,
    Status,
    Undo,
    Unmute,
)
from bot.commands.handlers import message_decisions, people, posting, timing, undo
from bot.commands.plan.plan import Refused
from bot.commands.roles import rank
from bot.messages import Command, Role, Value
from bot.store import commands

_OLD = timedelta(minutes=2)
"""A command for the plan that we hear this much after it was said is not carried out: the chat has gone on."""

DENIED = "Only those who lead this chat can do that."

_TIMED = tuple(spec.name for spec in COMMANDS if spec.group == "timing")

_replace = msgspec.structs.replace


class ExecutedCommand(Value, frozen=True, kw_only=True):
    """A command, what it is called, and what came of it. `again`: it had been carried out before."""

    said: Command
    name: str
    effect: CommandResult
    again: bool = False


def carry_out(
    connection: Connection,
    environment: CommandEnvironment,
    said: Command,
    order: ParsedCommand | Misunderstood,
    role: Role,
    now: datetime,
    *,
    public: bool = False,
) -> ExecutedCommand:
    """Carry a command out, once, and write down what came of it."""
    if before := _before(connection, said):
        return before
    context = read(connection, environment, said, role, now)
    effect = (
        refused("No chat is planned here.") if context is None else _decided(connection, context, order, public=public)
    )
    return settled(connection, _replace(said, role=role), effect, name_of(order))


def lead(
    connection: Connection,
    environment: CommandEnvironment,
    said: Command,
    now: datetime,
    decide: Callable[[Connection, CommandContext], CommandResult],
) -> ExecutedCommand:
    """The same for what the bot decides by itself. What comes to nothing leaves no trace."""
    context = read(connection, environment, said, said.role, now)
    effect = decide(connection, context) if context else refused("There is no such chat.")
    if effect.outcome != "done":
        return ExecutedCommand(said=said, name="", effect=effect, again=True)
    commands.enqueue(connection, [said])
    return settled(connection, said, _replace(effect, change=None))  # `undo` is for what people did


def _before(connection: Connection, said: Command) -> ExecutedCommand | None:
    """What came of a command that is told again; None for a new one, which waits from now on."""
    commands.enqueue(connection, [said])
    known = commands.find(connection, said.place, said.id, lock=True)
    if known is None or known.outcome is None:
        return None
    effect = CommandResult(receipt=known.receipt or "", outcome=known.outcome)
    return ExecutedCommand(said=known.command, name=known.name or "", effect=effect, again=True)


def settled(connection: Connection, said: Command, effect: CommandResult, name: str = "") -> ExecutedCommand:
    """Write down what came of a command. Why messages are held is told, and written down nowhere."""
    receipt = None if name == "held" else effect.receipt
    said = _replace(said, outcome=effect.outcome, before=effect.before, after=effect.after, receipt=receipt)
    commands.save_outcome(connection, said, name=name, change=effect.change)
    return ExecutedCommand(said=said, name=name, effect=effect)


def look_up(
    connection: Connection,
    environment: CommandEnvironment,
    said: Command,
    order: Status | Held | Log,
    role: Role,
    now: datetime,
) -> str:
    """The answer to somebody who leads and only asks. Writes nothing."""
    context = read(connection, environment, said, role, now)
    return _done(connection, context, order).receipt if context else "No chat is planned here."


def deny(connection: Connection, said: Command) -> ExecutedCommand:
    """Write down that somebody without a role said this. It is not even looked at what it would do."""
    return _before(connection, said) or settled(connection, said, CommandResult(receipt=DENIED, outcome="denied"))


def name_of(order: ParsedCommand | Misunderstood) -> str:
    """What the command is called; empty where it was none."""
    return "" if isinstance(order, Misunderstood) else info_of(order).name


def _decided(
    connection: Connection,
    context: CommandContext,
    order: ParsedCommand | Misunderstood,
    *,
    public: bool,
) -> CommandResult:
    context = _replace(context, public=public)
    if isinstance(order, Misunderstood):
        return CommandResult(receipt=order.hint, outcome="misread")
    spec = info_of(order)
    if rank(context.role) < rank(spec.role):
        return CommandResult(receipt=_denied(spec.role), outcome="denied")
    late = _late(connection, context, spec.name) if spec.group in ("timing", "content") or spec.name == "undo" else None
    return late or _done(connection, context, order)


def _denied(who: Role) -> str:
    return DENIED if who != "host" else "Only the host of this chat can do that."


def _late(connection: Connection, context: CommandContext, name: str) -> CommandResult | None:
    """Why it is too late for a command: it was said long ago, or a later one was carried out before it came."""
    if context.now - context.said.at > _OLD * context.environment.speed:
        minutes = round((context.now - context.said.at) / timedelta(minutes=1))
        return CommandResult(receipt=f"I heard that only {minutes} minutes later, so nothing changed.", outcome="late")
    last = _last(connection, context, name)
    # a time to come is no later command: the clock was set back
    if last is not None and context.said.at < last <= context.now:
        return CommandResult(receipt="A later command came before this one, so nothing changed.", outcome="late")
    return None


def _last(connection: Connection, context: CommandContext, name: str) -> datetime | None:
    """When the latest command was said that this one must not overtake."""
    if name == "undo":
        entry = next(iter(commands.recent(connection, context.chat.name, 1, changes=True)), None)
        return entry.command.at if entry else None
    return commands.last_given_at(connection, context.chat.name, context.said.place, _TIMED) if name in _TIMED else None


def _done(connection: Connection, context: CommandContext, order: ParsedCommand) -> CommandResult:  # noqa: C901, PLR0911, PLR0912 -- a table
    if isinstance(order, End | Cancel | StartNow) and not order.sure:
        return _asked(context, order)
    match order:
        case Say():
            return posting.say(connection, context, order)
        case Edit():
            return posting.edit(connection, context, order)
        case Announce():
            return posting.announce(connection, context)
        case Hide():
            return message_decisions.hide(connection, context, order)
        case Show():
            return message_decisions.show(connection, context, order)
        case Hold():
            return message_decisions.hold(connection, context, order)
        case Held():
            return message_decisions.held(connection, context)
        case Approve():
            return message_decisions.approve(connection, context, order)
        case Drop():
            return message_decisions.drop(connection, context, order)
        case Mute():
            return people.mute(connection, context, order)
        case Unmute():
            return people.unmute(connection, context, order)
        case Ban():
            return people.ban(connection, context, order)
        case Slow():
            return people.slow(connection, context, order)
        case HoldAll():
            return people.hold_all(connection, context, order)
        case Handover():
            return people.handover(connection, context, order)
        case Undo():
            return undo.undo(connection, context)
        case Log():
            return queries.log(connection, context)
        case Status():
            return queries.status(connection, context)
        case Help():
            return CommandResult(receipt=queries.help(context.role, order.topic))
        case _:
            return timing.steer(connection, context, order)


def _asked(context: CommandContext, order: End | Cancel | StartNow) -> CommandResult:
    """What cannot be taken back is asked once more; what makes no sense now is not asked."""
    change = timing.foreseen(context, order)
    if isinstance(change, Refused):
        return refused(change.reason)
    name = name_of(order)
    confirm = f"{name} yes"
    question = {"end": "Close the chat now?", "cancel": "Call the chat off?", "start now": "Begin now?"}[name]
    return CommandResult(
        receipt=f"{question} That cannot be taken back. Say `{confirm}`.", outcome="refused", confirm=confirm
    )
