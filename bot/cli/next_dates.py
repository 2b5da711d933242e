"""The verb `next-dates`: the dates of each series, planned and free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.authoring.chat_folder import SERIES, files_to_check
from bot.authoring.chatfile import SeriesFile
from bot.authoring.loader import load, load_series
from bot.authoring.series_calendar import CalendarDate, series_calendar
from bot.authoring.series_dates import has_dates
from bot.authoring.source import validate_file
from bot.authoring.timezones import DEFAULT_TIMEZONE
from bot.chat import Chat, at_start
from bot.cli.main import JSON, read_settings
from bot.cli.terminal import Verb, end, plain, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock, clock_time
from bot.errors import InputError
from bot.settings.settings import Settings
from bot.status import called_off_chats, moved_starts
from bot.store.database import Database
from bot.store.engine import file_of, make_engine
from bot.toml.document import read_toml

T = TypeVar("T")

_MOST = 200
"""Dates of a series: four years of weeks."""

_STYLES = {"planned": "green", "free": "bold", "break": "dim", "called off": "yellow"}


@click.command(cls=Verb, short_help=HELP["next-dates"])
@click.argument("series", required=False)
@click.option("--count", type=click.IntRange(1, _MOST), default=8, show_default=True, help="How many dates of each.")
@click.option("--free", is_flag=True, help="Only dates that are free.")
@JSON
@click.pass_context
def next_dates(context: click.Context, series: str | None, *, count: int, free: bool, as_json: bool) -> None:
    """Say the next dates of each series by its `series.toml`: planned, free, called off, and breaks.

    SERIES is the name of its folder. Times are those of the series' zone; with --json also in UTC.
    """
    settings = read_settings(context)
    folders = {path.parent.name: path.parent for path in sorted(settings.schedules.glob(f"*/{SERIES}"))}
    if series is not None and series not in folders:
        end(1, f"There is no {settings.schedules / series / SERIES}; there are: {', '.join(folders) or 'none'}.")
    names = [series] if series is not None else [*folders]
    called_off = called_off_names(settings)
    found: dict[str, tuple[SeriesFile, list[CalendarDate]]] = {}
    for name in names:
        values = _values(folders[name])
        dates = dates_of(folders[name], settings, values, called_off, _MOST if free else count)
        found[name] = values, [one for one in dates if one.state == "free" or not free][: count if free else None]
    if as_json:
        print_json(_data(found))
    else:
        _print(found, Console())


def _values(folder: Path) -> SeriesFile:
    """The values of a series. Raises InputError if its file has mistakes."""
    if problems := [one for one in load_series(folder / SERIES) if one.severity == "error"]:
        raise InputError(tuple(problems))
    return validate_file(read_toml(folder / SERIES), SeriesFile).values


def called_off_names(settings: Settings) -> Collection[str]:
    """The names of the chats that were called off: none while there is no store, which is not made for this."""
    return _from_store(settings, called_off_chats) or frozenset()


def as_planned(settings: Settings, chats: Iterable[Chat]) -> list[Chat]:
    """Chats as read from their files, at the start that a command gave them since."""
    starts = _from_store(settings, moved_starts) or {}
    return [at_start(one, starts[one.name]) if one.name in starts else one for one in chats]


def _from_store(settings: Settings, query: Callable[[Database], T]) -> T | None:
    file = file_of(make_engine(settings.store.url))
    if file is not None and not file.exists():
        return None
    with closing(Database(settings.store.url)) as database:
        return query(database)


def dates_of(
    folder: Path, settings: Settings, values: SeriesFile, called_off: Collection[str], count: int
) -> tuple[CalendarDate, ...]:
    """The next dates of a series, from now on. `called_off` are names of chats."""
    files = [file for file in files_to_check(folder) if file.name != SERIES]
    chats = as_planned(settings, (chat for file in files for chat in load(file, root=settings.schedules).chats))
    return series_calendar(values, chats, called_off, now=WallClock().now(), count=count)


def _data(found: Mapping[str, tuple[SeriesFile, list[CalendarDate]]]) -> list[dict[str, object]]:
    return [
        {
            "series": name,
            "day": one.day,
            "starts": one.starts,
            "timezone": values.timezone or DEFAULT_TIMEZONE,
            "state": one.state,
            "chat": one.chat or None,
            "title": one.title,
            "note": one.note,
        }
        for name, (values, dates) in found.items()
        for one in dates
    ]


def _print(found: Mapping[str, tuple[SeriesFile, list[CalendarDate]]], console: Console) -> None:
    if not found:
        click.echo(f"No series here: `convenor init` begins one, with a {SERIES}.")
    for name, (values, dates) in found.items():
        zone = ZoneInfo(values.timezone or DEFAULT_TIMEZONE)
        console.print(Text(f"{name} ({zone.key})", style="bold"))
        if not has_dates(values):
            console.print(f"  {SERIES} does not say when it is: write weekday and time.", highlight=False)
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for one in dates:
            clock = clock_time(one.starts.astimezone(zone)) if one.starts else ""
            said = plain(". ".join(filter(None, (one.title, one.note))), lines=False)
            day = f"  {one.day:%a} {one.day.day} {one.day:%b %Y}"
            table.add_row(day, clock, Text(one.state, style=_STYLES[one.state]), Text(said))
        console.print(table)


VERBS = {"next-dates": next_dates}
