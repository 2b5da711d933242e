"""The verb `move-store`: everything from the store of the settings into another, empty one."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from pathlib import Path

import click
import msgspec
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.cli.main import JSON, read_settings
from bot.cli.terminal import Verb, end, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.errors import SetupError
from bot.status import bot_status
from bot.store import leases
from bot.store.database import Database
from bot.store.engine import missing_file
from bot.store.move import MovedTable, move
from bot.store.outputs import remember_output
from bot.wiring.only_run import only_run

_RUNNING = "A bot is running on {}: end it first, and begin it again once it has the new store."


@click.command(cls=Verb, name="move-store", short_help=HELP["move-store"])
@click.argument("url")
@JSON
@click.pass_context
def move_store(context: click.Context, url: str, *, as_json: bool) -> None:
    """Copy the whole store into the empty one at URL: from SQLite to PostgreSQL, or back.

    URL is like the setting `url`. Leave a password out of it, and give it in PGPASSWORD. No bot may be running. Every
    row is compared. Either all is there or nothing; the old store stays as it is. Then change the setting.
    """
    old = read_settings(context, logs=False).store.url
    if missing := missing_file(old):
        end(2, f"There is no store at {missing}, so there is nothing to move.")
    if _same(old, url):
        end(1, "That is the store itself; give another one.")
    with ExitStack() as stack:
        for one in (old, url):
            _refuse_running(stack, one)
        moved = move(old, url, _tell if sys.stderr.isatty() and not as_json else _tell_nobody)
        if kept := _file_of(old):
            with closing(Database(url)) as database:  # `forget` names it for as long as it is there
                database.write_sync(remember_output, kept, "backup", WallClock().now())
    if as_json:
        print_json({"from": shown(old), "to": shown(url), "tables": msgspec.to_builtins(moved)})
        return
    _print(moved, old, url)


def _print(moved: tuple[MovedTable, ...], old: str, url: str) -> None:
    width = max(len(one.table) for one in moved)
    for one in filter(lambda one: one.rows, moved):
        click.echo(f"{one.table:{width}}  {one.rows:>9,} rows  the same in both (checksum {one.checksum[:12]})")
    rows = sum(one.rows for one in moved)
    click.echo(
        f"All {rows:,} rows of {len(moved)} tables are in {shown(url)}.\n"
        f'To use it: set `url = "{shown(url)}"` below `[store]` in the settings (or in CONVENOR_STORE__URL), look with'
        " `convenor doctor`, then start `convenor run`.\n"
        f"The old store, {shown(old)}, is as it was. Keep it until a chat has run on the new one; then remove it,"
        " because what is erased from the new one stays in it."
    )


def _tell(table: str, done: int, count: int) -> None:
    click.echo(f"\r{table}: {done:,} of {count:,} rows\033[K", err=True, nl=done == count)


def _tell_nobody(_table: str, _done: int, _count: int) -> None:
    pass


def _refuse_running(stack: ExitStack, url: str) -> None:
    """End the verb if a bot runs on a store. On SQLite none can begin until the end of the block."""
    path = _file_of(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            stack.enter_context(only_run(path))
        except SetupError:
            end(2, _RUNNING.format(shown(url)))
        return
    with closing(Database(url)) as database:
        if bot_status(database, WallClock().now()).running or database.read_sync(leases.others_alive, ""):
            end(2, _RUNNING.format(shown(url)))


def shown(url: str) -> str:
    """A store's url without its password."""
    parts = make_url(url)
    return parts.set(password=None).render_as_string() if parts.password else url


def _file_of(url: str) -> Path | None:
    try:
        parts = make_url(url)
    except ArgumentError:
        end(1, f'`{url}` is no store; write it like "sqlite:///convenor.db" or "postgresql://convenor@host/convenor".')
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def _same(old: str, url: str) -> bool:
    files = _file_of(old), _file_of(url)
    if all(files):
        return files[0].absolute() == files[1].absolute()  # type: ignore[union-attr] # both are there
    return make_url(old).set(password=None) == make_url(url).set(password=None)


VERBS = {"move-store": move_store}
