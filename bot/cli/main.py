"""The door itself: the group of all verbs, in chapters, and what many of them share."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from bot import log
from bot.authoring.loader import load
from bot.chat import Chat
from bot.cli.terminal import end
from bot.errors import InputError
from bot.reporting.files import Written
from bot.settings.settings import Settings, load_settings
from bot.store.database import Database

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)
OUT = click.option("--out", type=FILE, default=Path("out"), show_default=True, help="The folder to write to.")
JSON = click.option("--json", "as_data", is_flag=True, help="Print JSON for a script.")
OF = click.option("--chat", "file", type=FILE, required=True, help="The chat file.")


def rehearsal_or_real(left_out: str) -> Callable[[F], F]:
    """The option that tells the rehearsal which is on from the real chat. `left_out`: which is meant without it."""
    text = f"The rehearsal that is on, or the real chat. Left out: {left_out}."
    return click.option("--rehearsal/--real", default=None, help=text)


class CommandGroup(click.Group):
    """All verbs. Help lists them in the order and the chapters in which they were gathered."""

    def __init__(self, *more: Any, **named: Any) -> None:  # noqa: ANN401 -- click's own
        super().__init__(*more, **named)
        self._chapters: dict[str, list[str]] = {}
        self._short: dict[str, str] = {}

    def gather(self, chapter: str, *verbs: click.Command) -> None:
        """Let these be verbs, under the heading of a chapter."""
        for verb in verbs:
            self.add_command(verb)
            self._chapters.setdefault(chapter, []).append(verb.name or "")

    def also(self, short: Mapping[str, str]) -> None:
        """Let these words stand for verbs. They are not listed."""
        self._short.update(short)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb with this name or short form."""
        return super().get_command(ctx, cmd_name) or super().get_command(ctx, self._short.get(cmd_name, ""))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a chapter under each heading."""
        widest = max(map(len, self.commands))
        for chapter, names in self._chapters.items():
            with formatter.section(chapter):
                limit = formatter.width - widest - 6
                rows = [(name.ljust(widest), self.commands[name].get_short_help_str(limit)) for name in names]
                formatter.write_dl(rows)
        del ctx


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=FILE, help="The settings file. Left out: CONVENOR_CONFIG, else config.toml here.")
@click.version_option(package_name="convenor")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Host scheduled chats: post each question when it is due, collect the answers, publish the transcript."""
    context.obj = config
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a title may have letters that this terminal has not
            stream.reconfigure(errors="backslashreplace")


def settings_of(context: click.Context) -> Settings:
    """The settings. They are not what a verb is given, so where they have mistakes it could not run."""
    try:
        settings = load_settings(context.find_root().obj)
    except InputError as error:
        end(2, str(error))
    log.start(settings.log.level, settings.log.format)
    return settings


def platforms(settings: Settings) -> Mapping[str, str]:
    """The platform of each place."""
    return {name: place.platform for name, place in settings.places.items()}


def chat_in(settings: Settings, file: Path) -> Chat:
    """The chat in a file; its mistakes end the verb, its doubts are shown."""
    loaded = load(file, places=platforms(settings), root=settings.schedules)
    if loaded.chat is None:
        raise InputError(loaded.problems)
    for problem in loaded.problems:
        click.echo(str(problem), err=True)
    return loaded.chat


def told(written: Written) -> None:
    """Say what was written, and where."""
    figures = written.figures
    posts, people = figures.posts, figures.participants
    click.echo(f"{posts} post{'s' * (posts != 1)} by {people} participant{'s' * (people != 1)}.")
    click.echo(f"Transcript: {written.html}")
    click.echo(
        f"Also: {written.markdown.name}, {written.transcript.name}, {written.numbers.name}, {written.events.name}"
    )


@contextmanager
def store_of(context: click.Context) -> Iterator[Database]:
    """The configured store, while the block runs."""
    database = Database(settings_of(context).store.url)
    try:
        yield database
    finally:
        database.close()
