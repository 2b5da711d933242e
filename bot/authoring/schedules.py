"""All chat files below a folder, read again only if they changed. A file with mistakes hides no other.

Of many new files only some are read at once, the chat first that has to post next. A file that has not changed since
an earlier process read it is not read at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot import version
from bot.authoring.chat_folder import FolderUnreadable, file_states
from bot.authoring.loader import chat_name, load
from bot.authoring.rough_start import rough_times
from bot.chat import Chat, FileVersion, Programme
from bot.clock import Clock

_AT_ONCE = 1000
"""Files that are read at once: half a second's work."""

_NOW, _SOON, _DAY = timedelta(0), timedelta(hours=1), timedelta(days=1)
"""A chat that is on may be as long as a day. One that posts within the hour is pressing."""

_Nearness = tuple[timedelta, timedelta]
"""How far from now a chat is on, reminders included, and how far its start is."""

_log = structlog.get_logger()


class Schedules:
    """The schedules folder. Call it for the chats as their files are now, again while some are `unread`.

    `known` are the chats that earlier processes have read, by name; it is asked once.
    """

    def __init__(self, root: Path, places: Mapping[str, str], clock: Clock) -> None:
        self._root, self._places, self._clock = root, places, clock
        basis = f"{version()} {sorted(places.items())}"
        self._basis = hashlib.blake2b(basis.encode(), digest_size=6).hexdigest()
        self.known: Callable[[], Mapping[str, FileVersion]] = dict
        self._states: dict[Path, str] = {}
        self._names: dict[Path, str] = {}
        self._read: dict[Path, tuple[str, Chat | None]] = {}
        self._recalled: Mapping[str, FileVersion] | None = None
        self._nearnesses: dict[Path, tuple[str, _Nearness]] = {}

    def __call__(self) -> Programme:
        """Read new and changed files. Mistakes are logged with their positions, and their files named in the result.

        If the folder can't be read, everything stays as it was.
        """
        if self._recalled is None:
            self._recalled = self.known()
        try:
            self._states = file_states(self._root, before=self._states)
        except FolderUnreadable as error:
            _log.error("schedules.folder_unreadable", folder=str(self._root), reason=str(error))
            if not self._states:
                return Programme(chats=(), invalid=frozenset(self._recalled))
        self._names = {path: self._names.get(path) or chat_name(path, self._root) for path in self._states}
        changed = sorted((path for path in self._states if not self._is_known(path)), key=self._nearness)
        for path in changed[:_AT_ONCE]:
            self._read[path] = self._states[path], self._load(path)
        unread = changed[_AT_ONCE:]
        self._nearnesses = {path: self._nearnesses[path] for path in unread}
        self._read = {path: self._read[path] for path in self._states if path in self._read}
        return self._programme(unread)

    def _programme(self, unread: Sequence[Path]) -> Programme:
        names = self._names
        chats = {path: chat for path, (_, chat) in self._read.items() if chat}
        return Programme(
            chats=tuple(chats.values()),
            invalid=frozenset(names[path] for path, (_, chat) in self._read.items() if not chat),
            unread=frozenset(names[path] for path in unread),
            pressing=bool(unread) and self._nearness(unread[0])[0] < _SOON,
            versions={names[path]: f"{self._basis} {self._read[path][0]}" for path in chats},
        )

    def _is_known(self, path: Path) -> bool:
        """Whether a file was read as it is now, by this process or an earlier one."""
        state = self._states[path]
        recalled = self._recalled.get(self._names[path]) if self._recalled and path not in self._read else None
        if recalled and recalled.state == f"{self._basis} {state}":
            self._read[path] = state, recalled.chat
        return path in self._read and self._read[path][0] == state

    def _load(self, path: Path) -> Chat | None:
        found = load(path, places=self._places, root=self._root)
        for problem in found.problems:
            report = _log.error if problem.severity == "error" else _log.warning
            report("schedules.problem", file=problem.file, line=problem.line, message=problem.message)
        return found.chat

    def _nearness(self, path: Path) -> _Nearness:
        """How far from now a chat roughly is whose file is not read yet."""
        known = self._nearnesses.get(path)
        if known is None or known[0] != self._states[path]:
            known = self._nearnesses[path] = self._states[path], _distance(rough_times(path), self._clock.now())
        return known[1]


def _distance(times: tuple[datetime, datetime] | None, now: datetime) -> _Nearness:
    """A chat whose start isn't found may be on at any time, so it is among the first."""
    if times is None:
        return _NOW, _NOW
    first, starts = times
    return max(first - now, now - (starts + _DAY), _NOW), abs(starts - now)
