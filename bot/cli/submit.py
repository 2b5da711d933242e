"""Handing a command to the process that hosts: through the store, where it waits until it is answered.

What only asks is answered here.
"""

from __future__ import annotations

import getpass
import secrets
import time
from contextlib import suppress
from datetime import timedelta

from bot.cli.target import Target
from bot.cli.terminal import end
from bot.commands import execution
from bot.commands.context import CommandEnvironment
from bot.commands.grammar.command_types import Held, Log
from bot.messages import Author, Command, Role
from bot.store import commands
from bot.store.commands import CommandRow

PLACE = "shell"
"""Where these commands are given, in the log."""

_GLANCE = 0.1
"""Wall seconds between two looks for the answer."""

_PATIENCE = 100
"""Looks, at most."""

_LONGEST = 100
"""Characters of a user's name."""


def asked(stage: Target, chat: str, line: str, order: Held | Log) -> str:
    """The answer to a command that only asks, out of the store: nobody need be running, and nothing is written down."""
    command, environment = _command(stage, chat, line), CommandEnvironment(places={}, slack=timedelta(0), role=_admin)
    return stage.database.read_sync(execution.look_up, environment, command, order, "admin", command.at)


def handed(stage: Target, chat: str, line: str) -> CommandRow:
    """Let a command wait, and come back with its answer. Where nobody takes it, it is withdrawn and the verb ends."""
    command = _command(stage, chat, line)
    stage.database.write_sync(commands.enqueue, [command])
    with suppress(KeyboardInterrupt):
        for _ in range(_PATIENCE):
            found = stage.database.read_sync(commands.find, PLACE, command.id)
            if found and found.outcome:
                return found
            time.sleep(_GLANCE)
    withdrawn = stage.database.write_sync(commands.withdraw, PLACE, command.id)
    found = stage.database.read_sync(commands.find, PLACE, command.id)
    if withdrawn or found is None:
        asked = "is the rehearsal still on?" if stage.rehearsed else "is `convenor run` running on this store?"
        end(2, f"Nobody carried it out: {asked} The command is withdrawn.")
    return found


def _command(stage: Target, chat: str, line: str) -> Command:
    now = stage.clock.now()
    return Command(place=PLACE, id=secrets.token_hex(8), author=_user(), text=line, chat=chat, role="admin", at=now)


def _admin(*_: object) -> Role:
    """Whoever may write into the store may do all."""
    return "admin"


def _user() -> Author:
    """Who this is to the operating system; whoever may write into the store may lead."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may have no name for its user
        name = ""
    plain = "".join(one for one in name if one.isprintable())[:_LONGEST].strip() or "somebody"
    return Author(id=plain, name=plain)
