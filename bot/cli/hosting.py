"""Hosts every chat on every configured place, until the process is told to stop. The verb `run` begins it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from functools import partial

import click
import structlog

from bot.authoring.chat_folder import find_chat_files, misplaced_files
from bot.authoring.folder_files import FolderFiles
from bot.authoring.schedules import Schedules
from bot.cli.chat_files import platforms
from bot.clock import WallClock
from bot.file_watch import watching
from bot.ports.chat_files import is_series
from bot.scheduling.stored_files import StoredFiles
from bot.settings.settings import Settings
from bot.store import chat_files
from bot.store.place_status import PlaceStatus
from bot.wiring.adapters import address
from bot.wiring.convenor import Convenor

_STOPPING = 9.0
"""Seconds from the signal to the end, at most: Docker kills after ten."""

_log = structlog.get_logger()


async def host(settings: Settings) -> None:
    """Host until a signal comes."""
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    clock = WallClock()
    schedules = Schedules(FolderFiles(settings.schedules, clock), platforms(settings), clock)
    convenor = Convenor(settings, clock=clock, programme=schedules, plans_chats=True)
    schedules.known = partial(convenor.database.read_sync, chat_files.all_files)
    # the watch begins first, so that no file is missed that is saved while the places are opened
    async with watching(settings.schedules, convenor.scheduler.reload), convenor.running():
        for name, platform in convenor.places.items():
            click.echo(_line(name, convenor.monitor.statuses()[name], address(platform)))
        click.echo(f"Chat files in {settings.schedules}: {len(find_chat_files(settings.schedules))}.")
        for file, why in misplaced_files(settings.schedules):
            click.echo(f"{file} is never hosted: {why}.")
        if stored := StoredFiles(convenor.database, clock).list():
            click.echo(f"Chat files in the store: {sum(not is_series(name) for name in stored)}.")
        await stop.wait()
        click.echo("Stopping: what is under way is finished first.")
        _end_in_time()


def _end_in_time() -> None:
    """End the process in a few seconds, whatever hangs. What was not saved then is looked up at the next start."""

    def end_now() -> None:
        _log.error("run.cut_short", seconds=_STOPPING)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)

    timer = threading.Timer(_STOPPING, end_now)
    timer.daemon = True
    timer.start()


def _line(name: str, status: PlaceStatus, where: str) -> str:
    """A place after the first attempt to open it."""
    match status.state:
        case "connected":
            return f"{name}: open" + (f" at {where}" if where else "")
        case "posting":
            return f"{name}: posting, not hearing. {status.reason}"
        case _:
            return f"{name}: not open. {status.reason or 'Not yet.'}"
