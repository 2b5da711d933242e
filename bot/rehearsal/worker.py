"""The process of a rehearsal that was started from the team's page: `python -m bot.rehearsal.worker`.

It gets its task as a line on its standard input, answers with a line when it serves, and ends when the rehearsal is
over, when its input is closed, or when its time is up, whatever comes first. So it outlives nobody. It has little
memory and gives way to other processes, so that it slows no chat that is on.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot import log
from bot.errors import InputError
from bot.privacy_notice import use_house
from bot.rehearsal.script import Script, load_script
from bot.settings.settings import Settings
from bot.team.rehearsal_task import RehearsalLine, RehearsalTask
from bot.translation import use_language
from bot.wiring.community import house
from bot.wiring.garbage_collector import put_off_garbage_collection

if TYPE_CHECKING:
    from bot.rehearsal.rehearsal import Rehearsal

_HOST = "Host"
"""The name of the person who leads it, where the chat names no host."""

_AFTERWARDS = 120
"""Wall seconds for which its page stays after the end, for those who look around."""

_MEMORY = 1 << 29
"""Bytes of its own data; it needs about a third."""

_NICE = 15
"""How much it gives way to other processes, of at most 19."""

_LONGEST_TASK = 64 << 20
"""Bytes of a task: the pictures of a chat are in it."""


async def work() -> None:
    """Read the task, and rehearse."""
    commands = await _standard_input()
    task = msgspec.json.decode(await commands.readline(), type=RehearsalTask)
    try:
        await _rehearse(task, commands)
    finally:
        shutil.rmtree(task.folder, ignore_errors=True)  # the bot may be gone


async def _rehearse(task: RehearsalTask, commands: asyncio.StreamReader) -> None:
    # in a folder of its own, it is not found by `convenor status` and the live commands: those are for the real chats
    settings = Settings.model_validate_json(task.settings).model_copy(update={"schedules": Path(task.folder)})
    use_language(settings.language)
    use_house(house(settings))
    try:
        script = load_script(Path(task.script)) if task.script else Script(people=(), lines=())
    except InputError as error:
        _say(RehearsalLine(problem=str(error)))
        return
    put_off_garbage_collection()
    from bot.rehearsal.rehearsal import rehearsing  # noqa: PLC0415 -- it is the whole bot

    rehearsed = rehearsing(task.chat, settings, speed=task.speed, port=0, folder=Path(task.folder), behind_proxy=True)
    async with rehearsed as rehearsal:
        hosts = rehearsal.chat.hosts
        link = await rehearsal.create_host_link(hosts[0].name if hosts else _HOST)
        _say(RehearsalLine(room=rehearsal.room, host_path=link.removeprefix(rehearsal.room)))
        ways = {asyncio.create_task(one) for one in (_play(rehearsal, script), _closed(commands))}
        over, others = await asyncio.wait(ways, timeout=task.seconds, return_when=asyncio.FIRST_COMPLETED)
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for one in over:
            one.result()


async def _play(rehearsal: Rehearsal, script: Script) -> None:
    await rehearsal.play(script)
    await asyncio.sleep(_AFTERWARDS)


async def _closed(commands: asyncio.StreamReader) -> None:
    """Return when nobody can say anything any more: the bot has stopped it, or has ended itself."""
    while await commands.read(1024):
        pass


async def _standard_input() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=_LONGEST_TASK)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def _say(line: RehearsalLine) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def _limit() -> None:
    with suppress(OSError, AttributeError):  # where a system has no such limit, or doesn't let us set it
        os.nice(_NICE)
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 -- not on every system

        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))


def main() -> None:
    """Rehearse with little memory."""
    _limit()
    log.configure("error", "json")
    asyncio.run(work())


if __name__ == "__main__":
    main()
