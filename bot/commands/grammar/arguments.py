"""Parses the arguments of commands one by one: a question, a length, a time of day, a message, a person. Pure.

Each function takes the remaining words and returns the argument with the words after it, or None if it finds none.
The words have plain quotes and single spaces.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import time, timedelta
from itertools import pairwise

from pydantic_core import PydanticCustomError

from bot.commands.grammar.command_types import Move
from bot.commands.grammar.moderation_types import MessageReference, PersonReference
from bot.toml import duration

_END = r"(?=[\s:,]|$)"
_UNIT = r"(?:h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?|d(?:ays?)?|w(?:eeks?)?)(?![^\W\d_])"
_PIECE = re.compile(rf"(\d{{1,6}}(?:\.\d{{1,3}})?) ?({_UNIT})", re.ASCII | re.IGNORECASE)
_LENGTH = re.compile(
    rf"(?:(?:for|by|in) )?\+? ?((?:\d{{1,6}}(?:\.\d{{1,3}})? ?{_UNIT}(?: ?and )? ?)+|\d{{1,4}})(?=\s|$)",
    re.ASCII | re.IGNORECASE,
)
_QUESTION = re.compile(rf"(?:for |to )?(?:q|question)? ?#?(\d{{1,3}}){_END}[:,]?", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:at |to )?(?:(\d{1,2})[:.](\d\d)(?: ?([ap])\.?m\.?)?|(\d\d)(\d\d)|(\d{1,2}) ?([ap])\.?m\.?)(?=\s|$)",
    re.ASCII | re.IGNORECASE,
)
_WEEKDAYS, _MONTHS = (
    ("mo", "tu", "we", "th", "fr", "sa", "su"),
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    rf"""(?:to[ ]|on[ ])?
    (?:(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?
      |sun(?:day)?),?[ ])?
    (?:(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)
    | (?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<month>{_MONTH})(?:,?[ ](?P<year>20[2-9]\d)(?![:.\d]))?
    | (?P<name>{_MONTH})[ ](?P<number>\d{{1,2}})(?:st|nd|rd|th)?(?:,?[ ](?P<later>20[2-9]\d)(?![:.\d]))?)
    (?:,|T(?=\d)|(?=\s|$))""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(r"#?(\d{1,6})(?=\s|$)", re.ASCII)
_QUOTED = re.compile(r'@?(?:([\w-]{1,40})/)?"([^"]{1,200})"(?=\s|$)', re.ASCII)
_BARE_NAME = re.compile(r"@?(?:([\w-]{1,40})/)?([^\s\"<>/@]+(?: [^\s\"<>/@]+)+)", re.ASCII)
_AFTER_NAME = re.compile(r" (yes|--yes|by link)$", re.IGNORECASE)
_NAMED = re.compile(r"<@!?(\d{1,30})>|@([^\s/@\"<>]{1,100})|([\w-]{1,40})/(@?)([^\s\"<>]{1,150})", re.ASCII)
_WITH_PLACE = re.compile(r"([\w-]{1,40})/(\S{1,200})", re.ASCII)
_LINK = re.compile(r"<?https?://[^/\s]+(/[^\s?#>]*)?(?:\?[^\s#>]*)?(?:#([^\s>]*))?>?", re.IGNORECASE)
_PLAIN = re.compile(r"[\w.-]{1,200}", re.ASCII)


def question(words: str) -> tuple[str, str] | None:
    """`q3`, `Q3`, `question 3` and `3` as `q3`."""
    found = _QUESTION.match(words)
    if not found or not int(found[1]):
        return None
    return f"q{int(found[1])}", _after(words, found)


def section(words: str) -> tuple[str, str] | None:
    """A question, or `before` the first, or `after` the end."""
    first, _, rest = words.removeprefix("under ").partition(" ")
    if first.lower() in {"before", "after"}:
        return first.lower(), rest
    return question(words.removeprefix("under "))


def length(words: str, *, bare: str = "m") -> tuple[timedelta, str] | None:
    """`5m`, `5 minutes`, `1h 30m`, `+5`. A number alone counts minutes, or the unit in `bare`."""
    found = _LENGTH.match(words)
    if not found:
        return None
    pieces = _PIECE.findall(found[1])
    written = "".join(f"{number}{unit[0].lower()}" for number, unit in pieces) or f"{found[1].strip()}{bare}"
    try:
        return duration.parse_duration(written), _after(words, found)
    except PydanticCustomError:
        return None


def clock(words: str) -> tuple[time, str] | None:
    """`20:45`, `20.45`, `2045`, `8:45 pm`, `8pm`: a time of day."""
    found = _CLOCK.match(words)
    if not found:
        return None
    hour = int(found[1] or found[4] or found[6])
    half = (found[3] or found[7] or "").lower()
    if half and not 1 <= hour <= 12:  # noqa: PLR2004 -- half a day
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    minute = int(found[2] or found[5] or 0)
    if hour > 23 or minute > 59:  # noqa: PLR2004 -- a day
        return None
    return time.min.replace(hour=hour, minute=minute), _after(words, found)


def date(words: str) -> tuple[Move, str] | None:
    """`2026-11-24`, `24 November`, `Tuesday 24 Nov 2026`, `November 24th`: a day, as the day to move to."""
    found = _DATE.match(words)
    if not found:
        return None
    month = found["m"] or _MONTHS.index((found["month"] or found["name"])[:3].lower()) + 1
    year = found["y"] or found["year"] or found["later"]
    weekday = _WEEKDAYS.index(found["weekday"][:2].lower()) if found["weekday"] else None
    day = int(found["d"] or found["day"] or found["number"])
    return Move(day=day, month=int(month), year=int(year) if year else None, weekday=weekday), _after(words, found)


def number(words: str) -> tuple[int, str] | None:
    """`3` or `#3`."""
    found = _NUMBER.match(words)
    return (int(found[1]), _after(words, found)) if found and int(found[1]) else None


def message(words: str, about: str | None, places: Collection[str]) -> tuple[MessageReference, str] | None:
    """`#12`, `place/id`, a link, an id; `this` or nothing for the message in `about`."""
    word, _, rest = words.partition(" ")
    if word.lower() in {"", "this"}:
        return (_message_reference(about, places) or MessageReference(id=about), rest) if about else None
    found = _message_reference(word, places)
    return (found, rest) if found else None


def person(words: str, about: str | None, places: Collection[str]) -> tuple[PersonReference, str] | None:
    """`@handle`, `<@id>`, `place/id`, `"a name"`, `place/"a name"`; `this` for the author of the message in `about`."""
    quoted = _QUOTED.match(words)
    if quoted and quoted[2].isprintable():
        return PersonReference(place=quoted[1], name=quoted[2].strip()), _after(words, quoted)
    word, _, rest = words.partition(" ")
    named = _NAMED.fullmatch(word)
    if named and word.isprintable():
        return _person_reference(named), rest
    is_this = word.lower() == "this"
    if not (is_this or not word or length(words)):
        return None
    found = message("", about, places)
    return (PersonReference(author_of=found[0]), rest if is_this else words) if found else None


def named_person(words: str) -> tuple[PersonReference, str] | None:
    """A name of several words without quotes, with what may stand after it: a length, a `yes`, or `by link`.

    A bare word is no person: it is more often a handle without its `@`.
    """
    ending = _AFTER_NAME.search(words)
    pieces = words.split(" ")
    cut = next((at for at in range(max(1, len(pieces) - 6), len(pieces)) if _is_length(" ".join(pieces[at:]))), None)
    end = ending.start() if ending else len(" ".join(pieces[:cut]))
    found = _BARE_NAME.fullmatch(words[:end])
    if not found or not found[2].isprintable():
        return None
    return PersonReference(place=found[1], name=found[2], bare=True), words[end:].strip()


def _is_length(words: str) -> bool:
    found = length(words)
    return found is not None and not found[1]


def _person_reference(found: re.Match[str]) -> PersonReference:
    id, handle, place, at, name = found.groups()
    if id or handle:
        return PersonReference(id=id, handle=f"@{handle}" if handle else None)
    return PersonReference(place=place, handle=f"@{name}") if at else PersonReference(place=place, id=name)


def _message_reference(word: str, places: Collection[str]) -> MessageReference | None:
    listed = _NUMBER.fullmatch(word) if word.startswith("#") else None
    if listed:
        return MessageReference(number=int(listed[1]))
    link = _LINK.fullmatch(word)
    if link:
        return _from_fragment(link[2] or "", places) or _from_path(link[1] or "")
    with_place = _WITH_PLACE.fullmatch(word)
    if with_place and with_place[2].isprintable():
        return MessageReference(place=with_place[1], id=with_place[2])
    return MessageReference(id=word) if _PLAIN.fullmatch(word) and any(one.isdigit() for one in word) else None


def _from_fragment(fragment: str, places: Collection[str]) -> MessageReference | None:
    """The message in the fragment of a link to the bot's own page: `m-PLACE-ID`."""
    if not fragment.startswith("m-"):
        return None
    spot = fragment.removeprefix("m-")
    known = max((place for place in places if spot.startswith(f"{place}-")), key=len, default="")
    place = known or spot.partition("-")[0]
    id = spot[len(place) + 1 :]
    return MessageReference(place=place, id=id) if _PLAIN.fullmatch(place) and _PLAIN.fullmatch(id) else None


def _from_path(path: str) -> MessageReference | None:
    """The message in the path of a platform's link: the number after `status`, else the last number."""
    parts = path.split("/")
    numbers = [part for part in parts if part.isascii() and part.isdigit()]
    named = [part for before, part in pairwise(parts) if before == "status" and part in numbers]
    found = (named or numbers)[-1:]
    return MessageReference(id=found[0]) if found else None


def _after(words: str, found: re.Match[str]) -> str:
    return words[found.end() :].strip()
