"""The `convenor` program: the group of all verbs, listed in sections, and the options that verbs share."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

from bot import log
from bot.cli.terminal import end
from bot.cli.verbs import HELP, LIVE, SECTIONS, SHORT_FORMS
from bot.errors import InputError
from bot.privacy_notice import use_house
from bot.settings.settings import Settings, load_settings
from bot.translation import use_language
from bot.wiring.community import house

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)
OUT = click.option("--out", type=FILE, help="The folder to write to. Left out: one below `out`, named like the chat.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
SESSION = click.option("--session", help="Which session of the file, if it has several.")
CHAT_FILE = click.option("--chat", "file", type=FILE, required=True, help="The chat file.")


def rehearsal_or_real(default: str) -> Callable[[F], F]:
    """The option that chooses between a running rehearsal and the real chat. `default`: the choice without it."""
    text = f"The rehearsal that is on, or the real chat. Left out: {default}."
    return click.option("--rehearsal/--real", default=None, help=text)


class CommandGroup(click.Group):
    """All verbs. The help lists them in sections.

    A verb's module is imported when the verb is used: imports are most of the time that a short verb takes.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all verbs, in the order of the help."""
        del ctx
        return [name for verbs in SECTIONS.values() for name in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb with this name or short form. Imports its module."""
        del ctx
        modules = {name: module for verbs in SECTIONS.values() for name, module in verbs.items()}
        name = cmd_name if cmd_name in modules else SHORT_FORMS.get(cmd_name, "")
        return _verbs(modules[name])[name] if name in modules else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections, with the names of all verbs in one column."""
        widest = max(map(len, self.list_commands(ctx)))
        for title, modules in SECTIONS.items():
            with formatter.section(title):
                lines = [(name, LIVE[name].help if name in LIVE else HELP[name]) for name in modules]
                formatter.write_dl([(name.ljust(widest), text) for name, text in lines])


def _verbs(module: str) -> Mapping[str, click.Command]:
    """The verbs of a module, by name."""
    verbs: Mapping[str, click.Command] = import_module(f"bot.cli.{module}").VERBS
    return verbs


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


def read_settings(context: click.Context, *, logs: bool = True) -> Settings:
    """Read the settings and start logging. Mistakes in the settings end the verb with 2: they are no input of it.

    `logs` is false for a short verb that logs nothing but the warnings of libraries.
    """
    try:
        settings = load_settings(context.find_root().obj)
    except InputError as error:
        end(2, str(error))
    use_language(settings.language)
    use_house(house(settings))
    if logs:
        log.configure(settings.log.level, settings.log.format)
    else:
        log.configure_late(settings.log.level, settings.log.format)
    return settings
