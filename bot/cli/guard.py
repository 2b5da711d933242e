"""Aside from any chat: the guard on lines of text."""

from __future__ import annotations

from typing import TextIO

import click
import msgspec

from bot.cli import output
from bot.cli.terminal import Verb


@click.command(cls=Verb, short_help="Say whether lines of text could tell who a patient is.")
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
@click.option("--json", "as_data", is_flag=True, help="Print a JSON object for each line.")
def guard(file: TextIO, *, as_data: bool) -> None:
    """Say of each line of text whether it could tell who a patient is. Nothing is stored."""
    from bot.moderation.guard import judged  # noqa: PLC0415 -- its libraries are large, and no other verb wants them

    for line in judged(file):
        click.echo(msgspec.json.encode(line) if as_data else output.verdict(line))
