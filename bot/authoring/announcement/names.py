"""Names of people and their handles in a piece of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

import regex

from bot.authoring.announcement.found import FoundPerson

_TITLES = (
    r"(?:(?:(?i:associate|assistant|assoc\.?|adjunct|clinical)\s+)?(?:Prof(?:essor)?|Dr|Doctor|Mr|Mrs|Ms|Miss|Mx|Rev(?:eren)?d?"
    r"|Fr|Sir|Dame|Cllr|Sr|Sister)\b\.?\s+)"
)
_TITLED = regex.compile(rf"^{_TITLES}+")
_WORD = r"\p{Lu}(?:[\p{L}\p{M}\p{N}'\u2019&-]|\.(?=\p{L})|(?<=\b\p{Lu})\.)*"
_NAME = regex.compile(
    rf"""(?x){_TITLES.replace(" ", "[ ]")}*(?:[Tt]he\s+)?
    {_WORD}(?:\s+(?:(?:de|da|do|dos|van|von|der|den|la|le|el|al|bin|of|for|to|in)\s+)*(?:{_WORD}|\p{{N}}+))*+"""
)
_HANDLE = regex.compile(r"(?<![\w@./])@\s?(?P<handle>[A-Za-z0-9_]{2,30})\b(?![@.]\w)")
_TEAM = regex.compile(r"(?i:(?:the\s+)?(?:whole\s+)?team\s+(?:at|of|from|behind))\s+@(?P<handle>\w{2,30})")
_LINK = regex.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<handle>\w{2,30})/?(?=[\s).,;]|$)")
_BETWEEN = regex.compile(
    r"(?i:[\s,(&)+/:*_\[\]]|and\b|und\b|as\s+well\s+as\b|together\s+with\b|alongside\b|co-?hosted\s+by\b"
    r"|(?:who\s+(?:is|will\s+be)\s+)?joined\s+by\b|co-?hosts?\b|guest\s+hosts?\b"
    r"|on\s+(?:X|Twitter)\b|with\b|by\b|your\s+\w+,)+"
)
_ROLE = regex.compile(
    r"""(?xi)\b(?:lecturer|therapist|OT|student|professor|lead|manager|researcher|university|trust|NHS|hospital|senior
    |clinical|director|consultant|practitioner|reader|fellow|candidate|editor|chair|nurse|physiotherapist|head|RN|MD|DO
    |library|college|society|association|institute|cent(?:re|er)|network|alliance|foundation|department|council
    |clinic|services?|federation|charity|surgery|universit\u00e4t|uni|hochschule|klinik(?:um)?|krankenhaus|verein|professorin|pflege\w*|academy|school|agency|PhD|MSc|BSc|MPH|DNP|MBBS|FRCP|OTR|SLP|RD|PT|MRCGP)\b"""
)
_ANOTHER = regex.compile(
    rf",?\s+(?:and|&)\s+(?:\p{{Ll}}[\p{{Ll}}-]*\s+){{0,4}}(?={_NAME.pattern}\s*[,(\[]*\s*@\w"
    rf"|{_TITLES.replace(' ', '[ ]')}{_NAME.pattern})",
    regex.VERBOSE,
)
"""Before another person with a handle or a title such as Dr, after what was said about the one before."""

_AFTER_A_SEMICOLON = regex.compile(
    rf"""(?x)[^.!?:;@]{{0,80}};\s+
    (?!{_WORD}\s*@|(?i:(?:\w+\s+)?(?:support\w*|help|assist\w*|guests?|questions?|chats?)\b))
    (?:(?={_NAME.pattern}\s*[,(\[]*\s*@\w)
    |(?={_TITLES.replace(" ", "[ ]")}{_NAME.pattern})|(?=\p{{Lu}}[\w'\u2019-]*\s\p{{Lu}}[\w'\u2019-]*\s*(?:[.;(]|$)))"""
)
"""Before another person, as in "A, Leeds; B": with a handle, a title, or a first and a last name and no more."""

_ROLE_BEFORE = regex.compile(rf"(?:\p{{Ll}}[\p{{Ll}}-]*\s+){{1,4}}(?={_NAME.pattern}\s*[,(\[]*\s*@\w)", regex.VERBOSE)
"""What somebody is, before a name with a handle, as in "and doctoral candidate A (@a)"."""

_OF_SOMEWHERE = regex.compile(
    r"(?!(?i:the|friends|team|voices)\s)(\p{Lu}[\w'\u2019.-]*\s\p{Lu}[\w'\u2019-]*)\s(?:of|for|in)\s\p{Lu}"
)
"""A first and a last name before where somebody works, as in "Ann Example of Leeds"."""

_POST_NOMINALS = regex.compile(r"(?:[\p{Lu}][\p{L}.]{1,5}[\s,]*)+\)")
"""What stands in brackets behind a name, as in "(PT)" or "(MSc, RN)"."""

_IN_BRACKETS = regex.compile(r"(?<=\p{L}[\s]*)\([^)@]+\)")
"""What stands in brackets behind a name, and is no handle: a place, or what somebody does."""

_NAME_BEHIND = regex.compile(rf"(?<![\w@./])@(?P<handle>\w{{2,30}})\s*\((?P<name>{_NAME.pattern})\)", regex.VERBOSE)
"""A handle with its owner's name behind it, as in "@a (Dr A Pretend)"."""

_LATER = regex.compile(r"^[^@.!?;]{0,100}?[\s(]@(?P<handle>\w{2,30})")
_AND = regex.compile(r"[\s,]*(?:and|&|und|with|mit)\b")
"""What leads on to somebody else, whose handle is not that of the one before."""

_NOBODY = frozenset(("this", "please", "we", "i", "join", "our", "us", "it", "a", "you", "they", "me", "the", "here"))

_A_DAY = regex.compile(r"(?i)(?:(?:this|next|every|on)\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b")

MOST = 400
"""Characters in which a list of people ends."""


NAME = _NAME.pattern
"""The form of a name, for patterns with spaces."""

_ENDS_WITH_A_NAME = regex.compile(rf"{NAME}\s*\Z", regex.VERBOSE)


def people_in(text: str) -> list[FoundPerson]:
    """The people that a text begins with: names, or handles, which belong to the names just before."""
    text = _NAME_BEHIND.sub(_name_first, _LINK.sub(r"@\g<handle>", text[:MOST].strip()))
    text = _IN_BRACKETS.sub(" ", text)
    people: list[FoundPerson] = []
    end = 0
    for are_handles, run in groupby(_pieces(text), key=lambda piece: piece[1]):
        pieces = list(run)
        words, end = [word for word, _, _ in pieces], pieces[-1][2]
        if not are_handles:
            people += [_named(word) for word in words]
            continue
        free = [at for at, one in enumerate(people) if not one.handle][-len(words) :]
        for at, word in zip_longest(free, words):
            if at is None:
                people.append(FoundPerson(name=word, handle=f"@{word}"))
            elif word is not None:
                people[at] = FoundPerson(name=people[at].name, handle=f"@{word}")
    alone = len(people) == 1 and not people[0].handle and not _AND.match(text, end)
    if alone and (later := _LATER.match(text[end:])):
        people = [FoundPerson(name=people[0].name, handle=f"@{later['handle']}")]
    return people


def _name_first(found: regex.Match[str]) -> str:
    """The name and then the handle; as they stand where the name is before it, or a role or a place is in brackets."""
    named = _ENDS_WITH_A_NAME.search(found.string, 0, found.start())
    return found[0] if named or _ROLE.search(found["name"]) else f"{found['name']} (@{found['handle']})"


def _named(word: str) -> FoundPerson:
    if team := _TEAM.match(word):
        return FoundPerson(name=word, handle=f"@{team['handle']}")
    name = _TITLED.sub("", word) or word
    if (work := _OF_SOMEWHERE.match(name)) and not is_a_role(work[1]):
        name = work[1]
    return FoundPerson(name=name[:1].upper() + name[1:])


def _pieces(text: str) -> Iterator[tuple[str, bool, int]]:
    """Names and handles (True) in their order with the place where each ends, up to the end of the list of people."""
    at = 0
    while at < len(text):
        if team := _TEAM.match(text, at):
            yield team[0], False, team.end()
            at = team.end()
        elif between := _BETWEEN.match(text, at):
            at = between.end()
        elif handle := _HANDLE.match(text, at):
            yield handle["handle"], True, handle.end()
            at = handle.end()
        elif (name := _NAME.match(text, at)) and not _is_role(name[0], text[:at]):
            found = name[0].rstrip(".,'\u2019&- ")
            if found.casefold() in _NOBODY or _A_DAY.match(found):
                return
            yield found, False, name.end()
            at = name.end()
        elif text[at - 1 : at] == "(" and (post_nominals := _POST_NOMINALS.match(text, at)):
            at = post_nominals.end()
        elif (role := _ROLE_BEFORE.match(text, at)) and (not at or text[:at].rstrip().endswith((" and", "&"))):
            at = role.end()
        elif following := _AFTER_A_SEMICOLON.match(text, at) or _ANOTHER.search(text, at):
            at = following.end()
        else:
            return


def is_somebody(one: FoundPerson) -> bool:
    """Whether it is a person and no place: with a handle, or with a whole name that says no role."""
    return bool(one.handle) or (" " in one.name and not is_a_role(one.name))


def is_a_role(name: str) -> bool:
    """Whether a name says what somebody is or where they work, as a university's does."""
    return bool(_ROLE.search(name))


def _is_role(name: str, before: str) -> bool:
    """Whether something with a capital after a comma or a bracket says what somebody is, not who."""
    return bool(_ROLE.search(name)) and before.rstrip().endswith((",", "("))


def merged(people: Sequence[FoundPerson]) -> Iterator[FoundPerson]:
    """Each once: somebody of whom only the handle is said is one who was named with it."""
    full = {one.handle.casefold(): one for one in people if one.handle and one.name != one.handle[1:]}
    with_handle = {one.name.casefold(): one for one in people if one.handle}
    seen: set[str] = set()
    for one in people:
        known = full.get(one.handle.casefold(), one) if one.handle else with_handle.get(one.name.casefold(), one)
        if known.name.casefold() not in seen:
            seen.add(known.name.casefold())
            yield known
