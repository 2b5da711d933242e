"""The verbs `backup` and `restore`: the store in one file, taken while a bot runs, and back."""

from __future__ import annotations

import contextlib
import os
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from bot.cli.main import FILE, read_settings
from bot.cli.terminal import Verb, end
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.errors import SetupError
from bot.status import bot_status
from bot.store import backup as copies
from bot.store import dumps
from bot.store.backup import Restored
from bot.store.database import Database
from bot.store.outputs import remember_output
from bot.wiring.only_run import only_run

_RUNNING = "A bot is running on this store: end it first. What it has in memory would not fit what is restored."


@click.command(cls=Verb, short_help=HELP["backup"])
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Write over FILE without asking.")
@click.pass_context
def backup(context: click.Context, file: Path, *, yes: bool) -> None:
    """Copy the store into FILE, as it is at this moment. A bot may be running, and people writing.

    FILE has all that people wrote, also what was held back or taken out: keep it as safe as the store.
    """
    url = read_settings(context, logs=False).store.url
    if file.exists() and not yes:
        click.confirm(f"{file} is there already. Write over it?", abort=True)
    if store := _file_of(url):
        copies.back_up(store, file)
    else:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
        dumps.dump(url, file)
    with closing(Database(url)) as database:  # a forgotten person is still in it, and `forget` says so
        database.write_sync(remember_output, file, "backup", WallClock().now())
    click.echo(f"{file}: the whole store, {file.stat().st_size / 2**20:.1f} MiB. Keep it as safe as the store.")


@click.command(cls=Verb, short_help=HELP["restore"])
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def restore(context: click.Context, file: Path, *, yes: bool) -> None:
    """Put the backup in FILE in the place of the store. No bot may be running on it.

    What came after the backup is lost, but for what X and Discord still have: that is read again. A post that was due
    since is looked for before it is posted.
    """
    url, now = read_settings(context, logs=False).store.url, WallClock().now()
    if not yes:
        click.confirm("What is in the store now will be replaced. Go on?", abort=True)
    if store := _file_of(url):
        store.parent.mkdir(parents=True, exist_ok=True)
        try:
            with only_run(store):
                found = copies.restore(file, store, now)
        except SetupError:
            end(2, _RUNNING)
    else:
        found = _load(url, file, now)
    with closing(Database(url)) as database:  # what was copied knew neither of these
        for copy in filter(None, (file, found.kept)):
            database.write_sync(remember_output, copy, "backup", now)
    click.echo(_told(found))


def _load(url: str, file: Path, now: datetime) -> Restored:
    """The same on PostgreSQL."""
    with closing(Database(url)) as database:
        if bot_status(database, now).running:
            end(2, _RUNNING)
    dumps.load(url, file)
    with closing(Database(url)) as database:
        return database.write_sync(copies.doubt, now)


def _told(found: Restored) -> str:
    taken = f"as it was on {found.taken:%a %d %b %Y at %H:%M:%S} UTC" if found.taken else "from before any bot ran"
    posts = f"{found.doubtful} post{'s' * (found.doubtful != 1)}"
    doubtful = f" {posts} may be out already: each is looked for first." if found.doubtful else ""
    kept = f" What was there before is in {found.kept}." if found.kept else ""
    return f"The store is {taken}.{doubtful}{kept}"


def _file_of(url: str) -> Path | None:
    """The file of an SQLite store; None for PostgreSQL."""
    parts = make_url(url)
    return Path(parts.database) if parts.drivername == "sqlite" and parts.database else None


VERBS = {"backup": backup, "restore": restore}
