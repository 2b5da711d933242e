"""Finds the day of the chat among the dates of an announcement. A wrong day is the worst mistake: doubts are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

import msgspec

from bot.authoring.announcement.date_forms import FoundDate, dates_in
from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.lines import Line
from bot.authoring.announcement.relative_days import beside, doubtful_words, only_a_day
from bot.local_dates import spoken_date, weekday_name
from bot.messages import Value
from bot.translation import LazyText, lazy

_RIVAL = 2.5
"""How much less likely another date may be and still be a doubt."""

_MAY_BE = 1.0
"""The weight from which another date may be the chat's, however likely one is: alone on a line, or with a weekday."""

_UNLIKELY = -2.0
"""The weight down to which the only date of a text may still be the chat's, with a doubt."""

_AFTERWARDS = -4.5
"""The weight down to which a date may stand in the post itself, not below it."""

_READ_LATE = timedelta(days=7)
"""An announcement may be read some days after the chat."""

_TITLE = 1.5
"""How much likelier a date is the chat's in the title."""

_MONTHS = 12


class FoundDay(Value, frozen=True, kw_only=True):
    """The day of the chat; None if the text names none, or several alike. `line` is where it stands.

    `several`: the text names another day alike. `said` are the words for the day.
    """

    day: date | None = None
    line: int | None = None
    doubts: tuple[Doubt, ...] = ()
    several: bool = False
    said: str = ""


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
        decided = _decided(likely, own, lines, reference)
        doubts = _about_another_day(lines, found, decided.day)
        return msgspec.structs.replace(decided, doubts=(*decided.doubts, *doubts))
    if unlikely := _merged(one for one in own if one.weight > _UNLIKELY)[:1]:
        decided = _decided(unlikely, own, lines, reference)
        why = lazy("It is the only date that may be the chat's, but nothing near it says so. Is it?")
        doubt = _doubt(unlikely[0], decided.day, why)
        return msgspec.structs.replace(decided, doubts=(*decided.doubts, doubt))
    known = posted or next((_day(one, today) for one in found if one.posted and one.year), None)
    return _missing(lines, found, known)


def _decided(
    likely: Sequence[FoundDate], others: Sequence[FoundDate], lines: Sequence[Line], reference: date
) -> FoundDay:
    """The likeliest day, with what is doubtful about it. `others` are all dates of the text."""
    best = likely[0]
    day = _day(best, reference)
    if day is None:
        why = lazy("There is no such day in the calendar. Which day is meant?")
        return FoundDay(line=best.line, doubts=(_doubt(best, None, why),))
    doubts = [_doubt(best, day, why) for why in _reasons(best, day)]
    doubts += [_doubt(one, day, why) for one in _with_another_weekday(best, day, others) for why in _weekday(one, day)]
    rival = next((one for one in likely[1:] if one.weight > best.weight - _RIVAL), None)
    alike = rival is not None and rival.weight >= best.weight
    rival = rival or _rival(best, day, others, reference)
    if rival:
        doubts.append(_two_days(best.said, rival.said, rival.line, None if alike else day))
    elif words := beside(lines, best, day):
        doubts.append(_two_days(best.said, words.said, words.line, day))
    day = None if alike else day
    return FoundDay(day=day, line=best.line or None, doubts=tuple(doubts), several=bool(rival), said=best.said)


def _about_another_day(lines: Sequence[Line], found: Sequence[FoundDate], day: date | None) -> Iterator[Doubt]:
    """Where a line with a date, or the next one, counts from another day, or says that the chat is not on it."""
    counted, not_on = doubtful_words(lines, found)
    for words, why in (
        (
            counted,
            lazy("The text counts the day from another one, so it may not be the one that was read. Which day is it?"),
        ),
        (not_on, lazy("The text may say that the chat is not on the day that was read. Which day is it?")),
    ):
        if words:
            shown = day.isoformat() if day else None
            yield Doubt(field="starts", line=words.line, said=words.said, assumed=shown, why=why)


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
    yield from _weekday(one, day)
    if one.several:
        yield lazy(
            "The text names more than one day; the first was taken. A chat has one start: make one for each day."
        )


def _rival(best: FoundDate, day: date, others: Sequence[FoundDate], reference: date) -> FoundDate | None:
    """The likeliest of the other dates of the text that may be the chat's."""
    days = ((one, _day(one, reference)) for one in others)
    able = [one for one, its in days if its and its != day and _may_be(one, best, later=its > day)]
    return max(able, key=lambda one: one.weight, default=None)


def _may_be(one: FoundDate, best: FoundDate, *, later: bool) -> bool:
    """Whether a date may be the chat's though `best` is likelier. `later`: it is the later day of the two.

    If nothing says that `best` is the chat's, it may be when the text was posted, and any later day with a time of day
    or in a sentence about the chat may be the chat's.
    """
    if one.weight >= _MAY_BE:
        return True
    if not best.bare:
        return later and one.timed and not one.bare and not best.timed and one.weight > _AFTERWARDS
    return one.weight > _AFTERWARDS and (one.weight >= 0 or (later and (one.timed or not one.bare)))


def _two_days(one: str, other: str, line: int, assumed: date | None) -> Doubt:
    why = lazy('The text names two days for the chat, "{one}" and "{other}". Which one is right?', one=one, other=other)
    shown = assumed.isoformat() if assumed else None
    return Doubt(field="starts", line=line or None, said=other, assumed=shown, why=why)


def _weekday(one: FoundDate, day: date) -> Iterator[LazyText]:
    """That the day of the week beside a date is another than that of `day`."""
    if one.weekday is not None and one.weekday != day.weekday():
        yield lazy(
            "{day} is a {is_on}, not a {said}. Which of the two is wrong?",
            day=partial(spoken_date, day, "year"),
            is_on=partial(weekday_name, day),
            said=partial(weekday_name, day + timedelta(days=one.weekday - day.weekday())),
        )


def _with_another_weekday(best: FoundDate, day: date, others: Sequence[FoundDate]) -> Sequence[FoundDate]:
    """The first place at which the text names the day that was read with another day of the week than `best` does."""
    again = (one for one in others if _same(best, one) and one.weekday not in (None, day.weekday(), best.weekday))
    return list(again)[:1]


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
        merged[merged.index(same)] = msgspec.structs.replace(
            same,
            weight=weight,
            weekday=weekday,
            several=same.several or one.several,
            bare=same.bare and one.bare,
        )
    return sorted(merged, key=lambda one: -one.weight)


def _same(known: FoundDate, one: FoundDate) -> bool:
    return (known.day, known.month) == (one.day, one.month) and one.year in (None, known.year)


def _missing(lines: Sequence[Line], found: Sequence[FoundDate], posted: date | None) -> FoundDay:
    """The question for the date of a text that names none for the chat; "tonight" is the day when it was posted."""
    if words := only_a_day(lines):
        why = lazy("The text names a day, but no date. Write the date of the chat.")
        day = posted if words.same else None
        if day:
            posted_on = partial(spoken_date, day, "year")
            why = lazy(
                "The text names no date; it was posted on {day}, which was taken. Is it that day?", day=posted_on
            )
        shown = day.isoformat() if day else None
        doubt = Doubt(field="starts", line=words.line, said=words.said, assumed=shown, why=why)
        return FoundDay(day=day, line=words.line, doubts=(doubt,), said=words.said)
    if found:
        why = lazy("The dates in the text seem to be those of other things. Write the chat's date.")
        return FoundDay(doubts=(_doubt(found[0], None, why),))
    why = lazy("The text names no date. Write the chat's date.")
    return FoundDay(doubts=(Doubt(field="starts", line=None, said="", assumed=None, why=why),))
