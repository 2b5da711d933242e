"""After a chat: its transcript, and its event log out of the store and into it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot import archive
from bot.cli.front import FILE, OF, OUT, chat_in, settings_of, store_of, told
from bot.ending import Verb
from bot.listening import journal
from bot.reporting.pages import write


@click.command(cls=Verb, short_help="Write a chat's transcript and numbers from the store.")
@click.argument("chat")
@OUT
@click.pass_context
def report(context: click.Context, chat: str, out: Path) -> None:
    """Write a chat's transcript and numbers from the store."""
    with store_of(context) as database:
        found = archive.chat_named(database, chat)
        told(write(out, found, archive.exported(database, found)))


@click.command(cls=Verb)
@click.argument("events", type=FILE)
@OF
@OUT
@click.pass_context
def replay(context: click.Context, events: Path, file: Path, out: Path) -> None:
    """Write a transcript and numbers from an event log alone."""
    chat = chat_in(settings_of(context), file)
    told(write(out, chat, journal.read(events)))


@click.command(cls=Verb, short_help="Print a chat's event log, as it was heard.")
@click.argument("chat")
@click.pass_context
def export(context: click.Context, chat: str) -> None:
    """Print a chat's event log, as it was heard: more than is published, so keep it safe."""
    with store_of(context) as database:
        found = archive.chat_named(database, chat)
        journal.write(archive.exported(database, found), sys.stdout.buffer)


@click.command(cls=Verb, name="import")
@click.argument("events", type=FILE)
@OF
@click.pass_context
def import_(context: click.Context, events: Path, file: Path) -> None:
    """Put an event log into the store. What is there already stays as it is."""
    chat = chat_in(settings_of(context), file)
    heard = journal.read(events)
    with store_of(context) as database:
        archive.imported(database, chat, heard)
    click.echo(f"{len(heard)} events of {chat.name} are in the store.")
