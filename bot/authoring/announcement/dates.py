"""Finds the day of the chat among the dates of an announcement. A wrong day is the worst mistake: doubts are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

import msgspec
import regex

from bot.authoring.announcement.date_forms import FoundDate, dates_in
from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.lines import Line
from bot.local_dates import spoken_date, weekday_name
from bot.messages import Value
from bot.translation import LazyText, lazy

_ONLY_A_DAY = regex.compile(
    r"(?i)\b(?:tonight|today|tomorrow|this\s+evening|(?:this\s+|next\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|heute(?:\s+abend)?|morgen|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)\b"
)

_SAME_DAY = ("tonight", "today", "evening", "heute", "abend")

_RIVAL = 2.5
"""How much less likely another date may be and still be a doubt."""

_NEAR_THE_CHAT = 1.5
"""The weight above which a date stands in a sentence about the chat, and is a doubt however likely another one is."""

_UNLIKELY = -2.0
"""The weight down to which the only date of a text may still be the chat's, with a doubt."""

_READ_LATE = timedelta(days=7)
"""An announcement may be read some days after the chat."""

_TITLE = 1.5
"""How much likelier a date is the chat's in the title."""

_MONTHS = 12

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


class FoundDay(Value, frozen=True, kw_only=True):
    """The day of the chat; None if the text names none, or several alike. `line` is where it stands.

    `several`: the text names another day alike.
    """

    day: date | None = None
    line: int | None = None
    doubts: tuple[Doubt, ...] = ()
    several: bool = False


def find_day(lines: Sequence[Line], today: date, title: str = "", posted: date | None = None) -> FoundDay:
    """The day of the chat. Without a year it is the next such day after the text was posted, or from `today` on.

    `title` is an e-mail's subject or a page's heading: a date in it counts too. `posted` is the day that the file says.
    """
    found = [one for at, line in enumerate(lines) for one in dates_in(line, first=at == 0)]
    found += [_in_title(one) for one in dates_in(Line(number=0, text=title), first=False)]
    own = [one for one in found if not one.posted]
    reference = posted or _reference(found, today)
    likely = _merged(one for one in own if one.weight > 0)
    if likely:
        decided = _decided(likely, reference)
        doubts = _about_another_day(lines, found, decided.day)
        return msgspec.structs.replace(decided, doubts=(*decided.doubts, *doubts))
    if unlikely := _merged(one for one in own if one.weight > _UNLIKELY)[:1]:
        decided = _decided(unlikely, reference)
        why = lazy("It is the only date that may be the chat's, but nothing near it says so. Is it?")
        doubt = _doubt(unlikely[0], decided.day, why)
        return msgspec.structs.replace(decided, doubts=(*decided.doubts, doubt))
    known = posted or next((_day(one, today) for one in found if one.posted and one.year), None)
    return _missing(lines, found, known)


def _decided(likely: Sequence[FoundDate], reference: date) -> FoundDay:
    best = likely[0]
    day = _day(best, reference)
    if day is None:
        why = lazy("There is no such day in the calendar. Which day is meant?")
        return FoundDay(line=best.line, doubts=(_doubt(best, None, why),))
    doubts = [_doubt(best, day, why) for why in _reasons(best, day)]
    rival = next((one for one in likely[1:] if one.weight > min(best.weight - _RIVAL, _NEAR_THE_CHAT)), None)
    if rival:
        alike = rival.weight >= best.weight
        why = lazy("The text names two days for the chat. Which one is right?")
        doubts.append(_doubt(rival, None if alike else day, why))
        day = None if alike else day
    return FoundDay(day=day, line=best.line or None, doubts=tuple(doubts), several=bool(rival))


def _about_another_day(lines: Sequence[Line], found: Sequence[FoundDate], day: date | None) -> Iterator[Doubt]:
    """Where a line with a date, or the next one, counts from another day, or says that the chat is not on it."""
    dated = {one.line for one in found}
    near = [line for at, line in enumerate(lines) if {line.number, lines[at - 1].number if at else 0} & dated]
    for words, why in (
        (
            _COUNTED,
            lazy("The text counts the day from another one, so it may not be the one that was read. Which day is it?"),
        ),
        (_NOT_ON, lazy("The text may say that the chat is not on the day that was read. Which day is it?")),
    ):
        said = ((line.number, match[0]) for line in near if not line.after and (match := words.search(line.text)))
        if first := next(said, None):
            shown = day.isoformat() if day else None
            yield Doubt(field="starts", line=first[0], said=first[1], assumed=shown, why=why)


def _day(one: FoundDate, reference: date) -> date | None:
    """The day that was written; None if the calendar has none. The other way round if only that is a month."""
    month, day = (one.day, one.month) if one.either and one.month > _MONTHS >= one.day else (one.month, one.day)
    years = [one.year] if one.year else range(reference.year, reference.year + 9)
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if one.year or found >= reference - _READ_LATE:
            return found
    return None


def _reasons(one: FoundDate, day: date) -> Iterator[LazyText]:
    """Why the day that was read may be another one."""
    short = partial(spoken_date, day, "day")
    if one.either and one.day != one.month and one.day <= _MONTHS and one.month <= _MONTHS:
        yield lazy("It was read as {day}; it may be the other way round. Write the month as a word.", day=short)
    if one.year is None:
        yield lazy("The text names no year; the next {day} was taken, in {year}.", day=short, year=day.year)
    if one.weekday is not None and one.weekday != day.weekday():
        yield lazy(
            "{day} is a {is_on}, not a {said}. Which of the two is wrong?",
            day=partial(spoken_date, day, "year"),
            is_on=partial(weekday_name, day),
            said=partial(weekday_name, day + timedelta(days=one.weekday - day.weekday())),
        )
    if one.several:
        yield lazy(
            "The text names more than one day; the first was taken. A chat has one start: make one for each day."
        )


def _in_title(one: FoundDate) -> FoundDate:
    return msgspec.structs.replace(one, weight=one.weight + _TITLE)


def _doubt(one: FoundDate, assumed: date | None, why: LazyText) -> Doubt:
    return Doubt(
        field="starts", line=one.line or None, said=one.said, assumed=assumed.isoformat() if assumed else None, why=why
    )


def _reference(found: Sequence[FoundDate], today: date) -> date:
    """When the text was posted, if it says so; else today."""
    days = (_day(one, today) for one in found if one.posted and one.year)
    return next((day for day in days if day), today)


def _merged(found: Iterable[FoundDate]) -> list[FoundDate]:
    """The dates, each once, the likeliest first. One without its year is the same as one with it."""
    merged: list[FoundDate] = []
    for one in sorted(found, key=lambda one: (one.year is None, -one.weight)):
        same = next((known for known in merged if _same(known, one)), None)
        if same is None:
            merged.append(one)
            continue
        weekday = one.weekday if same.weekday is None else same.weekday
        weight = max(same.weight, one.weight) + 0.5
        merged[merged.index(same)] = msgspec.structs.replace(same, weight=weight, weekday=weekday)
    return sorted(merged, key=lambda one: -one.weight)


def _same(known: FoundDate, one: FoundDate) -> bool:
    return (known.day, known.month) == (one.day, one.month) and one.year in (None, known.year)


def _missing(lines: Sequence[Line], found: Sequence[FoundDate], posted: date | None) -> FoundDay:
    """The question for the date of a text that names none for the chat; "tonight" is the day when it was posted."""
    for line in lines:
        if line.after or not (match := _ONLY_A_DAY.search(line.text)):
            continue
        said, why = match[0], lazy("The text names a day, but no date. Write the date of the chat.")
        day = posted if said.casefold().split()[-1] in _SAME_DAY else None
        if day:
            posted_on = partial(spoken_date, day, "year")
            why = lazy(
                "The text names no date; it was posted on {day}, which was taken. Is it that day?", day=posted_on
            )
        shown = day.isoformat() if day else None
        doubt = Doubt(field="starts", line=line.number, said=said, assumed=shown, why=why)
        return FoundDay(day=day, line=line.number, doubts=(doubt,))
    if found:
        why = lazy("The dates in the text seem to be those of other things. Write the chat's date.")
        return FoundDay(doubts=(_doubt(found[0], None, why),))
    why = lazy("The text names no date. Write the chat's date.")
    return FoundDay(doubts=(Doubt(field="starts", line=None, said="", assumed=None, why=why),))
