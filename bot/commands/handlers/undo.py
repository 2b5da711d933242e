"""Takes back the last thing that can be taken back. What was said stays said."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.catalogue import BY_WORD
from bot.commands.handlers import message_decisions, people, posting, timing
from bot.commands.roles import rank
from bot.store import commands

Undo = timing.PlanUndo | posting.WordingUndo | message_decisions.DecisionUndo | people.MuteUndo | people.ChatStateUndo

_read: msgspec.json.Decoder[Undo] = msgspec.json.Decoder(Undo)


def undo(connection: Connection, context: CommandContext) -> CommandResult:
    """Take back the newest change that was not taken back yet, if whoever asks could have made it."""
    entry = next(iter(commands.recent(connection, context.chat.name, 1, changes=True)), None)
    if entry is None or entry.change is None:
        return refused("There is nothing to take back.")
    spec = BY_WORD.get(entry.name or "")
    if spec is not None and rank(spec.role) > rank(context.role):
        return refused(f"The last change was `{spec.name}`, which only a {spec.role} can take back.")
    effect = _taken_back(connection, context, _read.decode(entry.change))
    if effect.outcome == "done":
        commands.mark_undone(connection, entry.seq)
    else:
        commands.forbid_undo(connection, entry.seq)  # the next `undo` is for the one before it
    shown = f"`{entry.name}` by {entry.command.author.shown}: " if not context.public else ""
    return msgspec.structs.replace(effect, receipt=f"{shown}{effect.receipt}")


def _taken_back(connection: Connection, context: CommandContext, change: Undo) -> CommandResult:
    match change:
        case timing.PlanUndo():
            return timing.take_back(connection, context, change)
        case posting.WordingUndo():
            return posting.take_back(connection, context, change)
        case message_decisions.DecisionUndo():
            return message_decisions.take_back(connection, context, change)
        case people.MuteUndo() | people.ChatStateUndo():
            return people.take_back(connection, context, change)
