"""A reader for the arguments of each command. It returns None where one is missing or too much is there. Pure.

A reader is named like its command. A text that the bot is to post is kept as it was written.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import timedelta

import msgspec

from bot.commands.grammar import arguments
from bot.commands.grammar import command_types as types
from bot.commands.grammar.command_types import Misunderstood, ParsedCommand
from bot.messages import Value
from bot.translation import _

LONGEST = 2000
"""Characters of a text that the bot is to post: as many as a question in a chat file may have."""

_IN_PLACE = re.compile(r"(?:in|on|to)\s+([\w-]{1,40})(:?)\s+", re.ASCII | re.IGNORECASE)
_PLATFORMS = frozenset({"room", "x", "discord"})
"""Words after `in` that mean a place, whether or not one of that name is configured."""

_QUESTION = re.compile(r"(?:q|question)?\s{0,3}#?\d{1,3}[:,]?(?=\s)", re.ASCII | re.IGNORECASE)
SURE = ("yes", "--yes")


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


def _bare(command: ParsedCommand) -> Read:
    """A command without arguments. With words after it, it is part of a sentence and no command."""
    return lambda given: None if given.words else command


status = _bare(types.Status())
next = _bare(types.Next())  # noqa: A001 -- named like its command
back = _bare(types.Back())
pause = _bare(types.Pause())
resume = _bare(types.Resume())
repeat = _bare(types.Repeat())
announce = _bare(types.Announce())
held = _bare(types.Held())
log = _bare(types.Log())
lead = _bare(types.Lead())
hold_all = _bare(types.HoldAll(on=True))
hold_off = _bare(types.HoldAll(on=False))


def _confirmed(make: Callable[[bool], ParsedCommand]) -> Read:
    """A command that takes only a `yes`."""
    return lambda given: make(bool(given.words)) if given.words.lower() in {"", *SURE} else None


end = _confirmed(lambda sure: types.End(sure=sure))
cancel = _confirmed(lambda sure: types.Cancel(sure=sure))
start_now = _confirmed(lambda sure: types.StartNow(sure=sure))
publish_now = _confirmed(lambda sure: types.PublishNow(sure=sure))
withhold = _bare(types.Withhold())


def publish_later(given: Arguments) -> types.PublishLater | None:
    """How much later."""
    found = _length(given.words)
    return types.PublishLater(by=found) if found else None


def help(given: Arguments) -> types.Help | None:  # noqa: A001 -- named like its command
    """The name of a command, or nothing."""
    topic = " ".join(given.words.lower().split(" ", 2)[:2])
    known = not given.words or re.fullmatch(r"[a-z+?-]{1,20}( [a-z]{1,10})?", topic)
    return types.Help(topic=topic or None) if known else None


def extend(given: Arguments) -> types.Extend | None:
    """The length and the question in either order."""
    first = arguments.length(given.words)
    if first:
        which = arguments.question(first[1])
        rest = which[1] if which else first[1]
        return None if rest else types.Extend(by=first[0], question=which[0] if which else None)
    asked = arguments.question(given.words)
    by = arguments.length(asked[1]) if asked else None
    return types.Extend(by=by[0], question=asked[0]) if asked and by and not by[1] else None


def skip(given: Arguments) -> types.Skip | None:
    """A question."""
    found = arguments.question(given.words)
    return types.Skip(question=found[0]) if found and not found[1] else None


def at(given: Arguments) -> types.At | None:
    """A question, and a time of day or a length from now: `at q5 20:45`, `at q5 in 3m`."""
    asked = arguments.question(given.words)
    if not asked:
        return None
    hour = arguments.clock(asked[1])
    if hour:
        return None if hour[1] else types.At(question=asked[0], clock=hour[0])
    later = arguments.length(asked[1]) if re.match(r"in |\+", asked[1], re.IGNORECASE) else None
    return types.At(question=asked[0], after=later[0]) if later and not later[1] else None


def move(given: Arguments) -> types.Move | None:
    """A day, a time of day or none, and a `yes` to confirm it at once: `move 24 November 20:00`."""
    found = arguments.date(given.words)
    if not found:
        return None
    day, rest = found
    hour = arguments.clock(rest)
    clock, rest = hour or (None, rest)
    return msgspec.structs.replace(day, clock=clock, sure=bool(rest)) if rest.lower() in {"", *SURE} else None


def say(given: Arguments) -> ParsedCommand | Misunderstood | None:
    """A text, for one place after `in PLACE`, else for all. `in` before any other word belongs to the text."""
    found = _IN_PLACE.match(f"{given.text} ")
    known = {place.lower(): place for place in given.places}
    place = known.get(found[1].lower()) if found else None
    if found and place and found.end() > len(given.text):
        return None  # a place without a text
    if found and known and not place and found[1].lower() in _PLATFORMS:
        there, *_others = known.values()
        return Misunderstood(
            hint=_("There is no {place} here. `say in {there}: …` is one place.").format(place=found[1], there=there)
        )
    if found and not place and found[2]:
        near = difflib.get_close_matches(found[1].lower(), known, n=1, cutoff=0.7)
        if near:
            return Misunderstood(
                hint=_("There is no such place. Did you mean `say in {place}: …`?").format(place=known[near[0]])
            )
    return with_text(
        given.text[found.end() :] if found and place else given.text,
        lambda text: types.Say(text=text, place=place),
    )


def edit(given: Arguments) -> ParsedCommand | Misunderstood | None:
    """A question, then its new text."""
    found = _QUESTION.match(given.text)
    asked = arguments.question(found[0]) if found else None
    if not found or not asked:
        return None
    return with_text(given.text[found.end() :], lambda text: types.Edit(question=asked[0], text=text))


def add(given: Arguments) -> ParsedCommand | Misunderstood | None:
    """The text of a question."""
    return with_text(given.text, lambda text: types.Add(text=text))


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


def about_message(make: Callable[[types.MessageReference], ParsedCommand]) -> Read:
    """A command about one message."""

    def read(given: Arguments) -> ParsedCommand | None:
        found = arguments.message(given.words, given.about, given.places)
        return make(found[0]) if found and not found[1] else None

    return read


hide = about_message(lambda message: types.Hide(message=message))
hold = about_message(lambda message: types.Hold(message=message))


def show(given: Arguments) -> types.Show | None:
    """A message, and a `yes` to confirm it at once."""
    sure = given.words.lower() in SURE
    found = arguments.message("" if sure else given.words, given.about, given.places)
    if not found or found[1].lower() not in {"", *SURE}:
        return None
    return types.Show(message=found[0], sure=sure or bool(found[1]))


def _person(given: Arguments, is_end: Callable[[str], bool]) -> tuple[types.PersonReference, str] | None:
    """A person, and the words after them, which are an end of the command. Last of all several words are a name."""
    found = arguments.person(given.words, given.about, given.places)
    if found and is_end(found[1]):
        return found
    named = arguments.named_person(given.words)
    return named if named and is_end(named[1]) else None


def unmute(given: Arguments) -> types.Unmute | None:
    """A person."""
    found = _person(given, lambda rest: not rest)
    return types.Unmute(person=found[0]) if found else None


def handover(given: Arguments) -> types.Handover | None:
    """A person, and `by link` for a name that nobody here needs to have; or the moderators."""
    if given.words.lower() in {"moderators", "the moderators"}:
        return types.Handover(moderators=True)
    found = _person(given, lambda rest: rest.lower() in {"", "by link"})
    if not found:
        return None
    by_link = bool(found[1])
    return types.Handover(person=found[0], by_link=by_link) if not by_link or found[0].name else None


def ban(given: Arguments) -> types.Ban | None:
    """A person, and a `yes` to confirm it at once."""
    sure = given.words.lower() in SURE
    if sure:
        given = msgspec.structs.replace(given, words="")
    found = _person(given, lambda rest: rest.lower() in {"", *SURE})
    if not found:
        return None
    return types.Ban(person=found[0], sure=sure or bool(found[1]))


def mute(given: Arguments) -> types.Mute | None:
    """A person, and a length or none."""
    found = _person(given, lambda rest: not rest or _length(rest) is not None)
    return types.Mute(person=found[0], length=_length(found[1])) if found else None


def _length(words: str) -> timedelta | None:
    """These words as a length, if they are nothing else."""
    found = arguments.length(words)
    return found[0] if found and not found[1] else None


def slow(given: Arguments) -> types.Slow | None:
    """A length, or `off`. A number alone counts seconds."""
    if given.words.lower() == "off":
        return types.Slow(by=None)
    found = arguments.length(given.words, bare="s")
    return types.Slow(by=found[0]) if found and not found[1] else None


def undo(given: Arguments) -> types.Undo | None:
    """Nothing, or the number that a button below a receipt gives."""
    found = arguments.number(given.words)
    if found and not found[1]:
        return types.Undo(number=found[0])
    return None if given.words else types.Undo()


def _about_number(make: Callable[[int], ParsedCommand]) -> Read:
    """A command about one message in the queue."""

    def read(given: Arguments) -> ParsedCommand | None:
        found = arguments.number(given.words)
        return make(found[0]) if found and not found[1] else None

    return read


def approve(given: Arguments) -> types.Approve | None:
    """A number in the queue, and a `yes` to confirm it at once."""
    found = arguments.number(given.words)
    if not found or found[1].lower() not in {"", *SURE}:
        return None
    return types.Approve(number=found[0], sure=bool(found[1]))


drop = _about_number(lambda number: types.Drop(number=number))
