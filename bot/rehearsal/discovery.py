"""The marker file of a rehearsal, by which `status` and the live commands find it from another process.

It is in the rehearsal's folder, which only its owner can open, and is deleted with it. The marker of a rehearsal that
was killed stays, and is ignored.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from bot.clock import Clock, FastClock, WallClock
from bot.messages import Time, Value
from bot.settings.settings import Settings

FOLDER_PREFIX = "convenor-"
"""The beginning of the name of a rehearsal's folder, in the system's temporary folder."""

_FILE = "rehearsal.json"


class RehearsalMarker(Value, frozen=True, kw_only=True):
    """A running rehearsal: its chat, the url of its database, the address of its room, and its clock.

    At `created` on the wall clock it was `chat_time` on the rehearsal's. `schedules` is the folder of the chat files.
    """

    chat: str
    store: str
    room: str
    chat_time: Time = msgspec.field(name="reads")
    created: Time = msgspec.field(name="made")
    speed: Annotated[float, msgspec.Meta(gt=0)]
    process: Annotated[int, msgspec.Meta(gt=0)]
    schedules: str = msgspec.field(name="serves")

    @property
    def clock(self) -> FastClock:
        """The rehearsal's clock, as closely as another process can have it."""
        return FastClock(self.chat_time + (WallClock().now() - self.created) * self.speed, self.speed)


def write_marker(folder: Path, settings: Settings, clock: Clock, *, chat: str, store: str, room: str) -> Path:
    """Write the marker into a rehearsal's folder, atomically. Returns the file, to be deleted at the end.

    To be repeated, because the clock may stand still.
    """
    marker = RehearsalMarker(
        chat=chat,
        store=store,
        room=room,
        chat_time=clock.now(),
        created=WallClock().now(),
        speed=clock.speed,
        process=os.getpid(),
        schedules=_schedules_folder(settings),
    )
    draft, file = folder / f".{_FILE}", folder / _FILE
    draft.write_bytes(msgspec.json.encode(marker))
    draft.replace(file)
    return file


def running_rehearsals(settings: Settings) -> list[RehearsalMarker]:
    """The running rehearsals of chats in these schedules, started by the same user; the newest last."""
    found = (
        marker
        for marker in _markers()
        if marker.schedules == _schedules_folder(settings) and _is_running(marker.process)
    )
    return sorted(found, key=lambda marker: marker.created)


def _schedules_folder(settings: Settings) -> str:
    return str(settings.schedules.resolve())


def _markers() -> Iterator[RehearsalMarker]:
    for file in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*/{_FILE}"):
        try:
            if file.parent.stat().st_uid == os.geteuid():
                yield msgspec.json.decode(file.read_bytes(), type=RehearsalMarker)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue  # it was deleted meanwhile, or is not a marker


def _is_running(process: int) -> bool:
    """Whether a process of this user with this id is running."""
    try:
        os.kill(process, 0)
    except (OSError, OverflowError):
        return False
    return True
