"""The verb `replay`: a transcript from an event log, without a store."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.chat_files import folder_of, print_written, read_chat
from bot.cli.main import CHAT_FILE, FILE, OUT, SESSION, read_settings
from bot.cli.terminal import Verb
from bot.cli.verbs import HELP
from bot.messages import event_log
from bot.reporting.files import write
from bot.reporting.imprint import Imprint
from bot.wiring.community import community


@click.command(cls=Verb, short_help=HELP["replay"])
@click.argument("events", type=FILE)
@CHAT_FILE
@SESSION
@OUT
@click.pass_context
def replay(context: click.Context, events: Path, file: Path, session: str | None, out: Path | None) -> None:
    """Write a transcript and numbers from an event log alone."""
    settings = read_settings(context)
    chat, imprint = read_chat(settings, file, session), Imprint(community=community(settings))
    print_written(write(out or folder_of(chat), chat, event_log.read(events), imprint=imprint))


VERBS = {"replay": replay}
