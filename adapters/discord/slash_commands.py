"""The commands in Discord's form, made from the catalogue, and turned back into one line of text. Pure.

Discord takes 25 subcommands in a command, so there are two: `/moderate` for people and the queue, and `/chat` for all
else. A name of two words is joined by a dash (`/chat start-now`). Every field is text, so that everything the grammar
reads can be typed: `@kate` of another platform, a mention, a link. On a message there is a menu besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from adapters.discord.payloads import InteractionData, Option
from adapters.discord.rest import Json
from bot.ports.commands import CommandInfo, Field, Kind

CHAT_INPUT, MESSAGE = 1, 3
"""Types of command."""

_SUBCOMMAND, _TEXT = 1, 3
"""Types of option."""

LONGEST_TEXT = 100
"""The most characters of a description, and of a suggestion."""

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

MENU_ENTRIES: Mapping[str, str] = {"Leave out of transcript": "hide", "Hold": "hold", "Mute author": "mute"}
"""The menu on a message, and the command that each entry stands for."""


def menu(catalogue: tuple[CommandInfo, ...]) -> list[Json]:
    """All commands, as Discord registers them for a server."""
    commands = [
        {"name": name, "type": CHAT_INPUT, "description": about, "options": options}
        for name, about in _ABOUT.items()
        if (options := [_subcommand(one) for one in catalogue if _under(one) == name])
    ]
    return commands + [{"name": name, "type": MESSAGE} for name in MENU_ENTRIES]


def command_text(given: InteractionData, *, catalogue: tuple[CommandInfo, ...], place: str) -> str:
    """An interaction as the text of a command. An unknown one is passed on as it is, and gets help for an answer."""
    if given.type == MESSAGE:
        return _menu_command(given, place)
    chosen = _subcommand_of(given)
    values = {one.name: " ".join(str(one.value).split("\n")) for one in chosen.options if one.value is not None}
    info = next((one for one in catalogue if one.slug == chosen.name), None)
    return info.line(values) if info else " ".join([chosen.name, *values.values()]).strip()


def focused_field(given: InteractionData) -> tuple[Kind, str] | None:
    """The field that is being filled in, and its text so far."""
    for one in _subcommand_of(given).options:
        kind = next((kind for kind in get_args(Kind) if kind == one.name), None)
        if one.focused and kind:
            return kind, str(one.value or "")
    return None


def _menu_command(given: InteractionData, place: str) -> str:
    """The command of a menu entry, with the message or its author."""
    command, id = MENU_ENTRIES.get(given.name, given.name), given.target_id or ""
    if command != "mute":
        return f"{command} {place}/{id}"
    message = given.resolved.messages.get(id)
    return f"mute {place}/{message.author.id}" if message and message.author else "mute"


def _subcommand_of(given: InteractionData) -> Option:
    return next((one for one in given.options if one.type == _SUBCOMMAND), Option(name=""))


def _under(info: CommandInfo) -> str:
    return _MODERATE if info.group in _MODERATED else _CHAT


def _subcommand(info: CommandInfo) -> Json:
    fields = sorted(info.takes, key=lambda one: one.optional)  # Discord wants required ones first
    return {
        "name": info.slug,
        "type": _SUBCOMMAND,
        "description": info.help[:LONGEST_TEXT],
        "options": [_field(one) for one in fields],
    }


def _field(field: Field) -> Json:
    """A field, with suggestions unless it is a free text."""
    return {
        "name": field.kind,
        "type": _TEXT,
        "description": _HINTS[field.kind],
        "required": not field.optional,
        "autocomplete": field.kind != "text",
    }
