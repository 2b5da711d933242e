"""The commands as Discord shows them, made from what the Desk offers, and read back into words. Pure.

Discord takes 25 subcommands in a command, so there are two: `/moderate` for people and the queue, and `/chat` for all
else. A name of two words is joined by a dash (`/chat start-now`). Every field is text, so that whatever the grammar
reads can be written: `@kate` of another platform, a mention, a link. On a message there is a menu besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from adapters.discord.payloads import Given, Option
from adapters.discord.rest import Json
from bot.ports.commands import CommandInfo, Field, Kind

CHAT_INPUT, MESSAGE = 1, 3
"""Types of command."""

_SUBCOMMAND, _TEXT = 1, 3
"""Types of option."""

LONGEST = 100
"""Characters of a description, and of what is suggested."""

_CHAT, _MODERATE = "chat", "moderate"

_ABOUT: Mapping[str, str] = {
    _CHAT: "Lead the scheduled chat, or see where it is",
    _MODERATE: "People and messages in the scheduled chat, and what waits for a decision",
}
_MODERATED = frozenset({"people", "queue"})
"""The headings of help whose commands are under `/moderate`."""

_HINTS: Mapping[Kind, str] = {
    "question": "Which question, like q4",
    "length": "How long, like 5m or 30s",
    "clock": "When, like 20:45",
    "text": "The words",
    "place": "Only in this place",
    "message": "Its link, or its number like #12",
    "person": "Who: a mention, or @ and the handle on any platform",
    "number": "The number in the queue",
    "topic": "Which command",
}

ENTRIES: Mapping[str, str] = {"Leave out of transcript": "hide", "Hold": "hold", "Mute author": "mute"}
"""The menu on a message, and the command that each entry stands for."""


def menu(catalogue: tuple[CommandInfo, ...]) -> list[Json]:
    """All that Discord is to know, for a server."""
    commands = [
        {"name": name, "type": CHAT_INPUT, "description": about, "options": options}
        for name, about in _ABOUT.items()
        if (options := [_subcommand(one) for one in catalogue if _under(one) == name])
    ]
    return commands + [{"name": name, "type": MESSAGE} for name in ENTRIES]


def said(given: Given, *, catalogue: tuple[CommandInfo, ...], place: str) -> str:
    """The words that an interaction stands for. What is not offered is told as it came; the Desk then helps."""
    if given.type == MESSAGE:
        return _pointed(given, place)
    chosen = _chosen(given)
    values = {one.name: " ".join(str(one.value).split("\n")) for one in chosen.options if one.value is not None}
    info = next((one for one in catalogue if one.slug == chosen.name), None)
    return info.line(values) if info else " ".join([chosen.name, *values.values()]).strip()


def typing(given: Given) -> tuple[Kind, str] | None:
    """Which field somebody is filling in, and what stands in it so far."""
    for one in _chosen(given).options:
        kind = next((kind for kind in get_args(Kind) if kind == one.name), None)
        if one.focused and kind:
            return kind, str(one.value or "")
    return None


def _pointed(given: Given, place: str) -> str:
    """The menu entry's command, with the message or whoever wrote it."""
    command, id = ENTRIES.get(given.name, given.name), given.target_id or ""
    if command != "mute":
        return f"{command} {place}/{id}"
    message = given.resolved.messages.get(id)
    return f"mute {place}/{message.author.id}" if message and message.author else "mute"


def _chosen(given: Given) -> Option:
    return next((one for one in given.options if one.type == _SUBCOMMAND), Option(name=""))


def _under(info: CommandInfo) -> str:
    return _MODERATE if info.group in _MODERATED else _CHAT


def _subcommand(info: CommandInfo) -> Json:
    fields = sorted(info.takes, key=lambda one: one.optional)  # Discord wants those first that are required
    return {
        "name": info.slug,
        "type": _SUBCOMMAND,
        "description": info.help[:LONGEST],
        "options": [_field(one) for one in fields],
    }


def _field(field: Field) -> Json:
    """Everything but what is said aloud is helped with."""
    return {
        "name": field.kind,
        "type": _TEXT,
        "description": _HINTS[field.kind],
        "required": not field.optional,
        "autocomplete": field.kind != "text",
    }
