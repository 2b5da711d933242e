"""Handles undo: takes back the newest change by what was stored with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection

from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar import command_types
from bot.commands.grammar.catalogue import BY_WORD
from bot.commands.grammar.permissions import may_give
from bot.commands.handlers import (
    corrections,
    leading,
    message_decisions,
    moving,
    people,
    publication,
    rewording,
    timing,
)
from bot.store import commands
from bot.translation import _

_replace = msgspec.structs.replace

Undo = (
    timing.PlanUndo
    | rewording.WordingUndo
    | message_decisions.DecisionUndo
    | people.MuteUndo
    | people.ChatStateUndo
    | leading.LeadUndo
    | corrections.CorrectionUndo
    | moving.MoveUndo
    | publication.PublicationUndo
)
"""The stored forms of changes that `undo` can take back."""

_read_undo: msgspec.json.Decoder[Undo] = msgspec.json.Decoder(Undo)

UNDO: Mapping[type[Undo], Callable[[Connection, CommandContext, Any], CommandResult]] = {
    timing.PlanUndo: timing.undo,
    rewording.WordingUndo: rewording.undo,
    message_decisions.DecisionUndo: message_decisions.undo,
    people.MuteUndo: people.undo_mute,
    people.ChatStateUndo: people.undo_state,
    leading.LeadUndo: leading.undo,
    corrections.CorrectionUndo: corrections.undo,
    moving.MoveUndo: moving.undo,
    publication.PublicationUndo: publication.undo,
}
"""Each takes the type beside it."""


def undo(connection: Connection, context: CommandContext, command: command_types.Undo) -> CommandResult:
    """Take back the newest change that was not taken back, if the role allows the command that made it."""
    entry = next(iter(commands.recent(connection, context.chat.name, 1, changes=True)), None)
    if entry is None or entry.change is None:
        return refused(_("There is nothing to take back."))
    if command.number is not None and entry.seq < command.number:
        return refused(_("That is taken back already."))
    if command.number is not None and entry.seq > command.number:
        who = _("Somebody") if context.public else entry.command.author.shown
        return refused(
            _("{who} said `{name}` since, so that cannot be taken back now.").format(who=who, name=entry.name)
        )
    info = BY_WORD.get(entry.name or "")
    if info is not None and not may_give(context.role, info.name):
        return refused(
            _("The last change was `{name}`, which only a {role} can take back.").format(name=info.name, role=info.role)
        )
    change = _read_undo.decode(entry.change)
    result = UNDO[type(change)](connection, context, change)
    if result.outcome == "done":
        commands.mark_undone(connection, entry.seq)
    else:
        commands.forbid_undo(connection, entry.seq)  # the next `undo` is for the change before it
    shown = (
        _("`{name}` by {who}: ").format(name=entry.name, who=entry.command.author.shown) if not context.public else ""
    )
    return _replace(result, receipt=f"{shown}{result.receipt}")


def undo_command(number: int | None, change: str | None) -> str | None:
    """The command that takes back the change with this number, if it can be taken back."""
    return f"undo {number}" if number and change else None
