"""The live commands as verbs, made from the table of all commands, and handed to the process that hosts the chat.

A command waits in the store until that process has answered it. Queries (`held`, `log`) are answered here. The meaning
of commands is not known here.
"""

from __future__ import annotations

import getpass
import secrets
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import Any

import click

from bot.cli.main import JSON, read_settings, rehearsal_or_real
from bot.cli.target import ChatTarget, Target, chat_targets, choose_chat, open_targets
from bot.cli.terminal import Verb, end, plain, print_json
from bot.cli.verbs import LIVE
from bot.commands.grammar import parser
from bot.commands.grammar.command_types import Log, Misunderstood
from bot.commands.grammar.moderation_types import Held
from bot.messages import Author, Command, Role
from bot.ports.commands import CommandInfo
from bot.status import resolve_name
from bot.store import commands
from bot.store.commands import CommandRow

PLACE = "shell"
"""The place of these commands in the event log."""

_DEFAULT_CHAT = (
    "CHAT may be left out while one chat is live; failing that, where only one begins within a day. A rehearsal that "
    "is on counts as live."
)

_POLL_SECONDS = 0.1
"""Wall seconds between two checks for the answer."""

_MAX_POLLS = 100

_MAX_NAME = 100
"""Characters of a user's name."""

_REHEARSAL_OR_REAL = rehearsal_or_real("whichever is live")
_YES = click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")


def _verb(info: CommandInfo) -> click.Command:
    @click.pass_context
    def run(context: click.Context, /, words: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401 -- click's
        _run(context, info, words, **options)

    usage = " ".join(["[CHAT]", *(one.usage for one in info.takes)])
    for option in (JSON, _REHEARSAL_OR_REAL, *([_YES] if info.confirm else [])):
        run = option(run)
    words = click.Argument(["words"], nargs=-1, metavar=usage)
    help_ = f"{info.help}\n\n{_DEFAULT_CHAT}{_example(info)}"
    verb = Verb(info.slug, callback=run, help=help_, short_help=info.help)
    verb.params = [words, *reversed(getattr(run, "__click_params__", []))]
    return verb


def _example(info: CommandInfo) -> str:
    rest = info.example.removeprefix(info.name).strip()
    return f"\n\nFor example: convenor {info.slug} {_quoted(rest) if info.takes_text else rest}" if rest else ""


def _quoted(rest: str) -> str:
    """The arguments of a command, with the text in quotes for a shell."""
    first, _, text = rest.partition(" ")
    return f'{first} "{text}"' if first[1:].isdigit() else f'"{rest}"'


def _run(
    context: click.Context,
    info: CommandInfo,
    words: tuple[str, ...],
    *,
    as_json: bool,
    rehearsal: bool | None,
    yes: bool = False,
) -> None:
    """Find the chat, parse the command, ask for confirmation where needed, submit it, and print the answer."""
    settings = read_settings(context, logs=False)
    if any("\ud800" <= one <= "\udfff" for word in words for one in word):
        end(1, "That is no text in the alphabet of this terminal; nothing is done.")
    with open_targets(settings, rehearsal=rehearsal) as targets:
        known = chat_targets(targets)
        names = {one.name for one in known}
        wanted, line = split_words(info, words, names, settings.places)
        command = parser.parse(line, places=settings.places)
        if isinstance(command, Misunderstood):
            _print_answer(as_json=as_json, outcome="misread", receipt=command.hint, chat=wanted)
        chat = choose_chat(known, resolve_name(wanted, names) if wanted else None, info.slug)
        if info.confirm and not getattr(command, "sure", True):
            _confirm(info, chat, yes=yes)
            line = f"{line} yes"
        prefix = "Rehearsal: " if chat.target.is_rehearsal and not as_json else ""
        if isinstance(command, Held | Log):
            answer = answer_query(chat.target, chat.name, line, command)
            _print_answer(as_json=as_json, outcome="done", receipt=f"{prefix}{answer}", chat=chat.name)
        row = submit(chat.target, chat.name, line)
        receipt = f"{prefix}{row.receipt or ''}{'' if as_json else _way_back(row)}"
        _print_answer(as_json=as_json, outcome=row.outcome, receipt=receipt, chat=chat.name)


def _way_back(row: CommandRow) -> str:
    """How to take a change back, below its receipt."""
    return "\nTo take that back: convenor undo" if row.change and row.outcome == "done" else ""


def _print_answer(*, as_json: bool, outcome: str | None, receipt: str, chat: str | None) -> None:
    """Print the answer and end the verb: with 0 if the command was done, else with 1."""
    if as_json:
        print_json({"outcome": outcome, "receipt": receipt, "chat": chat})
    else:
        click.echo(plain(receipt))
    sys.exit(0 if outcome == "done" else 1)


def _confirm(info: CommandInfo, chat: ChatTarget, *, yes: bool) -> None:
    """Ask for confirmation in a terminal. Without it the verb ends with 1, and nothing is done."""
    if yes:
        return
    if not sys.stdin.isatty():
        end(1, f"{info.help} That is to be confirmed: add --yes. Nothing is done yet.")
    try:
        click.confirm(f"{info.help} This is for {chat.shown}. Are you sure?", abort=True, err=True)
    except click.Abort:
        end(1, "Nothing is done.")


def split_words(
    info: CommandInfo, words: tuple[str, ...], names: Collection[str], places: Collection[str]
) -> tuple[str | None, str]:
    """The chat that the first word names, if it does, and the command line without it.

    The first word names a chat if it is one's name; if it begins like one (`otalk/…`); or if the command can be parsed
    only without it. `x/123` is a message if `x` is a place.
    """
    whole = _line(info, words, places)
    if not words:
        return None, whole
    first, rest = words[0], _line(info, words[1:], places)
    if first in names or (_in_known_folder(first, names) and first.partition("/")[0] not in places):
        return first, rest
    maybe_chat = ("/" in first and not info.takes_text) or any(first in name for name in names)
    if maybe_chat and not _can_parse(whole, places) and _can_parse(rest, places):
        return first, rest
    return None, whole


def _line(info: CommandInfo, words: tuple[str, ...], places: Collection[str]) -> str:
    """The command line. A person's name gets the quotes back that the shell has taken off it."""
    if not words or not any(one.kind == "person" for one in info.takes):
        return " ".join([info.name, *words])
    line = " ".join([info.name, *(f'"{word}"' if " " in word and '"' not in word else word for word in words)])
    quoted = " ".join([info.name, f'"{words[0]}"', *words[1:]])
    return quoted if not _can_parse(line, places) and _can_parse(quoted, places) else line


def _in_known_folder(word: str, names: Collection[str]) -> bool:
    """Whether a word begins with the folder of a known chat."""
    folder, slash, _ = word.partition("/")
    return bool(slash) and len(word.split()) == 1 and any(name.startswith(f"{folder}/") for name in names)


def _can_parse(line: str, places: Collection[str]) -> bool:
    return not isinstance(parser.parse(line, places=places), Misunderstood)


def answer_query(target: Target, chat: str, line: str, query: Held | Log) -> str:
    """The answer to a query, read from the store: no process has to be hosting, and nothing is written."""
    from bot.commands import execution  # noqa: PLC0415 -- the handlers take half of the time of a short verb
    from bot.commands.context import CommandEnvironment, ResolvedCommand  # noqa: PLC0415 -- as above

    command, environment = _command(target, chat, line), CommandEnvironment(places={}, slack=timedelta(0), role=_admin)
    resolved = ResolvedCommand(command=command, parsed=query, role="admin")
    return target.database.read_sync(execution.look_up, environment, resolved, command.at)


def submit(target: Target, chat: str, line: str) -> CommandRow:
    """Store a command and wait for its answer. If no process takes it, withdraw it and end the verb with 2."""
    command = _command(target, chat, line)
    target.database.write_sync(commands.enqueue, [command])
    with suppress(KeyboardInterrupt):
        for _ in range(_MAX_POLLS):
            found = target.database.read_sync(commands.find, PLACE, command.id)
            if found and found.outcome:
                return found
            time.sleep(_POLL_SECONDS)
    withdrawn = target.database.write_sync(commands.withdraw, PLACE, command.id)
    found = target.database.read_sync(commands.find, PLACE, command.id)
    if withdrawn or found is None:
        remedy = "is the rehearsal still on?" if target.is_rehearsal else "is `convenor run` running on this store?"
        end(2, f"Nobody carried it out: {remedy} The command is withdrawn.")
    return found


def _command(target: Target, chat: str, line: str) -> Command:
    now = target.clock.now()
    return Command(place=PLACE, id=secrets.token_hex(8), author=_user(), text=line, chat=chat, role="admin", at=now)


def _admin(*_: object) -> Role:
    """A person who can write to the store may do everything."""
    return "admin"


def _user() -> Author:
    """The user of the operating system."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may have no name for its user
        name = ""
    shown = "".join(one for one in name if one.isprintable())[:_MAX_NAME].strip() or "somebody"
    return Author(id=shown, name=shown)


VERBS = {slug: _verb(info) for slug, info in LIVE.items()}
