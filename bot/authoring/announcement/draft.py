"""A draft: what an announcement says, joined with what its series settles, as the values of a chat file and doubts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.authoring.announcement.announcement_text import AnnouncementText
from bot.authoring.announcement.background import find_background
from bot.authoring.announcement.dates import FoundDay, find_day
from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.found import Draft
from bot.authoring.announcement.lines import read_lines
from bot.authoring.announcement.people import FoundPeople, find_people
from bot.authoring.announcement.questions import find_questions
from bot.authoring.announcement.times import FoundStart, find_start
from bot.authoring.announcement.titles import FoundTitle, find_title
from bot.authoring.chatfile import SeriesFile
from bot.authoring.fields import WEEKDAYS
from bot.authoring.timetable import DEFAULT_LENGTH
from bot.local_dates import weekday_name
from bot.toml.duration import format_duration
from bot.translation import lazy


def draft(announcement: AnnouncementText, series: SeriesFile, now: datetime) -> Draft:
    """The draft of a chat of a series, whose values settle what the text leaves out. `now` is aware."""
    lines = read_lines(announcement.text)
    title = find_title(lines, announcement.title, series.hashtag or "", announcement.site)
    day = find_day(lines, now.date(), announcement.title, announcement.posted)
    when = find_start(lines, day.day, day.line)
    people, questions = find_people(lines, announcement.author), find_questions(lines)
    clock, zone = when.clock or series.time, when.zone or series.timezone
    doubts = [
        *title.doubts,
        *day.doubts,
        *when.doubts,
        *_settled(day, when, series),
        *_against_series(day, when, series),
        *_past(day, clock, zone, now),
        *_clocks_change(day, clock, zone, when.said),
        *people.doubts,
        *questions.doubts,
        *(_two_chats(title, people) if day.several and questions.several else ()),
    ]
    return Draft(
        title=title.title,
        hashtag=title.hashtag,
        day=day.day,
        clock=clock,
        zone=zone,
        length=when.length,
        hosts=people.hosts,
        support=people.support,
        questions=questions.texts,
        doubts=tuple(sorted(doubts, key=lambda one: one.line or 0)),
        background=find_background(lines, title.title, questions, announcement.links),
    )


def _two_chats(title: FoundTitle, people: FoundPeople) -> Iterator[Doubt]:
    why = lazy(
        "The text seems to announce more than one chat. Keep what belongs to this one, and make a file for the other."
    )
    yield Doubt(field="title", line=None, said=title.title, assumed=title.title or None, why=why)
    names = ", ".join(one.name for one in people.hosts)
    yield Doubt(field="hosts", line=None, said=names, assumed=names or None, why=why)


def _settled(day: FoundDay, when: FoundStart, series: SeriesFile) -> list[Doubt]:
    """What the text leaves out: settled by the series, or to be asked."""
    doubts: list[Doubt] = []
    if when.clock is None:
        settled = f"{series.time:%H:%M}" if series.time else None
        why = (
            lazy("The text names no time; {time} was taken, the time of the series.", time=settled)
            if settled
            else lazy("The text names no time. Write when the chat begins.")
        )
        doubts.append(Doubt(field="starts", line=day.line, said="", assumed=settled, why=why, settled=bool(settled)))
    if when.zone is None and not any(one.field == "timezone" for one in when.doubts):
        settled = series.timezone
        why = (
            lazy("The text names no time zone; {zone} was taken, that of the series.", zone=settled)
            if settled
            else lazy('The text names no time zone. Write whose clock is meant, as in "Europe/London".')
        )
        doubts.append(Doubt(field="timezone", line=day.line, said="", assumed=settled, why=why, settled=bool(settled)))
    if when.length is None and not any(one.field == "length" for one in when.doubts):
        settled = format_duration(series.length or DEFAULT_LENGTH)
        why = (
            lazy(
                "The text does not say how long the chat is; {time} was taken, the length of the series.", time=settled
            )
            if series.length
            else lazy("The text does not say how long the chat is; {time} was taken, the usual length.", time=settled)
        )
        doubts.append(Doubt(field="length", line=None, said="", assumed=settled, why=why, settled=True))
    return doubts


def _against_series(day: FoundDay, when: FoundStart, series: SeriesFile) -> list[Doubt]:
    doubts: list[Doubt] = []
    if day.day and series.weekday and WEEKDAYS[day.day.weekday()] != series.weekday:
        off = WEEKDAYS.index(series.weekday) - day.day.weekday()
        why = lazy(
            "It is a {day}, and the series is on {usual}s. Is the date right?",
            day=partial(weekday_name, day.day),
            usual=partial(weekday_name, day.day + timedelta(days=off)),
        )
        shown = day.day.isoformat()
        doubts.append(Doubt(field="starts", line=day.line, said=day.said, assumed=shown, why=why))
    if when.clock and series.time and when.clock != series.time:
        why = lazy(
            "The text names another time than the series, which begins at {time}; the text's was taken.",
            time=f"{series.time:%H:%M}",
        )
        doubts.append(Doubt(field="starts", line=day.line, said=when.said, assumed=f"{when.clock:%H:%M}", why=why))
    return doubts


def _past(day: FoundDay, clock: time | None, zone: str | None, now: datetime) -> list[Doubt]:
    if not day.day:
        return []
    start = datetime.combine(day.day, clock or time.max, ZoneInfo(zone or "UTC"))
    if start >= now:
        return []
    return [
        Doubt(
            field="starts",
            line=day.line,
            said=day.said,
            assumed=day.day.isoformat(),
            why=lazy("That day is over. Is it the announcement of an old chat? To hold it again, write a new date."),
        )
    ]


def _clocks_change(day: FoundDay, clock: time | None, zone: str | None, words: str) -> Iterator[Doubt]:
    """An hour that comes twice, or not at all, because the clocks are changed in it."""
    if not (day.day and clock and zone):
        return
    first, second = (datetime.combine(day.day, clock, ZoneInfo(zone)).replace(fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return
    twice = (first.utcoffset() or timedelta()) > (second.utcoffset() or timedelta())
    said = f"{clock:%H:%M}"
    why = (
        lazy("The clocks change in that hour: {time} comes twice on that day. Choose another time.", time=said)
        if twice
        else lazy(
            "The clocks change in that hour: {time} does not come at all on that day. Choose another time.", time=said
        )
    )
    yield Doubt(field="starts", line=day.line, said=words, assumed=None, why=why)
