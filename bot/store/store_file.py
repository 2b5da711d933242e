"""The store's file on disk: whether the path still leads to the file that is open.

A file that was deleted, moved or replaced under a running bot takes writes without an error, and they are lost. So
every write looks before it is committed. A file that was overwritten in place is not noticed here.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from bot.errors import StoreError

OTHERS = 0o077
"""The rights of everybody but a file's owner."""


def make_private(path: Path) -> None:
    """Create the store's file for its owner alone; from one that is there already, take the rights of others.

    SQLite gives the files beside it the same rights. Where this can't be done, opening the store says why.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    for one in (path, *(path.with_name(f"{path.name}-{kind}") for kind in ("wal", "shm"))):
        with suppress(OSError):
            if others := one.stat().st_mode & OTHERS:
                one.chmod(one.stat().st_mode & 0o777 & ~others)


class StoreFile:
    """The file of an SQLite database, known by device and inode from the first time it was open.

    `trouble` is why nothing may be written, with the remedy; None if the file was the one that was opened first when it
    was last looked at. A look may hang with the disk, so only a thread that reads or writes takes one.
    """

    def __init__(self, path: Path) -> None:
        self.trouble: str | None = None
        self._path = path
        self._known = _identity(path)

    def look(self) -> None:
        """Look whether the path still leads to the file."""
        now = _identity(self._path)
        if now == self._known:
            self.trouble = None
            return
        what = f"The store's file {self._path} is gone" if now is None else f"{self._path} is another file than before"
        self.trouble = f"{what}. Nothing is stored until the old one is back; to go on with what is there, start again."

    def check(self) -> None:
        """Look, and raise StoreError if nothing may be written."""
        self.look()
        if self.trouble is not None:
            raise StoreError(self.trouble)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
