"""The `convenor` program: the group of all verbs, listed in sections, and the options and steps that verbs share."""

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
from bot.reporting.files import WrittenFiles
from bot.settings.settings import Settings, load_settings
from bot.store.database import Database

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)
OUT = click.option("--out", type=FILE, default=Path("out"), show_default=True, help="The folder to write to.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
CHAT_FILE = click.option("--chat", "file", type=FILE, required=True, help="The chat file.")


def rehearsal_or_real(default: str) -> Callable[[F], F]:
    """The option that chooses between a running rehearsal and the real chat. `default`: the choice without it."""
    text = f"The rehearsal that is on, or the real chat. Left out: {default}."
    return click.option("--rehearsal/--real", default=None, help=text)


class CommandGroup(click.Group):
    """All verbs. The help lists them in sections, in the order in which they were added."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- click's own
        super().__init__(*args, **kwargs)
        self._sections: dict[str, list[str]] = {}
        self._short_forms: dict[str, str] = {}

    def add_section(self, title: str, *verbs: click.Command) -> None:
        """Add verbs under a heading of the help."""
        for verb in verbs:
            self.add_command(verb)
            self._sections.setdefault(title, []).append(verb.name or "")

    def add_short_forms(self, short_forms: Mapping[str, str]) -> None:
        """Add other words for verbs. The help does not list them."""
        self._short_forms.update(short_forms)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb with this name or short form."""
        return super().get_command(ctx, cmd_name) or super().get_command(ctx, self._short_forms.get(cmd_name, ""))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections, with the names of all verbs in one column."""
        widest = max(map(len, self.commands))
        for title, names in self._sections.items():
            with formatter.section(title):
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
        if isinstance(stream, io.TextIOWrapper):  # a title may have letters that the terminal's encoding lacks
            stream.reconfigure(errors="backslashreplace")


def read_settings(context: click.Context) -> Settings:
    """Read the settings and start logging. Mistakes in the settings end the verb with 2: they are not its input."""
    try:
        settings = load_settings(context.find_root().obj)
    except InputError as error:
        end(2, str(error))
    log.configure(settings.log.level, settings.log.format)
    return settings


def platforms(settings: Settings) -> Mapping[str, str]:
    """The platform of each place."""
    return {name: place.platform for name, place in settings.places.items()}


def read_chat(settings: Settings, file: Path) -> Chat:
    """Read a chat file and print its warnings. Raises InputError if it has mistakes."""
    loaded = load(file, places=platforms(settings), root=settings.schedules)
    if loaded.chat is None:
        raise InputError(loaded.problems)
    for problem in loaded.problems:
        click.echo(str(problem), err=True)
    return loaded.chat


def print_written(written: WrittenFiles) -> None:
    """Print the figures of a transcript, and where its files are."""
    figures = written.figures
    posts, people = figures.posts, figures.participants
    click.echo(f"{posts} post{'s' * (posts != 1)} by {people} participant{'s' * (people != 1)}.")
    click.echo(f"Transcript: {written.html}")
    click.echo(
        f"Also: {written.markdown.name}, {written.transcript.name}, {written.numbers.name}, {written.events.name}"
    )


@contextmanager
def open_store(context: click.Context) -> Iterator[Database]:
    """The configured store, closed at the end of the block."""
    database = Database(read_settings(context).store.url)
    try:
        yield database
    finally:
        database.close()
