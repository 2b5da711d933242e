"""Days that an announcement names by words alone: "tonight", "next Tuesday", "a week later", "cancelled". Pure.

They say that the day of the chat may be another one than a date in the text; which day they mean is not worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import regex

from bot.authoring.announcement.date_forms import FoundDate, count_of_times, dates_in, sentence, tells_of_chat
from bot.authoring.announcement.date_names import MONTH_NAMES, WEEKDAY_NAMES, weekday_of
from bot.authoring.announcement.lines import Line
from bot.messages import Value

_SAME_DAY = ("tonight", "today", "evening", "afternoon", "heute", "abend")
"""The last words of what means the day on which a text was posted."""

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_WOCHENTAG = r"(?:(?:mon|diens|donners|frei|sams)tag|mittwoch|sonnabend|sonntag)"
_COUNT = r"(?:an?|one|two|three|four|five|six|\d{1,2})"
_ORDINAL = (
    r"(?:(?:twenty|thirty)[\s-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)"
)
_ORDINALZAHL = (
    r"(?:ersten|zweiten|dritten|vierten|f\u00fcnften|sechsten|siebten|achten|neunten|zehnten|elften|zw\u00f6lften"
    r"|\w{3,8}zehnten|\w{0,12}zwanzigsten|\w{0,9}drei\u00dfigsten)"
)
_HOLIDAY = (
    r"(?:new\s+year['\u2019]?s\s+(?:day|eve)|boxing\s+day|christmas(?:\s+(?:day|eve))?|good\s+friday|easter(?:\s+monday)?"
    r"|thanksgiving|(?:st\.?\s+)?valentine['\u2019]?s\s+day|may\s+day|heiligabend|weihnachten|silvester|neujahr(?:stag)?"
    r"|karfreitag|oster(?:n|montag|sonntag)|pfingst(?:en|montag))"
)

_ONLY_A_DAY = regex.compile(
    rf"""(?xi)\b(?:tonight | today(?!['\u2019]s\s+(?!chat|\#)) | tomorrow | this\s+(?:evening|afternoon)
    | (?:(?:this|next|coming)\s+(?:coming\s+)?)?{_WEEKDAY}(?:\s+(?:week|fortnight|next))?
    | heute(?:\s+abend)? | \u00fcbermorgen | (?<!(?:am|guten|jeden)\s)morgen(?:\s+abend)?
    | {_WOCHENTAG}(?:\s*abend)?)\b"""
)

_RELATIVE = regex.compile(
    rf"""(?xi)\b(?: (?P<today>tonight|today|this\s+(?:evening|afternoon)|heute(?:\s+abend)?)
      (?!\s+(?:in\s+(?:einer|zwei)\s+woche|(?:week|fortnight)\b))
    | (?:the\s+day\s+after\s+)?tomorrow | \u00fcbermorgen | (?<!(?:am|guten|jeden|der)\s)morgen(?:\s+abend)?
    | (?P<named>(?:this|next|coming)\s+(?:coming\s+)?{_WEEKDAY} | {_WEEKDAY}\s+(?:week|fortnight|next)
      | (?:(?:a|one|two)\s+weeks?|a\s+fortnight)\s+(?:on|from)\s+{_WEEKDAY}
      | (?:diese[nrm]?|n\u00e4chste[nrm]?|kommende[nrm]?)\s+{_WOCHENTAG} | {_WOCHENTAG}\s+in\s+(?:einer|zwei)\s+wochen?)
    | (?:(?:a|one|two|three)\s+weeks?|a?\s?fortnight)\s+(?:today|tomorrow|from\s+(?:today|now|tonight))
    | (?:today|tomorrow)\s+(?:week|fortnight)
    | in\s+{_COUNT}\s+(?:days?|weeks?|fortnights?|months?)(?:['\u2019]?s?['\u2019]?\s+time)? | next\s+week
    | {_COUNT}\s+months?\s+from\s+(?:today|now)
    | (?P<named>(?:first|second|third|fourth|last)\s+{_WEEKDAY}\s+(?:of|in)\s+(?:{MONTH_NAMES})
      | (?:ersten|zweiten|dritten|vierten|letzten)\s+{_WOCHENTAG}\s+im\s+(?:{MONTH_NAMES})
      | {_ORDINAL}\s+(?:day\s+)?of\s+(?:{MONTH_NAMES}) | (?:{MONTH_NAMES})\s+(?:the\s+)?{_ORDINAL}
      | {_ORDINALZAHL}\s+(?:{MONTH_NAMES}))
    | (?:on|after|before|am|an|zu|nach|vor)\s+{_HOLIDAY}
    | (?:heute\s+)?in\s+(?:einer|zwei|drei|\d{{1,2}})\s+(?:tagen|wochen?) | (?:n\u00e4chste|kommende)\s+woche
    | (?:on\s+)?the\s+(?P<dayofmonth>\d{{1,2}})(?:st|nd|rd|th)
      (?=\s*(?:(?:at|from|if|instead|too|and|or)\b|[.,;:)\u2013-]|$))
    | (?:am|den)\s+(?P<dayofmonth>\d{{1,2}})(?=\.\s*(?:(?:um|ab|von|abends)\b|[,;:)\u2013-]|$))
    | (?P<also>(?:and|or|&|und|oder|again|repeated|(?:second|another)\s+\w+|wiederholt|erneut)
      \s+(?:on\s+|am\s+)?(?:{_WEEKDAY}|{_WOCHENTAG}))
    | (?P<plain>(?:on\s+|am\s+)?(?:{_WEEKDAY}|{_WOCHENTAG})(?:\s?abend|\s+evening|\s+night)?) )\b"""
)
"""Days that are counted from the day on which the text was posted."""

_ALWAYS = regex.compile(r"(?i)\b(?:every|each|most|usual(?:ly)?|alternate|jede[nrms]?|immer)\b")
"""Words of a series, whose weekday is not that of one chat."""

_PROSE = regex.compile(r"(?i)\b(?:today|heute|tomorrow|morgen|next\s+week|n\u00e4chste\s+woche)$")
"""Words that also stand in a text where no day is meant."""

_COUNTED = regex.compile(
    r"""(?xi) \b(?:an?|one|two|three|four|five|six|\d{1,2})\s+(?:days?|weeks?|fortnights?|months?)
        \s+(?:later|after|before|earlier|on\s+from|following|previous\s+to|prior)\b
    | \b(?:the|on)\s+(?:day|week|evening|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s+(?:after|before|following)\b
    | \bthe\s+(?:following|next|previous)\s+(?:day|week|evening|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b
    | \ba\s+(?:day|week|fortnight)\s+(?:early|late)\b
    | \b(?:eine?n?|zwei|drei|vier|\d{1,2})\s+(?:tage?|wochen?|monate?)\s+
        (?:sp\u00e4ter|danach|darauf|vorher|zuvor|davor|fr\u00fcher|nach|vor)\b
    | \b(?:tag|woche|abend|\w{3,8}tag|mittwoch)\s+(?:danach|darauf|davor|zuvor|nach\s+de[mr]|vor\s+de[mr])\b
    | \b(?:darauf\s?)?folgende[nr]?\s+(?:tag|woche|abend|\w{3,8}tag|mittwoch)\b"""
)
"""Words that count the day of something from another day."""

_NOT_ON = regex.compile(
    r"""(?xi) \b(?:no|not\s+an?)\s+(?:\#?\w+\s+){0,2}(?:chat|session|meeting|meet-?up|discussion)\b
    | \b(?:cancell?ed|called\s+off|postponed|rescheduled|re-arranged|abgesagt|verschoben|verlegt|entf\u00e4llt)\b
    | \bf\u00e4llt\b[^.!?]{0,40}\baus\b | \bkein(?:en)?\s+(?:\#?\w+\s+){0,2}(?:chat|treffen|termin)\b
    | \bfindet\s+nicht\b | \bnicht\s+(?:wie|am)\b | \bstatt\s+(?:am|wie|des|dem|de[rn])\b | \banstatt\b
    | \bneue[rmn]?\s+termin\b
    | \b(?:will\s+not|won['\u2019]t|is\s+not|isn['\u2019]t|not)\s+(?:be\s+)?
        (?:taking\s+place|take\s+place|happen\w*|running|run|held|on)\b
    | \b(?:new|change[ds]?\s+(?:of|to\s+the)|another|different)\s+date\b | \bdate\s+(?:has\s+)?change[ds]?\b
    | \binstead\s+of\b | \brather\s+than\b | \bnot\s+as\s+(?:usual|planned|announced)\b
    | \bmoved?\s+(?:from|to|back|forward)\b"""
)
"""Words that say of a day that the chat is not on it."""


class DayWords(Value, frozen=True, kw_only=True):
    """Words for a day and the number of their line. `same`: the day on which the text was posted."""

    said: str
    line: int
    same: bool = False


def only_a_day(lines: Sequence[Line]) -> DayWords | None:
    """The first words for a day in a text that has no date."""
    found = ((line, match[0]) for line in lines if not line.after and (match := _ONLY_A_DAY.search(line.text)))
    line, said = next(found, (None, ""))
    if line is None:
        return None
    same = said.casefold().split()[-1] in _SAME_DAY
    return DayWords(said=said, line=line.number, same=same)


def beside(lines: Sequence[Line], best: FoundDate, day: date) -> DayWords | None:
    """Words for a day that may be the chat's beside the date that was taken for it, `best`, which is `day`.

    Words in a sentence with a date belong to it. Beside a date which nothing says to be the chat's, any such word
    counts; beside another one only one with a time of day, that is not the same day of the week.
    """
    return next(_beside(lines, best, day), None)


def _beside(lines: Sequence[Line], best: FoundDate, day: date) -> Iterator[DayWords]:
    for line in lines:
        if line.after or (line.style and line.text.endswith("?")):
            continue
        for match in _RELATIVE.finditer(line.text):
            before = sentence(line.text[: match.start()], "")
            around = before + match[0] + sentence("", line.text[match.end() :])
            dates = {one.day for one in dates_in(Line(number=0, text=around), first=False)}
            if dates and not match["dayofmonth"] and not match["also"]:
                continue
            if _ALWAYS.search(around) or int(match["dayofmonth"] or 0) in dates:
                continue
            if _counts(match, before, around, best, day):
                yield DayWords(said=match[0], line=line.number)


def _counts(match: regex.Match[str], before: str, around: str, best: FoundDate, day: date) -> bool:
    """Whether words for a day may mean another day than the one that was taken."""
    times = count_of_times(around)
    name = regex.search(rf"(?i)\b(?:{WEEKDAY_NAMES})(?:day)?\b", match[0])
    off = (weekday_of(name[0]) - day.weekday()) % 7 if name else None
    if (
        off in (1, 6) and not match["also"] and count_of_times(before)
    ):  # the same moment by another clock: "midnight in London, Friday"
        return False
    if match["dayofmonth"]:
        return int(match["dayofmonth"]) != day.day and times > 0
    if match["plain"] or match["also"]:
        return times > 0 and (off != 0 or (best.bare and best.weekday is None))
    if best.bare:
        return times > 0 or not _PROSE.search(match[0]) or tells_of_chat(around)
    return times > 0 and off != 0 and not match["today"]


def doubtful_words(lines: Sequence[Line], found: Sequence[FoundDate]) -> tuple[DayWords | None, DayWords | None]:
    """Words near a date that count from another day, and those that say that the chat is not on it."""
    dated = {one.line for one in found}
    near = [line for at, line in enumerate(lines) if {line.number, lines[at - 1].number if at else 0} & dated]

    def first(words: regex.Pattern[str]) -> DayWords | None:
        said = ((line.number, match[0]) for line in near if not line.after and (match := words.search(line.text)))
        return next((DayWords(said=words, line=number) for number, words in said), None)

    return first(_COUNTED), first(_NOT_ON)
