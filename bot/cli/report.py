"""The verbs after a chat that need its store: write its transcript, export its event log, import one."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO

import click

from bot.chat import Chat
from bot.cli.chat_files import folder_of, print_written, read_chat
from bot.cli.main import CHAT_FILE, FILE, OUT, SESSION, read_settings
from bot.cli.target import open_store
from bot.cli.terminal import Verb
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.messages import event_log
from bot.publication import publication
from bot.settings.settings import Settings
from bot.status import find_chat
from bot.store import chats, moderation_queue
from bot.store.database import Database
from bot.store.outputs import remember_output
from bot.transfer import export_events, import_events, keyed_events, published_events


@click.command(cls=Verb, short_help=HELP["report"])
@click.argument("chat")
@OUT
@click.pass_context
def report(context: click.Context, chat: str, out: Path | None) -> None:
    """Write a chat's transcript and numbers from the store."""
    from bot.reporting.files import write  # noqa: PLC0415 -- an export needs no pages
    from bot.reporting.imprint import Imprint, keep_apart  # noqa: PLC0415 -- as above
    from bot.wiring.community import community  # noqa: PLC0415 -- as above

    settings = read_settings(context, logs=False)
    with open_store(settings) as database:
        found = find_chat(database, chat)
        draft = _draft(database, found, settings)
        imprint = Imprint(community=community(settings), draft=draft)
        out = out or folder_of(found)
        keep_apart(out, rehearsal=False)
        database.write_sync(remember_output, out, "report", WallClock().now(), found.name)
        print_written(write(out, found, published_events(database, found), imprint=imprint))
    if draft:
        click.echo(draft)


def _draft(database: Database, chat: Chat, settings: Settings) -> str:
    """Why a report is a draft; empty if the chat is published."""
    from bot.reporting.draft import draft_note  # noqa: PLC0415 -- an export needs it not

    stored, now = database.read_sync(chats.find, chat.name), WallClock().now()
    if stored is None:
        return ""
    shuts = stored.ends + settings.hosting.open_after
    found = publication(
        chat,
        stored.state.publication,
        now=now,
        ends=stored.ends,
        shuts=shuts,
        asked=True,
        usual_wait=settings.publication.draft,
    )
    held = len(database.read_sync(moderation_queue.queue_entries, chat.name))
    return draft_note(found, now=now, zone=chat.timezone, shuts=shuts, held=held)


@click.command(cls=Verb, short_help=HELP["export"])
@click.argument("chat")
@click.option("--ids", is_flag=True, help="Keep the platforms' ids of people, to import the log into another store.")
@click.pass_context
def export(context: click.Context, chat: str, *, ids: bool) -> None:
    """Print a chat's event log, as it was heard: more than is published, so keep it safe.

    Ids of people are made anew for each chat, so that two chats can't be tied to one person by them.

    Where it is written into a file (`> log.jsonl`), only its owner may read that from then on.
    """
    _keep_private(sys.stdout.buffer)
    with open_store(read_settings(context, logs=False)) as database:
        found = find_chat(database, chat)
        events = export_events(database, found) if ids else keyed_events(database, found)
        event_log.write(events, sys.stdout.buffer)


def _keep_private(written: BinaryIO) -> None:
    """Take the rights of others from the file that is written, if it is one."""
    with suppress(OSError, AttributeError):
        number = written.fileno()
        if stat.S_ISREG(os.fstat(number).st_mode):
            os.fchmod(number, 0o600)


@click.command(cls=Verb, name="import", short_help=HELP["import"])
@click.argument("events", type=FILE)
@CHAT_FILE
@SESSION
@click.pass_context
def import_(context: click.Context, events: Path, file: Path, session: str | None) -> None:
    """Put an event log into the store. What is there already stays as it is."""
    settings = read_settings(context)
    chat = read_chat(settings, file, session)
    log = event_log.read(events)
    with closing(Database(settings.store.url)) as database:
        import_events(database, chat, log)
    click.echo(f"{len(log)} events of {chat.name} are in the store.")


VERBS = {"report": report, "export": export, "import": import_}
