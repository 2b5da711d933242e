"""Takes back the last thing that can be taken back. What was said stays said."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from bot.hosting.desk import content, judging, people, timing
from bot.hosting.desk.case import Case, Effect, refused
from bot.hosting.desk.roster import rank
from bot.hosting.orders.table import BY_WORD
from bot.store import commands

Undo = timing.Steered | content.Reworded | judging.Judged | people.Muted | people.Coursed

_read: msgspec.json.Decoder[Undo] = msgspec.json.Decoder(Undo)


def undo(connection: Connection, case: Case) -> Effect:
    """Take back the newest change that was not taken back yet, if whoever asks could have made it."""
    entry = next(iter(commands.newest(connection, case.chat.name, 1, changes=True)), None)
    if entry is None or entry.change is None:
        return refused("There is nothing to take back.")
    spec = BY_WORD.get(entry.name or "")
    if spec is not None and rank(spec.who) > rank(case.role):
        return refused(f"The last change was `{spec.name}`, which only a {spec.who} can take back.")
    effect = _taken_back(connection, case, _read.decode(entry.change))
    if effect.outcome == "done":
        commands.mark_undone(connection, entry.seq)
    else:
        commands.let_go(connection, entry.seq)  # the next `undo` is for the one before it
    shown = f"`{entry.name}` by {entry.command.author.shown}: " if not case.public else ""
    return msgspec.structs.replace(effect, receipt=f"{shown}{effect.receipt}")


def _taken_back(connection: Connection, case: Case, change: Undo) -> Effect:
    match change:
        case timing.Steered():
            return timing.take_back(connection, case, change)
        case content.Reworded():
            return content.take_back(connection, case, change)
        case judging.Judged():
            return judging.take_back(connection, case, change)
        case people.Muted() | people.Coursed():
            return people.take_back(connection, case, change)
