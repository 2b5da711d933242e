"""The verb `new`: an announcement becomes a draft of a chat file, with everything doubtful in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from bot.authoring.announcement.announcement_text import AnnouncementText
from bot.authoring.announcement.chat_file import as_data, chat_file
from bot.authoring.announcement.draft import draft
from bot.authoring.announcement.file_formats import MAX_BYTES, read_announcement
from bot.authoring.announcement.found import Draft
from bot.authoring.chat_folder import SERIES
from bot.authoring.chatfile import SeriesFile
from bot.authoring.file_names import file_name
from bot.authoring.source import validate_file
from bot.cli.main import FILE, JSON, read_settings
from bot.cli.terminal import Verb, end, plain, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.errors import UnreadableAnnouncementError
from bot.settings.settings import Settings
from bot.toml.document import read_toml

_AHEAD = 60
"""Dates of a series among which the next free one is looked for: more than a year of weeks."""


@click.command(cls=Verb, short_help=HELP["new"])
@click.argument("file", type=FILE, required=False)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The announcement: .docx, .odt, .html, .md, .eml or text; - reads what you paste.",
)
@click.option(
    "--yes", is_flag=True, help="Ask nothing. With --from: write over FILE; without: leave what is to fill in."
)
@JSON
@click.pass_context
def new(context: click.Context, file: Path | None, source: Path | None, *, yes: bool, as_json: bool) -> None:
    """Draft a chat file from an announcement, and say what is doubtful; or ask for title, date, host and questions.

    FILE is the chat file to write; left out, it gets its name from date and title. With --json nothing is written.
    """
    settings = read_settings(context)
    if file and file.suffix != ".toml":
        hint = "" if source else f" To draft a chat from an announcement: `convenor new --from {file}`."
        end(1, f"{file}: the name of a chat file ends in .toml.{hint}")
    if source is None:
        _without_announcement(file, settings, yes=yes, as_json=as_json)
        return
    data = _bytes_of(source)
    try:
        announcement = read_announcement(data, source.name)
    except UnreadableAnnouncementError as error:
        end(1, f"{source}: {error}")
    folder = file.parent if file else _series_of(announcement, settings.schedules)
    series = _series(folder) if folder else SeriesFile()
    made = draft(announcement, series, WallClock().now())
    if as_json:
        print_json(as_data(made))
        return
    target = file or _named(made, folder or settings.schedules / "chats")
    if target.exists() and not yes:
        click.confirm(f"{target} is there already. Write over it?", abort=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(f".announcement{source.suffix or '.txt'}")
    _write(beside, data)
    _write(target, chat_file(made, series, beside.name).encode())
    for line in _report(made, target):
        click.echo(line)


def _bytes_of(source: Path) -> bytes:
    """The announcement's bytes; of one that is too large no more than shows it."""
    if str(source) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with source.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _without_announcement(file: Path | None, settings: Settings, *, yes: bool, as_json: bool) -> None:
    """Write what somebody answers, or with `yes` what is to be filled in. Writes over nothing."""
    from bot.cli import chat_interview  # noqa: PLC0415 -- it needs the store, for the chats that were called off
    from bot.cli.next_dates import called_off_names, dates_of  # noqa: PLC0415 -- the same

    if file and file.exists():
        end(1, f"{file} is there already, so nothing was changed.")
    ask = not (yes or as_json)
    folders = [path.parent for path in sorted(settings.schedules.glob(f"*/{SERIES}"))]
    try:
        folder = file.parent if file else chat_interview.chosen_series(folders, ask=ask)
        if folder is None and folders:
            names = ", ".join(one.name for one in folders)
            end(1, f"There are several series: {names}. Name the file, as in {folders[0] / 'going-home.toml'}.")
        series = _series(folder) if folder else SeriesFile()
        now = WallClock().now()
        dates = dates_of(folder, settings, series, called_off_names(settings), _AHEAD) if folder else ()
        free = next((one for one in dates if one.state == "free" and one.starts), None)
        made = chat_interview.ask_chat(series, dates, now) if ask else chat_interview.placeholder_chat(series, free)
    except click.Abort:
        end(2, "\nNothing was written. `convenor new --yes` asks nothing: it makes a file to fill in.")
    if as_json:
        print_json(as_data(made))
        return
    target = file or _named(made, folder or settings.schedules / "chats")
    if target.exists():
        end(1, f"{target} is there already, so nothing was changed. Name another file: `convenor new FILE`.")
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, chat_file(made, series).encode())
    for line in _report(made, target):
        click.echo(line)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a bot may be reading the folder, and the disk may be full."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _series(folder: Path) -> SeriesFile:
    """The values of a series; those of a file with mistakes as far as they are right."""
    path = folder / SERIES
    return validate_file(read_toml(path), SeriesFile).values if path.is_file() else SeriesFile()


def _series_of(announcement: AnnouncementText, root: Path) -> Path | None:
    """The folder of the series whose hashtag the text has; None if there is none, or several."""
    text = f"{announcement.title}\n{announcement.text}".casefold()
    found = [
        path.parent
        for path in sorted(root.glob(f"*/{SERIES}"))
        if (tag := _series(path.parent).hashtag) and re.search(rf"{re.escape(tag.casefold())}(?!\w)", text)
    ]
    return found[0] if len(found) == 1 else None


def _named(made: Draft, folder: Path) -> Path:
    """The file for a draft."""
    return folder / f"{file_name(made.day, made.title)}.toml"


def _report(made: Draft, target: Path) -> Iterator[str]:
    yield f"{target}: {plain(made.title, lines=False) or 'a chat without a title'}"
    for number, text in enumerate(made.questions, 1):
        yield f"  Q{number}. {plain(text, lines=False)}"
    if made.doubts:
        yield f"{len(made.doubts)} to look at:"
    for doubt in made.doubts:
        where = f"line {doubt.line}: " if doubt.line else ""
        said = f"'{plain(doubt.said, lines=False)[:80]}'. " if doubt.said else ""
        yield f"  {where}{doubt.field}: {said}{doubt.why}"
    yield f"Next: look at the file, then run `convenor check {target}`."


VERBS = {"new": new}
