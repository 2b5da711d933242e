"""The dates in a line of an announcement, and how likely each is the chat's: by its form and by the words around it."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from bot.authoring.announcement.date_names import (
    MONTH,
    MONTH_NAMES,
    WEEKDAY,
    WEEKDAY_NAMES,
    WEEKDAYS,
    month_of,
    weekday_of,
)
from bot.authoring.announcement.lines import Line
from bot.messages import Value

_DAY = r"(?P<day>\d{1,2})(?:\s?(?:st|nd|rd|th)\b)?"
_YEAR = r"(?:,?\s*(?:of\s+)?(?P<year>(?:19|20)\d\d|['\u2019]\d\d)(?!\d))?"
_AND = (
    r"(?:,\s*)?(?:-|\u2013|\u2014|\+|/|&|"
    r"(?:(?:and|und|sowie)(?:\s*/\s*(?:or|oder))?|or|oder|to|through|thru|until|till|bis)\b)"
    r"(?:\s*(?:perhaps|possibly|maybe|vielleicht|evtl\.?|zum|again\s+on|on|am)\b)?"
)
"""What stands between two days: "and", "or", a dash, a stroke."""

_NAMED = rf"(?:(?:{WEEKDAY_NAMES})s?\b[.,]?\s*)"
_EARLIER = rf"(?P<first>\d{{1,2}})(?:st|nd|rd|th|\.)?\s*(?:,\s*{_NAMED}?\d{{1,2}}(?:st|nd|rd|th|\.)?\s*){{0,4}}"
_ALSO = (
    rf"(?:(?:{_EARLIER}(?:{_AND}\s*|,\s*(?={_NAMED}))|(?<=^\W*|\b(?:on|am)\s|:\s){_EARLIER},\s*){_NAMED}?"
    r"(?:the\s+|de[nmr]\s+)?)?"
)
_ALSO_IN_NUMBERS = (
    rf"(?:(?P<first>\d{{1,2}})(?:[.]\d{{1,2}}\.?|/\d{{1,2}}|\.)?(?:\s*{_AND}\s*|,\s*(?={_NAMED})){_NAMED}?)?"
)
_NO_TIME = r"(?![\d:]|[.]\d|\s?[ap]\.?m\b|\s*Uhr\b)"
_LATER = regex.compile(
    rf"""(?xi)^\s*(?:\(\s*)?(?:{_AND}|,)\s*(?:
        {_NAMED}(?:(?:the|de[nmr])\s+)?(?P<also>\d{{1,2}})(?:st|nd|rd|th|\.(?!\d))?{_NO_TIME}
      | (?:(?:the|de[nmr])\s+)?(?P<also>\d{{1,2}})(?:st|nd|rd|th)\b | de[nmr]\s+(?P<also>\d{{1,2}})\.
      | (?:the\s+)?next\s+(?:day|evening|night)\b
    )(?!\s*(?:{MONTH_NAMES}|\d))"""
)
"""Another day of the same month after a date: "12 January and Wednesday 13th"."""

_FORMS = (
    regex.compile(rf"(?i)(?<![\d.:/-]){WEEKDAY}?{_ALSO}{_DAY}\s*(?:of\s+|-|\.|,)?\s*{MONTH}{_YEAR}"),
    regex.compile(rf"(?i){WEEKDAY}?\b{MONTH}\s*(?:the\s+)?{_ALSO}{_DAY}(?![\d:]|\s?[ap]\.?m\b){_YEAR}"),
    regex.compile(r"(?<![\d-])(?P<year>20\d\d)[-/.](?P<monthnumber>\d{1,2})[-/.](?P<day>\d{1,2})(?![\d-])"),
    regex.compile(
        rf"(?i)(?<![\d./-]){WEEKDAY}?{_ALSO_IN_NUMBERS}(?P<day>\d{{1,2}})(?P<sign>[./-])(?P<monthnumber>\d{{1,2}})(?P=sign)"
        r"(?P<year>(?:20)?\d\d)(?![\d./-])"
    ),
    regex.compile(rf"(?i){WEEKDAY}{_ALSO_IN_NUMBERS}(?P<day>\d{{1,2}})\.\s?(?P<monthnumber>\d{{1,2}})\.(?!\s?\d{{2}})"),
)
"""13th of October 2020, 13. Oktober 2020; October 13, 2020; 2020-10-13; 13/10/2020; Dienstag, 13.10."""

_ABOUT_CHAT = regex.compile(
    r"""(?i)\b(?: join | come\s+and | when | date | takes?\s+place | taking\s+place | tonight | this\s+week
      | this\s+(?:mon|tues|wednes|thurs|fri)day | hosted | hosting | will\s+be | chat(?:ting|ten)? | tweetchat
      | we(?:['\u2019]ll|\s+will|\s+shall)?\s+(?:be\s+)?(?:talk|meet|discuss|speak) | see\s+you | treffen\s+wir
      | wir\s+(?:uns|treffen|sprechen|reden|diskutieren|chatten) | our\s+next | next\s+\#\w+ | save\s+the
      | starts? | live | wann | datum | termin | findet | am(?=\s+\w+tag) | beginn(?:t|en)? | startet
      | moderation | heute )\b | \#\w""",
    regex.VERBOSE,
)
_ABOUT_OTHERS = regex.compile(
    r"""(?i)\b(?: posted | published | updated | written | edited | modified | created | accessed | retrieved
      | copyright | submit(?:ted)? | deadline | clos(?:es|ing) | register | registration | book(?:ing)?\s+by | received
      | sent | transcript | previous(?:ly)? | last\s+(?:week|month|year|chat|tweet) | upcoming | week\s+after
      | following\s+(?:week|chat) | next\s+(?:week|month) | after\s+that | follow-?up | originally
      | (?:postponed|moved)\s+from | instead\s+of | rather\s+than | was\s+(?:held|due|planned|hosted|introduced) | were
      | launched | born | since | founded | started\s+in | ended | version | replies | ago | conference | study\s+day
      | survey | come\s+into\s+force | in\s+press | applications? | last\s+(?:date|day) | apply | admissions?
      | regular\s+chats? | next\s+chat\s+after | again\s+on | re-?starts? | lecture | meet(?:s|ing) | dinner
      | coffee\s+morning | workshop | boot\s?camp | symposium | gala | agm | released? | re-?evaluation | results
      | season\s+\d+ | in[\s-]person
      | ver\u00f6ffentlicht | aktualisiert | erschienen | erstellt | bearbeitet | abgerufen | zuletzt | seit
      | (?:ein|vor)gereicht | einreich\w+ | einsendeschluss | anmelde\w+ | anmeldung | anmelden | bewerbung\w* | frist
      | geboren | gegr\u00fcndet | eingef\u00fchrt | urspr\u00fcnglich | vorig\w+ | letzte[rnms]? | n\u00e4chste\s+woche
      | protokoll | tagung | kongress | umfrage | gesendet | verschoben\s+vom | danach )\b | \u00a9 | \(\d{4}[a-z]?\) | https?://""",
    regex.VERBOSE,
)
_POSTED = regex.compile(
    r"(?i)\b(?:posted|published|written|sent|updated|created|edited|received|gesendet|erstellt|aktualisiert)\b"
    r"|\b(?:ver\u00f6ffentlicht|geschrieben|schrieb|wrote|erschienen|bearbeitet|erhalten)\b|^\W*by\s+\w+\s*[|\u00b7,\u2013-]"
)

_BY_SOMEBODY = regex.compile(r"(?i)\W*(?:(?:by|von|author:?)(?:\s+\S+){1,4})?\W*")
"""What stands beside the day on which a text was posted, if anything does."""

_CLOCK = regex.compile(
    r"(?i)\b\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?\s?m\b|\b\d{1,2}[:.][0-5]\d\b(?!\.\d)|\d\s?(?:Uhr|hrs|h)\b|\bUhr\b"
    r"|\bo['\u2019]clock\b|\b(?:noon|midday|midnight|abends|half\s+past)\b|\bin\s+the\s+(?:morning|afternoon|evening)\b"
    r"|\b(?:at|half|quarter\s+(?:to|past))\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b"
    r"|\b(?:um|halb|viertel\s+(?:vor|nach)?)\s+(?:eins|zwei|drei|vier|f\u00fcnf|sechs|sieben|acht|neun|zehn|elf|zw\u00f6lf|\d{1,2})\b"
)
"""A time of day: a chat has one, and what else is on a day seldom."""

_DAYS = [name for name in WEEKDAYS if name.endswith(("day", "tag", "woch", "abend"))]
"""The days of the week in full."""

_SHORT = 40
"""Characters of a line that says little besides the date."""


class FoundDate(Value, frozen=True, kw_only=True):
    """A date in the text. `year` is None where it names none, `weekday` (0 is Monday) likewise.

    `weight` is how likely it is the chat's: above 0 it may be. `posted`: when the text was posted. `either`: day and
    month are numbers that may be the other way round. `several`: another day stands before it, as in "8 & 15 April".
    `bare`: no words around it say that it is the chat's, so it may be when the text was posted.
    `timed`: a time of day stands in its sentence.
    """

    day: int
    month: int
    year: int | None
    weekday: int | None
    line: int
    said: str
    weight: float
    posted: bool
    either: bool
    several: bool
    bare: bool
    timed: bool


def dates_in(line: Line, *, first: bool) -> Iterator[FoundDate]:
    """The dates in a line; `first` tells that it is the first of the text."""
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for match in form.finditer(line.text):
            if all(match.end() <= begin or end <= match.start() for begin, end in taken):
                taken.append((match.start(), match.end()))
                yield _found(match, line, first=first)


def is_only_a_date(text: str) -> bool:
    """Whether a line is nothing but a date."""
    return any(form.fullmatch(text.strip()) for form in _FORMS)


def without_dates(text: str) -> str:
    """The text without its dates, and without a weekday at its end or before a dash."""
    for form in _FORMS:
        text = form.sub(" ", text)
    return regex.sub(rf"(?i)\b(?:{'|'.join(_DAYS)})\b(?=\s*(?:[-\u2013\u2014|,]|$))", " ", text)


def _found(match: regex.Match[str], line: Line, *, first: bool) -> FoundDate:
    parts = match.groupdict()
    year, weekday = parts.get("year"), parts.get("weekday")
    before = line.text[: match.start()]
    after = line.text[match.end() :]
    around = sentence(before, after)
    later = _LATER.match(after)
    return FoundDate(
        day=int(parts.get("first") or parts["day"]),
        month=month_of(parts["month"]) if parts.get("month") else int(parts["monthnumber"]),
        year=2000 + int(year[-2:]) if year and not year.startswith("19") else int(year) if year else None,
        weekday=weekday_of(weekday) if weekday else None,
        line=line.number,
        said=(match[0] + (later[0] if later else "")).strip(" ,"),
        weight=_weight(line, around, first=first, weekday=bool(weekday)),
        posted=bool(_POSTED.search(around)) or (line.after and not before.strip()),
        either="sign" in parts,
        several=bool(parts.get("first") or later),
        bare=not tells_of_chat(around),
        timed=bool(count_of_times(around)),
    )


def _weight(line: Line, around: str, *, first: bool, weekday: bool) -> float:
    lone = len(line.text) < 2 * _SHORT and any(
        _BY_SOMEBODY.fullmatch(form.sub(" ", line.text)) for form in _FORMS
    )  # posted then, as often as not
    for_it = (1.0 if lone else 3.0) * first + 1.5 * bool(_ABOUT_CHAT.search(around)) + weekday
    for_it += (len(line.text) < _SHORT) + 2.0 * bool(count_of_times(around))
    return for_it - 4.0 * bool(_ABOUT_OTHERS.search(around)) - 5.0 * line.after


def count_of_times(text: str) -> int:
    """How many times of day stand in the text."""
    return len(_CLOCK.findall(text))


def tells_of_chat(text: str) -> bool:
    """Whether words of the text are those with which chats are announced."""
    return bool(_ABOUT_CHAT.search(text))


def sentence(before: str, after: str) -> str:
    """The words around a place in a line, up to the ends of its sentence."""
    end = r"(?<=[a-z)]{2})[.!?](?:\s|$)"
    return f"{regex.split(end, before)[-1][-160:]} \u2026 {regex.split(end, after)[0][:160]}"
