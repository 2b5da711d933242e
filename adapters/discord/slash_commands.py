"""The commands in Discord's form, made from the catalogue, and turned back into one line of text. Pure.

Discord hides whole commands from people without a permission, and takes 25 subcommands in each. So there are three:
`/convenor` for everybody, `/chat` for those who lead it, and `/moderate` for people and the queue. On a message there
is a menu besides, and `record_commands` has those about the record. The permission only keeps them out of sight; the
core decides who may use them.

A name of two words is joined by a dash (`/chat start-now`). A person is chosen from the server's members; all other
fields are text, so that everything the grammar reads can be typed: `@kate` of another platform, a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from adapters.discord import record_commands
from adapters.discord.languages import LANGUAGES, Languages, in_all_languages
from adapters.discord.payloads import InteractionData, Option
from adapters.discord.rest import Json
from bot.ports.commands import CommandInfo, Field, Kind

CHAT_INPUT, MESSAGE = 1, 3
"""Types of command."""

_SUBCOMMAND, _TEXT, _USER = 1, 3, 6
"""Types of option."""

MANAGE_MESSAGES, MANAGE_EVENTS = 1 << 13, 1 << 33
"""Permissions, as bits."""

LONGEST_TEXT = 100
"""The most characters of a description, and of a suggestion."""

_CONVENOR, _CHAT, _MODERATE = "convenor", "chat", "moderate"

_SEEN_BY: Mapping[str, int | None] = {_CONVENOR: None, _CHAT: MANAGE_EVENTS, _MODERATE: MANAGE_MESSAGES}
"""The permission without which a command is out of sight, until an administrator of the server decides otherwise."""

_ABOUT: Mapping[str, str] = {
    _CONVENOR: "Where the scheduled chat is, and how to take part",
    _CHAT: "Lead the scheduled chat",
    _MODERATE: "People and messages in the scheduled chat, what waits for a decision, and the record",
}
_MODERATED = frozenset({"people", "queue", "record"})
"""The headings of help whose commands are under `/moderate`."""

_HINTS: Mapping[Kind, str] = {
    "question": "Which question, like q4",
    "length": "How long, like 5m or 30s",
    "clock": "When, like 20:45",
    "date": "Which day, like 2026-11-24",
    "text": "The words",
    "place": "Only in this place",
    "message": "Its link, or its number like #12",
    "original": "The message of which it is a copy",
    "person": "Who, on this server",
    "number": "The number in the queue",
    "topic": "Which command",
}

_ELSEWHERE = "elsewhere"
"""The second field for a person: one who is not on the server."""

_ELSEWHERE_HINT = "Who, on another platform: @ and the handle"

MENU_ENTRIES: Mapping[str, str] = {
    "Leave out of transcript": "hide",
    "Hold": "hold",
    "Mute author": "mute",
    "Highlight": "highlight",
}
"""The menu on a message, and the command that each entry stands for."""


def menu(catalogue: tuple[CommandInfo, ...], languages: Languages = LANGUAGES) -> list[Json]:
    """All commands, as Discord registers them for a server, with their words in all languages that we have."""
    commands: list[Json] = [
        {"name": name, "type": CHAT_INPUT, "description": about, "options": options}
        for name, about in _ABOUT.items()
        if (options := [_subcommand(one) for one in catalogue if name in _commands_of(one)])
    ]
    for one in commands:
        one["default_member_permissions"] = _SEEN_BY[one["name"]]
    entries: list[Json] = [
        {"name": name, "type": MESSAGE, "default_member_permissions": MANAGE_MESSAGES} for name in MENU_ENTRIES
    ]
    return [in_all_languages(one, languages) for one in [*commands, *entries, *record_commands.commands()]]


def command_text(given: InteractionData, *, catalogue: tuple[CommandInfo, ...], place: str) -> str:
    """An interaction as the text of a command. An unknown one is passed on as it is, and gets help for an answer."""
    if record_commands.is_about_record(given):
        return record_commands.words(given)
    if given.type == MESSAGE:
        return _menu_command(given, place)
    chosen = _subcommand_of(given)
    values = {_kind(one): _typed(one) for one in chosen.options if one.value is not None}
    info = next((one for one in catalogue if one.slug == chosen.name), None)
    return info.line(values) if info else " ".join([chosen.name, *values.values()]).strip()


def focused_field(given: InteractionData) -> tuple[Kind, str] | None:
    """The field that is being filled in, and its text so far."""
    for one in _subcommand_of(given).options:
        kind = next((kind for kind in get_args(Kind) if kind == _kind(one)), None)
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


def _kind(option: Option) -> str:
    return "person" if option.name == _ELSEWHERE else option.name


def _typed(option: Option) -> str:
    """The value of a field as it would be typed in a message: a member of the server as a mention."""
    value = " ".join(str(option.value).split("\n"))
    return f"<@{value}>" if option.type == _USER and value.isascii() and value.isdigit() else value


def _commands_of(info: CommandInfo) -> tuple[str, ...]:
    """The commands under which it is. Those who lead have what everybody has beside their own."""
    own = _MODERATE if info.group in _MODERATED else _CHAT
    return (_CONVENOR, own) if info.role == "participant" else (own,)


def _subcommand(info: CommandInfo) -> Json:
    fields = [option for one in info.takes for option in _options(one)]
    return {
        "name": info.slug,
        "type": _SUBCOMMAND,
        "description": info.help[:LONGEST_TEXT],
        "options": sorted(fields, key=lambda one: not one["required"]),  # Discord wants required ones first
    }


def _options(field: Field) -> list[Json]:
    """The options for a field: text with suggestions unless it is free; for a person two, of which one is needed."""
    if field.kind != "person":
        return [_text(field.kind, _HINTS[field.kind], required=not field.optional, suggests=field.kind != "text")]
    member = {"name": field.kind, "type": _USER, "description": _HINTS[field.kind], "required": False}
    return [member, _text(_ELSEWHERE, _ELSEWHERE_HINT, required=False, suggests=True)]


def _text(name: str, hint: str, *, required: bool, suggests: bool) -> Json:
    return {"name": name, "type": _TEXT, "description": hint, "required": required, "autocomplete": suggests}
