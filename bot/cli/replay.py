"""The verb `replay`: a transcript from an event log, without a store."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.chat_files import print_written, read_chat
from bot.cli.main import CHAT_FILE, FILE, OUT, read_settings
from bot.cli.terminal import Verb
from bot.messages import event_log
from bot.reporting.files import write


@click.command(cls=Verb)
@click.argument("events", type=FILE)
@CHAT_FILE
@OUT
@click.pass_context
def replay(context: click.Context, events: Path, file: Path, out: Path) -> None:
    """Write a transcript and numbers from an event log alone."""
    chat = read_chat(read_settings(context), file)
    print_written(write(out, chat, event_log.read(events)))


VERBS = {"replay": replay}
