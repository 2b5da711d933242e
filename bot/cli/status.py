"""The verb `status`: the chats and places of the store, and of running rehearsals, for people and for scripts.

Times for people are in the chat's own zone, times for scripts in UTC.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.cli.main import JSON, read_settings
from bot.cli.status_overview import FEW, chat_state, overview
from bot.cli.target import Target, open_targets
from bot.cli.terminal import Verb, plain, print_json
from bot.cli.verbs import HELP
from bot.clock import clock_time
from bot.readable import readable_command
from bot.settings.afterwards import Retention
from bot.status import BotStatus, ChatStatus, PlacesReport, bot_status, chat_statuses, places_report, resolve_name
from bot.store.commands import CommandRow
from bot.wiring.retention_summary import stored_retention

_MAX_COMMAND = 120
"""Characters of a command that are printed."""

_IN_WORDS = {"posting": "posting, not hearing"}
"""States of a place whose name alone says too little."""


class _Report(NamedTuple):
    """The chats and places of one target, and what is deleted of its chats when."""

    target: Target
    bot: BotStatus
    chats: list[ChatStatus]
    places: PlacesReport
    retention: str


@click.command(cls=Verb, short_help=HELP["status"])
@click.argument("chat", required=False)
@click.option("--all", "every", is_flag=True, help="List all chats, in a line each.")
@JSON
@click.pass_context
def status(context: click.Context, chat: str | None, *, every: bool, as_json: bool) -> None:
    """Say what is live, what comes next, what became of each post, and what waits; of a rehearsal that is on, too.

    Of many chats only the live ones are shown with each post. Times are in the chat's own zone.

    Ends with 1 if neither a bot nor a rehearsal is running.
    """
    settings = read_settings(context, logs=False)
    with open_targets(settings) as targets:
        reports = [_report(target, settings.retention) for target in targets]
    if chat:
        name = resolve_name(chat, {one.chat.name for report in reports for one in report.chats})
        reports = [one._replace(chats=[each for each in one.chats if each.chat.name == name]) for one in reports]
    if as_json:
        print_json(_data(reports))
    else:
        _print(reports, Console(), every=every)
    if not any(one.bot.running or one.target.is_rehearsal for one in reports):
        sys.exit(1)


def _report(target: Target, retention: Retention) -> _Report:
    database, now = target.database, target.clock.now()
    kept = stored_retention(database, retention, now)
    return _Report(target, bot_status(database, now), chat_statuses(database), places_report(database, now), kept)


def _print(reports: list[_Report], console: Console, *, every: bool) -> None:
    for report in reports:
        if report.bot.told and not report.target.is_rehearsal:
            console.print(Text(f"{report.bot.told} `convenor run` starts one.", style="bold red"), soft_wrap=True)
        if report.bot.reading and report.bot.reading.told:
            console.print(Text(f"The bot is {report.bot.reading.told}."), soft_wrap=True)
    if not any(one.chats for one in reports):
        click.echo("No chat is in the store yet. `convenor run` puts them there.")
    for target, _, chats, places, retention in reports:
        now = target.clock.now()
        few = len(chats) <= FEW and not every
        for one in chats:
            if few or (chat_state(one.chat, now) == "live" and not one.state.cancelled):
                _print_chat(one, now, console, rehearsal=target.is_rehearsal)
        for line in () if few else overview(chats, now, every=every):
            console.print(Text(line), soft_wrap=True)
        _print_places(places, console, rehearsal=target.is_rehearsal)
        if chats and not target.is_rehearsal:
            console.print(Text(retention), soft_wrap=True)


def _print_chat(one: ChatStatus, now: datetime, console: Console, *, rehearsal: bool) -> None:
    """Print each post with its time, place and state, then what the host of a live chat needs to know."""
    chat, zone = one.chat, ZoneInfo(one.chat.timezone)
    prefix = f"Rehearsal, {clock_time(now.astimezone(zone), seconds=True)} by its clock: " if rehearsal else ""
    title = f"{prefix}{escape(chat.title)} ({escape(chat.name)}), {_full_state(one, now)}, times in {chat.timezone}"
    table = Table(title=title, title_justify="left")
    for heading in ("time", "post", "place", "state", "note"):
        table.add_column(heading)
    for row in one.posts:
        at = row.sent_at or row.next_at
        table.add_row(
            f"{at.astimezone(zone):%a %d %b} {clock_time(at.astimezone(zone), seconds=True)}",
            row.post.key,
            row.post.place,
            row.state,
            escape(row.error or ""),
        )
    console.print(table)
    for text in _notes(one, now):
        console.print(Text(text), soft_wrap=True)


def _full_state(one: ChatStatus, now: datetime) -> str:
    state = chat_state(one.chat, now)
    if one.state.cancelled:
        return "called off"
    return f"{state}, paused" if one.state.paused_at and state == "live" else state


def _notes(one: ChatStatus, now: datetime) -> Iterator[str]:
    """Pause, waiting messages and last commands; of a chat that is not live only the waiting messages."""
    zone, name = ZoneInfo(one.chat.timezone), one.chat.name
    live = chat_state(one.chat, now) == "live"
    if live and one.state.paused_at and not one.state.cancelled:
        since = one.state.paused_at.astimezone(zone)
        yield f"Paused since {clock_time(since, seconds=True)}: `convenor resume {name}` goes on."
    if one.waiting:
        wait = "1 message waits" if one.waiting == 1 else f"{one.waiting} messages wait"
        yield f"{wait} for a moderator: `convenor held {name}` lists them."
    for row in reversed(one.commands if live else ()):
        yield _command_line(row, zone)


def _command_line(row: CommandRow, zone: ZoneInfo) -> str:
    command = row.command
    text = plain(readable_command(command, zone.key), lines=False)
    shortened = text if len(text) <= _MAX_COMMAND else f"{text[:_MAX_COMMAND]}…"
    author = plain(command.author.shown, lines=False)
    undone = ", taken back" if row.undone else ""
    time = clock_time(command.at.astimezone(zone), seconds=True)
    return f"{time}  {author} ({command.place}): {shortened}  ({row.outcome}{undone})"


def _print_places(places: PlacesReport, console: Console, *, rehearsal: bool) -> None:
    """Print the state and cost of each place, then the concerns that need a person."""
    prefix = "Rehearsal, " if rehearsal else ""
    for one in places.statuses:
        cost = f", ${places.spent[one.place] / 1_000_000:.2f} this month" if one.place in places.spent else ""
        reason = f": {one.reason}" if one.reason else ""
        state = _IN_WORDS.get(one.state, one.state)
        line = f"{prefix}{one.place}: {state} since {one.since:%d %b %H:%M:%S} UTC{cost}{reason}"
        console.print(Text(line), soft_wrap=True)
    for concern in places.concerns:
        console.print(Text(f"{prefix}To see to, {concern.place}: {concern.text}", style="yellow"), soft_wrap=True)


def _data(reports: list[_Report]) -> dict[str, object]:
    """The output of `status --json`: chats, places and concerns of the store, then of each rehearsal; and the bot."""
    bot = next((one.bot for one in reports if not one.target.is_rehearsal), None)
    return {
        "chats": [_chat_data(one, report.target) for report in reports for one in report.chats],
        "places": [*chain.from_iterable(_places_data(one.places, one.target) for one in reports)],
        "concerns": [*chain.from_iterable(_concerns_data(one.places, one.target) for one in reports)],
        "bot": bot and {"running": bot.running, "seen": bot.seen, "unread": bot.reading.left if bot.reading else 0},
    }


def _chat_data(one: ChatStatus, target: Target) -> dict[str, object]:
    chat, state, now = one.chat, one.state, target.clock.now()
    return {
        "chat": chat.name,
        "title": chat.title,
        "state": chat_state(chat, now),
        "starts": chat.starts,
        "ends": chat.ends,
        "posts": [
            {
                "key": row.post.key,
                "place": row.post.place,
                "state": row.state,
                "at": row.sent_at or row.next_at,
                "error": row.error,
            }
            for row in one.posts
        ],
        "rehearsal": target.is_rehearsal,
        "now": now,
        "paused": state.paused_at is not None,
        "cancelled": state.cancelled,
        "waiting": one.waiting,
        "commands": [_command_data(row, one.chat.timezone) for row in one.commands],
    }


def _command_data(row: CommandRow, zone: str) -> dict[str, object]:
    command = row.command
    return {
        "at": command.at,
        "who": command.author.shown,
        "place": command.place,
        "text": readable_command(command, zone),
        "outcome": row.outcome,
        "receipt": row.receipt,
        "undone": row.undone,
    }


def _places_data(places: PlacesReport, target: Target) -> Iterator[dict[str, object]]:
    """The places, with their cost in US dollars."""
    for one in places.statuses:
        yield {
            "place": one.place,
            "state": one.state,
            "since": one.since,
            "reason": one.reason,
            "spent_this_month": places.spent.get(one.place, 0) / 1_000_000,
            "rehearsal": target.is_rehearsal,
        }


def _concerns_data(places: PlacesReport, target: Target) -> Iterator[dict[str, object]]:
    for one in places.concerns:
        yield {
            "place": one.place,
            "chat": one.chat,
            "at": one.at,
            "text": one.text,
            "rehearsal": target.is_rehearsal,
        }


VERBS = {"status": status}
