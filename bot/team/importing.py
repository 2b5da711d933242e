"""Reads an announcement in a process of its own, which may take little memory and time, one at a time.

So no document, however it was made, can stall the hour of another chat.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

import bot
from bot.errors import TeamError
from bot.team.import_task import SECONDS, Outcome, Task
from bot.translation import _, language, pending

_PATIENCE = 3.0 * SECONDS
"""Wall seconds for one announcement, on a busy machine."""

_TOO_HARD = pending(
    "This document is too hard to read: it took too long, or too much memory. Please copy its text, and paste that."
)

_log = structlog.get_logger()
_outcome = msgspec.json.Decoder(Outcome).decode


class Importer:
    """Reads announcements, each in a new process."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def read(self, source: tuple[str, bytes], series: str, now: datetime) -> Outcome:
        """Read an announcement; `series` is the text of its series' file. Raises TeamError: what to send instead."""
        name, data = source
        task = msgspec.json.encode(Task(name=name, series=series, now=now, language=language()))
        async with self._one_at_a_time:
            answer = await _answer(task + b"\n" + data)
        try:
            found = _outcome(answer)
        except msgspec.DecodeError:
            raise TeamError(_(_TOO_HARD)) from None
        if found.problem:
            raise TeamError(" ".join(map(_, found.problem)))
        return found


async def _answer(task: bytes) -> bytes:
    """The answer of a new process; empty if it gave none in time."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.team.import_worker", stdin=pipe, stdout=pipe, stderr=pipe, env=_environment()
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            answer, errors = await process.communicate(task)
    except TimeoutError:
        answer, errors = b"", b"TimeoutError"
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode:
        # the last line names the kind of error; what follows may be the document's words
        _log.warning("team.import_failed", code=process.returncode, error=_kind(errors))
        return b""
    return answer


def _kind(errors: bytes) -> str:
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[-1].partition(":")[0][:80] if lines else ""


def _environment() -> dict[str, str]:
    """Nothing but where the program is: no secret of the settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT") if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(bot.__file__).parent.parent), "PYTHONDONTWRITEBYTECODE": "1"}
