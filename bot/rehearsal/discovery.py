"""The sign on the door of a rehearsal: a small file by which `status` and the live commands find it from elsewhere.

It lies beside the rehearsal's store, in a folder that only its owner can open, and goes with it. Where a rehearsal was
killed, its sign stays and is not believed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from bot.clock import FastClock, WallClock
from bot.messages import Time, Value
from bot.settings.settings import Settings

PREFIX = "convenor-"
"""How the folder of a rehearsal is called, in the machine's folder for such things."""

_FILE = "rehearsal.json"


class RehearsalMarker(Value, frozen=True, kw_only=True):
    """A rehearsal that is on: which chat, where its store and its room are, and how its clock runs.

    At `made`, by the machine's clock, it was `reads` in the rehearsed hour. `serves` is the folder of the schedules.
    """

    chat: str
    store: str
    room: str
    reads: Time
    made: Time
    speed: Annotated[float, msgspec.Meta(gt=0)]
    process: Annotated[int, msgspec.Meta(gt=0)]
    serves: str

    @property
    def clock(self) -> FastClock:
        """The rehearsal's own clock, as near as two processes can have the same."""
        return FastClock(self.reads + (WallClock().now() - self.made) * self.speed, self.speed)


def hang(folder: Path, settings: Settings, clock: FastClock, *, chat: str, store: str, room: str) -> Path:
    """Hang the sign up in a rehearsal's folder, whole or not at all; the file to take down at the end."""
    sign = RehearsalMarker(
        chat=chat,
        store=store,
        room=room,
        reads=clock.now(),
        made=WallClock().now(),
        speed=clock.speed,
        process=os.getpid(),
        serves=_served(settings),
    )
    draft, file = folder / f".{_FILE}", folder / _FILE
    draft.write_bytes(msgspec.json.encode(sign))
    draft.replace(file)
    return file


def signs(settings: Settings) -> list[RehearsalMarker]:
    """The rehearsals that are on now of chats in these schedules, started by the same person; the newest last."""
    found = (sign for sign in _all() if sign.serves == _served(settings) and _alive(sign.process))
    return sorted(found, key=lambda sign: sign.made)


def _served(settings: Settings) -> str:
    return str(settings.schedules.resolve())


def _all() -> Iterator[RehearsalMarker]:
    for file in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{_FILE}"):
        try:
            if file.parent.stat().st_uid == os.geteuid():
                yield msgspec.json.decode(file.read_bytes(), type=RehearsalMarker)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue  # it went away while we looked, or it is none


def _alive(process: int) -> bool:
    """Whether a process of ours with this number is running."""
    try:
        os.kill(process, 0)
    except (OSError, OverflowError):
        return False
    return True
