"""A rehearsal as it goes, in the terminal: posts, answers, commands and a clock."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from bot.cli.output.text import plain
from bot.messages import AnyEvent, Command, Deleted, Edited, Gap, Joined, Message, Posted
from bot.rehearsal import Rehearsal
from bot.rehearsal.script import Script

_TICK = 0.1
"""Wall seconds between two movements of the clock."""


async def show(rehearsal: Rehearsal, script: Script, console: Console) -> None:
    """Play a rehearsal and show it: posts as they go out, answers as they come in, and a clock."""
    chat = rehearsal.chat
    columns = (TextColumn("{task.fields[clock]}"), BarColumn(bar_width=40), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        clock = progress.add_task(chat.title, total=chat.length.total_seconds(), clock="")
        watchers = [
            asyncio.create_task(_tell(rehearsal, progress.console)),
            asyncio.create_task(_tick(rehearsal, progress, clock)),
        ]
        try:
            await rehearsal.play(script)
        finally:
            for watcher in watchers:
                watcher.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*watchers)


async def _tell(rehearsal: Rehearsal, console: Console) -> None:
    zone = ZoneInfo(rehearsal.chat.timezone)
    names: dict[str, str] = {}
    async for event in rehearsal.watch():
        line = _line(event, names)
        if line:
            console.print(f"[dim]{event.at.astimezone(zone):%H:%M:%S}[/]  {line}", soft_wrap=True, highlight=False)


def _line(event: AnyEvent, names: dict[str, str]) -> str:  # noqa: PLR0911 -- a line for each kind of event
    """One event in one line; empty where there is nothing to see."""
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


async def _tick(rehearsal: Rehearsal, progress: Progress, task: TaskID) -> None:
    chat, zone = rehearsal.chat, ZoneInfo(rehearsal.chat.timezone)
    while True:
        now = rehearsal.clock.now()
        gone = (now - chat.starts).total_seconds()
        progress.update(task, completed=max(0.0, gone), clock=f"{now.astimezone(zone):%H:%M:%S}")
        await asyncio.sleep(_TICK)
