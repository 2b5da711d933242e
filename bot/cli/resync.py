"""The verb `resync`: has the running bot compare a record with what the platforms still have, and says what changed."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

import click
import msgspec

from bot.chat import Chat
from bot.cli.main import JSON, read_settings
from bot.cli.target import open_store
from bot.cli.terminal import Verb, end, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.listening.resync_words import describe, mostly_gone
from bot.settings.settings import Settings
from bot.status import bot_status, find_chat
from bot.store import messages, resyncs
from bot.store.database import Database
from bot.store.resyncs import ResyncRow

_ROOM_ALONE = "{chat} is in the room alone, where what is deleted is gone at once: there is nobody to ask."

_POLL = 0.2
"""Wall seconds between two looks at how far it is."""

_PATIENCE = 60.0
"""Wall seconds after which a comparison should have begun."""


@click.command(cls=Verb, short_help=HELP["resync"])
@click.argument("chat")
@click.option("--yes", is_flag=True, help="Believe it if most of the chat is gone.")
@JSON
@click.pass_context
def resync(context: click.Context, chat: str, *, yes: bool, as_json: bool) -> None:
    """Compare a chat's record with what X and Discord still have: now, by the running bot.

    What was deleted there goes, edits read as they read now, and what is published follows. On X each look at a post
    costs money, within the caps. What a platform says nothing about stays.
    """
    settings = read_settings(context, logs=False)
    with open_store(settings) as database:
        found, now = find_chat(database, chat), WallClock().now()
        heard = database.read_sync(messages.message_places, found.name)
        places, unknown = _places(settings, found, heard), [one for one in heard if one not in settings.places]
        if not places:
            end(1, _not_asked(found.name, unknown) if unknown else _ROOM_ALONE.format(chat=found.name))
        if not bot_status(database, now).running:
            end(
                2, "No bot is running on this store: start `convenor run`, which has the connections, and say it again."
            )
        step = f"asked {secrets.token_hex(4)}"
        asked = [ResyncRow(chat=found.name, place=one, step=step, next_at=now, sure=yes) for one in places]
        database.write_sync(resyncs.plan, asked)
        rows = _wait(database, found.name, step, shows=sys.stderr.isatty() and not as_json)
    tell(rows, found.name, unknown, as_json=as_json)


def tell(rows: Sequence[ResyncRow], chat: str, unknown: Sequence[str], *, as_json: bool) -> NoReturn:
    """Print what the places said, and end the verb: with 2 if one of them was not asked."""
    answered = [one for one in rows if _has_answered(one)]
    if as_json:
        print_json([{"place": one.place, "state": one.state, **msgspec.to_builtins(one.tally)} for one in answered])
    else:
        for one in answered:
            click.echo(_told(one, chat))
        if unknown:
            click.echo(_not_asked(chat, unknown))
    if waiting := ", ".join(one.place for one in rows if one not in answered):
        end(2, f"{waiting} was not asked: is it connected? `convenor status` says so. The rest is withdrawn.")
    sys.exit(0 if all(one.state == "done" for one in rows) else 1)


def _not_asked(chat: str, unknown: Sequence[str]) -> str:
    """The note that places from which messages came can't be asked."""
    places = " and ".join(unknown)
    are = "are not places" if len(unknown) > 1 else "is not a place"
    return (
        f"{chat} has messages from {places}, which {are} in the settings: what is deleted there is not known. "
        "Set it up there again, and `convenor resync` asks it."
    )


def _places(settings: Settings, chat: Chat, heard: Sequence[str]) -> list[str]:
    """The places of a chat that can be asked: all but rooms, also those that are its places no more."""
    there = dict.fromkeys((*(chat.places or settings.places), *heard))
    return [one for one in there if one in settings.places and settings.places[one].platform != "room"]


def _wait(database: Database, chat: str, step: str, *, shows: bool) -> Sequence[ResyncRow]:
    """Wait until every place has answered, or failed once; if nothing happens any more, withdraw what is left."""
    until, told, before = time.monotonic() + _PATIENCE, "", list[ResyncRow]()
    while True:
        rows = database.read_sync(resyncs.of_chat, chat, step)
        until, before = (until if rows == before else time.monotonic() + _PATIENCE), rows
        if all(_has_answered(one) for one in rows):
            return rows
        if shows and (line := _progress(rows)) != told:
            click.echo(f"\r{line}\033[K", err=True, nl=False)
            told = line
        if time.monotonic() > until:
            database.write_sync(resyncs.withdraw, chat, step)
            return rows
        time.sleep(_POLL)


def _has_answered(row: ResyncRow) -> bool:
    return row.state in ("done", "failed", "doubtful") or row.attempts > 0


def _progress(rows: Sequence[ResyncRow]) -> str:
    return ", ".join(f"{one.place}: {one.tally.asked} of {one.tally.total} messages" for one in rows if one.position)


def _told(row: ResyncRow, chat: str) -> str:
    if row.state == "done":
        return describe(row.tally, row.place)
    if row.state == "doubtful":
        return mostly_gone(row.tally, row.place, chat)
    return f"{row.place} could not be asked: {row.tally.error} The running bot tries it again by itself."


VERBS = {"resync": resync}
