"""A chat asked from a person, question by question, as a draft: what `new` does where there is no announcement.

Nothing is written here. Each answer is checked at once, and asked again with the reason if it cannot be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.authoring import fields
from bot.authoring.announcement.dates import find_day
from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.found import Draft, FoundPerson
from bot.authoring.announcement.lines import read_lines
from bot.authoring.chatfile import MAX_QUESTIONS, SeriesFile
from bot.authoring.series_calendar import CalendarDate
from bot.authoring.series_dates import off_series
from bot.authoring.timezones import timezone_mistake
from bot.cli.init import explained
from bot.clock import to_utc

_CLOCK = re.compile(r"(?P<day>.*?)(?:(?:[T,\s]|\bat\b)+(?P<clock>\d\d?:\d\d)(?::00)?)?", re.IGNORECASE)

_DATE_WORDS = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?"
    r"|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|\d+(?:st|nd|rd|th)?|the|of|on)\b",
    re.IGNORECASE,
)


def chosen_series(folders: Sequence[Path], *, ask: bool) -> Path | None:
    """The folder of the only series, or the one that is chosen. None if there is none, or if nobody may be asked."""
    if len(folders) <= 1 or not ask:
        return folders[0] if len(folders) == 1 else None
    names = [folder.name for folder in folders]
    return folders[names.index(click.prompt("Which series?", type=click.Choice(names)))]


def placeholder_chat(series: SeriesFile, free: CalendarDate | None) -> Draft:
    """A draft for somebody to fill in, on the next free date. It cannot be hosted as it is."""
    zone = series.timezone
    starts = free.starts.astimezone(ZoneInfo(zone or "UTC")) if free and free.starts else None
    which = f"It is the next free date of the series{_note(free)}." if free else "Write date and time."
    return _draft(
        title="",
        day=starts.date() if starts else None,
        clock=starts.time() if starts else series.time,
        zone=zone,
        series=series,
        doubts=(
            _open("title", "Write what the chat is about."),
            _open("starts", which),
            *(() if zone else (_open("timezone", 'Write whose clock is meant, as in timezone = "Europe/London".'),)),
            _open("questions", "Write the questions, a block for each. Don't number them."),
        ),
    )


def ask_chat(series: SeriesFile, dates: Sequence[CalendarDate], now: datetime) -> Draft:
    """A chat of a series as somebody answers. `dates` are those of its calendar, `now` is aware."""
    title = click.prompt("What is the chat about?", value_proc=explained(fields.line))
    zone = series.timezone or click.prompt("On whose clock? (as in Europe/London)", value_proc=explained(_zone))
    starts = _asked_start(series, dates, zone, now)
    hosts = click.prompt(
        "Who hosts it? (names, with commas between; may be empty)",
        default="",
        show_default=False,
        value_proc=explained(_names),
    )
    return _draft(
        title=title,
        day=starts.date(),
        clock=starts.time(),
        zone=zone,
        series=series,
        hosts=tuple(FoundPerson(name=name, handle="") for name in _split(hosts)),
        questions=tuple(_asked_questions()),
    )


def _asked_start(series: SeriesFile, dates: Sequence[CalendarDate], zone: str, now: datetime) -> datetime:
    """The start by the clock of the zone. A date that is none of the series, or taken, has to be confirmed."""
    today = now.astimezone(ZoneInfo(zone)).date()
    free = next((one for one in dates if one.state == "free" and one.starts), None)
    default = f"{free.day:%A} {free.day.day} {free.day:%B %Y}" if free else None

    def wall(said: str) -> datetime:
        return _start(said, series.time if free is None or said != default else _clock_of(free, zone), zone, today)

    question = f"When? (the next free date{_note(free)})" if free else "When? (as in 12 January 2027 at 20:00)"
    while True:
        starts: datetime = click.prompt(question, default=default, value_proc=wall)
        utc, _ = to_utc(starts, zone)
        if utc is not None and utc < now:
            click.echo("Error: that is over; is the year right?")
        elif all(click.confirm(f"{why} Take it all the same?") for why in _concerns(starts, series, dates)):
            click.echo(f"It begins on {starts:%A} {starts.day} {starts:%B %Y}, {starts:%H:%M} ({zone}).")
            return starts


def _concerns(starts: datetime, series: SeriesFile, dates: Sequence[CalendarDate]) -> Iterator[str]:
    for one in dates:
        if one.day == starts.date() and one.state == "planned":
            yield f"{one.chat} is planned on that day."
    if off := off_series(starts, series):
        yield off.replace("'starts'", "That")


def _start(said: str, usual: time | None, zone: str, today: date) -> datetime:
    """The date and time as somebody wrote them; the time may be left out where the series has one."""
    parts = _CLOCK.fullmatch(said.strip())
    day = parts["day"] if parts else said
    found = find_day(read_lines(day), today)
    if found.day is None or not _is_date_alone(day):
        raise click.BadParameter("write date and time as in 12 January 2027 at 20:00, or 2027-01-12 20:00.")
    if any(not one.settled for one in found.doubts):
        meant = f"{found.day:%A} {found.day.day} {found.day:%B %Y}"
        raise click.BadParameter(f"is {meant} meant? Then write {found.day}; else the right date like that.")
    if parts and parts["clock"]:
        try:
            usual = time.fromisoformat(f"{parts['clock']:0>5}")
        except ValueError:
            raise click.BadParameter("write a time of 24 hours, like 20:00.") from None
    if usual is None:
        raise click.BadParameter("write the time as well, as in 12 January 2027 at 20:00.")
    starts = datetime.combine(found.day, usual)
    mistake = to_utc(starts, zone)[1]
    if mistake:
        raise click.BadParameter(mistake)
    return starts


def _is_date_alone(said: str) -> bool:
    """Whether nothing is left beside a date: what is not understood may be another time than the usual one."""
    numbers = len(re.findall(r"\d+", said))
    left = _DATE_WORDS.sub("", said)
    return not re.search(r"\w", left) and numbers <= (2 if re.search(r"[a-z]{3}", said, re.IGNORECASE) else 3)


def _clock_of(one: CalendarDate, zone: str) -> time | None:
    return one.starts.astimezone(ZoneInfo(zone)).time() if one.starts else None


def _asked_questions() -> Iterator[str]:
    for number in range(1, MAX_QUESTIONS + 1):
        what = f"Q{number}?" if number == 1 else f"Q{number}? (empty: there are no more)"
        if not (text := click.prompt(what, default="", show_default=False, value_proc=explained(_may_be_empty))):
            return
        yield text


def _may_be_empty(said: str) -> str:
    return fields.text(said) if said else ""


def _names(said: str) -> str:
    return ", ".join(fields.line(name) for name in _split(said))


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _zone(said: str) -> str:
    if mistake := timezone_mistake(said):
        raise click.BadParameter(mistake)
    return said


def _note(free: CalendarDate | None) -> str:
    return f"; {free.note}" if free and free.note else ""


def _open(field: str, why: str) -> Doubt:
    return Doubt(field=field, line=None, said="", assumed=None, why=why)


def _draft(
    *,
    title: str,
    day: date | None,
    clock: time | None,
    zone: str | None,
    series: SeriesFile,
    hosts: tuple[FoundPerson, ...] = (),
    questions: tuple[str, ...] = (),
    doubts: tuple[Doubt, ...] = (),
) -> Draft:
    if not questions and not doubts:
        doubts = (_open("questions", "Write the questions, a block for each. Don't number them."),)
    return Draft(
        title=title,
        hashtag=series.hashtag or "",
        day=day,
        clock=clock,
        zone=zone,
        length=None,
        hosts=hosts,
        support=(),
        questions=questions,
        doubts=doubts,
    )
