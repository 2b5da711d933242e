"""The store's file on disk: whether the path still leads to the file that is open.

A file that was deleted, moved or replaced under a running bot takes writes without an error, and they are lost. So
every write looks before it is committed. A file that was overwritten in place is not noticed here.
"""

from __future__ import annotations

from pathlib import Path

from bot.errors import StoreError


class StoreFile:
    """The file of an SQLite database, known by device and inode from the first time it was open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _identity(path)

    def trouble(self) -> str | None:
        """Why nothing may be written, with the remedy; None if the file is the one that was opened first."""
        now = _identity(self._path)
        if now == self._known:
            return None
        what = f"The store's file {self._path} is gone" if now is None else f"{self._path} is another file than before"
        return f"{what}. Nothing is stored until the old one is back; to go on with what is there, start again."

    def check(self) -> None:
        """Raise StoreError if nothing may be written."""
        if (text := self.trouble()) is not None:
            raise StoreError(text)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
