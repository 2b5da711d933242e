"""Rehearsals that are started from the team's page, each in a process of its own, and a few at once.

The process gets the chat and the settings without accounts, secrets and the store, and runs in an empty folder that is
removed afterwards: it can touch no real place, no transcript and no store. It ends by itself, and with this process.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as with_changes
from datetime import timedelta
from pathlib import Path
from typing import IO

import msgspec
import structlog
from msgspec.structs import replace

import bot
from bot.authoring.loader import load_file
from bot.chat import Chat
from bot.clock import Clock
from bot.errors import TeamError
from bot.messages import Value
from bot.ports.chat_files import series_of
from bot.ports.rehearsals import SERIES, TeamRehearsal
from bot.team.files import TeamFiles
from bot.team.rehearsal_task import RehearsalLine, RehearsalTask
from bot.toml.duration import format_duration
from bot.translation import _, pending

MOST = 2
"""Rehearsals at once."""

LONGEST = timedelta(hours=2)
"""Wall time of a rehearsal that nobody holds up."""

_SPARE = timedelta(minutes=20)
"""Wall time above that: a host may pause or extend it, and its page stays for a while."""

_PATIENCE = 60.0
"""Wall seconds in which it has to serve its page, on a busy machine."""

_STOPPING = 5.0
"""Wall seconds in which it has to end when it is stopped."""

_ERROR = re.compile(r"(?m)^[ |]*([A-Za-z_.]+Error)\b")
"""The name of an error in a traceback, also of one in a group."""

_END_OF_ERRORS = 4096
"""Bytes."""

_FOLDER = "convenor-team-"
"""The beginning of the name of its folder, in the system's temporary folder."""

_log = structlog.get_logger()
_line = msgspec.json.Decoder(RehearsalLine).decode


WORKER = (sys.executable, "-m", "bot.rehearsal.worker")
"""The command line of the process of a rehearsal."""


class RehearsalSetting(Value, frozen=True, kw_only=True):
    """The setting of every rehearsal: `settings` as in `RehearsalTask`, and the file of the pretend participants.

    `here` gives a chat whose pictures are files of this machine: the process of a rehearsal has no store. `worker` is
    the command line of that process.
    """

    settings: str
    script: Path
    here: Callable[[Chat], Chat] = lambda chat: chat
    worker: tuple[str, ...] = WORKER


@dataclass(frozen=True, kw_only=True)
class _Process:
    rehearsal: TeamRehearsal
    process: asyncio.subprocess.Process
    answered: asyncio.Event
    errors: IO[bytes]


class TeamRehearsals:
    """Implements `bot.ports.rehearsals.Rehearsals`."""

    def __init__(self, files: TeamFiles, clock: Clock, setting: RehearsalSetting) -> None:
        self._files, self._clock, self._setting = files, clock, setting
        self._running: dict[str, _Process] = {}
        self._troubles: dict[str, str] = {}
        self._watching: dict[str, asyncio.Task[None]] = {}
        self._starting = asyncio.Lock()

    def of_chat(self, chat: str) -> TeamRehearsal | None:
        """The rehearsal of a chat that is on."""
        return self._running[chat].rehearsal if chat in self._running else None

    def trouble(self, chat: str) -> str:
        """Why the last one did not come to its end."""
        return self._troubles.get(chat, "")

    async def start(self, chat: str, *, speed: float, pretend: bool, by: str, session: str = "") -> TeamRehearsal:
        """Start a rehearsal."""
        async with self._starting:  # a form that is sent twice starts one
            if known := self.of_chat(chat):
                return known
            found = await asyncio.to_thread(self._chat, chat, session)
            lasts = _check_length(found, speed)
            if len(self._running) >= MOST:
                raise TeamError(_("Two rehearsals are on already. Wait until one is over, or stop one."))
            now = self._clock.now()
            rehearsal = TeamRehearsal(
                id=secrets.token_hex(12),
                lead=secrets.token_urlsafe(24),
                chat=chat,
                speed=speed,
                by=by,
                began=now,
                ends=now + lasts + _SPARE,
            )
            await self._begin(rehearsal, found, pretend=pretend)
            return rehearsal

    async def _begin(self, rehearsal: TeamRehearsal, chat: Chat, *, pretend: bool) -> None:
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
        script = self._setting.script if pretend and self._setting.script.is_file() else ""
        task = RehearsalTask(
            chat=replace(chat, name=f"{SERIES}/{rehearsal.id}"),
            settings=self._setting.settings,
            script=str(script),
            speed=rehearsal.speed,
            folder=str(folder),
            seconds=(rehearsal.ends - rehearsal.began).total_seconds(),
        )
        errors = tempfile.TemporaryFile()  # noqa: SIM115 -- it is closed when the process has ended
        try:
            process = await asyncio.create_subprocess_exec(
                *self._setting.worker,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env=_environment(),
                start_new_session=True,  # Ctrl-C at the bot is not one at the rehearsal: it ends with its input
            )
        except OSError as error:
            errors.close()
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            raise TeamError(_("This machine can't start a rehearsal just now. Please try again later.")) from error
        _log.info("team.rehearsal_started", chat=rehearsal.chat, speed=rehearsal.speed)
        self._troubles.pop(rehearsal.chat, None)
        self._running[rehearsal.chat] = _Process(
            rehearsal=rehearsal, process=process, answered=asyncio.Event(), errors=errors
        )
        self._watching[rehearsal.id] = asyncio.create_task(self._watch(rehearsal, task, folder))

    async def _watch(self, rehearsal: TeamRehearsal, task: RehearsalTask, folder: Path) -> None:
        """Follow a rehearsal until its process has ended, and remove what is left of it."""
        known, chat = self._running[rehearsal.chat], rehearsal.chat
        process, trouble = known.process, ""
        try:
            line = await _first_line(process, task)
            trouble = line.problem
            self._running[chat] = with_changes(
                known, rehearsal=replace(rehearsal, room=line.room, host_path=line.host_path)
            )
            known.answered.set()
            async with asyncio.timeout(task.seconds + _PATIENCE):
                if await process.wait() and not trouble:
                    trouble = pending("The rehearsal ended too soon, by a fault of ours or for want of memory.")
        except TimeoutError:
            trouble = pending("The rehearsal took too long, and was ended.")
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            del self._running[chat]
            known.answered.set()
            if trouble:
                self._troubles[chat] = trouble
                error = await asyncio.to_thread(_kind_of_error, known.errors)
                _log.warning("team.rehearsal_failed", chat=chat, code=process.returncode, error=error)
            known.errors.close()
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            del self._watching[rehearsal.id]

    async def ready(self, id: str) -> TeamRehearsal | None:
        """The rehearsal with this id, once it serves."""
        found = next((one for one in self._running.values() if one.rehearsal.id == id), None)
        if found is None:
            return None
        await found.answered.wait()
        now = self.of_chat(found.rehearsal.chat)
        return now if now and now.id == id and now.room else None

    async def stop(self, chat: str) -> None:
        """End the rehearsal of a chat."""
        if chat in self._running:
            one = self._running[chat]
            watching = self._watching[one.rehearsal.id]
            if one.process.stdin:
                one.process.stdin.close()
            _ended, still = await asyncio.wait({watching}, timeout=_STOPPING)
            if still:
                with suppress(ProcessLookupError):
                    one.process.kill()
                await asyncio.wait({watching})
            self._troubles.pop(chat, None)

    async def close(self) -> None:
        """End all of them, and wait until nothing is left of any."""
        async with self._starting:
            await asyncio.gather(*(self.stop(chat) for chat in list(self._running)))
            await asyncio.gather(*self._watching.values(), return_exceptions=True)

    def _chat(self, chat: str, session: str) -> Chat:
        file = self._files.read(chat)
        chats = load_file(file, self._files.read(series_of(chat))).chats if file else ()
        found = next((one for one in chats if session in ("", one.name)), None)
        if found is None:
            raise TeamError(_("This chat's file has mistakes, or was removed. Put that right first."))
        return self._setting.here(found)


def _check_length(chat: Chat, speed: float) -> timedelta:
    """How long a rehearsal lasts. Raises TeamError if that is too long."""
    lasts = chat.length / speed
    if lasts > LONGEST:
        least = chat.length / LONGEST
        said = _(
            "So the rehearsal would take {lasts}, and it may take two hours. "
            "Let it go {speed} times as fast as the real hour, or faster."
        )
        raise TeamError(said.format(lasts=format_duration(lasts), speed=f"{least:.3g}"))
    return lasts


async def _first_line(process: asyncio.subprocess.Process, task: RehearsalTask) -> RehearsalLine:
    """Give the process its task, and wait for its answer. Raises TimeoutError."""
    assert process.stdin  # noqa: S101 -- it was made with pipes
    assert process.stdout  # noqa: S101
    async with asyncio.timeout(_PATIENCE):
        with suppress(ConnectionError):
            process.stdin.write(msgspec.json.encode(task) + b"\n")
            await process.stdin.drain()
        answer = await process.stdout.readline()
    try:
        return _line(answer)
    except msgspec.DecodeError:
        return RehearsalLine()


def _kind_of_error(errors: IO[bytes]) -> str:
    """The name of the error with which a process ended; what follows it may be somebody's words."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - _END_OF_ERRORS))
    names = _ERROR.findall(errors.read().decode(errors="replace"))
    return names[-1][:80] if names else ""


def _environment() -> dict[str, str]:
    """Nothing but where the program is: no secret of the settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(bot.__file__).parent.parent)}
