"""The dates of a series, from its weekday, time and exceptions in `series.toml`. Pure.

The days are those of the calendar in the series' zone, so a chat keeps its hour when the clocks change. dateutil counts
the weeks and months, by the recurrence rules of iCalendar (RFC 5545, 3.3.10).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import takewhile

from dateutil import rrule

from bot.authoring import timezones
from bot.authoring.chatfile import BreakTable, SeriesFile
from bot.authoring.fields import MONTH_WEEKS, WEEKDAYS, YEARS
from bot.clock import to_utc
from bot.errors import Problem
from bot.local_dates import spoken_date
from bot.messages import Value
from bot.toml.document import Document
from bot.translation import LazyText, lazy, lazy_list

_LONGEST_SEARCH = timedelta(days=400)
"""How far from a day its nearest dates are looked for."""


class SeriesDate(Value, frozen=True, kw_only=True):
    """A day of the series. `starts` is in UTC; None in a break, or if clocks skip or repeat the hour; `why` says it."""

    day: date
    starts: datetime | None
    is_break: bool = False
    why: str = ""


def has_dates(values: SeriesFile) -> bool:
    """Whether the series says when it meets."""
    return values.time is not None and (values.weekday is not None or bool(values.extra))


def series_dates(values: SeriesFile, since: date) -> Iterator[SeriesDate]:
    """The days of a series from `since` on, in order, those in its breaks included; perhaps without end."""
    if not has_dates(values):
        return
    extra = _extra_days(values)
    regular = (day for day in _regular_days(values, since) if day not in extra)
    for day in heapq.merge(regular, sorted(one for one in extra if one >= since)):
        pause = None if day in extra else _break_on(day, values)
        wall = timezones.with_time(extra.get(day, day), values.time)
        if pause or wall is None:
            yield SeriesDate(day=day, starts=None, is_break=True, why=pause.reason if pause else "")
        else:
            starts, mistake = to_utc(wall, values.timezone or timezones.DEFAULT_TIMEZONE)
            yield SeriesDate(day=day, starts=starts, why=mistake)


def off_series(wall: datetime, values: SeriesFile) -> LazyText | None:
    """The message for a start that is none of its series' dates; None if it is one, or the series has none."""
    day = wall.date()
    own = _extra_days(values).get(day)
    if own is None and values.weekday:
        if mistake := timezones.wrong_weekday(wall, values.weekday):
            return mistake
        if pause := _break_on(day, values):
            return lazy(
                "'starts' is in a break of the series{reason}, which ends on {day}; is the date right?",
                reason=f" ({pause.reason})" if pause.reason else "",
                day=_shown(pause.ends),
            )
        if day not in takewhile(lambda one: one <= day, _regular_days(values, day)):
            return lazy(
                "'starts' is on {day}, and the series has no chat then; {nearest}.",
                day=_shown(day),
                nearest=_nearest(values, day),
            )
    expected = own.time() if isinstance(own, datetime) else values.time
    if expected and (values.weekday or own) and _minute(wall.time()) != _minute(expected):
        return lazy(
            "'starts' is at {time}, and the series is at {usual}; is the time right?",
            time=f"{wall:%H:%M}",
            usual=f"{expected:%H:%M}",
        )
    return None


def _extra_days(values: SeriesFile) -> dict[date, date]:
    """The days out of turn, by day; those with a time of their own as datetimes."""
    return {one.date() if isinstance(one, datetime) else one: one for one in values.extra or ()}


def _regular_days(values: SeriesFile, since: date) -> Iterator[date]:
    """The days that the weekday gives, breaks included and `extra` not."""
    if values.weekday is None or (values.repeats == "fortnightly" and not values.since):
        return
    weeks = [MONTH_WEEKS[word] for word in (values.repeats or "").split() if word in MONTH_WEEKS]
    weekday = rrule.weekdays[WEEKDAYS.index(values.weekday)]
    every = 2 if values.repeats == "fortnightly" else 1
    begins = max(values.since or since, date(YEARS[0], 1, 1))
    rule = rrule.rrule(
        rrule.MONTHLY if weeks else rrule.WEEKLY,
        dtstart=datetime.combine(begins if every > 1 else max(begins, since), time.min),
        until=datetime.combine(values.until or date(YEARS[-1], 12, 31), time.min),
        interval=every,
        byweekday=[weekday(week) for week in weeks] or weekday,
    )
    yield from (one.date() for one in rule if one.date() >= since)


def date_problems(document: Document, values: SeriesFile) -> Iterator[Problem]:
    """Errors for what the keys of one series say together."""
    for index, one in enumerate(values.breaks or ()):
        if one.ends < one.begins:
            yield document.problem(("breaks", index), lazy("'to' is before 'from'; exchange them."))
    if values.repeats == "fortnightly" and not values.since:
        what = lazy(
            "'since' is missing, so nobody knows which weeks are meant; write the first date: since = 2027-01-05."
        )
        yield document.problem(("repeats",), what)


def _nearest(values: SeriesFile, day: date) -> LazyText:
    """The dates before and after a day, in words."""
    around = series_dates(values, day - _LONGEST_SEARCH)
    found = [one.day for one in takewhile(lambda one: one.day <= day + _LONGEST_SEARCH, around) if one.starts]
    before = max((one for one in found if one < day), default=None)
    after = min((one for one in found if one > day), default=None)
    near = [_shown(one) for one in (before, after) if one]
    return (
        lazy("its dates around then are {days}", days=lazy_list(near)) if near else lazy("it has no dates around then")
    )


def _break_on(day: date, values: SeriesFile) -> BreakTable | None:
    return next((one for one in values.breaks or () if one.begins <= day <= one.ends), None)


def _shown(day: date) -> LazyText:
    """A day in the language of whoever reads it."""
    return LazyText(partial(spoken_date, day, "year"))


def _minute(clock: time) -> time:
    return clock.replace(second=0, microsecond=0)
