"""Finds who hosts the chat, and who supports them, in an announcement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

import regex

from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.lines import Line
from bot.messages import Value

_HANDLE = regex.compile(r"(?<![\w@./])@\s?(?P<handle>[A-Za-z0-9_]{2,15})\b(?![@.]\w)")
_BY = regex.compile(
    r"""(?xi)(?: \b(?:co-?)?(?:hosted|led|lead|facilitated|moderated|chaired|run|presented)\s+(?:for\s+us\s+)?by\b
      | \b(?:your|our|guest|the|this\s+week['\u2019]?s)\s+(?:co-?|guest\s+)?hosts?\s*
        (?:is|are|will\s+be|this\s+week\s+(?:is|are)|:|\u2013|-)
      | ^\W*(?:guest\s+|co-?)?(?:hosts?|facilitators?|led\s+by|hosted\s+by)\s*[:\u2013\u2014-] )\s*(?P<rest>.+)"""
)
_WILL_HOST = regex.compile(
    r"""(?x)(?:(?i:^(?:this|next)\s+\w+(?:\s(?:evening|night))?,?\s) | ^ | (?<=[.!]\s))
    (?P<rest>[\p{Lu}@][^.!?:]{2,80}?(?:\([^)]*\))?)\s+(?:will\s+be|is|are|will)\s+(?:hosting|host|leading|lead|facilitating)\b"""
)
_SIGNED = regex.compile(r"^\W*[Bb]y:?\s+(?P<rest>\p{Lu}.+)")
_SUPPORT = regex.compile(
    r"(?i)^\W*(?:\w+\s+)?(?:support(?:ed)?|moderators?|moderated|admin)\s*(?:by|on\s+the\s+night)?\s*[:\u2013\u2014-]"
    r"\s*(?P<rest>.+)"
)
_BETWEEN = regex.compile(r"(?:[\s,(&)+/:]|and\b|on\s+(?:X|Twitter)\b|with\b)+")
_ROLE = regex.compile(
    r"""(?xi)\b(?:lecturer|therapist|OT|student|professor|lead|manager|researcher|university|trust|NHS|hospital|senior
    |clinical|director|consultant|practitioner|reader|fellow|candidate|editor|chair)\b"""
)
_NAME = regex.compile(
    r"""(?x)(?:(?:Dr|Prof(?:essor)?|Mr|Mrs|Ms|Miss|Mx|Rev|Sir|Dame)\b\.?\s+)?(?:[Tt]he\s+)?
    \p{Lu}[\p{L}\p{M}\p{N}'\u2019.&-]*
    (?:\s+(?:(?:de|da|do|dos|van|von|der|den|la|le|el|al|bin|of|for|to|in)\s+)*[\p{Lu}\p{N}][\p{L}\p{M}\p{N}'\u2019.&-]*)*"""
)
_ENDS = regex.compile(r"[.!?;]?\s*$|[.!?;]\s")
_ANOTHER = regex.compile(rf",?\s+(?:and|&)\s+(?={_NAME.pattern}\s*[,(]?\s*@\w)", regex.VERBOSE)
"""Before another person with a handle, after what was said about the one before."""

_NOBODY = frozenset(("this", "please", "we", "i", "join", "our", "us", "it", "a", "you", "they"))


class FoundPerson(Value, frozen=True, kw_only=True):
    """Somebody by name, with their handle on X, or empty."""

    name: str
    handle: str = ""


class FoundPeople(Value, frozen=True, kw_only=True):
    """The hosts, and those who support them."""

    hosts: tuple[FoundPerson, ...] = ()
    support: tuple[FoundPerson, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def find_people(lines: Sequence[Line]) -> FoundPeople:
    """Hosts and supporters, also from the lines that were added after a chat."""
    hosts: list[FoundPerson] = []
    support: list[FoundPerson] = []
    for line in lines:
        if found := _SUPPORT.match(line.text):
            support += _people(found["rest"])
        elif found := _BY.search(line.text) or (None if line.after else _WILL_HOST.search(line.text)):
            hosts += _people(found["rest"])
    if not hosts:
        signed = [found for line in lines if not line.after and (found := _SIGNED.match(line.text))]
        hosts = [one for found in signed[:1] for one in _people(found["rest"])]
    kept = tuple(_merged(hosts))
    named = {one.handle.casefold() for one in kept if one.handle}
    helpers = tuple(one for one in _merged(support) if one.handle.casefold() not in named)
    why = "The text does not say who hosts the chat. Write who does, so that they can steer it."
    missing = Doubt(field="hosts", line=None, said="", assumed=None, why=why)
    return FoundPeople(hosts=kept, support=helpers, doubts=() if kept else (missing,))


def _people(text: str) -> list[FoundPerson]:
    """The people that a text begins with: names, or handles, which belong to the names just before."""
    text = regex.sub(r"(?i)^(?:\W*\bby\b)+\s*", "", text.strip())
    people: list[FoundPerson] = []
    for are_handles, run in groupby(_pieces(text), key=lambda piece: piece[1]):
        words = [word for word, _ in run]
        if not are_handles:
            people += [FoundPerson(name=word[:1].upper() + word[1:]) for word in words]
            continue
        free = [at for at, one in enumerate(people) if not one.handle][-len(words) :]
        for at, word in zip_longest(free, words):
            if at is None:
                people.append(FoundPerson(name=word, handle=f"@{word}"))
            elif word is not None:
                people[at] = FoundPerson(name=people[at].name, handle=f"@{word}")
    return people


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Names and handles (True) in their order, up to the end of the list of people."""
    at = 0
    while at < len(text):
        if between := _BETWEEN.match(text, at):
            at = between.end()
        elif handle := _HANDLE.match(text, at):
            yield handle["handle"], True
            at = handle.end()
        elif (name := _NAME.match(text, at)) and not _is_role(name[0], text[:at]):
            found = name[0].rstrip(".,'\u2019&- ")
            if found.casefold() in _NOBODY:
                return
            yield found, False
            at = name.end()
            if name[0].endswith(".") and len(name[0].split()[-1]) > len("Dr."):
                return
        elif following := _ANOTHER.search(text, at):
            at = following.end()
        else:
            return


def _is_role(name: str, before: str) -> bool:
    """Whether something with a capital after a comma says what somebody is, not who."""
    return bool(_ROLE.search(name)) and before.rstrip().endswith(",")


def _merged(people: Sequence[FoundPerson]) -> Iterator[FoundPerson]:
    """Each once: somebody of whom only the handle is said is one who was named with it."""
    full = {one.handle.casefold(): one for one in people if one.handle and one.name != one.handle[1:]}
    with_handle = {one.name.casefold(): one for one in people if one.handle}
    seen: set[str] = set()
    for one in people:
        known = full.get(one.handle.casefold(), one) if one.handle else with_handle.get(one.name.casefold(), one)
        if known.name.casefold() not in seen:
            seen.add(known.name.casefold())
            yield known
