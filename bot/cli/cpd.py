"""The verb `cpd`: a sheet for a participant's record of professional development."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.chat_files import folder_of
from bot.cli.main import read_settings
from bot.cli.target import open_store
from bot.cli.terminal import Verb
from bot.cli.verbs import HELP
from bot.reporting.cpd import sheet_of, write_sheet
from bot.reporting.imprint import Imprint
from bot.reporting.record import record
from bot.status import find_chat
from bot.transfer import export_events
from bot.wiring.community import community


@click.command(cls=Verb, short_help=HELP["cpd"])
@click.argument("chat")
@click.option("--name", default="", help="Whose messages are on it, by name or handle. Left out: nobody's.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file: .html to print, .docx for Word. Left out: cpd.html beside the transcript.",
)
@click.pass_context
def cpd(context: click.Context, chat: str, name: str, out: Path | None) -> None:
    """Write a CPD sheet of a chat, to be filled in by whoever took part or read along."""
    settings = read_settings(context, logs=False)
    with open_store(settings) as database:
        found = find_chat(database, chat)
        sheet = sheet_of(record(found, export_events(database, found)), name)
    out = out or folder_of(found) / "cpd.html"
    write_sheet(sheet, out, Imprint(community=community(settings)))
    click.echo(f"Sheet: {out}")


VERBS = {"cpd": cpd}
