"""The verb `check`: the mistakes of chat files, their timeline, and how each place will show them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.authoring.chat_folder import REHEARSAL, SERIES, files_to_check, find_chat_files, misplaced_files
from bot.authoring.check import CheckResult, PostPreview, as_data, check_file, check_kept
from bot.authoring.cost_estimate import LARGE, SMALL
from bot.authoring.loader import load, load_file
from bot.authoring.writing_advice import DOCS
from bot.chat import Chat
from bot.cli.main import FILE, JSON, read_settings
from bot.cli.terminal import Verb, end, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock, clock_time
from bot.errors import Advice, Problem
from bot.ports.chat_files import IN_STORE, is_series, series_of
from bot.settings.settings import Settings
from bot.wiring.adapters import traits

_STYLES = {"error": "red", "warning": "yellow", "advice": "cyan"}


@click.command(cls=Verb, short_help=HELP["check"])
@click.argument("files", type=FILE, nargs=-1, required=True)
@JSON
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Say what would be posted where and when, and every mistake with its line.

    FILES may be chat files, the files of series, and folders, of which all are checked; also those in the store, like
    store:otalk/aac.toml, or store: for all.
    """
    settings = read_settings(context)
    now = WallClock().now()
    root = settings.schedules
    in_store = [str(file) for file in files if str(file).startswith(IN_STORE)]
    stored = [file.removeprefix(IN_STORE).removesuffix(".toml") for file in in_store]
    files = tuple(file for file in files if not str(file).startswith(IN_STORE))
    folders = [file.absolute() for file in files if file.is_dir()]
    misplaced = {
        file: why for file, why in misplaced_files(root) if any(file.absolute().is_relative_to(one) for one in folders)
    }
    given = [found for file in files for found in ((file.is_dir() and files_to_check(file)) or [file])]
    left_out = {one.absolute() for one in (*misplaced, *(root / REHEARSAL for _ in folders))}
    files = tuple(file for file in given if file.absolute() not in left_out)
    every = dict.fromkeys(file.absolute() for file in (*find_chat_files(root), *files) if file.name != SERIES)
    others = [chat for file in every for chat in load(file, root=root).chats]
    results = [check_file(file, traits(settings), root=root, now=now, others=others) for file in files]
    results += [_misplaced(file, why) for file, why in misplaced.items()]
    if stored:
        results += _in_store(settings, stored, now, others)
    if as_json:
        print_json(as_data(results))
    else:
        print_results(results, Console())
    if not all(one.ok for one in results):
        sys.exit(1)


def _in_store(settings: Settings, wanted: Sequence[str], now: datetime, others: Sequence[Chat]) -> list[CheckResult]:
    """Check files in the store. Ends the verb with 1 if one is not there."""
    # SQLAlchemy would take longer than to check a file
    from bot.cli.target import open_store  # noqa: PLC0415
    from bot.scheduling.stored_files import StoredFiles  # noqa: PLC0415

    with open_store(settings) as database:
        kept = StoredFiles(database, WallClock())
        names = sorted(kept.list())
        if missing := [one for one in wanted if one and one not in names]:
            end(1, f"There is no {missing[0]} in the store; `convenor keep --list` names all.")
        found = {name: file for name in names if (file := kept.read(name))}
    loaded = (load_file(file, found.get(series_of(name))) for name, file in found.items() if not is_series(name))
    every = [*others, *(chat for one in loaded for chat in one.chats)]
    return [
        check_kept(file, found.get(series_of(name)), traits(settings), now=now, others=every)
        for name, file in found.items()
        if "" in wanted or name in wanted
    ]


def _misplaced(file: Path, why: str) -> CheckResult:
    """The result for a file that would never be hosted."""
    problem = Problem(file=str(file), line=1, column=1, message=f"`convenor run` does not find this file; {why}.")
    return CheckResult(file=str(file), name=file.stem, problems=(problem,))


def print_results(results: Sequence[CheckResult], console: Console) -> None:
    """Print, for each file, its problems, its timeline, and each post as each place will show it."""
    for one in (each for result in results for each in result.sessions):
        for problem in one.problems:
            console.print(Text(str(problem), style=_STYLES[problem.severity]), soft_wrap=True)
        if one.chat:
            _print_chat(one, one.chat, console)
        console.print(Text(_summary(one)), soft_wrap=True)
    if any(isinstance(problem, Advice) for result in results for one in result.sessions for problem in one.problems):
        said = f"Advice stops nothing. Its name in `ignore` switches it off; {DOCS} says why it is given."
        console.print(Text(said, style=_STYLES["advice"]), soft_wrap=True)


def _print_chat(one: CheckResult, chat: Chat, console: Console) -> None:
    hosts = ", ".join(host.name for host in chat.hosts) or "no host named"
    console.print(Text(f"\n{chat.title}", style="bold"), Text(f"{chat.name}, with {hosts}"), sep="\n")
    zone = ZoneInfo(chat.timezone)
    local = chat.starts.astimezone(zone)
    console.print(Text(f"{local:%A} {local.day} {local:%B %Y}\n"))
    table = Table("", "", "text", box=None, padding=(0, 2, 0, 0))
    table.columns[0].header, table.columns[1].header = escape(chat.timezone), "UTC"
    for column in table.columns[:2]:
        column.no_wrap = True
    for slot in one.timeline:
        table.add_row(_time(slot.at.astimezone(zone), local), _time(slot.at.astimezone(UTC), local), Text(slot.text))
    console.print(table)
    for place, previews in one.previews.items():
        _print_place(place, previews, console)
        if place in one.cost:
            cost = one.cost[place]
            reading = ", ".join(f"{name} ${low:.2f} to ${high:.2f}" for name, (low, high) in cost.reading.items())
            console.print(
                Text(
                    f"A chat of {SMALL} answers costs about ${cost.low:.2f} there, one of {LARGE} about "
                    f"${cost.high:.2f}{f'; of that reading: {reading}' if reading else ''}."
                ),
                soft_wrap=True,
            )


def _print_place(place: str, previews: Sequence[PostPreview], console: Console) -> None:
    """Print the length of each post in a place, and the parts of those that are too long for it."""
    table = Table("post", "length", "limit", "parts", box=None, padding=(0, 2, 0, 0), title_justify="left")
    table.title = f"\nIn {escape(place)}"
    for preview in previews:
        lengths = ", ".join(str(part.length) for part in preview.parts)
        cut = {0: "not posted", 1: ""}.get(len(preview.parts), f"cut into {len(preview.parts)}")
        table.add_row(preview.key, lengths, str(preview.limit), cut)
        if cut:
            for part in preview.parts:
                table.add_row("", "", "", Text(part.text))
    console.print(table)


def _time(at: datetime, day: datetime) -> str:
    """A time of day, with the date unless that is `day`."""
    time = clock_time(at, seconds=bool(at.second))
    return time if at.date() == day.date() else f"{at:%d %b} {time}"


def _summary(one: CheckResult) -> str:
    label = f"{one.file} ({one.chat.session})" if one.chat and one.chat.session else one.file
    errors = sum(problem.severity == "error" for problem in one.problems)
    warnings = len(one.problems) - errors
    if errors:
        return f"{label}: {errors} to put right" + (f", {warnings} to look at." if warnings else ".")
    return f"{label}: {'ready to be hosted' if one.chat else 'nothing to put right'}" + (
        f", {warnings} to look at." if warnings else "."
    )


VERBS = {"check": check}
