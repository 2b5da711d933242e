"""How each command is read from what stands after its word. None where something is missing or too much. Pure.

A reader is named like its command. What is said aloud is kept as it was written.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection

from bot.commands.grammar import arguments
from bot.commands.grammar import command_types as w
from bot.messages import Value

LONGEST = 2000
"""Characters a text may have that the bot is to say: as many as a question in a chat file."""

_PLACED = re.compile(r"(?:in|on|to)\s+([\w-]{1,40})(:?)\s+", re.ASCII | re.IGNORECASE)
_PLATFORMS = frozenset({"room", "x", "discord"})
"""Words after `in` that are meant as a place, whether there is one of that name or not."""

_ASKED = re.compile(r"(?:q|question)?\s{0,3}#?\d{1,3}[:,]?(?=\s)", re.ASCII | re.IGNORECASE)
_SURE = ("yes", "--yes")


class Said(Value, frozen=True, kw_only=True):
    """What stands after a command's word: `text` as it was written, `words` made plain.

    `about` is the message that the command was said about, where there is one; `places` are those there are.
    """

    text: str
    words: str
    about: str | None
    places: Collection[str]


Read = Callable[[Said], "w.ParsedCommand | w.Misunderstood | None"]


def _alone(order: w.ParsedCommand) -> Read:
    """A command that takes nothing: with anything after it, it is part of a sentence and not a command."""
    return lambda said: None if said.words else order


status, next, back = _alone(w.Status()), _alone(w.Next()), _alone(w.Back())  # noqa: A001 -- named like its command
pause, resume, repeat = _alone(w.Pause()), _alone(w.Resume()), _alone(w.Repeat())
announce, held = _alone(w.Announce()), _alone(w.Held())
undo, log = _alone(w.Undo()), _alone(w.Log())
hold_all, hold_off = _alone(w.HoldAll(on=True)), _alone(w.HoldAll(on=False))


def _confirmed(order: Callable[[bool], w.ParsedCommand]) -> Read:
    """A command that takes only a `yes`."""
    return lambda said: order(bool(said.words)) if said.words.lower() in {"", *_SURE} else None


end = _confirmed(lambda sure: w.End(sure=sure))
cancel = _confirmed(lambda sure: w.Cancel(sure=sure))
start_now = _confirmed(lambda sure: w.StartNow(sure=sure))


def help(said: Said) -> w.Help | None:  # noqa: A001 -- named like its command
    """With the name of a command, or alone."""
    topic = " ".join(said.words.lower().split(" ", 2)[:2])
    return (
        w.Help(topic=topic or None) if not said.words or re.fullmatch(r"[a-z+?-]{1,20}( [a-z]{1,10})?", topic) else None
    )


def extend(said: Said) -> w.Extend | None:
    """The length and the question in either order."""
    first = arguments.length(said.words)
    if first:
        which = arguments.question(first[1])
        rest = which[1] if which else first[1]
        return None if rest else w.Extend(by=first[0], question=which[0] if which else None)
    asked = arguments.question(said.words)
    by = arguments.length(asked[1]) if asked else None
    return w.Extend(by=by[0], question=asked[0]) if asked and by and not by[1] else None


def skip(said: Said) -> w.Skip | None:
    """A question."""
    found = arguments.question(said.words)
    return w.Skip(question=found[0]) if found and not found[1] else None


def at(said: Said) -> w.At | None:
    """A question, and an hour on the wall or a length from now: `at q5 20:45`, `at q5 in 3m`."""
    asked = arguments.question(said.words)
    if not asked:
        return None
    hour = arguments.clock(asked[1])
    if hour:
        return None if hour[1] else w.At(question=asked[0], clock=hour[0])
    later = arguments.length(asked[1]) if re.match(r"in |\+", asked[1], re.IGNORECASE) else None
    return w.At(question=asked[0], after=later[0]) if later and not later[1] else None


def say(said: Said) -> w.ParsedCommand | w.Misunderstood | None:
    """A text, for all places or after `in PLACE` for one. `in` with any other word belongs to the text."""
    found = _PLACED.match(f"{said.text} ")
    known = {place.lower(): place for place in said.places}
    place = known.get(found[1].lower()) if found else None
    if found and place and found.end() > len(said.text):
        return None  # where, and nothing to say
    if found and known and not place and found[1].lower() in _PLATFORMS:
        there, *_ = known.values()
        return w.Misunderstood(hint=f"There is no {found[1]} here. `say in {there}: …` is one place.")
    if found and not place and found[2]:
        near = difflib.get_close_matches(found[1].lower(), known, n=1, cutoff=0.7)
        if near:
            return w.Misunderstood(hint=f"There is no such place. Did you mean `say in {known[near[0]]}: …`?")
    return _sayable(
        said.text[found.end() :] if found and place else said.text, lambda text: w.Say(text=text, place=place)
    )


def edit(said: Said) -> w.ParsedCommand | w.Misunderstood | None:
    """A question, then its new words."""
    found = _ASKED.match(said.text)
    asked = arguments.question(found[0]) if found else None
    if not found or not asked:
        return None
    return _sayable(said.text[found.end() :], lambda text: w.Edit(question=asked[0], text=text))


def add(said: Said) -> w.ParsedCommand | w.Misunderstood | None:
    """The text of a question."""
    return _sayable(said.text, lambda text: w.Add(text=text))


def _sayable(text: str, order: Callable[[str], w.ParsedCommand]) -> w.ParsedCommand | w.Misunderstood | None:
    """The order with this text, if every platform can be given it."""
    text = text.strip()
    if len(text) > LONGEST:
        return w.Misunderstood(hint=f"That has {len(text)} characters; make it at most {LONGEST}.")
    if any(unicodedata.category(one) in {"Cc", "Cs"} and one not in "\r\n\t" for one in text):
        return w.Misunderstood(hint="There is an invisible control character in it; write it again without.")
    return order(text) if text else None


def _pointing(order: Callable[[w.Pointer], w.ParsedCommand]) -> Read:
    """A command about one message."""

    def read(said: Said) -> w.ParsedCommand | None:
        found = arguments.message(said.words, said.about, said.places)
        return order(found[0]) if found and not found[1] else None

    return read


hide = _pointing(lambda message: w.Hide(message=message))
show = _pointing(lambda message: w.Show(message=message))
hold = _pointing(lambda message: w.Hold(message=message))


def _naming(order: Callable[[w.Person], w.ParsedCommand]) -> Read:
    """A command about one person."""

    def read(said: Said) -> w.ParsedCommand | None:
        found = arguments.person(said.words, said.about, said.places)
        return order(found[0]) if found and not found[1] else None

    return read


unmute = _naming(lambda person: w.Unmute(person=person))
handover = _naming(lambda person: w.Handover(person=person))


def ban(said: Said) -> w.Ban | None:
    """A person, and a `yes` where it is confirmed in the same breath."""
    sure = said.words.lower() in _SURE
    found = arguments.person("" if sure else said.words, said.about, said.places)
    if not found or found[1].lower() not in {"", *_SURE}:
        return None
    return w.Ban(person=found[0], sure=sure or bool(found[1]))


def mute(said: Said) -> w.Mute | None:
    """A person, and for how long."""
    found = arguments.person(said.words, said.about, said.places)
    if not found or not found[1]:
        return w.Mute(person=found[0]) if found else None
    length = arguments.length(found[1])
    return w.Mute(person=found[0], length=length[0]) if length and not length[1] else None


def slow(said: Said) -> w.Slow | None:
    """A length, in seconds where it is a number alone, or `off`."""
    if said.words.lower() == "off":
        return w.Slow(by=None)
    found = arguments.length(said.words, bare="s")
    return w.Slow(by=found[0]) if found and not found[1] else None


def _numbered(order: Callable[[int], w.ParsedCommand]) -> Read:
    """A command about one message in the queue."""

    def read(said: Said) -> w.ParsedCommand | None:
        found = arguments.number(said.words)
        return order(found[0]) if found and not found[1] else None

    return read


approve = _numbered(lambda number: w.Approve(number=number))
drop = _numbered(lambda number: w.Drop(number=number))
