"""Finds who hosts where an announcement says "I": whoever wrote it, and those who host with them."""

from __future__ import annotations

import regex

from bot.authoring.announcement.found import FoundPerson
from bot.authoring.announcement.names import MOST, NAME, is_somebody, people_in

_I_WILL = r"I(?:['\u2019]m|\s+am|['\u2019]ll|\s+will)"
_HOST = (
    r"(?:(?:are|will|shall)\s+(?:be\s+)?(?:(?:your|the)\s+)?)?(?:co-?)?"
    r"(?:host(?:s|ing)?|lead(?:ing)?|moderat(?:e|ing)|facilitat(?:e|ing))\b"
)
_MYSELF = regex.compile(
    rf"""(?xi)\b{_I_WILL}\s+(?:be\s+)?(?:co-?)?host(?:ing)?\b
      | \b{_I_WILL}\s+(?:be\s+)?(?:your|the|tonight['\u2019]s|this\s+\w+['\u2019]s)\s+(?:guest\s+|co-?)?host\b
      | \bI(?:['\u2019]m|\s+am)\s[^.!?]{{0,80}}?\bto\s+(?:be\s+)?host(?:ing)?\b
      | \b(?:hosted|led|moderated)\s+by\s+(?:[^.!?]{{0,80}}?\band\s+)?(?:me|myself)\b | \bhosting\s+alongside\s+me\b
      | \b(?:and|&)\s+I\s+{_HOST} | \bmy\s+co-?hosts?\s+(?:is|are|will\s+be)\b
      | \bhosts?\b[^.!?]{{0,80}}?\b(?:and|&)\s+(?:me|myself)\b(?!\s+\p{{L}})
      | \b(?:with|join)\s+me\b | \bI\s+(?:co-?)?(?:host|lead)\b | \bmy\s+turn\s+to\s+host\b"""
)
"""Where somebody says that they host, perhaps with others."""

_BESIDE_ME = (
    regex.compile(
        rf"""(?x)\b(?:{_I_WILL}\s+(?:be\s+)?(?:co-?)?host(?:ing)?|I\s+(?:co-?)?host|by\s+(?:me|myself))\b(?:\s*\(@\w+\))?
        [^.!?@]{{0,80}}?\b(?:with|alongside|and|joined\s+by)\s+(?:(?:my|our|a|the)\s+(?:\p{{Ll}}[\w-]*\s+){{1,3}})?
        (?P<rest>(?={NAME}|@\w).+)"""
    ),
    regex.compile(
        rf"""(?x)(?P<rest>(?:{NAME}|@\w+)(?:\s*,?\s*\(?@\w+\)?)?),?\s+(?:and|&)\s+
        (?:I\s+{_HOST}|(?:me|myself)\b(?!\s+\p{{L}}))"""
    ),
    regex.compile(
        rf"""(?x)(?P<rest>(?:{NAME}|@\w+)(?:\s*,?\s*\(?@\w+\)?)?),?\s+(?:(?:is|are|will)\s+(?:be\s+)?)?
        (?:co-?)?host(?:s|ing)?\s+(?:\p{{L}}+\s+){{0,3}}(?:with|alongside)\s+me\b"""
    ),
    regex.compile(rf"(?i:\bmy\s+co-?hosts?\s+(?:is|are|will\s+be)\s+)(?P<rest>(?={NAME}|@\w).+)"),
)
"""Who hosts with the one who says "I": "I'll host with …", "hosted by me and …", "… and I will host"."""

_TITLE = regex.compile(r"(?:Dr|Prof(?:essor)?|Mrs?|Ms|Mx)\b\.?\s")
_ANOTHER = regex.compile(
    rf"(?x)\b(?:with|and|alongside|by)\s+{NAME}|(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)\b{NAME}[\s,]*$"
)
"""Somebody else between who says "I" and a handle, which is theirs."""

_MY_HANDLE = regex.compile(
    r"(?i)\bI(?:['\u2019]m|\s+am)\s+(?:on\s+(?:X\s+as\s+)?)?@(?P<handle>\w{2,30})|\bme\s*\(@(?P<handle>\w{2,30})\)"
)
_I_AM = regex.compile(rf"(?x)\b(?i:I['\u2019]?\s?a?m|my\s+name\s+is)\s+(?P<rest>{NAME}\s*\(@\w{{2,30}}\))")
"""Somebody who says who they are, as in "I'm Pat (@pat)"."""

_IN_BRACKETS = regex.compile(r"\(@(?P<handle>\w{2,30})\)")


_HANDLES = regex.compile(r"(?<![\w@./])@\w{2,30}")
_SENTENCE_ENDS = regex.compile(r"(?<!\b(?:Dr|Prof|Mrs?|Ms))(?<=[.!?])\s+(?=\p{Lu})")


def says_they_host(text: str) -> bool:
    """Whether the writer says that they host."""
    return bool(_MYSELF.search(text))


def beside_the_writer(text: str) -> list[str]:
    """The handles in a sentence in which the writer says that they host."""
    sentences = _SENTENCE_ENDS.split(text)
    return [handle for one in sentences if says_they_host(one) for handle in _HANDLES.findall(one)]


def the_author(text: str, author: str) -> list[FoundPerson]:
    """The author of a text that says "I'm hosting", with the handle beside it."""
    said = _MYSELF.search(text)
    if not said:
        return []
    handle = _MY_HANDLE.search(text) or _IN_BRACKETS.search(text, said.end(), said.end() + MOST)
    if handle and _ANOTHER.search(text[said.end() : handle.start()]):
        handle = None
    if named := _I_AM.search(text):
        return people_in(named["rest"])[:1]
    who = people_in(author)[:1]
    if who and handle:
        return [FoundPerson(name=who[0].name, handle=f"@{handle['handle']}")]
    return who or ([FoundPerson(name=handle["handle"], handle=f"@{handle['handle']}")] if handle else [])


def beside_me(text: str) -> list[FoundPerson]:
    """Who hosts with the one who says "I": with a handle, a title such as Dr, or a whole name that is no place."""
    for form in _BESIDE_ME:
        if found := form.search(text):
            rest = found["rest"]
            titled = bool(_TITLE.match(rest))
            people = [one for one in people_in(rest) if is_somebody(one)]
            return people or (people_in(rest)[:1] if titled else [])
    return []
