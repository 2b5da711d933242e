"""The bot's own log: a person's ids in it are overwritten where they stand, so the bot may write on meanwhile."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from bot.erasure.traces import CERTAIN

_BLOCK = 1 << 20


def log_files(file: str) -> list[Path]:
    """The log and all of it that was put aside; none if it is not written to a file."""
    path = Path(file)
    return sorted(path.parent.glob(f"{path.name}*")) if file else []


def blank_ids(files: Iterable[Path], ids: Collection[str]) -> None:
    """Overwrite these ids with as many asterisks. Ids so short that they may be anything stay. Raises OSError."""
    wanted = [one.encode() for one in ids if len(one) >= CERTAIN]
    if not wanted:
        return
    pattern = re.compile(rb"(?<!\w)(?:" + b"|".join(map(re.escape, wanted)) + rb")(?!\w)")
    for file in files:
        _blank(file, pattern, longest=max(map(len, wanted)))


def _blank(file: Path, pattern: re.Pattern[bytes], *, longest: int) -> None:
    """Block after block, each with the end of the one before it: an id may lie across."""
    with file.open("r+b", buffering=0) as log:
        at = 0
        while block := os.pread(log.fileno(), _BLOCK, at):
            for found in pattern.finditer(block):
                os.pwrite(log.fileno(), b"*" * len(found[0]), at + found.start())
            if len(block) <= longest + 1:
                return
            at += len(block) - longest - 1
