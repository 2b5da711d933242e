"""The verbs after a chat that need its store: write its transcript, export its event log, import one."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import BinaryIO

import click

from bot.cli.chat_files import folder_of, print_written, read_chat
from bot.cli.main import CHAT_FILE, FILE, OUT, SESSION, read_settings
from bot.cli.target import open_store
from bot.cli.terminal import Verb
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.messages import event_log
from bot.status import find_chat
from bot.store.database import Database
from bot.store.outputs import OutputKind, remember_output
from bot.transfer import Imported, export_events, import_events, import_state, keyed_events, read_state, write_state


@click.command(cls=Verb, short_help=HELP["report"])
@click.argument("chat", required=False)
@click.option("--series", help="Instead of a chat: the figures of this series over time.")
@OUT
@click.pass_context
def report(context: click.Context, chat: str | None, series: str | None, out: Path | None) -> None:
    """Write a chat's transcript and numbers from the store, or a series' figures over time."""
    if (chat is None) == (series is None):
        raise click.UsageError("Name a chat, or a series with --series.")
    if series is not None:
        _report_series(context, series, out or Path("out", series))
    elif chat is not None:
        _report_chat(context, chat, out)


def _report_series(context: click.Context, series: str, out: Path) -> None:
    from bot.wiring.series_report import PAGE, write_series  # noqa: PLC0415 -- an export needs no pages

    settings, now = read_settings(context, logs=False), WallClock().now()
    with open_store(settings) as database:
        found = write_series(settings, database, series, out, now)
        database.write_sync(remember_output, out, "series", now, series)
    click.echo(f"{len(found.chats)} chat{'s' * (len(found.chats) != 1)}: {out / PAGE}")


def _report_chat(context: click.Context, chat: str, out: Path | None) -> None:
    from bot.reporting.imprint import keep_apart  # noqa: PLC0415 -- an export needs no pages
    from bot.wiring.outputs import draft_of, write_report  # noqa: PLC0415 -- as above

    settings = read_settings(context, logs=False)
    with open_store(settings) as database:
        found = find_chat(database, chat)
        out = out or folder_of(found)
        keep_apart(out, rehearsal=False)
        now = WallClock().now()
        database.write_sync(remember_output, out, "report", now, found.name)
        print_written(write_report(settings, database, found, out, now))
        if draft := draft_of(settings, database, found, now):
            click.echo(draft)


@click.command(cls=Verb, short_help=HELP["export"])
@click.argument("chat")
@click.option("--ids", is_flag=True, help="Keep the platforms' ids of people, to import the log into another store.")
@click.option("--state", type=FILE, help="Write there what is no event: the plan, called off or not, links, chat file.")
@click.pass_context
def export(context: click.Context, chat: str, state: Path | None, *, ids: bool) -> None:
    """Print a chat's event log, as it was heard: more than is published, so keep it safe.

    Ids of people are made anew for each chat, so that two chats can't be tied to one person by them.

    Where it is written into a file (`> log.jsonl`), only its owner may read that from then on. With --ids and --state a
    chat can be imported into another store with all that is known of it.
    """
    file = _keep_private(sys.stdout.buffer)
    with open_store(read_settings(context, logs=False)) as database:
        found = find_chat(database, chat)
        events = export_events(database, found) if ids else keyed_events(database, found)
        if file is not None:
            kind: OutputKind = "full export" if ids else "export"
            database.write_sync(remember_output, file, kind, WallClock().now(), found.name)
        if state is not None:
            database.write_sync(remember_output, state, "state", WallClock().now(), found.name)
            write_state(database, found, state)
        event_log.write(events, sys.stdout.buffer)


def _keep_private(written: BinaryIO) -> Path | None:
    """Take the rights of others from the file that is written, if it is one. Returns where it is, if that is known."""
    with suppress(OSError, AttributeError):
        number = written.fileno()
        if stat.S_ISREG(os.fstat(number).st_mode):
            os.fchmod(number, 0o600)
            return Path(f"/proc/self/fd/{number}").readlink()
    return None


@click.command(cls=Verb, name="import", short_help=HELP["import"])
@click.argument("events", type=FILE)
@CHAT_FILE
@SESSION
@click.option("--state", type=FILE, help="The file that `convenor export --state` wrote.")
@click.pass_context
def import_(context: click.Context, events: Path, file: Path, session: str | None, state: Path | None) -> None:
    """Put an event log into the store. What is there already stays as it is, and who was erased stays erased."""
    settings = read_settings(context)
    chat = read_chat(settings, file, session)
    log = event_log.read(events)
    rest = read_state(state, chat) if state is not None else None
    with closing(Database(settings.store.url)) as database:
        if rest is not None:
            import_state(database, rest)
        imported = import_events(database, chat, log)
        for path in (events, state) if state is not None else (events,):
            database.write_sync(remember_output, path, "imported log", WallClock().now(), chat.name)
    click.echo(f"{len(log)} events of {chat.name}: {_became(imported)}.")


def _became(imported: Imported) -> str:
    """What became of the events of a log."""
    parts = [f"{imported.new} new"]
    parts += [f"{imported.known} known already, which stay as they are"] if imported.known else []
    parts += [f"{imported.refused} refused, because they were erased here"] if imported.refused else []
    return ", ".join(parts)


VERBS = {"report": report, "export": export, "import": import_}
