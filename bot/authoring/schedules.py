"""The chats of all chat files, in a folder or in the store: read again only if they changed.

A file with mistakes hides no other. Of many new files only some are read at once, the chat first that has to post
next. A file that has not changed since an earlier process read it is not read at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot import version
from bot.authoring.loader import load_file
from bot.authoring.rough_start import rough_times
from bot.chat import Chat, FileVersion, Programme
from bot.clock import Clock
from bot.errors import ChatFileError
from bot.ports.chat_files import ChatFile, ChatFiles, is_series, series_of
from bot.translation import language

_FIRST, _AT_ONCE = 200, 1000
"""Files that are read at once, by a process that has read none, which should be there soon, and later."""

_NOW, _SOON, _DAY = timedelta(0), timedelta(hours=1), timedelta(days=1)
"""A chat that is on may be as long as a day. One that posts within the hour is pressing."""

_Nearness = tuple[timedelta, timedelta]
"""How far from now a chat is on, reminders included, and how far its start is."""

_log = structlog.get_logger()


class Schedules:
    """The chats of these files. Call it for the chats as their files are now, again while some are `unread`.

    `known` are the chats that earlier processes have read, by name; it is asked once.
    """

    def __init__(self, files: ChatFiles, places: Mapping[str, str], clock: Clock) -> None:
        self._files, self._places, self._clock = files, places, clock
        basis = f"{version()} {language()} {sorted(places.items())}"
        self._basis = hashlib.blake2b(basis.encode(), digest_size=6).hexdigest()
        self.known: Callable[[], Mapping[str, FileVersion]] = dict
        self._states: dict[str, str] = {}
        self._trouble = ""
        self._read: dict[str, tuple[str, tuple[Chat, ...]]] = {}
        self._recalled: Mapping[str, Sequence[FileVersion]] | None = None
        self._sessions: dict[str, frozenset[str]] = {}
        self._nearnesses: dict[str, tuple[str, _Nearness]] = {}

    def __call__(self) -> Programme:
        """Read new and changed files. Mistakes are logged with their positions, and their files named in the result.

        If the files can't be listed, everything stays as it was. Raises StoreError.
        """
        if self._recalled is None:
            self._recalled = _by_file(self.known().values())
            self._sessions = {name: frozenset(one.chat.name for one in of) for name, of in self._recalled.items()}
        try:
            listed = self._files.list()
        except ChatFileError as error:
            if self._trouble != str(error):
                self._trouble = str(error)
                _log.error("schedules.folder_unreadable", reason=self._trouble)
            if not self._states:
                return Programme(chats=(), invalid=frozenset().union(*self._sessions.values()))
        else:
            self._states, self._trouble = _with_series(listed), ""
        changed = sorted((name for name in self._states if not self._is_known(name)), key=self._nearness)
        most = _AT_ONCE if self._read else _FIRST
        for name in changed[:most]:
            self._read[name] = self._states[name], self._load(name)
        unread = changed[most:]
        self._nearnesses = {name: self._nearnesses[name] for name in unread}
        self._read = {name: self._read[name] for name in self._states if name in self._read}
        return self._programme(unread)

    def _programme(self, unread: Sequence[str]) -> Programme:
        chats = {name: chats for name, (_, chats) in self._read.items() if chats}
        self._sessions |= {name: frozenset(one.name for one in found) for name, found in chats.items()}
        return Programme(
            chats=tuple(one for found in chats.values() for one in found),
            invalid=self._with_sessions(self._read.keys() - chats.keys()),
            unread=self._with_sessions(unread),
            pressing=bool(unread) and self._nearness(unread[0])[0] < _SOON,
            versions={one.name: f"{self._basis} {self._read[name][0]}" for name, of in chats.items() for one in of},
        )

    def _with_sessions(self, files: Iterable[str]) -> frozenset[str]:
        """These files, by the names of their sessions where those were known."""
        return frozenset(one for name in files for one in self._sessions.get(name) or {name})

    def _is_known(self, name: str) -> bool:
        """Whether a file was read as it is now, by this process or an earlier one."""
        state = self._states[name]
        recalled = self._recalled.get(name, ()) if self._recalled and name not in self._read else ()
        whole = recalled and len(recalled) == recalled[0].chat.sessions
        if whole and all(one.state == f"{self._basis} {state}" for one in recalled):
            self._read[name] = state, tuple(one.chat for one in recalled)
        return name in self._read and self._read[name][0] == state

    def _load(self, name: str) -> tuple[Chat, ...]:
        try:
            file, series = self._files.read(name), self._files.read(series_of(name))
        except ChatFileError as error:
            _log.error("schedules.problem", file=name, line=1, message=str(error))
            return ()
        if file is None:  # it was removed just now
            return ()
        found = load_file(file, series, places=self._places)
        for problem in found.problems:
            report = _log.error if problem.severity == "error" else _log.warning
            report("schedules.problem", file=problem.file, line=problem.line, message=problem.message)
        taken = [one.name for one in found.chats if one.session and one.name in self._states]
        for one in taken:
            _log.error("schedules.name_taken", chat=one, remedy="a file has the name of this session; rename the file")
        return tuple(one for one in found.chats if one.name not in taken)

    def _nearness(self, name: str) -> _Nearness:
        """How far from now a chat roughly is whose file is not read yet."""
        known = self._nearnesses.get(name)
        if known is None or known[0] != self._states[name]:
            times = rough_times(self._glance(name), self._glance(series_of(name)))
            known = self._nearnesses[name] = self._states[name], _distance(times, self._clock.now())
        return known[1]

    def _glance(self, name: str) -> bytes:
        try:
            found: ChatFile | None = self._files.read(name)
        except ChatFileError:
            return b""
        return found.raw if found else b""


def _by_file(versions: Iterable[FileVersion]) -> dict[str, list[FileVersion]]:
    """The chats that were read, by their files: several where a file has several sessions."""
    found: dict[str, list[FileVersion]] = {}
    for one in versions:
        found.setdefault(one.chat.file, []).append(one)
    return found


def _with_series(listed: Mapping[str, str]) -> dict[str, str]:
    """The version of each chat's file, with that of its series."""
    return {name: f"{one} {listed.get(series_of(name), '')}" for name, one in listed.items() if not is_series(name)}


def _distance(times: tuple[datetime, datetime] | None, now: datetime) -> _Nearness:
    """A chat whose start isn't found may be on at any time, so it is among the first."""
    if times is None:
        return _NOW, _NOW
    first, starts = times
    return max(first - now, now - (starts + _DAY), _NOW), abs(starts - now)
