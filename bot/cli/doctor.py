"""The verb `doctor`: what is wrong with the set-up, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
import msgspec
from rich.console import Console
from rich.text import Text

from bot.cli.main import JSON, read_settings
from bot.cli.terminal import Verb, print_json
from bot.cli.verbs import HELP
from bot.clock import WallClock
from bot.doctor import Finding, diagnose
from bot.settings.secret_files import secret_files
from bot.settings.settings import settings_file

_LEVELS = {"ok": ("✓", "green"), "doubt": ("!", "yellow"), "wrong": ("✗", "red")}


@click.command(cls=Verb, short_help=HELP["doctor"])
@JSON
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Say what is wrong with settings, accounts, permissions, clock and disk, and what to do. Nothing is posted."""
    file = settings_file(context.find_root().obj)
    findings = diagnose(read_settings(context, logs=False), WallClock(), secret_files(file))
    if as_json:
        print_json(msgspec.to_builtins(findings))
    else:
        print_findings(findings, Console())
    if any(one.level == "wrong" for one in findings):
        sys.exit(1)


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    """Print a line for each finding, with its remedy below it."""
    for one in findings:
        sign, style = _LEVELS[one.level]
        console.print(Text(f"{sign} ", style=style) + Text(f"{one.about}: {one.text}"), soft_wrap=True)
        if one.remedy:
            console.print(Text(f"  → {one.remedy}"), soft_wrap=True)
    wrong = sum(one.level == "wrong" for one in findings)
    doubts = sum(one.level == "doubt" for one in findings)
    summary = f"{wrong} to put right" if wrong else "Nothing to put right"
    console.print(f"{summary}, {doubts} to look at." if doubts else f"{summary}.")


VERBS = {"doctor": doctor}
