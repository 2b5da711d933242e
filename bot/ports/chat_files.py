"""Chat files, in a folder or in the store: one interface for everything that plans, checks or edits them.

The calls block while a disk or database works, so make them in a thread. The meaning of a text is not known here; a
file with mistakes can be stored as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.errors import ChatFileError
from bot.messages import Value

SERIES = "series"
"""The file of what the chats of a series share has this name: `otalk/series`."""

IN_STORE = "store:"
"""Begins the place of a file in the store, as in `store:otalk/aac.toml`."""

RESERVED = frozenset({"host", "team", "archive", "rehearsal"})
"""Series that can't be: the addresses of private links, the team's page, the archive and rehearsals begin so."""

_NOT_IN_NAMES = frozenset("/\\?#%:\"'<>|*\0")

_LONGEST = 200
"""Bytes of each part of a name: file systems take 255, some of which are for endings."""


class ChatFile(Value, frozen=True, kw_only=True):
    """A chat file, or that of a series. `where` names it for people: its path, or its place in the store.

    `pictures` are those beside it, as of `ChatFiles`; None: those that lie beside the file `where` says.
    """

    name: str
    version: str
    raw: bytes
    where: str
    pictures: Mapping[str, str] | None = None

    @property
    def text(self) -> str:
        """The text, with a replacement character for each invalid byte."""
        return self.raw.decode("utf-8-sig", errors="replace")


class FileChange(Value, frozen=True, kw_only=True):
    """A version of a file: who wrote it, by the name they gave, and when. `gone`: it was removed."""

    version: str
    at: datetime
    by: str
    gone: bool = False


class ChatFiles(Protocol):
    """Chat files by name, as in `otalk/aac`: the folder of the series, and the file without its ending."""

    def list(self) -> Mapping[str, str]:
        """The version of each file, of chats and series. Raises ChatFileError or StoreError if they can't be read."""

    def read(self, name: str, version: str = "") -> ChatFile | None:
        """A file as it is now, or in an earlier version; None if there is none. Raises ChatFileError or StoreError."""

    def write(self, name: str, text: str | None, *, expected: str, by: str) -> str:
        """Write a file whole, or remove it (None), and return its new version. What was there before is kept.

        `expected` is the version that the writer has seen, empty for a new file. Raises ChangedMeanwhileError if that
        is another now, ChatFileError, or StoreError; then nothing has changed.
        """

    def pictures(self, name: str) -> Mapping[str, str]:
        """The pictures beside a file of this name, by their names there: what an `Image` has as its path.

        Raises ChatFileError or StoreError.
        """

    def versions(self, name: str) -> tuple[FileChange, ...]:
        """The versions of a file that are kept, the oldest first. Raises ChatFileError or StoreError."""


def series_of(name: str) -> str:
    """The name of the file that a chat shares with its series."""
    return f"{name.partition('/')[0]}/{SERIES}"


def is_series(name: str) -> bool:
    """Whether a name is that of a series' file."""
    return name.endswith(f"/{SERIES}")


def can_be_series(name: str) -> bool:
    """Whether a series may have this name: it comes from an address."""
    try:
        check_name(f"{name}/{SERIES}")
    except ChatFileError:
        return False
    return True


def check_name(name: str) -> None:
    """Raise ChatFileError unless a file may have this name, in any folder and in an address."""
    parts = name.split("/")
    fits = len(parts) == len(("series", "chat")) and all(
        one
        and one == one.strip()
        and not one.startswith(".")
        and one.isprintable()
        and not _NOT_IN_NAMES.intersection(one)
        and len(one.encode(errors="replace")) <= _LONGEST
        for one in parts
    )
    if not fits or parts[0] in RESERVED:
        raise ChatFileError("A chat file is called <series>/<chat>, as in otalk/2026-12-01-sleep, in plain characters.")
