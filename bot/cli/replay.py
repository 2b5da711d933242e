"""The verb `replay`: a transcript from an event log alone. The store, if there is one, learns where it is."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

import click

from bot.cli.chat_files import folder_of, print_written, read_chat
from bot.cli.main import CHAT_FILE, FILE, OUT, SESSION, read_settings
from bot.cli.terminal import Verb
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.errors import StoreError
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
    folder = out or folder_of(chat)
    print_written(write(folder, chat, event_log.read(events), imprint=imprint))
    _remember(settings.store.url, folder, chat.name)


def _remember(url: str, folder: Path, chat: str) -> None:
    """Let `forget` name the folder, if there is a store. One that can't be opened now is no reason to fail."""
    kind, _, path = url.partition(":///")
    if kind == "sqlite" and not Path(path).exists():
        return
    from bot.store.database import Database  # noqa: PLC0415 -- without a store none of it is needed
    from bot.store.outputs import remember_output  # noqa: PLC0415 -- as above

    with suppress(StoreError), closing(Database(url)) as database:
        database.write_sync(remember_output, folder, "replay", WallClock().now(), chat)


VERBS = {"replay": replay}
