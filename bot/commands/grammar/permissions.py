"""Permissions: who may give each command. Pure.

A moderator may give every command that is not the host's, such as `mute`; a participant only those for everybody.
`bot/commands/role_lookup.py` finds a person's role. `bot/commands/handlers/people.py` mutes nobody who has one.
"""

from __future__ import annotations

from bot.messages import Role

FOR_EVERYBODY = frozenset({"status", "help"})

FOR_HOSTS = frozenset(
    {
        *("end", "cancel", "move", "start now"),
        *("say", "edit", "add", "announce"),
        *("summary", "publish now", "publish later", "withhold"),
        *("handover", "lead"),
    }
)
"""Commands for the host, and for an admin."""

_RANKS: dict[Role, int] = {"participant": 0, "moderator": 1, "host": 2, "admin": 3}


def rank(role: Role) -> int:
    """The rank of a role: a higher one may do all that a lower one may."""
    return _RANKS[role]


def least_role(command: str) -> Role:
    """The lowest role that may give a command, by the command's name."""
    if command in FOR_EVERYBODY:
        return "participant"
    return "host" if command in FOR_HOSTS else "moderator"


def may_give(role: Role, command: str) -> bool:
    """Whether people with a role may give a command."""
    return rank(role) >= rank(least_role(command))
