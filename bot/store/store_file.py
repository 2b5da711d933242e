"""The store's file on disk: whether the path still leads to the file that is open.

A file that was deleted, moved or replaced under a running bot takes writes without an error, and they are lost. So
every write looks before it is committed. One that was overwritten in place is known by the mark in its header, unless
it is a copy that was made after this process had begun.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock
from typing import BinaryIO

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


_MAGIC, _HEADER = b"SQLite format 3\0", 100

_OWN_NUMBER = slice(60, 64)
"""Where SQLite's header has `user_version`, which is the program's own (https://sqlite.org/fileformat2.html)."""

_OVERWRITTEN = (
    "Another program has written over the store's file {path}. Nothing is stored. "
    "Stop the bot, put the right file there, and remove the file beside it that ends in -wal."
)


class StoreFile:
    """The file of an SQLite database, known by device and inode from the first time it was open.

    `trouble` is why nothing may be written, with the remedy; None if the file was the one that was opened first when it
    was last looked at. A look may hang with the disk, so only a thread that reads or writes takes one.
    """

    def __init__(self, path: Path) -> None:
        self.trouble: str | None = None
        self._path = path
        self._known = _identity(path)
        self._mark, self._seen = b"", False
        self._file: BinaryIO | None = None
        self._lock = Lock()

    def mark(self) -> None:
        """Mark the file as that of this process, the only one that runs a bot on it: others have other marks."""
        number = secrets.randbits(31)
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        # It stays open: to close it would take SQLite's own locks on the file away from this process.
        self._file = self._path.open("rb", buffering=0)
        self._mark = number.to_bytes(4, "big")

    def look(self) -> None:
        """Look whether the path still leads to the file, and whether that has our mark."""
        now = _identity(self._path)
        if now == self._known:
            self.trouble = None if self._is_marked() else _OVERWRITTEN.format(path=self._path)
            return
        what = f"The store's file {self._path} is gone" if now is None else f"{self._path} is another file than before"
        self.trouble = f"{what}. Nothing is stored until the old one is back; to go on with what is there, start again."

    def check(self) -> None:
        """Look, and raise StoreError if nothing may be written."""
        self.look()
        if self.trouble is not None:
            raise StoreError(self.trouble)

    def close(self) -> None:
        """Look no more. The database is closed already."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _is_marked(self) -> bool:
        """Whether the header has our mark, or never had: SQLite may write it into the file later."""
        if self._file is None:
            return True
        with self._lock:
            self._file.seek(0)
            header = self._file.read(_HEADER)
        found = header.startswith(_MAGIC) and header[_OWN_NUMBER] == self._mark
        self._seen |= found
        return found or not self._seen


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
