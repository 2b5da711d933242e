"""The verb `guard`: whether lines of text could tell who a patient is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TextIO

import click
import msgspec

from bot.cli.terminal import Verb
from bot.cli.verbs import HELP
from bot.moderation.guard import check_lines


@click.command(cls=Verb, short_help=HELP["guard"])
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each line.")
def guard(file: TextIO, *, as_json: bool) -> None:
    """Say of each line of text whether it could tell who a patient is. Nothing is stored."""
    for line in check_lines(file):
        click.echo(msgspec.json.encode(line) if as_json else _guard_line(line))


def _guard_line(line: Mapping[str, Any]) -> str:
    """The guard's verdict on a text, in one line."""
    reasons = ", ".join(
        f"{one['kind'].replace('_', ' ')} in characters {one['start'] + 1} to {one['end']}" for one in line["reasons"]
    )
    return f"{line['verdict']}  {line['text']}" + (f"  ({reasons})" if reasons else "")


VERBS = {"guard": guard}
