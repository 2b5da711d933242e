"""People who are pointed at by initials, a title or a room: "JB from ward 6", "K.L. in Penicuik", "lady in 32b". Pure.

Rule `placed_persons`. Initials with a place count where the message is about care; those of colleagues and of authors
who introduce themselves, abbreviations, and a bed or a room without anybody in it are ordinary talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moderation.guard.clinic import CARE, INTRO, NO_PATIENT, PERSON, STAFF_WORD
from bot.moderation.guard.first_look import found_by
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.vocabulary import AFTER_A_PERSON, NOT_INITIALS, NOT_NAMES, NOT_PLACES
from bot.moderation.guard.word_classes import class_of

CAPITAL = r"[A-Z\u00c0-\u00de]"
NAME = rf"{CAPITAL}[^\W\d_]?['a-z\u00df-\u00ff-][\w'-]{{0,24}}"
TITLED = rf"\b(?:Mr|Mrs|Ms|Miss|Mister)\b\.? {CAPITAL}[\w'-]{{0,24}}"
INITIALS = r"(?<![\w.'/-])(?:[A-Z]\.\s?(?:Mc|Mac|O')?[A-Z]\.?|[A-Z]{2})(?![\w/'-])"
_DOTTED = r"(?<![\w.'/-])(?:[A-Z]\.\s?(?:Mc|Mac|O')?[A-Z]\.?|[A-Z]{2})"
NOUN = (
    r"(?:man|woman|lady|gentleman|gent|chap|bloke|boy|girl|lad|lass|kid|child|teen|teenager|patient|client|pt|resident"
    r"|pupil|service user|widow|widower|mum|dad|mother|father)"
)

_SPOT = (
    rf"(?:(?:[Ww]ard|WARD|[Bb]ed|BED|[Bb]ay|BAY|[Cc]ubicle)\s(?:\d{{1,3}}\w?|[A-Z])(?!\w)"
    rf"|\b{CAPITAL}\w{{2,20}} [Ww]ard\b"
    r"|[Ss](?:ide|/)\s?(?:[Rr]oom|[Rr]m)\s\d|(?:[Rr]oom|[Rr]m)\s?\d{1,3}(?!\w)|\bMAU\b|\bAMU\b|\bITU\b|\bICU\b)"
)
_CHEAP_INITIALS = re.compile(r"[A-Z](?:[A-Z]|\.\s?[A-Z]|\.Mac)")
_BEDDED = re.compile(
    rf"(?P<who>{TITLED}|{INITIALS})(?:,? (?:on|in|from|of)\s|,?\s|\s\()(?:the\s)?{_SPOT}"
    rf"|{_SPOT}(?:,\s|\s|:\s?|\s?-\s?|\s\()(?P<back>{TITLED}|{INITIALS})"
)
_PLACED = re.compile(
    rf"(?P<who>{_DOTTED})(?:,? (?:out |up |over |down )?(?:from|in|of|at|near) |(?<=\.)(?: back| home)? to |, | \()"
    rf"(?:the )?(?P<place>{NAME})"
)
_ROOMED = re.compile(
    rf"\b(?:{NOUN}|one) in (?:[Rr]oom |[Rr]m |flat )?#?\d{{1,3}}[a-zA-Z]?(?![\w/])"
    r"(?!\s?(?:weeks?|months?|days?|years?|hours?|min|steps?|%|of))"
)
_NAME_IN_BED = re.compile(
    rf"(?P<who>{CAPITAL}[a-z\u00df-\u00ff][\w'-]{{1,20}}),? in (?:the )?"
    rf"(?:[Bb]ed|[Cc]ubicle|[Bb]ay|[Cc]ot|[Ss]ide [Rr]oom)"
    rf" \d{{1,2}}[a-zA-Z]?(?!\w)"
)
_NAMED = re.compile(r"\b[Ii]nitials? (?:are |is |of )?[A-Z]\.? ?[A-Z]\b")
_ROOM = re.compile(r"\b(?:room|rm)\.? ?\d{1,3}[a-z]?\b(?! (?:is free|booked|at \d))")
_FAMILY = frozenset(
    ["Mum", "Mam", "Mom", "Dad", "Nan", "Nana", "Nanna", "Gran", "Granny", "Grandma", "Grandad", "Grandpa"]
)
_BEFORE_NAME = 25
_SPOTS = ("ward", "cot ", "bed ", "bay ", "room", "rm ", "cubicle", "mau", "amu", "itu", "icu")


@found_by(_BEDDED, _NAME_IN_BED, _NAMED, _PLACED, _ROOMED, small=(_ROOM,))
def placed_persons(normalized: NormalizedText) -> Iterator[Sign]:
    """Initials or a title with a bed or a ward; initials with a place; a person in a room."""
    found = list(_placed(normalized))
    if found and not NO_PATIENT.search(normalized.lowercase):
        yield from found


def _placed(normalized: NormalizedText) -> Iterator[Sign]:
    text, lowercase = normalized.text, normalized.lowercase
    if any(spot in lowercase for spot in _SPOTS):
        for found in _BEDDED.finditer(text):
            who = found["who"] or found["back"]
            is_shouted = text.isupper() and who.lower() in AFTER_A_PERSON
            if is_someone(who) and not is_shouted and not _is_staff(lowercase, who):
                yield Sign("described_person", *found.span())
        in_beds = (found for found in _NAME_IN_BED.finditer(text) if _is_bare_name(normalized, found))
        yield from (Sign("described_person", *found.span()) for found in in_beds)
    for found in _NAMED.finditer(text) if "initial" in lowercase and CARE.search(lowercase) else ():
        yield Sign("described_person", *found.span())
    for found in _PLACED.finditer(text) if _CHEAP_INITIALS.search(text) else ():
        if is_someone(found["who"]) and _is_placed(normalized, found["place"]):
            yield Sign("described_person", *found.span())
    yield from _roomed(normalized)


def _roomed(normalized: NormalizedText) -> Iterator[Sign]:
    """Somebody in a room with a number, in a message about care."""
    text, lowercase = normalized.text, normalized.lowercase
    rooms = [
        *(_ROOMED.finditer(text) if normalized.digit_run and " in " in text else ()),
        *(_ROOM.finditer(lowercase) if normalized.digit_run and ("room" in lowercase or "rm" in lowercase) else ()),
    ]
    for found in rooms if rooms and CARE.search(lowercase) else ():
        if found.re is _ROOMED or PERSON.search(lowercase):
            yield Sign("described_person", *found.span())


def _is_staff(lowercase: str, who: str) -> bool:
    """Whether the message says before that somebody with a title is on the staff: "our new consultant is Mr Ward"."""
    called = lowercase.find(f"is {who.lower()}") if who[0] == "M" else -1
    return called > 0 and STAFF_WORD.search(lowercase, max(0, called - _BEFORE_NAME), called) is not None


def _is_bare_name(normalized: NormalizedText, found: re.Match[str]) -> bool:
    """Whether a word with a capital before a bed is a name, and neither a colleague's nor a thing's."""
    who, back, ahead = found["who"], max(0, found.start() - _BEFORE_NAME), found.end() + _BEFORE_NAME
    return (
        is_someone(who)
        and who not in NOT_PLACES
        and class_of(who.lower()) is None
        and not STAFF_WORD.search(normalized.lowercase, back, ahead)
    )


def _is_placed(normalized: NormalizedText, place: str) -> bool:
    """Whether a place behind initials is narrow, and the message about care and not about colleagues."""
    lowercase = normalized.lowercase
    return (
        place not in NOT_NAMES
        and place not in NOT_PLACES
        and CARE.search(lowercase) is not None
        and not (INTRO.search(lowercase) or STAFF_WORD.search(lowercase))
    )


def is_someone(who: str) -> bool:
    """Whether initials or a word may be a person at all. Names are compared with no list of names."""
    return who not in NOT_NAMES and who not in _FAMILY and who.replace(".", "").replace(" ", "") not in NOT_INITIALS
