"""Readers for the arguments of commands about a chat. Pure.

A reader is named like its command, and returns None where an argument is missing or too much is there. A text that the
bot is to post is kept as it was written. `moderation_readers.py` and `record_readers.py` have the rest.
"""

from __future__ import annotations

import difflib
import re

import msgspec

from bot.commands.grammar import arguments
from bot.commands.grammar import command_types as types
from bot.commands.grammar.command_types import Misunderstood, ParsedCommand
from bot.commands.grammar.reader_parts import SURE, Arguments, bare, confirmed, person, with_text
from bot.translation import _

_IN_PLACE = re.compile(r"(?:in|on|to)\s+([\w-]{1,40})(:?)\s+", re.ASCII | re.IGNORECASE)
_PLATFORMS = frozenset({"room", "x", "discord"})
"""Words after `in` that mean a place, whether or not one of that name is configured."""

_QUESTION = re.compile(r"(?:q|question)?\s{0,3}#?\d{1,3}[:,]?(?=\s)", re.ASCII | re.IGNORECASE)

status = bare(types.Status())
next = bare(types.Next())  # noqa: A001 -- named like its command
back = bare(types.Back())
pause = bare(types.Pause())
resume = bare(types.Resume())
repeat = bare(types.Repeat())
announce = bare(types.Announce())
log = bare(types.Log())
lead = bare(types.Lead())
end = confirmed(lambda sure: types.End(sure=sure))
cancel = confirmed(lambda sure: types.Cancel(sure=sure))
start_now = confirmed(lambda sure: types.StartNow(sure=sure))


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


def handover(given: Arguments) -> types.Handover | None:
    """A person, and `by link` for a name that nobody here needs to have; or the moderators."""
    if given.words.lower() in {"moderators", "the moderators"}:
        return types.Handover(moderators=True)
    found = person(given, lambda rest: rest.lower() in {"", "by link"})
    if not found:
        return None
    by_link = bool(found[1])
    return types.Handover(person=found[0], by_link=by_link) if not by_link or found[0].name else None


def undo(given: Arguments) -> types.Undo | None:
    """Nothing, or the number that a button below a receipt gives."""
    found = arguments.number(given.words)
    if found and not found[1]:
        return types.Undo(number=found[0])
    return None if given.words else types.Undo()
