"""The arguments of a command as its reader gets them, and what several readers share. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from datetime import timedelta

from bot.commands.grammar import arguments
from bot.commands.grammar import moderation_types as types
from bot.commands.grammar.command_types import Misunderstood, ParsedCommand
from bot.messages import Value
from bot.translation import _

LONGEST = 2000
"""Characters of a text that the bot is to post: as many as a question in a chat file may have."""

SURE = ("yes", "--yes")
"""Words that confirm a command at once."""


class Arguments(Value, frozen=True, kw_only=True):
    """The text after the name of a command: `text` as it was written, `words` normalized.

    `about` is the message that the command is about, as `place/id`, if any. `places` are the names of the configured
    places.
    """

    text: str
    words: str
    about: str | None
    places: Collection[str]


Read = Callable[[Arguments], ParsedCommand | Misunderstood | None]


def bare(command: ParsedCommand) -> Read:
    """A command without arguments. With words after it, it is part of a sentence and no command."""
    return lambda given: None if given.words else command


def confirmed(make: Callable[[bool], ParsedCommand]) -> Read:
    """A command that takes only a `yes`."""
    return lambda given: make(bool(given.words)) if given.words.lower() in {"", *SURE} else None


def about_message(make: Callable[[types.MessageReference], ParsedCommand]) -> Read:
    """A command about one message."""

    def read(given: Arguments) -> ParsedCommand | None:
        found = arguments.message(given.words, given.about, given.places)
        return make(found[0]) if found and not found[1] else None

    return read


def with_text(
    text: str, make: Callable[[str], ParsedCommand], *, longest: int = LONGEST
) -> ParsedCommand | Misunderstood | None:
    """The command with this text, if every platform takes it."""
    text = text.strip()
    if len(text) > longest:
        return Misunderstood(
            hint=_("That has {count} characters; make it at most {longest}.").format(count=len(text), longest=longest)
        )
    if any(unicodedata.category(one) in {"Cc", "Cs"} and one not in "\r\n\t" for one in text):
        return Misunderstood(hint=_("There is an invisible control character in it; write it again without."))
    return make(text) if text else None


def length_alone(words: str) -> timedelta | None:
    """These words as a length, if they are nothing else."""
    found = arguments.length(words)
    return found[0] if found and not found[1] else None


def person(given: Arguments, is_end: Callable[[str], bool]) -> tuple[types.PersonReference, str] | None:
    """A person, and the words after them, which are an end of the command. Last of all several words are a name."""
    found = arguments.person(given.words, given.about, given.places)
    if found and is_end(found[1]):
        return found
    named = arguments.named_person(given.words)
    return named if named and is_end(named[1]) else None
