"""What a form of the host's page asks for, as the words of a command. Pure; whether it makes sense the Desk decides.

A button carries its whole command. A form with fields names the command in `do`, and its fields are called after the
kinds of what the command takes.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.room import input_rules
from bot.messages import Role
from bot.ports.commands import CommandInfo

LONGEST = 4000
"""Characters of a command, with all that it says."""

_ROLES: tuple[Role, ...] = ("participant", "moderator", "host", "admin")


def may(role: Role, catalogue: tuple[CommandInfo, ...]) -> frozenset[str]:
    """The slugs of the commands that a role is offered."""
    return frozenset(one.slug for one in catalogue if _ROLES.index(one.role) <= _ROLES.index(role))


def line(fields: Mapping[str, str], catalogue: tuple[CommandInfo, ...]) -> str:
    """The command in words. Raises `words.Unfit` where there is none, or it is too long or has what cannot be shown."""
    said = fields.get("say", "")
    if not said.strip():
        said = next((_filled(one, fields) for one in catalogue if one.slug == fields.get("do")), "")
    if not said.strip():
        raise input_rules.InvalidInput("Please type a command, or press a button. `help` lists what there is.")
    return input_rules.text(said, LONGEST)


def _filled(info: CommandInfo, fields: Mapping[str, str]) -> str:
    return info.line({one.kind: fields.get(one.kind, "").strip() for one in info.takes})
