"""Finds who hosts the chat, and who supports them, in an announcement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import regex

from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.first_person import beside_me, beside_the_writer, says_they_host, the_author
from bot.authoring.announcement.found import FoundPerson
from bot.authoring.announcement.lines import Line
from bot.authoring.announcement.names import MOST, NAME, is_a_role, is_somebody, merged, people_in
from bot.messages import Value
from bot.translation import lazy

_WITH_HANDLE = rf"(?={NAME}\s*[,(\[]*\s*(?:@\w|https?://))"
_BY = regex.compile(
    r"""(?xi)(?: \b(?:co-?)?(?:hosted|led|lead|facilitated|moderated|chaired|run|presented)
        \s+(?:(?:for\s+us|tonight|this\s+(?:week|month|time))\s+)?by\b
      | (?-i:\b[Ww]ith\s+)(?:(?:your|our|a|this\s+(?:week|month)['\u2019]?s)\s+)?
        (?:guest|co-?)\s?hosts?\b[:,]?(?=\s+(?:@|(?-i:\p{Lu})))
      | \b(?:your|our|guest|the|this\s+week['\u2019]?s|this\s+month['\u2019]?s|tonight['\u2019]?s)\s+(?:co-?|guest\s+)?
        (?:hosts?|presenters?)(?:\s+(?:this|for|of|on|tonight)\b[^:.,]{0,30}?)?
        \s*(?:is|are|will\s+be|:|\u2013|-|(?-i:(?=\p{Lu})))
      | (?:^|[.!]\s+)hosts\s+are\b
      | (?:^\W*|[|\u00b7\u2022]\s*|[.;]\s+)(?:guest\s+|co-?)?
        (?:hosts?|hosting(?:\s+(?:this\s+\w+|tonight))?|facilitators?|chairs?|presenters?|led\s+by|hosted\s+by|who
          |who['\u2019]s\s+hosting|gastgeber(?:[*:]?in(?:nen)?)?|moderator(?:[*:]?in(?:nen)?)?|leitung)
        \s*[:\u2013\u2014-]
      | \b(?:moderiert|geleitet|gehostet)\s+(?:wird\s+(?:\p{L}+\s+){0,3})?(?:von|durch)\b
      | \bdurch\s+(?:den|die)\s+(?:abend|chat|stunde)\s+f\u00fchr(?:t|en)(?:\s+(?:sie|euch|uns))?\b
      | \b(?:gastgeber|moderator)(?:[*:]?in(?:nen)?)?\s+(?:ist|sind)\b | \bes\s+moderier(?:t|en)\b )\s*(?P<rest>.+)"""
)
_WILL_HOST = regex.compile(
    r"""(?x)(?:^ | (?<=[.!;]\s))
    (?i:(?:(?:on\s)?(?:(?:this|next)\s+\w+|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?:\s(?:evening|night))?
      (?:\s\d{1,2}(?:st|nd|rd|th)?\s\p{L}+)?|tonight)
      (?:\sat\s\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]m)?(?:\s(?-i:\p{Lu}{2,4}))?)?,?\s)?
    (?P<rest>(?!I\b)[\p{Lu}@](?:[^.!?:;]|(?<=\b(?:Prof|Dr|Mrs?|Ms))\.){2,80}?(?:\([^)]*\))?),?
    \s+(?:(?:will\s+be|is|are|will)\s+(?:hosting|host|leading|lead|facilitating|chairing|moderating)
      |(?:is|are|will\s+be)\s+(?:your|our|the|tonight['\u2019]s|this\s+\w+['\u2019]s)\s+(?:guest\s+|co-?)?
        (?:hosts?|moderators?|facilitators?)
      |(?:of\s[^.!?:]{2,80}?\s)?(?<!\bto\s)(?P<verb>(?:host|lead|moderate|chair|facilitate)s?))\b"""
)
_JOINED = regex.compile(
    rf"""(?x)(?:\b[Jj]oin|\b[Tt]alk(?:ing)?\s+(?:about\s+it\s+)?(?:with|to)|\b[Cc]hat(?:ting)?\s+with|^\W*[Ww]ith
      |\b[Hh]osting\b[^.!?]{{0,80}}?\bwith)\s+(?:me\s+and\s+|my\s+\w+\s+)?(?P<rest>{_WITH_HANDLE}.+)"""
)
_NAMED_WILL_HOST = regex.compile(
    rf"""(?x)(?P<rest>{NAME}\s*\(@\w{{2,30}}\)[^.!?:;]{{0,140}}?)\s+(?:
        (?:will\s+be|is|are|will)\s+(?:hosting|host|leading|lead|facilitating|chairing|moderating)\b
      | (?:hosts?|leads?|chairs?|moderates?|facilitates?)\s+(?:our|the|this|us|it)\b)"""
)
"""Somebody with a handle who hosts, in the middle of a sentence."""

_HANDLES_ONLY = regex.compile(
    r"(?i)(?:\bw/|\b(?:tweet\s?)?chat\s+with|\bhour\s+with)\s*(?P<rest>@(?!\w*(?:chat|talk))\w.+)"
)
"""The handles of hosts, as in "a tweetchat with @a and @b"; one that is the chat's own is no host."""

_OF_ALL = regex.compile(r"(?i)^\W*(?:(?:twitter|x)\s+)?(?:handles?|accounts?)(?:\s+on\s+(?:twitter|x))?\s*:")
"""A line with the handles of all who were named before."""

_SUPPORTED = regex.compile(
    r"""(?xi)[\s,;(]*(?:\b(?:and|with|und|mit)\s+)?(?:\b(?:is|are|will\s+be)\s+)?(?:
        \b(?:supported|assisted)\s+(?:on\s+the\s+night\s+|tonight\s+)?by | \bunterst\u00fctzt\s+(?:von|durch)
      | (?:\bthe\s+)?(?:\b\p{L}+\s+)?\b(?:support|help|assistance)\s+(?:on\s+the\s+night\s+)?(?:from|by|of)
      | \bunterst\u00fctzung\s+(?:von|durch) | \bsupport(?:\s+on\s+the\s+night)?\s*: )\s+(?P<rest>.+)"""
)
"""Who only supports the host, behind the host."""

_SUPPORTS = regex.compile(r"(?i)\b(?:support|assist|unterst\u00fctz)")
_GUEST = regex.compile(
    r"""(?xi)(?:^\W*(?:special\s+)?guests?(?:\s+speakers?)?\s*[:\u2013\u2014-]
      | \b(?:our|your|the|with|special)\s+(?:special\s+)?guests?(?:\s+(?:this|tonight)\b[^:.,]{0,20}?)?
        \s*(?:is|are|will\s+be|:|,|(?=@|(?-i:\p{Lu}))))\s*(?P<rest>.+)"""
)
_HOSTS_BELOW = regex.compile(
    r"(?i)^\W*(?:(?:your|our|the|tonight['\u2019]?s|this\s+(?:week|month)['\u2019]?s|meet\s+(?:your|our|the))\s+)?"
    r"(?:guest\s+|co-?)?(?:hosts?|moderators?|facilitators?)\W*$"
)
"""A heading with the hosts below it, a line for each."""

_MOST_BELOW, _LONGEST_BELOW = 6, 150
"""Hosts below such a heading, and characters of the line of each."""

_HANDLES = regex.compile(r"(?<![\w@./])@(\w{2,30})")
_LONG_ENOUGH = 4
"""Letters of a name that are no accident in a handle."""

_SIGNED = regex.compile(r"^\W*[Bb]y:?\s+(?P<rest>\p{Lu}.+)")
_SUPPORT = regex.compile(
    r"(?i)^\W*(?:\w+[\s-]+)?(?P<what>support(?:ed)?|unterst\u00fctzung|moderators?|moderated|moderation|admin)"
    r"\s*(?:by|on\s+the\s+night|(?:on|from|behind)\s+(?:(?:the|our)\s+)?[#@]?\w+\s+(?:account|handle|feed))?"
    r"\s*[:\u2013\u2014-]\s*(?P<rest>.+)"
)


_SEVERAL = regex.compile(r"(?i)\W*(?:\w+\s+){0,3}(?:hosts|facilitators|chairs|moderator(?:s|innen)|gastgeberinnen)\b")
"""A label for more than one host."""

_AND_A_TEAM = regex.compile(r"[\s,)]*(?:and|&|with|und|mit)\s+[^.!?@,;]{1,40}?[(\s](?P<handle>@\w{2,30})")


class FoundPeople(Value, frozen=True, kw_only=True):
    """The hosts, and those who support them."""

    hosts: tuple[FoundPerson, ...] = ()
    support: tuple[FoundPerson, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def find_people(lines: Sequence[Line], author: str = "") -> FoundPeople:
    """Hosts and supporters, also from the lines that were added after a chat. `author` wrote the text."""
    hosts: list[FoundPerson] = []
    support: list[FoundPerson] = []
    moderators: list[FoundPerson] = []
    doubts: list[Doubt] = []
    hosts += _below_a_heading(lines)
    writer = author or next(
        (found["rest"] for line in lines if not line.after and (found := _SIGNED.match(line.text))), ""
    )
    for line in lines:
        if found := _SUPPORT.match(line.text):
            support += people_in(found["rest"])
            moderators += people_in(found["rest"]) if found["what"].casefold().startswith("moderat") else []
            continue
        helped = _SUPPORTED.search(line.text)
        before = msgspec.structs.replace(line, text=line.text[: helped.start()]) if helped else line
        here = _said(before, writer)
        if helped and here:
            support += [one for one in people_in(helped["rest"]) if is_somebody(one)]
        doubts += _doubts_of(before, here)
        hosts += here or (_said(line, writer) if helped else [])
    if not hosts:
        hosts, beside = _signed(lines)
        doubts += beside
    hosts = [_in_full(one, lines, author) for one in hosts or moderators or _guests(lines)]
    kept = tuple(_with_handle(one, lines) for one in _with_handles_of_all(tuple(merged(hosts)), lines))
    named = {one.handle.casefold() for one in kept if one.handle} | {one.name.casefold() for one in kept}
    helpers = tuple(one for one in merged(support) if not {one.handle.casefold(), one.name.casefold()} & named)
    known = {one.handle for one in (*kept, *helpers) if one.handle}
    asked = (one for one in doubts if one.said not in known)
    return FoundPeople(hosts=kept, support=helpers, doubts=(*_doubts(kept), *asked))


def _signed(lines: Sequence[Line]) -> tuple[list[FoundPerson], list[Doubt]]:
    """Who signed the text; or, with a doubt, the guests in a text that somebody else signed."""
    line = next((line for line in lines if not line.after and _SIGNED.match(line.text)), None)
    found = _SIGNED.match(line.text) if line else None
    authors = people_in(_without_by(found["rest"])) if found else []
    guests = _guests(lines) if authors else []
    if line is None or not guests:
        return authors, []
    names = {one.name for one in authors}
    if both := [one for one in guests if one.name in names]:
        return [*authors, *both], []
    why = lazy("Somebody else signed the text than the guest whom it names. Who of them hosts?")
    assumed = ", ".join(one.name for one in guests)
    return guests, [Doubt(field="hosts", line=line.number, said=line.text, assumed=assumed, why=why)]


def _in_full(one: FoundPerson, lines: Sequence[Line], author: str) -> FoundPerson:
    """Somebody of whom only the first name is said, by the whole name with which the text is signed."""
    if " " in one.name or one.name == one.handle[1:]:
        return one
    signed = [found["rest"] for line in lines if not line.after and (found := _SIGNED.match(line.text))]
    names = (who.name for text in (author, *signed) for who in people_in(_without_by(text))[:1])
    full = next((name for name in names if name.startswith(f"{one.name} ")), one.name)
    return FoundPerson(name=full, handle=one.handle)


def _with_handles_of_all(hosts: tuple[FoundPerson, ...], lines: Sequence[Line]) -> tuple[FoundPerson, ...]:
    """Hosts without handles, with those of a line that has one for each."""
    said = next((_HANDLES.findall(line.text) for line in lines if not line.after and _OF_ALL.match(line.text)), [])
    if any(one.handle for one in hosts) or len(said) != len(hosts):
        return hosts
    return tuple(FoundPerson(name=one.name, handle=f"@{handle}") for one, handle in zip(hosts, said, strict=True))


def _with_handle(one: FoundPerson, lines: Sequence[Line]) -> FoundPerson:
    """Somebody with the only handle of the text that has their last name in it, if none stands beside the name."""
    last = regex.sub(r"\W", "", one.name.split()[-1]).casefold()
    if one.handle or len(last) < _LONG_ENOUGH:
        return one
    found = {handle.casefold(): handle for line in lines if not line.after for handle in _HANDLES.findall(line.text)}
    alike = [handle for known, handle in found.items() if last in known]
    return FoundPerson(name=one.name, handle=f"@{alike[0]}") if len(alike) == 1 else one


def _doubts(hosts: Sequence[FoundPerson]) -> Iterator[Doubt]:
    if not hosts:
        why = lazy("The text does not say who hosts the chat. Write who does, so that they can steer it.")
        yield Doubt(field="hosts", line=None, said="", assumed=None, why=why)


def _doubts_of(line: Line, hosts: Sequence[FoundPerson]) -> Iterator[Doubt]:
    """Whether all whom a line names host: one beside "me" without a handle, who supports, or behind a comma."""
    names = ", ".join(one.name for one in hosts)
    beside = [one.name for one in beside_me(line.text) if not one.handle] if says_they_host(line.text) else []
    if hosts and beside:
        why = lazy("The text names them beside the one who hosts. Do they host, too?")
        yield Doubt(field="hosts", line=line.number, said=", ".join(beside), assumed=names, why=why)
    elif len(hosts) > 1 and _SUPPORTS.search(line.text):
        why = lazy("The text speaks of support here. Do all of these host?")
        yield Doubt(field="hosts", line=line.number, said=line.text, assumed=names, why=why)
    elif team := _left_out(line.text, hosts):
        why = lazy("This handle is named with the hosts, but belongs to nobody found. Whose is it?")
        yield Doubt(field="hosts", line=line.number, said=team, assumed=names, why=why)
    elif perhaps := [one.name for one in hosts[1:] if not one.handle and _is_behind_a_comma(one.name, line.text)]:
        why = lazy("It stands behind a comma, as a place or a role does. Is it somebody who hosts?")
        yield Doubt(field="hosts", line=line.number, said=", ".join(perhaps), assumed=names, why=why)


def _left_out(text: str, hosts: Sequence[FoundPerson]) -> str:
    """A handle that is no host's: of a team that stands with "and" behind the last, or beside "I'll host"."""
    last = max(
        (text.rfind(word) + len(word) for one in hosts for word in (one.name, one.handle) if word and word in text),
        default=0,
    )
    found = _AND_A_TEAM.match(text, last) if hosts else None
    theirs = {one.handle for one in hosts}
    other = next((handle for handle in beside_the_writer(text) if handle not in theirs), "") if hosts else ""
    return found["handle"] if found else other


def _is_behind_a_comma(name: str, text: str) -> bool:
    """Whether a name stands behind a comma and before no other, as in "A, B and C", has no title, and is no host's."""
    if _SEVERAL.match(text) and " " in name:
        return False
    behind = regex.search(rf",\s*{regex.escape(name)}\b(?P<rest>.*)", text)
    return behind is not None and not regex.match(r"\s*(?:,?\s*(?:and|und|&)\s|,\s*\p{Lu})", behind["rest"])


def _said(line: Line, author: str) -> list[FoundPerson]:
    """The hosts that a line names."""
    found = _BY.search(line.text)
    beside = beside_me(line.text) if says_they_host(line.text) and not line.after else []
    if found and (people := people_in(_without_by(found["rest"]))) and not beside:
        another = _BY.search(line.text, found.start("rest") + 1)
        return [*people, *(people_in(another["rest"]) if another and "co" in another[0][:12].casefold() else [])]
    if line.after or (line.style and line.text.endswith("?")):
        return []
    joined = _JOINED.search(line.text)
    others = beside or (people_in(joined["rest"]) if joined else [])
    theirs = {one.handle for one in others}
    own = [FoundPerson(name=one.name) if one.handle in theirs else one for one in the_author(line.text, author)]
    said = [*own, *others]
    hosting = [found for found in _WILL_HOST.finditer(line.text) if "@" in found["rest"] or not found["verb"]]
    hosting += [found for form in (_NAMED_WILL_HOST, _HANDLES_ONLY) if (found := form.search(line.text))]
    return said or next((people for found in hosting if (people := people_in(found["rest"]))), [])


def _below_a_heading(lines: Sequence[Line]) -> list[FoundPerson]:
    """The people in the lines below a heading such as "Hosts", up to the first line that begins with none."""
    at = next((at for at, line in enumerate(lines) if not line.after and _HOSTS_BELOW.match(line.text)), len(lines))
    people: list[FoundPerson] = []
    for line in lines[at + 1 : at + 1 + _MOST_BELOW]:
        found = people_in(line.text) if len(line.text) <= _LONGEST_BELOW and line.style in ("", "\u2022") else []
        if not any(one.handle or " " in one.name for one in found) or regex.search(r"\w.*[?:]", line.text):
            break
        if people and not line.style and not any(one.handle for one in found):
            break
        several = regex.search(r"\band\b|&", line.text)
        # behind the only one stands where they work
        people += (
            found if several else [*found[:1], *(one for one in found[1:] if one.handle and not is_a_role(one.name))]
        )
    return people


def _guests(lines: Sequence[Line]) -> list[FoundPerson]:
    """The guests, who lead a chat of which the text names nobody else as the host."""
    said = (found for line in lines if not line.after and not line.style and (found := _GUEST.search(line.text)))
    return next((people for found in said if (people := people_in(found["rest"]))), [])


def _without_by(text: str) -> str:
    return regex.sub(r"(?i)^(?:\W*\bby\b)+\s*", "", text[:MOST].strip())
