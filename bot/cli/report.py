"""After a chat: its transcript, and its event log out of the store and into it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.cli.main import FILE, OF, OUT, chat_in, settings_of, store_of, told
from bot.cli.terminal import Verb
from bot.messages import event_log
from bot.reporting.files import write
from bot.status import find_chat
from bot.transfer import export_events, import_events


@click.command(cls=Verb, short_help="Write a chat's transcript and numbers from the store.")
@click.argument("chat")
@OUT
@click.pass_context
def report(context: click.Context, chat: str, out: Path) -> None:
    """Write a chat's transcript and numbers from the store."""
    with store_of(context) as database:
        found = find_chat(database, chat)
        told(write(out, found, export_events(database, found)))


@click.command(cls=Verb)
@click.argument("events", type=FILE)
@OF
@OUT
@click.pass_context
def replay(context: click.Context, events: Path, file: Path, out: Path) -> None:
    """Write a transcript and numbers from an event log alone."""
    chat = chat_in(settings_of(context), file)
    told(write(out, chat, event_log.read(events)))


@click.command(cls=Verb, short_help="Print a chat's event log, as it was heard.")
@click.argument("chat")
@click.pass_context
def export(context: click.Context, chat: str) -> None:
    """Print a chat's event log, as it was heard: more than is published, so keep it safe."""
    with store_of(context) as database:
        found = find_chat(database, chat)
        event_log.write(export_events(database, found), sys.stdout.buffer)


@click.command(cls=Verb, name="import")
@click.argument("events", type=FILE)
@OF
@click.pass_context
def import_(context: click.Context, events: Path, file: Path) -> None:
    """Put an event log into the store. What is there already stays as it is."""
    chat = chat_in(settings_of(context), file)
    heard = event_log.read(events)
    with store_of(context) as database:
        import_events(database, chat, heard)
    click.echo(f"{len(heard)} events of {chat.name} are in the store.")
