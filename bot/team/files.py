"""The chat files that the team's page reads and writes: those in the folder, and those in the store, as one.

A series is written where its files are. Where both have a file of one name, the folder's counts, as for hosting. The
calls block, so they are made in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Protocol

from bot.authoring.chatfile import SeriesFile
from bot.authoring.loader import load_file
from bot.authoring.source import validate_file
from bot.chat import Chat
from bot.errors import ChangedMeanwhileError, ChatFileError, TeamError
from bot.messages import Value
from bot.ports.chat_files import ChatFile, ChatFiles, FileChange, check_name, is_series, series_of
from bot.toml.document import parse_bytes
from bot.translation import _, translated_error

_NO_SERIES = SeriesFile()


def why_not_written(error: ChatFileError) -> str:
    """Why a file was not written, for the team."""
    if isinstance(error, ChangedMeanwhileError):
        return _("Somebody else has changed this file meanwhile. Look at what it is now, and try again.")
    return translated_error(error)


def is_chat(name: str) -> bool:
    """Whether this can be the name of a chat's file: it comes from an address."""
    try:
        check_name(name)
    except ChatFileError:
        return False
    return not is_series(name)


class FolderOfChats(ChatFiles, Protocol):
    """Chat files in a place that may be read only."""

    def is_writable(self, name: str) -> bool:
        """Whether a file of this name could be written."""


class ReadChat(Value, frozen=True, kw_only=True):
    """The chats of a file in one state, one for each session; none if the file has mistakes."""

    state: str
    chats: tuple[Chat, ...]


class TeamFiles:
    """All chat files. `places` are the configured places with their platforms."""

    def __init__(self, folder: FolderOfChats, stored: ChatFiles, places: Mapping[str, str]) -> None:
        self._folder, self._stored, self._places = folder, stored, places
        self._read: dict[str, ReadChat] = {}
        self._lock = Lock()

    def names(self) -> dict[str, str]:
        """The version of each file."""
        return {**self._stored.list(), **self._in_folder()}

    def series(self) -> list[str]:
        """The names of all series, sorted."""
        return sorted({one.partition("/")[0] for one in self.names()})

    def read(self, name: str, version: str = "") -> ChatFile | None:
        """A file as it is now, or in a version that was kept."""
        return self._home(name).read(name, version)

    def existing(self, chat: str) -> ChatFile:
        """The file of a chat. Raises TeamError if it has none."""
        found = self.read(chat) if is_chat(chat) else None
        if found is None:
            raise TeamError(_("This chat has no file any more. Somebody has removed it."))
        return found

    def pictures(self, name: str) -> Mapping[str, str]:
        """The pictures beside a file of this name, also of one that is not written yet."""
        return self._home(name).pictures(name)

    def versions(self, name: str) -> tuple[FileChange, ...]:
        """The versions of a file, the oldest first."""
        return self._home(name).versions(name)

    def write(self, name: str, text: str, *, expected: str, by: str) -> None:
        """Write a file. Raises ChangedMeanwhileError, ChatFileError or StoreError."""
        self._home(name).write(name, text, expected=expected, by=by)

    def write_over(self, name: str, text: str, *, by: str) -> None:
        """Write a file, whatever it is now. Raises ChatFileError or StoreError."""
        there = self.read(name)
        self.write(name, text, expected=there.version if there else "", by=by)

    def is_read_only(self, name: str) -> bool:
        """Whether a file of this name can't be written where its series is."""
        home = self._home(name)
        return home is self._folder and not self._folder.is_writable(name)

    def values_of(self, series: str) -> SeriesFile:
        """The values that the chats of a series share; of a file with mistakes, the valid ones."""
        file = self.read(series_of(f"{series}/"))
        return validate_file(parse_bytes(file.raw, file.where), SeriesFile).values if file else _NO_SERIES

    def chats(self, series: str) -> dict[str, tuple[Chat, ...]]:
        """The chats of each file of a series by its name; none for one with mistakes. Reads only what has changed."""
        listed = self.names()
        shared = listed.get(series_of(f"{series}/"), "")
        wanted = {
            name: f"{version} {shared}"
            for name, version in listed.items()
            if name.startswith(f"{series}/") and not is_series(name)
        }
        for name, state in wanted.items():
            known = self._read.get(name)
            if known is None or known.state != state:
                self._read[name] = ReadChat(state=state, chats=self._load(name))
        return {name: self._read[name].chats for name in wanted}

    def _load(self, name: str) -> tuple[Chat, ...]:
        file = self.read(name)
        return load_file(file, self.read(series_of(name)), places=self._places).chats if file else ()

    def _home(self, name: str) -> ChatFiles:
        """Where a file is, or else where its series is; the folder, if that is new, too."""
        if self._folder.read(name) is not None:
            return self._folder
        series = f"{name.partition('/')[0]}/"
        is_stored = any(one.startswith(series) for one in self._stored.list())
        if self._stored.read(name) is None and (not is_stored or series in self._series_in_folder()):
            return self._folder
        return self._stored

    def _series_in_folder(self) -> set[str]:
        return {f"{one.partition('/')[0]}/" for one in self._in_folder()}

    def _in_folder(self) -> Mapping[str, str]:
        """The files in the folder: none while there is no such folder, as where all are in the store."""
        with self._lock:
            try:
                return self._folder.list()
            except ChatFileError:
                return {}
