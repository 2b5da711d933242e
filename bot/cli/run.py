"""During a chat: hosting it, and how it stands."""

from __future__ import annotations

import asyncio
import signal
from itertools import chain

import click
from rich.console import Console

from bot.authoring.loader import find
from bot.authoring.schedules import Schedules
from bot.cli import output
from bot.cli.main import JSON, platforms, settings_of
from bot.cli.target import Target, stages
from bot.cli.terminal import Verb, print_json
from bot.clock import WallClock
from bot.file_watch import watching
from bot.settings.settings import Settings
from bot.status import ChatStatus, PlacesReport, chat_statuses, places_report, resolve_name
from bot.wiring import Convenor, address


@click.command(cls=Verb, short_help="Host every chat in the schedules.")
@click.pass_context
def run(context: click.Context) -> None:
    """Host every chat in the schedules, on every configured place, until told to stop."""
    settings = settings_of(context)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    schedules = Schedules(settings.schedules, platforms(settings))
    convenor = Convenor(settings, clock=WallClock(), programme=schedules)
    async with convenor.running():
        for name, platform in convenor.places.items():
            where, problem = address(platform), convenor.monitor.problem(name)
            click.echo(
                f"{name}: not open. {problem}" if problem else f"{name}: open" + (f" at {where}" if where else "")
            )
        click.echo(f"Chat files in {settings.schedules}: {len(find(settings.schedules))}.")
        async with watching(settings.schedules, convenor.scheduler.reload):
            await stop.wait()
        click.echo("Stopping: what is under way is finished first.")


@click.command(cls=Verb, short_help="Say what is live, what comes next, what waits.")
@click.argument("chat", required=False)
@JSON
@click.pass_context
def status(context: click.Context, chat: str | None, *, as_data: bool) -> None:
    """Say what is live, what comes next, what became of each post, and what waits; of a rehearsal that is on, too."""
    with stages(settings_of(context)) as found:
        seen = [_seen(stage) for stage in found]
    if chat:
        wanted = resolve_name(chat, {one.chat.name for _, stands, _ in seen for one in stands})
        seen = [(stage, [one for one in stands if one.chat.name == wanted], rest) for stage, stands, rest in seen]
    if as_data:
        print_json(_data(seen))
    else:
        _shown(seen, Console())


_Seen = tuple[Target, list[ChatStatus], PlacesReport]


def _seen(stage: Target) -> _Seen:
    return stage, chat_statuses(stage.database), places_report(stage.database, stage.clock.now())


def _data(seen: list[_Seen]) -> dict[str, object]:
    """The chats of the store, then of a rehearsal; each says which."""
    chats = [
        output.standing_data(one, stage.clock.now(), rehearsal=stage.rehearsed)
        for stage, stands, _ in seen
        for one in stands
    ]
    places = (output.places_data(rest, rehearsal=stage.rehearsed) for stage, _, rest in seen)
    concerns = (output.concerns_data(rest, rehearsal=stage.rehearsed) for stage, _, rest in seen)
    return {"chats": chats, "places": [*chain(*places)], "concerns": [*chain(*concerns)]}


def _shown(seen: list[_Seen], console: Console) -> None:
    if not any(stands for _, stands, _ in seen):
        click.echo("No chat is in the store yet. `convenor run` puts them there.")
    for stage, stands, rest in seen:
        for one in stands:
            output.standing(one, stage.clock.now(), console, rehearsal=stage.rehearsed)
        output.places(rest, console, rehearsal=stage.rehearsed)
