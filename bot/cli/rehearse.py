"""Before a chat: its file is checked, the hour is rehearsed, the set-up is looked over."""

from __future__ import annotations

import asyncio
import math
import sys
import tempfile
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape

from bot import doctor as diagnosis
from bot import log
from bot.authoring.check import as_json, as_text, checked
from bot.authoring.loader import REHEARSAL
from bot.chat import Chat
from bot.cli import output
from bot.cli.main import FILE, JSON, OUT, chat_in, settings_of, told
from bot.cli.terminal import Verb, print_json
from bot.clock import WallClock
from bot.messages import AnyEvent
from bot.rehearsal import PREFIX, Rehearsal, rehearsing
from bot.rehearsal.script import Script, load_script
from bot.reporting.files import writable, write
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.wiring import traits

_NOBODY = "Host"
"""What whoever leads a rehearsal is called where the chat names no host."""


@click.command(cls=Verb, short_help="Say what would be posted, and every mistake.")
@click.argument("files", type=FILE, nargs=-1, required=True)
@JSON
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], *, as_data: bool) -> None:
    """Say what would be posted where and when, and every mistake with its line."""
    settings = settings_of(context)
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


@click.command(cls=Verb, short_help="Rehearse the whole hour in a minute, with pretend people.")
@click.argument("file", type=FILE)
@click.option(
    "--speed",
    type=click.FloatRange(min=0.1, max=3600),
    default=60,
    show_default=True,
    callback=_real,
    help="How much faster.",
)
@OUT
@click.option(
    "--open", "join", is_flag=True, help="Open the room on its usual port, so that you can join in a browser, and lead."
)
@click.option("--script", type=FILE, help="The pretend participants. Left out: rehearsal.toml in the schedules.")
@click.pass_context
def rehearse(context: click.Context, file: Path, speed: float, out: Path, script: Path | None, *, join: bool) -> None:
    """Rehearse the whole hour in a minute. Nothing leaves this machine; all participants are pretend."""
    settings = settings_of(context)
    log.start("error", settings.log.format)
    chat = chat_in(settings, file)
    people = _people(script, settings)
    rooms = [place for place in settings.places.values() if isinstance(place, RoomPlace)]
    port = rooms[0].port if join and rooms else 0
    writable(out)
    events = asyncio.run(_rehearse(chat, people, settings, speed=speed, port=port, join=join))
    told(write(out, chat, events))


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
    # who looks on from another terminal may just be opening the store in the folder
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        async with rehearsing(chat, settings, speed=speed, port=port, folder=Path(folder)) as rehearsal:
            console.print(f"Rehearsing [bold]{escape(chat.title)}[/], {speed:g} times as fast as the real hour.")
            console.print(f"The room is at {rehearsal.address}, on this machine only.", highlight=False, soft_wrap=True)
            console.print(
                "Meanwhile, from another terminal: `convenor status`, or lead with `convenor next`.", soft_wrap=True
            )
            if join:
                await _open(rehearsal, console)
            await output.show(rehearsal, people, console)
            return [event for _, event in await rehearsal.events()]


async def _open(rehearsal: Rehearsal, console: Console) -> None:
    """Open the room in a browser, and say where its controls are."""
    hosts = rehearsal.chat.hosts
    door = await rehearsal.invite(hosts[0].name if hosts else _NOBODY)
    console.print("Lead it at the next address; it is private and ends with the rehearsal.")
    console.print(door, highlight=False, markup=False, soft_wrap=True)
    click.launch(rehearsal.address)


@click.command(cls=Verb, short_help="Say what is wrong with the set-up, and what to do.")
@JSON
@click.pass_context
def doctor(context: click.Context, *, as_data: bool) -> None:
    """Say what is wrong with settings, accounts, permissions, clock and disk, and what to do. Nothing is posted."""
    found = diagnosis.diagnose(settings_of(context), WallClock())
    if as_data:
        print_json(msgspec.to_builtins(found))
    else:
        diagnosis.as_text(found, Console())
    if any(one.level == "wrong" for one in found):
        sys.exit(1)
