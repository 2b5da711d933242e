"""The front door: the verbs, what they print, and how they end. 0 done, 1 the input has mistakes, 2 it could not run.

Each verb reads what it is given, lets a room do the work, and says what came of it. The work itself is not here.
"""

from __future__ import annotations

import asyncio
import io
import math
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
import msgspec
from rich.console import Console
from rich.markup import escape

from bot import archive, log, screen
from bot import doctor as diagnosis
from bot.authoring.check import as_json, as_text, checked
from bot.authoring.loader import REHEARSAL, find, load
from bot.authoring.schedules import Schedules
from bot.authoring.script import Script, load_script
from bot.chat import Chat
from bot.clock import WallClock
from bot.config import Settings, load_settings
from bot.ending import Verb, end, print_json
from bot.errors import InputError
from bot.listening import journal
from bot.messages import AnyEvent
from bot.places import RoomPlace
from bot.rehearsal import rehearsing
from bot.reporting.pages import Written, writable, write
from bot.store.database import Database
from bot.watch import watching
from bot.wiring import Convenor, address, traits

_FILE = click.Path(path_type=Path)
_CHAT = click.argument("file", type=_FILE)
_OUT = click.option("--out", type=_FILE, default=Path("out"), show_default=True, help="The folder to write to.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=_FILE, help="The settings file. Left out: CONVENOR_CONFIG, else config.toml here.")
@click.version_option(package_name="convenor")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Host scheduled chats: post each question when it is due, collect the answers, publish the transcript."""
    context.obj = config
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a title may have letters that this terminal has not
            stream.reconfigure(errors="backslashreplace")


def _settings(context: click.Context) -> Settings:
    """The settings. They are not what a verb is given, so where they have mistakes it could not run."""
    try:
        settings = load_settings(context.find_root().obj)
    except InputError as error:
        end(2, str(error))
    log.start(settings.log.level, settings.log.format)
    return settings


def _places(settings: Settings) -> Mapping[str, str]:
    return {name: place.platform for name, place in settings.places.items()}


def _chat(settings: Settings, file: Path) -> Chat:
    """The chat in a file; its mistakes end the verb, its doubts are shown."""
    loaded = load(file, places=_places(settings), root=settings.schedules)
    if loaded.chat is None:
        raise InputError(loaded.problems)
    for problem in loaded.problems:
        click.echo(str(problem), err=True)
    return loaded.chat


def _told(written: Written) -> None:
    figures = written.figures
    posts, people = figures.posts, figures.participants
    click.echo(f"{posts} post{'s' * (posts != 1)} by {people} participant{'s' * (people != 1)}.")
    click.echo(f"Transcript: {written.html}")
    click.echo(
        f"Also: {written.markdown.name}, {written.transcript.name}, {written.numbers.name}, {written.events.name}"
    )


@main.command(cls=Verb)
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.option("--json", "as_data", is_flag=True, help="Print JSON for a script.")
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], *, as_data: bool) -> None:
    """Say what would be posted where and when, and every mistake with its line."""
    settings = _settings(context)
    found = [checked(file, traits(settings), root=settings.schedules) for file in files]
    if as_data:
        print_json(as_json(found))
    else:
        as_text(found, Console())
    if not all(one.ok for one in found):
        sys.exit(1)


def _real(_context: click.Context, _option: click.Parameter, value: float) -> float:
    """`nan` is within every range."""
    if math.isnan(value):
        raise click.BadParameter("it must be a number.")
    return value


@main.command(cls=Verb)
@_CHAT
@click.option(
    "--speed",
    type=click.FloatRange(min=0.1, max=3600),
    default=60,
    show_default=True,
    callback=_real,
    help="How much faster.",
)
@_OUT
@click.option(
    "--open", "join", is_flag=True, help="Open the room on its usual port, so that you can join in a browser."
)
@click.option("--script", type=_FILE, help="The pretend participants. Left out: rehearsal.toml in the schedules.")
@click.pass_context
def rehearse(context: click.Context, file: Path, speed: float, out: Path, script: Path | None, *, join: bool) -> None:
    """Rehearse the whole hour in a minute. Nothing leaves this machine; all participants are pretend."""
    settings = _settings(context)
    log.start("error", settings.log.format)
    chat = _chat(settings, file)
    people = _people(script, settings)
    rooms = [place for place in settings.places.values() if isinstance(place, RoomPlace)]
    port = rooms[0].port if join and rooms else 0
    writable(out)
    events = asyncio.run(_rehearse(chat, people, settings, speed=speed, port=port, join=join))
    _told(write(out, chat, events))


def _people(script: Path | None, settings: Settings) -> Script:
    """The pretend participants: of the named script, else of the schedules' own where there is one."""
    usual = settings.schedules / REHEARSAL
    if script is None and not usual.exists():
        click.echo(f"There is no {usual}, so nobody answers: the questions are posted to an empty room.")
        return Script(people=(), lines=())
    return load_script(script or usual)


async def _rehearse(
    chat: Chat, people: Script, settings: Settings, *, speed: float, port: int, join: bool
) -> list[AnyEvent]:
    console = Console()
    with tempfile.TemporaryDirectory(prefix="convenor-") as folder:
        async with rehearsing(chat, settings, speed=speed, port=port, folder=Path(folder)) as rehearsal:
            console.print(f"Rehearsing [bold]{escape(chat.title)}[/], {speed:g} times as fast as the real hour.")
            console.print(f"The room is at {rehearsal.address}, on this machine only.", highlight=False)
            if join:
                click.launch(rehearsal.address)
            await screen.show(rehearsal, people, console)
            return [event for _, event in await rehearsal.events()]


@main.command(cls=Verb)
@click.pass_context
def run(context: click.Context) -> None:
    """Host every chat in the schedules, on every configured place, until told to stop."""
    settings = _settings(context)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    schedules = Schedules(settings.schedules, _places(settings))
    convenor = Convenor(settings, clock=WallClock(), programme=schedules)
    async with convenor.running():
        for name, platform in convenor.places.items():
            where, wrong = address(platform), convenor.presence.wrong(name)
            click.echo(f"{name}: not open. {wrong}" if wrong else f"{name}: open" + (f" at {where}" if where else ""))
        click.echo(f"Chat files in {settings.schedules}: {len(find(settings.schedules))}.")
        async with watching(settings.schedules, convenor.conductor.look_again):
            await stop.wait()
        click.echo("Stopping: what is under way is finished first.")


@main.command(cls=Verb)
@click.argument("chat", required=False)
@click.option("--json", "as_data", is_flag=True, help="Print JSON for a script.")
@click.pass_context
def status(context: click.Context, chat: str | None, *, as_data: bool) -> None:
    """Say what is live, what comes next, and what became of each post."""
    with _store(context) as database:
        now = WallClock().now()
        found = [archive.chat_named(database, chat)] if chat else archive.chats(database)
        rows = {one.name: archive.posts(database, one) for one in found}
        places = archive.places(database, now)
    if as_data:
        chats = [screen.standing_data(one, rows[one.name], now) for one in found]
        print_json({"chats": chats, **screen.places_data(places)})
        return
    if not found:
        click.echo("No chat is in the store yet. `convenor run` puts them there.")
    for one in found:
        screen.standing(one, rows[one.name], now, Console())
    screen.places(places, Console())


@main.command(cls=Verb)
@click.option("--json", "as_data", is_flag=True, help="Print JSON for a script.")
@click.pass_context
def doctor(context: click.Context, *, as_data: bool) -> None:
    """Say what is wrong with settings, accounts, permissions, clock and disk, and what to do. Nothing is posted."""
    found = diagnosis.examine(_settings(context), WallClock())
    if as_data:
        print_json(msgspec.to_builtins(found))
    else:
        diagnosis.as_text(found, Console())
    if any(one.level == "wrong" for one in found):
        sys.exit(1)


@main.command(cls=Verb)
@click.argument("chat")
@_OUT
@click.pass_context
def report(context: click.Context, chat: str, out: Path) -> None:
    """Write a chat's transcript and numbers from the store."""
    with _store(context) as database:
        found = archive.chat_named(database, chat)
        _told(write(out, found, archive.exported(database, found)))


@main.command(cls=Verb)
@click.argument("events", type=_FILE)
@click.option("--chat", "file", type=_FILE, required=True, help="The chat file.")
@_OUT
@click.pass_context
def replay(context: click.Context, events: Path, file: Path, out: Path) -> None:
    """Write a transcript and numbers from an event log alone."""
    chat = _chat(_settings(context), file)
    _told(write(out, chat, journal.read(events)))


@main.command(cls=Verb)
@click.argument("chat")
@click.pass_context
def export(context: click.Context, chat: str) -> None:
    """Print a chat's event log, as it was heard: more than is published, so keep it safe."""
    with _store(context) as database:
        found = archive.chat_named(database, chat)
        journal.write(archive.exported(database, found), sys.stdout.buffer)


@main.command(cls=Verb, name="import")
@click.argument("events", type=_FILE)
@click.option("--chat", "file", type=_FILE, required=True, help="The chat file.")
@click.pass_context
def import_(context: click.Context, events: Path, file: Path) -> None:
    """Put an event log into the store. What is there already stays as it is."""
    chat = _chat(_settings(context), file)
    heard = journal.read(events)
    with _store(context) as database:
        archive.imported(database, chat, heard)
    click.echo(f"{len(heard)} events of {chat.name} are in the store.")


@main.command(cls=Verb)
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
@click.option("--json", "as_data", is_flag=True, help="Print a JSON object for each line.")
def guard(file: TextIO, *, as_data: bool) -> None:
    """Say of each line of text whether it could tell who a patient is. Nothing is stored."""
    from bot.listening.guard import judged  # noqa: PLC0415 -- its libraries are large, and no other verb wants them

    for line in judged(file):
        click.echo(msgspec.json.encode(line) if as_data else screen.verdict(line))


@contextmanager
def _store(context: click.Context) -> Iterator[Database]:
    database = Database(_settings(context).store.url)
    try:
        yield database
    finally:
        database.close()
