"""The calendar of a series: its dates, each with the chat that is planned then, or free. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from bot.authoring.chatfile import SeriesFile
from bot.authoring.holiday import holiday
from bot.authoring.series_dates import SeriesDate, series_dates
from bot.authoring.timezones import DEFAULT_TIMEZONE
from bot.chat import Chat
from bot.messages import Value
from bot.translation import lazy

DateState = Literal["planned", "free", "break", "called off"]


class CalendarDate(Value, frozen=True, kw_only=True):
    """A day of the calendar. `starts` is in UTC, None in a break. `note` says what else to know of the day.

    `holiday` is the name of the public holiday that the note tells of; empty where it tells of none.
    """

    day: date
    starts: datetime | None
    state: DateState
    chat: str = ""
    title: str = ""
    note: str = ""
    holiday: str = ""


def series_calendar(
    values: SeriesFile, chats: Iterable[Chat], called_off: Collection[str], *, now: datetime, count: int
) -> tuple[CalendarDate, ...]:
    """The next `count` dates of a series, and its chats up to then that are on other days. Sorted by day.

    `chats` are those of the series, `called_off` names of chats. A chat that began before `now` is not named.
    """
    zone = ZoneInfo(values.timezone or DEFAULT_TIMEZONE)
    ahead = sorted((one for one in chats if one.starts >= now), key=lambda one: one.starts)
    days = {one.name: one.starts.astimezone(zone).date() for one in ahead}
    dates = [
        one
        for one in islice(series_dates(values, now.astimezone(zone).date()), count + 1)
        if one.starts is None or one.starts >= now
    ][:count]
    own = {one.day for one in dates}
    last = max(own, default=date.max) if len(dates) == count else date.max
    planned = [_planned(one, days[one.name], one.name in called_off, days[one.name] in own) for one in ahead]
    taken = {one.day for one in planned if one.state == "planned"}
    left = [_unplanned(one, values) for one in dates if one.day not in taken]
    return tuple(sorted([*left, *(one for one in planned if one.day <= last)], key=lambda one: one.day))


def _planned(chat: Chat, day: date, is_off: bool, is_regular: bool) -> CalendarDate:  # noqa: FBT001
    return CalendarDate(
        day=day,
        starts=chat.starts,
        state="called off" if is_off else "planned",
        chat=chat.name,
        title=chat.title,
        note="" if is_regular else lazy("not one of the series' dates"),
    )


def _unplanned(one: SeriesDate, values: SeriesFile) -> CalendarDate:
    if one.is_break:
        return CalendarDate(day=one.day, starts=None, state="break", note=one.why)
    if one.why:
        return CalendarDate(day=one.day, starts=one.starts, state="free", note=one.why)
    name = holiday(one.day, values.timezone or DEFAULT_TIMEZONE)
    note = f"a holiday there: {name}" if name else ""
    return CalendarDate(day=one.day, starts=one.starts, state="free", note=note, holiday=name)
