"""The verb `run`: host every chat in the schedules until the process is stopped."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from bot import log
from bot.cli.main import read_settings
from bot.cli.terminal import Verb, end
from bot.cli.verbs import HELP
from bot.settings.settings import any_given
from bot.wiring.garbage_collector import put_off_garbage_collection

_NOTHING = (
    "There is nothing to host in {}: no settings (config.toml), no chat files (schedules/), and no store.\n"
    "Go to the folder where they are, or let `convenor init` make them here: it asks five questions."
)

_WINDOWS = (
    "Convenor hosts on Linux, and not on Windows itself. Start it in WSL (`wsl --install`) or in Docker, as on Linux."
)
"""Signals, private files and the erasure of logs need what Windows has not."""


@click.command(cls=Verb, short_help=HELP["run"])
@click.pass_context
def run(context: click.Context) -> None:
    """Host every chat in the schedules, on every configured place, until told to stop."""
    if sys.platform == "win32":
        end(2, _WINDOWS)
    settings = read_settings(context)
    if not any_given(context.find_root().obj) and not (settings.schedules.exists() or Path("convenor.db").exists()):
        end(2, _NOTHING.format(Path.cwd()))
    if settings.log.file:
        into = log.RotatingFile(Path(settings.log.file), megabytes=settings.log.megabytes, kept=settings.log.kept)
        log.configure(settings.log.level, settings.log.format, into)
    put_off_garbage_collection()
    from bot.cli.hosting import host  # noqa: PLC0415 -- it is the whole bot

    asyncio.run(host(settings))


VERBS = {"run": run}
