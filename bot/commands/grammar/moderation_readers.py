"""Readers for the arguments of commands about people and messages. Pure.

A reader is named like its command, and returns None where an argument is missing or too much is there.
"""

from __future__ import annotations

import msgspec

from bot.commands.grammar import arguments
from bot.commands.grammar import moderation_types as types
from bot.commands.grammar.reader_parts import SURE, Arguments, about_message, bare, length_alone, person

held = bare(types.Held())
hold_all = bare(types.HoldAll(on=True))
hold_off = bare(types.HoldAll(on=False))
hide = about_message(lambda message: types.Hide(message=message))
hold = about_message(lambda message: types.Hold(message=message))


def show(given: Arguments) -> types.Show | None:
    """A message, and a `yes` to confirm it at once."""
    sure = given.words.lower() in SURE
    found = arguments.message("" if sure else given.words, given.about, given.places)
    if not found or found[1].lower() not in {"", *SURE}:
        return None
    return types.Show(message=found[0], sure=sure or bool(found[1]))


def unmute(given: Arguments) -> types.Unmute | None:
    """A person."""
    found = person(given, lambda rest: not rest)
    return types.Unmute(person=found[0]) if found else None


def ban(given: Arguments) -> types.Ban | None:
    """A person, and a `yes` to confirm it at once."""
    sure = given.words.lower() in SURE
    if sure:
        given = msgspec.structs.replace(given, words="")
    found = person(given, lambda rest: rest.lower() in {"", *SURE})
    if not found:
        return None
    return types.Ban(person=found[0], sure=sure or bool(found[1]))


def mute(given: Arguments) -> types.Mute | None:
    """A person, and a length or none."""
    found = person(given, lambda rest: not rest or length_alone(rest) is not None)
    return types.Mute(person=found[0], length=length_alone(found[1])) if found else None


def slow(given: Arguments) -> types.Slow | None:
    """A length, or `off`. A number alone counts seconds."""
    if given.words.lower() == "off":
        return types.Slow(by=None)
    found = arguments.length(given.words, bare="s")
    return types.Slow(by=found[0]) if found and not found[1] else None


def approve(given: Arguments) -> types.Approve | None:
    """A number in the queue, and a `yes` to confirm it at once."""
    found = arguments.number(given.words)
    if not found or found[1].lower() not in {"", *SURE}:
        return None
    return types.Approve(number=found[0], sure=bool(found[1]))


def drop(given: Arguments) -> types.Drop | None:
    """A number in the queue."""
    found = arguments.number(given.words)
    return types.Drop(number=found[0]) if found and not found[1] else None
