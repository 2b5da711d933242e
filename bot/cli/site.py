"""The verb `site`: every published chat as a folder of static pages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.main import FILE, JSON, read_settings
from bot.cli.target import open_store
from bot.cli.terminal import Verb, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.site.folder import check_ours
from bot.site.pages import BY_DATE
from bot.store.outputs import remember_output

if TYPE_CHECKING:
    from bot.site.build import SiteChanges


@click.command(cls=Verb, short_help=HELP["site"])
@click.argument("folder", type=FILE)
@JSON
@click.pass_context
def site(context: click.Context, folder: Path, *, as_json: bool) -> None:
    """Write every published chat into FOLDER as pages that any web server can show.

    Only what changed is written again, and the pages of a chat that is published no more are deleted. FOLDER has to be
    new, empty, or one that this verb made.
    """
    from bot.site.build import build_site  # noqa: PLC0415 -- help and a wrong folder need no pages
    from bot.wiring.published_chats import kept_site, published_chats  # noqa: PLC0415 -- as above

    settings = read_settings(context, logs=False)
    now = WallClock().now()
    check_ours(folder)
    with open_store(settings) as database, _progress(quiet=as_json) as progress:
        its_site = kept_site(database, settings)
        database.write_sync(remember_output, folder, "site", now)
        changes = build_site(folder, its_site, published_chats(database, its_site, now), now, progress)
    if as_json:
        print_json(changes)
    else:
        _tell(folder, changes)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar in a terminal while chats are written."""
    console = Console(quiet=quiet or not sys.stderr.isatty(), stderr=True)
    with Progress(
        TextColumn("Writing pages"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)


def _tell(folder: Path, changes: SiteChanges) -> None:
    count = f"{changes.chats} chat{'s' * (changes.chats != 1)}"
    click.echo(f"{count}: {len(changes.written)} written, {len(changes.removed)} taken away.")
    click.echo(f"Site: {folder / BY_DATE}")
    if not changes.chats:
        click.echo("No chat is published yet: that is some time after its end, or when its host says so.", err=True)


VERBS = {"site": site}
