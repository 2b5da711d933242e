"""The live commands as verbs, made from the table of all commands. What they mean is not known here."""

from __future__ import annotations

import sys
from collections.abc import Collection, Container, Mapping
from typing import Any

import click

from bot.cli import output
from bot.cli.main import JSON, rehearsal_or_real, settings_of
from bot.cli.submit import asked, handed
from bot.cli.target import ChatTarget, aimed, aims, stages
from bot.cli.terminal import Verb, end, print_json
from bot.commands.grammar import parser
from bot.commands.grammar.catalogue import BY_WORD, COMMANDS
from bot.commands.grammar.command_types import Held, Log, Misunderstood
from bot.ports.commands import CommandInfo, Group
from bot.status import resolve_name

_HELP = "help"

_CHAPTERS: Mapping[Group, str] = {
    "timing": "Live: the time",
    "content": "Live: what is said",
    "people": "Live: people and messages",
    "queue": "Live: what waits for a moderator",
    "about": "Live: besides",
}

_WHICH = (
    "CHAT may be left out while one chat is live; failing that, where only one begins within a day. A rehearsal that "
    "is on counts as live."
)

SHORT = {word: spec.slug for word, spec in BY_WORD.items() if spec.name not in {_HELP, word} and word != spec.slug}
"""The short forms of the commands."""

_WHICHEVER = rehearsal_or_real("whichever is live")
_YES = click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")


def verbs(besides: Container[str]) -> dict[str, list[click.Command]]:
    """A verb for each command that is not a verb already, by chapter."""
    found: dict[str, list[click.Command]] = {}
    for spec in COMMANDS:
        if spec.slug not in besides and spec.name != _HELP:
            found.setdefault(_CHAPTERS[spec.group], []).append(_verb(spec))
    return found


def _verb(spec: CommandInfo) -> click.Command:
    @click.pass_context
    def run(context: click.Context, /, words: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401 -- click's
        _run(context, spec, words, **options)

    usage = " ".join(["[CHAT]", *(one.usage for one in spec.takes)])
    for option in (JSON, _WHICHEVER, *([_YES] if spec.confirm else [])):
        run = option(run)
    words = click.Argument(["words"], nargs=-1, metavar=usage)
    verb = Verb(spec.slug, callback=run, help=f"{spec.help}\n\n{_WHICH}{_example(spec)}", short_help=spec.help)
    verb.params = [words, *reversed(getattr(run, "__click_params__", []))]
    return verb


def _example(spec: CommandInfo) -> str:
    rest = spec.example.removeprefix(spec.name).strip()
    return f"\n\nFor example: convenor {spec.slug} {_quoted(rest) if spec.takes_text else rest}" if rest else ""


def _quoted(rest: str) -> str:
    """With its text in quotes, as a shell wants it."""
    first, _, text = rest.partition(" ")
    return f'{first} "{text}"' if first[1:].isdigit() else f'"{rest}"'


def _run(
    context: click.Context,
    spec: CommandInfo,
    words: tuple[str, ...],
    *,
    as_data: bool,
    rehearsal: bool | None,
    yes: bool = False,
) -> None:
    """Find the chat, read the words, ask if it hurts, hand it over, and say what came of it."""
    settings = settings_of(context)
    if any("\ud800" <= one <= "\udfff" for word in words for one in word):
        end(1, "That is no text in the alphabet of this terminal; nothing is done.")
    with stages(settings, rehearsal=rehearsal) as found:
        known = [one for stage in found for one in aims(stage)]
        names = {one.name for one in known}
        wanted, line = divided(spec, words, names, settings.places)
        order = parser.parse(line, places=settings.places)
        if isinstance(order, Misunderstood):
            _end(as_data=as_data, outcome="misread", receipt=order.hint, chat=wanted)
        aim = aimed(known, resolve_name(wanted, names) if wanted else None, spec.slug)
        if spec.confirm and not getattr(order, "sure", True):
            _ask(spec, aim, yes=yes)
            line = f"{line} yes"
        begin = "Rehearsal: " if aim.stage.rehearsed and not as_data else ""
        if isinstance(order, Held | Log):
            told = asked(aim.stage, aim.name, line, order)
            _end(as_data=as_data, outcome="done", receipt=f"{begin}{told}", chat=aim.name)
        done = handed(aim.stage, aim.name, line)
        _end(as_data=as_data, outcome=done.outcome, receipt=f"{begin}{done.receipt or ''}", chat=aim.name)


def _end(*, as_data: bool, outcome: str | None, receipt: str, chat: str | None) -> None:
    """Say what came of it; 0 if it was done."""
    if as_data:
        print_json({"outcome": outcome, "receipt": receipt, "chat": chat})
    else:
        click.echo(output.plain(receipt))
    sys.exit(0 if outcome == "done" else 1)


def _ask(spec: CommandInfo, aim: ChatTarget, *, yes: bool) -> None:
    """Go on if somebody is sure; else the verb ends with 1, and nothing is done."""
    if yes:
        return
    if not sys.stdin.isatty():
        end(1, f"{spec.help} That is to be confirmed: add --yes. Nothing is done yet.")
    try:
        click.confirm(f"{spec.help} This is for {aim.shown}. Are you sure?", abort=True, err=True)
    except click.Abort:
        end(1, "Nothing is done.")


def divided(
    spec: CommandInfo, words: tuple[str, ...], names: Collection[str], places: Collection[str]
) -> tuple[str | None, str]:
    """The chat that is named first, if one is, and the command's own line.

    A first word is a chat if it just names one; if it begins like one (`otalk/…`); or if the command can be read only
    without it. `x/123` is a message, where x is a place.
    """
    whole = " ".join([spec.name, *words])
    if not words:
        return None, whole
    first, rest = words[0], " ".join([spec.name, *words[1:]])
    if first in names or (_like_one(first, names) and first.partition("/")[0] not in places):
        return first, rest
    named = ("/" in first and not spec.takes_text) or any(first in name for name in names)
    if named and not _read(whole, places) and _read(rest, places):
        return first, rest
    return None, whole


def _like_one(word: str, names: Collection[str]) -> bool:
    """Whether it is in the folder of a known chat."""
    folder, slash, _ = word.partition("/")
    return bool(slash) and len(word.split()) == 1 and any(name.startswith(f"{folder}/") for name in names)


def _read(line: str, places: Collection[str]) -> bool:
    return not isinstance(parser.parse(line, places=places), Misunderstood)
