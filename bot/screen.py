"""What people see in the terminal: a rehearsal as it goes, and how things stand. Decides and writes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from bot import budget
from bot.archive import Standing
from bot.authoring.script import Script
from bot.chat import Chat
from bot.messages import AnyEvent, Deleted, Edited, Gap, Joined, Message, Posted
from bot.rehearsal import Rehearsal
from bot.store.progress import Line

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


def standing(chat: Chat, lines: Sequence[Line], now: datetime, console: Console) -> None:
    """How a chat stands: each post, when, where, and what became of it."""
    zone = ZoneInfo(chat.timezone)
    table = Table(title=f"{chat.title} ({chat.name}), {_when(chat, now)}", title_justify="left")
    for heading in ("time", "post", "place", "state", "note"):
        table.add_column(heading)
    for line in lines:
        at = line.sent_at or line.next_at
        table.add_row(
            f"{at.astimezone(zone):%a %d %b %H:%M:%S}",
            line.post.key,
            line.post.place,
            line.state,
            escape(line.error or ""),
        )
    console.print(table)


def _when(chat: Chat, now: datetime) -> str:
    if now < chat.starts:
        return "coming"
    return "live" if now < chat.ends else "over"


def standing_data(chat: Chat, lines: Sequence[Line], now: datetime) -> dict[str, object]:
    """The same for a script: times in UTC."""
    return {
        "chat": chat.name,
        "title": chat.title,
        "state": _when(chat, now),
        "starts": chat.starts,
        "ends": chat.ends,
        "posts": [
            {
                "key": line.post.key,
                "place": line.post.place,
                "state": line.state,
                "at": line.sent_at or line.next_at,
                "error": line.error,
            }
            for line in lines
        ],
    }


def places(standing: Standing, console: Console) -> None:
    """How each place is, what it cost, and what somebody has to see to."""
    for one in standing.conditions:
        cost = f", {budget.dollars(standing.spent[one.place])} this month" if one.place in standing.spent else ""
        why = f": {one.reason}" if one.reason else ""
        console.print(Text(f"{one.place}: {one.state} since {one.since:%d %b %H:%M:%S} UTC{cost}{why}"), soft_wrap=True)
    for told in standing.concerns:
        console.print(Text(f"To see to, {told.place}: {told.text}", style="yellow"), soft_wrap=True)


def places_data(standing: Standing) -> dict[str, object]:
    """The same for a script: times in UTC, money in US dollars."""
    return {
        "places": [
            {
                "place": one.place,
                "state": one.state,
                "since": one.since,
                "reason": one.reason,
                "spent_this_month": standing.spent.get(one.place, 0) / 1_000_000,
            }
            for one in standing.conditions
        ],
        "concerns": [
            {"place": one.place, "chat": one.chat, "at": one.at, "text": one.text} for one in standing.concerns
        ],
    }


def verdict(line: Mapping[str, Any]) -> str:
    """What the guard said of a text, in one line."""
    why = ", ".join(
        f"{one['kind'].replace('_', ' ')} in characters {one['start'] + 1} to {one['end']}" for one in line["reasons"]
    )
    return f"{line['verdict']}  {line['text']}" + (f"  ({why})" if why else "")
