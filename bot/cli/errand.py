"""Handing a command to the process that hosts: through the store, where it waits until it is answered."""

from __future__ import annotations

import getpass
import secrets
import time
from contextlib import suppress

from bot.cli.stage import Stage
from bot.ending import end
from bot.messages import Author, Command
from bot.store import commands
from bot.store.commands import Entry

PLACE = "shell"
"""Where these commands are given, in the log."""

_GLANCE = 0.1
"""Wall seconds between two looks for the answer."""

_PATIENCE = 100
"""Looks, at most."""

_LONGEST = 100
"""Characters of a user's name."""


def handed(stage: Stage, chat: str, line: str) -> Entry:
    """Let a command wait, and come back with its answer. Where nobody takes it, it is withdrawn and the verb ends."""
    command = Command(
        place=PLACE, id=secrets.token_hex(8), author=_user(), text=line, chat=chat, role="admin", at=stage.clock.now()
    )
    stage.database.run(commands.wait, [command])
    with suppress(KeyboardInterrupt):
        for _ in range(_PATIENCE):
            found = stage.database.look(commands.find, PLACE, command.id)
            if found and found.outcome:
                return found
            time.sleep(_GLANCE)
    withdrawn = stage.database.run(commands.withdraw, PLACE, command.id)
    found = stage.database.look(commands.find, PLACE, command.id)
    if withdrawn or found is None:
        asked = "is the rehearsal still on?" if stage.rehearsed else "is `convenor run` running on this store?"
        end(2, f"Nobody carried it out: {asked} The command is withdrawn.")
    return found


def _user() -> Author:
    """Who this is to the operating system; whoever may write into the store may lead."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may have no name for its user
        name = ""
    plain = "".join(one for one in name if one.isprintable())[:_LONGEST].strip() or "somebody"
    return Author(id=plain, name=plain)
