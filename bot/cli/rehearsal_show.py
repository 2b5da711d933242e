"""A rehearsal in the terminal: each event as it happens, above a clock. The verb `rehearse` begins it."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from bot.chat import Chat
from bot.cli.terminal import plain
from bot.clock import clock_time
from bot.messages import AnyEvent, Command, Deleted, Edited, Gap, Joined, Message, Posted
from bot.rehearsal.discovery import FOLDER_PREFIX
from bot.rehearsal.rehearsal import Rehearsal, rehearsing
from bot.rehearsal.script import Script
from bot.settings.settings import Settings

_HOST = "Host"
"""The name of the person who leads a rehearsal, where the chat names no host."""

_TICK = 0.1
"""Wall seconds between two movements of the clock."""


async def rehearse_chat(
    chat: Chat, script: Script, settings: Settings, *, speed: float, port: int, join: bool
) -> list[AnyEvent]:
    """Play a chat with these participants; its events. With `join` the room opens in a browser, too."""
    console = Console()
    # another terminal may be opening the store in the folder while it is removed
    with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX, ignore_cleanup_errors=True) as folder:
        async with rehearsing(chat, settings, speed=speed, port=port, folder=Path(folder)) as rehearsal:
            console.print(f"Rehearsing [bold]{escape(chat.title)}[/], {speed:g} times as fast as the real hour.")
            console.print(f"The room is at {rehearsal.address}, on this machine only.", highlight=False, soft_wrap=True)
            console.print(
                "Meanwhile, from another terminal: `convenor status`, or lead with `convenor next`.", soft_wrap=True
            )
            if join:
                await _open_room(rehearsal, console)
            await show(rehearsal, script, console)
            return [event for _, event in await rehearsal.events()]


async def _open_room(rehearsal: Rehearsal, console: Console) -> None:
    """Open the room in a browser, and print the private link to its controls."""
    hosts = rehearsal.chat.hosts
    link = await rehearsal.create_host_link(hosts[0].name if hosts else _HOST)
    console.print("Lead it at the next address; it is private and ends with the rehearsal.")
    console.print(link, highlight=False, markup=False, soft_wrap=True)
    click.launch(rehearsal.address)


async def show(rehearsal: Rehearsal, script: Script, console: Console) -> None:
    """Play a rehearsal and print each event as it happens, above a clock."""
    chat = rehearsal.chat
    columns = (TextColumn("{task.fields[clock]}"), BarColumn(bar_width=40), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        clock = progress.add_task(chat.title, total=chat.length.total_seconds(), clock="")
        watchers = [
            asyncio.create_task(_print_events(rehearsal, progress.console)),
            asyncio.create_task(_move_clock(rehearsal, progress, clock)),
        ]
        try:
            await rehearsal.play(script)
        finally:
            for watcher in watchers:
                watcher.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*watchers)


async def _print_events(rehearsal: Rehearsal, console: Console) -> None:
    zone = ZoneInfo(rehearsal.chat.timezone)
    names: dict[str, str] = {}
    async for event in rehearsal.watch():
        line = _event_line(event, names)
        if line:
            console.print(
                f"[dim]{clock_time(event.at.astimezone(zone), seconds=True)}[/]  {line}",
                soft_wrap=True,
                highlight=False,
            )


def _event_line(event: AnyEvent, names: dict[str, str]) -> str:  # noqa: PLR0911 -- a line for each class of event
    """An event in one line; empty if there is nothing to show."""
    match event:
        case Posted(key=key, text=text):
            return f"[bold green]posted[/]   [bold]{escape(text)}[/]  [dim]({key})[/]"
        case Message(author=author, text=text):
            names[event.id] = author.shown
            return f"[cyan]answer[/]   {escape(author.shown)}: {escape(text)}"
        case Edited(id=id, text=text):
            return f"[yellow]edited[/]   {escape(names.get(id, 'someone'))}: {escape(text)}"
        case Deleted(id=id):
            return f"[yellow]deleted[/]  {escape(names.get(id, 'someone'))} took a message back"
        case Joined(author=author):
            return f"[dim]joined   {escape(author.shown)}[/]"
        case Command(author=author, text=text, outcome=outcome):
            return (
                f"[magenta]command[/]  {escape(author.shown)}: {escape(plain(text, lines=False))}  [dim]({outcome})[/]"
            )
        case Gap():
            return "[red]gap[/]      nothing was heard for a while"
        case _:
            return ""


async def _move_clock(rehearsal: Rehearsal, progress: Progress, task: TaskID) -> None:
    chat, zone = rehearsal.chat, ZoneInfo(rehearsal.chat.timezone)
    while True:
        now = rehearsal.clock.now()
        elapsed = (now - chat.starts).total_seconds()
        progress.update(task, completed=max(0.0, elapsed), clock=clock_time(now.astimezone(zone), seconds=True))
        await asyncio.sleep(_TICK)
