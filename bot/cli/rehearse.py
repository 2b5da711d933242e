"""The verb `rehearse`: a whole chat in a minute with pretend participants, shown in the terminal as it happens."""

from __future__ import annotations

import asyncio
import math
from pathlib import Path

import click

from bot import log
from bot.authoring.chat_folder import REHEARSAL
from bot.cli.chat_files import folder_of, print_written, read_chat
from bot.cli.main import FILE, OUT, SESSION, read_settings
from bot.cli.terminal import Verb
from bot.cli.verbs import HELP
from bot.rehearsal.script import Script, load_script
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.wiring.garbage_collector import put_off_garbage_collection


def _finite(_context: click.Context, _option: click.Parameter, value: float) -> float:
    """Refuse `nan`, which is within every range."""
    if math.isnan(value):
        raise click.BadParameter("it must be a number.")
    return value


@click.command(cls=Verb, short_help=HELP["rehearse"])
@click.argument("file", type=FILE)
@SESSION
@click.option(
    "--speed",
    type=click.FloatRange(min=0.1, max=3600),
    default=60,
    show_default=True,
    callback=_finite,
    help="How much faster.",
)
@OUT
@click.option(
    "--open", "join", is_flag=True, help="Open the room on its usual port, so that you can join in a browser, and lead."
)
@click.option("--script", type=FILE, help="The pretend participants. Left out: rehearsal.toml in the schedules.")
@click.pass_context
def rehearse(
    context: click.Context,
    file: Path,
    speed: float,
    out: Path | None,
    script: Path | None,
    session: str | None,
    *,
    join: bool,
) -> None:
    """Rehearse the whole hour in a minute. Nothing leaves this machine; all participants are pretend."""
    put_off_garbage_collection()
    from bot.cli.rehearsal_show import rehearse_chat  # noqa: PLC0415 -- it is the whole bot
    from bot.reporting.file_set import check_writable  # noqa: PLC0415 -- needed once it is clear what to rehearse
    from bot.reporting.files import write  # noqa: PLC0415 -- as above
    from bot.reporting.imprint import Imprint, keep_apart  # noqa: PLC0415 -- as above
    from bot.wiring.community import community  # noqa: PLC0415 -- as above

    settings = read_settings(context)
    log.configure("error", settings.log.format)
    chat = read_chat(settings, file, session)
    participants = _read_script(script, settings)
    rooms = [place for place in settings.places.values() if isinstance(place, RoomPlace)]
    port = rooms[0].port if join and rooms else 0
    out, imprint = out or folder_of(chat, rehearsal=True), Imprint(community=community(settings), rehearsal=True)
    keep_apart(out, rehearsal=True)
    check_writable(out)
    events = asyncio.run(rehearse_chat(chat, participants, settings, speed=speed, port=port, join=join))
    print_written(write(out, chat, events, imprint=imprint))


def _read_script(script: Path | None, settings: Settings) -> Script:
    """The pretend participants of the given script, else of the one in the schedules, if there is one."""
    default = settings.schedules / REHEARSAL
    if script is None and not default.exists():
        click.echo(f"There is no {default}, so nobody answers: the questions are posted to an empty room.")
        return Script(people=(), lines=())
    return load_script(script or default)


VERBS = {"rehearse": rehearse}
