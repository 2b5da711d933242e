"""The verb `keep`: puts chat files into the store, where all machines host them; lists, shows and removes them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
import msgspec

from bot.authoring.images import image_files, is_picture
from bot.authoring.loader import Loaded, load_file, load_series_file
from bot.cli.chat_files import platforms
from bot.cli.main import FILE, JSON, read_settings
from bot.cli.target import open_store
from bot.cli.terminal import Verb, end, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.errors import ChatFileError, Problem
from bot.ports.chat_files import ChatFile, is_series, series_of
from bot.scheduling.stored_files import StoredFiles
from bot.settings.settings import Settings
from bot.store.database import Database


@click.command(cls=Verb, short_help=HELP["keep"])
@click.argument("files", type=FILE, nargs=-1)
@click.option("--by", default="the shell", show_default=True, help="Who writes it, for the list of versions.")
@click.option("--list", "list_", is_flag=True, help="List the files in the store.")
@click.option("--versions", metavar="NAME", help="List the versions of a file in the store.")
@click.option("--print", "print_", metavar="NAME", help="Print a file in the store; NAME@2 is its second version.")
@click.option("--remove", metavar="NAME", help="Take a file out of the store. Its versions stay.")
@JSON
@click.pass_context
def keep(
    context: click.Context,
    files: tuple[Path, ...],
    by: str,
    versions: str | None,
    print_: str | None,
    remove: str | None,
    *,
    list_: bool,
    as_json: bool,
) -> None:
    """Put chat files into the store, where every machine hosts them without a copy; or look at those in it.

    FILES are called <series>/<chat>.toml, as in the folder; `series.toml` may be one. One with mistakes is not taken.
    """
    if sum(map(bool, (files, list_, versions, print_, remove))) != 1:
        raise click.UsageError("Name chat files, or one of --list, --versions, --print and --remove.")
    settings = read_settings(context)
    try:
        with closing(Database(settings.store.url)) if files else open_store(settings) as database:
            kept = StoredFiles(database, WallClock())
            if files:
                _put(kept, files, by, settings)
            elif remove:
                _remove(kept, remove, by)
            elif print_:
                _print(kept, print_)
            else:
                _list(kept, versions, as_json=as_json)
    except ChatFileError as error:
        end(1, str(error))


def _put(kept: StoredFiles, files: Sequence[Path], by: str, settings: Settings) -> None:
    """Check all, the files of series first, then write all."""
    given = {_name(file): ChatFile(name=_name(file), version="", raw=_read(file), where=str(file)) for file in files}
    failed, pictures = False, dict[str, dict[str, bytes]]()
    for name, file in given.items():
        series = given.get(series_of(name)) or kept.read(series_of(name))
        if is_series(name):
            failed |= _tell(load_series_file(file))
            continue
        loaded = load_file(file, series, now=WallClock().now(), places=platforms(settings))
        failed |= _tell(loaded.problems)
        pictures[name] = _pictures(loaded)
    if failed:
        sys.exit(1)
    for name, file in sorted(given.items(), key=lambda one: not is_series(one[0])):
        before = kept.read(name)
        expected = before.version if before else ""
        version = kept.write(name, file.text, expected=expected, by=by, pictures=pictures.get(name))
        click.echo(f"{name}: version {version} is in the store.")


def _pictures(loaded: Loaded) -> dict[str, bytes]:
    """The pictures of a chat file without mistakes. One that was replaced since it was checked is refused."""
    if loaded.chat is None or loaded.source is None:
        return {}
    found = {name: _read(path) for name, path in image_files(loaded.source).items()}
    for name, data in found.items():
        if not is_picture(name, data[:12]):
            raise ChatFileError(f"{name} is not the picture its name says.")
    return found


def _tell(problems: Sequence[Problem]) -> bool:
    for one in problems:
        click.echo(str(one), err=True)
    return any(one.severity == "error" for one in problems)


def _remove(kept: StoredFiles, name: str, by: str) -> None:
    found = kept.read(name) or end(1, f"There is no {name} in the store; `convenor keep --list` names all.")
    kept.write(name, None, expected=found.version, by=by)
    click.echo(
        f"{name} is not in the store any more. `convenor keep --print {name}@{found.version}` shows what it was."
    )


def _print(kept: StoredFiles, wanted: str) -> None:
    name, _, version = wanted.partition("@")
    found = kept.read(name, version) or end(1, f"There is no {wanted} in the store; `convenor keep --list` names all.")
    click.echo(found.text, nl=False)


def _list(kept: StoredFiles, name: str | None, *, as_json: bool) -> None:
    names = [name] if name else sorted(kept.list())
    found = {one: changes if name else changes[-1:] for one in names if (changes := kept.versions(one))}
    if as_json:
        print_json([{"name": one, **msgspec.to_builtins(each)} for one, changes in found.items() for each in changes])
        return
    if not found:
        click.echo(f"There is no {name} in the store." if name else "No chat file is in the store.")
    for one, changes in found.items():
        for each in changes:
            what = "removed" if each.gone else "written"
            click.echo(f"{one}: version {each.version}, {what} {each.at:%Y-%m-%d %H:%M:%S} UTC by {each.by}")


def _name(file: Path) -> str:
    whole = file.absolute()
    return f"{whole.parent.name}/{whole.stem}"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        end(1, f"{file}: {(error.strerror or type(error).__name__).lower()}.")


VERBS = {"keep": keep}
