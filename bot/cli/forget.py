"""The verb `forget`: erases a person from the store and from all that was written of it, and gives a receipt.

A bot that runs on the store does it, so that its pages change at once; without one it is done here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import click
import msgspec

from bot.cli.chat_files import platforms
from bot.cli.main import JSON, read_settings
from bot.cli.target import open_store
from bot.cli.terminal import Verb, end, plain, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.erasure.holdings import Holdings, describe, holdings
from bot.erasure.people import FoundPerson, find_people
from bot.settings.settings import Settings
from bot.status import bot_status
from bot.store import author_history, erasures, person_rows
from bot.store.database import Database
from bot.store.erasures import ErasedPerson, Erasure, ErasureReceipt
from bot.store.message_rows import Ident

_POLL_SECONDS, _MAX_POLLS = 0.2, 300
"""Wall seconds between two looks at what a running bot has done, and their number."""

_LISTED = 20
"""People that are listed where several may be meant."""

_NOT_KNOWN = "Copies that people made, and sheets of `convenor cpd`, are not known here: look through yours yourself."


@click.command(cls=Verb, short_help=HELP["forget"])
@click.argument("person", nargs=-1)
@click.option("--yes", is_flag=True, help="Do not ask.")
@JSON
@click.pass_context
def forget(context: click.Context, person: tuple[str, ...], *, yes: bool, as_json: bool) -> None:
    """Erase a person from everything that is stored and published. It can't be undone.

    PERSON is a handle, an id or a name, also one they had earlier, with the place before it where that is needed:
    x/@kate, room/Kate. If several were called so, at different times too, they are listed. Several are
    erased at once if each is written like that. You are shown what would go before you are asked; with --json and
    without --yes only that is printed. Without PERSON a request that was interrupted is finished.
    """
    settings, now = read_settings(context), WallClock().now()
    with open_store(settings) as database:
        if not person:
            _finish_all(settings, database, now, as_json=as_json)
            return
        found = _those_meant(_wanted(person), database, platforms(settings), as_json=as_json)
        if not yes:
            _look({one: database.read_sync(holdings, one.accounts) for one in found}, as_json=as_json)
        asked = [
            database.write_sync(erasures.request, ErasedPerson(accounts=one.accounts), WallClock().now())
            for one in found
        ]
        _print(_finish(settings, database, asked, now), as_json=as_json)


def _wanted(words: Sequence[str]) -> list[str]:
    """The people named: each word by itself if each has a place or @ before it, else all words are one name."""
    each = all("/" in word or word.startswith("@") for word in words)
    return list(dict.fromkeys(words)) if each else [" ".join(words)]


def _those_meant(
    wanted: Sequence[str], database: Database, platforms: Mapping[str, str], *, as_json: bool
) -> list[FoundPerson]:
    """Those who are meant. Ends the verb with 1 if one of them is nobody, or may be several; then nobody is erased."""
    known = database.read_sync(person_rows.accounts)

    def earlier(called: str, field: Literal["handle", "name"]) -> Mapping[Ident, datetime]:
        return database.read_sync(author_history.who_was_called, called, field)

    return list(
        dict.fromkeys(_the_one(one, find_people(one, known, platforms, earlier), as_json=as_json) for one in wanted)
    )


def _the_one(wanted: str, found: list[FoundPerson], *, as_json: bool) -> FoundPerson:
    """The one person who is meant. Ends the verb with 1 if that is nobody, or may be several."""
    if len(found) == 1:
        return found[0]
    listed = found[:_LISTED]
    if as_json:
        print_json({"found": [{"person": one.reference, "shown": one.shown} for one in listed]})
    if not found:
        name = plain(wanted, lines=False)
        end(1, f"Nobody called {name} is in the store. Write it like x/@kate, x/123 or room/Kate.")
    lines = [f"  {one.reference}  {plain(one.shown, lines=False)}" for one in listed]
    name = plain(wanted, lines=False)
    return end(1, "\n".join([f"{name} may be any of these; name one by what stands first:", *lines]))


def _look(found: Mapping[FoundPerson, Holdings], *, as_json: bool) -> None:
    """Show what would go, and ask. Ends the verb unless a person says yes."""
    if as_json:
        looks = [
            {"person": one.reference, "shown": one.shown, "held": held, "done": False} for one, held in found.items()
        ]
        print_json(looks[0] if len(looks) == 1 else looks)
        raise click.exceptions.Exit
    for one, held in found.items():
        click.echo(plain(f"{one.shown}\n{describe(held)}"))
    if not sys.stdin.isatty():
        end(1, "Add --yes to erase all of that, for good. Nothing is done yet.")
    if not click.confirm("Erase all of that, for good? It can't be undone.", err=True):
        end(1, "Nothing is done.")


def _finish_all(settings: Settings, database: Database, now: datetime, *, as_json: bool) -> None:
    """Finish what was begun."""
    waiting = database.read_sync(erasures.unfinished)
    if not waiting and not as_json:
        click.echo("Name a person: convenor forget x/@kate. Nothing that was begun is unfinished.")
    if waiting:
        _print(_finish(settings, database, [one.id for one in waiting], now), as_json=as_json)


def _finish(settings: Settings, database: Database, ids: Sequence[str], now: datetime) -> list[Erasure]:
    """Have a running bot do it, or do it here. Ends the verb with 2 if it isn't done in time: the bot then goes on."""
    if not bot_status(database, now).running:
        from bot.erasure.eraser import Eraser  # noqa: PLC0415 -- a running bot does it, and a look needs no pages
        from bot.wiring.outputs import outside  # noqa: PLC0415 -- as above

        around = outside(settings, database, WallClock().now)
        eraser = Eraser(database, around, platforms=platforms(settings), worker=database.process)
        found = eraser.work(ids, WallClock().now, waiting=False, whole=True)
    else:
        found = _watch(database, ids)
    if begun := [id for id in ids if id not in found or found[id].stage == "asked"]:
        end(
            2,
            f"It is begun and not done yet: request {', '.join(begun)}. If what was at work on it was killed, wait "
            "30 s: `convenor forget` without a person then goes on with it.",
        )
    return [found[id] for id in ids]


def _watch(database: Database, ids: Sequence[str]) -> dict[str, Erasure]:
    """Wait for the bot, at least until nothing of these people is stored or published any more."""
    found = dict[str, Erasure]()
    for _ in range(_MAX_POLLS * len(ids)):
        read = [database.read_sync(erasures.find_erasure, id) for id in ids]
        found = {one.id: one for one in read if one is not None}
        if all(one.stage in {"rewritten", "done"} for one in found.values()):
            return found
        time.sleep(_POLL_SECONDS)
    return found


def _print(done: Sequence[Erasure], *, as_json: bool) -> None:
    if as_json:
        receipts = [
            {"id": one.id, "asked": one.asked, "done": one.stage == "done", **msgspec.to_builtins(one.receipt)}
            for one in done
        ]
        print_json(receipts[0] if len(receipts) == 1 else receipts)
        return
    for line in receipt_lines(done):
        click.echo(line)


def receipt_lines(done: Sequence[Erasure]) -> list[str]:
    """The receipt: what was erased, for each person, then for all of them what was rewritten and what is left."""
    lines = [_counts(one.receipt) for one in done]
    for title, paths in (
        ("Written again", [one.receipt.folders for one in done]),
        ("Backups that still have them; delete these", [one.receipt.backups for one in done]),
        ("Still naming them, for you to change by hand", [one.receipt.left for one in done]),
    ):
        lines += [f"{title}: {path}" for path in sorted({path for some in paths for path in some})]
    lines.append(_NOT_KNOWN)
    if any(one.stage != "done" for one in done):
        lines.append("The last traces leave the disk when no chat is on: the running bot sees to it.")
    receipts = ", ".join(f"{one.id} (asked on {one.asked:%d %b %Y at %H:%M} UTC)" for one in done)
    return [*lines, f"Receipt {receipts}. It names nobody: keep it."]


def _counts(receipt: ErasureReceipt) -> str:
    return (
        f"Erased: {receipt.messages} messages, {receipt.events} entries of the event log and {receipt.rows} other "
        f"rows, in {len(receipt.chats)} chats. {receipt.mentions} messages of others have a mark in their place."
    )


VERBS = {"forget": forget}
